/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "plot/graph-drawing.h"

G_BEGIN_DECLS

typedef struct _ConvergeGraphLines ConvergeGraphLines;

ConvergeGraphLines *converge_graph_lines_new (void);
void converge_graph_lines_free (ConvergeGraphLines *lines);
void converge_graph_lines_forget (ConvergeGraphLines *lines);
gint converge_graph_lines_find (ConvergeGraphLines *lines,
                                const AgRunSpec *spec,
                                const ConvergeGraphDrawing *drawing,
                                guint box);
const char *converge_graph_lines_get_text (const ConvergeGraphLines *lines,
                                           guint line);

G_END_DECLS
