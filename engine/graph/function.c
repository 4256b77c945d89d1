/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "graph/function-private.h"

#include "graph/ops.h"

/**
 * ag_function_apply:
 * @function: a custom Function; must outlive the step
 * @n_inputs: number of @inputs, at most %AG_FUNCTION_MAX_INPUTS
 * @inputs: (array length=n_inputs): its inputs
 *
 * Records the Function's forward, whose operations need no derivative of
 * their own: ag_backward() will ask the Function's backward.
 *
 * See: <https://pytorch.org/docs/stable/notes/extending.html>
 *
 * Returns: (transfer none): its output
 */
AgTensor *
ag_function_apply (const AgFunction *function,
                   guint n_inputs,
                   AgTensor *const *inputs)
{
  AgGraph *graph = ag_graph_current ();
  AgFunctionContext *context;
  AgTensor *output;
  gboolean requires_grad = FALSE;

  g_return_val_if_fail (graph != NULL && n_inputs <= AG_FUNCTION_MAX_INPUTS, NULL);

  context = ag_function_context_new (graph);
  context->function = function;
  context->n_inputs = n_inputs;
  for (guint i = 0; i < n_inputs; i++)
    {
      context->inputs[i] = ag_tensor_current_value (inputs[i]);
      ag_graph_index_of (graph, context->inputs[i]);
      requires_grad |= context->inputs[i]->requires_grad;
    }

  context->forward[0] = graph->n_records;
  ag_no_grad_begin ();
  output = function->forward (context, context->inputs);
  ag_no_grad_end ();
  if (output == NULL)
    return ag_graph_fail (graph, AG_ERROR_GRADIENT,
                          "%s: forward returned no tensor", function->name);

  output = ag_detach (output);
  context->forward[1] = graph->n_records;
  output->requires_grad = requires_grad && graph->no_grad == 0;
  output->function = context;
  return output;
}

/**
 * ag_function_differentiate:
 * @context: a Function's context
 * @grad_output: gradient of its output
 * @inputs: (out): its inputs
 * @grads: (out caller-allocates): gradients of the inputs, %NULL for those
 *   that have none; room for %AG_FUNCTION_MAX_INPUTS
 *
 * Asks the Function for its inputs' gradients and checks what it says.
 *
 * Returns: number of inputs, 0 after an error
 */
guint
ag_function_differentiate (AgFunctionContext *context,
                           AgTensor *grad_output,
                           AgTensor ***inputs,
                           AgTensor **grads)
{
  AgGraph *graph = ag_graph_current ();
  const char *name = context->function->name;
  guint n_grads;

  for (guint i = 0; i < AG_FUNCTION_MAX_INPUTS; i++)
    grads[i] = NULL;
  context->backward[0] = graph->n_records;
  n_grads = context->function->backward (context, grad_output, grads);
  context->backward[1] = graph->n_records;
  if (n_grads != context->n_inputs)
    {
      ag_graph_fail (graph, AG_ERROR_GRADIENT,
                     "%s: backward returned %u gradients for %u inputs; "
                     "it must return one for each, NULL where there is none",
                     name, n_grads, context->n_inputs);
      return 0;
    }

  for (guint i = 0; i < n_grads; i++)
    {
      if (grads[i] == NULL)
        continue;
      if (grads[i]->layout->shape != context->inputs[i]->layout->shape
          && !ag_tensor_is_number (grads[i]))
        {
          g_autofree char *have = ag_layout_to_string (grads[i]->layout);
          g_autofree char *want = ag_layout_to_string (context->inputs[i]->layout);

          ag_graph_fail (graph, AG_ERROR_GRADIENT,
                         "%s: backward returned a gradient of shape %s for input %u, "
                         "which has shape %s",
                         name, have, i, want);
          return 0;
        }
      grads[i] = ag_cast (grads[i], context->inputs[i]->dtype);
    }
  *inputs = context->inputs;
  return n_grads;
}
