/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "plot/plot-area.h"
#include "plot/plot-palette.h"

#include <cairo.h>

G_BEGIN_DECLS

void converge_plot_draw_series (const ConvergePlot *plot,
                                cairo_t *cr,
                                const ConvergePlotStyle *style,
                                const ConvergePlotArea *area);

G_END_DECLS
