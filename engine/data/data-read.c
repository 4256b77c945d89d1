/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "data/data-private.h"

#include "graph/create.h"
#include "graph/ops.h"

#include <string.h>

/* The points of data: all of them, those that stand for all, those that show what the data are, and
 * the tensors of a run. */

/* Sums over more evenly spaced points than these are found from as many. */
#define MAX_REPRESENTATIVES 65537

/* Point @i of @n evenly spaced ones. */
static double
spaced (const AgData *data,
        gint64 i,
        gint64 n)
{
  return data->x_minimum + (data->x_maximum - data->x_minimum) * (double) i / (double) (n - 1);
}

/**
 * ag_data_read:
 * @data: data
 * @first: number of a point, from 0
 * @n: how many points to read, from @first on
 * @x: (out caller-allocates) (array length=n): each one's x
 * @y: (out caller-allocates) (array length=n): each one's y
 *
 * Reads points in double precision. (A run's tensors may differ from them by the
 * rounding of their element type; see ag_data_record().)
 */
void
ag_data_read (const AgData *data,
              gint64 first,
              gsize n,
              double *x,
              double *y)
{
  g_return_if_fail (first >= 0 && n <= (guint64) (data->n_points - first));

  if (data->formula == NULL)
    {
      memcpy (x, data->x + first, sizeof (double) * n);
      memcpy (y, data->y + first, sizeof (double) * n);
      if (data->original != NULL)
        ag_scale_apply (&data->scale, n, x, y);
      return;
    }
  for (gsize i = 0; i < n; i++)
    {
      x[i] = spaced (data, first + (gint64) i, data->n_points);
      y[i] = ag_expression_evaluate (data->formula, x[i], NULL);
    }
}

/**
 * ag_data_n_representatives:
 * @data: data
 *
 * Returns: how many points ag_data_read_representatives() has
 */
gint64
ag_data_n_representatives (const AgData *data)
{
  return data->formula != NULL ? MIN (data->n_points, MAX_REPRESENTATIVES) : data->n_points;
}

/**
 * ag_data_read_representatives:
 * @data: data
 * @first: number of a representative, from 0
 * @n: how many to read, from @first on
 * @x: (out caller-allocates) (array length=n): each one's x
 * @y: (out caller-allocates) (array length=n): each one's y
 * @weights: (out caller-allocates) (array length=n): how many of the points each
 *   one stands for
 *
 * Reads points whose sums, with their weights, are those over all points. Of data that
 * are known one by one these are all of them. Sums over very many evenly spaced points
 * are found from fewer: both are trapezoid rules of one integral, up to what counts at
 * the ends, and differ by the square of their spacing.
 */
void
ag_data_read_representatives (const AgData *data,
                              gint64 first,
                              gsize n,
                              double *x,
                              double *y,
                              double *weights)
{
  const gint64 n_all = ag_data_n_representatives (data);
  const double weight = (double) (data->n_points - 1) / (double) (n_all - 1);

  g_return_if_fail (first >= 0 && n <= (guint64) (n_all - first));

  if (n_all == data->n_points)
    ag_data_read (data, first, n, x, y);
  for (gsize i = 0; i < n; i++)
    {
      const gint64 number = first + (gint64) i;

      /* The ends have the half of an inner one's weight in the integral, and the
       * other half of their own in the sum. */
      weights[i] = number == 0 || number == n_all - 1 ? (weight + 1) / 2 : weight;
      if (n_all == data->n_points)
        continue;
      x[i] = spaced (data, number, n_all);
      y[i] = ag_expression_evaluate (data->formula, x[i], NULL);
    }
}

/* From left to right, every so manieth of them. */
static gsize
outline_values (const AgData *data,
                gsize most,
                double *x,
                double *y)
{
  const gsize n = MIN (data->n_outline, most);

  for (gsize i = 0; i < n; i++)
    {
      const gint64 number = data->outline[n > 1 ? i * (data->n_outline - 1) / (n - 1) : 0];

      x[i] = data->x[number];
      y[i] = data->y[number];
    }
  if (data->original != NULL)
    ag_scale_apply (&data->scale, n, x, y);
  return n;
}

/**
 * ag_data_outline:
 * @data: data
 * @most: how many points there is room for
 * @x: (out caller-allocates): each one's x, none less than that before it
 * @y: (out caller-allocates): each one's y
 *
 * Finds points that show what the data are, from left to right: of a formula as many
 * as there is room for, whether or not they are among the data, and otherwise no
 * others than the data's own.
 *
 * Returns: how many it found
 */
gsize
ag_data_outline (const AgData *data,
                 gsize most,
                 double *x,
                 double *y)
{
  if (data->formula == NULL)
    return outline_values (data, most, x, y);
  for (gsize i = 0; i < most; i++)
    {
      /* A mean of both ends, since an interval may be longer than the greatest
       * number. */
      const double share = (double) i / (double) (most - 1);

      x[i] = (1 - share) * data->x_minimum + share * data->x_maximum;
      y[i] = ag_expression_evaluate (data->formula, x[i], NULL);
    }
  return most;
}

/**
 * ag_data_record:
 * @data: data
 * @dtype: %AG_DTYPE_FLOAT32 or %AG_DTYPE_FLOAT64
 * @x: (out) (transfer none): each point's x, (n_points)
 * @y: (out) (transfer none): each point's y, (n_points)
 *
 * Records the points as tensors of the current step. Those of a formula are made on
 * the device as PyTorch makes them, x by linspace and y by operations on x, which
 * decides their last bits.
 */
void
ag_data_record (const AgData *data,
                AgDType dtype,
                AgTensor **x,
                AgTensor **y)
{
  if (data->formula != NULL)
    {
      *x = ag_linspace (dtype, data->x_minimum, data->x_maximum, data->n_points);
      *y = ag_expression_record (data->formula, *x, NULL);
      return;
    }
  *x = ag_from_data (AG_DTYPE_FLOAT64, AG_SHAPE (data->n_points), data->x);
  *y = ag_from_data (AG_DTYPE_FLOAT64, AG_SHAPE (data->n_points), data->y);
  if (data->original != NULL)
    ag_scale_record (&data->scale, x, y);
  *x = ag_cast (*x, dtype);
  *y = ag_cast (*y, dtype);
}
