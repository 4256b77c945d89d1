/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "plot/plot-palette.h"
#include "plot/plot.h"

#include <cairo.h>

G_BEGIN_DECLS

void converge_plot_set_color (cairo_t *cr,
                              ConvergeColor color,
                              double opacity);
void converge_plot_set_stroke (cairo_t *cr,
                               const ConvergePlotStyle *style,
                               const ConvergeSeries *series);

G_END_DECLS
