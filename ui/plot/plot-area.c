/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot/plot-area.h"

#include <math.h>

#include "plot/plot-range.h"

/* Translates between values of a plot and places on the surface that it is drawn on. */

static double
fraction (const ConvergeAxis *axis,
          double minimum,
          double maximum,
          double value)
{
  double low = converge_axis_scale (axis, minimum);

  return (converge_axis_scale (axis, value) - low) / (converge_axis_scale (axis, maximum) - low);
}

/* Lines far outside do not get finer by their exact place, and cairo's fixed
 * point numbers end somewhere. */
#define FAR 20000

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
 * converge_plot_area_find_pixel:
 * @area: where data is drawn
 * @x: a value
 * @y: another
 * @pixel_x: (out): where they are, for cairo
 * @pixel_y: (out): the same, downwards
 *
 * Finds where a point is to be drawn. What is far outside is less far, so that cairo can have
 * it.
 *
 * Returns: whether it is anywhere
 */
gboolean
converge_plot_area_find_pixel (const ConvergePlotArea *area,
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
