/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "results.h"

#include "console.h"
#include "folders.h"
#include "outputs.h"

#include "plot/plot-format.h"
#include "plot/run-picture.h"
#include "script/script-file.h"
#include "train/atomic-file.h"
#include "train/csv.h"
#include "train/run-file.h"

#define N_TABLES 3

static char *
choose_path (const char *path,
             const char *folder,
             const char *name)
{
  if (path != NULL)
    return g_strdup (path);
  return folder != NULL ? g_build_filename (folder, name, NULL) : NULL;
}

/* The files of numbers that were asked for one by one, %NULL for the others. */
static void
list_tables (const ConvergeTrainOptions *options,
             const char *paths[N_TABLES])
{
  paths[0] = options->coefficients;
  paths[1] = options->loss_log;
  paths[2] = options->parameters;
}

/* Beside the first file of numbers, unless that has no place of its own, as stdout has none. */
static char *
settings_path (const ConvergeTrainOptions *options)
{
  const char *tables[N_TABLES], *beside = NULL;

  list_tables (options, tables);
  if (options->output != NULL)
    return g_build_filename (options->output, "run.json", NULL);
  for (guint i = 0; beside == NULL && i < N_TABLES; i++)
    beside = tables[i];
  if (beside == NULL || ag_atomic_file_is_special (beside))
    return NULL;
  return ag_run_file_beside (beside);
}

/* A run may be made again where its settings are, and then writes the same again. */
static gboolean
check_paths (const ConvergeResults *results,
             const ConvergeTrainOptions *options,
             GError **error)
{
  const char *const *paths = (const char *const *) results->paths;
  const char *const inputs[] = { options->spec.data, options->from_run };

  return converge_outputs_check (CONVERGE_RESULT_SETTINGS, paths, G_N_ELEMENTS (inputs), inputs, error)
         && converge_outputs_check (CONVERGE_N_RESULTS, paths, 1, inputs, error);
}

static gboolean
check_names (const ConvergeTrainOptions *options,
             GError **error)
{
  const char *tables[N_TABLES];

  list_tables (options, tables);
  for (guint i = 0; i < N_TABLES; i++)
    if (tables[i] != NULL && !converge_plot_format_check_table (tables[i], error))
      return FALSE;
  if (options->script != NULL && !ag_script_file_check_name (options->script, error))
    return FALSE;
  return options->plot == NULL || converge_plot_format_find (options->plot, NULL, error);
}

/**
 * converge_results_prepare:
 * @results: (out caller-allocates): where the files go
 * @options: what is asked for
 * @error: return location for an error
 *
 * Finds out whether all files can be written, so that no run is made for
 * nothing, and makes the folder for them, which converge_results_clear() removes
 * if nothing was put into it.
 *
 * Returns: whether they can
 */
gboolean
converge_results_prepare (ConvergeResults *results,
                          const ConvergeTrainOptions *options,
                          GError **error)
{
  const char *folder = options->output;
  char **paths = results->paths;

  results->log_every = options->log_every;
  results->loss_every = options->loss_every;
  results->has_times = options->times;
  results->made = converge_folders_new ();
  paths[CONVERGE_RESULT_COEFFICIENTS] = choose_path (options->coefficients, folder,
                                                     "coefficients.csv");
  paths[CONVERGE_RESULT_LOSSES] = choose_path (options->loss_log, folder, "loss.csv");
  paths[CONVERGE_RESULT_PARAMETERS] = choose_path (options->parameters, folder, "parameters.csv");
  paths[CONVERGE_RESULT_PLOT] = choose_path (options->plot, folder, "fit.png");
  paths[CONVERGE_RESULT_SCRIPT] = g_strdup (options->script);
  paths[CONVERGE_RESULT_SETTINGS] = settings_path (options);

  if (!check_names (options, error) || !check_paths (results, options, error)
      || (folder != NULL && !converge_folders_make (results->made, folder, error)))
    return FALSE;
  for (guint i = 0; i < CONVERGE_N_RESULTS; i++)
    if (paths[i] != NULL && !ag_atomic_file_check (paths[i], error))
      return FALSE;
  return TRUE;
}

/**
 * converge_results_clear:
 * @results: where the files go
 *
 * Frees the paths, and removes folders that were made for nothing.
 */
void
converge_results_clear (ConvergeResults *results)
{
  for (guint i = 0; i < CONVERGE_N_RESULTS; i++)
    g_clear_pointer (&results->paths[i], g_free);
  if (results->made != NULL)
    converge_folders_remove_empty (results->made);
  g_clear_pointer (&results->made, g_ptr_array_unref);
}

static gboolean
write_plot (AgTransaction *transaction,
            const char *path,
            const ConvergeRunView *view,
            GError **error)
{
  ConvergePlot *plots[CONVERGE_N_RUN_PLOTS] = { NULL };
  gboolean success;

  for (guint i = 0; i < CONVERGE_N_RUN_PLOTS; i++)
    if (converge_run_plot_nth (i)->is_in_picture)
      plots[i] = converge_run_plot_nth (i)->create (view);
  success = converge_run_picture_write (view, plots, transaction, path, error);
  for (guint i = 0; i < CONVERGE_N_RUN_PLOTS; i++)
    g_clear_pointer (&plots[i], converge_plot_free);
  return success;
}

static gboolean
write_result (const ConvergeResults *results,
              ConvergeResult which,
              AgTransaction *transaction,
              const ConvergeRunView *view,
              GError **error)
{
  const AgRunSpec *spec = view->spec;
  const char *path = results->paths[which];

  switch (which)
    {
    case CONVERGE_RESULT_COEFFICIENTS:
      return ag_csv_write_coefficients (transaction, path, spec, view->snapshot, view->initial,
                                        view->optimum, error);
    case CONVERGE_RESULT_LOSSES:
      return ag_csv_write_losses (transaction, path, view->history, spec->dtype,
                                  results->has_times ? view->clock : NULL, results->loss_every, error);
    case CONVERGE_RESULT_PARAMETERS:
      return ag_csv_write_parameters (transaction, path, spec, view->trace, view->snapshot,
                                      error);
    case CONVERGE_RESULT_PLOT:
      return write_plot (transaction, path, view, error);
    case CONVERGE_RESULT_SCRIPT:
      return ag_script_file_write (transaction, path, spec, view->rates, results->log_every,
                                   error);
    case CONVERGE_RESULT_SETTINGS:
      return ag_run_file_write (transaction, path, spec, view->snapshot, view->rates,
                                view->optimum, error);
    case CONVERGE_N_RESULTS:
      break;
    }
  g_return_val_if_reached (FALSE);
}

static gboolean
write_all (const ConvergeResults *results,
           AgTrainer *trainer,
           const AgSnapshot *snapshot,
           const AgOptimum *optimum,
           GError **error)
{
  g_autoptr (AgTransaction) transaction = ag_transaction_new ();
  const AgRunSpec *spec = ag_trainer_spec (trainer);
  g_autoptr (AgPredictor) predictor = ag_predictor_new (spec->program->model, NULL);
  const ConvergeRunView view = {
    .spec = spec,
    .data = ag_trainer_data (trainer),
    .predictor = predictor,
    .optimum = optimum,
    .snapshot = snapshot,
    .initial = ag_trainer_initial (trainer),
    .history = ag_trainer_history (trainer),
    .trace = ag_trainer_trace (trainer),
    .clock = ag_trainer_clock (trainer),
    .rates = ag_trainer_rates (trainer),
    .lr = spec->lr,
  };

  for (guint i = 0; i < CONVERGE_N_RESULTS; i++)
    if (results->paths[i] != NULL
        && !write_result (results, (ConvergeResult) i, transaction, &view, error))
      return FALSE;
  return ag_transaction_commit (transaction, error);
}

/**
 * converge_results_have_optimum:
 * @results: where the files go
 *
 * Returns: whether one of the files says where the run converges to
 */
gboolean
converge_results_have_optimum (const ConvergeResults *results)
{
  return results->paths[CONVERGE_RESULT_COEFFICIENTS] != NULL
         || results->paths[CONVERGE_RESULT_PLOT] != NULL;
}

/**
 * converge_results_write:
 * @results: where the files go
 * @trainer: a trainer that has ended
 * @snapshot: its last snapshot
 * @optimum: (nullable): where it converges to, if that is known
 *
 * Writes the files. If one of them cannot be written, that is complained about,
 * and no other is changed: what was there before stays.
 *
 * Returns: whether all are there
 */
gboolean
converge_results_write (const ConvergeResults *results,
                        AgTrainer *trainer,
                        const AgSnapshot *snapshot,
                        const AgOptimum *optimum)
{
  g_autoptr (GError) error = NULL;
  guint n_paths = 0;

  if (write_all (results, trainer, snapshot, optimum, &error))
    return TRUE;
  for (guint i = 0; i < CONVERGE_N_RESULTS; i++)
    n_paths += results->paths[i] != NULL;
  converge_say ("%s%s", error->message, n_paths > 1 ? " No other file was written." : "");
  return FALSE;
}

/**
 * converge_results_list:
 * @results: where the files go
 *
 * Returns: (transfer full) (nullable): the paths as a list; %NULL if there is
 *   none
 */
char *
converge_results_list (const ConvergeResults *results)
{
  const char *names[CONVERGE_N_RESULTS + 1] = { NULL };
  guint n_names = 0;

  for (guint i = 0; i < CONVERGE_N_RESULTS; i++)
    if (results->paths[i] != NULL)
      names[n_names++] = results->paths[i];
  return n_names > 0 ? converge_join ("", names) : NULL;
}
