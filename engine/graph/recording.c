/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "graph/graph-private.h"

#include <math.h>
#include <string.h>

/* The tensors of a graph and the record of its step: all that operations need. */

#define TENSORS_PER_SLAB 64

_Thread_local AgGraph *ag_graph_entered;

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

/**
 * ag_graph_free_memory:
 * @graph: a graph
 *
 * Frees what is left of @graph if it was given up and its last tensor is gone.
 */
void
ag_graph_free_memory (AgGraph *graph)
{
  if (!graph->is_closed || graph->n_tensors > 0)
    return;

  g_ptr_array_unref (graph->slabs);
  g_free (graph);
}

/* Gives the memory of a tensor that nobody holds any more back to its graph. */
static void
release (AgTensor *tensor)
{
  AgGraph *graph = tensor->graph;

  if (tensor->storage != NULL)
    ag_storage_unref (tensor->storage);
  if (tensor->grad != NULL)
    ag_tensor_unref (tensor->grad);
  tensor->storage = NULL;
  tensor->grad = NULL;
  tensor->next_free = graph->free_tensors;
  graph->free_tensors = tensor;
  graph->n_tensors--;
  if (G_UNLIKELY (graph->is_closed))
    ag_graph_free_memory (graph);
}

/**
 * ag_tensor_ref:
 * @tensor: a tensor
 *
 * Keeps @tensor beyond the step that made it.
 *
 * Returns: (transfer full): @tensor
 */
AgTensor *
ag_tensor_ref (AgTensor *tensor)
{
  tensor->ref_count++;
  return tensor;
}

/**
 * ag_tensor_unref:
 * @tensor: (transfer full): a tensor
 *
 * Drops a reference.
 */
void
ag_tensor_unref (AgTensor *tensor)
{
  if (--tensor->ref_count == 0)
    release (tensor);
}

/**
 * ag_tensor_clear:
 * @tensor: (inout): where a reference is kept; may hold %NULL
 *
 * Drops the reference kept there, if any, and sets it to %NULL.
 */
void
ag_tensor_clear (AgTensor **tensor)
{
  g_clear_pointer (tensor, ag_tensor_unref);
}

static void
grow_records (AgGraph *graph)
{
  graph->capacity = MAX (64, graph->capacity * 2);
  graph->records = g_renew (AgRecord, graph->records, graph->capacity);
  graph->tensors = g_renew (AgTensor *, graph->tensors, graph->capacity);
  graph->held = g_renew (guint8, graph->held, graph->capacity);
}

/**
 * ag_graph_expect_no_more:
 * @graph: a graph
 *
 * Lets go of the nodes that the step before recorded and this one has not: from here on
 * the two differ.
 */
void
ag_graph_expect_no_more (AgGraph *graph)
{
  for (gint i = graph->n_records; i < graph->n_expected; i++)
    ag_tensor_unref (graph->tensors[i]);
  graph->n_expected = 0;
  graph->planned = NULL;
}

static inline AgRecord *
append_record (AgGraph *graph,
               AgTensor *tensor)
{
  AgRecord *record;

  if (G_UNLIKELY (graph->n_records < graph->n_expected))
    ag_graph_expect_no_more (graph);
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
      slab[i].next_free = graph->free_tensors;
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
  graph->free_tensors = tensor->next_free;
  graph->n_tensors++;

  memset (tensor, 0, sizeof *tensor);
  tensor->graph = graph;
  tensor->ref_count = 1;
  tensor->dtype = dtype;
  tensor->layout = layout;
  tensor->op = AG_OP_input;
  return tensor;
}

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

  if (n < graph->n_expected && graph->tensors[n] == tensor
      && graph->records[n].op == tensor->op && graph->records[n].layout == tensor->layout
      && graph->records[n].dtype == tensor->dtype
      && graph->records[n].is_data == is_data (tensor))
    {
      tensor->step = graph->step;
      tensor->index = n;
      graph->n_records++;
    }
  else
    {
      if (G_UNLIKELY (tensor->op == AG_OP_input && tensor->storage == NULL))
        fail_without_value (graph, tensor);
      append_record (graph, ag_tensor_ref (tensor))->is_data = is_data (tensor);
    }
  return tensor->index;
}

static inline gboolean
is_expected (const AgGraph *graph,
             AgOp op,
             AgDType dtype,
             const AgLayout *layout,
             guint n_operands,
             const gint32 *operands,
             gint64 attribute)
{
  const AgRecord *record = &graph->records[graph->n_records];

  return graph->n_records < graph->n_expected && record->op == op && record->dtype == dtype
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

  if (G_UNLIKELY (ag_tensor_is_held (tensor) || tensor->op != record->op))
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

  if (is_expected (graph, op, dtype, layout, n_operands, operands, attribute))
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
