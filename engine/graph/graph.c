/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "graph/graph-private.h"

#include "device/device-private.h"

/**
 * ag_graph_new:
 * @device: where values are computed
 *
 * Makes a recording. It belongs to one thread at a time, as do its tensors.
 *
 * Returns: (transfer full): the graph, to be entered with ag_graph_enter()
 */
AgGraph *
ag_graph_new (AgDevice *device)
{
  AgGraph *graph = g_new0 (AgGraph, 1);

  graph->device = ag_device_ref (device);
  graph->pytorch = AG_PYTORCH_2;
  graph->step = 1;
  graph->slabs = g_ptr_array_new_with_free_func (g_free);
  graph->assigned = g_ptr_array_new ();
  return graph;
}

/**
 * ag_graph_free:
 * @graph: (transfer full): a graph that is not entered
 *
 * Drops what the current step recorded and frees the graph. Tensors that are
 * still held stay valid to unref, and nothing more.
 */
void
ag_graph_free (AgGraph *graph)
{
  g_return_if_fail (graph != NULL && graph != ag_graph_entered);

  ag_graph_enter (graph);
  g_clear_error (&graph->error);
  graph->error = g_error_new_literal (AG_ERROR, AG_ERROR_ARGUMENT, "The graph was freed");
  ag_graph_end_step (graph, NULL);
  ag_graph_leave (graph);

  ag_graph_clear_plans (graph);
  g_ptr_array_unref (graph->assigned);
  ag_function_clear (graph);
  g_free (graph->records);
  g_free (graph->tensors);
  g_free (graph->held);
  g_free (graph->grads);
  ag_device_unref (graph->device);
  graph->is_closed = TRUE;
  ag_graph_free_memory (graph);
}

/**
 * ag_graph_device:
 * @graph: a graph
 *
 * Returns: (transfer none): where its values are computed
 */
AgDevice *
ag_graph_device (AgGraph *graph)
{
  return graph->device;
}

/**
 * ag_graph_set_pytorch:
 * @graph: a graph in which nothing was recorded yet
 * @pytorch: a version
 *
 * Lets what is recorded in it have the numbers of that version; without this it is
 * %AG_PYTORCH_2.
 */
void
ag_graph_set_pytorch (AgGraph *graph,
                      AgPyTorch pytorch)
{
  g_return_if_fail (graph != NULL);

  graph->pytorch = pytorch;
}

/**
 * ag_graph_set_rounding:
 * @graph: a graph
 * @rounding: how often loops round that were not planned before
 *
 * Without this, or before it, they do as PyTorch does.
 */
void
ag_graph_set_rounding (AgGraph *graph,
                       AgRounding rounding)
{
  g_return_if_fail (graph != NULL);

  graph->rounding = rounding;
}

/**
 * ag_graph_pytorch:
 * @graph: a graph
 *
 * Returns: whose numbers it gives
 */
AgPyTorch
ag_graph_pytorch (const AgGraph *graph)
{
  g_return_val_if_fail (graph != NULL, AG_PYTORCH_2);

  return graph->pytorch;
}

/**
 * ag_graph_n_plans:
 * @graph: a graph
 *
 * Returns: how many different structures it has planned so far
 */
gint64
ag_graph_n_plans (const AgGraph *graph)
{
  return graph->n_plans;
}

static void
finish_assignments (AgGraph *graph,
                    gboolean success)
{
  for (guint i = 0; i < graph->assigned->len; i++)
    {
      AgTensor *tensor = g_ptr_array_index (graph->assigned, i);
      AgTensor *value = tensor->pending;

      tensor->pending = NULL;
      if (success)
        {
          ag_storage_ref (value->storage);
          if (tensor->storage != NULL)
            ag_storage_unref (tensor->storage);
          tensor->storage = value->storage;
          tensor->layout = value->layout;
        }
      ag_tensor_unref (value);
      ag_tensor_unref (tensor);
    }
  g_ptr_array_set_size (graph->assigned, 0);
}

static void
forget_history (AgTensor *tensor)
{
  if (tensor->op != AG_OP_input && tensor->op != AG_OP_number)
    {
      tensor->op = AG_OP_input;
      tensor->n_operands = 0;
      tensor->requires_grad = FALSE;
    }
  tensor->function = NULL;
  tensor->leaf = NULL;
  tensor->was_differentiated = FALSE;
}

/* A tensor that nobody holds loses its value, and is there for the next step to record again. */
static void
forget_value (AgTensor *tensor)
{
  if (tensor->storage != NULL)
    {
      ag_storage_unref (tensor->storage);
      tensor->storage = NULL;
    }
  if (G_UNLIKELY (tensor->grad != NULL))
    ag_tensor_clear (&tensor->grad);
}

/**
 * ag_graph_end_step:
 * @graph: the current graph
 * @error: return location for a #GError of domain %AG_ERROR
 *
 * Ends a step: computes the value of everything that is held beyond it (by
 * ag_tensor_ref(), as a gradient, or by ag_assign()), carries out the
 * assignments, and lets go of the rest. Tensors that stay are plain values
 * from then on, without a way back for gradients.
 *
 * Returns: %TRUE, or %FALSE when an operation of the step was wrong or the
 *   device failed; then nothing was assigned
 */
gboolean
ag_graph_end_step (AgGraph *graph,
                   GError **error)
{
  gboolean success;

  g_return_val_if_fail (graph == ag_graph_entered, FALSE);

  success = ag_graph_evaluate (graph, NULL, error);
  ag_graph_finish_step (graph, success);
  return success;
}

/**
 * ag_graph_finish_step:
 * @graph: the current graph
 * @success: whether everything was computed
 *
 * The part of ag_graph_end_step() that follows the computation.
 */
void
ag_graph_finish_step (AgGraph *graph,
                      gboolean success)
{
  g_clear_error (&graph->error);
  finish_assignments (graph, success);

  ag_function_end_step (graph);

  if (graph->n_records < graph->n_expected)
    ag_graph_expect_no_more (graph);
  graph->step++;
  for (gint i = 0; i < graph->n_records; i++)
    {
      AgTensor *tensor = graph->tensors[i];

      if (ag_tensor_is_held (tensor))
        forget_history (tensor);
      else
        forget_value (tensor);
    }
  graph->n_expected = graph->n_records;
  graph->n_records = 0;
  if (!success)
    ag_graph_expect_no_more (graph);
}
