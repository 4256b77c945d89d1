/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "train/run.h"

#include "train/remake.h"

#include <stdatomic.h>

/**
 * AgRun:
 * @ref_count: how many hold it, on any thread
 * @trainer: who does it
 */
struct _AgRun
{
  atomic_int ref_count;
  AgTrainer *trainer;
};

static AgRun *
run_of (AgTrainer *trainer)
{
  AgRun *run;

  if (trainer == NULL)
    return NULL;
  run = g_new0 (AgRun, 1);
  atomic_init (&run->ref_count, 1);
  run->trainer = trainer;
  return run;
}

/**
 * ag_run_new:
 * @spec: what to do; copied
 * @error: return location for a #GError
 *
 * Makes a run, which prepares itself and then waits for ag_trainer_start() or
 * ag_trainer_step().
 *
 * Returns: (transfer full) (nullable): the run, or %NULL with a sentence in @error that
 *   says what is wrong with @spec, or what the system refused
 */
AgRun *
ag_run_new (const AgRunSpec *spec,
            GError **error)
{
  return run_of (ag_trainer_new (spec, error));
}

/**
 * ag_run_new_branch:
 * @spec: what to do from there on
 * @origin: another run
 * @step: one of its steps
 * @error: return location for a #GError
 *
 * Makes a run that goes on from a step of another one; see ag_trainer_new_branch().
 *
 * Returns: (transfer full) (nullable): the run, or %NULL with a sentence in @error
 */
AgRun *
ag_run_new_branch (const AgRunSpec *spec,
                   AgRun *origin,
                   gint64 step,
                   GError **error)
{
  return run_of (ag_trainer_new_branch (spec, origin->trainer, step, error));
}

/**
 * ag_run_new_remade:
 * @spec: what a run is, with the optimizer that it had in the end
 * @changes: what was changed while it was under way
 * @work: (nullable): what cancels this, from another thread
 * @error: return location for a #GError
 *
 * Makes a run again, which takes its steps up to the last of the changes; see
 * ag_trainer_remake().
 *
 * Returns: (transfer full) (nullable): the run, or %NULL with a sentence in @error
 */
AgRun *
ag_run_new_remade (const AgRunSpec *spec,
                   const AgRates *changes,
                   AgWork *work,
                   GError **error)
{
  return run_of (ag_trainer_remake (spec, changes, work, error));
}

/**
 * ag_run_new_kept:
 * @kept: a run that was read from a file
 * @error: return location for a #GError
 *
 * Makes a run that is over, has come to what the file says, and can go on; see
 * ag_trainer_new_kept().
 *
 * Returns: (transfer full) (nullable): the run, or %NULL with a sentence in @error
 */
AgRun *
ag_run_new_kept (const AgKeptRun *kept,
                 GError **error)
{
  return run_of (ag_trainer_new_kept (kept, error));
}

static void
unref_any (gpointer run)
{
  if (run != NULL)
    ag_run_unref (run);
}

/**
 * ag_run_new_all_kept:
 * @kept: (element-type AgKeptRun): runs that were read from a file
 *
 * Does for each what ag_run_new_kept() does, which takes milliseconds for one of a million steps.
 *
 * Returns: (transfer full) (element-type AgRun): the runs, %NULL in place of one that cannot go on
 */
GPtrArray *
ag_run_new_all_kept (GPtrArray *kept)
{
  GPtrArray *runs = g_ptr_array_new_full (kept->len, unref_any);

  for (guint i = 0; i < kept->len; i++)
    g_ptr_array_add (runs, ag_run_new_kept (g_ptr_array_index (kept, i), NULL));
  return runs;
}

/**
 * ag_run_ref:
 * @run: a run
 *
 * Adds a reference; any thread may.
 *
 * Returns: (transfer full): @run
 */
AgRun *
ag_run_ref (AgRun *run)
{
  atomic_fetch_add (&run->ref_count, 1);
  return run;
}

/**
 * ag_run_unref:
 * @run: (transfer full): a run
 *
 * Drops a reference. The last one ends the run, for which it waits until the step that
 * is being taken is over: who must not wait drops it on another thread.
 */
void
ag_run_unref (AgRun *run)
{
  if (atomic_fetch_sub (&run->ref_count, 1) > 1)
    return;
  ag_trainer_free (run->trainer);
  g_free (run);
}

/**
 * ag_run_lay_down:
 * @run: a run
 *
 * Lets a run that is over give back its thread and its tensors, as ag_trainer_lay_down()
 * does. All that it has come to stays.
 */
void
ag_run_lay_down (AgRun *run)
{
  ag_trainer_lay_down (run->trainer);
}

/**
 * ag_run_n_bytes:
 * @run: a run
 *
 * Returns: about how much memory it takes as long as it is only kept: losses, trace and
 *   checkpoints
 */
gsize
ag_run_n_bytes (AgRun *run)
{
  const gint64 n_steps = ag_history_n_steps (ag_run_history (run));

  return ag_history_size (MAX (n_steps, 1)) + ag_trace_n_bytes (ag_run_trace (run))
         + ag_moments_n_bytes (ag_run_moments (run));
}

/**
 * ag_run_give_back:
 * @run: a run
 *
 * Lets a run that was laid down give its checkpoints back; see ag_trainer_give_back().
 *
 * Returns: whether it could
 */
gboolean
ag_run_give_back (AgRun *run)
{
  return ag_trainer_give_back (run->trainer);
}

/**
 * ag_run_trainer:
 * @run: a run
 *
 * Returns: (transfer none): who does it, and is told to start, pause and stop
 */
AgTrainer *
ag_run_trainer (AgRun *run)
{
  return run->trainer;
}

/**
 * ag_run_spec:
 * @run: a run
 *
 * Returns: (transfer none): what it is to do, with as many steps as it was extended to
 */
const AgRunSpec *
ag_run_spec (const AgRun *run)
{
  return ag_trainer_spec (run->trainer);
}

/**
 * ag_run_data:
 * @run: a run
 *
 * Returns: (transfer none): the points that it fits
 */
const AgData *
ag_run_data (const AgRun *run)
{
  return ag_trainer_data (run->trainer);
}

/**
 * ag_run_history:
 * @run: a run
 *
 * Returns: (transfer none): its losses so far, to be read at any time
 */
AgHistory *
ag_run_history (AgRun *run)
{
  return ag_trainer_history (run->trainer);
}

/**
 * ag_run_trace:
 * @run: a run
 *
 * Returns: (transfer none): its coefficients so far, to be read at any time
 */
const AgTrace *
ag_run_trace (const AgRun *run)
{
  return ag_trainer_trace (run->trainer);
}

/**
 * ag_run_clock:
 * @run: a run
 *
 * Returns: (transfer none): when its steps were taken, to be read at any time
 */
const AgClock *
ag_run_clock (const AgRun *run)
{
  return ag_trainer_clock (run->trainer);
}

/**
 * ag_run_rates:
 * @run: a run
 *
 * Returns: (transfer none): the changes of its learning rate so far
 */
const AgRates *
ag_run_rates (const AgRun *run)
{
  return ag_trainer_rates (run->trainer);
}

/**
 * ag_run_moments:
 * @run: a run
 *
 * Returns: (transfer none): every moment of it so far, to be looked up at any time
 */
AgMoments *
ag_run_moments (AgRun *run)
{
  return ag_trainer_moments (run->trainer);
}
