/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "graph/graph.h"
#include "plan/op.h"

G_BEGIN_DECLS

/**
 * AgRecordedNode:
 * @op: how it was recorded
 * @dtype: type of its elements
 * @shape: its shape
 * @n_operands: number of @operands
 * @operands: places of the operands in the recording, all before this one
 * @number: of a number, its value
 * @is_constant: of a number, whether it is the same in every step
 * @tensor: its tensor, which the step owns
 *
 * A node of the step that is being recorded.
 */
typedef struct
{
  AgOp op;
  AgDType dtype;
  const AgLayout *shape;
  guint n_operands;
  gint operands[AG_OP_MAX_OPERANDS];
  double number;
  gboolean is_constant;
  AgTensor *tensor;
} AgRecordedNode;

/**
 * AgRecordedFunction:
 * @name: the Function's name
 * @output: place of its output
 * @forward: places of what forward recorded, from the first up to one past the last
 * @backward: the same of what backward recorded, if that was asked
 *
 * A custom Function that the step has applied.
 */
typedef struct
{
  const char *name;
  gint output;
  gint forward[2];
  gint backward[2];
} AgRecordedFunction;

gint ag_graph_n_recorded (const AgGraph *graph);
AgRecordedNode ag_graph_recorded_node (const AgGraph *graph,
                                       gint index);
gint ag_graph_recorded_index (const AgGraph *graph,
                              const AgTensor *tensor);
AgTensor *ag_graph_recorded_gradient (const AgGraph *graph,
                                      const AgTensor *root,
                                      gint index);
AgTensor *ag_graph_recorded_new_value (const AgTensor *tensor);
guint ag_graph_n_recorded_functions (const AgGraph *graph);
AgRecordedFunction ag_graph_recorded_function (const AgGraph *graph,
                                               guint index);
void ag_graph_recorded_stages (AgGraph *graph,
                               gint *stages);
AgTensor *ag_graph_record_derivative (const AgRecordedNode *node,
                                      guint operand,
                                      AgTensor *const *operands);

G_END_DECLS
