/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "surface/survey-path.h"

#include <math.h>

static double
read_loss (const AgHistory *history,
           gint64 step)
{
  AgHistoryEntry entry;

  return ag_history_read (history, 0, step, step, 1, &entry) == 1 ? entry.loss : NAN;
}

/**
 * ag_survey_path_new:
 * @id: whose it is
 * @spec: a run
 * @trace: its coefficients
 * @history: its losses
 * @snapshot: its newest state
 *
 * Returns: (transfer full): the way that the run has gone so far
 */
AgSurveyPath *
ag_survey_path_new (guint64 id,
                    const AgRunSpec *spec,
                    const AgTrace *trace,
                    const AgHistory *history,
                    const AgSnapshot *snapshot)
{
  const guint n = spec->program->model->n_parameters;
  AgSurveyPath *path = g_new0 (AgSurveyPath, 1);
  g_autofree double *steps = g_new (double, 2 * AG_TRACE_MAX_POINTS);
  double *values = steps + AG_TRACE_MAX_POINTS;
  gsize n_points = AG_TRACE_MAX_POINTS;

  path->id = id;
  path->coefficients = g_new0 (double, (AG_TRACE_MAX_POINTS + 1) * (gsize) n);
  path->losses = g_new (double, AG_TRACE_MAX_POINTS + 1);
  /* The run may go on meanwhile: all have the points that each of them has. */
  for (guint i = 0; i < n; i++)
    {
      const gsize n_read = ag_trace_read (trace, i, steps, values);

      n_points = MIN (n_points, n_read);
      for (gsize k = 0; k < n_points; k++)
        path->coefficients[k * n + i] = values[k];
    }
  for (gsize k = 0; k < n_points; k++)
    path->losses[k] = read_loss (history, (gint64) steps[k]);
  path->n = n_points;
  if (snapshot != NULL && n_points > 0 && snapshot->step > (gint64) steps[n_points - 1])
    {
      for (guint i = 0; i < n; i++)
        path->coefficients[n_points * n + i] = snapshot->coefficients[i];
      /* The loss that it has is that before the update. */
      path->losses[n_points] = snapshot->final_loss;
      path->n++;
    }
  return path;
}

/**
 * ag_survey_path_copy:
 * @path: a path
 * @n_coefficients: number of coefficients of each point
 *
 * Returns: (transfer full): another one like it, on no plane yet
 */
AgSurveyPath *
ag_survey_path_copy (const AgSurveyPath *path,
                     guint n_coefficients)
{
  AgSurveyPath *copy = g_new0 (AgSurveyPath, 1);

  copy->id = path->id;
  copy->n = path->n;
  copy->coefficients = g_memdup2 (path->coefficients, sizeof (double) * path->n * n_coefficients);
  copy->losses = g_memdup2 (path->losses, sizeof (double) * path->n);
  return copy;
}

/**
 * ag_survey_path_free:
 * @path: (transfer full): a path
 */
void
ag_survey_path_free (AgSurveyPath *path)
{
  g_free (path->coefficients);
  g_free (path->losses);
  g_free (path->places);
  g_free (path);
}
