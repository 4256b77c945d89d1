/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "commands.h"

#include "console.h"
#include "interrupt.h"
#include "outputs.h"
#include "progress.h"
#include "sweep-options.h"

#include "base/number.h"
#include "plot/plot-format.h"
#include "plot/sweep-picture.h"
#include "train/atomic-file.h"
#include "train/sweep-csv.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* How long a signal may wait to be heard. */
#define LOOK_US 20000
#define HELP_WIDTH 100

static gboolean
check_paths (const ConvergeSweepOptions *options,
             GError **error)
{
  const char *const outputs[] = { options->output, options->plot };
  const char *const inputs[] = { g_array_index (options->specs, AgRunSpec, 0).data, options->from_run };

  return (options->output == NULL
          || (converge_plot_format_check_table (options->output, error)
              && ag_atomic_file_check (options->output, error)))
         && (options->plot == NULL
             || (converge_plot_format_find (options->plot, NULL, error)
                 && ag_atomic_file_check (options->plot, error)))
         && converge_outputs_check (G_N_ELEMENTS (outputs), outputs, G_N_ELEMENTS (inputs), inputs, error);
}

static void
show_progress (ConvergeProgress *progress,
               AgSweep *sweep)
{
  const guint n_runs = ag_sweep_n_runs (sweep), n_done = ag_sweep_n_done (sweep);
  g_autofree char *total = g_strdup_printf ("%u", n_runs);
  g_autofree char *text = g_strdup_printf ("run %*u / %s", (int) strlen (total), n_done, total);

  converge_progress_draw_share (progress, text, (double) n_done / n_runs);
}

static void
follow (AgSweep *sweep,
        gboolean is_watched)
{
  g_autoptr (ConvergeProgress) progress
    = is_watched ? converge_progress_new (ag_sweep_spec (sweep, 0), STDERR_FILENO) : NULL;

  while (!ag_sweep_wait (sweep, LOOK_US))
    {
      if (converge_interrupt_signal () != 0)
        ag_sweep_cancel (sweep);
      if (progress != NULL)
        show_progress (progress, sweep);
    }
}

/* The last number of where a run is says what people look for: which value is best. */
static void
report_best (AgSweep *sweep)
{
  g_autoptr (GString) values = g_string_new (NULL);
  g_autofree char *loss = NULL;
  AgSweepResult result;
  guint best;

  if (!ag_sweep_find_best (sweep, &best) || !ag_sweep_read (sweep, best, &result))
    return;
  loss = ag_number_to_csv (ag_sweep_spec (sweep, 0)->dtype, result.final_loss);
  for (guint i = 0; i < ag_sweep_n_axes (sweep); i++)
    {
      g_autofree char *value = ag_sweep_format_value (sweep, best, i);

      g_string_append_printf (values, ", %s %s", ag_sweep_axis (sweep, i)->id, value);
    }
  converge_say ("The least final loss is %s, of %s%s.", loss,
                ag_sweep_run_spec (sweep, best)->optimizer->title, values->str);
}

static void
write_table (gconstpointer data,
             FILE *stream)
{
  ag_csv_print_sweep (stream, (AgSweep *) data);
}

static gboolean
write_files (const ConvergeSweepOptions *options,
             AgSweep *sweep,
             GError **error)
{
  g_autoptr (AgTransaction) transaction = ag_transaction_new ();

  if (options->output != NULL
      && !ag_csv_write_sweep (transaction, options->output, sweep, error))
    return FALSE;
  if (options->plot != NULL
      && !converge_sweep_picture_write (sweep, &options->look, transaction, options->plot, error))
    return FALSE;
  return ag_transaction_commit (transaction, error);
}

static int
report (const ConvergeSweepOptions *options,
        AgSweep *sweep,
        gboolean is_watched)
{
  g_autoptr (GError) error = NULL;
  const int signal = converge_interrupt_signal ();

  if (ag_sweep_error (sweep) != NULL)
    {
      converge_complain (ag_sweep_error (sweep));
      return CONVERGE_EXIT_FAILED;
    }
  if (ag_sweep_n_done (sweep) < ag_sweep_n_runs (sweep))
    {
      if (!options->quiet)
        converge_say ("Stopped after %u of %u runs. Nothing was written.", ag_sweep_n_done (sweep),
                      ag_sweep_n_runs (sweep));
      return CONVERGE_EXIT_SIGNAL + signal;
    }
  if (!write_files (options, sweep, &error))
    {
      converge_complain (error);
      return CONVERGE_EXIT_FAILED;
    }
  if (is_watched)
    report_best (sweep);
  return options->output == NULL && options->plot == NULL ? converge_print_written (write_table, sweep) : CONVERGE_EXIT_DONE;
}

/**
 * converge_command_sweep:
 * @argv: (array zero-terminated=1): what was typed after “converge sweep”
 *
 * Makes a run for each of many values of one setting or two.
 *
 * Returns: the exit status
 */
int
converge_command_sweep (char *const *argv)
{
  g_auto (ConvergeSweepOptions) options = { 0 };
  g_autoptr (AgSweep) sweep = NULL;
  g_autoptr (GError) error = NULL;
  const AgRunSpec *specs;
  gboolean is_watched;

  if (converge_sweep_options_parse (&options, argv, &error) && options.help)
    {
      const guint columns = converge_columns (STDOUT_FILENO, HELP_WIDTH);
      g_autofree char *help = converge_run_command_help (&converge_sweep_command,
                                                         MIN (columns, HELP_WIDTH));

      return converge_print (help);
    }
  converge_interrupt_catch ();
  specs = (const AgRunSpec *) options.specs->data;
  if (error == NULL && check_paths (&options, &error))
    sweep = ag_sweep_new (specs, options.specs->len, (AgSweepAxis *const *) options.axes->pdata,
                          options.axes->len, (guint) specs->n_threads, AG_SWEEP_PLAIN, &error);
  if (sweep == NULL)
    {
      converge_complain (error);
      converge_fault_mark (&options.fault);
      return CONVERGE_EXIT_USAGE;
    }
  is_watched = !options.quiet && converge_is_terminal (STDERR_FILENO);
  follow (sweep, is_watched);
  return report (&options, sweep, is_watched);
}
