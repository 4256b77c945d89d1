/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "data/standardize.h"

#include "graph/create.h"
#include "graph/ops.h"

#include <math.h>

static double
mean_of (const double *values,
         gint64 n)
{
  double sum = 0;

  for (gint64 i = 0; i < n; i++)
    sum += values[i] / (double) n;
  return sum;
}

/* Values that are all the same have none, and stay as they are but for their mean. */
static double
deviation_of (const double *values,
              gint64 n,
              double mean)
{
  double sum = 0, deviation;

  for (gint64 i = 0; i < n; i++)
    sum += (values[i] - mean) / (double) n * (values[i] - mean);
  deviation = sqrt (sum);
  return deviation > 0 && isfinite (deviation) ? deviation : 1;
}

/**
 * ag_scale_of:
 * @n_points: how many points there are
 * @x: (array length=n_points): each one's x
 * @y: (array length=n_points): each one's y
 *
 * Looks at all points four times.
 *
 * Returns: what standardizing the points does
 */
AgScale
ag_scale_of (gint64 n_points,
             const double *x,
             const double *y)
{
  AgScale scale;

  scale.x_mean = mean_of (x, n_points);
  scale.y_mean = mean_of (y, n_points);
  scale.x_deviation = deviation_of (x, n_points, scale.x_mean);
  scale.y_deviation = deviation_of (y, n_points, scale.y_mean);
  return scale;
}

/**
 * ag_scale_apply:
 * @scale: what standardizing does
 * @n: number of points
 * @x: (inout) (array length=n): each one's x
 * @y: (inout) (array length=n): each one's y
 *
 * Standardizes points. Rounding changes no order among them.
 */
void
ag_scale_apply (const AgScale *scale,
                gsize n,
                double *x,
                double *y)
{
  for (gsize i = 0; i < n; i++)
    {
      x[i] = (x[i] - scale->x_mean) / scale->x_deviation;
      y[i] = (y[i] - scale->y_mean) / scale->y_deviation;
    }
}

/**
 * ag_scale_record:
 * @scale: what standardizing does
 * @x: (inout) (transfer none): each point's x, of %AG_DTYPE_FLOAT64
 * @y: (inout) (transfer none): each point's y, of %AG_DTYPE_FLOAT64
 *
 * Records what ag_scale_apply() does, to the bit.
 */
void
ag_scale_record (const AgScale *scale,
                 AgTensor **x,
                 AgTensor **y)
{
  *x = ag_div (ag_sub (*x, ag_constant (scale->x_mean)), ag_constant (scale->x_deviation));
  *y = ag_div (ag_sub (*y, ag_constant (scale->y_mean)), ag_constant (scale->y_deviation));
}
