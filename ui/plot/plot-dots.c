/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot/plot-dots.h"

#include <math.h>

/* Dotted lines. Cairo's own dashes would be as many as the line is long, and a loss that goes up
 * and down in each step is a line of a million pixels. Here no dot is where there is one. */

/* A place that has room for one dot is so wide and so high, in distances from dot to dot: its
 * diagonal is shorter than one, so that no dot of a straight line is left out. */
#define PLACE_WIDTH 0.8
#define PLACE_HEIGHT 0.5

/**
 * Dots:
 * @cr: where they are added to the path
 * @area: where data is drawn
 * @size: of a dot
 * @distance: from one to the next
 * @n_columns: how many places there are across
 * @n_rows: how many places there are down
 * @is_taken: which of them have a dot
 * @left: how far it is to the next dot
 *
 * The dots of a line while it is walked along.
 */
typedef struct
{
  cairo_t *cr;
  const ConvergePlotArea *area;
  double size;
  double distance;
  gint n_columns;
  gint n_rows;
  gboolean *is_taken;
  double left;
} Dots;

static void
add_dot (Dots *dots,
         double x,
         double y)
{
  const gint column = (gint) floor ((x - dots->area->x) / (PLACE_WIDTH * dots->distance));
  const gint row = (gint) floor ((y - dots->area->y) / (PLACE_HEIGHT * dots->distance));
  gboolean *is_taken;

  if (column < 0 || column >= dots->n_columns || row < 0 || row >= dots->n_rows)
    return;
  is_taken = &dots->is_taken[column * dots->n_rows + row];
  if (!*is_taken)
    cairo_rectangle (dots->cr, x - dots->size / 2, y - dots->size / 2, dots->size, dots->size);
  *is_taken = TRUE;
}

/* Cuts off what is above @low or below @high of a way, which is given by where on it one is. */
static void
cut (double from,
     double to,
     double low,
     double high,
     double *first,
     double *last)
{
  const double length = to - from;
  const double a = (low - from) / length, b = (high - from) / length;

  if (length == 0)
    {
      if (from < low || from > high)
        *last = -1;
      return;
    }
  *first = fmax (*first, fmin (a, b));
  *last = fmin (*last, fmax (a, b));
}

static void
walk (Dots *dots,
      double from_x,
      double from_y,
      double to_x,
      double to_y)
{
  const ConvergePlotArea *area = dots->area;
  double first = 0, last = 1, x, y, length, at;

  cut (from_x, to_x, area->x, area->x + area->width, &first, &last);
  cut (from_y, to_y, area->y, area->y + area->height, &first, &last);
  if (first > last)
    return;
  x = (to_x - from_x) * first;
  y = (to_y - from_y) * first;
  length = hypot ((to_x - from_x) * last - x, (to_y - from_y) * last - y);
  if (first > 0)
    dots->left = 0;
  for (at = dots->left; at < length; at += dots->distance)
    {
      const double place = first + (last - first) * at / length;

      add_dot (dots, from_x + (to_x - from_x) * place, from_y + (to_y - from_y) * place);
    }
  dots->left = at - length;
}

/**
 * converge_plot_draw_dots:
 * @cr: a cairo context with the colour of the dots
 * @width: of the line
 * @area: where data is drawn
 * @series: a line
 *
 * Draws the line dotted.
 */
void
converge_plot_draw_dots (cairo_t *cr,
                         double width,
                         const ConvergePlotArea *area,
                         const ConvergeSeries *series)
{
  Dots dots = { .cr = cr, .area = area, .size = width, .distance = CONVERGE_DOT_DISTANCE * width };
  g_autofree gboolean *is_taken = NULL;
  gboolean is_joined = FALSE;
  double x, y, before_x = 0, before_y = 0;

  dots.n_columns = (gint) (area->width / (PLACE_WIDTH * dots.distance)) + 1;
  dots.n_rows = (gint) (area->height / (PLACE_HEIGHT * dots.distance)) + 1;
  dots.is_taken = is_taken = g_new0 (gboolean, (gsize) dots.n_columns * (gsize) dots.n_rows);
  for (gsize i = 0; i < series->n; i++)
    {
      const gboolean is_seen = converge_plot_area_find_pixel (area, series->x[i], series->y[i], &x, &y);

      if (is_seen && is_joined)
        walk (&dots, before_x, before_y, x, y);
      is_joined = is_seen;
      before_x = x;
      before_y = y;
    }
  cairo_fill (cr);
}
