/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "plot/plot-area.h"

#include <cairo.h>

G_BEGIN_DECLS

/* From one dot of a line to the next, in widths of the line. */
#define CONVERGE_DOT_DISTANCE 2.2

void converge_plot_draw_dots (cairo_t *cr,
                              double width,
                              const ConvergePlotArea *area,
                              const ConvergeSeries *series);

G_END_DECLS
