/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "plot/plot-area.h"
#include "plot/plot-palette.h"

#include <cairo.h>

G_BEGIN_DECLS

void converge_plot_draw_crosshair (const ConvergePlot *plot,
                                   cairo_t *cr,
                                   const ConvergePlotStyle *style,
                                   const ConvergePlotArea *area,
                                   double pixel_x,
                                   double pixel_y);

G_END_DECLS
