/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "plot/plot-area.h"
#include "plot/plot-palette.h"

#include <cairo.h>

G_BEGIN_DECLS

void converge_plot_layout (const ConvergePlot *plot,
                           double width,
                           double height,
                           const ConvergePlotStyle *style,
                           ConvergePlotArea *area);

void converge_plot_draw (const ConvergePlot *plot,
                         cairo_t *cr,
                         double width,
                         double height,
                         const ConvergePlotStyle *style);
void converge_plot_draw_frame (const ConvergePlot *plot,
                               cairo_t *cr,
                               double width,
                               double height,
                               const ConvergePlotStyle *style,
                               const ConvergePlotArea *area);

G_END_DECLS
