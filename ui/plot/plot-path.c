/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot/plot-path.h"

#include "plot/plot-field.h"
#include "plot/plot-pen.h"

#include <math.h>

/* What lies on a field: the ways of runs, and arrows. */

/* How much wider what is around a path is than the path. */
#define CASING 3.5

/* Of an arrow's head, beside its line's width. */
#define HEAD_LENGTH 7
#define HEAD_WIDTH 5
#define HALO 3

/* The path, as far as it can be seen. */
static void
trace (cairo_t *cr,
       const ConvergePlotArea *area,
       const ConvergeSeries *series)
{
  gboolean is_joined = FALSE;
  double x, y;

  for (gsize i = 0; i < series->n; i++)
    {
      const gboolean is_seen
        = converge_plot_area_find_pixel (area, series->x[i], series->y[i], &x, &y);

      if (is_seen && is_joined)
        cairo_line_to (cr, x, y);
      else if (is_seen)
        cairo_move_to (cr, x, y);
      is_joined = is_seen;
    }
}

/**
 * converge_plot_draw_path:
 * @plot: a plot with a field
 * @cr: a cairo context
 * @style: the style
 * @area: where data is drawn
 * @series: a path
 *
 * Draws a path: each of its parts in the colour that the field has for the value there, with the
 * path's own colour around it. Where the field under it has the same value, nothing of it but
 * that is to be seen.
 */
void
converge_plot_draw_path (const ConvergePlot *plot,
                         cairo_t *cr,
                         const ConvergePlotStyle *style,
                         const ConvergePlotArea *area,
                         const ConvergeSeries *series)
{
  const ConvergeRange scale = converge_field_scale (plot->field);
  const double width = series->width * style->line_scale;
  double x, y, before_x, before_y;

  converge_plot_set_stroke (cr, style, series);
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_ROUND);
  cairo_set_line_width (cr, width + CASING + 2);
  converge_plot_set_color (cr, style->background, 0.8 * series->opacity);
  trace (cr, area, series);
  cairo_stroke (cr);
  cairo_set_line_width (cr, width + CASING);
  converge_plot_set_color (cr, converge_plot_style_color (style, series->color), series->opacity);
  trace (cr, area, series);
  cairo_stroke (cr);
  cairo_set_line_width (cr, width);
  for (gsize i = 1; i < series->n; i++)
    {
      if (!converge_plot_area_find_pixel (area, series->x[i - 1], series->y[i - 1], &before_x, &before_y)
          || !converge_plot_area_find_pixel (area, series->x[i], series->y[i], &x, &y))
        continue;
      converge_plot_set_color (cr,
                               converge_field_value_color (plot->field, &scale, series->high[i]),
                               series->opacity);
      cairo_move_to (cr, before_x, before_y);
      cairo_line_to (cr, x, y);
      cairo_stroke (cr);
    }
}

static void
trace_arrow (cairo_t *cr,
             double from_x,
             double from_y,
             double to_x,
             double to_y,
             double width,
             double halo)
{
  const double length = hypot (to_x - from_x, to_y - from_y);
  const double along_x = (to_x - from_x) / length, along_y = (to_y - from_y) / length;
  const double head = fmin (HEAD_LENGTH + width, length);
  const double half = (HEAD_WIDTH + width) / 2;
  const double neck_x = to_x - head * along_x, neck_y = to_y - head * along_y;

  cairo_move_to (cr, from_x, from_y);
  cairo_line_to (cr, neck_x, neck_y);
  cairo_stroke (cr);
  cairo_move_to (cr, to_x, to_y);
  cairo_line_to (cr, neck_x - half * along_y, neck_y + half * along_x);
  cairo_line_to (cr, neck_x + half * along_y, neck_y - half * along_x);
  cairo_close_path (cr);
  cairo_fill_preserve (cr);
  cairo_save (cr);
  cairo_set_line_width (cr, halo);
  cairo_stroke (cr);
  cairo_restore (cr);
}

/**
 * converge_plot_draw_arrow:
 * @cr: a cairo context
 * @style: the style
 * @area: where data is drawn
 * @series: an arrow
 *
 * Draws the arrow from its first point to its second one.
 */
void
converge_plot_draw_arrow (cairo_t *cr,
                          const ConvergePlotStyle *style,
                          const ConvergePlotArea *area,
                          const ConvergeSeries *series)
{
  double from_x, from_y, to_x, to_y;

  if (series->n < 2 || !converge_plot_area_find_pixel (area, series->x[0], series->y[0], &from_x, &from_y)
      || !converge_plot_area_find_pixel (area, series->x[1], series->y[1], &to_x, &to_y)
      || hypot (to_x - from_x, to_y - from_y) < 1)
    return;
  converge_plot_set_stroke (cr, style, series);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_MITER);
  if (series->has_halo)
    {
      cairo_set_line_width (cr, series->width * style->line_scale + HALO);
      converge_plot_set_color (cr, style->background, 0.9);
      trace_arrow (cr, from_x, from_y, to_x, to_y, series->width, HALO);
      converge_plot_set_stroke (cr, style, series);
    }
  trace_arrow (cr, from_x, from_y, to_x, to_y, series->width, 0.5);
}
