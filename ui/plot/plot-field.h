/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "plot/plot-area.h"
#include "plot/plot-palette.h"

#include <cairo.h>

G_BEGIN_DECLS

ConvergeColor converge_field_color (const ConvergeField *field,
                                    ConvergeCell cell);
ConvergeRange converge_field_scale (const ConvergeField *field);
ConvergeColor converge_field_value_color (const ConvergeField *field,
                                          const ConvergeRange *scale,
                                          double value);
gboolean converge_field_find (const ConvergePlot *plot,
                              double x,
                              double y,
                              guint *column,
                              guint *row);
double converge_plot_field_room (const ConvergePlot *plot,
                                 const ConvergePlotStyle *style,
                                 double otherwise);
void converge_plot_draw_field (const ConvergePlot *plot,
                               cairo_t *cr,
                               const ConvergePlotStyle *style,
                               const ConvergePlotArea *area);

G_END_DECLS
