/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "plot/plot-area.h"
#include "plot/plot-palette.h"

#include <cairo.h>

G_BEGIN_DECLS

double converge_plot_legend_height (const ConvergePlot *plot,
                                    const ConvergePlotStyle *style,
                                    double left,
                                    double width,
                                    double height);
void converge_plot_draw_legend (const ConvergePlot *plot,
                                cairo_t *cr,
                                const ConvergePlotStyle *style,
                                const ConvergePlotArea *area);
gint converge_plot_legend_at (const ConvergePlot *plot,
                              const ConvergePlotStyle *style,
                              const ConvergePlotArea *area,
                              double pixel_x,
                              double pixel_y);

G_END_DECLS
