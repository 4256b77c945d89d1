/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "plot/plot.h"

G_BEGIN_DECLS

/**
 * ConvergeRange:
 * @minimum: one end
 * @maximum: the other one, greater
 *
 * What an axis shows.
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
gboolean converge_axis_can_show (const ConvergeAxis *axis,
                                 ConvergeRange range);

G_END_DECLS
