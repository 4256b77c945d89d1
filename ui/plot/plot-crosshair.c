/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot/plot-crosshair.h"

#include "plot/plot-axis.h"
#include "plot/plot-field.h"
#include "plot/plot-pen.h"
#include "plot/plot-smooth.h"
#include "plot/plot-text.h"

#include <math.h>

/* The crosshair tells the values that the visible lines of a plot have where the pointer is. */

#define PADDING 8

typedef struct
{
  double x;
  double y;
  double width;
  double height;
} Box;

static gboolean
has_value (const ConvergeSeries *series)
{
  return series->is_visible && series->label != NULL && series->kind == CONVERGE_SERIES_LINE;
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
      converge_plot_area_from_data (area, series->x[i],
                                    converge_series_shown_value (series, area->y_axis, i), &x, &y);
      if (isfinite (y) && fabs (x - pixel_x) < least)
        {
          least = fabs (x - pixel_x);
          *nearest = i;
        }
    }
  return least < area->width;
}

/* How many points of lines lie in a box. */
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
      gsize stride = MAX (1, series->n / 512);

      if (!has_value (series))
        continue;
      for (gsize k = 0; k < series->n; k += stride)
        {
          converge_plot_area_from_data (area, series->x[k],
                                        converge_series_shown_value (series, area->y_axis, k), &x,
                                        &y);
          n_points += x >= box->x && x <= box->x + box->width && y >= box->y
                      && y <= box->y + box->height;
        }
    }
  return n_points;
}

/* Beside the pointer's line, at the height and on the side where the box covers
 * the least of what it is about. */
static void
place_box (const ConvergePlot *plot,
           const ConvergePlotArea *area,
           double pixel_x,
           double pixel_y,
           Box *box)
{
  const double heights[] = { pixel_y - box->height / 2, area->y + PADDING,
                             area->y + area->height - box->height - PADDING };
  const double sides[] = { pixel_x + 2 * PADDING, pixel_x - 2 * PADDING - box->width };
  guint fewest = G_MAXUINT;
  Box best = *box;

  for (guint i = 0; i < G_N_ELEMENTS (heights) * G_N_ELEMENTS (sides); i++)
    {
      const double side = sides[i % G_N_ELEMENTS (sides)];
      guint n_points;

      box->x = CLAMP (side, area->x, fmax (area->x, area->x + area->width - box->width));
      box->y = CLAMP (heights[i / G_N_ELEMENTS (sides)], area->y,
                      fmax (area->y, area->y + area->height - box->height));
      n_points = count_points (plot, area, box);
      /* A side that has no room for the box is not taken, because the box would be moved over the
       * pointer's own line. */
      if (box->x != side)
        n_points += 1000;
      if (n_points < fewest)
        {
          fewest = n_points;
          best = *box;
        }
    }
  *box = best;
}

static void
draw_values (const ConvergePlot *plot,
             cairo_t *cr,
             const ConvergePlotStyle *style,
             const ConvergePlotArea *area,
             GPtrArray *lines,
             double pixel_x,
             double pixel_y)
{
  Box box = { .height = 1.4 * style->font_size * lines->len + PADDING };

  converge_plot_set_font (cr, style, 0.92);
  for (guint i = 0; i < lines->len; i++)
    {
      const char *line = g_ptr_array_index (lines, i);

      box.width = fmax (box.width, converge_plot_text_width (cr, line) + 2 * PADDING);
    }
  place_box (plot, area, pixel_x, pixel_y, &box);
  converge_plot_set_color (cr, style->background, 0.9);
  cairo_rectangle (cr, box.x, box.y, box.width, box.height);
  cairo_fill_preserve (cr);
  converge_plot_set_color (cr, style->axis, 0.6);
  cairo_stroke (cr);
  converge_plot_set_color (cr, style->text, 1);
  for (guint i = 0; i < lines->len; i++)
    {
      cairo_move_to (cr, box.x + PADDING,
                     box.y + PADDING / 2 + 1.4 * style->font_size * (i + 0.75));
      converge_plot_show_text (cr, g_ptr_array_index (lines, i));
    }
}

/* The box tells of the nearest point of each line, because between two points there is no value
 * that a run has had. */
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

static void
add_number (GPtrArray *lines,
            const char *label,
            double value)
{
  char number[32];

  format_place (value, number, sizeof number);
  g_ptr_array_add (lines, g_strdup_printf ("%s = %s", label, number));
}

/* The legend has this word for a cell without a value. */
static const char *
find_name (const ConvergePlot *plot,
           ConvergeSeriesKind kind)
{
  for (guint i = 0; i < plot->series->len; i++)
    {
      const ConvergeSeries *series = g_ptr_array_index (plot->series, i);

      if (series->kind == kind)
        return series->label;
    }
  return NULL;
}

static void
add_cell (GPtrArray *lines,
          const ConvergePlot *plot,
          guint column,
          guint row)
{
  const ConvergeField *field = plot->field;
  const gsize at = (gsize) row * field->n_x + column;
  const char *name = NULL;
  char number[32];

  add_number (lines, plot->x.label, field->x[column]);
  add_number (lines, plot->y.label, field->y[row]);
  if (field->cells[at] == CONVERGE_CELL_LOST)
    name = find_name (plot, CONVERGE_SERIES_LOST);
  else if (field->cells[at] == CONVERGE_CELL_ABOVE)
    name = find_name (plot, CONVERGE_SERIES_ABOVE);
  if (name != NULL)
    g_ptr_array_add (lines, g_strdup (name));
  if (field->cells[at] != CONVERGE_CELL_VALUE)
    return;
  converge_axis_format (field->values[at], 4, number, sizeof number);
  g_ptr_array_add (lines, g_strdup_printf ("%s: %s", field->scale.label, number));
}

/* In a smooth field the box tells the value at the pointer itself. */
static void
draw_place (const ConvergePlot *plot,
            cairo_t *cr,
            const ConvergePlotStyle *style,
            const ConvergePlotArea *area,
            double pixel_x,
            double pixel_y)
{
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func (g_free);
  const double across = floor (pixel_x) + 0.5, down = floor (pixel_y) + 0.5;
  char number[32];
  double x, y, value;

  converge_plot_area_to_data (area, pixel_x, pixel_y, &x, &y);
  cairo_save (cr);
  for (guint i = 0; i < 2; i++)
    {
      cairo_set_line_width (cr, i == 0 ? 3 : 1);
      converge_plot_set_color (cr, i == 0 ? style->background : style->text, i == 0 ? 0.6 : 1);
      cairo_move_to (cr, area->x, down);
      cairo_line_to (cr, area->x + area->width, down);
      cairo_move_to (cr, across, area->y);
      cairo_line_to (cr, across, area->y + area->height);
      cairo_stroke (cr);
    }
  add_number (lines, plot->x.label, x);
  add_number (lines, plot->y.label, y);
  if (converge_smooth_value (plot->field, x, y, &value))
    {
      converge_axis_format (value, 4, number, sizeof number);
      g_ptr_array_add (lines, g_strdup_printf ("%s: %s", plot->field->scale.label, number));
    }
  if (plot->hint != NULL)
    g_ptr_array_add (lines, g_strdup (plot->hint));
  draw_values (plot, cr, style, area, lines, pixel_x, pixel_y);
  cairo_restore (cr);
}

/* In a field of cells the box tells the value of the cell under the pointer, and the cell gets a
 * frame. */
static void
draw_cell (const ConvergePlot *plot,
           cairo_t *cr,
           const ConvergePlotStyle *style,
           const ConvergePlotArea *area,
           double pixel_x,
           double pixel_y)
{
  const ConvergeField *field = plot->field;
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func (g_free);
  double x, y, left, top, right, bottom;
  guint column, row;

  converge_plot_area_to_data (area, pixel_x, pixel_y, &x, &y);
  if (!converge_field_find (plot, x, y, &column, &row))
    return;
  converge_plot_area_from_data (area, converge_axis_cell_edge (&plot->x, field->n_x, field->x, column),
                                converge_axis_cell_edge (&plot->y, field->n_y, field->y, row), &left,
                                &bottom);
  converge_plot_area_from_data (area,
                                converge_axis_cell_edge (&plot->x, field->n_x, field->x, column + 1),
                                converge_axis_cell_edge (&plot->y, field->n_y, field->y, row + 1),
                                &right, &top);
  cairo_save (cr);
  cairo_rectangle (cr, area->x, area->y, area->width, area->height);
  cairo_clip (cr);
  /* On whatever colour. */
  cairo_rectangle (cr, left, top, right - left, bottom - top);
  converge_plot_set_color (cr, style->background, 1);
  cairo_set_line_width (cr, 4);
  cairo_stroke_preserve (cr);
  converge_plot_set_color (cr, style->text, 1);
  cairo_set_line_width (cr, 2);
  cairo_stroke (cr);
  cairo_restore (cr);
  add_cell (lines, plot, column, row);
  cairo_save (cr);
  cairo_set_line_width (cr, 1);
  draw_values (plot, cr, style, area, lines, pixel_x, pixel_y);
  cairo_restore (cr);
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
 * there; of a field, the cell that the pointer is on.
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
  if (plot->field != NULL)
    {
      if (plot->field->is_smooth)
        draw_place (plot, cr, style, area, pixel_x, pixel_y);
      else
        draw_cell (plot, cr, style, area, pixel_x, pixel_y);
      return;
    }

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
      converge_plot_area_from_data (area, series->x[nearest],
                                    converge_series_shown_value (series, area->y_axis, nearest), &point_x,
                                    &point_y);
      converge_plot_set_stroke (cr, style, series);
      cairo_arc (cr, point_x, CLAMP (point_y, area->y, area->y + area->height), 3.5, 0, 2 * G_PI);
      cairo_fill (cr);
    }
  cairo_set_dash (cr, NULL, 0, 0);
  cairo_set_line_width (cr, 1);
  draw_values (plot, cr, style, area, lines, pixel_x, pixel_y);
  cairo_restore (cr);
}
