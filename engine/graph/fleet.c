/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "graph/fleet.h"

#include "graph/precomputed.h"
#include "graph/tape-private.h"

#include <math.h>
#include <string.h>

/* The values of each run begin at a multiple of this, since loops read 16 bytes at a time. */
#define ALIGNMENT 64

/**
 * Own:
 * @tensor: a tensor of which each run has its own value
 * @is_assigned: whether steps assign to it
 * @offsets: where the value is that a step of each turn leaves
 */
typedef struct
{
  AgTensor *tensor;
  gboolean is_assigned;
  gsize offsets[AG_FLEET_N_TURNS];
} Own;

/**
 * AgFleet:
 * @tape: the steps
 * @n_own: number of @own
 * @own: what is each run's own
 * @layout: what runs share, and what each has
 * @device: (nullable): the runs, once they are prepared
 * @n_runs: how many there are
 * @kept: what they keep, in the host's memory
 * @numbers: (element-type guint64): their numbers, for each a word for each buffer of the plan
 * @tasks: what each takes next, and in which turn
 */
struct _AgFleet
{
  AgTape *tape;
  guint n_own;
  Own *own;
  AgFleetLayout layout;
  AgDeviceFleet *device;
  guint n_runs;
  char *kept;
  GArray *numbers;
  AgFleetTask *tasks;
};

static const AgDeviceClass *
get_class (const AgFleet *fleet)
{
  return fleet->tape->graph->device->klass;
}

static gsize
take_room (gsize *end,
           gsize n_bytes)
{
  const gsize begin = *end;

  *end += (n_bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  return begin;
}

static Own *
find_own (const AgFleet *fleet,
          const AgTensor *tensor)
{
  for (guint i = 0; i < fleet->n_own; i++)
    if (fleet->own[i].tensor == tensor)
      return &fleet->own[i];
  return NULL;
}

static gsize
value_size (const AgTensor *tensor)
{
  return (gsize) ag_tensor_n_elements (tensor) * ag_dtype_size (tensor->dtype);
}

/* Finds out to which of the runs' own tensors each output goes. Returns FALSE if one goes elsewhere,
 * or the value is not in the output as a tensor's is. */
static gboolean
find_assigned (AgFleet *fleet,
               Own **owners)
{
  const AgTape *tape = fleet->tape;

  for (guint i = 0; i < tape->assigned->len; i++)
    {
      const AgTapeDestination *destination = &g_array_index (tape->assigned, AgTapeDestination, i);
      Own *own = find_own (fleet, destination->tensor);

      if (own == NULL || own->is_assigned || destination->output == tape->result.output
          || owners[destination->output] != NULL
          || destination->layout != destination->layout->shape
          || tape->outputs[destination->output].n_bytes != value_size (own->tensor))
        return FALSE;
      own->is_assigned = TRUE;
      owners[destination->output] = own;
    }
  return TRUE;
}

/* A step that reads what the one before left and did not assign has no place for it. */
static gboolean
reads_grad (const AgTape *tape,
            const AgTensor *tensor)
{
  for (guint i = 0; i < tape->grads->len; i++)
    if (g_array_index (tape->grads, AgTapeDestination, i).grad == tensor)
      return TRUE;
  return FALSE;
}

static void
place_own (AgFleet *fleet)
{
  for (guint i = 0; i < fleet->n_own; i++)
    {
      Own *own = &fleet->own[i];

      for (guint turn = 0; turn < AG_FLEET_N_TURNS; turn++)
        own->offsets[turn] = turn == 0 || own->is_assigned
                               ? take_room (&fleet->layout.n_kept, value_size (own->tensor))
                               : own->offsets[0];
    }
}

/* An input is the value that the step before left, of a run's own tensor. */
static gboolean
place_input (AgFleet *fleet,
             gint i)
{
  const AgCachedPlan *cached = fleet->tape->cached;
  const gint record = cached->plan->buffers[i].record;
  AgTensor *tensor = fleet->tape->tensors[record];
  const Own *own = tensor != NULL ? find_own (fleet, tensor) : NULL;
  AgFleetBuffer *buffer = &fleet->layout.buffers[i];

  buffer->place = own != NULL ? AG_FLEET_KEPT : AG_FLEET_SHARED;
  if (own != NULL)
    {
      for (guint turn = 0; turn < AG_FLEET_N_TURNS; turn++)
        buffer->offsets[turn] = own->offsets[(turn + 1) % AG_FLEET_N_TURNS];
      return tensor->layout == tensor->layout->shape;
    }
  if (tensor != NULL && tensor->storage != NULL)
    buffer->address = tensor->storage->data;
  else if (cached->precomputed != NULL
           && ag_precomputed_value (cached->precomputed, record) != NULL)
    buffer->address = ag_precomputed_value (cached->precomputed, record)->data;
  return buffer->address != NULL && (tensor == NULL || !reads_grad (fleet->tape, tensor));
}

static void
place_output (AgFleet *fleet,
              gint output,
              const Own *own)
{
  const AgTape *tape = fleet->tape;
  AgFleetLayout *layout = &fleet->layout;
  AgFleetBuffer *buffer = &layout->buffers[tape->outputs[output].buffer];
  const gsize n_bytes = tape->outputs[output].n_bytes;
  const gboolean is_result = output == tape->result.output;

  buffer->place = own != NULL || is_result ? AG_FLEET_KEPT : AG_FLEET_SCRATCH;
  if (own != NULL)
    memcpy (buffer->offsets, own->offsets, sizeof buffer->offsets);
  else if (is_result)
    for (guint turn = 0; turn < AG_FLEET_N_TURNS; turn++)
      buffer->offsets[turn] = take_room (&layout->n_kept, n_bytes);
  else
    buffer->offsets[0] = buffer->offsets[1] = take_room (&layout->n_scratch, n_bytes);
}

static void
place_number (AgFleet *fleet,
              gint i)
{
  AgFleetLayout *layout = &fleet->layout;

  layout->buffers[i].place = AG_FLEET_NUMBER;
  if (fleet->tape->tensors[fleet->tape->cached->plan->buffers[i].record]->source != NULL)
    layout->varying[layout->n_varying++] = i;
}

/* Returns whether the tape is one whose runs can have a place of their own for all that differs. */
static gboolean
place_all (AgFleet *fleet)
{
  const AgTape *tape = fleet->tape;
  const AgPlan *plan = tape->cached->plan;
  AgFleetLayout *layout = &fleet->layout;
  g_autofree Own **owners = g_new0 (Own *, MAX (1, tape->n_outputs));
  gboolean can_be = find_assigned (fleet, owners);

  place_own (fleet);
  layout->n_buffers = plan->n_buffers;
  layout->buffers = g_new0 (AgFleetBuffer, plan->n_buffers);
  layout->varying = g_new0 (gint, plan->n_buffers);
  for (gint i = 0; i < plan->n_buffers; i++)
    if (plan->buffers[i].kind == AG_BUFFER_INPUT)
      {
        can_be &= place_input (fleet, i);
      }
    else if (plan->buffers[i].kind == AG_BUFFER_NUMBER)
      {
        place_number (fleet, i);
      }
    else if (plan->buffers[i].kind == AG_BUFFER_TEMPORARY)
      {
        layout->buffers[i].place = AG_FLEET_SCRATCH;
        layout->buffers[i].offsets[0] = layout->buffers[i].offsets[1]
          = take_room (&layout->n_scratch, ag_buffer_size (&plan->buffers[i]));
      }
  for (gint i = 0; i < tape->n_outputs; i++)
    place_output (fleet, i, owners[i]);
  layout->result = tape->outputs[tape->result.output].buffer;
  layout->result_offset = (gsize) tape->result.layout->offset * ag_dtype_size (tape->result_dtype);
  layout->result_dtype = tape->result_dtype;
  return can_be;
}

/**
 * ag_fleet_new:
 * @tape: a tape, which lives longer
 * @own: (array length=n_own): tensors of its graph, each of which has a value of its own in each
 *   run; held
 * @n_own: how many
 *
 * Returns: (transfer full) (nullable): runs of the tape, of which there are none yet; %NULL if they
 *   can only be made one by one
 */
AgFleet *
ag_fleet_new (AgTape *tape,
              AgTensor *const *own,
              guint n_own)
{
  AgFleet *fleet;

  if (tape->graph->device->klass->fleet_most == NULL)
    return NULL;
  fleet = g_new0 (AgFleet, 1);
  fleet->tape = tape;
  fleet->n_own = n_own;
  fleet->own = g_new0 (Own, MAX (1, n_own));
  fleet->numbers = g_array_new (FALSE, TRUE, sizeof (guint64));
  for (guint i = 0; i < n_own; i++)
    fleet->own[i].tensor = ag_tensor_ref (own[i]);
  if (!place_all (fleet))
    g_clear_pointer (&fleet, ag_fleet_free);
  return fleet;
}

/**
 * ag_fleet_free:
 * @fleet: (transfer full): runs
 */
void
ag_fleet_free (AgFleet *fleet)
{
  if (fleet->device != NULL)
    get_class (fleet)->fleet_free (fleet->device);
  for (guint i = 0; i < fleet->n_own; i++)
    ag_tensor_clear (&fleet->own[i].tensor);
  g_free (fleet->own);
  g_free (fleet->layout.buffers);
  g_free (fleet->layout.varying);
  g_free (fleet->kept);
  g_array_unref (fleet->numbers);
  g_free (fleet->tasks);
  g_free (fleet);
}

/**
 * ag_fleet_most:
 * @fleet: runs
 *
 * Returns: how many the device makes at once; 0 if it cannot
 */
guint
ag_fleet_most (AgFleet *fleet)
{
  return get_class (fleet)->fleet_most (fleet->tape->graph->device,
                                        fleet->tape->cached->executable, &fleet->layout);
}

/**
 * ag_fleet_n_varying:
 * @fleet: runs
 *
 * Returns: how many numbers differ from step to step
 */
guint
ag_fleet_n_varying (const AgFleet *fleet)
{
  return fleet->layout.n_varying;
}

static void
write_number (const AgTape *tape,
              gint buffer,
              guint64 *target)
{
  const AgBuffer *own = &tape->cached->plan->buffers[buffer];

  ag_tensor_write_number (tape->tensors[own->record], own->dtype, target);
}

static guint64 *
add_run (AgFleet *fleet)
{
  const guint n_buffers = (guint) fleet->layout.n_buffers;

  g_array_set_size (fleet->numbers, ++fleet->n_runs * n_buffers);
  return &g_array_index (fleet->numbers, guint64, (fleet->n_runs - 1) * n_buffers);
}

/**
 * ag_fleet_add:
 * @fleet: runs that are not prepared
 * @tape: a tape like theirs
 *
 * Adds a run, which has the numbers of the tape, but for those that differ from step to step.
 */
void
ag_fleet_add (AgFleet *fleet,
              const AgTape *tape)
{
  const AgCachedPlan *cached = tape->cached;
  guint64 *numbers = add_run (fleet);

  for (gint k = 0; k < cached->n_numbers; k++)
    write_number (tape, cached->number_buffers[k], &numbers[cached->number_buffers[k]]);
}

/**
 * ag_fleet_add_again:
 * @fleet: runs that are not prepared, at least one
 *
 * Adds a run with the numbers of the last one.
 */
void
ag_fleet_add_again (AgFleet *fleet)
{
  guint64 *numbers = add_run (fleet);

  memcpy (numbers, numbers - fleet->layout.n_buffers,
          sizeof *numbers * (gsize) fleet->layout.n_buffers);
}

/**
 * ag_fleet_prepare:
 * @fleet: runs, at least one and at most as many as ag_fleet_most() says
 * @n_most: how many steps are taken in one go at most
 * @error: return location for a #GError
 *
 * Returns: whether there is memory for them
 */
gboolean
ag_fleet_prepare (AgFleet *fleet,
                  guint n_most,
                  GError **error)
{
  const AgTape *tape = fleet->tape;

  fleet->kept = g_malloc0 (fleet->layout.n_kept * fleet->n_runs);
  fleet->tasks = g_new0 (AgFleetTask, fleet->n_runs);
  fleet->device = get_class (fleet)->fleet_new (tape->graph->device, tape->cached->executable,
                                                &fleet->layout, fleet->n_runs, n_most, error);
  return fleet->device != NULL;
}

/* Returns where a run's own value of a tensor is that its last step left, or with which it begins. */
static char *
find_value (const AgFleet *fleet,
            guint run,
            const Own *own)
{
  const gint64 turn = (fleet->tasks[run].turn + 1) % AG_FLEET_N_TURNS;

  return fleet->kept + fleet->layout.n_kept * run + own->offsets[turn];
}

/**
 * ag_fleet_set_values:
 * @fleet: runs that are prepared
 * @run: number of one of them
 * @values: the elements of all tensors that are the runs' own, one after the other
 *
 * Says where a run begins. The values are rounded to the tensors' types.
 */
void
ag_fleet_set_values (AgFleet *fleet,
                     guint run,
                     const double *values)
{
  for (guint i = 0; i < fleet->n_own; i++)
    {
      const Own *own = &fleet->own[i];
      const gint64 n = ag_tensor_n_elements (own->tensor);
      void *target = find_value (fleet, run, own);

      for (gint64 k = 0; k < n; k++)
        if (own->tensor->dtype == AG_DTYPE_FLOAT32)
          ((float *) target)[k] = (float) *values++;
        else
          ((double *) target)[k] = *values++;
    }
}

/**
 * ag_fleet_begin:
 * @fleet: runs whose numbers and values are set
 * @error: return location for a #GError
 *
 * Returns: whether the device has them
 */
gboolean
ag_fleet_begin (AgFleet *fleet,
                GError **error)
{
  return get_class (fleet)->fleet_write (fleet->device, fleet->kept,
                                         (const guint64 *) (gpointer) fleet->numbers->data, error);
}

/**
 * ag_fleet_read_varying:
 * @fleet: runs
 * @varying: (out) (array): as many numbers as ag_fleet_n_varying() says
 *
 * Reads the numbers that differ from step to step, as they are now.
 */
void
ag_fleet_read_varying (const AgFleet *fleet,
                       guint64 *varying)
{
  for (guint i = 0; i < fleet->layout.n_varying; i++)
    write_number (fleet->tape, fleet->layout.varying[i], &varying[i]);
}

/* Returns how many steps a run took of those that it was to take: it ends with a result that is not
 * finite. */
static gint64
count_taken (const double *results,
             gint64 n_steps)
{
  gint64 n = 0;

  while (n < n_steps && isfinite (results[n]))
    n++;
  return MIN (n + 1, n_steps);
}

/**
 * ag_fleet_take:
 * @fleet: runs that have begun
 * @n_steps: (array): how many steps each is to take
 * @n_most: the most of them, no more than it was prepared for
 * @varying: (array): what ag_fleet_read_varying() says before each step, with room for @n_most
 *   steps of the first run, then of the second, and so on
 * @results: (out) (array): the results of the steps in the same order
 * @error: return location for a #GError
 *
 * Takes steps of all runs. One ends with a result that is not finite, and takes part no longer if
 * no more steps of it are asked for.
 *
 * Returns: whether all went well
 */
gboolean
ag_fleet_take (AgFleet *fleet,
               const gint64 *n_steps,
               guint n_most,
               const guint64 *varying,
               double *results,
               GError **error)
{
  for (guint run = 0; run < fleet->n_runs; run++)
    fleet->tasks[run].n_steps = n_steps[run];
  if (!get_class (fleet)->fleet_run (fleet->device, fleet->tasks, n_most, varying, results, error))
    return FALSE;
  for (guint run = 0; run < fleet->n_runs; run++)
    {
      AgFleetTask *task = &fleet->tasks[run];
      const gint64 n = count_taken (results + (gsize) run * n_most, n_steps[run]);

      task->turn = (task->turn + n) % AG_FLEET_N_TURNS;
    }
  return TRUE;
}

/**
 * ag_fleet_end:
 * @fleet: runs that have begun
 * @error: return location for a #GError
 *
 * Returns: whether the host has the values that they left
 */
gboolean
ag_fleet_end (AgFleet *fleet,
              GError **error)
{
  return get_class (fleet)->fleet_read (fleet->device, fleet->kept, error);
}

/**
 * ag_fleet_get_values:
 * @fleet: runs that have ended
 * @run: number of one of them
 * @values: (out) (array): the elements of all tensors that are the runs' own, one after the other
 */
void
ag_fleet_get_values (const AgFleet *fleet,
                     guint run,
                     double *values)
{
  for (guint i = 0; i < fleet->n_own; i++)
    {
      const Own *own = &fleet->own[i];
      const gint64 n = ag_tensor_n_elements (own->tensor);
      const void *source = find_value (fleet, run, own);

      for (gint64 k = 0; k < n; k++)
        *values++ = own->tensor->dtype == AG_DTYPE_FLOAT32 ? (double) ((const float *) source)[k]
                                                           : ((const double *) source)[k];
    }
}
