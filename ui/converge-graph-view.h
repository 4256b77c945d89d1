/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "converge-runs.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define CONVERGE_TYPE_GRAPH_VIEW (converge_graph_view_get_type ())
G_DECLARE_FINAL_TYPE (ConvergeGraphView, converge_graph_view, CONVERGE, GRAPH_VIEW, GtkWidget)

GtkWidget *converge_graph_view_new (void);
void converge_graph_view_set_up (ConvergeGraphView *self,
                                 ConvergeRuns *runs);
void converge_graph_view_update (ConvergeGraphView *self);
void converge_graph_view_set_point (ConvergeGraphView *self,
                                    gint64 point);

G_END_DECLS
