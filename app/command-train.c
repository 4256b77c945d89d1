/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "commands.h"

#include "console.h"
#include "interrupt.h"
#include "log.h"
#include "optimum-table.h"
#include "progress.h"
#include "results.h"

#include "base/number.h"
#include "data/table-text.h"
#include "explain/why.h"
#include "graph/graph.h"
#include "train/failure.h"
#include "train/optimum.h"
#include "train/remake.h"
#include "train/run-file.h"
#include "train/scale.h"

#include <errno.h>
#include <math.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

/* How long a signal may wait to be heard. */
#define LOOK_US 20000
#define HELP_WIDTH 100

/* With more points it would take longer to tell how a problem is conditioned than people
 * wait for a run to begin. */
#define MAX_CONDITION_POINTS 100000

/**
 * Watch:
 * @options: what is asked for
 * @trainer: who does it
 * @snapshot: the newest snapshot
 * @log: (nullable): the lines on stdout
 * @progress: (nullable): the line on a terminal
 * @output_error: why stdout cannot be written, 0 if it can
 */
typedef struct
{
  const ConvergeTrainOptions *options;
  AgTrainer *trainer;
  AgSnapshot snapshot;
  ConvergeLog *log;
  ConvergeProgress *progress;
  int output_error;
} Watch;

static void
write_log (Watch *watch)
{
  /* Both are on one terminal, where the lines belong above the progress. */
  if (watch->progress != NULL && isatty (STDOUT_FILENO))
    converge_progress_erase (watch->progress);
  if (!converge_log_write (watch->log))
    watch->output_error = errno;
}

/* Returns whether there may be more. */
static gboolean
follow_log (Watch *watch,
            gboolean is_final)
{
  if (watch->log == NULL || watch->output_error != 0
      || !converge_log_collect (watch->log, is_final))
    return FALSE;
  write_log (watch);
  return watch->output_error == 0;
}

static void
show_progress (Watch *watch)
{
  const gboolean is_new = ag_trainer_take_snapshot (watch->trainer, &watch->snapshot);

  if (watch->progress == NULL)
    return;
  if (is_new)
    converge_progress_draw (watch->progress, &watch->snapshot);
  else if (watch->snapshot.serial == 0)
    converge_progress_draw_preparation (watch->progress,
                                        ag_trainer_prepared (watch->trainer));
}

static void
follow (Watch *watch)
{
  gboolean is_behind = FALSE;

  while (!ag_trainer_wait (watch->trainer, is_behind ? 0 : LOOK_US))
    {
      if (converge_interrupt_signal () != 0 || watch->output_error != 0)
        ag_trainer_stop (watch->trainer);
      is_behind = follow_log (watch, FALSE);
      show_progress (watch);
    }
  g_clear_pointer (&watch->progress, converge_progress_free);
  while (follow_log (watch, TRUE))
    ;
  ag_trainer_take_snapshot (watch->trainer, &watch->snapshot);
}

static void
print_result (Watch *watch)
{
  const AgSnapshot *snapshot = &watch->snapshot;
  g_autofree char *formula = NULL;
  g_autofree char *line = NULL;

  if (watch->log == NULL)
    return;
  formula = ag_run_spec_format (&watch->options->spec, ag_trainer_data (watch->trainer),
                                snapshot->coefficients, ag_number_to_string);
  line = g_strconcat ("Result: ", formula, NULL);
  converge_log_add (watch->log, line);
  while (follow_log (watch, TRUE))
    ;
}

static char *
suggest_rate (const AgRunSpec *spec)
{
  g_autofree char *rate = ag_number_to_string (spec->lr);
  char limit[G_ASCII_DTOSTR_BUF_SIZE];
  g_autoptr (AgOptimum) optimum
    = ag_run_spec_has_exact_optimum (spec) ? ag_run_spec_optimum (spec, NULL) : NULL;
  double bound;

  if (!ag_run_spec_stable_rate (spec, optimum, &bound) || spec->lr <= bound)
    return g_strdup_printf ("Give a --lr smaller than %s.", rate);
  return g_strdup_printf ("Give a --lr smaller than %s; it is stable below %s.", rate,
                          g_ascii_formatd (limit, sizeof limit, "%.3g", bound));
}

static void
report_divergence (const AgRunSpec *spec,
                   const AgData *data,
                   const AgSnapshot *snapshot)
{
  g_autofree char *reason = ag_run_spec_explain_failure (spec, data, snapshot);
  g_autofree char *start = ag_run_spec_explain_start (spec, snapshot);
  g_autofree char *advice = suggest_rate (spec);

  if (start != NULL)
    converge_say ("%s%s%s", start, reason != NULL ? " " : "", reason != NULL ? reason : "");
  else
    converge_say ("The run diverged at step %" G_GINT64_FORMAT
                  ": its numbers are not finite any more. %s%s%s",
                  snapshot->diverged_step, reason != NULL ? reason : "", reason != NULL ? " " : "",
                  advice);
}

/* Only people who watch are told: scripts read the tutorial's lines, and run.json. */
static void
report_final_loss (const Watch *watch)
{
  g_autofree char *loss = ag_number_to_csv (watch->options->spec.dtype,
                                            watch->snapshot.final_loss);

  if (!isnan (watch->snapshot.final_loss))
    converge_say ("The loss after the last step's update is %s.", loss);
}

/* Among the run's own lines, so that it can be read where they are. */
static void
explain (Watch *watch)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *sentence = NULL, *line = NULL;
  AgWhyKind kind;

  if (!watch->options->explain || watch->log == NULL)
    return;
  sentence = ag_why_new (watch->trainer, &watch->snapshot, NULL, &kind, &error);
  if (sentence == NULL)
    {
      converge_complain (error);
      return;
    }
  line = g_strconcat ("Why: ", sentence, NULL);
  converge_log_add (watch->log, line);
  while (follow_log (watch, TRUE))
    ;
}

static int
report (Watch *watch)
{
  const AgSnapshot *snapshot = &watch->snapshot;
  const gboolean quiet = watch->options->quiet;
  const int signal = converge_interrupt_signal ();

  switch (ag_trainer_state (watch->trainer))
    {
    case AG_TRAINER_DIVERGED:
      report_divergence (&watch->options->spec, ag_trainer_data (watch->trainer), snapshot);
      return CONVERGE_EXIT_FAILED;
    case AG_TRAINER_FAILED:
      converge_complain (ag_trainer_error (watch->trainer));
      return CONVERGE_EXIT_FAILED;
    case AG_TRAINER_STOPPED:
      print_result (watch);
      if (signal == 0)
        return CONVERGE_EXIT_DONE;
      if (!quiet)
        converge_say ("Stopped after %" G_GINT64_FORMAT " of %" G_GINT64_FORMAT " steps.",
                      snapshot->step, watch->options->spec.steps);
      return CONVERGE_EXIT_SIGNAL + signal;
    default:
      print_result (watch);
      return CONVERGE_EXIT_DONE;
    }
}

/* Which rows of a file are fitted, and which are not. */
static void
report_data (const AgData *data)
{
  const AgTable *table = ag_data_table (data);
  g_autofree char *described = ag_table_describe (table);
  g_autofree char *format = ag_table_describe_format (table);
  g_autofree char *left_out = ag_table_describe_left_out (table);
  const char *name = ag_data_origin (data);

  converge_say ("“%s” has %s: %s.", name, described, format);
  for (guint i = 0; i < table->faults->len; i++)
    {
      const AgTableFault *fault = &g_array_index (table->faults, AgTableFault, i);

      converge_say ("“%s”, line %" G_GINT64_FORMAT " is left out: %s.", name, fault->line,
                    fault->reason);
    }
  if (left_out != NULL)
    converge_say ("Of “%s” %s.", name, left_out);
}

/* Prints how much better gradient descent is conditioned with standardized data, or would be. */
static void
report_condition (const AgRunSpec *spec)
{
  AgCondition condition;
  char plain[G_ASCII_DTOSTR_BUF_SIZE], standardized[G_ASCII_DTOSTR_BUF_SIZE];

  if (!ag_run_spec_condition (spec, &condition))
    return;
  g_ascii_formatd (plain, sizeof plain, "%.3g", condition.plain);
  g_ascii_formatd (standardized, sizeof standardized, "%.3g", condition.standardized);
  if (spec->scale == AG_SCALING_STANDARD)
    converge_say ("The condition number is %s; without --scale standard it would be %s.",
                  standardized, plain);
  else
    converge_say ("The condition number is %s; with --scale standard it would be %s.", plain,
                  standardized);
}

/* Where it began and where it got to are as good as any other place to begin the search. Ctrl-C
 * ends a search, which may take long, and has no need to end what takes milliseconds. */
static AgOptimum *
find_optimum (const Watch *watch,
              const ConvergeResults *results)
{
  const double *const starts[] = { ag_trainer_initial (watch->trainer),
                                   watch->snapshot.coefficients };

  if (!watch->options->optimum && !converge_results_have_optimum (results))
    return NULL;
  return ag_optimum_new (&watch->options->spec, ag_trainer_data (watch->trainer),
                         G_N_ELEMENTS (starts), starts,
                         ag_run_spec_has_exact_optimum (&watch->options->spec)
                           ? NULL
                           : converge_interrupt_work ());
}

static void
print_optimum (Watch *watch,
               const AgOptimum *optimum)
{
  g_autofree char *table = NULL;

  if (watch->log == NULL || !watch->options->optimum)
    return;
  if (optimum == NULL && converge_interrupt_signal () != 0)
    table = g_strdup ("Optimum: the search for it was stopped.");
  else
    table = converge_optimum_table (&watch->options->spec, ag_trainer_data (watch->trainer),
                                    optimum);
  converge_log_add (watch->log, table);
  while (follow_log (watch, TRUE))
    ;
}

static int
train (const ConvergeTrainOptions *options,
       const ConvergeResults *results,
       AgTrainer *trainer)
{
  Watch watch = { .options = options, .trainer = trainer };
  const gboolean is_watched = !options->quiet && converge_is_terminal (STDERR_FILENO);
  g_autofree char *files = converge_results_list (results);
  g_autoptr (AgOptimum) optimum = NULL;
  gboolean are_written, is_empty;
  int status;

  if (!options->quiet)
    watch.log = converge_log_new (ag_trainer_history (trainer), options->log_every,
                                  STDOUT_FILENO);
  if (is_watched)
    watch.progress = converge_progress_new (&options->spec, STDERR_FILENO);

  if (!options->quiet && ag_run_spec_has_file (&options->spec))
    {
      g_autofree char *change = options->from_run != NULL
                                  ? ag_run_file_compare_data (options->from_run, &options->spec)
                                  : NULL;

      report_data (ag_trainer_data (trainer));
      if (change != NULL)
        converge_say ("%s", change);
      if (ag_data_n_points (ag_trainer_data (trainer)) <= MAX_CONDITION_POINTS)
        report_condition (&options->spec);
    }
  converge_interrupt_catch ();
  ag_trainer_start (trainer);
  follow (&watch);
  status = report (&watch);
  if (is_watched)
    report_final_loss (&watch);
  if (ag_trainer_state (trainer) != AG_TRAINER_FAILED)
    explain (&watch);

  /* A run that failed before its first step has nothing to show. */
  is_empty = ag_trainer_state (trainer) == AG_TRAINER_FAILED && watch.snapshot.step == 0;
  if (!is_empty)
    {
      optimum = find_optimum (&watch, results);
      print_optimum (&watch, optimum);
      if (status == CONVERGE_EXIT_DONE && converge_interrupt_signal () != 0)
        status = CONVERGE_EXIT_SIGNAL + converge_interrupt_signal ();
    }
  g_clear_pointer (&watch.log, converge_log_free);
  if (is_empty)
    return status;
  are_written = converge_results_write (results, trainer, &watch.snapshot, optimum);
  if (are_written && files != NULL && is_watched)
    converge_say ("Wrote %s.", files);
  if (status == CONVERGE_EXIT_DONE && !are_written)
    status = CONVERGE_EXIT_FAILED;
  if (status == CONVERGE_EXIT_DONE && watch.output_error != 0)
    status = converge_output_failed (watch.output_error);
  return status;
}

/* A run of a file is made with the changes that it had under way, unless another one is wanted by
 * now. */
static AgTrainer *
make_trainer (const ConvergeTrainOptions *options,
              GError **error)
{
  const AgRunSpec *spec = &options->spec;
  g_autoptr (AgRates) changes = NULL;
  AgRunSpec before;

  if (options->from_run == NULL || !ag_run_file_read (options->from_run, &before, NULL))
    return ag_trainer_new (spec, error);
  changes = ag_run_file_read_changes (options->from_run, error);
  if (changes == NULL)
    return NULL;
  if (ag_rates_n (changes) == 0 && ag_rates_n_optimizers (changes) == 0)
    return ag_trainer_new (spec, error);
  if (spec->optimizer == before.optimizer && spec->lr == before.lr
      && memcmp (spec->options, before.options, sizeof spec->options) == 0)
    {
      /* Steps are taken from here on, and what was made until then is written. */
      converge_interrupt_catch ();
      return ag_trainer_remake (spec, changes, converge_interrupt_work (), error);
    }
  converge_say ("The changes of rate and optimizer in “%s” are not made, since an option "
                "gives other ones.",
                options->from_run);
  return ag_trainer_new (spec, error);
}

/**
 * converge_command_train:
 * @argv: (array zero-terminated=1): what was typed after “converge train”
 *
 * Makes a run.
 *
 * Returns: the exit status
 */
int
converge_command_train (char *const *argv)
{
  g_auto (ConvergeResults) results = { { NULL } };
  g_autoptr (AgTrainer) trainer = NULL;
  g_autoptr (GError) error = NULL;
  ConvergeTrainOptions options;

  if (converge_train_options_parse (&options, argv, &error) && options.help)
    {
      const guint columns = converge_columns (STDOUT_FILENO, HELP_WIDTH);
      g_autofree char *help = converge_run_command_help (&converge_train_command,
                                                         MIN (columns, HELP_WIDTH));

      return converge_print (help);
    }
  if (error == NULL && converge_results_prepare (&results, &options, &error))
    trainer = make_trainer (&options, &error);
  if (trainer == NULL)
    {
      converge_complain (error);
      converge_fault_mark (&options.fault);
      return CONVERGE_EXIT_USAGE;
    }
  return train (&options, &results, trainer);
}
