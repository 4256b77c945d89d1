/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "plot/plot-area.h"
#include "plot/plot-palette.h"

#include <cairo.h>

G_BEGIN_DECLS

void converge_plot_draw_path (const ConvergePlot *plot,
                              cairo_t *cr,
                              const ConvergePlotStyle *style,
                              const ConvergePlotArea *area,
                              const ConvergeSeries *series);
void converge_plot_draw_arrow (cairo_t *cr,
                               const ConvergePlotStyle *style,
                               const ConvergePlotArea *area,
                               const ConvergeSeries *series);

G_END_DECLS
