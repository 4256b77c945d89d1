/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "graph/reel.h"

#include "graph/precomputed.h"
#include "graph/tape-private.h"

#include <math.h>
#include <string.h>

/* Between two steps of a tape there is much to do beside computing: memory is found for what the
 * step computes, and tensors get their values. A reel does that for many steps at once. It takes
 * memory for AG_REEL_N_KEPT generations of everything that is assigned to, which steps use in
 * turn: a step reads what the one before it wrote. So for each turn it is known beforehand where
 * everything lies. */

#define N_TURNS AG_REEL_N_KEPT

/**
 * Place:
 * @tensor: a tensor that steps assign to; held
 * @n_bytes: size of its value
 * @turns: (nullable): its values in the last steps
 * @layout: how it lies there
 */
typedef struct
{
  AgTensor *tensor;
  gsize n_bytes;
  AgStorage *turns[N_TURNS];
  const AgLayout *layout;
} Place;

/**
 * Number:
 * @tensor: a number that differs from step to step
 * @dtype: as what it is read
 * @target: where
 */
typedef struct
{
  const AgTensor *tensor;
  AgDType dtype;
  guint64 *target;
} Number;

/**
 * Take:
 * @tape: (nullable): a tape; %NULL if there is none with this number
 * @can_be_played: whether it is one that a reel can play
 * @bindings: for each turn, the plan with its buffers
 * @bound: where each buffer is
 * @numbers: the values of those that are numbers
 * @n_varying: number of @varying
 * @varying: those that differ from step to step
 * @places: of each of the tape's outputs, the place it goes to; −1 if it goes elsewhere
 * @values: of each output, its value
 * @n_carried: number of @carried
 * @carried: the places that its steps leave as they are
 */
typedef struct
{
  AgTape *tape;
  gboolean can_be_played;
  AgBinding *bindings[N_TURNS];
  void **bound;
  guint64 *numbers;
  guint n_varying;
  Number *varying;
  gint *places;
  AgStorage **values;
  guint n_carried;
  guint *carried;
} Take;

/**
 * AgReel:
 * @takes: (element-type Take): the tapes by their numbers
 * @places: (element-type Place): what any of them assigns to
 * @turn: the one of the last step
 * @last: the take of the last step
 */
struct _AgReel
{
  AgGraph *graph;
  GArray *takes;
  GArray *places;
  guint turn;
  Take *last;
};

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
  reel->takes = g_array_new (FALSE, TRUE, sizeof (Take));
  reel->places = g_array_new (FALSE, TRUE, sizeof (Place));
  return reel;
}

static Take *
nth_take (const AgReel *reel,
          guint i)
{
  return &g_array_index (reel->takes, Take, i);
}

static Place *
nth_place (const AgReel *reel,
           guint i)
{
  return &g_array_index (reel->places, Place, i);
}

/* Lets go of the memory of the last steps. */
static void
drop_values (AgReel *reel)
{
  for (guint i = 0; i < reel->places->len; i++)
    for (guint turn = 0; turn < N_TURNS; turn++)
      g_clear_pointer (&nth_place (reel, i)->turns[turn], ag_storage_unref);
  for (guint i = 0; i < reel->takes->len; i++)
    {
      Take *take = nth_take (reel, i);

      for (gint k = 0; take->tape != NULL && k < take->tape->n_outputs; k++)
        g_clear_pointer (&take->values[k], ag_storage_unref);
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
      Take *take = nth_take (reel, i);

      for (guint turn = 0; turn < N_TURNS; turn++)
        if (take->bindings[turn] != NULL)
          reel->graph->device->klass->binding_free (take->bindings[turn]);
      g_free (take->bound);
      g_free (take->numbers);
      g_free (take->varying);
      g_free (take->places);
      g_free (take->values);
      g_free (take->carried);
    }
  for (guint i = 0; i < reel->places->len; i++)
    ag_tensor_clear (&nth_place (reel, i)->tensor);
  g_array_unref (reel->takes);
  g_array_unref (reel->places);
  g_free (reel);
}

static gint
find_place (const AgReel *reel,
            const AgTensor *tensor)
{
  for (guint i = 0; i < reel->places->len; i++)
    if (nth_place (reel, i)->tensor == tensor)
      return (gint) i;
  return -1;
}

/* Returns FALSE if the value cannot be used in turn: it is something else as well, or does not
 * fill its memory. */
static gboolean
add_destination (AgReel *reel,
                 Take *take,
                 const AgTapeDestination *destination)
{
  gint place = find_place (reel, destination->tensor);
  const gsize n_bytes = take->tape->outputs[destination->output].n_bytes;

  if (destination->output == take->tape->result.output || take->places[destination->output] >= 0
      || destination->layout != destination->layout->shape)
    return FALSE;
  if (place < 0)
    {
      Place fresh = { .tensor = ag_tensor_ref (destination->tensor),
                      .n_bytes = n_bytes,
                      .layout = destination->layout };

      place = (gint) reel->places->len;
      g_array_append_val (reel->places, fresh);
    }
  take->places[destination->output] = place;
  return nth_place (reel, (guint) place)->n_bytes == n_bytes
         && nth_place (reel, (guint) place)->layout == destination->layout;
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
      Take *take = nth_take (reel, i);

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
  Take *take;

  drop_values (reel);
  if (index >= reel->takes->len)
    g_array_set_size (reel->takes, index + 1);
  take = nth_take (reel, index);
  take->tape = tape;
  take->bound = g_new0 (void *, plan->n_buffers);
  take->numbers = g_new0 (guint64, plan->n_buffers);
  take->varying = g_new0 (Number, plan->n_buffers);
  take->places = g_new (gint, MAX (1, tape->n_outputs));
  take->values = g_new0 (AgStorage *, MAX (1, tape->n_outputs));
  for (gint k = 0; k < tape->n_outputs; k++)
    take->places[k] = -1;
  for (gint i = 0; i < plan->n_buffers; i++)
    {
      const AgBuffer *buffer = &plan->buffers[i];

      if (buffer->kind == AG_BUFFER_NUMBER && tape->tensors[buffer->record]->source != NULL)
        take->varying[take->n_varying++]
          = (Number){ tape->tensors[buffer->record], buffer->dtype, &take->numbers[i] };
    }
  take->can_be_played = klass->binding_new != NULL && !reads_grads (tape);
  for (guint i = 0; i < tape->assigned->len; i++)
    take->can_be_played &= add_destination (reel, take,
                                            &g_array_index (tape->assigned, AgTapeDestination, i));
  for (guint turn = 0; take->can_be_played && turn < N_TURNS; turn++)
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
      Place *place = nth_place (reel, i);

      for (guint turn = 0; turn < N_TURNS; turn++)
        {
          place->turns[turn] = ag_storage_new (reel->graph->device, place->n_bytes, error);
          if (place->turns[turn] == NULL)
            return FALSE;
        }
      memcpy (place->turns[N_TURNS - 1]->data, place->tensor->storage->data, place->n_bytes);
    }
  return TRUE;
}

/* Finds where a take's buffers are in one of the turns. */
static void
find_buffers (AgReel *reel,
              Take *take,
              guint turn)
{
  const AgTape *tape = take->tape;
  const AgCachedPlan *cached = tape->cached;

  for (gint k = 0; k < cached->n_inputs; k++)
    {
      const gint i = cached->inputs[k];
      const gint record = cached->plan->buffers[i].record;
      const AgTensor *tensor = tape->tensors[record];
      const gint place = tensor != NULL ? find_place (reel, tensor) : -1;
      AgStorage *storage;

      if (place >= 0)
        storage = nth_place (reel, (guint) place)->turns[(turn + N_TURNS - 1) % N_TURNS];
      else if (tensor != NULL && tensor->storage != NULL)
        storage = tensor->storage;
      else
        storage = ag_precomputed_value (cached->precomputed, record);
      take->bound[i] = storage->data;
    }
  for (gint k = 0; k < tape->n_outputs; k++)
    take->bound[tape->outputs[k].buffer]
      = (take->places[k] >= 0 ? nth_place (reel, (guint) take->places[k])->turns[turn]
                              : take->values[k])
          ->data;
}

static gboolean
prepare_take (AgReel *reel,
              Take *take,
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
  for (guint turn = 0; *can_be_played && turn < N_TURNS; turn++)
    {
      find_buffers (reel, take, turn);
      *can_be_played = device->klass->bind (device, take->bindings[turn], take->bound);
    }
  return TRUE;
}

/* Returns FALSE with @error set if there is no memory. */
static gboolean
prepare (AgReel *reel,
         gboolean *can_be_played,
         GError **error)
{
  *can_be_played = TRUE;
  drop_values (reel);
  for (guint i = 0; i < reel->takes->len; i++)
    *can_be_played &= nth_take (reel, i)->tape == NULL || nth_take (reel, i)->can_be_played;
  for (guint i = 0; i < reel->places->len; i++)
    *can_be_played &= nth_place (reel, i)->tensor->layout == nth_place (reel, i)->layout;
  if (!*can_be_played)
    return TRUE;
  if (!prepare_places (reel, error))
    return FALSE;
  for (guint i = 0; i < reel->takes->len && *can_be_played; i++)
    if (nth_take (reel, i)->tape != NULL
        && !prepare_take (reel, nth_take (reel, i), can_be_played, error))
      return FALSE;
  return TRUE;
}

static double
read_result (const Take *take)
{
  const AgTape *tape = take->tape;
  const void *data = take->values[tape->result.output]->data;
  const gint64 offset = tape->result.layout->offset;

  return tape->result_dtype == AG_DTYPE_FLOAT32 ? (double) ((const float *) data)[offset]
                                                : ((const double *) data)[offset];
}

static double
play_step (AgReel *reel,
           Take *take)
{
  const guint before = reel->turn, turn = (before + 1) % N_TURNS;

  for (guint i = 0; i < take->n_varying; i++)
    ag_tensor_write_number (take->varying[i].tensor, take->varying[i].dtype,
                            take->varying[i].target);
  reel->graph->device->klass->run (take->bindings[turn]);
  for (guint i = 0; i < take->n_carried; i++)
    {
      Place *place = nth_place (reel, take->carried[i]);

      memcpy (place->turns[turn]->data, place->turns[before]->data, place->n_bytes);
    }
  reel->turn = turn;
  reel->last = take;
  return read_result (take);
}

/**
 * ag_reel_play:
 * @reel: a reel whose graph is entered and between two steps
 * @n_steps: how many steps at most
 * @next: what makes a step ready and says which tape it is on
 * @data: what @next is given
 * @results: (out caller-allocates): room for the results of the steps
 * @error: return location for a #GError
 *
 * Takes steps one after the other as ag_tape_play() does, but leaves the tensors as they are,
 * until ag_reel_hand_out() is called. It ends with a step whose result is not finite. Where the
 * device has no code yet that takes steps in this way, it takes none, and @next is not called.
 *
 * Returns: how many steps were taken
 */
gint64
ag_reel_play (AgReel *reel,
              gint64 n_steps,
              AgReelNext next,
              gpointer data,
              double *results,
              GError **error)
{
  gboolean can_be_played;
  gint64 n = 0;

  g_return_val_if_fail (reel->graph == ag_graph_entered && reel->graph->n_records == 0, 0);

  if (!prepare (reel, &can_be_played, error) || !can_be_played)
    return 0;
  reel->turn = N_TURNS - 1;
  while (n < n_steps && (n == 0 || isfinite (results[n - 1])))
    {
      const gint index = next (data);

      if (index < 0)
        break;
      results[n++] = play_step (reel, nth_take (reel, (guint) index));
    }
  return n;
}

/**
 * ag_reel_hand_out:
 * @reel: a reel that has played
 * @n_back: how many steps were taken after the one whose values are wanted, less than
 *   %AG_REEL_N_KEPT and than there were
 *
 * Gives the tensors the values that a step assigned to them, and with the last step the
 * gradients theirs.
 */
void
ag_reel_hand_out (AgReel *reel,
                  guint n_back)
{
  const guint turn = (reel->turn + N_TURNS - n_back) % N_TURNS;
  Take *take = reel->last;

  for (guint i = 0; i < reel->places->len; i++)
    {
      Place *place = nth_place (reel, i);

      ag_tape_take_value (place->tensor, place->turns[turn], place->layout);
    }
  if (n_back > 0)
    return;
  for (gint k = 0; k < take->tape->n_outputs; k++)
    if (take->places[k] >= 0)
      take->values[k] = ag_storage_ref (nth_place (reel, (guint) take->places[k])->turns[turn]);
  ag_tape_set_grads (take->tape, take->values);
}
