/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "graph/recorded.h"

#include "graph/derivatives.h"
#include "graph/function-private.h"
#include "graph/ops.h"
#include "graph/precomputed.h"

/* These functions describe the nodes that a step has recorded, so that they can be shown to
 * people. They are called before the step ends, and change nothing of it. */

/**
 * ag_graph_n_recorded:
 * @graph: a graph
 *
 * Returns: how many nodes the step has recorded so far
 */
gint
ag_graph_n_recorded (const AgGraph *graph)
{
  return graph->n_records;
}

/**
 * ag_graph_recorded_node:
 * @graph: a graph
 * @index: a place in the recording
 *
 * Returns: the node there
 */
AgRecordedNode
ag_graph_recorded_node (const AgGraph *graph,
                        gint index)
{
  const AgRecord *record = &graph->records[index];
  AgTensor *tensor = graph->tensors[index];
  AgRecordedNode node = {
    .op = (AgOp) record->op,
    .dtype = (AgDType) record->dtype,
    .shape = record->layout->shape,
    .n_operands = record->n_operands,
    .tensor = tensor,
  };

  for (guint i = 0; i < node.n_operands; i++)
    node.operands[i] = record->operands[i];
  if (node.op == AG_OP_number)
    {
      ag_tensor_write_number (tensor, AG_DTYPE_FLOAT64, &node.number);
      node.is_constant = tensor->is_constant;
    }
  return node;
}

/**
 * ag_graph_recorded_index:
 * @graph: a graph
 * @tensor: (nullable): one of its tensors
 *
 * Returns: its place in the recording, −1 if it has none
 */
gint
ag_graph_recorded_index (const AgGraph *graph,
                         const AgTensor *tensor)
{
  return tensor != NULL && tensor->step == graph->step ? tensor->index : -1;
}

/**
 * ag_graph_recorded_gradient:
 * @graph: a graph
 * @root: the tensor that ag_backward() was called with last
 * @index: a place in the recording
 *
 * Returns: (transfer none) (nullable): what ag_backward() found for the gradient of @root by
 *   the node there, perhaps a number that stands for as many as it has elements; %NULL if it
 *   did not come by
 */
AgTensor *
ag_graph_recorded_gradient (const AgGraph *graph,
                            const AgTensor *root,
                            gint index)
{
  return root->was_differentiated && index <= root->index ? graph->grads[index] : NULL;
}

/**
 * ag_graph_recorded_new_value:
 * @tensor: a tensor
 *
 * Returns: (transfer none) (nullable): what the step assigns to it, if it does
 */
AgTensor *
ag_graph_recorded_new_value (const AgTensor *tensor)
{
  return tensor->pending;
}

/**
 * ag_graph_n_recorded_functions:
 * @graph: a graph
 *
 * Returns: how many custom Functions the step has applied
 */
guint
ag_graph_n_recorded_functions (const AgGraph *graph)
{
  guint n = 0;

  for (const AgFunctionContext *context = graph->functions; context != NULL;
       context = context->next)
    n++;
  return n;
}

/**
 * ag_graph_recorded_function:
 * @graph: a graph
 * @index: which of the Functions, in the order in which they were applied
 *
 * Returns: what is known of it
 */
AgRecordedFunction
ag_graph_recorded_function (const AgGraph *graph,
                            guint index)
{
  const AgFunctionContext *context = graph->functions;

  /* The one applied last is the first of the list. */
  for (guint i = ag_graph_n_recorded_functions (graph) - 1; i > index; i--)
    context = context->next;
  return (AgRecordedFunction){
    .name = context->function->name,
    .output = context->forward[1] - 1,
    .forward = { context->forward[0], context->forward[1] },
    .backward = { context->backward[0], context->backward[1] },
  };
}

/**
 * ag_graph_recorded_stages:
 * @graph: the current graph
 * @stages: (out caller-allocates): of each node, the number of the pass over the data that
 *   computes it when the step ends, −1 of one that none does
 *
 * Finds out which nodes are computed together, if nobody holds more than now.
 */
void
ag_graph_recorded_stages (AgGraph *graph,
                          gint *stages)
{
  g_autofree gboolean *is_precomputed = g_new (gboolean, graph->n_records);
  g_autofree AgRecord *records = NULL;
  gboolean is_same;

  ag_graph_mark_wanted (graph, NULL, &is_same);
  records = g_memdup2 (graph->records, sizeof (AgRecord) * (gsize) graph->n_records);
  if (ag_precomputed_find (graph->n_records, records, is_precomputed))
    ag_precomputed_become_inputs (graph->n_records, records, is_precomputed);
  ag_plan_find_stages (graph->n_records, records, stages);
}

/**
 * ag_graph_record_derivative:
 * @node: a node of a step that has ended
 * @operand: which of its operands
 * @operands: (array): the tensors of its operands, which were held, and then its own
 *
 * Records by how much each element of the node changes with its operand's, in the current
 * step.
 *
 * Returns: (transfer none) (nullable): that, perhaps a number for all; %NULL of a node that is
 *   not computed element by element, or does not change
 */
AgTensor *
ag_graph_record_derivative (const AgRecordedNode *node,
                            guint operand,
                            AgTensor *const *operands)
{
  AgDerivative derivative;

  if (node->op == AG_OP_cast || node->op == AG_OP_identity)
    return ag_constant (1);
  derivative = ag_op_derivative (node->op, operand);
  if (derivative == NULL)
    return NULL;
  return derivative (ag_constant (1), operands[0], node->n_operands > 1 ? operands[1] : NULL,
                     node->n_operands > 2 ? operands[2] : NULL, operands[node->n_operands]);
}
