/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "graph/tape-private.h"

#include <string.h>

/* A step leaves behind the values of its plan's outputs. Each of them goes to a tensor that was
 * assigned to, becomes a gradient, or is the step's result. A step with an output that is none of
 * these has no tape, since nothing would say where to put it. */

#define MAX_OWN_BYTES 4096

static gint
find_output (const AgTape *tape,
             const AgTensor *tensor)
{
  for (gint i = 0; i < tape->n_outputs; i++)
    {
      gint record = tape->cached->plan->buffers[tape->outputs[i].buffer].record;

      if (tensor->storage != NULL && tape->graph->tensors[record]->storage == tensor->storage)
        return i;
    }
  return AG_TAPE_NO_OUTPUT;
}

static void
hold_inputs (AgTape *tape)
{
  const AgPlan *plan = tape->cached->plan;

  for (gint i = 0; i < plan->n_buffers; i++)
    {
      const AgBuffer *buffer = &plan->buffers[i];
      AgTensor *tensor = tape->graph->tensors[buffer->record];
      AgTensor **held = &tape->tensors[buffer->record];

      /* An input without a value is precomputed, from the tensors below. */
      if (*held == NULL
          && ((buffer->kind == AG_BUFFER_INPUT && tensor->storage != NULL)
              || buffer->kind == AG_BUFFER_NUMBER))
        *held = ag_tensor_ref (tensor);
      else if (buffer->kind == AG_BUFFER_OUTPUT)
        tape->outputs[tape->n_outputs++]
          = (AgTapeOutput){ .buffer = i, .n_bytes = ag_buffer_size (buffer) };
    }
  /* Precomputed values depend on data and constants alone. */
  for (gint i = 0; i < tape->n_records; i++)
    {
      AgTensor *tensor = tape->graph->tensors[i];

      if (tape->tensors[i] == NULL && (tensor->is_data || (tensor->op == AG_OP_number && tensor->is_constant)))
        tape->tensors[i] = ag_tensor_ref (tensor);
    }
}

/* Returns whether it is known where each output goes. */
static gboolean
find_destinations (AgTape *tape,
                   AgTensor *result)
{
  g_autofree gboolean *has_place = g_new0 (gboolean, MAX (1, tape->n_outputs));
  AgGraph *graph = tape->graph;

  tape->result = (AgTapeDestination){ .output = find_output (tape, result), .layout = result->layout };
  tape->result_dtype = result->dtype;
  if (tape->result.output == AG_TAPE_NO_OUTPUT)
    return FALSE;
  has_place[tape->result.output] = TRUE;

  for (guint i = 0; i < graph->assigned->len; i++)
    {
      AgTensor *tensor = g_ptr_array_index (graph->assigned, i);
      AgTapeDestination destination = { .output = find_output (tape, tensor->pending),
                                        .tensor = ag_tensor_ref (tensor),
                                        .layout = tensor->pending->layout };

      g_array_append_val (tape->assigned, destination);
      if (destination.output == AG_TAPE_NO_OUTPUT)
        return FALSE;
      has_place[destination.output] = TRUE;
    }
  for (gint i = 0; i < tape->n_records; i++)
    {
      AgTensor *leaf = tape->tensors[i];
      AgTapeDestination destination = { .output = AG_TAPE_NO_OUTPUT, .tensor = leaf };

      if (leaf == NULL || leaf->op != AG_OP_input || leaf->is_data)
        continue;
      ag_tensor_ref (leaf);
      if (leaf->grad != NULL)
        {
          destination.output = find_output (tape, leaf->grad);
          destination.grad = ag_tensor_ref (leaf->grad);
          destination.layout = leaf->grad->layout;
        }
      g_array_append_val (tape->grads, destination);
      if (leaf->grad == NULL)
        continue;
      if (destination.output == AG_TAPE_NO_OUTPUT)
        return FALSE;
      has_place[destination.output] = TRUE;
    }

  for (gint i = 0; i < tape->n_outputs; i++)
    if (!has_place[i])
      return FALSE;
  return TRUE;
}

static AgTape *
tape_new (AgGraph *graph,
          AgTensor *result)
{
  AgTape *tape = g_new0 (AgTape, 1);

  tape->graph = graph;
  tape->cached = graph->planned;
  tape->n_records = graph->n_records;
  tape->tensors = g_new0 (AgTensor *, graph->n_records);
  tape->outputs = g_new0 (AgTapeOutput, MAX (1, tape->cached->plan->n_buffers));
  tape->values = g_new0 (AgStorage *, MAX (1, tape->cached->plan->n_buffers));
  tape->assigned = g_array_new (FALSE, FALSE, sizeof (AgTapeDestination));
  tape->grads = g_array_new (FALSE, FALSE, sizeof (AgTapeDestination));
  hold_inputs (tape);
  if (!find_destinations (tape, result))
    g_clear_pointer (&tape, ag_tape_free);
  return tape;
}

static void
free_destinations (GArray *destinations)
{
  for (guint i = 0; i < destinations->len; i++)
    {
      AgTapeDestination *destination = &g_array_index (destinations, AgTapeDestination, i);

      ag_tensor_clear (&destination->tensor);
      ag_tensor_clear (&destination->grad);
    }
  g_array_unref (destinations);
}

/**
 * ag_tape_free:
 * @tape: (transfer full): a tape, to be freed before its graph
 */
void
ag_tape_free (AgTape *tape)
{
  for (gint i = 0; i < tape->n_records; i++)
    ag_tensor_clear (&tape->tensors[i]);
  free_destinations (tape->assigned);
  free_destinations (tape->grads);
  for (gint i = 0; i < tape->n_outputs; i++)
    for (guint k = 0; k < AG_TAPE_N_TURNS; k++)
      g_clear_pointer (&tape->outputs[i].own[k], ag_storage_unref);
  g_free (tape->tensors);
  g_free (tape->outputs);
  g_free (tape->values);
  g_free (tape);
}

/**
 * ag_graph_end_step_taped:
 * @graph: the current graph
 * @result: what the step computes, such as its loss
 * @tape: (out) (nullable): the step, to be played again; %NULL if that cannot be
 * @error: return location for a #GError
 *
 * Does what ag_graph_end_step() does, and keeps the step. A tape is to be played
 * only after ag_tape_equal() found that a second recording was the same: a
 * tensor made within the step, or a number that is not from ag_scalar_at(),
 * stays on it as it was.
 *
 * Returns: whether all went well
 */
gboolean
ag_graph_end_step_taped (AgGraph *graph,
                         AgTensor *result,
                         AgTape **tape,
                         GError **error)
{
  gboolean success;

  g_return_val_if_fail (graph == ag_graph_entered, FALSE);
  g_return_val_if_fail (result != NULL && tape != NULL, FALSE);

  ag_tensor_ref (result);
  success = ag_graph_evaluate (graph, NULL, error);
  *tape = success && graph->planned != NULL ? tape_new (graph, result) : NULL;
  ag_graph_finish_step (graph, success);
  ag_tensor_unref (result);
  return success;
}

/**
 * ag_graph_end_step_untaken:
 * @graph: the current graph
 * @result: what the step computes, such as its loss
 * @tape: (out) (nullable): the step; %NULL if it cannot be played
 * @error: return location for a #GError
 *
 * Keeps a step as ag_graph_end_step_taped() does, but does not take it: nothing is computed, and
 * nothing gets another value. Gradients are there without values.
 *
 * Returns: whether all went well
 */
gboolean
ag_graph_end_step_untaken (AgGraph *graph,
                           AgTensor *result,
                           AgTape **tape,
                           GError **error)
{
  gboolean success;

  g_return_val_if_fail (graph == ag_graph_entered, FALSE);
  g_return_val_if_fail (result != NULL && tape != NULL, FALSE);

  ag_tensor_ref (result);
  success = ag_graph_make_room (graph, error);
  *tape = success && graph->planned != NULL ? tape_new (graph, result) : NULL;
  if (success)
    ag_graph_drop_room (graph);
  ag_graph_finish_step (graph, FALSE);
  ag_tensor_unref (result);
  return success;
}

static gboolean
are_same (const AgTensor *a,
          const AgTensor *b)
{
  if (a == b)
    return TRUE;
  if (a == NULL || b == NULL || a->op != AG_OP_number || b->op != AG_OP_number)
    return FALSE;
  return a->source == b->source
         && (a->source != NULL || memcmp (&a->number, &b->number, sizeof a->number) == 0);
}

/* The same but for the values of numbers. */
static gboolean
are_alike (const AgTensor *a,
           const AgTensor *b)
{
  return a == b
         || (a != NULL && b != NULL && a->op == AG_OP_number && b->op == AG_OP_number
             && a->source == b->source);
}

static gboolean
go_to_same (const GArray *a,
            const GArray *b)
{
  if (a->len != b->len)
    return FALSE;
  for (guint i = 0; i < a->len; i++)
    {
      const AgTapeDestination *one = &g_array_index (a, AgTapeDestination, i);
      const AgTapeDestination *other = &g_array_index (b, AgTapeDestination, i);

      if (one->output != other->output || one->tensor != other->tensor
          || one->layout != other->layout)
        return FALSE;
    }
  return TRUE;
}

/* Whether two tapes have one plan, whose results go to the same tensors, and which reads tensors that
 * are the same in the manner of @compare. */
static gboolean
are_tapes_same (const AgTape *a,
                const AgTape *b,
                gboolean (*compare) (const AgTensor *, const AgTensor *))
{
  if (a->cached != b->cached || a->n_records != b->n_records
      || a->result.output != b->result.output || a->result.layout != b->result.layout)
    return FALSE;
  for (gint i = 0; i < a->n_records; i++)
    if (!compare (a->tensors[i], b->tensors[i]))
      return FALSE;
  return go_to_same (a->assigned, b->assigned) && go_to_same (a->grads, b->grads);
}

/**
 * ag_tape_equal:
 * @a: a tape
 * @b: another
 *
 * Returns: whether playing either comes to the same: one plan, the same tensors,
 *   numbers from the same places or with the same values
 */
gboolean
ag_tape_equal (const AgTape *a,
               const AgTape *b)
{
  return are_tapes_same (a, b, are_same);
}

/**
 * ag_tape_is_like:
 * @a: a tape
 * @b: another
 *
 * Returns: whether they are equal but for the values of numbers
 */
gboolean
ag_tape_is_like (const AgTape *a,
                 const AgTape *b)
{
  return are_tapes_same (a, b, are_alike);
}

/**
 * ag_tape_take_value:
 * @tensor: a tensor
 * @value: what it is from now on; held
 * @layout: how it lies there
 *
 * Gives a tensor another value.
 */
void
ag_tape_take_value (AgTensor *tensor,
                    AgStorage *value,
                    const AgLayout *layout)
{
  ag_storage_ref (value);
  if (tensor->storage != NULL)
    ag_storage_unref (tensor->storage);
  tensor->storage = value;
  tensor->layout = layout;
}

/* The gradient gets the step's value. Where somebody else still holds the gradient of an earlier
 * step, the leaf gets a new tensor, so that what is held does not change. */
static void
set_grad (AgTape *tape,
          AgTapeDestination *destination,
          AgStorage *const *values)
{
  AgTensor *leaf = destination->tensor;
  const gint n_holders = leaf->grad == destination->grad ? 2 : 1;

  if (destination->grad == NULL)
    {
      ag_tensor_clear (&leaf->grad);
      return;
    }
  if (G_UNLIKELY (destination->grad->ref_count > n_holders))
    {
      AgTensor *fresh = ag_graph_new_tensor (tape->graph, leaf->dtype, destination->layout);

      ag_tensor_unref (destination->grad);
      destination->grad = fresh;
    }
  ag_tape_take_value (destination->grad, values[destination->output], destination->layout);
  if (leaf->grad != destination->grad)
    {
      ag_tensor_clear (&leaf->grad);
      leaf->grad = ag_tensor_ref (destination->grad);
    }
}

/**
 * ag_tape_set_grads:
 * @tape: a tape
 * @values: the value of each output
 *
 * Leaves the gradients of a step where its recording left them.
 */
void
ag_tape_set_grads (AgTape *tape,
                   AgStorage *const *values)
{
  for (guint i = 0; i < tape->grads->len; i++)
    set_grad (tape, &g_array_index (tape->grads, AgTapeDestination, i), values);
}

/* Returns memory for an output: one of the tape's own storages if nobody reads that any more and
 * the output is small, else a new one. */
static AgStorage *
find_room (AgTape *tape,
           AgTapeOutput *output,
           GError **error)
{
  AgStorage **own = &output->own[tape->turn];

  if (G_LIKELY (*own != NULL && (*own)->ref_count == 1))
    return ag_storage_ref (*own);
  g_clear_pointer (own, ag_storage_unref);
  if (output->n_bytes > MAX_OWN_BYTES)
    return ag_storage_new (tape->graph->device, output->n_bytes, error);
  *own = ag_storage_new (tape->graph->device, output->n_bytes, error);
  return *own != NULL ? ag_storage_ref (*own) : NULL;
}

static gboolean
compute (AgTape *tape,
         GError **error)
{
  AgCachedPlan *cached = tape->cached;
  AgDevice *device = tape->graph->device;

  if (!ag_cached_plan_bind (cached, tape->tensors, error))
    return FALSE;
  tape->turn = (tape->turn + 1) % AG_TAPE_N_TURNS;
  for (gint i = 0; i < tape->n_outputs; i++)
    {
      tape->values[i] = find_room (tape, &tape->outputs[i], error);
      if (tape->values[i] == NULL)
        return FALSE;
      cached->bound[tape->outputs[i].buffer] = tape->values[i]->data;
    }
  return device->klass->execute (device, cached->executable, cached->bound, error);
}

/**
 * ag_tape_play:
 * @tape: a tape whose graph is entered and between two steps
 * @error: return location for a #GError
 *
 * Takes the step again: computes it from the values that its tensors have now,
 * assigns to those it assigned to, and leaves gradients where it left them.
 *
 * Returns: (transfer full) (nullable): the result of the step
 */
AgTensor *
ag_tape_play (AgTape *tape,
              GError **error)
{
  AgTensor *result = NULL;

  g_return_val_if_fail (tape->graph == ag_graph_entered && tape->graph->n_records == 0, NULL);

  if (compute (tape, error))
    {
      for (guint i = 0; i < tape->assigned->len; i++)
        {
          const AgTapeDestination *destination = &g_array_index (tape->assigned, AgTapeDestination, i);

          ag_tape_take_value (destination->tensor, tape->values[destination->output],
                              destination->layout);
        }
      ag_tape_set_grads (tape, tape->values);
      result = ag_graph_new_tensor (tape->graph, tape->result_dtype, tape->result.layout);
      ag_tape_take_value (result, tape->values[tape->result.output], tape->result.layout);
    }
  for (gint i = 0; i < tape->n_outputs; i++)
    g_clear_pointer (&tape->values[i], ag_storage_unref);
  return result;
}
