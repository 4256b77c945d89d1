/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * ConvergeAxis:
 * @label: what is along it
 * @is_log: whether its scale is logarithmic
 * @least_minimum: what it shows from, at least, when it finds its range by itself
 * @least_maximum: and up to what, where that is a number
 * @greatest_maximum: what it shows at most then
 * @has_view: whether it shows @minimum to @maximum rather than all there is
 * @minimum: of the view
 * @maximum: of the view
 *
 * One of a plot's two axes.
 */
typedef struct
{
  char *label;
  gboolean is_log;
  double least_minimum;
  double least_maximum;
  double greatest_maximum;
  gboolean has_view;
  double minimum;
  double maximum;
} ConvergeAxis;

/**
 * ConvergeRange:
 * @minimum: one end
 * @maximum: the other one, greater
 *
 * The range that an axis shows.
 */
typedef struct
{
  double minimum;
  double maximum;
} ConvergeRange;

double converge_axis_scale (const ConvergeAxis *axis,
                            double value);
double converge_axis_unscale (const ConvergeAxis *axis,
                              double scaled);
ConvergeRange converge_axis_range (const ConvergeAxis *axis,
                                   double a,
                                   double b,
                                   double margin);
double converge_axis_cell_edge (const ConvergeAxis *axis,
                                guint n,
                                const double *middles,
                                guint edge);
gboolean converge_axis_can_show (const ConvergeAxis *axis,
                                 ConvergeRange range);

G_END_DECLS
