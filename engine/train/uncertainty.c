/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "train/uncertainty.h"

#include "model/jacobian.h"

#include <math.h>
#include <string.h>

/* Points that are looked at in one go. */
#define POINTS 1024

/**
 * ag_uncertainty_sum_around_mean:
 * @data: data
 *
 * Adds by Welford's way, which does not take the difference of two large sums.
 *
 * Returns: the sum of squares of y's distance from its mean
 */
double
ag_uncertainty_sum_around_mean (const AgData *data)
{
  const gint64 n = ag_data_n_representatives (data);
  double x[POINTS], y[POINTS], weights[POINTS];
  double total = 0, mean = 0, sum = 0;

  for (gint64 first = 0; first < n; first += POINTS)
    {
      const gsize n_part = (gsize) MIN (n - first, POINTS);

      ag_data_read_representatives (data, first, n_part, x, y, weights);
      for (gsize i = 0; i < n_part; i++)
        {
          const double distance = y[i] - mean;

          total += weights[i];
          mean += distance * weights[i] / total;
          sum += weights[i] * distance * (y[i] - mean);
        }
    }
  return sum;
}

/**
 * ag_uncertainty_of_solution:
 * @triangle: a problem made linear at its solution
 * @n: number of its unknowns
 * @variance: that of the residuals: their sum of squares by the number of points less @n
 * @covariance: (out caller-allocates): that of the unknowns, (n, n)
 * @errors: (out caller-allocates): the standard error of each, (n)
 *
 * Finds how well the data decide the unknowns: with the Jacobian J and the residuals' variance s²
 * their covariance is s² (JᵀJ)⁻¹, that is s² R⁻¹R⁻ᵀ with the triangle R.
 *
 * See: NIST/SEMATECH e-Handbook of Statistical Methods, 4.4.3
 *
 * Returns: whether they are decided at all; otherwise all numbers are NaN
 */
gboolean
ag_uncertainty_of_solution (const AgTriangle *triangle,
                            guint n,
                            double variance,
                            double *covariance,
                            double *errors)
{
  g_autofree double *inverse = g_new (double, n *n);
  guint rank = 0;
  const gboolean is_decided = isfinite (variance)
                              && ag_triangle_invert (triangle, inverse, &rank) && rank == n;

  for (guint i = 0; i < n; i++)
    for (guint j = 0; j < n; j++)
      {
        double product = is_decided ? 0 : NAN;

        for (guint k = 0; is_decided && k < n; k++)
          product += inverse[k * n + i] * inverse[k * n + j];
        covariance[i * n + j] = variance * product;
      }
  for (guint i = 0; i < n; i++)
    errors[i] = sqrt (covariance[i * n + i]);
  return is_decided;
}

/* The variance of a prediction, gᵀ C g with the derivatives g. */
static double
variance_at (guint n,
             const double *covariance,
             const double *columns,
             gsize stride)
{
  double variance = 0;

  for (guint i = 0; i < n; i++)
    for (guint j = 0; j < n; j++)
      variance += columns[i * stride] * covariance[i * n + j] * columns[j * stride];
  /* Rounding may make it less than nothing. */
  return variance < 0 ? 0 : variance;
}

/**
 * ag_uncertainty_of_prediction:
 * @klass: a kind of model
 * @coefficients: a value for each of its parameters
 * @covariance: that of the coefficients
 * @n: number of points
 * @x: (array length=n): the points
 * @y: (out caller-allocates) (array length=n): what is predicted there; of a model of several
 *   structures, the mean over them
 * @errors: (out caller-allocates) (array length=n): the standard error of each prediction, by
 *   the delta method: the root of gᵀ C g with the prediction's derivatives g and the
 *   covariance C; NaN where that is not known
 * @error: return location for a #GError
 *
 * Finds how certain a fit is at each point. The calling thread must be in no graph.
 *
 * Returns: whether all went well
 */
gboolean
ag_uncertainty_of_prediction (const AgModelClass *klass,
                              const double *coefficients,
                              const double *covariance,
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
    errors[i] = sqrt (variance_at (klass->n_parameters, covariance, sum + i, n));
  return TRUE;
}
