/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot/plot-path.h"

#include "plot/plot-axis.h"
#include "plot/plot-field.h"
#include "plot/plot-pen.h"

#include <math.h>

/* Paths of runs, and arrows, which lie on a field. */

/* How much wider what is around a path is than the path. */
#define CASING 3.5

/* The size of an arrow's head and of the halo around it, beyond the width of the line. */
#define HEAD_LENGTH 7
#define HEAD_WIDTH 5
#define HALO 3

/* Points nearer than this to the one before, in pixels, cannot be told from it. */
#define NEAR 1.5

/* How many colours a path is drawn in, from its first step to its last. */
#define N_COLORS 96

/**
 * Point:
 * @x: where it is, in pixels
 * @y: and how far down
 * @is_joined: whether a line leads to it from the point before
 * @color: number of the colour of that line
 *
 * A point of a path as it is drawn.
 */
typedef struct
{
  double x;
  double y;
  gboolean is_joined;
  guint color;
} Point;

static guint
find_color (const ConvergeField *field,
            const ConvergeRange *scale,
            double value)
{
  const double low = converge_axis_scale (&field->scale, scale->minimum);
  const double high = converge_axis_scale (&field->scale, scale->maximum);
  double share;

  if (isnan (value))
    return N_COLORS;
  if (field->scale.is_log && value <= 0)
    return 0;
  share = (converge_axis_scale (&field->scale, value) - low) / (high - low);
  return (guint) lround (CLAMP (share, 0, 1) * (N_COLORS - 1));
}

static double
find_value (const ConvergeField *field,
            const ConvergeRange *scale,
            guint color)
{
  const double low = converge_axis_scale (&field->scale, scale->minimum);
  const double high = converge_axis_scale (&field->scale, scale->maximum);

  return color == N_COLORS
           ? NAN
           : converge_axis_unscale (&field->scale, low + (high - low) * color / (N_COLORS - 1));
}

/* The points that can be told apart, and always the last. */
static GArray *
find_points (const ConvergePlot *plot,
             const ConvergePlotArea *area,
             const ConvergeRange *scale,
             const ConvergeSeries *series)
{
  GArray *points = g_array_new (FALSE, FALSE, sizeof (Point));
  gboolean is_joined = FALSE;
  double before_x = 0, before_y = 0;

  for (gsize i = 0; i < series->n; i++)
    {
      Point point = { .is_joined = is_joined };

      if (!converge_plot_area_find_pixel (area, series->x[i], series->y[i], &point.x, &point.y))
        {
          is_joined = FALSE;
          continue;
        }
      if (is_joined && i + 1 < series->n && hypot (point.x - before_x, point.y - before_y) < NEAR)
        continue;
      point.color = find_color (plot->field, scale, series->high[i]);
      g_array_append_val (points, point);
      before_x = point.x;
      before_y = point.y;
      is_joined = TRUE;
    }
  return points;
}

static void
trace (cairo_t *cr,
       const GArray *points)
{
  for (guint i = 0; i < points->len; i++)
    {
      const Point *point = &g_array_index (points, Point, i);

      if (point->is_joined)
        cairo_line_to (cr, point->x, point->y);
      else
        cairo_move_to (cr, point->x, point->y);
    }
}

/* Parts of the same colour that follow each other are drawn in one go. */
static void
draw_parts (const ConvergePlot *plot,
            cairo_t *cr,
            const ConvergeRange *scale,
            const GArray *points,
            double opacity)
{
  for (guint i = 1; i < points->len;)
    {
      const Point *point = &g_array_index (points, Point, i);
      const guint color = point->color;

      cairo_move_to (cr, point[-1].x, point[-1].y);
      for (; i < points->len && g_array_index (points, Point, i).color == color; i++)
        {
          point = &g_array_index (points, Point, i);
          if (point->is_joined)
            cairo_line_to (cr, point->x, point->y);
          else
            cairo_move_to (cr, point->x, point->y);
        }
      converge_plot_set_color (
        cr,
        converge_field_value_color (plot->field, scale, find_value (plot->field, scale, color)),
        opacity);
      cairo_stroke (cr);
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
  g_autoptr (GArray) points = find_points (plot, area, &scale, series);

  converge_plot_set_stroke (cr, style, series);
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_ROUND);
  cairo_set_line_width (cr, width + CASING + 2);
  converge_plot_set_color (cr, style->background, 0.8 * series->opacity);
  trace (cr, points);
  cairo_stroke (cr);
  cairo_set_line_width (cr, width + CASING);
  converge_plot_set_color (cr, converge_plot_style_color (style, series->color), series->opacity);
  trace (cr, points);
  cairo_stroke (cr);
  cairo_set_line_width (cr, width);
  draw_parts (plot, cr, &scale, points, series->opacity);
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
