/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot/plot-contour.h"

#include <math.h>

/* The corners of a square, counted around it from the one where both coordinates are least. A
 * contour crosses an edge between two of them. */
static const double corners[4][2] = { { 0, 0 }, { 1, 0 }, { 1, 1 }, { 0, 1 } };

/**
 * Square:
 * @column: of the grid
 * @row: of the grid
 * @values: at its corners
 *
 * A square between four nodes.
 */
typedef struct
{
  guint column;
  guint row;
  double values[4];
} Square;

static void
find_crossing (const Square *square,
               guint edge,
               double level,
               double place[2])
{
  const guint next = (edge + 1) % 4;
  const double share
    = (level - square->values[edge]) / (square->values[next] - square->values[edge]);

  place[0] = square->column + corners[edge][0] + share * (corners[next][0] - corners[edge][0]);
  place[1] = square->row + corners[edge][1] + share * (corners[next][1] - corners[edge][1]);
}

/* Each part of the contour goes from an edge where the values go above the level to one where they
 * come back below it. Of two that are above and two below across from each other, the middle
 * says which belong together. */
static void
trace_square (const Square *square,
              double level,
              ConvergeContourPart take,
              gpointer user_data)
{
  const double middle
    = (square->values[0] + square->values[1] + square->values[2] + square->values[3]) / 4;
  guint ups[2], downs[2], n_ups = 0, n_downs = 0;

  for (guint edge = 0; edge < 4; edge++)
    {
      const gboolean is_above = square->values[edge] > level;
      const gboolean is_next_above = square->values[(edge + 1) % 4] > level;

      if (!is_above && is_next_above)
        ups[n_ups++] = edge;
      else if (is_above && !is_next_above)
        downs[n_downs++] = edge;
    }
  for (guint i = 0; i < n_ups; i++)
    {
      /* Around a corner that is above alone the way down is the next edge; around one that is
       * below alone it is the edge before. */
      const guint wanted = middle > level ? (ups[i] + 3) % 4 : (ups[i] + 1) % 4;
      const guint down = n_downs == 1 ? downs[0] : wanted;
      double from[2], to[2];

      find_crossing (square, ups[i], level, from);
      find_crossing (square, down, level, to);
      take (user_data, from, to);
    }
}

/**
 * converge_contour_trace:
 * @n_columns: number of the grid's columns
 * @n_rows: number of its rows
 * @values: a value for each node, row by row
 * @level: a value
 * @take: takes the parts of the contour, in no order
 * @user_data: given to @take
 *
 * Finds where the values of a grid are @level, by marching squares: straight lines through the
 * squares between the nodes. Where a value is no number there are none.
 *
 * See: Lorensen and Cline, "Marching Cubes", 1987, of which this is the plane's
 */
void
converge_contour_trace (guint n_columns,
                        guint n_rows,
                        const double *values,
                        double level,
                        ConvergeContourPart take,
                        gpointer user_data)
{
  for (guint row = 0; row + 1 < n_rows; row++)
    for (guint column = 0; column + 1 < n_columns; column++)
      {
        const double *low = values + (gsize) row * n_columns + column;
        const double *high = low + n_columns;
        const Square square = { column, row, { low[0], low[1], high[1], high[0] } };
        const double sum = low[0] + low[1] + high[0] + high[1];

        if (isfinite (sum))
          trace_square (&square, level, take, user_data);
      }
}
