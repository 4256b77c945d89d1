/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "picture/graph-layout.h"
#include "train/run-spec.h"

G_BEGIN_DECLS

/**
 * ConvergeGraphDrawing:
 * @picture: the picture of a step
 * @heading: what stands above it
 * @stops: which parts of the step are shown
 * @is_open: whether custom Functions are open
 * @opened: the parts of the step of which all is shown, however much it is
 * @outline: what of it is shown
 * @layout: where that is
 * @width: how wide it is, in pixels
 * @height: how high
 * @place: how much of the step has happened: 1 is all of predict and nothing of the loss,
 *   %CONVERGE_GRAPH_WHOLE while nothing is played
 *
 * A graph with a place for each box. As long as the structure stays, a new picture changes
 * nothing but the numbers.
 */
typedef struct
{
  AgGraphPicture *picture;
  char *heading;
  guint stops;
  gboolean is_open;
  guint opened;
  AgGraphOutline *outline;
  AgGraphLayout *layout;
  double width;
  double height;
  double place;
} ConvergeGraphDrawing;

/* Nothing is played, and all of the step is to be seen. */
#define CONVERGE_GRAPH_WHOLE (AG_N_STOPS + 1)

/* A box, and how far it is to the next one. */
#define CONVERGE_GRAPH_BOX_WIDTH 136
#define CONVERGE_GRAPH_BOX_HEIGHT 56
#define CONVERGE_GRAPH_COLUMN 196
#define CONVERGE_GRAPH_MARGIN 24
#define CONVERGE_GRAPH_TOP 64

ConvergeGraphDrawing *converge_graph_drawing_new (const AgGraphPicture *picture,
                                                  const AgRunSpec *spec,
                                                  guint stops,
                                                  gboolean is_open,
                                                  guint opened);
void converge_graph_drawing_free (ConvergeGraphDrawing *drawing);
void converge_graph_drawing_update (ConvergeGraphDrawing *drawing,
                                    const AgGraphPicture *picture,
                                    const AgRunSpec *spec);
void converge_graph_drawing_set_shown (ConvergeGraphDrawing *drawing,
                                       guint stops,
                                       gboolean is_open,
                                       guint opened);
void converge_graph_drawing_place (const ConvergeGraphDrawing *drawing,
                                   AgGraphPoint point,
                                   double *x,
                                   double *y);
gint converge_graph_drawing_find (const ConvergeGraphDrawing *drawing,
                                  double x,
                                  double y);
gint converge_graph_drawing_next (const ConvergeGraphDrawing *drawing,
                                  gint box,
                                  int right,
                                  int down);
const AgGraphNode *converge_graph_drawing_node (const ConvergeGraphDrawing *drawing,
                                                guint box);
gboolean converge_graph_drawing_has_value (const ConvergeGraphDrawing *drawing,
                                           guint box);
gboolean converge_graph_drawing_has_gradient (const ConvergeGraphDrawing *drawing,
                                              guint box);
const AgGraphValue *converge_graph_drawing_new_value (const ConvergeGraphDrawing *drawing,
                                                      guint box);
gboolean converge_graph_drawing_has_point (const ConvergeGraphDrawing *drawing,
                                           const AgGraphValue *value);
char *converge_graph_drawing_describe (const ConvergeGraphDrawing *drawing,
                                       guint box);
char *converge_graph_drawing_describe_in_line (const ConvergeGraphDrawing *drawing,
                                               guint box);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ConvergeGraphDrawing, converge_graph_drawing_free)

G_END_DECLS
