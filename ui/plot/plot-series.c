/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot/plot-series.h"

#include "plot/plot-dots.h"
#include "plot/plot-path.h"
#include "plot/plot-pen.h"

#include <math.h>

#define POINT_RADIUS 3

/* How much wider a line's halo is than the line. */
#define HALO 2.5

/* More points than these are smaller, so that they do not hide each other, and than those
 * squares, which are painted in no time. */
#define MANY_POINTS 100
#define VERY_MANY_POINTS 400

/* How much paler each line of a trail is than the one before. */
#define TRAIL_FADING 0.75

/* Adds a triangle at the edge for a value that is not finite: where a loss went. */
static void
mark_lost (cairo_t *cr,
           const ConvergePlotStyle *style,
           const ConvergePlotArea *area,
           double x)
{
  double left, top;
  double size = 0.6 * style->font_size;

  if (!converge_plot_area_find_pixel (area, x, area->y_maximum, &left, &top))
    return;
  cairo_move_to (cr, left, area->y + 2);
  cairo_line_to (cr, left - size / 2, area->y + 2 + size);
  cairo_line_to (cr, left + size / 2, area->y + 2 + size);
  cairo_close_path (cr);
}

static void
add_dot (cairo_t *cr,
         double x,
         double y,
         double radius)
{
  cairo_new_sub_path (cr);
  cairo_arc (cr, x, y, radius, 0, 2 * G_PI);
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

static gboolean
is_lost (const ConvergeSeries *series,
         gsize i)
{
  return !isfinite (series->y[i]) && !(series->has_gaps && isnan (series->y[i]));
}

static gboolean
find_point (const ConvergePlotArea *area,
            const ConvergeSeries *series,
            gsize i,
            double *x,
            double *y)
{
  return converge_plot_area_find_pixel (
    area, series->x[i], converge_series_shown_value (series, area->y_axis, i), x, y);
}

/* The way to a point looks like its sign. */
static void
draw_sign (cairo_t *cr,
           const ConvergePlotStyle *style,
           const ConvergePlotArea *area,
           const ConvergeSeries *series,
           gboolean is_below)
{
  ConvergeSeries part = *series;
  gboolean is_joined = FALSE;
  double x, y, to_x, to_y;

  part.is_dashed = is_below;
  converge_plot_set_stroke (cr, style, &part);
  for (gsize i = 1; i < series->n; i++)
    {
      if ((series->y[i] < 0) != is_below || !find_point (area, series, i - 1, &x, &y)
          || !find_point (area, series, i, &to_x, &to_y))
        {
          is_joined = FALSE;
          continue;
        }
      if (!is_joined)
        cairo_move_to (cr, x, y);
      cairo_line_to (cr, to_x, to_y);
      is_joined = TRUE;
    }
  cairo_stroke (cr);
}

static void
draw_line (cairo_t *cr,
           const ConvergePlotStyle *style,
           const ConvergePlotArea *area,
           const ConvergeSeries *series)
{
  gboolean is_joined = FALSE;
  double x, y;

  if (series->is_signed && area->y_axis->is_log)
    {
      draw_sign (cr, style, area, series, FALSE);
      draw_sign (cr, style, area, series, TRUE);
      return;
    }
  converge_plot_set_stroke (cr, style, series);
  for (gsize i = 0; i < series->n && !series->is_dotted; i++)
    {
      const gboolean is_seen = converge_plot_area_find_pixel (area, series->x[i], series->y[i], &x, &y);

      if (is_seen && is_joined)
        cairo_line_to (cr, x, y);
      else if (is_seen)
        cairo_move_to (cr, x, y);
      is_joined = is_seen;
    }
  cairo_stroke (cr);
  if (series->is_dotted)
    converge_plot_draw_dots (cr, series->width * style->line_scale, area, series);

  for (gsize i = 0; i < series->n; i++)
    {
      if (is_alone (series, i) && converge_plot_area_find_pixel (area, series->x[i], series->y[i], &x, &y))
        add_dot (cr, x, y, POINT_RADIUS);
      if (is_lost (series, i) && (i == 0 || !is_lost (series, i - 1)))
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
      if (converge_plot_area_find_pixel (area, series->x[i], series->y[i], &x, &y))
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

      while (end < series->n && converge_plot_area_find_pixel (area, series->x[end], series->y[end], &x, &y)
             && converge_plot_area_find_pixel (area, series->x[end], series->high[end], &x, &y))
        end++;
      for (gsize i = first; i < end; i++)
        {
          converge_plot_area_find_pixel (area, series->x[i], series->high[i], &x, &y);
          cairo_line_to (cr, x, y);
        }
      for (gsize i = end; i > first; i--)
        {
          converge_plot_area_find_pixel (area, series->x[i - 1], series->y[i - 1], &x, &y);
          cairo_line_to (cr, x, y);
        }
      cairo_close_path (cr);
      /* Without it, the next part would begin where this one did. */
      cairo_new_sub_path (cr);
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
  const double radius = series->has_halo               ? POINT_RADIUS + series->width / 2
                        : series->n > VERY_MANY_POINTS ? POINT_RADIUS / 2.0
                        : series->n > MANY_POINTS      ? POINT_RADIUS / 1.5
                                                       : POINT_RADIUS;
  double x, y;

  converge_plot_set_stroke (cr, style, series);
  for (gsize i = 0; i < series->n; i++)
    if (converge_plot_area_find_pixel (area, series->x[i], series->y[i], &x, &y))
      {
        if (series->n > VERY_MANY_POINTS)
          cairo_rectangle (cr, x - radius, y - radius, 2 * radius, 2 * radius);
        else
          add_dot (cr, x, y, radius);
      }
  cairo_fill (cr);
}

static void
draw_rule (cairo_t *cr,
           const ConvergePlotStyle *style,
           const ConvergePlotArea *area,
           const ConvergeSeries *series)
{
  double x, y;

  if (series->n == 0 || !converge_plot_area_find_pixel (area, area->x_minimum, series->y[0], &x, &y))
    return;
  converge_plot_set_stroke (cr, style, series);
  cairo_move_to (cr, area->x, y);
  cairo_line_to (cr, area->x + area->width, y);
  cairo_stroke (cr);
}

static void
draw_upright (cairo_t *cr,
              const ConvergePlotStyle *style,
              const ConvergePlotArea *area,
              const ConvergeSeries *series)
{
  double x, y;

  if (series->n == 0 || !converge_plot_area_find_pixel (area, series->x[0], area->y_minimum, &x, &y))
    return;
  converge_plot_set_stroke (cr, style, series);
  cairo_move_to (cr, x, area->y);
  cairo_line_to (cr, x, area->y + area->height);
  cairo_stroke (cr);
}

typedef void (*Drawer) (cairo_t *cr,
                        const ConvergePlotStyle *style,
                        const ConvergePlotArea *area,
                        const ConvergeSeries *series);

/* The same, wider and in the background's colour. */
static void
draw_halo (cairo_t *cr,
           const ConvergePlotStyle *style,
           const ConvergePlotArea *area,
           const ConvergeSeries *series,
           Drawer draw)
{
  ConvergePlotStyle pale = *style;
  ConvergeSeries wide = *series;

  wide.color = series->color % CONVERGE_PALETTE_SIZE;
  pale.series[wide.color] = style->background;
  wide.width += HALO;
  wide.is_dashed = FALSE;
  draw (cr, &pale, area, &wide);
}

static void
draw_nothing (cairo_t *cr,
              const ConvergePlotStyle *style,
              const ConvergePlotArea *area,
              const ConvergeSeries *series)
{
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
  static const Drawer drawers[]
    = {
        [CONVERGE_SERIES_LINE] = draw_line,
        [CONVERGE_SERIES_TRAIL] = draw_trail,
        [CONVERGE_SERIES_BAND] = draw_band,
        [CONVERGE_SERIES_POINTS] = draw_points,
        [CONVERGE_SERIES_RULE] = draw_rule,
        [CONVERGE_SERIES_UPRIGHT] = draw_upright,
        [CONVERGE_SERIES_ARROW] = converge_plot_draw_arrow,
        [CONVERGE_SERIES_LOST] = draw_nothing,
        [CONVERGE_SERIES_ABOVE] = draw_nothing,
      };

  cairo_save (cr);
  cairo_rectangle (cr, area->x, area->y, area->width, area->height);
  cairo_clip (cr);
  for (guint i = 0; i < plot->series->len; i++)
    {
      const ConvergeSeries *series = g_ptr_array_index (plot->series, i);

      if (!series->is_visible)
        continue;
      if (series->kind == CONVERGE_SERIES_PATH)
        {
          converge_plot_draw_path (plot, cr, style, area, series);
          continue;
        }
      if (series->has_halo && series->kind != CONVERGE_SERIES_ARROW)
        draw_halo (cr, style, area, series, drawers[series->kind]);
      drawers[series->kind](cr, style, area, series);
    }
  cairo_restore (cr);
}
