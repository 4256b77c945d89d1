/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "plot/plot-area.h"
#include "plot/plot-palette.h"

#include <cairo.h>

G_BEGIN_DECLS

ConvergeColor converge_contour_color (const ConvergeField *field,
                                      const ConvergeRange *scale,
                                      double level);
gboolean converge_smooth_value (const ConvergeField *field,
                                double x,
                                double y,
                                double *value);
void converge_plot_draw_smooth (const ConvergePlot *plot,
                                cairo_t *cr,
                                const ConvergePlotStyle *style,
                                const ConvergePlotArea *area,
                                const ConvergeRange *scale,
                                double pixel_scale);

G_END_DECLS
