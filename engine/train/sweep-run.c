/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "train/sweep-run.h"

#include "base/number.h"

#include <math.h>

/* The parts of a sweep's worker that do not depend on how steps are taken: its machine, and how
 * runs begin and end. */

static void
wait_for_turn (AgSweep *sweep)
{
  pthread_mutex_lock (&sweep->mutex);
  if (atomic_load (&sweep->n_busy) > atomic_load (&sweep->n_threads))
    {
      atomic_fetch_sub (&sweep->n_busy, 1);
      while (atomic_load (&sweep->n_busy) >= atomic_load (&sweep->n_threads)
             && !ag_work_is_cancelled (&sweep->work)
             && pthread_cond_wait (&sweep->changed, &sweep->mutex) == 0)
        ;
      atomic_fetch_add (&sweep->n_busy, 1);
    }
  pthread_mutex_unlock (&sweep->mutex);
}

/**
 * ag_sweep_worker_is_wanted:
 * @worker: a worker
 *
 * Waits while more workers are busy than there are to be.
 *
 * Returns: whether its work is still wanted
 */
gboolean
ag_sweep_worker_is_wanted (AgSweepWorker *worker)
{
  AgSweep *sweep = worker->sweep;

  if (G_UNLIKELY (atomic_load_explicit (&sweep->n_busy, memory_order_relaxed)
                  > atomic_load_explicit (&sweep->n_threads, memory_order_relaxed)))
    wait_for_turn (sweep);
  return !ag_work_is_cancelled (&sweep->work);
}

/* Once for all workers, if all have the same data. Where each has its own, only what is found
 * faster than a run is made. */
static AgOptimum *
find_optimum (AgSweep *sweep,
              const AgRunSpec *spec)
{
  const gboolean is_exact = ag_run_spec_has_exact_optimum (spec);
  AgOptimum *optimum;

  if (!is_exact && (sweep->manner & AG_SWEEP_WITHOUT_SEARCH) != 0)
    return NULL;
  if (!ag_sweep_has_one_optimum (sweep))
    return is_exact ? ag_run_spec_optimum (spec, &sweep->work) : NULL;
  pthread_mutex_lock (&sweep->finding);
  if (!sweep->has_optimum)
    {
      optimum = ag_run_spec_optimum (&sweep->specs[0], &sweep->work);
      pthread_mutex_lock (&sweep->mutex);
      sweep->optimum = optimum;
      sweep->has_optimum = TRUE;
      pthread_mutex_unlock (&sweep->mutex);
    }
  optimum = sweep->optimum != NULL ? ag_optimum_ref (sweep->optimum) : NULL;
  pthread_mutex_unlock (&sweep->finding);
  return optimum;
}

/**
 * ag_sweep_worker_make_machine:
 * @worker: a worker
 * @spec: a run
 * @error: return location for a #GError
 *
 * Has a new machine for the run. The least loss is looked for before it is made, since the thread
 * may be in no graph meanwhile.
 *
 * Returns: whether all went well
 */
gboolean
ag_sweep_worker_make_machine (AgSweepWorker *worker,
                              const AgRunSpec *spec,
                              GError **error)
{
  ag_sweep_worker_clear (worker);
  if (!ag_run_spec_check (spec, error))
    return FALSE;
  worker->optimum = find_optimum (worker->sweep, spec);
  worker->near = worker->optimum != NULL ? AG_OPTIMUM_NEAR * worker->optimum->loss : NAN;
  return ag_restart_prepare (&worker->restart, spec, 1, &worker->sweep->work, error);
}

/**
 * ag_sweep_worker_clear:
 * @worker: a worker
 *
 * Lets go of its machine.
 */
void
ag_sweep_worker_clear (AgSweepWorker *worker)
{
  ag_restart_clear (&worker->restart);
  g_clear_pointer (&worker->optimum, ag_optimum_unref);
}

/**
 * ag_sweep_run_init:
 * @run: (out): a run
 * @sweep: the sweep that it is of
 * @number: which run
 * @error: return location for a #GError
 *
 * Finds what a run is to do, except for where it begins (ag_sweep_run_place ()): of an initial
 * value no text is made, since texts of a specification live for ever.
 *
 * Returns: whether all went well
 */
gboolean
ag_sweep_run_init (AgSweepRun *run,
                   const AgSweep *sweep,
                   guint number,
                   GError **error)
{
  const AgSweepPlace place = ag_sweep_place (sweep, number);

  *run = (AgSweepRun){ .number = number, .result = { AG_TRAINER_IDLE, NAN, NAN, NAN, -1 } };
  run->spec = sweep->specs[place.spec];
  for (guint i = 0; i < sweep->n_axes; i++)
    if (sweep->axes[i]->setting != NULL
        && !ag_sweep_axis_apply (sweep->axes[i], place.value[i], &run->spec, error))
      return FALSE;
  return TRUE;
}

/**
 * ag_sweep_run_place:
 * @run: a run
 * @sweep: the sweep that it is of
 * @coefficients: (inout): where its specification lets it begin
 *
 * Lets it begin with the initial values that the sweep gives it.
 */
void
ag_sweep_run_place (const AgSweepRun *run,
                    const AgSweep *sweep,
                    double *coefficients)
{
  const AgSweepPlace place = ag_sweep_place (sweep, run->number);

  for (guint i = 0; i < sweep->n_axes; i++)
    if (sweep->axes[i]->setting == NULL)
      coefficients[sweep->axes[i]->parameter] = sweep->axes[i]->values[place.value[i]];
}

static void
note_near (AgSweepRun *run,
           double near,
           double loss)
{
  if (loss <= near && run->result.steps_to_1_percent < 0)
    run->result.steps_to_1_percent = run->n_read;
}

/**
 * ag_sweep_run_note_loss:
 * @run: a run
 * @near: the loss that is as good as the least; NaN if that is not known
 * @loss: the loss of its next step, before the update
 */
void
ag_sweep_run_note_loss (AgSweepRun *run,
                        double near,
                        double loss)
{
  if (run->is_lost)
    return;
  if (run->n_read == 0)
    run->result.first_loss = loss;
  note_near (run, near, loss);
  run->result.loss = loss;
  run->n_read++;
  run->is_lost = !isfinite (loss);
}

/**
 * ag_sweep_run_is_over:
 * @run: a run
 *
 * Returns: whether it has no more steps to take
 */
gboolean
ag_sweep_run_is_over (const AgSweepRun *run)
{
  return run->is_lost || run->n_read >= run->spec.steps;
}

/**
 * ag_sweep_run_coefficients:
 * @run: a run
 * @sweep: the sweep that it is of
 *
 * Returns: where the coefficients that it ends with belong
 */
double *
ag_sweep_run_coefficients (const AgSweepRun *run,
                           AgSweep *sweep)
{
  return sweep->coefficients + (gsize) run->number * sweep->n_parameters;
}

/**
 * ag_sweep_run_has_diverged:
 * @run: a run that is over, whose coefficients are noted
 * @sweep: the sweep that it is of
 *
 * Finds out how it ended, in the trainer's manner: a run whose last update made a coefficient
 * infinite has diverged too.
 *
 * Returns: whether it has; if not, it has a final loss
 */
gboolean
ag_sweep_run_has_diverged (AgSweepRun *run,
                           AgSweep *sweep)
{
  run->is_lost |= !ag_numbers_are_finite (ag_sweep_run_coefficients (run, sweep),
                                          sweep->n_parameters);
  run->result.state = run->is_lost ? AG_TRAINER_DIVERGED : AG_TRAINER_DONE;
  return run->is_lost;
}

/**
 * ag_sweep_run_note_final_loss:
 * @run: a run that is over and has not diverged
 * @near: the loss that is as good as the least; NaN if that is not known
 * @loss: the loss after its last update
 */
void
ag_sweep_run_note_final_loss (AgSweepRun *run,
                              double near,
                              double loss)
{
  run->result.final_loss = loss;
  note_near (run, near, loss);
}

/**
 * ag_sweep_run_end:
 * @run: a run of which all is noted
 * @sweep: the sweep that it is of
 *
 * Lets others see what came of it.
 */
void
ag_sweep_run_end (const AgSweepRun *run,
                  AgSweep *sweep)
{
  sweep->results[run->number] = run->result;
  atomic_store_explicit (&sweep->is_made[run->number], 1, memory_order_release);
  pthread_mutex_lock (&sweep->mutex);
  atomic_fetch_add (&sweep->n_done, 1);
  pthread_cond_broadcast (&sweep->changed);
  pthread_mutex_unlock (&sweep->mutex);
}
