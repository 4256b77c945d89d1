/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot/plot-axis.h"
#include "plot/plot-draw.h"
#include "plot/plot-text.h"

#include <math.h>

#define SAMPLE_WIDTH 22
#define PADDING 8

/**
 * Box:
 * @x: left edge, in pixels
 * @y: upper edge
 * @width: width
 * @row: height of a row
 * @n_rows: number of rows
 *
 * Where a legend is.
 */
typedef struct
{
  double x;
  double y;
  double width;
  double row;
  guint n_rows;
} Box;

static gboolean
is_listed (const ConvergeSeries *series,
           const ConvergePlotStyle *style)
{
  return series->label != NULL && (series->is_visible || style->lists_hidden);
}

/* Measuring needs no surface of the size of the plot. */
static cairo_t *
make_measurer (const ConvergePlotStyle *style)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_A8, 1, 1);
  cairo_t *cr = cairo_create (surface);

  cairo_surface_destroy (surface);
  converge_plot_set_font (cr, style, 0.92);
  return cr;
}

/* How many points of lines lie in a corner of the area. */
static guint
count_points (const ConvergePlot *plot,
              const ConvergePlotArea *area,
              const Box *box)
{
  guint n_points = 0;
  double x, y;

  for (guint i = 0; i < plot->series->len; i++)
    {
      const ConvergeSeries *series = g_ptr_array_index (plot->series, i);
      gsize stride = MAX (1, series->n / 128);

      if (!series->is_visible || series->kind == CONVERGE_SERIES_RULE)
        continue;
      for (gsize k = 0; k < series->n; k += stride)
        {
          converge_plot_area_from_data (area, series->x[k], series->y[k], &x, &y);
          n_points += x >= box->x && x <= box->x + box->width && y >= box->y
                      && y <= box->y + box->row * box->n_rows;
        }
    }
  return n_points;
}

static gboolean
find_box (const ConvergePlot *plot,
          const ConvergePlotStyle *style,
          const ConvergePlotArea *area,
          Box *box)
{
  cairo_t *measurer = make_measurer (style);
  guint fewest = G_MAXUINT;
  Box best = { 0 };

  *box = (Box){ .row = 1.5 * style->font_size };
  for (guint i = 0; i < plot->series->len; i++)
    {
      const ConvergeSeries *series = g_ptr_array_index (plot->series, i);
      if (!is_listed (series, style))
        continue;
      box->width = fmax (box->width, converge_plot_text_width (measurer, series->label));
      box->n_rows++;
    }
  cairo_destroy (measurer);
  box->width += SAMPLE_WIDTH + 3 * PADDING;
  /* A legend that covers the plot is none. */
  if (box->n_rows == 0 || box->width > 0.7 * area->width
      || box->row * box->n_rows > 0.8 * area->height)
    return FALSE;

  for (guint corner = 0; corner < 4; corner++)
    {
      guint n_points;

      box->x = corner % 2 == 0 ? area->x + area->width - box->width - PADDING : area->x + PADDING;
      box->y = corner < 2 ? area->y + PADDING
                          : area->y + area->height - box->row * box->n_rows - PADDING;
      n_points = count_points (plot, area, box);
      if (n_points < fewest)
        {
          fewest = n_points;
          best = *box;
        }
    }
  *box = best;
  return TRUE;
}

static void
draw_sample (cairo_t *cr,
             const ConvergePlotStyle *style,
             const ConvergeSeries *series,
             double x,
             double y)
{
  converge_plot_set_stroke (cr, style, series);
  if (series->kind == CONVERGE_SERIES_BAND)
    {
      cairo_rectangle (cr, x, y - 4, SAMPLE_WIDTH, 8);
      cairo_fill (cr);
    }
  else if (series->kind == CONVERGE_SERIES_POINTS)
    {
      cairo_arc (cr, x + SAMPLE_WIDTH / 2, y, 3, 0, 2 * G_PI);
      cairo_fill (cr);
    }
  else
    {
      cairo_move_to (cr, x, y);
      cairo_line_to (cr, x + SAMPLE_WIDTH, y);
      cairo_stroke (cr);
    }
}

/**
 * converge_plot_draw_legend:
 * @plot: a plot
 * @cr: a cairo context
 * @style: the style
 * @area: where data is drawn
 *
 * Draws the legend in the corner that has the least in it; hidden series, where
 * the style has them there, faintly.
 */
void
converge_plot_draw_legend (const ConvergePlot *plot,
                           cairo_t *cr,
                           const ConvergePlotStyle *style,
                           const ConvergePlotArea *area)
{
  guint row = 0;
  Box box;

  if (!find_box (plot, style, area, &box))
    return;
  cairo_save (cr);
  converge_plot_set_color (cr, style->background, 0.8);
  cairo_rectangle (cr, box.x, box.y, box.width, box.row * box.n_rows);
  cairo_fill (cr);
  converge_plot_set_font (cr, style, 0.92);
  for (guint i = 0; i < plot->series->len; i++)
    {
      const ConvergeSeries *series = g_ptr_array_index (plot->series, i);
      double middle = box.y + box.row * (row + 0.5);

      if (!is_listed (series, style))
        continue;
      cairo_push_group (cr);
      draw_sample (cr, style, series, box.x + PADDING, middle);
      converge_plot_set_color (cr, style->text, 1);
      cairo_move_to (cr, box.x + SAMPLE_WIDTH + 2 * PADDING, middle + 0.35 * style->font_size);
      converge_plot_show_text (cr, series->label);
      cairo_pop_group_to_source (cr);
      cairo_paint_with_alpha (cr, series->is_visible ? 1 : 0.35);
      row++;
    }
  cairo_restore (cr);
}

/**
 * converge_plot_legend_at:
 * @plot: a plot
 * @style: the style
 * @area: where data is drawn
 * @pixel_x: a place on the surface
 * @pixel_y: and how far down
 *
 * Returns: number of the series whose row of the legend is there, −1 for none
 */
gint
converge_plot_legend_at (const ConvergePlot *plot,
                         const ConvergePlotStyle *style,
                         const ConvergePlotArea *area,
                         double pixel_x,
                         double pixel_y)
{
  gint row;
  Box box;

  if (!find_box (plot, style, area, &box) || pixel_x < box.x || pixel_x > box.x + box.width
      || pixel_y < box.y)
    return -1;
  row = (gint) ((pixel_y - box.y) / box.row);
  for (guint i = 0; i < plot->series->len; i++)
    {
      const ConvergeSeries *series = g_ptr_array_index (plot->series, i);

      if (is_listed (series, style) && row-- == 0)
        return (gint) i;
    }
  return -1;
}

/* The point of a line nearest to a place across. */
static gboolean
find_nearest (const ConvergeSeries *series,
              const ConvergePlotArea *area,
              double pixel_x,
              gsize *nearest)
{
  double least = INFINITY, x, y;

  for (gsize i = 0; i < series->n; i++)
    {
      converge_plot_area_from_data (area, series->x[i], series->y[i], &x, &y);
      if (isfinite (y) && fabs (x - pixel_x) < least)
        {
          least = fabs (x - pixel_x);
          *nearest = i;
        }
    }
  return least < area->width;
}

static void
draw_values (cairo_t *cr,
             const ConvergePlotStyle *style,
             const ConvergePlotArea *area,
             GPtrArray *lines,
             double pixel_x,
             double pixel_y)
{
  double width = 0, height = 1.4 * style->font_size * lines->len + PADDING;
  double x, y;

  converge_plot_set_font (cr, style, 0.92);
  for (guint i = 0; i < lines->len; i++)
    {
      const char *line = g_ptr_array_index (lines, i);

      width = fmax (width, converge_plot_text_width (cr, line) + 2 * PADDING);
    }
  x = pixel_x + 2 * PADDING;
  if (x + width > area->x + area->width)
    x = pixel_x - 2 * PADDING - width;
  y = CLAMP (pixel_y - height / 2, area->y, fmax (area->y, area->y + area->height - height));
  converge_plot_set_color (cr, style->background, 0.9);
  cairo_rectangle (cr, x, y, width, height);
  cairo_fill_preserve (cr);
  converge_plot_set_color (cr, style->axis, 0.6);
  cairo_stroke (cr);
  converge_plot_set_color (cr, style->text, 1);
  for (guint i = 0; i < lines->len; i++)
    {
      cairo_move_to (cr, x + PADDING, y + PADDING / 2 + 1.4 * style->font_size * (i + 0.75));
      converge_plot_show_text (cr, g_ptr_array_index (lines, i));
    }
}

static gboolean
has_value (const ConvergeSeries *series)
{
  return series->is_visible && series->label != NULL && series->kind == CONVERGE_SERIES_LINE;
}

/* Where the nearest point of a line is: values between points are nobody's. */
static double
snap (const ConvergePlot *plot,
      const ConvergePlotArea *area,
      double pixel_x)
{
  double x, y;

  for (guint i = 0; i < plot->series->len; i++)
    {
      const ConvergeSeries *series = g_ptr_array_index (plot->series, i);
      gsize nearest = 0;

      if (has_value (series) && find_nearest (series, area, pixel_x, &nearest))
        return series->x[nearest];
    }
  converge_plot_area_to_data (area, pixel_x, area->y, &x, &y);
  return x;
}

static void
format_place (double x,
              char *text,
              gsize size)
{
  if (x == floor (x) && fabs (x) < 1e15)
    g_snprintf (text, size, "%.0f", x);
  else
    converge_axis_format (x, 4, text, size);
}

/**
 * converge_plot_draw_crosshair:
 * @plot: a plot
 * @cr: a cairo context
 * @style: the style
 * @area: where data is drawn
 * @pixel_x: where the pointer is
 * @pixel_y: and how far down
 *
 * Draws a line at the pointer and the values that the visible lines have
 * there.
 */
void
converge_plot_draw_crosshair (const ConvergePlot *plot,
                              cairo_t *cr,
                              const ConvergePlotStyle *style,
                              const ConvergePlotArea *area,
                              double pixel_x,
                              double pixel_y)
{
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func (g_free);
  char number[32];
  double x, y;

  if (pixel_x < area->x || pixel_x > area->x + area->width || pixel_y < area->y
      || pixel_y > area->y + area->height)
    return;

  x = snap (plot, area, pixel_x);
  converge_plot_area_from_data (area, x, area->y_minimum, &pixel_x, &y);
  cairo_save (cr);
  cairo_set_line_width (cr, 1);
  converge_plot_set_color (cr, style->axis, 0.8);
  cairo_move_to (cr, floor (pixel_x) + 0.5, area->y);
  cairo_line_to (cr, floor (pixel_x) + 0.5, area->y + area->height);
  cairo_stroke (cr);

  format_place (x, number, sizeof number);
  g_ptr_array_add (lines, g_strdup_printf ("%s = %s",
                                           plot->x.label != NULL ? plot->x.label : "x", number));
  for (guint i = 0; i < plot->series->len; i++)
    {
      const ConvergeSeries *series = g_ptr_array_index (plot->series, i);
      double point_x, point_y;
      gsize nearest = 0;

      if (!has_value (series) || !find_nearest (series, area, pixel_x, &nearest))
        continue;
      converge_axis_format (series->y[nearest], 4, number, sizeof number);
      g_ptr_array_add (lines, g_strdup_printf ("%s: %s", series->label, number));
      converge_plot_area_from_data (area, series->x[nearest], series->y[nearest], &point_x,
                                    &point_y);
      converge_plot_set_stroke (cr, style, series);
      cairo_arc (cr, point_x, CLAMP (point_y, area->y, area->y + area->height), 3.5, 0, 2 * G_PI);
      cairo_fill (cr);
    }
  cairo_set_dash (cr, NULL, 0, 0);
  cairo_set_line_width (cr, 1);
  draw_values (cr, style, area, lines, pixel_x, pixel_y);
  cairo_restore (cr);
}
