/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "plot/plot-range.h"

G_BEGIN_DECLS

#define CONVERGE_AXIS_MAX_TICKS 64
#define CONVERGE_AXIS_MAX_DIGITS 15

/**
 * ConvergeTick:
 * @value: where it is
 * @is_minor: whether it has no label
 * @label: its label, a number of %CONVERGE_AXIS_MAX_DIGITS digits at most; its
 *   minus signs have three bytes
 *
 * A mark along an axis.
 */
typedef struct
{
  double value;
  gboolean is_minor;
  char label[32];
} ConvergeTick;

ConvergeRange converge_axis_round_out (const ConvergeAxis *axis,
                                       ConvergeRange range);
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
