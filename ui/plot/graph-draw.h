/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "plot/graph-drawing.h"
#include "plot/plot-palette.h"

#include <cairo.h>

G_BEGIN_DECLS

void converge_graph_draw (gconstpointer drawing,
                          cairo_t *cr,
                          double width,
                          double height,
                          const ConvergePlotStyle *style);
void converge_graph_draw_focus (const ConvergeGraphDrawing *drawing,
                                cairo_t *cr,
                                const ConvergePlotStyle *style,
                                guint box);

G_END_DECLS
