/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot/plot-draw.h"

#include "plot/plot-axis.h"
#include "plot/plot-field.h"
#include "plot/plot-legend.h"
#include "plot/plot-note.h"
#include "plot/plot-others.h"
#include "plot/plot-pen.h"
#include "plot/plot-series.h"
#include "plot/plot-text.h"

#include <math.h>

#define TICK_LENGTH 4
#define LABEL_GAP 6

/* The least distance between two labels, one above the other, in units of the font's size. */
#define LEAST_DISTANCE 1.1

/* Most plots have so much room right of their data, in the size of the font. */
#define LEAST_ROOM 1.4

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
  const double note = converge_plot_note_height (plot, style, width, height);
  const double below = 2 * size + (plot->x.label != NULL ? 1.6 * size : 0) + note;
  const double right = converge_plot_field_room (plot, style, LEAST_ROOM * size);
  const double legend
    = converge_plot_legend_height (plot, style, left, width - left - right, height);
  const double above = 2.2 * size + fmax (legend, 0);

  area->x = floor (left) + 0.5;
  area->y = floor (above) + 0.5;
  area->width = floor (fmax (width - left - right, 10));
  area->height = floor (fmax (height - above - below, 10));
  area->legend_y = 0.35 * size;
  area->has_legend = legend >= 0;
  area->x_axis = &plot->x;
  area->y_axis = &plot->y;
  converge_plot_get_range (plot, &area->x_minimum, &area->x_maximum, &area->y_minimum,
                           &area->y_maximum);
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
  /* A label at the end of the axis is not to be cut off. */
  const double right = area->x + area->width + LEAST_ROOM * style->font_size;

  for (guint i = 0; i < n; i++)
    {
      double x, y, width;

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
      width = converge_plot_text_width (cr, ticks[i].label);
      cairo_move_to (cr, fmin (x - width / 2, right - width),
                     bottom + TICK_LENGTH + 1.15 * style->font_size);
      converge_plot_show_text (cr, ticks[i].label);
    }
}

/* Whether no two labels of an upright axis touch each other, which they do in a plot of a few
 * pixels. */
static gboolean
have_room (const ConvergePlotArea *area,
           const ConvergePlotStyle *style,
           guint n,
           const ConvergeTick *ticks)
{
  double x, y, before = INFINITY;

  for (guint i = 0; i < n; i++)
    {
      if (ticks[i].is_minor)
        continue;
      converge_plot_area_from_data (area, area->x_minimum, ticks[i].value, &x, &y);
      if (fabs (before - y) < LEAST_DISTANCE * style->font_size)
        return FALSE;
      before = y;
    }
  return TRUE;
}

static void
draw_y_ticks (cairo_t *cr,
              const ConvergePlotStyle *style,
              const ConvergePlotArea *area)
{
  ConvergeTick ticks[CONVERGE_AXIS_MAX_TICKS];
  guint n_wanted = (guint) CLAMP (area->height / (3 * style->font_size), 2, 10);
  guint n = converge_axis_ticks (area->y_axis, area->y_minimum, area->y_maximum, n_wanted, ticks);
  const gboolean has_labels = have_room (area, style, n, ticks);

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
      if (!has_labels)
        continue;
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
             double bottom,
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
                     bottom - 0.45 * style->font_size);
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
  draw_labels (plot, cr, height - converge_plot_note_height (plot, style, width, height), style, area);
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
  converge_plot_draw_field (plot, cr, style, &area);
  converge_plot_draw_others (plot, cr, style, &area, FALSE);
  converge_plot_draw_others (plot, cr, style, &area, TRUE);
  converge_plot_draw_series (plot, cr, style, &area);
  converge_plot_draw_note (plot, cr, width, height, style);
  converge_plot_draw_legend (plot, cr, style, &area);
}
