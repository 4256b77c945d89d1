/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "train/uncertainty.h"

#include "model/jacobian.h"

#include <math.h>
#include <string.h>

/* Points that are looked at in one go. */
#define POINTS 1024

/**
 * ag_uncertainty_add_around_mean:
 * @sum: a sum, which begins with zeros
 * @n: how many values are added
 * @y: (array length=n): the values
 * @weights: (array length=n): how many times each counts
 *
 * Adds by Welford's way, which does not take the difference of two large sums.
 */
void
ag_uncertainty_add_around_mean (AgSumAroundMean *sum,
                                gsize n,
                                const double *y,
                                const double *weights)
{
  for (gsize i = 0; i < n; i++)
    {
      const double distance = y[i] - sum->mean;

      sum->total += weights[i];
      sum->mean += distance * weights[i] / sum->total;
      sum->squares += weights[i] * distance * (y[i] - sum->mean);
    }
}

/**
 * ag_uncertainty_sum_around_mean:
 * @data: data
 *
 * Returns: the sum of squares of y's distance from its mean
 */
double
ag_uncertainty_sum_around_mean (const AgData *data)
{
  const gint64 n = ag_data_n_representatives (data);
  double x[POINTS], y[POINTS], weights[POINTS];
  AgSumAroundMean sum = { 0 };

  for (gint64 first = 0; first < n; first += POINTS)
    {
      const gsize n_part = (gsize) MIN (n - first, POINTS);

      ag_data_read_representatives (data, first, n_part, x, y, weights);
      ag_uncertainty_add_around_mean (&sum, n_part, y, weights);
    }
  return sum.squares;
}

/**
 * ag_uncertainty_of_solution:
 * @triangle: a problem made linear at its solution
 * @n: number of its unknowns
 * @variance: that of the residuals: their sum of squares by the number of points less @n
 * @factor: (out caller-allocates): the covariance's factor, row by row, (n, n)
 * @errors: (out caller-allocates): the standard error of each unknown, (n)
 *
 * Finds how well the data decide the unknowns: with the Jacobian J and the residuals' variance s²
 * their covariance is s² (JᵀJ)⁻¹, that is F Fᵀ with the factor F = s R⁻¹ of the triangle R. Who
 * needs the length of gᵀF takes that and not the root of gᵀ F Fᵀ g, in which half of the digits
 * cancel.
 *
 * See: NIST/SEMATECH e-Handbook of Statistical Methods, 4.4.3
 *
 * Returns: whether they are decided at all; otherwise all numbers are NaN
 */
gboolean
ag_uncertainty_of_solution (const AgTriangle *triangle,
                            guint n,
                            double variance,
                            double *factor,
                            double *errors)
{
  const double deviation = sqrt (variance);
  g_autofree double *inverse = g_new (double, n *n);
  guint rank = 0;
  const gboolean is_decided = isfinite (variance)
                              && ag_triangle_invert (triangle, inverse, &rank) && rank == n;

  for (guint i = 0; i < n; i++)
    {
      errors[i] = is_decided ? 0 : NAN;
      for (guint k = 0; k < n; k++)
        {
          factor[i * n + k] = is_decided ? deviation * inverse[k * n + i] : NAN;
          errors[i] = hypot (errors[i], factor[i * n + k]);
        }
    }
  return is_decided;
}

/* The length of gᵀF with the derivatives g. */
static double
error_at (guint n,
          const double *factor,
          const double *columns,
          gsize stride)
{
  double error = 0;

  for (guint k = 0; k < n; k++)
    {
      double along = 0;

      for (guint i = 0; i < n; i++)
        along += columns[i * stride] * factor[i * n + k];
      error = hypot (error, along);
    }
  return error;
}

/**
 * ag_uncertainty_of_prediction:
 * @klass: a kind of model
 * @coefficients: a value for each of its parameters
 * @factor: that of the coefficients' covariance, as ag_uncertainty_of_solution() finds it
 * @n: number of points
 * @x: (array length=n): the points
 * @y: (out caller-allocates) (array length=n): what is predicted there; of a model of several
 *   structures, the mean over them
 * @errors: (out caller-allocates) (array length=n): the standard error of each prediction, by
 *   the delta method: the length of gᵀF with the prediction's derivatives g and the
 *   factor F; NaN where that is not known
 * @error: return location for a #GError
 *
 * Finds how certain a fit is at each point. The calling thread must be in no graph.
 *
 * Returns: whether all went well
 */
gboolean
ag_uncertainty_of_prediction (const AgModelClass *klass,
                              const double *coefficients,
                              const double *factor,
                              gsize n,
                              const double *x,
                              double *y,
                              double *errors,
                              GError **error)
{
  const guint n_structures = MAX (1, klass->n_structures);
  const gsize n_numbers = (gsize) klass->n_parameters * n;
  g_autoptr (AgJacobian) jacobian = ag_jacobian_new (klass, error);
  g_autofree double *sum = g_new0 (double, n_numbers);
  g_autofree double *columns = g_new (double, n_numbers);
  g_autofree double *part = g_new (double, n);

  if (jacobian == NULL)
    return FALSE;
  memset (y, 0, sizeof (double) * n);
  ag_jacobian_move_to (jacobian, coefficients);
  for (guint structure = 0; structure < n_structures; structure++)
    {
      if (!ag_jacobian_evaluate (jacobian, structure, n, x, part, columns, n, error))
        return FALSE;
      for (gsize i = 0; i < n; i++)
        y[i] += part[i] / n_structures;
      for (gsize i = 0; i < n_numbers; i++)
        sum[i] += columns[i] / n_structures;
    }
  for (gsize i = 0; i < n; i++)
    errors[i] = error_at (klass->n_parameters, factor, sum + i, n);
  return TRUE;
}
