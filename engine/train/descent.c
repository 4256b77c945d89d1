/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "train/least-squares-private.h"

#include <math.h>
#include <string.h>

#define FIRST_DAMPING 1e-3
#define LEAST_DAMPING 1e-30
#define GREATEST_DAMPING 1e30
#define MOST_POLISHING 30

/**
 * Descent:
 * @problem: what is solved
 * @n: how many parameters do not enter linearly
 * @at: the coefficients reached
 * @sum: the sum of squares there
 * @trial: coefficients that are tried
 * @step: from those to these, of the parameters that do not enter linearly, (n)
 * @lengths: the greatest length that each one's column has had, (n)
 * @factors: room for the damping of each, (n)
 * @damping: how much a step is held back
 * @growth: by how much more, after the next failure
 *
 * A descent by Levenberg's and Marquardt's method, with the damping of Nielsen. The parameters
 * that enter linearly are solved for at each step, so that it descends along the valley that
 * they form (variable projection, with Kaufman's approximation of its derivatives): the rows of
 * the triangle below theirs are that problem.
 *
 * See: Moré, "The Levenberg-Marquardt algorithm", 1978; Nielsen, "Damping parameter in
 * Marquardt's method", 1999; Golub and Pereyra, "The differentiation of pseudo-inverses and
 * nonlinear least squares problems whose variables separate", 1973; Kaufman, "A variable
 * projection method for solving separable nonlinear least squares problems", 1975
 */
typedef struct
{
  AgLeastSquares *problem;
  guint n;
  double *at;
  double sum;
  double *trial;
  double *step;
  double *lengths;
  double *factors;
  double damping;
  double growth;
} Descent;

/* The sum that a step would lead to if the problem were linear. */
static double
expected_sum (const Descent *descent)
{
  const AgTriangle *triangle = descent->problem->triangle;
  const guint first = descent->problem->n_linear, right = descent->problem->n;
  double sum = ag_least_squares_sum_beyond (descent->problem, right);

  for (guint row = 0; row < descent->n; row++)
    {
      double missing = ag_triangle_at (triangle, first + row, right);

      for (guint i = row; i < descent->n; i++)
        missing -= ag_triangle_at (triangle, first + row, first + i) * descent->step[i];
      sum += missing * missing;
    }
  return sum;
}

static gboolean
find_step (Descent *descent,
           gboolean is_damped)
{
  const guint first = descent->problem->n_linear;

  for (guint i = 0; i < descent->n; i++)
    {
      const double length = ag_triangle_norm (descent->problem->triangle, first + i, first);

      descent->lengths[i] = fmax (descent->lengths[i], length);
      descent->factors[i]
        = sqrt (descent->damping) * (descent->lengths[i] > 0 ? descent->lengths[i] : 1);
    }
  return ag_triangle_solve (descent->problem->triangle, first, descent->n,
                            is_damped ? descent->factors : NULL, descent->step, NULL);
}

/* Returns whether any parameter differs by the step. */
static gboolean
try_step (Descent *descent)
{
  AgLeastSquares *problem = descent->problem;
  gboolean is_moving = FALSE;

  memcpy (descent->trial, descent->at, sizeof (double) * problem->n_parameters);
  for (guint i = 0; i < descent->n; i++)
    {
      double *value = &descent->trial[problem->order[problem->n_linear + i]];

      is_moving = is_moving || fabs (descent->step[i]) > 1e-15 * fabs (*value);
      *value += descent->step[i];
    }
  return is_moving;
}

static void
exchange_triangles (AgLeastSquares *problem)
{
  AgTriangle *triangle = problem->triangle;

  problem->triangle = problem->kept;
  problem->kept = triangle;
}

static void
accept (Descent *descent)
{
  memcpy (descent->at, descent->trial, sizeof (double) * descent->problem->n_parameters);
  descent->sum = descent->problem->sum;
}

/* Returns whether to go on. */
static gboolean
iterate (Descent *descent)
{
  double expected, gain;

  if (!find_step (descent, TRUE))
    return FALSE;
  expected = ag_least_squares_sum_beyond (descent->problem, descent->problem->n_linear)
             - expected_sum (descent);
  if (!try_step (descent) || !(expected > 1e-16 * descent->sum))
    return FALSE;
  exchange_triangles (descent->problem);
  if (ag_least_squares_settle (descent->problem, descent->trial)
      && descent->problem->sum < descent->sum)
    {
      gain = (descent->sum - descent->problem->sum) / expected;
      descent->damping *= fmax (1.0 / 3, 1 - pow (2 * gain - 1, 3));
      descent->damping = fmax (descent->damping, LEAST_DAMPING);
      descent->growth = 2;
      accept (descent);
      return TRUE;
    }
  exchange_triangles (descent->problem);
  descent->damping *= descent->growth;
  descent->growth *= 2;
  return descent->damping < GREATEST_DAMPING && !descent->problem->is_misjudged
         && !ag_work_is_cancelled (descent->problem->work);
}

/* The length of the gradient, of what is missing that a step could reach. */
static double
reachable (const Descent *descent)
{
  const AgLeastSquares *problem = descent->problem;
  double norm = 0;

  for (guint row = problem->n_linear; row < problem->n; row++)
    norm = hypot (norm, ag_triangle_at (problem->triangle, row, problem->n));
  return norm;
}

/* Near the least sum its differences are rounding, where the gradient still says where to go. */
static void
polish (Descent *descent,
        guint most_iterations)
{
  double before, left;

  if (most_iterations == 0 || !ag_least_squares_look_at (descent->problem, descent->at))
    return;
  for (guint i = 0; i < MIN (most_iterations, MOST_POLISHING); i++)
    {
      before = reachable (descent);
      if (!find_step (descent, FALSE) || !try_step (descent)
          || !ag_least_squares_settle (descent->problem, descent->trial))
        return;
      left = reachable (descent);
      if (!(left < 0.9 * before) || descent->problem->sum > descent->sum * (1 + AG_LEAST_SQUARES_ROUNDING))
        return;
      accept (descent);
    }
}

static gboolean
descend (Descent *descent,
         guint most_iterations,
         guint *n_iterations)
{
  if (!ag_least_squares_settle (descent->problem, descent->at))
    return FALSE;
  descent->sum = descent->problem->sum;
  *n_iterations = 0;
  if (descent->n == 0)
    return TRUE;
  while (*n_iterations < most_iterations && descent->sum > 0)
    {
      (*n_iterations)++;
      if (!iterate (descent))
        break;
    }
  if (!descent->problem->is_misjudged)
    polish (descent, most_iterations);
  return !ag_work_is_cancelled (descent->problem->work);
}

/**
 * ag_least_squares_descend:
 * @problem: a problem
 * @coefficients: (inout): where to begin; becomes where the sum of squares is least nearby
 * @most_iterations: how many steps to try at most
 * @n_iterations: (out): how many it tried
 *
 * Descends to the least sum of squares, which ag_least_squares_sum() then is.
 *
 * Returns: whether everything was finite where it began, and it was not cancelled
 */
gboolean
ag_least_squares_descend (AgLeastSquares *problem,
                          double *coefficients,
                          guint most_iterations,
                          guint *n_iterations)
{
  const gsize size = sizeof (double) * problem->n_parameters;
  g_autofree double *at = g_memdup2 (coefficients, size);
  g_autofree double *trial = g_malloc0 (size);
  g_autofree double *step = g_malloc0 (size);
  g_autofree double *lengths = g_malloc0 (size);
  g_autofree double *factors = g_malloc0 (size);
  Descent descent = {
    .problem = problem,
    .n = problem->n - problem->n_linear,
    .at = at,
    .trial = trial,
    .step = step,
    .lengths = lengths,
    .factors = factors,
    .damping = FIRST_DAMPING,
    .growth = 2,
  };
  gboolean is_done = descend (&descent, most_iterations, n_iterations);

  if (problem->is_misjudged)
    {
      problem->is_misjudged = FALSE;
      problem->n_linear = 0;
      return ag_least_squares_descend (problem, coefficients, most_iterations, n_iterations);
    }
  memcpy (coefficients, at, size);
  problem->sum = descent.sum;
  return is_done;
}
