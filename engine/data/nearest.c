/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "data/nearest.h"

#include <math.h>

/* The number of points that are read at a time. */
#define CHUNK 512

/* Where the point would be if all were evenly spaced, as those of a formula are. */
static gint64
guess (const AgData *data,
       double x)
{
  const double minimum = ag_data_x_minimum (data), maximum = ag_data_x_maximum (data);
  const double share = CLAMP ((x - minimum) / (maximum - minimum), 0, 1);

  return isnan (share) ? 0 : (gint64) rint (share * (double) (ag_data_n_points (data) - 1));
}

static gint64
search (const AgData *data,
        double x)
{
  const gint64 n = ag_data_n_points (data);
  double nearest = INFINITY, xs[CHUNK], ys[CHUNK];
  gint64 found = 0;

  for (gint64 first = 0; first < n; first += CHUNK)
    {
      const gsize n_read = (gsize) MIN (CHUNK, n - first);

      ag_data_read (data, first, n_read, xs, ys);
      for (gsize i = 0; i < n_read; i++)
        if (fabs (xs[i] - x) < nearest)
          {
            nearest = fabs (xs[i] - x);
            found = first + (gint64) i;
          }
    }
  return found;
}

/**
 * ag_data_nearest:
 * @data: data
 * @x: a value of x, as ag_data_read() reads it
 *
 * Finds the point whose x is nearest to that. Of many points that a formula has it is found at
 * once, of others by looking at all of them.
 *
 * Returns: its number, from 0
 */
gint64
ag_data_nearest (const AgData *data,
                 double x)
{
  return ag_data_table (data) == NULL && ag_data_n_representatives (data) != ag_data_n_points (data)
           ? guess (data, x)
           : search (data, x);
}
