/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "surface/profile.h"

/* How long a look at the points may take, in nanoseconds by ag_least_squares_cost(): there is one
 * for each step of a descent, and a descent for each node of a field. */
#define TIME_TO_LOOK 5e4
#define FEWEST_POINTS 128

/**
 * ag_profile_new:
 * @spec: what is fitted, by least squares
 * @data: to what
 * @plane: a plane over two parameters
 * @work: (nullable): what cancels it; lives as long
 * @error: return location for a #GError
 *
 * Makes a problem of which two parameters are held, for ag_profile_settle(); with no more points
 * than can be looked at for each node of a field.
 *
 * Returns: (transfer full) (nullable): the problem, or %NULL with @error set
 */
AgLeastSquares *
ag_profile_new (const AgRunSpec *spec,
                const AgData *data,
                const AgPlane *plane,
                AgWork *work,
                GError **error)
{
  const AgModelClass *model = spec->program->model;
  const gint64 n_all = ag_data_n_representatives (data);
  g_autofree gboolean *is_held = g_new (gboolean, model->n_parameters);
  AgLeastSquares *problem;
  gint64 most;

  for (guint i = 0; i < model->n_parameters; i++)
    is_held[i] = i == plane->parameters[0] || i == plane->parameters[1]
                 || ag_run_spec_is_held (spec, i);
  problem = ag_least_squares_new (model, is_held, data, FEWEST_POINTS, work, error);
  if (problem == NULL)
    return NULL;
  most = (gint64) (TIME_TO_LOOK / ag_least_squares_cost (problem)
                   * (double) MIN (FEWEST_POINTS, n_all));
  if (most > FEWEST_POINTS)
    {
      ag_least_squares_free (problem);
      problem = ag_least_squares_new (model, is_held, data, most, work, error);
    }
  if (problem != NULL)
    ag_least_squares_find_linear (problem, plane->base);
  return problem;
}

/**
 * ag_profile_settle:
 * @problem: a problem
 * @most_iterations: how many steps to try at most
 * @coefficients: (inout): a place, whose parameters that are not held become those of the least
 *   sum of squares near it
 *
 * Returns: whether all is finite there
 */
gboolean
ag_profile_settle (AgLeastSquares *problem,
                   guint most_iterations,
                   double *coefficients)
{
  guint n_iterations = 0;

  return ag_least_squares_n_free (problem) == 0
         || ag_least_squares_descend (problem, coefficients, most_iterations, &n_iterations);
}
