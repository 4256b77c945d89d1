/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "plot/plot-area.h"
#include "plot/plot-palette.h"
#include "plot/plot.h"

#include <cairo.h>

G_BEGIN_DECLS

void converge_plot_begin_others (ConvergePlot *plot);
ConvergeSeries *converge_plot_add_other (ConvergePlot *plot,
                                         const char *id,
                                         guint color,
                                         guint64 key,
                                         gboolean *is_stale);
void converge_plot_end_others (ConvergePlot *plot);
void converge_plot_draw_others (const ConvergePlot *plot,
                                cairo_t *cr,
                                const ConvergePlotStyle *style,
                                const ConvergePlotArea *area,
                                gboolean is_live);

G_END_DECLS
