/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "graph/batch.h"

#include "base/number.h"
#include "graph/precomputed.h"
#include "graph/reel-private.h"

#include <string.h>

/* In a buffer that each run has for itself, element e of run r is at e × size of the batch + r. The
 * runs share all other buffers. Like a reel, a batch has memory for some generations of what steps
 * assign to, which they use in turn. */

/**
 * Varying:
 * @number: a number of a run that differs from step to step
 * @target: where the batch has it
 */
typedef struct
{
  const AgReelNumber *number;
  void *target;
} Varying;

/**
 * Take:
 * @cached: (nullable): the plan of a tape; %NULL if there is none with this number
 * @bindings: for each turn, the plan with its buffers
 * @places: of each buffer, the place it is; −1 of others
 * @own: of each other one that each run has for itself, its memory
 * @shared: of each other input, its value
 * @n_varying: how many numbers of all runs differ from step to step
 * @varying: those
 * @result: where the steps' results are, one of each run
 */
typedef struct
{
  const AgCachedPlan *cached;
  AgBinding *bindings[AG_REEL_N_KEPT];
  gint *places;
  AgStorage **own;
  AgStorage **shared;
  guint n_varying;
  Varying *varying;
  const void *result;
} Take;

/**
 * Place:
 * @n_elements: how many elements a run's value has
 * @size: bytes of one
 * @turns: the runs' values in the last steps
 */
typedef struct
{
  gsize n_elements;
  gsize size;
  AgStorage *turns[AG_REEL_N_KEPT];
} Place;

/**
 * AgBatch:
 * @size: how many runs it has room for
 * @n_takes: number of @takes
 * @takes: the tapes by their numbers
 * @n_places: number of @places
 * @places: what any of them assigns to
 * @turn: the one of the last step
 */
struct _AgBatch
{
  AgGraph *graph;
  guint size;
  guint n_takes;
  Take *takes;
  guint n_places;
  Place *places;
  guint turn;
};

static AgDevice *
device (const AgBatch *batch)
{
  return batch->graph->device;
}

static gint
find_output (const AgTape *tape,
             gint buffer)
{
  for (gint k = 0; k < tape->n_outputs; k++)
    if (tape->outputs[k].buffer == buffer)
      return k;
  return -1;
}

/* Finds which place a take's buffer is; −1 if none. */
static gint
find_place (const AgReel *reel,
            const AgReelTake *take,
            gint buffer)
{
  const AgTape *tape = take->tape;
  const AgBuffer *info = &tape->cached->plan->buffers[buffer];
  const gint output = find_output (tape, buffer);

  if (output >= 0)
    return take->places[output];
  for (guint i = 0; info->kind == AG_BUFFER_INPUT && i < reel->places->len; i++)
    if (ag_reel_place (reel, i)->tensor == tape->tensors[info->record])
      return (gint) i;
  return -1;
}

/* Returns what a take reads that no step assigns to, if the tensor has still that value. */
static AgStorage *
find_shared (const AgReelTake *take,
             gint buffer)
{
  const AgCachedPlan *cached = take->tape->cached;
  const gint record = cached->plan->buffers[buffer].record;
  const AgTensor *tensor = take->tape->tensors[record];
  AgStorage *value = tensor != NULL && tensor->storage != NULL
                       ? tensor->storage
                       : ag_precomputed_value (cached->precomputed, record);

  return value->data == take->bound[buffer] ? value : NULL;
}

static gboolean
make_places (AgBatch *batch,
             const AgReel *reel)
{
  batch->n_places = reel->places->len;
  batch->places = g_new0 (Place, MAX (1, batch->n_places));
  for (guint i = 0; i < batch->n_places; i++)
    {
      const AgReelPlace *like = ag_reel_place (reel, i);
      Place *place = &batch->places[i];

      place->size = ag_dtype_size (like->tensor->dtype);
      place->n_elements = like->n_bytes / place->size;
      if (place->n_elements > AG_DEVICE_MAX_OWN)
        return FALSE;
      for (guint turn = 0; turn < AG_REEL_N_KEPT; turn++)
        {
          place->turns[turn] = ag_storage_new (device (batch), like->n_bytes * batch->size, NULL);
          if (place->turns[turn] == NULL)
            return FALSE;
        }
    }
  return TRUE;
}

static gboolean
make_own (AgBatch *batch,
          const AgReel *reel,
          const AgReelTake *like,
          Take *take)
{
  const AgPlan *plan = take->cached->plan;

  for (gint i = 0; i < plan->n_buffers; i++)
    {
      const AgBuffer *buffer = &plan->buffers[i];
      AgStorage *shared;

      take->places[i] = find_place (reel, like, i);
      if (take->places[i] >= 0)
        continue;
      if (buffer->n_elements <= AG_DEVICE_MAX_OWN)
        {
          take->own[i] = ag_storage_new (device (batch), ag_buffer_size (buffer) * batch->size, NULL);
          if (take->own[i] == NULL)
            return FALSE;
          continue;
        }
      shared = buffer->kind == AG_BUFFER_INPUT ? find_shared (like, i) : NULL;
      if (shared == NULL)
        return FALSE;
      take->shared[i] = ag_storage_ref (shared);
    }
  return TRUE;
}

/* A step reads what the one before it has written. */
static void *
find_memory (const AgBatch *batch,
             const Take *take,
             gint buffer,
             guint turn)
{
  const gint place = take->places[buffer];

  if (place >= 0 && take->cached->plan->buffers[buffer].kind == AG_BUFFER_INPUT)
    turn = (turn + AG_REEL_N_KEPT - 1) % AG_REEL_N_KEPT;
  if (place >= 0)
    return batch->places[place].turns[turn]->data;
  return (take->own[buffer] != NULL ? take->own[buffer] : take->shared[buffer])->data;
}

static gboolean
bind_take (AgBatch *batch,
           Take *take)
{
  const AgDeviceClass *klass = device (batch)->klass;
  const AgPlan *plan = take->cached->plan;
  g_autofree void **bound = g_new0 (void *, MAX (1, plan->n_buffers));
  gboolean is_bound = TRUE;

  for (guint turn = 0; is_bound && turn < AG_REEL_N_KEPT; turn++)
    {
      for (gint i = 0; i < plan->n_buffers; i++)
        bound[i] = find_memory (batch, take, i, turn);
      take->bindings[turn] = klass->binding_new (take->cached->executable);
      is_bound = klass->bind_batch (device (batch), take->bindings[turn], bound);
    }
  return is_bound;
}

static gboolean
make_take (AgBatch *batch,
           const AgReel *reel,
           const AgReelTake *like,
           Take *take)
{
  const AgTape *tape = like->tape;
  const gsize n = (gsize) MAX (1, tape->cached->plan->n_buffers);
  const gint result = tape->outputs[tape->result.output].buffer;

  take->cached = tape->cached;
  take->places = g_new0 (gint, n);
  take->own = g_new0 (AgStorage *, n);
  take->shared = g_new0 (AgStorage *, n);
  take->varying = g_new (Varying, MAX (1, like->n_varying) * batch->size);
  if (!make_own (batch, reel, like, take) || take->own[result] == NULL || !bind_take (batch, take))
    return FALSE;
  take->result = (const char *) take->own[result]->data
                 + (gsize) tape->result.layout->offset * batch->size
                     * ag_dtype_size (tape->result_dtype);
  return TRUE;
}

/**
 * ag_batch_new:
 * @reel: a reel that is loaded and set apart
 *
 * Returns: (transfer full) (nullable): a batch for reels that are like it, to be freed before their
 *   graph; %NULL if the device has no batches of its steps, or has no code for them yet
 */
AgBatch *
ag_batch_new (AgReel *reel)
{
  AgBatch *batch;

  if (reel->graph->device->n_batch == 0)
    return NULL;
  batch = g_new0 (AgBatch, 1);
  batch->graph = reel->graph;
  batch->size = reel->graph->device->n_batch;
  batch->n_takes = reel->takes->len;
  batch->takes = g_new0 (Take, MAX (1, batch->n_takes));
  if (!make_places (batch, reel))
    {
      ag_batch_free (batch);
      return NULL;
    }
  for (guint i = 0; i < batch->n_takes; i++)
    if (ag_reel_take (reel, i)->tape != NULL
        && !make_take (batch, reel, ag_reel_take (reel, i), &batch->takes[i]))
      {
        ag_batch_free (batch);
        return NULL;
      }
  return batch;
}

static void
clear_take (AgBatch *batch,
            Take *take)
{
  if (take->cached == NULL)
    return;
  for (guint turn = 0; turn < AG_REEL_N_KEPT; turn++)
    if (take->bindings[turn] != NULL)
      device (batch)->klass->binding_free (take->bindings[turn]);
  for (gint i = 0; i < take->cached->plan->n_buffers; i++)
    {
      g_clear_pointer (&take->own[i], ag_storage_unref);
      g_clear_pointer (&take->shared[i], ag_storage_unref);
    }
  g_free (take->places);
  g_free (take->own);
  g_free (take->shared);
  g_free (take->varying);
}

/**
 * ag_batch_free:
 * @batch: (transfer full): a batch
 */
void
ag_batch_free (AgBatch *batch)
{
  for (guint i = 0; i < batch->n_takes; i++)
    clear_take (batch, &batch->takes[i]);
  for (guint i = 0; i < batch->n_places; i++)
    for (guint turn = 0; turn < AG_REEL_N_KEPT; turn++)
      g_clear_pointer (&batch->places[i].turns[turn], ag_storage_unref);
  g_free (batch->takes);
  g_free (batch->places);
  g_free (batch);
}

/**
 * ag_batch_size:
 * @batch: a batch
 *
 * Returns: how many reels it plays at once at most
 */
guint
ag_batch_size (const AgBatch *batch)
{
  return batch->size;
}

static gboolean
take_suits (const Take *take,
            const AgReel *reel,
            const AgReelTake *other)
{
  if (take->cached != (other->tape != NULL ? other->tape->cached : NULL))
    return FALSE;
  for (gint i = 0; take->cached != NULL && i < take->cached->plan->n_buffers; i++)
    if (take->places[i] != find_place (reel, other, i)
        || (take->shared[i] != NULL && take->shared[i]->data != other->bound[i]))
      return FALSE;
  return TRUE;
}

/**
 * ag_batch_suits:
 * @batch: a batch
 * @reel: a reel that is set apart
 *
 * Returns: whether the batch can play it
 */
gboolean
ag_batch_suits (const AgBatch *batch,
                const AgReel *reel)
{
  if (reel->graph != batch->graph || reel->takes->len != batch->n_takes
      || reel->places->len != batch->n_places)
    return FALSE;
  for (guint i = 0; i < batch->n_takes; i++)
    if (!take_suits (&batch->takes[i], reel, ag_reel_take (reel, i)))
      return FALSE;
  return TRUE;
}

/* Brings elements of a run to those of the others, or back. */
static void
copy (void *of_batch,
      void *of_run,
      gsize n_elements,
      gsize size,
      gsize stride,
      gboolean is_back)
{
  for (gsize k = 0; k < n_elements; k++)
    {
      char *one = (char *) of_batch + k * size * stride, *other = (char *) of_run + k * size;

      memcpy (is_back ? other : one, is_back ? one : other, size);
    }
}

static void
copy_places (const AgBatch *batch,
             const AgReel *reel,
             guint run,
             gboolean is_back)
{
  for (guint i = 0; i < batch->n_places; i++)
    {
      const Place *place = &batch->places[i];

      copy ((char *) place->turns[batch->turn]->data + run * place->size,
            ag_reel_place (reel, i)->turns[reel->turn]->data, place->n_elements, place->size,
            batch->size, is_back);
    }
}

/* Everything else that a run has for itself and steps read. */
static void
copy_inputs (const AgBatch *batch,
             const Take *take,
             const AgReelTake *of_run,
             guint run)
{
  const AgPlan *plan = take->cached->plan;

  for (gint i = 0; i < plan->n_buffers; i++)
    {
      const AgBuffer *buffer = &plan->buffers[i];
      const gsize size = ag_dtype_size (buffer->dtype);

      if (take->own[i] != NULL
          && (buffer->kind == AG_BUFFER_INPUT || buffer->kind == AG_BUFFER_NUMBER))
        copy ((char *) take->own[i]->data + run * size, of_run->bound[i], (gsize) buffer->n_elements,
              size, batch->size, FALSE);
    }
}

static void
add_varying (Take *take,
             const AgReelTake *of_run,
             guint run)
{
  for (guint i = 0; i < of_run->n_varying; i++)
    {
      const AgReelNumber *number = &of_run->varying[i];
      char *memory = take->own[number->target - of_run->numbers]->data;

      take->varying[take->n_varying++]
        = (Varying){ number, memory + run * ag_dtype_size (number->dtype) };
    }
}

/**
 * ag_batch_join:
 * @batch: a batch
 * @reels: (array length=n_reels): reels that it suits
 * @n_reels: how many, at least one and at most ag_batch_size()
 *
 * Lets the batch have the reels' values, so that they can be played. Where there is room for more,
 * it has those of the first once more.
 */
void
ag_batch_join (AgBatch *batch,
               AgReel *const *reels,
               guint n_reels)
{
  for (guint i = 0; i < batch->n_takes; i++)
    batch->takes[i].n_varying = 0;
  for (guint run = 0; run < batch->size; run++)
    {
      const AgReel *reel = reels[run < n_reels ? run : 0];

      copy_places (batch, reel, run, FALSE);
      for (guint i = 0; i < batch->n_takes; i++)
        {
          Take *take = &batch->takes[i];

          if (take->cached == NULL)
            continue;
          copy_inputs (batch, take, ag_reel_take (reel, i), run);
          if (run < n_reels)
            add_varying (take, ag_reel_take (reel, i), run);
        }
    }
}

/**
 * ag_batch_leave:
 * @batch: a batch
 * @reels: (array length=n_reels): the reels that it was joined by, in that order
 * @n_reels: how many
 *
 * Gives the reels the values that they have after the last step.
 */
void
ag_batch_leave (const AgBatch *batch,
                AgReel *const *reels,
                guint n_reels)
{
  for (guint run = 0; run < n_reels; run++)
    copy_places (batch, reels[run], run, TRUE);
}

static void
carry (const AgBatch *batch,
       const AgReelTake *take,
       guint turn)
{
  for (guint i = 0; i < take->n_carried; i++)
    {
      const Place *place = &batch->places[take->carried[i]];

      memcpy (place->turns[turn]->data, place->turns[batch->turn]->data,
              place->n_elements * place->size * batch->size);
    }
}

static void
play_step (AgBatch *batch,
           AgReel *const *reels,
           guint n_reels,
           guint index,
           double *results)
{
  const Take *take = &batch->takes[index];
  const AgReelTake *first = ag_reel_take (reels[0], index);
  const guint turn = ag_reel_turn_after (batch->turn);

  for (guint i = 0; i < take->n_varying; i++)
    ag_tensor_write_number (take->varying[i].number->tensor, take->varying[i].number->dtype,
                            take->varying[i].target);
  device (batch)->klass->run (&take->bindings[turn], 1);
  carry (batch, first, turn);
  batch->turn = turn;
  if (first->tape->result_dtype == AG_DTYPE_FLOAT32)
    for (guint run = 0; run < n_reels; run++)
      results[run] = (double) ((const float *) take->result)[run];
  else
    memcpy (results, take->result, sizeof (double) * n_reels);
}

/**
 * ag_batch_play:
 * @batch: a batch
 * @reels: (array length=n_reels): the reels that it was joined by, in that order
 * @n_reels: how many
 * @n_steps: how many steps of each at most
 * @next: what makes a step ready and says which tape it is on
 * @data: what @next is given
 * @results: (out caller-allocates): room for the results of the steps: the first one of each reel,
 *   then the second one of each, and so on
 *
 * Takes steps as ag_reel_play() does, whose values the reels get by ag_batch_leave().
 *
 * Returns: how many steps of each were taken
 */
gint64
ag_batch_play (AgBatch *batch,
               AgReel *const *reels,
               guint n_reels,
               gint64 n_steps,
               AgReelNext next,
               gpointer data,
               double *results)
{
  gint64 n = 0;

  g_return_val_if_fail (n_reels > 0 && n_reels <= batch->size, 0);

  while (n < n_steps && (n == 0 || ag_numbers_are_finite (results + (n - 1) * n_reels, n_reels)))
    {
      const gint index = next (data);

      if (index < 0)
        break;
      play_step (batch, reels, n_reels, (guint) index, results + n * n_reels);
      n++;
    }
  return n;
}
