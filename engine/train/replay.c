/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "train/replay.h"

#include "base/error.h"
#include "graph/graph.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* After this many steps, or fewer where they take longer, a replay looks whether it is still
 * wanted. */
#define STEPS_AT_A_TIME 256

/* On the way to a step so many checkpoints are noted at most, so that going a little
 * back from there does not take all the way again. */
#define N_NOTES 64

/**
 * AgReplay:
 * @spec: what the run is
 * @data: its points
 * @checkpoint: what a checkpoint of it is
 * @rates: the changes of its learning rate
 * @beginning: (nullable): a checkpoint that the run begins with; %NULL if it begins with
 *   its program's own values
 * @machine: (nullable): what takes the steps
 * @thread: the thread that made @machine, which alone may use it
 * @step: how many steps @machine has taken
 * @loss: loss of the last of them
 * @has_gradients: whether @machine has that step's gradients, which it has not where
 *   a checkpoint was taken up
 * @start: a checkpoint at the run's first step, and behind it room for the notes
 * @n_notes: how many checkpoints were noted since the replay last began at one that it
 *   was given, in the order of their steps
 */
struct _AgReplay
{
  AgRunSpec spec;
  AgData *data;
  AgCheckpoint checkpoint;
  const AgRates *rates;
  double *beginning;
  AgMachine *machine;
  GThread *thread;
  gint64 step;
  double loss;
  gboolean has_gradients;
  double *start;
  guint n_notes;
};

/**
 * ag_replay_new:
 * @spec: a specification that ag_run_spec_check() finds no fault with; copied
 * @data: its points; held
 * @checkpoint: what a checkpoint of such a run is; copied
 * @rates: the run's rates, which live longer than the replay
 *
 * Returns: (transfer full): a replay, which takes no memory worth mentioning until it
 *   is needed
 */
AgReplay *
ag_replay_new (const AgRunSpec *spec,
               AgData *data,
               const AgCheckpoint *checkpoint,
               const AgRates *rates)
{
  AgReplay *replay = g_new0 (AgReplay, 1);

  replay->spec = *spec;
  replay->data = ag_data_ref (data);
  replay->checkpoint = *checkpoint;
  replay->rates = rates;
  return replay;
}

/**
 * ag_replay_set_beginning:
 * @replay: a replay that was not used yet
 * @numbers: a checkpoint; copied
 *
 * Lets the run begin there.
 */
void
ag_replay_set_beginning (AgReplay *replay,
                         const double *numbers)
{
  g_free (replay->beginning);
  replay->beginning = g_memdup2 (numbers, sizeof (double) * replay->checkpoint.n_numbers);
}

/**
 * ag_replay_rest:
 * @replay: a replay
 *
 * Gives back the memory for data and graph, until they are needed again.
 */
void
ag_replay_rest (AgReplay *replay)
{
  if (replay->machine != NULL)
    {
      ag_graph_enter (replay->machine->graph);
      g_clear_pointer (&replay->machine, ag_machine_free);
    }
  g_clear_pointer (&replay->start, g_free);
}

/**
 * ag_replay_free:
 * @replay: (transfer full): a replay
 */
void
ag_replay_free (AgReplay *replay)
{
  ag_replay_rest (replay);
  g_free (replay->beginning);
  ag_data_unref (replay->data);
  g_free (replay);
}

static gboolean
check_wanted (AgWork *work,
              GError **error)
{
  if (!ag_work_is_cancelled (work))
    return TRUE;
  g_set_error_literal (error, AG_ERROR, AG_ERROR_CANCELLED,
                       _ ("The step was not looked up to the end, since it is not wanted any "
                          "more."));
  return FALSE;
}

static double *
nth_note (const AgReplay *replay,
          guint i)
{
  return replay->start + (gsize) (1 + i) * replay->checkpoint.n_numbers;
}

static gboolean
save (AgReplay *replay,
      double *numbers,
      GError **error)
{
  return ag_checkpoint_save (&replay->checkpoint, replay->machine, replay->step, replay->loss,
                             numbers, error);
}

static gboolean
take_up (AgReplay *replay,
         const double *numbers,
         GError **error)
{
  if (!ag_checkpoint_load (&replay->checkpoint, replay->machine, numbers, error))
    return FALSE;
  replay->step = (gint64) numbers[AG_CHECKPOINT_STEP];
  replay->loss = numbers[AG_CHECKPOINT_LOSS];
  replay->has_gradients = FALSE;
  return TRUE;
}

/* With its graph entered, at the run's first step. */
static gboolean
make_machine (AgReplay *replay,
              AgWork *work,
              GError **error)
{
  replay->machine = ag_machine_new (&replay->spec, replay->data, 1, work, error);
  if (replay->machine == NULL)
    return FALSE;
  replay->thread = g_thread_self ();
  replay->step = 0;
  replay->loss = NAN;
  replay->has_gradients = TRUE;
  replay->n_notes = 0;
  replay->start = g_new (double, (gsize) (1 + N_NOTES) * replay->checkpoint.n_numbers);
  if (replay->beginning != NULL && !take_up (replay, replay->beginning, error))
    return FALSE;
  return save (replay, replay->start, error);
}

/* The last of the notes that is not after @step, and otherwise @from. */
static const double *
find_nearest (AgReplay *replay,
              const double *from,
              gint64 step)
{
  if (replay->n_notes > 0 && nth_note (replay, 0)[AG_CHECKPOINT_STEP] < from[AG_CHECKPOINT_STEP])
    replay->n_notes = 0;
  for (guint i = replay->n_notes; i > 0; i--)
    if (nth_note (replay, i - 1)[AG_CHECKPOINT_STEP] <= (double) step)
      return nth_note (replay, i - 1);
  return from;
}

static void
set_rate (AgReplay *replay)
{
  AgOptimizer *optimizer = replay->machine->optimizer;
  const double rate = ag_rates_at (replay->rates, replay->spec.lr, replay->step);

  if (rate != ag_optimizer_lr (optimizer))
    ag_optimizer_set_lr (optimizer, rate);
}

/* Where there is no room, each second note makes some. A step that was noted before is
 * not noted again. */
static gboolean
note (AgReplay *replay,
      GError **error)
{
  const gsize n_bytes = replay->checkpoint.n_numbers * sizeof (double);

  if (replay->n_notes > 0
      && nth_note (replay, replay->n_notes - 1)[AG_CHECKPOINT_STEP] >= (double) replay->step)
    return TRUE;
  if (replay->n_notes == N_NOTES)
    {
      for (guint i = 1; i < N_NOTES / 2; i++)
        memcpy (nth_note (replay, i), nth_note (replay, 2 * i), n_bytes);
      replay->n_notes = N_NOTES / 2;
    }
  return save (replay, nth_note (replay, replay->n_notes++), error);
}

static gboolean
take_steps (AgReplay *replay,
            gint64 step,
            AgWork *work,
            GError **error)
{
  const gint64 spacing = MAX ((step - replay->step) / N_NOTES, 1);
  gint64 next_note = replay->step + spacing;

  while (replay->step < step)
    {
      const gint64 n_alike = ag_rates_until_change (replay->rates, replay->step);
      double losses[STEPS_AT_A_TIME];
      gint64 n = MIN (MIN (step, next_note) - replay->step, STEPS_AT_A_TIME);

      if (!check_wanted (work, error))
        return FALSE;
      set_rate (replay);
      n = ag_stepper_take_many (replay->machine->stepper, MIN (n, n_alike), losses, error);
      if (n == 0)
        return FALSE;
      replay->step += n;
      replay->loss = losses[n - 1];
      replay->has_gradients = TRUE;
      if (replay->step == next_note)
        {
          next_note += spacing;
          if (!note (replay, error))
            return FALSE;
        }
    }
  return TRUE;
}

static gboolean
go (AgReplay *replay,
    const double *from,
    gint64 step,
    AgWork *work,
    double *numbers,
    GError **error)
{
  const double *nearest;

  if (replay->machine == NULL && !make_machine (replay, work, error))
    return FALSE;
  nearest = find_nearest (replay, from != NULL ? from : replay->start, step);
  if (nearest[AG_CHECKPOINT_STEP] == (double) step)
    {
      memcpy (numbers, nearest, replay->checkpoint.n_numbers * sizeof (double));
      return TRUE;
    }
  if ((replay->step > step || (double) replay->step < nearest[AG_CHECKPOINT_STEP]
       || (replay->step == step && !replay->has_gradients))
      && !take_up (replay, nearest, error))
    return FALSE;
  return take_steps (replay, step, work, error) && save (replay, numbers, error);
}

/**
 * ag_replay_go:
 * @replay: a replay, used by one thread at a time, which is in no graph
 * @from: (nullable): a checkpoint not later than @step; %NULL for the run's beginning
 * @step: how many steps were taken; the run itself must have taken them
 * @work: (nullable): what cancels the replay
 * @numbers: (out caller-allocates): room for a checkpoint
 * @error: return location for a #GError
 *
 * Goes to a step, by taking steps again, and says what a checkpoint there is. Its bits
 * are those of the run.
 *
 * Returns: whether all went well
 */
gboolean
ag_replay_go (AgReplay *replay,
              const double *from,
              gint64 step,
              AgWork *work,
              double *numbers,
              GError **error)
{
  g_autoptr (GError) local_error = NULL;

  if (replay->machine != NULL && replay->thread != g_thread_self ())
    ag_replay_rest (replay);
  if (replay->machine != NULL)
    ag_graph_enter (replay->machine->graph);
  if (!go (replay, from, step, work, numbers, &local_error))
    g_propagate_error (error, g_error_copy (local_error));
  if (replay->machine != NULL)
    ag_graph_leave (replay->machine->graph);
  /* A replay that failed half-way may have taken a part of a step. */
  if (local_error != NULL && !g_error_matches (local_error, AG_ERROR, AG_ERROR_CANCELLED))
    ag_replay_rest (replay);
  return local_error == NULL;
}
