/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/dtype.h"
#include "base/layout.h"
#include "base/ref-count.h"
#include "base/stop.h"
#include "plan/op.h"

G_BEGIN_DECLS

/* The little curve of a value is drawn through this many of its elements. */
#define AG_VALUE_N_SAMPLES 24

/**
 * AgGraphValue:
 * @n_elements: how many numbers it has; 0 if there is no value
 * @minimum: the least of them; NaN if one is NaN
 * @mean: their mean, which of a scalar is its value
 * @maximum: the greatest
 * @probe: the one at the point that was asked for, of a value with one for each point;
 *   else the mean
 * @n_samples: number of @samples, 0 for a scalar
 * @samples: some of them, evenly spaced from the first to the last
 *
 * What is told of the value of a tensor.
 */
typedef struct
{
  gint64 n_elements;
  double minimum;
  double mean;
  double maximum;
  double probe;
  guint n_samples;
  double samples[AG_VALUE_N_SAMPLES];
} AgGraphValue;

/**
 * AgGraphNode:
 * @op: the operation
 * @stop: which part of the step it belongs to
 * @name: (nullable): the name that people know it by: "b", "prediction"
 * @dtype: type of its elements
 * @shape: its shape
 * @is_constant: of a number, whether it is the same in every step
 * @is_taken: whether this step has it; what only other steps of the same run have has no values
 * @function: which of the picture's Functions recorded it, −1 if none did
 * @loop: which pass over the data computes it, −1 if it is there before, or only a view
 * @value: its value
 * @gradient: the derivative of the loss by it, where ag_backward() came by
 *
 * An operation of a step, or what it begins with.
 */
typedef struct
{
  AgOp op;
  AgStop stop;
  char *name;
  AgDType dtype;
  const AgLayout *shape;
  gboolean is_constant;
  gboolean is_taken;
  gint function;
  gint loop;
  AgGraphValue value;
  AgGraphValue gradient;
} AgGraphNode;

/**
 * AgGraphEdge:
 * @from: the node that is the operand
 * @to: the node that has it
 * @operand: which of its operands it is
 * @is_taken: whether this step has it
 * @derivative: by how much an element of @to changes with one of @from, if it is computed
 *   element by element
 *
 * That one operation uses another one's result.
 */
typedef struct
{
  guint from;
  guint to;
  guint operand;
  gboolean is_taken;
  AgGraphValue derivative;
} AgGraphEdge;

/**
 * AgGraphFunction:
 * @name: its name
 * @output: the node that is its output
 *
 * A custom Function: the nodes that name it are its forward, if they are of
 * %AG_STOP_PREDICT, and its backward.
 */
typedef struct
{
  char *name;
  guint output;
} AgGraphFunction;

/**
 * AgGraphPicture:
 * @step: number of the step, counted from 0
 * @loss: its loss
 * @probe: number of the point that the probes are of
 * @n_nodes: number of @nodes
 * @nodes: the operations in an order in which they can be computed
 * @n_edges: number of @edges
 * @edges: who uses whose result
 * @n_functions: number of @functions
 * @functions: the custom Functions that were applied
 * @n_loops: how many passes compute it
 * @loss_node: the node that is the loss
 *
 * A step as a plain value: what was recorded, and what came of it. It is never changed; any
 * thread may read it.
 */
typedef struct
{
  AgRefCount ref_count;
  gint64 step;
  double loss;
  gint64 probe;
  guint n_nodes;
  AgGraphNode *nodes;
  guint n_edges;
  AgGraphEdge *edges;
  guint n_functions;
  AgGraphFunction *functions;
  guint n_loops;
  guint loss_node;
} AgGraphPicture;

AgGraphPicture *ag_graph_picture_ref (AgGraphPicture *picture);
void ag_graph_picture_unref (AgGraphPicture *picture);
gboolean ag_graph_picture_has_same_structure (const AgGraphPicture *a,
                                              const AgGraphPicture *b);

void ag_graph_value_set (AgGraphValue *value,
                         gint64 n_elements,
                         const double *elements,
                         gint64 probe);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AgGraphPicture, ag_graph_picture_unref)

G_END_DECLS
