/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "plot/plot-palette.h"
#include "plot/plot.h"

#include <cairo.h>

G_BEGIN_DECLS

double converge_plot_note_height (const ConvergePlot *plot,
                                  const ConvergePlotStyle *style,
                                  double width,
                                  double height);
void converge_plot_draw_note (const ConvergePlot *plot,
                              cairo_t *cr,
                              double width,
                              double height,
                              const ConvergePlotStyle *style);

G_END_DECLS
