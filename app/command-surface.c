/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "commands.h"

#include "console.h"
#include "outputs.h"
#include "surface-options.h"

#include "plot/plot-format.h"
#include "plot/plot-palette.h"
#include "plot/surface-picture.h"
#include "plot/surface-plot.h"
#include "train/atomic-file.h"
#include "train/run.h"

#include <string.h>
#include <unistd.h>

#define HELP_WIDTH 100
#define MOST_PLOTS 2

/**
 * Job:
 * @options: what is asked for
 * @parameters: the first two parameters
 * @run: the run
 * @surface: its loss
 * @n_surveys: number of @surveys
 * @surveys: what was found
 *
 * A surface that is being made, and where it goes.
 */
typedef struct
{
  const ConvergeSurfaceOptions *options;
  guint parameters[2];
  AgRun *run;
  AgSurface *surface;
  guint n_surveys;
  AgSurvey *surveys[MOST_PLOTS];
} Job;

static void
job_clear (Job *job)
{
  for (guint i = 0; i < job->n_surveys; i++)
    ag_survey_free (job->surveys[i]);
  g_clear_pointer (&job->surface, ag_surface_free);
  g_clear_pointer (&job->run, ag_run_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Job, job_clear)

static gboolean
is_table (const char *path)
{
  const char *dot = strrchr (path, '.');

  return dot != NULL && g_ascii_strcasecmp (dot, ".csv") == 0;
}

static gboolean
check_path (const ConvergeSurfaceOptions *options,
            GError **error)
{
  const char *path = options->output;
  const char *const inputs[] = { options->spec.data, options->from_run };

  if (path == NULL)
    return TRUE;
  if (!is_table (path) && !converge_plot_format_find (path, NULL, NULL))
    return converge_run_options_fail (error,
                                      "“%s” does not say what the surface is to be. Let its name end "
                                      "in .svg, .png, .pdf or .csv.",
                                      path);
  return ag_atomic_file_check (path, error)
         && converge_outputs_check (1, &path, G_N_ELEMENTS (inputs), inputs, error);
}

static gboolean
check (Job *job,
       GError **error)
{
  const ConvergeSurfaceOptions *options = job->options;

  if (!converge_surface_options_find_parameters (options, job->parameters, error))
    return FALSE;
  if (options->kind == AG_PLANE_PROFILE && options->has_kind
      && !ag_surface_has_profile (&options->spec))
    return converge_run_options_fail (error,
                                      "A profile is of a loss of squares, and of a model that is not "
                                      "linear with %d parameters at most. Give --kind slice.",
                                      AG_SURFACE_MOST_SEARCHED);
  return check_path (options, error);
}

/* The run goes as far as the moment that is asked for, and one step on, which its arrows show. */
static gboolean
make_run (Job *job,
          GError **error)
{
  AgRunSpec spec = job->options->spec;
  AgTrainer *trainer;

  if (job->options->step >= 0)
    spec.steps = MIN (MAX (spec.steps, job->options->step + 1), AG_RUN_MAX_STEPS);
  job->run = ag_run_new (&spec, error);
  if (job->run == NULL)
    return FALSE;
  trainer = ag_run_trainer (job->run);
  ag_trainer_start (trainer);
  ag_trainer_wait (trainer, -1);
  if (ag_trainer_error (trainer) == NULL)
    return TRUE;
  if (error != NULL)
    *error = g_error_copy (ag_trainer_error (trainer));
  return FALSE;
}

static AgSurveyWish *
make_wish (const Job *job,
           AgPlaneKind kind,
           const guint parameters[2],
           GError **error)
{
  const gint64 n_steps = ag_history_n_steps (ag_run_history (job->run));
  const gint64 step = job->options->step >= 0 ? MIN (job->options->step, n_steps) : n_steps;
  AgMoments *moments = ag_run_moments (job->run);
  g_autoptr (AgSurveyWish) wish = ag_survey_wish_new ();
  g_autoptr (AgMoment) newest = ag_moments_at (moments, n_steps, NULL, error);
  AgSnapshot snapshot = { .step = n_steps };

  if (newest == NULL)
    return NULL;
  snapshot.coefficients = newest->coefficients;
  snapshot.loss = snapshot.final_loss = newest->loss;
  wish->kind = kind;
  memcpy (wish->parameters, parameters, sizeof wish->parameters);
  wish->at = ag_moments_at (moments, step, NULL, error);
  if (wish->at == NULL)
    return NULL;
  wish->next = ag_moments_at (moments, step + 1, NULL, error);
  if (step == n_steps && step > 0)
    wish->before = ag_moments_at (moments, step - 1, NULL, error);
  g_ptr_array_add (wish->paths, ag_survey_path_new (1, ag_run_spec (job->run), ag_run_trace (job->run),
                                                    ag_run_history (job->run), &snapshot));
  return g_steal_pointer (&wish);
}

static gboolean
survey (Job *job,
        AgPlaneKind kind,
        const guint parameters[2],
        GError **error)
{
  g_autoptr (AgSurveyWish) wish = make_wish (job, kind, parameters, error);
  AgSurvey *made;

  if (wish == NULL)
    return FALSE;
  made = ag_survey_new (job->surface, ag_run_spec (job->run), wish, error);
  if (made == NULL)
    return FALSE;
  job->surveys[job->n_surveys++] = made;
  while (!ag_survey_is_complete (made))
    if (!ag_survey_refine (made, job->surface, error))
      return FALSE;
  return TRUE;
}

static gboolean
find_surface (Job *job,
              GError **error)
{
  const AgRunSpec *spec = ag_run_spec (job->run);
  const ConvergeSurfaceOptions *options = job->options;
  g_autoptr (AgOptimum) optimum = ag_run_spec_optimum (spec, NULL);
  AgPlaneKind kind = options->kind;

  job->surface = ag_surface_new (spec, ag_trainer_data (ag_run_trainer (job->run)), optimum, 0, NULL,
                                 error);
  if (job->surface == NULL)
    return FALSE;
  if (!options->has_kind)
    kind = ag_surface_quadratic (job->surface) != NULL ? AG_PLANE_PROFILE : AG_PLANE_SLICE;
  if (!survey (job, kind, job->parameters, error))
    return FALSE;
  return options->over != NULL || !job->surveys[0]->splits
         || survey (job, kind, job->surveys[0]->others, error);
}

static gint64
find_step (const Job *job)
{
  const gint64 n_steps = ag_history_n_steps (ag_run_history (job->run));

  return job->options->step >= 0 ? MIN (job->options->step, n_steps) : n_steps;
}

static gboolean
draw (const Job *job,
      AgTransaction *transaction,
      GError **error)
{
  static const ConvergeSurfaceRun run = { .id = 1, .color = CONVERGE_COLOR_FIT };
  ConvergePlot *plots[MOST_PLOTS] = { NULL };
  gboolean success;

  for (guint i = 0; i < job->n_surveys; i++)
    {
      plots[i] = converge_surface_plot_new (job->surveys[i]);
      converge_surface_plot_update (plots[i], job->surveys[i], 1, &run, find_step (job));
    }
  success = converge_surface_picture_write (job->n_surveys, plots, ag_run_spec (job->run),
                                            job->options->dark, transaction, job->options->output, error);
  for (guint i = 0; i < job->n_surveys; i++)
    converge_plot_free (plots[i]);
  return success;
}

static void
write_table (gconstpointer data,
             FILE *stream)
{
  const Job *job = data;

  converge_surface_write_csv (job->surveys[0]->field, ag_run_spec (job->run), job->surveys[0]->least,
                              stream);
}

static gboolean
write_file (const Job *job,
            GError **error)
{
  g_autoptr (AgTransaction) transaction = ag_transaction_new ();
  FILE *stream;

  if (is_table (job->options->output))
    {
      stream = ag_transaction_open (transaction, job->options->output, error);
      if (stream == NULL)
        return FALSE;
      write_table (job, stream);
    }
  else if (!draw (job, transaction, error))
    {
      return FALSE;
    }
  return ag_transaction_commit (transaction, error);
}

/**
 * converge_command_surface:
 * @argv: (array zero-terminated=1): what was typed after “converge surface”
 *
 * Draws the loss over a plane of a run's coefficients.
 *
 * Returns: the exit status
 */
int
converge_command_surface (char *const *argv)
{
  ConvergeSurfaceOptions options;
  g_auto (Job) job = { .options = &options };
  g_autoptr (GError) error = NULL;

  if (converge_surface_options_parse (&options, argv, &error) && options.help)
    {
      const guint columns = converge_columns (STDOUT_FILENO, HELP_WIDTH);
      g_autofree char *help = converge_run_command_help (&converge_surface_command,
                                                         MIN (columns, HELP_WIDTH));

      return converge_print (help);
    }
  if (error != NULL || !check (&job, &error))
    {
      converge_complain (error);
      converge_fault_mark (&options.fault);
      return CONVERGE_EXIT_USAGE;
    }
  if (!make_run (&job, &error) || !find_surface (&job, &error)
      || (options.output != NULL && !write_file (&job, &error)))
    {
      converge_complain (error);
      return CONVERGE_EXIT_FAILED;
    }
  return options.output == NULL ? converge_print_written (write_table, &job) : CONVERGE_EXIT_DONE;
}
