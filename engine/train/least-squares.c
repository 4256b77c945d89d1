/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "train/least-squares-private.h"

#include <float.h>
#include <math.h>
#include <string.h>

/* Points that are looked at in one go. */
#define POINTS AG_JACOBIAN_POINTS

/* Evenly chosen from the data's representatives, each with the weight of its share. */
static void
thin (AgLeastSquares *problem,
      gint64 n_all)
{
  const gint64 n = problem->n_points;

  problem->x = g_new (double, n);
  problem->y = g_new (double, n);
  problem->weights = g_new (double, n);
  for (gint64 i = 0; i < n; i++)
    {
      /* In double precision, since the product of two counts may be too large. */
      const gint64 number = (gint64) ((double) i / (double) (n - 1) * (double) (n_all - 1));

      ag_data_read_representatives (problem->data, number, 1, problem->x + i, problem->y + i,
                                    problem->weights + i);
      problem->weights[i] = (double) ag_data_n_points (problem->data) / (double) n;
    }
}

/**
 * ag_least_squares_new:
 * @klass: what is fitted; must live as long as the problem
 * @is_held: (nullable): of each parameter, whether it stays as it is; %NULL if none does
 * @data: to what is fitted; must live as long as the problem
 * @most_points: how many points are looked at; if there are more, they are thinned out to as
 *   many
 * @work: (nullable): what cancels it; whatever is being done fails then
 * @error: return location for a #GError
 *
 * Makes a problem. Of a model with several structures each is fitted with its share.
 *
 * Returns: (transfer full) (nullable): the problem, or %NULL with @error set
 */
AgLeastSquares *
ag_least_squares_new (const AgModelClass *klass,
                      const gboolean *is_held,
                      const AgData *data,
                      gint64 most_points,
                      AgWork *work,
                      GError **error)
{
  AgLeastSquares *problem = g_new0 (AgLeastSquares, 1);
  const gint64 n_all = ag_data_n_representatives (data);

  problem->klass = klass;
  problem->sum = INFINITY;
  problem->data = data;
  problem->work = work;
  problem->n_parameters = klass->n_parameters;
  problem->free = g_new (guint, problem->n_parameters);
  for (guint i = 0; i < problem->n_parameters; i++)
    if (is_held == NULL || !is_held[i])
      problem->free[problem->n++] = i;
  problem->order = g_memdup2 (problem->free, sizeof (guint) * problem->n_parameters);
  problem->is_linear = klass->is_linear;
  problem->n_linear = klass->is_linear ? problem->n : 0;
  problem->derivatives = g_new (double, (gsize) problem->n_parameters *POINTS);
  problem->n_points = MIN (n_all, most_points);
  if (problem->n_points < n_all)
    thin (problem, n_all);
  problem->triangle = ag_triangle_new (problem->n, POINTS, error);
  if (problem->triangle != NULL)
    {
      problem->kept = ag_triangle_new (problem->n, POINTS, error);
      problem->jacobian = ag_jacobian_new (klass, error);
    }
  if (problem->jacobian == NULL)
    g_clear_pointer (&problem, ag_least_squares_free);
  return problem;
}

/**
 * ag_least_squares_free:
 * @problem: (transfer full): a problem
 */
void
ag_least_squares_free (AgLeastSquares *problem)
{
  g_return_if_fail (problem != NULL);

  g_clear_pointer (&problem->jacobian, ag_jacobian_free);
  g_clear_pointer (&problem->triangle, ag_triangle_free);
  g_clear_pointer (&problem->kept, ag_triangle_free);
  g_free (problem->free);
  g_free (problem->order);
  g_free (problem->x);
  g_free (problem->y);
  g_free (problem->weights);
  g_free (problem->derivatives);
  g_free (problem);
}

/**
 * ag_least_squares_set_delta:
 * @problem: a problem whose linear parameters were not looked for
 * @delta: how far from the target squares end; 0 for absolute values alone
 *
 * Lets twice Huber's loss with that delta be summed instead of squares, or, where @delta is 0,
 * twice the absolute values. Each point then has the weight with which its square is as steep:
 * iteratively reweighted least squares. No parameter is solved for exactly.
 *
 * See: Huber, "Robust estimation of a location parameter", 1964; Holland and Welsch, "Robust
 * regression using iteratively reweighted least-squares", 1977
 */
void
ag_least_squares_set_delta (AgLeastSquares *problem,
                            double delta)
{
  problem->has_delta = TRUE;
  problem->delta = delta;
  problem->is_linear = FALSE;
  problem->n_linear = 0;
}

/**
 * ag_least_squares_n_free:
 * @problem: a problem
 *
 * Returns: how many parameters are not held
 */
guint
ag_least_squares_n_free (const AgLeastSquares *problem)
{
  return problem->n;
}

/**
 * ag_least_squares_n_structures:
 * @problem: a problem
 *
 * Returns: in how many ways its model predicts
 */
guint
ag_least_squares_n_structures (const AgLeastSquares *problem)
{
  return MAX (1, problem->klass->n_structures);
}

/**
 * ag_least_squares_cost:
 * @problem: a problem
 *
 * Returns: how long looking at all points once takes, in nanoseconds and roughly: a number that
 *   depends on nothing but the problem
 */
double
ag_least_squares_cost (const AgLeastSquares *problem)
{
  const double n = problem->n_parameters;

  return (double) problem->n_points * ag_least_squares_n_structures (problem)
         * (20 + n * ag_jacobian_cost (problem->jacobian) + n * n / 4);
}

/**
 * Part:
 * @n: how many points there are
 * @x: where they are
 * @y: what is to be fitted there
 * @weights: how many of the data's points each stands for
 * @predicted: what is predicted there
 *
 * A part of the points.
 */
typedef struct
{
  gsize n;
  double x[POINTS];
  double y[POINTS];
  double weights[POINTS];
  double predicted[POINTS];
} Part;

static void
read_part (const AgLeastSquares *problem,
           gint64 first,
           Part *part)
{
  const gsize n = (gsize) MIN (problem->n_points - first, POINTS);

  part->n = n;
  if (problem->x == NULL)
    {
      ag_data_read_representatives (problem->data, first, n, part->x, part->y, part->weights);
      return;
    }
  memcpy (part->x, problem->x + first, sizeof (double) * n);
  memcpy (part->y, problem->y + first, sizeof (double) * n);
  memcpy (part->weights, problem->weights + first, sizeof (double) * n);
}

/* Returns the number that is summed for a residual, and sets the weight of its square. */
static double
summand (const AgLeastSquares *problem,
         double residual,
         double *weight)
{
  const double distance = fabs (residual);

  *weight = 1;
  if (!problem->has_delta)
    return residual * residual;
  if (problem->delta > 0)
    {
      if (distance <= problem->delta)
        return residual * residual;
      *weight = problem->delta / distance;
      return problem->delta * (2 * distance - problem->delta);
    }
  *weight = distance > 0 ? 1 / distance : 1;
  return 2 * distance;
}

/* Adds points to the triangle. Returns whether all is finite. */
static gboolean
add_part (AgLeastSquares *problem,
          const Part *part)
{
  double *missing = ag_triangle_column (problem->triangle, problem->n);
  const double n_structures = ag_least_squares_n_structures (problem);
  double sum = problem->sum, size = problem->size;
  double roots[POINTS];

  for (gsize i = 0; i < part->n; i++)
    {
      const double residual = part->y[i] - part->predicted[i];
      const double share = part->weights[i] / n_structures;
      double weight;

      sum += share * summand (problem, residual, &weight);
      size += share * part->y[i] * part->y[i];
      roots[i] = sqrt (share * weight);
      missing[i] = roots[i] * residual;
    }
  problem->sum = sum;
  problem->size = size;
  if (!isfinite (sum))
    return FALSE;
  for (guint k = 0; k < problem->n; k++)
    {
      const double *derivatives = problem->derivatives + (gsize) problem->order[k] * POINTS;
      double *column = ag_triangle_column (problem->triangle, k);
      gsize n_finite = 0;

      for (gsize i = 0; i < part->n; i++)
        {
          column[i] = roots[i] * derivatives[i];
          n_finite += fabs (column[i]) <= DBL_MAX;
        }
      if (n_finite < part->n)
        return FALSE;
    }
  return ag_triangle_add (problem->triangle, part->n);
}

/**
 * ag_least_squares_sum_around_mean:
 * @problem: a problem that was looked at
 *
 * Returns: the sum of squares of y's distance from its mean, which was added up with the first look
 *   at all points, since to compute a formula's y once more would take as long
 */
double
ag_least_squares_sum_around_mean (const AgLeastSquares *problem)
{
  return problem->around_mean.squares;
}

/**
 * ag_least_squares_look_at:
 * @problem: a problem
 * @coefficients: a value for each parameter
 *
 * Makes the problem linear there, with its parameters in its own order.
 *
 * Returns: whether everything is finite, and it was not cancelled
 */
gboolean
ag_least_squares_look_at (AgLeastSquares *problem,
                          const double *coefficients)
{
  g_autofree Part *part = g_new (Part, 1);
  AgSumAroundMean around_mean = { 0 };

  problem->sum = problem->size = 0;
  ag_triangle_clear (problem->triangle);
  ag_jacobian_move_to (problem->jacobian, coefficients);
  for (guint structure = 0; structure < ag_least_squares_n_structures (problem); structure++)
    for (gint64 first = 0; first < problem->n_points; first += POINTS)
      {
        if (ag_work_is_cancelled (problem->work))
          return FALSE;
        read_part (problem, first, part);
        if (structure == 0 && !problem->knows_mean)
          ag_uncertainty_add_around_mean (&around_mean, part->n, part->y, part->weights);
        if (!ag_jacobian_evaluate (problem->jacobian, structure, part->n, part->x,
                                   part->predicted, problem->derivatives, POINTS, NULL)
            || !add_part (problem, part))
          return FALSE;
      }
  if (!problem->knows_mean)
    problem->around_mean = around_mean;
  problem->knows_mean = TRUE;
  return TRUE;
}

/**
 * ag_least_squares_sum_beyond:
 * @problem: a problem that was looked at
 * @n: how many parameters, in its own order
 *
 * Returns: the sum of squares that is left whatever those are changed to, if all is linear
 */
double
ag_least_squares_sum_beyond (const AgLeastSquares *problem,
                             guint n)
{
  const double norm = ag_triangle_norm (problem->triangle, problem->n, n);

  return norm * norm;
}

/* Where the sum is not what a linear model's would be, they are not linear after all. */
static void
judge (AgLeastSquares *problem,
       double before,
       double expected)
{
  if (fabs (problem->sum - expected) > 1e-6 * expected + AG_LEAST_SQUARES_ROUNDING * before)
    problem->is_misjudged = TRUE;
}

/**
 * ag_least_squares_settle:
 * @problem: a problem
 * @coefficients: (inout): a value for each parameter; those that enter linearly become those of
 *   the least sum of squares
 *
 * Solves for the linear parameters.
 *
 * Returns: whether everything is finite there
 */
gboolean
ag_least_squares_settle (AgLeastSquares *problem,
                         double *coefficients)
{
  const guint n_linear = problem->n_linear;
  g_autofree double *change = g_new (double, n_linear + 1);
  double before, expected;
  guint rank;

  if (!ag_least_squares_look_at (problem, coefficients))
    return FALSE;
  if (n_linear == 0)
    return TRUE;
  before = problem->sum;
  expected = ag_least_squares_sum_beyond (problem, n_linear);
  if (!ag_triangle_solve (problem->triangle, 0, n_linear, NULL, change, &rank))
    return FALSE;
  for (guint i = 0; i < n_linear; i++)
    coefficients[problem->order[i]] += change[i];
  /* Where the model is known to be linear, the step leads to the sum that it expected. */
  if (problem->is_linear && rank == n_linear)
    {
      problem->sum = expected;
      return TRUE;
    }
  if (!ag_least_squares_look_at (problem, coefficients))
    return FALSE;
  if (rank == n_linear)
    judge (problem, before, expected);
  return TRUE;
}

/**
 * ag_least_squares_sum:
 * @problem: a problem
 *
 * Returns: the sum of squares at the coefficients that were looked at last
 */
double
ag_least_squares_sum (const AgLeastSquares *problem)
{
  return problem->sum;
}

/**
 * ag_least_squares_rounding:
 * @problem: a problem
 *
 * A residual is off by the rounding of the numbers that it is the difference of.
 *
 * Returns: how far ag_least_squares_sum() may be off by that
 */
double
ag_least_squares_rounding (const AgLeastSquares *problem)
{
  return 8 * DBL_EPSILON * sqrt (problem->sum * problem->size);
}

/**
 * ag_least_squares_linearize:
 * @problem: a problem
 * @coefficients: a value for each parameter
 *
 * Makes the problem linear there, with its free parameters in the model's order.
 *
 * Returns: (transfer none) (nullable): what a change of each parameter changes; %NULL if not
 *   all of it is finite. It stays until the problem is used again.
 */
const AgTriangle *
ag_least_squares_linearize (AgLeastSquares *problem,
                            const double *coefficients)
{
  /* That of a linear model is the same everywhere. */
  if (problem->is_linear && problem->sum < INFINITY)
    return problem->triangle;
  memcpy (problem->order, problem->free, sizeof (guint) * problem->n);
  problem->n_linear = 0;
  return ag_least_squares_look_at (problem, coefficients) ? problem->triangle : NULL;
}
