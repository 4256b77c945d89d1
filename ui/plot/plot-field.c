/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot/plot-field.h"

#include "plot/field-image.h"
#include "plot/plot-axis.h"
#include "plot/plot-pen.h"
#include "plot/plot-smooth.h"
#include "plot/plot-text.h"

#include <math.h>
#include <string.h>

/* A field is drawn as an image with a pixel for each of the surface's, so that its cells
 * are where the axes have them, whatever their scales; in files of lines, which have no
 * pixels, with so many for each of theirs. */
#define PIXELS_OF_LINES 2

/* The colour bar, in the size of the font: from the data to it, its width, and the room
 * for its labels. */
#define GAP 1.2
#define BAR 1.1
#define LABELS 5.2
#define TICK_LENGTH 4

static guint32
find_color (const ConvergeField *field,
            const ConvergeRange *scale,
            ConvergeCell cell,
            double value)
{
  if (cell == CONVERGE_CELL_LOST)
    return converge_colormap_lost (converge_field_map (field));
  if (cell == CONVERGE_CELL_ABOVE)
    return converge_colormap_above (converge_field_map (field));
  return converge_colormap_at (converge_field_map (field), converge_field_share (field, scale, value));
}

/**
 * converge_field_color:
 * @field: a field
 * @cell: %CONVERGE_CELL_LOST or %CONVERGE_CELL_ABOVE
 *
 * Returns: the colour of such cells
 */
ConvergeColor
converge_field_color (const ConvergeField *field,
                      ConvergeCell cell)
{
  const ConvergeRange scale = { 1, 2 };

  return converge_color_from_rgb (find_color (field, &scale, cell, 1), 1);
}

/**
 * converge_field_scale:
 * @field: a field
 *
 * Returns: the values for the ends of the colours: as much on both sides of 0 where they diverge
 */
ConvergeRange
converge_field_scale (const ConvergeField *field)
{
  ConvergeRange range = { NAN, NAN };

  for (gsize i = 0; i < (gsize) field->n_x * field->n_y; i++)
    if (field->cells[i] == CONVERGE_CELL_VALUE && (!field->scale.is_log || field->values[i] > 0))
      {
        range.minimum = fmin (range.minimum, field->values[i]);
        range.maximum = fmax (range.maximum, field->values[i]);
      }
  if (field->is_signed)
    {
      range.maximum = fmax (fabs (range.minimum), fabs (range.maximum));
      range.minimum = -range.maximum;
    }
  return converge_axis_range (&field->scale, range.minimum, range.maximum, 0);
}

/**
 * converge_field_value_color:
 * @field: a field
 * @scale: what converge_field_scale() returns of it
 * @value: a value
 *
 * Returns: the colour that the field has for it
 */
ConvergeColor
converge_field_value_color (const ConvergeField *field,
                            const ConvergeRange *scale,
                            double value)
{
  return converge_color_from_rgb (find_color (field, scale,
                                              isnan (value) ? CONVERGE_CELL_LOST : CONVERGE_CELL_VALUE,
                                              value),
                                  1);
}

/* The cell of one axis where a value is; −1 if it is beside all of them. */
static gint
find_cell (const ConvergeAxis *axis,
           guint n,
           const double *middles,
           double value)
{
  guint low = 0, high = n;

  if (!(value >= converge_axis_cell_edge (axis, n, middles, 0))
      || value > converge_axis_cell_edge (axis, n, middles, n))
    return -1;
  while (high - low > 1)
    {
      const guint middle = (low + high) / 2;

      if (value >= converge_axis_cell_edge (axis, n, middles, middle))
        low = middle;
      else
        high = middle;
    }
  return (gint) low;
}

/**
 * converge_field_find:
 * @plot: a plot with a field
 * @x: a value along the horizontal axis
 * @y: a value along the vertical axis
 * @column: (out): the cell that is there: how many are left of it
 * @row: (out): and below it
 *
 * Returns: whether there is one
 */
gboolean
converge_field_find (const ConvergePlot *plot,
                     double x,
                     double y,
                     guint *column,
                     guint *row)
{
  const ConvergeField *field = plot->field;
  const gint i = find_cell (&plot->x, field->n_x, field->x, x);
  const gint j = find_cell (&plot->y, field->n_y, field->y, y);

  *column = (guint) MAX (i, 0);
  *row = (guint) MAX (j, 0);
  return i >= 0 && j >= 0;
}

/* Returns for each pixel along one side of the image the cell that it shows. */
static gint *
find_cells (const ConvergeAxis *axis,
            guint n,
            const double *middles,
            int n_pixels,
            double from,
            double to)
{
  const double low = converge_axis_scale (axis, from), high = converge_axis_scale (axis, to);
  gint *cells = g_new (gint, n_pixels);

  for (int i = 0; i < n_pixels; i++)
    cells[i] = find_cell (axis, n, middles,
                          converge_axis_unscale (axis, low + (high - low) * (i + 0.5) / n_pixels));
  return cells;
}

static void
fill_row (const ConvergeField *field,
          const ConvergeRange *scale,
          const gint *columns,
          gint row,
          int n_pixels,
          guint32 *pixels)
{
  gint last = -2;
  guint32 color = 0;

  for (int i = 0; i < n_pixels; i++)
    {
      if (columns[i] != last)
        {
          const gsize at = (gsize) row * field->n_x + (gsize) MAX (columns[i], 0);

          last = columns[i];
          color = last < 0 || field->cells[at] == CONVERGE_CELL_UNKNOWN
                    ? 0
                    : 0xff000000 | find_color (field, scale, field->cells[at], field->values[at]);
        }
      pixels[i] = color;
    }
}

static void
fill_image (const ConvergePlot *plot,
            const ConvergePlotArea *area,
            const ConvergeRange *scale,
            cairo_surface_t *image)
{
  const ConvergeField *field = plot->field;
  const int width = cairo_image_surface_get_width (image);
  const int height = cairo_image_surface_get_height (image);
  const int stride = cairo_image_surface_get_stride (image);
  guchar *data = cairo_image_surface_get_data (image);
  g_autofree gint *columns = find_cells (&plot->x, field->n_x, field->x, width, area->x_minimum,
                                         area->x_maximum);
  g_autofree gint *rows = find_cells (&plot->y, field->n_y, field->y, height, area->y_maximum,
                                      area->y_minimum);

  for (int i = 0; i < height; i++)
    {
      guchar *pixels = data + (gsize) i * (gsize) stride;

      if (i > 0 && rows[i] == rows[i - 1])
        memcpy (pixels, pixels - stride, (gsize) stride);
      else if (rows[i] >= 0)
        fill_row (field, scale, columns, rows[i], width, (guint32 *) (gpointer) pixels);
    }
  cairo_surface_mark_dirty (image);
}

static double
find_pixel_scale (cairo_t *cr,
                  const ConvergePlotStyle *style)
{
  cairo_surface_t *target = cairo_get_target (cr);
  double x = 1, y = 1;

  if (style->pixel_scale > 0)
    return style->pixel_scale;

  cairo_surface_get_device_scale (target, &x, &y);
  return cairo_surface_get_type (target) == CAIRO_SURFACE_TYPE_IMAGE ? x : PIXELS_OF_LINES;
}

static void
draw_cells (const ConvergePlot *plot,
            cairo_t *cr,
            const ConvergePlotStyle *style,
            const ConvergePlotArea *area,
            const ConvergeRange *scale)
{
  const double pixels = find_pixel_scale (cr, style);
  cairo_surface_t *image = converge_field_image_new (area, pixels);

  if (cairo_surface_status (image) == CAIRO_STATUS_SUCCESS)
    fill_image (plot, area, scale, image);
  converge_field_image_show (image, cr, area, pixels);
  cairo_surface_destroy (image);
}

static void
draw_bar_ticks (const ConvergeField *field,
                cairo_t *cr,
                const ConvergePlotStyle *style,
                const ConvergePlotArea *bar)
{
  ConvergeTick ticks[CONVERGE_AXIS_MAX_TICKS];
  const guint n_wanted = (guint) CLAMP (bar->height / (3 * style->font_size), 2, 10);
  const guint n = converge_axis_ticks (&field->scale, bar->y_minimum, bar->y_maximum, n_wanted,
                                       ticks);

  for (guint i = 0; i < n; i++)
    {
      double x, y;

      if (ticks[i].is_minor)
        continue;
      converge_plot_area_from_data (bar, 1, ticks[i].value, &x, &y);
      y = floor (y) + 0.5;
      converge_plot_set_color (cr, style->axis, 1);
      cairo_move_to (cr, bar->x + bar->width, y);
      cairo_line_to (cr, bar->x + bar->width + TICK_LENGTH, y);
      cairo_stroke (cr);
      converge_plot_set_color (cr, style->text, 1);
      cairo_move_to (cr, bar->x + bar->width + 1.5 * TICK_LENGTH, y + 0.35 * style->font_size);
      converge_plot_show_text (cr, ticks[i].label);
    }
}

static void
draw_bar_label (const ConvergeField *field,
                cairo_t *cr,
                const ConvergePlotStyle *style,
                const ConvergePlotArea *bar)
{
  const double width = converge_plot_text_width (cr, field->scale.label);

  converge_plot_set_color (cr, style->text, 1);
  cairo_save (cr);
  cairo_move_to (cr, bar->x + bar->width + LABELS * style->font_size,
                 bar->y + (bar->height + width) / 2);
  cairo_rotate (cr, -G_PI / 2);
  converge_plot_show_text (cr, field->scale.label);
  cairo_restore (cr);
}

static void
draw_bar (const ConvergeField *field,
          cairo_t *cr,
          const ConvergePlotStyle *style,
          const ConvergePlotArea *area,
          const ConvergeRange *scale)
{
  static const ConvergeAxis across = { .is_log = FALSE };
  ConvergePlotArea bar = *area;

  bar.x = floor (area->x + area->width + GAP * style->font_size) + 0.5;
  bar.width = floor (BAR * style->font_size);
  bar.x_axis = &across;
  bar.x_minimum = 0;
  bar.x_maximum = 1;
  bar.y_axis = &field->scale;
  bar.y_minimum = scale->minimum;
  bar.y_maximum = scale->maximum;
  cairo_set_line_width (cr, 1);
  for (double y = 0; y < bar.height; y++)
    {
      const guint32 color = converge_colormap_at (converge_field_map (field), 1 - (y + 0.5) / bar.height);

      converge_plot_set_color (cr, converge_color_from_rgb (color, 1), 1);
      cairo_rectangle (cr, bar.x, bar.y + y, bar.width, fmin (1.5, bar.height - y));
      cairo_fill (cr);
    }
  for (guint i = 0; i < field->n_levels; i++)
    {
      double x, y;

      if (!(field->levels[i] > scale->minimum && field->levels[i] < scale->maximum))
        continue;
      converge_plot_area_from_data (&bar, 0, field->levels[i], &x, &y);
      converge_plot_set_color (cr, converge_contour_color (field, scale, field->levels[i]), 1);
      cairo_move_to (cr, bar.x, y);
      cairo_line_to (cr, bar.x + bar.width, y);
      cairo_stroke (cr);
    }
  converge_plot_set_color (cr, style->axis, 1);
  cairo_rectangle (cr, bar.x, bar.y, bar.width, bar.height);
  cairo_stroke (cr);
  converge_plot_set_font (cr, style, 0.92);
  draw_bar_ticks (field, cr, style, &bar);
  converge_plot_set_font (cr, style, 1);
  draw_bar_label (field, cr, style, &bar);
}

/**
 * converge_plot_field_room:
 * @plot: a plot
 * @style: the style
 * @otherwise: the room of a plot that has no field
 *
 * Returns: the room right of the data, in pixels: that for the colour bar
 */
double
converge_plot_field_room (const ConvergePlot *plot,
                          const ConvergePlotStyle *style,
                          double otherwise)
{
  return plot->field != NULL ? (GAP + BAR + LABELS + 0.6) * style->font_size : otherwise;
}

/**
 * converge_plot_draw_field:
 * @plot: a plot
 * @cr: a cairo context
 * @style: the style
 * @area: where data is drawn
 *
 * Draws the plot's field, if it has one, and beside the data what its colours stand for.
 */
void
converge_plot_draw_field (const ConvergePlot *plot,
                          cairo_t *cr,
                          const ConvergePlotStyle *style,
                          const ConvergePlotArea *area)
{
  ConvergeRange scale;

  if (plot->field == NULL)
    return;
  scale = converge_field_scale (plot->field);
  cairo_save (cr);
  if (plot->field->is_smooth)
    converge_plot_draw_smooth (plot, cr, style, area, &scale, find_pixel_scale (cr, style));
  else
    draw_cells (plot, cr, style, area, &scale);
  draw_bar (plot->field, cr, style, area, &scale);
  cairo_restore (cr);
}
