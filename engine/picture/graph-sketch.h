/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "graph/recorded.h"
#include "picture/graph-picture.h"
#include "train/machine.h"

G_BEGIN_DECLS

/**
 * AgSketchNode:
 * @recorded: the node as it was recorded
 * @gradient: (nullable): what ag_backward() found for it
 * @stop: which part of the step it belongs to
 * @name: (nullable): the name that people know it by
 * @function: which of the Functions recorded it, −1 if none did
 * @loop: which pass over the data computes it, −1 if none does
 *
 * A node of a sketch.
 */
typedef struct
{
  AgRecordedNode recorded;
  AgTensor *gradient;
  AgStop stop;
  char *name;
  gint function;
  gint loop;
} AgSketchNode;

/**
 * AgSketch:
 * @n_nodes: number of @nodes
 * @nodes: what was recorded
 * @n_functions: number of @functions
 * @functions: the custom Functions that were applied
 * @loss: the node that is the loss
 *
 * A step as it was recorded, before anything of it is computed. Its tensors are the step's.
 */
typedef struct
{
  guint n_nodes;
  AgSketchNode *nodes;
  guint n_functions;
  AgRecordedFunction *functions;
  guint loss;
} AgSketch;

AgSketch *ag_sketch_new (AgMachine *machine,
                         gboolean has_update);
void ag_sketch_free (AgSketch *sketch);
void ag_sketch_hold (AgSketch *sketch);
void ag_sketch_let_go (AgSketch *sketch);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AgSketch, ag_sketch_free)

G_END_DECLS
