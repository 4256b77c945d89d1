/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "plot/plot.h"

G_BEGIN_DECLS

/**
 * ConvergePlotArea:
 * @x: left edge of where data is drawn, in pixels
 * @y: its upper edge
 * @width: its width
 * @height: its height
 * @legend_y: upper edge of the legend's first line, which is the title's
 * @has_legend: whether there is room for a legend
 * @x_axis: the plot's horizontal axis
 * @y_axis: the plot's vertical axis
 * @x_minimum: value at the left edge
 * @x_maximum: value at the right edge
 * @y_minimum: value at the lower edge
 * @y_maximum: value at the upper edge
 *
 * Where on the surface what value is.
 */
typedef struct
{
  double x;
  double y;
  double width;
  double height;
  double legend_y;
  gboolean has_legend;
  const ConvergeAxis *x_axis;
  const ConvergeAxis *y_axis;
  double x_minimum;
  double x_maximum;
  double y_minimum;
  double y_maximum;
} ConvergePlotArea;

void converge_plot_area_from_data (const ConvergePlotArea *area,
                                   double x,
                                   double y,
                                   double *pixel_x,
                                   double *pixel_y);
gboolean converge_plot_area_find_pixel (const ConvergePlotArea *area,
                                        double x,
                                        double y,
                                        double *pixel_x,
                                        double *pixel_y);
void converge_plot_area_to_data (const ConvergePlotArea *area,
                                 double pixel_x,
                                 double pixel_y,
                                 double *x,
                                 double *y);

G_END_DECLS
