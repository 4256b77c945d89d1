/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot/field-image.h"

#include "plot/plot-axis.h"

#include <math.h>

/* Fields of cells and smooth ones have the same colours, and are painted as an image each. */

/**
 * converge_field_map:
 * @field: a field
 *
 * Returns: the colour map that it has
 */
ConvergeColormap
converge_field_map (const ConvergeField *field)
{
  return field->is_signed ? CONVERGE_COLORMAP_DIVERGING : CONVERGE_COLORMAP_SEQUENTIAL;
}

/**
 * converge_field_share:
 * @field: a field
 * @scale: the values for the ends of its colours
 * @value: a value
 *
 * Returns: where the value is on the colour map, from 0 to 1, or beyond. A value without a logarithm
 *   counts as less than all that have one.
 */
double
converge_field_share (const ConvergeField *field,
                      const ConvergeRange *scale,
                      double value)
{
  const ConvergeAxis *axis = &field->scale;
  const double low = converge_axis_scale (axis, scale->minimum);
  const double high = converge_axis_scale (axis, scale->maximum);

  if (axis->is_log && value <= 0)
    return 0;
  return (converge_axis_scale (axis, value) - low) / (high - low);
}

/**
 * converge_field_image_new:
 * @area: where data is drawn
 * @pixel_scale: how many pixels there are for each of the surface's
 *
 * Returns: (transfer full): an empty image for the area, which has no pixels where its status is not
 *   success
 */
cairo_surface_t *
converge_field_image_new (const ConvergePlotArea *area,
                          double pixel_scale)
{
  cairo_surface_t *image = cairo_image_surface_create (CAIRO_FORMAT_ARGB32,
                                                       (int) ceil (area->width * pixel_scale),
                                                       (int) ceil (area->height * pixel_scale));

  if (cairo_surface_status (image) == CAIRO_STATUS_SUCCESS)
    cairo_surface_flush (image);
  return image;
}

/**
 * converge_field_image_show:
 * @image: an image of the area
 * @cr: a cairo context
 * @area: where data is drawn
 * @pixel_scale: as in converge_field_image_new()
 *
 * Draws the image, if it has pixels, each of them as it is.
 */
void
converge_field_image_show (cairo_surface_t *image,
                           cairo_t *cr,
                           const ConvergePlotArea *area,
                           double pixel_scale)
{
  if (cairo_surface_status (image) != CAIRO_STATUS_SUCCESS)
    return;
  cairo_save (cr);
  cairo_translate (cr, area->x, area->y);
  cairo_scale (cr, 1 / pixel_scale, 1 / pixel_scale);
  cairo_set_source_surface (cr, image, 0, 0);
  cairo_pattern_set_filter (cairo_get_source (cr), CAIRO_FILTER_NEAREST);
  cairo_paint (cr);
  cairo_restore (cr);
}
