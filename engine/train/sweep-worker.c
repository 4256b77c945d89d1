/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "train/sweep-private.h"

#include "base/error.h"
#include "train/restart.h"

#include <math.h>
#include <sys/resource.h>

/* A worker makes runs of a sweep one after the other. */

/* How much a worker in the background gives way, from 0 to 19. */
#define BACKGROUND 10

/* So many steps are taken before a worker looks whether it is still wanted, or fewer where they
 * take longer. */
#define STEPS_AT_A_TIME 256

/**
 * Worker:
 * @sweep: whose runs it makes
 * @restart: what takes their steps
 * @optimum: (nullable): where a run on its machine converges to
 * @near: the loss at which @optimum is as good as reached; NaN if that is not known
 * @n_read: how many losses of the run were read
 * @result: what came of it so far
 * @is_lost: whether one was not finite
 */
typedef struct
{
  AgSweep *sweep;
  AgRestart restart;
  AgOptimum *optimum;
  double near;
  gint64 n_read;
  AgSweepResult result;
  gboolean is_lost;
} Worker;

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

/* Waits while more workers are busy than there are to be. Returns whether its work is still
 * wanted. */
static gboolean
is_wanted (Worker *worker)
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

/* The least loss is looked for before the machine is made, since the thread may be in no graph
 * meanwhile. */
static gboolean
make_machine (Worker *worker,
              const AgRunSpec *spec,
              GError **error)
{
  ag_restart_clear (&worker->restart);
  g_clear_pointer (&worker->optimum, ag_optimum_unref);
  if (!ag_run_spec_check (spec, error))
    return FALSE;
  worker->optimum = find_optimum (worker->sweep, spec);
  worker->near = worker->optimum != NULL ? AG_OPTIMUM_NEAR * worker->optimum->loss : NAN;
  if (!ag_restart_prepare (&worker->restart, spec, 1, &worker->sweep->work, error))
    return FALSE;
  return TRUE;
}

/* Of an initial value no text is made, since texts of a specification live for ever. */
static gboolean
find_spec (Worker *worker,
           const AgSweepPlace *place,
           AgRunSpec *spec,
           GError **error)
{
  const AgSweep *sweep = worker->sweep;

  *spec = sweep->specs[place->spec];
  for (guint i = 0; i < sweep->n_axes; i++)
    if (sweep->axes[i]->setting != NULL
        && !ag_sweep_axis_apply (sweep->axes[i], place->value[i], spec, error))
      return FALSE;
  return TRUE;
}

static gboolean
prepare (Worker *worker,
         const AgSweepPlace *place,
         AgRunSpec *spec,
         GError **error)
{
  const AgSweep *sweep = worker->sweep;
  AgRestart *restart = &worker->restart;

  if (!find_spec (worker, place, spec, error))
    return FALSE;
  if (ag_restart_suits (restart, spec) ? !ag_restart_prepare (restart, spec, 1, NULL, error)
                                       : !make_machine (worker, spec, error))
    return FALSE;
  for (guint i = 0; i < sweep->n_axes; i++)
    if (sweep->axes[i]->setting == NULL)
      restart->begin[AG_CHECKPOINT_COEFFICIENTS + sweep->axes[i]->parameter]
        = sweep->axes[i]->values[place->value[i]];
  return ag_restart_begin (restart, spec, error);
}

static void
note_near (Worker *worker,
           double loss,
           gint64 n_steps)
{
  if (loss <= worker->near && worker->result.steps_to_1_percent < 0)
    worker->result.steps_to_1_percent = n_steps;
}

static void
note_loss (Worker *worker,
           double loss)
{
  if (worker->is_lost)
    return;
  if (worker->n_read == 0)
    worker->result.first_loss = loss;
  note_near (worker, loss, worker->n_read);
  worker->result.loss = loss;
  worker->n_read++;
  worker->is_lost = !isfinite (loss);
}

static gboolean
take_steps (Worker *worker,
            const AgRunSpec *spec,
            GError **error)
{
  gint64 step = 0;

  while (step < spec->steps && !worker->is_lost && is_wanted (worker))
    {
      double losses[STEPS_AT_A_TIME];
      const gint64 n = ag_stepper_take_many (worker->restart.machine->stepper,
                                             MIN (spec->steps - step, STEPS_AT_A_TIME), losses, error);

      if (n == 0)
        return FALSE;
      for (gint64 i = 0; i < n; i++)
        note_loss (worker, losses[i]);
      step += n;
    }
  return TRUE;
}

/* The trainer's manner: a run whose last update made a coefficient infinite has diverged
 * too. */
static gboolean
end_run (Worker *worker,
         double *coefficients,
         GError **error)
{
  AgSweepResult *result = &worker->result;

  if (!ag_program_read (worker->restart.machine->program, coefficients, error))
    return FALSE;
  for (guint i = 0; i < worker->sweep->n_parameters; i++)
    worker->is_lost |= !isfinite (coefficients[i]);
  result->state = worker->is_lost ? AG_TRAINER_DIVERGED : AG_TRAINER_DONE;
  if (worker->is_lost)
    return TRUE;
  if (!ag_program_evaluate_loss (worker->restart.machine->program, &result->final_loss, error))
    return FALSE;
  note_near (worker, result->final_loss, worker->n_read);
  return TRUE;
}

static gboolean
make_run (Worker *worker,
          guint run,
          GError **error)
{
  AgSweep *sweep = worker->sweep;
  const AgSweepPlace place = ag_sweep_place (sweep, run);
  AgRunSpec spec;

  worker->result = (AgSweepResult){ AG_TRAINER_IDLE, NAN, NAN, NAN, -1 };
  worker->n_read = 0;
  worker->is_lost = FALSE;
  if (!prepare (worker, &place, &spec, error) || !take_steps (worker, &spec, error))
    return FALSE;
  if (!is_wanted (worker))
    return TRUE;
  if (!end_run (worker, sweep->coefficients + (gsize) run * sweep->n_parameters, error))
    return FALSE;
  sweep->results[run] = worker->result;
  atomic_store_explicit (&sweep->is_made[run], 1, memory_order_release);
  pthread_mutex_lock (&sweep->mutex);
  atomic_fetch_add (&sweep->n_done, 1);
  pthread_cond_broadcast (&sweep->changed);
  pthread_mutex_unlock (&sweep->mutex);
  return TRUE;
}

static gboolean
make_runs (Worker *worker,
           GError **error)
{
  AgSweep *sweep = worker->sweep;

  while (is_wanted (worker))
    {
      const guint next = atomic_fetch_add (&sweep->n_taken, 1);

      if (next >= sweep->n_runs)
        break;
      if (!make_run (worker, sweep->order[next], error))
        return FALSE;
    }
  return TRUE;
}

/**
 * ag_sweep_work:
 * @data: the sweep
 *
 * The thread of a worker.
 *
 * Returns: %NULL
 */
gpointer
ag_sweep_work (gpointer data)
{
  AgSweep *sweep = data;
  Worker *worker = g_new0 (Worker, 1);
  g_autoptr (GError) error = NULL;

  worker->sweep = sweep;
  /* On Linux this is the thread's own, and not that of the process. Where it is not heeded
   * the thread is like any other. */
  if ((sweep->manner & AG_SWEEP_BACKGROUND) != 0)
    setpriority (PRIO_PROCESS, 0, BACKGROUND);
  if (!make_runs (worker, &error))
    ag_work_set_cancelled (&sweep->work, TRUE);
  /* Whoever cancelled it needs no message. */
  if (g_error_matches (error, AG_ERROR, AG_ERROR_CANCELLED))
    g_clear_error (&error);
  ag_restart_clear (&worker->restart);
  g_clear_pointer (&worker->optimum, ag_optimum_unref);
  g_free (worker);
  pthread_mutex_lock (&sweep->mutex);
  if (sweep->error == NULL)
    sweep->error = g_steal_pointer (&error);
  atomic_fetch_sub (&sweep->n_busy, 1);
  atomic_fetch_sub (&sweep->n_left, 1);
  pthread_cond_broadcast (&sweep->changed);
  pthread_mutex_unlock (&sweep->mutex);
  return NULL;
}
