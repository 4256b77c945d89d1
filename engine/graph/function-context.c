/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "graph/function-private.h"

/**
 * ag_function_context_new:
 * @graph: the current graph
 *
 * Returns: (transfer none): a context, which the step owns
 */
AgFunctionContext *
ag_function_context_new (AgGraph *graph)
{
  AgFunctionContext *context = graph->free_functions;

  if (context != NULL)
    graph->free_functions = context->next;
  else
    context = g_new (AgFunctionContext, 1);

  *context = (AgFunctionContext){ .next = graph->functions };
  graph->functions = context;
  return context;
}

/**
 * ag_function_end_step:
 * @graph: a graph
 *
 * Takes back the contexts of the step's Functions.
 */
void
ag_function_end_step (AgGraph *graph)
{
  AgFunctionContext *context;

  while ((context = graph->functions) != NULL)
    {
      graph->functions = context->next;
      context->next = graph->free_functions;
      graph->free_functions = context;
    }
}

/**
 * ag_function_clear:
 * @graph: a graph between two steps
 *
 * Frees the contexts kept for later steps.
 */
void
ag_function_clear (AgGraph *graph)
{
  AgFunctionContext *context;

  while ((context = graph->free_functions) != NULL)
    {
      graph->free_functions = context->next;
      g_free (context);
    }
}

/**
 * ag_function_save_for_backward:
 * @context: the context that forward was given
 * @tensor: a tensor that backward will need
 *
 * Keeps @tensor for ag_function_saved_tensor().
 */
void
ag_function_save_for_backward (AgFunctionContext *context,
                               AgTensor *tensor)
{
  g_return_if_fail (context->n_saved < AG_FUNCTION_MAX_INPUTS);

  context->saved[context->n_saved++] = tensor;
}

/**
 * ag_function_saved_tensor:
 * @context: the context that backward was given
 * @index: which one, counted from 0 in the order of saving
 *
 * Returns: (transfer none): the tensor saved in forward
 */
AgTensor *
ag_function_saved_tensor (const AgFunctionContext *context,
                          guint index)
{
  g_return_val_if_fail (index < context->n_saved, NULL);

  return context->saved[index];
}
