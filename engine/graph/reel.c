/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "graph/reel-private.h"

#include "graph/precomputed.h"

#include <string.h>

/* Between two steps of a tape there is much to do beside computing: memory is found for what the
 * step computes, and tensors get their values. A reel does that for many steps at once. It takes
 * memory for AG_REEL_N_KEPT generations of everything that is assigned to, which steps use in
 * turn: a step reads what the one before it wrote. So for each turn it is known beforehand where
 * everything lies. */

/**
 * ag_reel_new:
 * @graph: the graph of its tapes
 *
 * Returns: (transfer full): a reel without tapes
 */
AgReel *
ag_reel_new (AgGraph *graph)
{
  AgReel *reel = g_new0 (AgReel, 1);

  reel->graph = graph;
  reel->takes = g_array_new (FALSE, TRUE, sizeof (AgReelTake));
  reel->places = g_array_new (FALSE, TRUE, sizeof (AgReelPlace));
  return reel;
}

/* Lets go of the memory of the last steps. */
static void
drop_values (AgReel *reel)
{
  for (guint i = 0; i < reel->places->len; i++)
    for (guint turn = 0; turn < AG_REEL_N_KEPT; turn++)
      g_clear_pointer (&ag_reel_place (reel, i)->turns[turn], ag_storage_unref);
  for (guint i = 0; i < reel->takes->len; i++)
    {
      AgReelTake *take = ag_reel_take (reel, i);

      for (gint k = 0; take->tape != NULL && k < take->tape->n_outputs; k++)
        g_clear_pointer (&take->values[k], ag_storage_unref);
      if (take->tape != NULL)
        g_ptr_array_set_size (take->held, 0);
    }
}

/**
 * ag_reel_free:
 * @reel: (transfer full): a reel, to be freed before its tapes
 */
void
ag_reel_free (AgReel *reel)
{
  drop_values (reel);
  for (guint i = 0; i < reel->takes->len; i++)
    {
      AgReelTake *take = ag_reel_take (reel, i);

      for (guint turn = 0; turn < AG_REEL_N_KEPT; turn++)
        if (take->bindings[turn] != NULL)
          reel->graph->device->klass->binding_free (take->bindings[turn]);
      g_free (take->bound);
      g_free (take->numbers);
      g_free (take->varying);
      g_free (take->places);
      g_free (take->values);
      g_clear_pointer (&take->held, g_ptr_array_unref);
      g_free (take->carried);
    }
  for (guint i = 0; i < reel->places->len; i++)
    ag_tensor_clear (&ag_reel_place (reel, i)->tensor);
  g_array_unref (reel->takes);
  g_array_unref (reel->places);
  g_free (reel);
}

static gint
find_place (const AgReel *reel,
            const AgTensor *tensor)
{
  for (guint i = 0; i < reel->places->len; i++)
    if (ag_reel_place (reel, i)->tensor == tensor)
      return (gint) i;
  return -1;
}

/* Returns FALSE if the value cannot be used in turn: it is something else as well, or does not
 * fill its memory. */
static gboolean
add_destination (AgReel *reel,
                 AgReelTake *take,
                 const AgTapeDestination *destination)
{
  gint place = find_place (reel, destination->tensor);
  const gsize n_bytes = take->tape->outputs[destination->output].n_bytes;

  if (destination->output == take->tape->result.output || take->places[destination->output] >= 0
      || destination->layout != destination->layout->shape)
    return FALSE;
  if (place < 0)
    {
      AgReelPlace fresh = { .tensor = ag_tensor_ref (destination->tensor),
                            .n_bytes = n_bytes,
                            .layout = destination->layout };

      place = (gint) reel->places->len;
      g_array_append_val (reel->places, fresh);
    }
  take->places[destination->output] = place;
  return ag_reel_place (reel, (guint) place)->n_bytes == n_bytes
         && ag_reel_place (reel, (guint) place)->layout == destination->layout;
}

/* A step that reads the gradients of the one before is not played by a reel, which has no
 * generations of them. */
static gboolean
reads_grads (const AgTape *tape)
{
  for (guint i = 0; i < tape->grads->len; i++)
    {
      const AgTapeDestination *destination = &g_array_index (tape->grads, AgTapeDestination, i);

      for (gint k = 0; destination->grad != NULL && k < tape->n_records; k++)
        if (tape->tensors[k] == destination->grad)
          return TRUE;
    }
  return FALSE;
}

static void
find_carried (AgReel *reel)
{
  for (guint i = 0; i < reel->takes->len; i++)
    {
      AgReelTake *take = ag_reel_take (reel, i);

      if (take->tape == NULL)
        continue;
      g_free (take->carried);
      take->carried = g_new (guint, reel->places->len);
      take->n_carried = 0;
      for (guint place = 0; place < reel->places->len; place++)
        {
          gboolean is_assigned = FALSE;

          for (gint k = 0; k < take->tape->n_outputs; k++)
            is_assigned |= take->places[k] == (gint) place;
          if (!is_assigned)
            take->carried[take->n_carried++] = place;
        }
    }
}

/**
 * ag_reel_set_tape:
 * @reel: a reel
 * @index: a number that no tape has in it
 * @tape: a tape that lives longer than the reel
 *
 * Lets the reel play the tape under that number.
 */
void
ag_reel_set_tape (AgReel *reel,
                  guint index,
                  AgTape *tape)
{
  const AgDeviceClass *klass = reel->graph->device->klass;
  const AgPlan *plan = tape->cached->plan;
  AgReelTake *take;

  drop_values (reel);
  if (index >= reel->takes->len)
    g_array_set_size (reel->takes, index + 1);
  take = ag_reel_take (reel, index);
  take->tape = tape;
  take->bound = g_new0 (void *, plan->n_buffers);
  take->numbers = g_new0 (guint64, plan->n_buffers);
  take->varying = g_new0 (AgReelNumber, plan->n_buffers);
  take->places = g_new (gint, MAX (1, tape->n_outputs));
  take->values = g_new0 (AgStorage *, MAX (1, tape->n_outputs));
  take->held = g_ptr_array_new_with_free_func ((GDestroyNotify) ag_storage_unref);
  for (gint k = 0; k < tape->n_outputs; k++)
    take->places[k] = -1;
  for (gint i = 0; i < plan->n_buffers; i++)
    {
      const AgBuffer *buffer = &plan->buffers[i];

      if (buffer->kind == AG_BUFFER_NUMBER && tape->tensors[buffer->record]->source != NULL)
        take->varying[take->n_varying++]
          = (AgReelNumber){ tape->tensors[buffer->record], buffer->dtype, &take->numbers[i] };
    }
  take->can_be_played = klass->binding_new != NULL && !reads_grads (tape);
  for (guint i = 0; i < tape->assigned->len; i++)
    take->can_be_played &= add_destination (reel, take,
                                            &g_array_index (tape->assigned, AgTapeDestination, i));
  for (guint turn = 0; take->can_be_played && turn < AG_REEL_N_KEPT; turn++)
    take->bindings[turn] = klass->binding_new (tape->cached->executable);
  find_carried (reel);
}

/* Takes memory for all generations. The one before the first step is that which the tensors
 * have. */
static gboolean
prepare_places (AgReel *reel,
                GError **error)
{
  for (guint i = 0; i < reel->places->len; i++)
    {
      AgReelPlace *place = ag_reel_place (reel, i);

      for (guint turn = 0; turn < AG_REEL_N_KEPT; turn++)
        {
          place->turns[turn] = ag_storage_new (reel->graph->device, place->n_bytes, error);
          if (place->turns[turn] == NULL)
            return FALSE;
        }
      memcpy (place->turns[AG_REEL_N_KEPT - 1]->data, place->tensor->storage->data, place->n_bytes);
    }
  return TRUE;
}

/* Returns what one of a take's inputs is in one of the turns. */
static AgStorage *
find_input (const AgReel *reel,
            const AgReelTake *take,
            gint buffer,
            guint turn)
{
  const AgCachedPlan *cached = take->tape->cached;
  const gint record = cached->plan->buffers[buffer].record;
  const AgTensor *tensor = take->tape->tensors[record];
  const gint place = tensor != NULL ? find_place (reel, tensor) : -1;

  if (place >= 0)
    return ag_reel_place (reel, (guint) place)->turns[(turn + AG_REEL_N_KEPT - 1) % AG_REEL_N_KEPT];
  if (tensor != NULL && tensor->storage != NULL)
    return tensor->storage;
  return ag_precomputed_value (cached->precomputed, record);
}

/* Says where a take's buffers are in each of the turns. */
static void
bind_take (AgReel *reel,
           AgReelTake *take,
           gboolean *can_be_played)
{
  const AgTape *tape = take->tape;
  const AgCachedPlan *cached = tape->cached;
  AgDevice *device = reel->graph->device;

  take->result = (const char *) take->values[tape->result.output]->data
                 + (gsize) tape->result.layout->offset * ag_dtype_size (tape->result_dtype);
  for (guint turn = 0; *can_be_played && turn < AG_REEL_N_KEPT; turn++)
    {
      for (gint k = 0; k < cached->n_inputs; k++)
        take->bound[cached->inputs[k]] = find_input (reel, take, cached->inputs[k], turn)->data;
      for (gint k = 0; k < tape->n_outputs; k++)
        take->bound[tape->outputs[k].buffer]
          = (take->places[k] >= 0 ? ag_reel_place (reel, (guint) take->places[k])->turns[turn]
                                  : take->values[k])
              ->data;
      *can_be_played = device->klass->bind (device, take->bindings[turn], take->bound);
    }
}

static gboolean
prepare_take (AgReel *reel,
              AgReelTake *take,
              gboolean *can_be_played,
              GError **error)
{
  AgDevice *device = reel->graph->device;
  const AgTape *tape = take->tape;
  const AgCachedPlan *cached = tape->cached;

  if (cached->precomputed != NULL
      && !ag_precomputed_update (cached->precomputed, tape->tensors, error))
    return FALSE;
  for (gint k = 0; k < tape->n_outputs; k++)
    if (take->places[k] < 0)
      {
        take->values[k] = ag_storage_new (device, tape->outputs[k].n_bytes, error);
        if (take->values[k] == NULL)
          return FALSE;
      }
  for (gint i = 0; i < cached->plan->n_buffers; i++)
    if (cached->temporaries[i] != NULL)
      take->bound[i] = cached->temporaries[i]->data;
  for (gint k = 0; k < cached->n_numbers; k++)
    {
      const gint i = cached->number_buffers[k];
      const AgBuffer *buffer = &cached->plan->buffers[i];

      ag_tensor_write_number (tape->tensors[buffer->record], buffer->dtype, &take->numbers[i]);
      take->bound[i] = &take->numbers[i];
    }
  bind_take (reel, take, can_be_played);
  return TRUE;
}

/**
 * ag_reel_load:
 * @reel: a reel between two steps of its graph
 * @can_be_played: (out): whether it can be played then: the device may have no code yet that takes
 *   steps in this way
 * @error: return location for a #GError
 *
 * Lets the steps that are played next begin with the values that the tensors have.
 *
 * Returns: %FALSE with @error set if there is no memory
 */
gboolean
ag_reel_load (AgReel *reel,
              gboolean *can_be_played,
              GError **error)
{
  *can_be_played = TRUE;
  drop_values (reel);
  reel->turn = AG_REEL_N_KEPT - 1;
  reel->last = NULL;
  for (guint i = 0; i < reel->takes->len; i++)
    *can_be_played &= ag_reel_take (reel, i)->tape == NULL || ag_reel_take (reel, i)->can_be_played;
  for (guint i = 0; i < reel->places->len; i++)
    *can_be_played &= ag_reel_place (reel, i)->tensor->layout == ag_reel_place (reel, i)->layout;
  if (!*can_be_played)
    return TRUE;
  if (!prepare_places (reel, error))
    return FALSE;
  for (guint i = 0; i < reel->takes->len && *can_be_played; i++)
    if (ag_reel_take (reel, i)->tape != NULL
        && !prepare_take (reel, ag_reel_take (reel, i), can_be_played, error))
      return FALSE;
  return TRUE;
}

/* Returns FALSE with @error set if there is no memory. */
static gboolean
set_take_apart (AgReel *reel,
                AgReelTake *take,
                gboolean *can_be_played,
                GError **error)
{
  const AgCachedPlan *cached = take->tape->cached;

  for (gint i = 0; i < cached->plan->n_buffers; i++)
    {
      AgStorage *own;

      if (cached->temporaries[i] == NULL)
        continue;
      own = ag_storage_new (reel->graph->device, ag_buffer_size (&cached->plan->buffers[i]), error);
      if (own == NULL)
        return FALSE;
      g_ptr_array_add (take->held, own);
      take->bound[i] = own->data;
    }
  for (gint k = 0; k < cached->n_inputs; k++)
    g_ptr_array_add (take->held, ag_storage_ref (find_input (reel, take, cached->inputs[k], 0)));
  bind_take (reel, take, can_be_played);
  return TRUE;
}

/**
 * ag_reel_set_apart:
 * @reel: a loaded reel
 * @can_be_played: (out): whether it can be played then
 * @error: return location for a #GError
 *
 * Lets the reel have for itself all that its steps write, and keep what they read, until it is
 * loaded again: then other steps may be taken before it is played, and other reels of its graph
 * played at once with it.
 *
 * Returns: %FALSE with @error set if there is no memory
 */
gboolean
ag_reel_set_apart (AgReel *reel,
                   gboolean *can_be_played,
                   GError **error)
{
  *can_be_played = TRUE;
  for (guint i = 0; i < reel->takes->len && *can_be_played; i++)
    if (ag_reel_take (reel, i)->tape != NULL
        && !set_take_apart (reel, ag_reel_take (reel, i), can_be_played, error))
      return FALSE;
  return TRUE;
}

/**
 * ag_reel_is_like:
 * @reel: a reel
 * @other: another
 *
 * Returns: whether the two can be played at once, since their tapes have the same plans
 */
gboolean
ag_reel_is_like (const AgReel *reel,
                 const AgReel *other)
{
  if (reel->graph != other->graph || reel->takes->len != other->takes->len)
    return FALSE;
  for (guint i = 0; i < reel->takes->len; i++)
    {
      const AgTape *one = ag_reel_take (reel, i)->tape, *two = ag_reel_take (other, i)->tape;

      if ((one == NULL) != (two == NULL) || (one != NULL && one->cached != two->cached))
        return FALSE;
    }
  return TRUE;
}
