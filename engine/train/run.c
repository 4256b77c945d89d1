/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "train/run.h"

#include <pthread.h>
#include <stdatomic.h>

/**
 * AgRun:
 * @ref_count: how many hold it, on any thread
 * @trainer: who does it
 * @mutex: held while the optimum is computed, so that it is computed once
 * @is_known: whether that was done
 * @optimum: (nullable): the optimum; of a model that is not linear there is none
 */
struct _AgRun
{
  atomic_int ref_count;
  AgTrainer *trainer;
  pthread_mutex_t mutex;
  atomic_int is_known;
  AgOptimum *optimum;
};

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
  AgTrainer *trainer = ag_trainer_new (spec, error);
  AgRun *run;

  if (trainer == NULL)
    return NULL;
  run = g_new0 (AgRun, 1);
  atomic_init (&run->ref_count, 1);
  run->trainer = trainer;
  pthread_mutex_init (&run->mutex, NULL);
  return run;
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
  g_clear_pointer (&run->optimum, ag_optimum_unref);
  pthread_mutex_destroy (&run->mutex);
  g_free (run);
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

/**
 * ag_run_find_optimum:
 * @run: a run
 *
 * Finds out where the run converges to. That is computed the first time, which may take
 * longer than a frame; another thread that asks meanwhile waits.
 *
 * Returns: (transfer none) (nullable): the optimum, or %NULL if there is none that could
 *   be known
 */
AgOptimum *
ag_run_find_optimum (AgRun *run)
{
  pthread_mutex_lock (&run->mutex);
  if (!atomic_load_explicit (&run->is_known, memory_order_relaxed))
    {
      run->optimum = ag_optimum_new (ag_run_spec (run), ag_run_data (run));
      atomic_store_explicit (&run->is_known, TRUE, memory_order_release);
    }
  pthread_mutex_unlock (&run->mutex);
  return run->optimum;
}

/**
 * ag_run_optimum:
 * @run: a run
 * @is_known: (out) (optional): whether ag_run_find_optimum() has found out
 *
 * Does not wait.
 *
 * Returns: (transfer none) (nullable): the optimum, if there is one and it is known
 */
AgOptimum *
ag_run_optimum (AgRun *run,
                gboolean *is_known)
{
  const gboolean was_found = atomic_load_explicit (&run->is_known, memory_order_acquire);

  if (is_known != NULL)
    *is_known = was_found;
  return was_found ? run->optimum : NULL;
}
