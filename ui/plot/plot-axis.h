/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "plot/plot.h"

G_BEGIN_DECLS

#define CONVERGE_AXIS_MAX_TICKS 64

/**
 * ConvergeTick:
 * @value: where it is
 * @is_minor: whether it has no label
 * @label: its label, a number
 *
 * A mark along an axis.
 */
typedef struct
{
  double value;
  gboolean is_minor;
  char label[24];
} ConvergeTick;

double converge_axis_scale (const ConvergeAxis *axis,
                            double value);
double converge_axis_unscale (const ConvergeAxis *axis,
                              double scaled);
guint converge_axis_ticks (const ConvergeAxis *axis,
                           double minimum,
                           double maximum,
                           guint n_wanted,
                           ConvergeTick *ticks);
void converge_axis_format (double value,
                           guint digits,
                           char *text,
                           gsize size);

G_END_DECLS
