/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "device/storage.h"
#include "graph/graph.h"
#include "graph/tensor.h"
#include "plan/op.h"

G_BEGIN_DECLS

typedef struct _AgFunctionContext AgFunctionContext;

/**
 * AgViewKind:
 * @AG_VIEW_RESHAPE: the same elements in the same order
 * @AG_VIEW_TRANSPOSE: two dimensions exchanged
 * @AG_VIEW_EXPAND: elements repeated
 * @AG_VIEW_DETACH: nothing but the way back of the gradient cut
 *
 * The way a view reads its tensor, which its derivative needs.
 */
typedef enum
{
  AG_VIEW_RESHAPE,
  AG_VIEW_TRANSPOSE,
  AG_VIEW_EXPAND,
  AG_VIEW_DETACH,
} AgViewKind;

/**
 * AgTensor:
 * @graph: the recording it belongs to
 * @layout: shape and strides; of a recorded view, relative to what it views
 * @storage: (nullable): the value; %NULL while it is only recorded
 * @requires_grad: whether backward() computes its gradient or passes through
 * @is_constant: of a number: the value is part of the graph's structure, so
 *   that arithmetic with it can be simplified
 * @is_data: whether its value never changes
 * @was_differentiated: whether backward() has passed through it
 * @op: how it was recorded; %AG_OP_input once nothing is known but the value
 * @n_operands: number of @operands
 * @operands: what it was recorded from; owned by the step, not by this tensor
 * @view: of a view, which
 * @attribute: that of its record, such as
 * @summed_dims: of a sum, the mask of the dimensions that it sums over; but
 * @exchanged_dims: of a transposition, the first dimension times %AG_MAX_DIMS, and the second:
 *   a plan depends on the layout alone, and only the derivative on these
 * @number: of a number, its value, or
 * @source: (nullable): where it is read when the step is computed
 * @function: (nullable): the custom Function that made it
 * @grad: (nullable): its gradient
 * @pending: (nullable): the value assigned to it in this step, or
 * @next_free: (nullable): of memory that no tensor uses, the next such
 * @leaf: (nullable): of such a value, the tensor it was assigned to, if that
 *   collects a gradient
 * @step: the step whose record it has a place in, and
 * @index: that place
 */
struct _AgTensor
{
  AgGraph *graph;
  const AgLayout *layout;
  AgStorage *storage;
  gint ref_count;
  AgDType dtype;
  guint8 requires_grad;
  guint8 is_constant;
  guint8 is_data;
  guint8 was_differentiated;
  guint8 n_operands;
  guint8 op;
  guint8 view;
  gint32 index;
  guint64 step;
  AgTensor *operands[AG_OP_MAX_OPERANDS];
  union
  {
    gint64 attribute;
    gint64 summed_dims;
    gint64 exchanged_dims;
  };
  double number;
  const double *source;
  AgFunctionContext *function;
  AgTensor *grad;
  union
  {
    AgTensor *pending;
    AgTensor *next_free;
  };
  AgTensor *leaf;
};

/* Whether anybody but the step holds it: then its value is computed when the step ends, and
 * it outlives the step. */
static inline gboolean
ag_tensor_is_held (const AgTensor *tensor)
{
  return tensor->ref_count > 1;
}

/* A tensor that a value was assigned to stands for that value as an operand: operations see a
 * value that was assigned before them, though the tensor gets it only when the step ends. */
static inline AgTensor *
ag_tensor_current_value (AgTensor *tensor)
{
  return tensor->pending != NULL ? tensor->pending : tensor;
}

static inline gboolean
ag_tensor_is_number (const AgTensor *tensor)
{
  return tensor->op == AG_OP_number;
}

static inline gboolean
ag_tensor_is_one (const AgTensor *tensor)
{
  return tensor->op == AG_OP_number && tensor->is_constant && tensor->number == 1;
}

/* @target has room for the dtype's elements. */
static inline void
ag_tensor_write_number (const AgTensor *tensor,
                        AgDType dtype,
                        void *target)
{
  const double number = tensor->source != NULL ? *tensor->source : tensor->number;

  if (dtype == AG_DTYPE_FLOAT32)
    *(float *) target = (float) number;
  else
    *(double *) target = number;
}

G_END_DECLS
