/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "plot/graph-drawing.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* The scales at which all of a graph can be seen, and at which it can be read as well. */
#define CONVERGE_GRAPH_ZOOM_WHOLE 0
#define CONVERGE_GRAPH_ZOOM_LEGIBLE (-1)

/**
 * ConvergeGraphZoom:
 * @scroller: what a graph is scrolled in
 * @area: where it is drawn
 * @factor: how large it is, or %CONVERGE_GRAPH_ZOOM_WHOLE or %CONVERGE_GRAPH_ZOOM_LEGIBLE
 *
 * How large a graph is, and which part of it is seen.
 */
typedef struct
{
  GtkScrolledWindow *scroller;
  GtkDrawingArea *area;
  double factor;
} ConvergeGraphZoom;

double converge_graph_zoom_find (const ConvergeGraphZoom *zoom,
                                 const ConvergeGraphDrawing *drawing);
void converge_graph_zoom_show (const ConvergeGraphZoom *zoom,
                               const ConvergeGraphDrawing *drawing);
void converge_graph_zoom_change (ConvergeGraphZoom *zoom,
                                 const ConvergeGraphDrawing *drawing,
                                 int by);
void converge_graph_zoom_scroll_to (const ConvergeGraphZoom *zoom,
                                    const ConvergeGraphDrawing *drawing,
                                    gint box);

G_END_DECLS
