/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "data/outline.h"

#include <string.h>

static gint
compare_x (gconstpointer a,
           gconstpointer b,
           gpointer user_data)
{
  const double *x = user_data;
  const double at_a = x[*(const gint64 *) a], at_b = x[*(const gint64 *) b];

  return (at_a > at_b) - (at_a < at_b);
}

/* The points with the least and the greatest x and y. */
static void
find_ends (gint64 n_points,
           const double *x,
           const double *y,
           gint64 ends[4])
{
  memset (ends, 0, sizeof (gint64) * 4);
  for (gint64 i = 1; i < n_points; i++)
    {
      ends[0] = x[i] < x[ends[0]] ? i : ends[0];
      ends[1] = x[i] > x[ends[1]] ? i : ends[1];
      ends[2] = y[i] < y[ends[2]] ? i : ends[2];
      ends[3] = y[i] > y[ends[3]] ? i : ends[3];
    }
}

/**
 * ag_outline_find:
 * @n_points: how many points there are
 * @x: (array length=n_points): each one's x
 * @y: (array length=n_points): each one's y
 * @outline: (out caller-allocates): numbers of points, from 0; there is room for
 *   %AG_OUTLINE_MAX_POINTS
 *
 * Finds points that show what all of them are, by x: some that are evenly chosen by their place
 * in the table, and those at the four ends, so that a plot is as wide and as high as the data are.
 *
 * Returns: how many it found
 */
gsize
ag_outline_find (gint64 n_points,
                 const double *x,
                 const double *y,
                 gint64 *outline)
{
  const gint64 n_chosen = MIN (n_points, AG_OUTLINE_MAX_POINTS - 4);
  gsize n = (gsize) n_chosen;

  for (gint64 i = 0; i < n_chosen; i++)
    outline[i] = n_chosen > 1 ? i * (n_points - 1) / (n_chosen - 1) : 0;
  if (n_chosen < n_points)
    {
      find_ends (n_points, x, y, outline + n_chosen);
      n += 4;
    }
  g_qsort_with_data (outline, (gint) n, sizeof *outline, compare_x, (gpointer) x);
  return n;
}
