/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot/plot-draw.h"

#include "plot/plot-axis.h"
#include "plot/plot-text.h"

#include <math.h>

#define TICK_LENGTH 4
#define LABEL_GAP 6
#define POINT_RADIUS 3

/* How much paler each line of a trail is than the one before. */
#define TRAIL_FADING 0.75

/* Lines far outside do not get finer by their exact place, and cairo's fixed
 * point numbers end somewhere. */
#define FAR 20000

/**
 * converge_plot_set_color:
 * @cr: a cairo context
 * @color: a colour
 * @opacity: what to multiply its alpha with
 */
void
converge_plot_set_color (cairo_t *cr,
                         ConvergeColor color,
                         double opacity)
{
  cairo_set_source_rgba (cr, color.red, color.green, color.blue, color.alpha * opacity);
}

/**
 * converge_plot_set_stroke:
 * @cr: a cairo context
 * @style: the style
 * @series: a series
 *
 * Prepares to stroke the lines of a series.
 */
void
converge_plot_set_stroke (cairo_t *cr,
                          const ConvergePlotStyle *style,
                          const ConvergeSeries *series)
{
  double width = series->width * style->line_scale;
  double scaled[8];
  const double *dashes;
  gint n_dashes;

  converge_plot_set_color (cr, style->series[series->color % CONVERGE_PALETTE_SIZE],
                           series->opacity);
  cairo_set_line_width (cr, width);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_BUTT);
  cairo_set_dash (cr, NULL, 0, 0);
  if (!series->is_dashed)
    return;
  dashes = converge_palette_dashes (series->color, &n_dashes);
  for (gint i = 0; i < n_dashes; i++)
    scaled[i] = dashes[i] * width;
  cairo_set_dash (cr, scaled, n_dashes, 0);
}

/**
 * converge_plot_layout:
 * @plot: a plot
 * @width: of the surface, in pixels
 * @height: of the surface
 * @style: the style
 * @area: (out): where data is drawn
 *
 * Leaves room for labels around the data. The room does not depend on what the
 * labels say, so the frame does not jump while values change.
 */
void
converge_plot_layout (const ConvergePlot *plot,
                      double width,
                      double height,
                      const ConvergePlotStyle *style,
                      ConvergePlotArea *area)
{
  const double size = style->font_size;
  const double left = 4.6 * size + (plot->y.label != NULL ? 1.6 * size : 0);
  const double below = 2 * size + (plot->x.label != NULL ? 1.6 * size : 0);
  const double legend
    = converge_plot_legend_height (plot, style, left, width - left - 1.4 * size, height);
  const double above = 2.2 * size + fmax (legend, 0);

  area->x = floor (left) + 0.5;
  area->y = floor (above) + 0.5;
  area->width = floor (fmax (width - left - 1.4 * size, 10));
  area->height = floor (fmax (height - above - below, 10));
  area->legend_y = 0.35 * size;
  area->has_legend = legend >= 0;
  area->x_axis = &plot->x;
  area->y_axis = &plot->y;
  converge_plot_get_range (plot, &area->x_minimum, &area->x_maximum, &area->y_minimum,
                           &area->y_maximum);
}

static double
fraction (const ConvergeAxis *axis,
          double minimum,
          double maximum,
          double value)
{
  double low = converge_axis_scale (axis, minimum);

  return (converge_axis_scale (axis, value) - low) / (converge_axis_scale (axis, maximum) - low);
}

/**
 * converge_plot_area_from_data:
 * @area: where data is drawn
 * @x: a value along the horizontal axis
 * @y: a value along the vertical axis
 * @pixel_x: (out): where on the surface that is; not finite if nowhere
 * @pixel_y: (out): and how far down
 */
void
converge_plot_area_from_data (const ConvergePlotArea *area,
                              double x,
                              double y,
                              double *pixel_x,
                              double *pixel_y)
{
  *pixel_x = area->x
             + area->width * fraction (area->x_axis, area->x_minimum, area->x_maximum, x);
  *pixel_y = area->y
             + area->height
                 * (1 - fraction (area->y_axis, area->y_minimum, area->y_maximum, y));
}

/**
 * converge_plot_area_to_data:
 * @area: where data is drawn
 * @pixel_x: a place on the surface
 * @pixel_y: and how far down
 * @x: (out): the value along the horizontal axis
 * @y: (out): the value along the vertical axis
 */
void
converge_plot_area_to_data (const ConvergePlotArea *area,
                            double pixel_x,
                            double pixel_y,
                            double *x,
                            double *y)
{
  double across = (pixel_x - area->x) / area->width;
  double up = 1 - (pixel_y - area->y) / area->height;
  double x0 = converge_axis_scale (area->x_axis, area->x_minimum);
  double x1 = converge_axis_scale (area->x_axis, area->x_maximum);
  double y0 = converge_axis_scale (area->y_axis, area->y_minimum);
  double y1 = converge_axis_scale (area->y_axis, area->y_maximum);

  *x = converge_axis_unscale (area->x_axis, x0 + across * (x1 - x0));
  *y = converge_axis_unscale (area->y_axis, y0 + up * (y1 - y0));
}

static void
draw_x_ticks (cairo_t *cr,
              const ConvergePlotStyle *style,
              const ConvergePlotArea *area)
{
  ConvergeTick ticks[CONVERGE_AXIS_MAX_TICKS];
  guint n_wanted = (guint) CLAMP (area->width / (6 * style->font_size), 2, 12);
  guint n = converge_axis_ticks (area->x_axis, area->x_minimum, area->x_maximum, n_wanted, ticks);
  double bottom = area->y + area->height;

  for (guint i = 0; i < n; i++)
    {
      double x, y;

      converge_plot_area_from_data (area, ticks[i].value, area->y_minimum, &x, &y);
      x = floor (x) + 0.5;
      converge_plot_set_color (cr, style->grid, ticks[i].is_minor ? 0.5 : 1);
      cairo_move_to (cr, x, area->y);
      cairo_line_to (cr, x, bottom);
      cairo_stroke (cr);
      if (ticks[i].is_minor)
        continue;
      converge_plot_set_color (cr, style->axis, 1);
      cairo_move_to (cr, x, bottom);
      cairo_line_to (cr, x, bottom + TICK_LENGTH);
      cairo_stroke (cr);
      converge_plot_set_color (cr, style->text, 1);
      cairo_move_to (cr, x - converge_plot_text_width (cr, ticks[i].label) / 2,
                     bottom + TICK_LENGTH + 1.15 * style->font_size);
      converge_plot_show_text (cr, ticks[i].label);
    }
}

static void
draw_y_ticks (cairo_t *cr,
              const ConvergePlotStyle *style,
              const ConvergePlotArea *area)
{
  ConvergeTick ticks[CONVERGE_AXIS_MAX_TICKS];
  guint n_wanted = (guint) CLAMP (area->height / (3 * style->font_size), 2, 10);
  guint n = converge_axis_ticks (area->y_axis, area->y_minimum, area->y_maximum, n_wanted, ticks);

  for (guint i = 0; i < n; i++)
    {
      double x, y;

      converge_plot_area_from_data (area, area->x_minimum, ticks[i].value, &x, &y);
      y = floor (y) + 0.5;
      converge_plot_set_color (cr, style->grid, ticks[i].is_minor ? 0.5 : 1);
      cairo_move_to (cr, area->x, y);
      cairo_line_to (cr, area->x + area->width, y);
      cairo_stroke (cr);
      if (ticks[i].is_minor)
        continue;
      converge_plot_set_color (cr, style->axis, 1);
      cairo_move_to (cr, area->x - TICK_LENGTH, y);
      cairo_line_to (cr, area->x, y);
      cairo_stroke (cr);
      converge_plot_set_color (cr, style->text, 1);
      cairo_move_to (cr,
                     area->x - LABEL_GAP - TICK_LENGTH / 2
                       - converge_plot_text_width (cr, ticks[i].label),
                     y + 0.35 * style->font_size);
      converge_plot_show_text (cr, ticks[i].label);
    }
}

static void
draw_labels (const ConvergePlot *plot,
             cairo_t *cr,
             double height,
             const ConvergePlotStyle *style,
             const ConvergePlotArea *area)
{
  converge_plot_set_color (cr, style->text, 1);
  if (plot->title != NULL)
    {
      converge_plot_set_title_font (cr, style);
      cairo_move_to (cr, area->x, area->legend_y + 1.2 * style->font_size);
      converge_plot_show_text (cr, plot->title);
    }
  converge_plot_set_font (cr, style, 1);
  if (plot->x.label != NULL)
    {
      cairo_move_to (cr, area->x + (area->width - converge_plot_text_width (cr, plot->x.label)) / 2,
                     height - 0.45 * style->font_size);
      converge_plot_show_text (cr, plot->x.label);
    }
  if (plot->y.label != NULL)
    {
      cairo_save (cr);
      cairo_move_to (cr, 1.25 * style->font_size,
                     area->y + (area->height + converge_plot_text_width (cr, plot->y.label)) / 2);
      cairo_rotate (cr, -G_PI / 2);
      converge_plot_show_text (cr, plot->y.label);
      cairo_restore (cr);
    }
}

/**
 * converge_plot_draw_frame:
 * @plot: a plot
 * @cr: a cairo context
 * @width: of the surface, in pixels
 * @height: of the surface
 * @style: the style
 * @area: where data is drawn
 *
 * Draws what stays as long as the range does: background, grid, axes, labels.
 */
void
converge_plot_draw_frame (const ConvergePlot *plot,
                          cairo_t *cr,
                          double width,
                          double height,
                          const ConvergePlotStyle *style,
                          const ConvergePlotArea *area)
{
  cairo_save (cr);
  converge_plot_set_color (cr, style->background, 1);
  cairo_rectangle (cr, 0, 0, width, height);
  cairo_fill (cr);

  cairo_set_line_width (cr, 1);
  converge_plot_set_font (cr, style, 0.92);
  draw_x_ticks (cr, style, area);
  draw_y_ticks (cr, style, area);
  converge_plot_set_color (cr, style->axis, 1);
  cairo_rectangle (cr, area->x, area->y, area->width, area->height);
  cairo_stroke (cr);
  converge_plot_set_font (cr, style, 1);
  draw_labels (plot, cr, height, style, area);
  cairo_restore (cr);
}

static gboolean
find_pixel (const ConvergePlotArea *area,
            double x,
            double y,
            double *pixel_x,
            double *pixel_y)
{
  converge_plot_area_from_data (area, x, y, pixel_x, pixel_y);
  if (!isfinite (*pixel_x) || !isfinite (*pixel_y))
    return FALSE;
  *pixel_x = CLAMP (*pixel_x, -FAR, FAR);
  *pixel_y = CLAMP (*pixel_y, -FAR, FAR);
  return TRUE;
}

/* Adds a triangle at the edge for a value that is not finite: where a loss went. */
static void
mark_lost (cairo_t *cr,
           const ConvergePlotStyle *style,
           const ConvergePlotArea *area,
           double x)
{
  double left, top;
  double size = 0.6 * style->font_size;

  if (!find_pixel (area, x, area->y_maximum, &left, &top))
    return;
  cairo_move_to (cr, left, area->y + 2);
  cairo_line_to (cr, left - size / 2, area->y + 2 + size);
  cairo_line_to (cr, left + size / 2, area->y + 2 + size);
  cairo_close_path (cr);
}

static void
add_dot (cairo_t *cr,
         double x,
         double y)
{
  cairo_new_sub_path (cr);
  cairo_arc (cr, x, y, POINT_RADIUS, 0, 2 * G_PI);
}

/* A point with no other beside it makes no line, and is a dot: the loss of a
 * first step, or one between two that are lost. */
static gboolean
is_alone (const ConvergeSeries *series,
          gsize i)
{
  return isfinite (series->y[i]) && (i == 0 || !isfinite (series->y[i - 1]))
         && (i + 1 == series->n || !isfinite (series->y[i + 1]));
}

static void
draw_line (cairo_t *cr,
           const ConvergePlotStyle *style,
           const ConvergePlotArea *area,
           const ConvergeSeries *series)
{
  gboolean is_joined = FALSE;
  double x, y;

  converge_plot_set_stroke (cr, style, series);
  for (gsize i = 0; i < series->n; i++)
    {
      const gboolean is_seen = find_pixel (area, series->x[i], series->y[i], &x, &y);

      if (is_seen && is_joined)
        cairo_line_to (cr, x, y);
      else if (is_seen)
        cairo_move_to (cr, x, y);
      is_joined = is_seen;
    }
  cairo_stroke (cr);

  for (gsize i = 0; i < series->n; i++)
    {
      if (is_alone (series, i) && find_pixel (area, series->x[i], series->y[i], &x, &y))
        add_dot (cr, x, y);
      if (!isfinite (series->y[i]) && (i == 0 || isfinite (series->y[i - 1])))
        mark_lost (cr, style, area, series->x[i]);
    }
  cairo_fill (cr);
}

static void
draw_trail (cairo_t *cr,
            const ConvergePlotStyle *style,
            const ConvergePlotArea *area,
            const ConvergeSeries *series)
{
  ConvergeSeries part = *series;
  double x, y;

  for (gsize i = 0; i < series->n; i++)
    {
      if (find_pixel (area, series->x[i], series->y[i], &x, &y))
        {
          cairo_line_to (cr, x, y);
          continue;
        }
      converge_plot_set_stroke (cr, style, &part);
      cairo_stroke (cr);
      part.opacity *= TRAIL_FADING;
    }
  converge_plot_set_stroke (cr, style, &part);
  cairo_stroke (cr);
}

static void
draw_band (cairo_t *cr,
           const ConvergePlotStyle *style,
           const ConvergePlotArea *area,
           const ConvergeSeries *series)
{
  gsize first = 0;

  converge_plot_set_stroke (cr, style, series);
  while (first < series->n)
    {
      gsize end = first;
      double x, y;

      while (end < series->n && find_pixel (area, series->x[end], series->y[end], &x, &y)
             && find_pixel (area, series->x[end], series->high[end], &x, &y))
        end++;
      for (gsize i = first; i < end; i++)
        {
          find_pixel (area, series->x[i], series->high[i], &x, &y);
          cairo_line_to (cr, x, y);
        }
      for (gsize i = end; i > first; i--)
        {
          find_pixel (area, series->x[i - 1], series->y[i - 1], &x, &y);
          cairo_line_to (cr, x, y);
        }
      if (end > first)
        cairo_close_path (cr);
      first = MAX (end, first + 1);
    }
  cairo_fill (cr);
}

static void
draw_points (cairo_t *cr,
             const ConvergePlotStyle *style,
             const ConvergePlotArea *area,
             const ConvergeSeries *series)
{
  double x, y;

  converge_plot_set_stroke (cr, style, series);
  for (gsize i = 0; i < series->n; i++)
    if (find_pixel (area, series->x[i], series->y[i], &x, &y))
      add_dot (cr, x, y);
  cairo_fill (cr);
}

static void
draw_rule (cairo_t *cr,
           const ConvergePlotStyle *style,
           const ConvergePlotArea *area,
           const ConvergeSeries *series)
{
  double x, y;

  if (series->n == 0 || !find_pixel (area, area->x_minimum, series->y[0], &x, &y))
    return;
  converge_plot_set_stroke (cr, style, series);
  cairo_move_to (cr, area->x, y);
  cairo_line_to (cr, area->x + area->width, y);
  cairo_stroke (cr);
}

/**
 * converge_plot_draw_series:
 * @plot: a plot
 * @cr: a cairo context
 * @style: the style
 * @area: where data is drawn
 *
 * Draws the visible series.
 */
void
converge_plot_draw_series (const ConvergePlot *plot,
                           cairo_t *cr,
                           const ConvergePlotStyle *style,
                           const ConvergePlotArea *area)
{
  static void (*const drawers[]) (cairo_t *, const ConvergePlotStyle *, const ConvergePlotArea *,
                                  const ConvergeSeries *)
    = {
        [CONVERGE_SERIES_LINE] = draw_line,
        [CONVERGE_SERIES_TRAIL] = draw_trail,
        [CONVERGE_SERIES_BAND] = draw_band,
        [CONVERGE_SERIES_POINTS] = draw_points,
        [CONVERGE_SERIES_RULE] = draw_rule,
      };

  cairo_save (cr);
  cairo_rectangle (cr, area->x, area->y, area->width, area->height);
  cairo_clip (cr);
  for (guint i = 0; i < plot->series->len; i++)
    {
      const ConvergeSeries *series = g_ptr_array_index (plot->series, i);

      if (series->is_visible)
        drawers[series->kind](cr, style, area, series);
    }
  cairo_restore (cr);
}

/**
 * converge_plot_draw:
 * @plot: a plot
 * @cr: a cairo context
 * @width: of the surface, in pixels
 * @height: of the surface
 * @style: the style
 *
 * Draws a plot from @cr's origin, in a file as on the screen.
 */
void
converge_plot_draw (const ConvergePlot *plot,
                    cairo_t *cr,
                    double width,
                    double height,
                    const ConvergePlotStyle *style)
{
  ConvergePlotArea area;

  converge_plot_layout (plot, width, height, style, &area);
  converge_plot_draw_frame (plot, cr, width, height, style, &area);
  converge_plot_draw_series (plot, cr, style, &area);
  converge_plot_draw_legend (plot, cr, style, &area);
}
