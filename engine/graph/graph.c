/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "graph/graph-private.h"

#include "device/device-private.h"

#include <math.h>
#include <string.h>

#define TENSORS_PER_SLAB 64

_Thread_local AgGraph *ag_graph_entered;

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

  graph->is_closed = TRUE;
  ag_graph_close_maybe (graph);
}

/**
 * ag_graph_close_maybe:
 * @graph: a graph
 *
 * Frees @graph if it was given up and its last tensor is gone.
 */
void
ag_graph_close_maybe (AgGraph *graph)
{
  if (!graph->is_closed || graph->n_tensors > 0)
    return;

  ag_graph_clear_plans (graph);
  g_ptr_array_unref (graph->slabs);
  g_ptr_array_unref (graph->assigned);
  ag_function_clear (graph);
  g_free (graph->records);
  g_free (graph->tensors);
  g_free (graph->held);
  g_free (graph->grads);
  ag_device_unref (graph->device);
  g_free (graph);
}

/**
 * ag_graph_enter:
 * @graph: a graph
 *
 * Makes @graph the one that this thread's operations record into. Calls nest.
 */
void
ag_graph_enter (AgGraph *graph)
{
  g_return_if_fail (graph != NULL);

  graph->outer = ag_graph_entered;
  ag_graph_entered = graph;
}

/**
 * ag_graph_leave:
 * @graph: the graph entered last
 *
 * Makes the graph entered before the current one again.
 */
void
ag_graph_leave (AgGraph *graph)
{
  g_return_if_fail (graph == ag_graph_entered);

  ag_graph_entered = graph->outer;
  graph->outer = NULL;
}

/**
 * ag_graph_current:
 *
 * Returns: (transfer none) (nullable): the graph this thread records into
 */
AgGraph *
ag_graph_current (void)
{
  return ag_graph_entered;
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

/**
 * ag_no_grad_begin:
 *
 * Until the matching ag_no_grad_end(), results of operations require no
 * gradient and tensors that do can be assigned to. Calls nest.
 *
 * See: <https://pytorch.org/docs/stable/generated/torch.no_grad.html>
 */
void
ag_no_grad_begin (void)
{
  g_return_if_fail (ag_graph_entered != NULL);

  ag_graph_entered->no_grad++;
}

/**
 * ag_no_grad_end:
 *
 * Ends what ag_no_grad_begin() began.
 */
void
ag_no_grad_end (void)
{
  g_return_if_fail (ag_graph_entered != NULL && ag_graph_entered->no_grad > 0);

  ag_graph_entered->no_grad--;
}

static void
grow_records (AgGraph *graph)
{
  graph->capacity = MAX (64, graph->capacity * 2);
  graph->records = g_renew (AgRecord, graph->records, graph->capacity);
  graph->tensors = g_renew (AgTensor *, graph->tensors, graph->capacity);
  graph->held = g_renew (guint8, graph->held, graph->capacity);
}

/* From here on the step differs from the one before. */
static void
forget_kept (AgGraph *graph)
{
  for (gint i = graph->n_records; i < graph->n_kept; i++)
    ag_tensor_unref (graph->tensors[i]);
  graph->n_kept = 0;
  graph->planned = NULL;
}

static inline AgRecord *
append_record (AgGraph *graph,
               AgTensor *tensor)
{
  AgRecord *record;

  if (G_UNLIKELY (graph->n_records < graph->n_kept))
    forget_kept (graph);
  if (G_UNLIKELY (graph->n_records == graph->capacity))
    grow_records (graph);

  record = &graph->records[graph->n_records];
  tensor->step = graph->step;
  tensor->index = graph->n_records;
  graph->tensors[graph->n_records++] = tensor;
  graph->held[tensor->index] = FALSE;
  graph->planned = NULL;

  record->op = tensor->op;
  record->dtype = (guint8) tensor->dtype;
  record->is_wanted = FALSE;
  record->n_operands = 0;
  memset (record->operands, 0, sizeof record->operands);
  record->attribute = 0;
  record->layout = tensor->layout;
  return record;
}

static void
add_slab (AgGraph *graph)
{
  AgTensor *slab = g_new0 (AgTensor, TENSORS_PER_SLAB);

  g_ptr_array_add (graph->slabs, slab);
  for (gint i = 0; i < TENSORS_PER_SLAB; i++)
    {
      slab[i].pending = graph->free_tensors;
      graph->free_tensors = &slab[i];
    }
}

/**
 * ag_graph_new_tensor:
 * @graph: a graph
 * @dtype: type of the elements
 * @layout: shape and strides
 *
 * Returns: (transfer full): a tensor without value or history
 */
AgTensor *
ag_graph_new_tensor (AgGraph *graph,
                     AgDType dtype,
                     const AgLayout *layout)
{
  AgTensor *tensor;

  if (G_UNLIKELY (graph->free_tensors == NULL))
    add_slab (graph);
  tensor = graph->free_tensors;
  graph->free_tensors = tensor->pending;
  graph->n_tensors++;

  memset (tensor, 0, sizeof *tensor);
  tensor->graph = graph;
  tensor->ref_count = 1;
  tensor->dtype = dtype;
  tensor->layout = layout;
  tensor->op = AG_OP_input;
  return tensor;
}

/* Of an input, the attribute of its record. */
static inline gint64
is_data (const AgTensor *tensor)
{
  return tensor->op == AG_OP_input && tensor->is_data;
}

static void
fail_without_value (AgGraph *graph,
                    const AgTensor *tensor)
{
  g_autofree char *shape = ag_layout_to_string (tensor->layout);

  ag_graph_fail (graph, AG_ERROR_ARGUMENT,
                 "A tensor of shape %s has no value: the step that recorded it failed; "
                 "record it again",
                 shape);
}

/**
 * ag_graph_index_of:
 * @graph: the graph @tensor belongs to
 * @tensor: a tensor
 *
 * Finds a tensor's place in the step's record; one from before gets its place
 * when it is used for the first time, and the step then holds it.
 *
 * Returns: the place
 */
gint
ag_graph_index_of (AgGraph *graph,
                   AgTensor *tensor)
{
  gint n = graph->n_records;

  if (G_LIKELY (tensor->step == graph->step))
    return tensor->index;

  if (n < graph->n_kept && graph->tensors[n] == tensor
      && graph->records[n].op == tensor->op && graph->records[n].layout == tensor->layout
      && graph->records[n].dtype == tensor->dtype
      && graph->records[n].attribute == is_data (tensor))
    {
      tensor->step = graph->step;
      tensor->index = n;
      graph->n_records++;
    }
  else
    {
      if (G_UNLIKELY (tensor->op == AG_OP_input && tensor->storage == NULL))
        fail_without_value (graph, tensor);
      append_record (graph, ag_tensor_ref (tensor))->attribute = is_data (tensor);
    }
  return tensor->index;
}

static inline gboolean
is_kept (const AgGraph *graph,
         AgOp op,
         AgDType dtype,
         const AgLayout *layout,
         guint n_operands,
         const gint32 *operands,
         gint64 attribute)
{
  const AgRecord *record = &graph->records[graph->n_records];

  return graph->n_records < graph->n_kept && record->op == op && record->dtype == dtype
         && record->layout == layout && record->n_operands == n_operands
         && record->attribute == attribute
         && memcmp (record->operands, operands, sizeof record->operands) == 0;
}

/**
 * ag_graph_record_again:
 * @graph: the current graph, whose next record is the same as in the step
 *   before
 *
 * Records it again: with the same tensor, unless somebody holds that.
 *
 * Returns: (transfer none): the tensor, its operands to be set by the caller
 */
AgTensor *
ag_graph_record_again (AgGraph *graph)
{
  gint n = graph->n_records++;
  const AgRecord *record = &graph->records[n];
  AgTensor *tensor = graph->tensors[n];

  if (G_UNLIKELY (tensor->ref_count > 1 || tensor->op != record->op))
    {
      AgTensor *fresh = ag_graph_new_tensor (graph, (AgDType) record->dtype, record->layout);

      fresh->op = record->op;
      fresh->n_operands = record->n_operands;
      fresh->attribute = record->attribute;
      fresh->index = n;
      graph->tensors[n] = fresh;
      ag_tensor_unref (tensor);
      tensor = fresh;
    }
  tensor->layout = record->layout;
  tensor->step = graph->step;
  tensor->was_differentiated = FALSE;
  tensor->function = NULL;
  tensor->leaf = NULL;
  return tensor;
}

/**
 * ag_graph_place:
 * @graph: the current graph
 * @op: what is recorded
 * @dtype: type of the result
 * @layout: its layout
 * @n_operands: number of @operands
 * @operands: (array fixed-size=3): their places; 0 for those there are not
 * @attribute: see #AgRecord
 *
 * Gives a node its place in the record. While a step records the same as the
 * one before, the same tensors are used again, which is most of what a steady
 * step's recording would cost.
 *
 * Returns: (transfer none): the node's tensor, which the step owns; its
 *   operands are to be set by the caller
 */
AgTensor *
ag_graph_place (AgGraph *graph,
                AgOp op,
                AgDType dtype,
                const AgLayout *layout,
                guint n_operands,
                const gint32 *operands,
                gint64 attribute)
{
  AgTensor *tensor;
  AgRecord *record;

  if (is_kept (graph, op, dtype, layout, n_operands, operands, attribute))
    return ag_graph_record_again (graph);

  tensor = ag_graph_new_tensor (graph, dtype, layout);
  tensor->op = (guint8) op;
  tensor->n_operands = (guint8) n_operands;
  tensor->attribute = attribute;
  record = append_record (graph, tensor);
  record->n_operands = (guint8) n_operands;
  memcpy (record->operands, operands, sizeof record->operands);
  record->attribute = attribute;
  return tensor;
}

/**
 * ag_graph_record:
 * @graph: the current graph
 * @op: what is recorded
 * @dtype: type of the result
 * @layout: its layout
 * @n_operands: number of @operands
 * @operands: (array length=n_operands): the operands
 * @attribute: see #AgRecord
 *
 * Returns: (transfer none): the recorded node; the step owns it
 */
AgTensor *
ag_graph_record (AgGraph *graph,
                 AgOp op,
                 AgDType dtype,
                 const AgLayout *layout,
                 guint n_operands,
                 AgTensor *const *operands,
                 gint64 attribute)
{
  gint32 places[AG_OP_MAX_OPERANDS] = { 0 };
  gboolean requires_grad = FALSE;
  AgTensor *tensor;

  for (guint i = 0; i < n_operands; i++)
    {
      places[i] = ag_graph_index_of (graph, operands[i]);
      requires_grad |= operands[i]->requires_grad;
    }
  tensor = ag_graph_place (graph, op, dtype, layout, n_operands, places, attribute);
  for (guint i = 0; i < n_operands; i++)
    tensor->operands[i] = operands[i];
  tensor->requires_grad = requires_grad && graph->no_grad == 0;
  return tensor;
}

/**
 * ag_graph_fail:
 * @graph: the current graph
 * @code: the kind of error
 * @format: what was wrong, where, and what to do
 * @...: arguments of @format
 *
 * Makes the step fail: its evaluation will report the first such error.
 *
 * Returns: (transfer none): a number to go on recording with
 */
AgTensor *
ag_graph_fail (AgGraph *graph,
               AgError code,
               const char *format,
               ...)
{
  AgTensor *tensor = ag_graph_new_tensor (graph, AG_DTYPE_FLOAT64, ag_layout_scalar ());
  va_list args;

  if (graph->error == NULL)
    {
      va_start (args, format);
      graph->error = g_error_new_valist (AG_ERROR, (gint) code, format, args);
      va_end (args);
    }
  tensor->op = AG_OP_number;
  tensor->number = NAN;
  append_record (graph, tensor);
  return tensor;
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

/* A tensor that nobody holds is kept for the next step without its value. */
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

  if (graph->n_records < graph->n_kept)
    forget_kept (graph);
  graph->step++;
  for (gint i = 0; i < graph->n_records; i++)
    {
      AgTensor *tensor = graph->tensors[i];

      if (tensor->ref_count > 1)
        forget_history (tensor);
      else
        forget_value (tensor);
    }
  graph->n_kept = graph->n_records;
  graph->n_records = 0;
  if (!success)
    forget_kept (graph);
}
