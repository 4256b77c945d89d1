/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "train/sweep-private.h"

#include "base/error.h"
#include "base/number.h"
#include "train/restart.h"

#include <math.h>
#include <sys/resource.h>

/* A worker makes runs of a sweep one after the other. */

/* How much a worker in the background gives way, from 0 to 19. */
#define BACKGROUND 10

/* So many steps are taken before a worker looks whether it is still wanted, or fewer where they
 * take longer. */
#define STEPS_AT_A_TIME 256

/* The most runs that are made at once. With more nothing is gained, and each is there later. */
#define MOST_AT_ONCE 4
G_STATIC_ASSERT (MOST_AT_ONCE <= AG_REEL_MAX_AT_ONCE);

/* With more points nothing is gained: a run alone keeps the processor's vector units busy, and with
 * others it has less of the nearest cache for itself. */
#define MOST_POINTS 1024

/* A run takes its first steps alone, and is set apart, to be made at once with others, when its
 * steps are known, which is after this many at the latest. */
#define STEPS_ALONE 4

/**
 * Run:
 * @number: which run of the sweep it is
 * @seat: where it sits on the machine
 * @spec: what it is to do
 * @n_read: how many of its losses were read, which is how many steps it took
 * @result: what came of it so far
 * @is_lost: whether a loss was not finite
 *
 * A run that is being made.
 */
typedef struct
{
  guint number;
  guint seat;
  AgRunSpec spec;
  gint64 n_read;
  AgSweepResult result;
  gboolean is_lost;
} Run;

/**
 * Worker:
 * @sweep: whose runs it makes
 * @restart: what takes their steps
 * @optimum: (nullable): where a run on its machine converges to
 * @near: the loss at which @optimum is as good as reached; NaN if that is not known
 * @n_apart: how many of @runs are set apart, to be made at once
 * @runs: those
 */
typedef struct
{
  AgSweep *sweep;
  AgRestart restart;
  AgOptimum *optimum;
  double near;
  guint n_apart;
  Run runs[MOST_AT_ONCE];
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

static void
note_near (const Worker *worker,
           Run *run,
           double loss)
{
  if (loss <= worker->near && run->result.steps_to_1_percent < 0)
    run->result.steps_to_1_percent = run->n_read;
}

static void
note_loss (const Worker *worker,
           Run *run,
           double loss)
{
  if (run->is_lost)
    return;
  if (run->n_read == 0)
    run->result.first_loss = loss;
  note_near (worker, run, loss);
  run->result.loss = loss;
  run->n_read++;
  run->is_lost = !isfinite (loss);
}

static gboolean
is_over (const Run *run)
{
  return run->is_lost || run->n_read >= run->spec.steps;
}

/* The trainer's manner: a run whose last update made a coefficient infinite has diverged
 * too. */
static gboolean
read_result (Worker *worker,
             Run *run,
             GError **error)
{
  AgSweep *sweep = worker->sweep;
  AgProgram *program = worker->restart.machine->program;
  double *coefficients = sweep->coefficients + (gsize) run->number * sweep->n_parameters;

  if (!ag_program_read (program, coefficients, error))
    return FALSE;
  run->is_lost |= !ag_numbers_are_finite (coefficients, sweep->n_parameters);
  run->result.state = run->is_lost ? AG_TRAINER_DIVERGED : AG_TRAINER_DONE;
  if (run->is_lost)
    return TRUE;
  if (!ag_program_evaluate_loss (program, &run->result.final_loss, error))
    return FALSE;
  note_near (worker, run, run->result.final_loss);
  return TRUE;
}

static gboolean
end_run (Worker *worker,
         Run *run,
         GError **error)
{
  AgSweep *sweep = worker->sweep;

  if (!read_result (worker, run, error))
    return FALSE;
  sweep->results[run->number] = run->result;
  atomic_store_explicit (&sweep->is_made[run->number], 1, memory_order_release);
  pthread_mutex_lock (&sweep->mutex);
  atomic_fetch_add (&sweep->n_done, 1);
  pthread_cond_broadcast (&sweep->changed);
  pthread_mutex_unlock (&sweep->mutex);
  return TRUE;
}

/* Returns FALSE if the run's steps cannot be taken. */
static gboolean
take_alone (Worker *worker,
            Run *run,
            gint64 n_steps,
            GError **error)
{
  double losses[STEPS_AT_A_TIME];
  const gint64 n = ag_stepper_take_many (worker->restart.machine->stepper, n_steps, losses, error);

  for (gint64 i = 0; i < n; i++)
    note_loss (worker, run, losses[i]);
  return n > 0;
}

/* Makes the rest of a run whose values the machine has. */
static gboolean
make_alone (Worker *worker,
            Run *run,
            GError **error)
{
  while (!is_over (run) && is_wanted (worker))
    if (!take_alone (worker, run, MIN (run->spec.steps - run->n_read, STEPS_AT_A_TIME), error))
      return FALSE;
  return !is_over (run) || end_run (worker, run, error);
}

/* Ends those of the runs that are set apart that are over. */
static gboolean
end_runs (Worker *worker,
          GError **error)
{
  AgMachine *machine = worker->restart.machine;
  guint n = 0;

  for (guint i = 0; i < worker->n_apart; i++)
    {
      Run *run = &worker->runs[i];

      if (!is_over (run))
        {
          worker->runs[n++] = *run;
          continue;
        }
      ag_machine_sit (machine, run->seat);
      ag_stepper_take_back (machine->stepper);
      if (!end_run (worker, run, error))
        return FALSE;
    }
  worker->n_apart = n;
  return TRUE;
}

/* Makes the rest of all runs that are set apart. */
static gboolean
make_at_once (Worker *worker,
              GError **error)
{
  double losses[STEPS_AT_A_TIME * MOST_AT_ONCE];

  while (worker->n_apart > 0 && is_wanted (worker))
    {
      const guint n_runs = worker->n_apart;
      AgStepper *steppers[MOST_AT_ONCE];
      gint64 n = STEPS_AT_A_TIME;

      for (guint i = 0; i < n_runs; i++)
        {
          const Run *run = &worker->runs[i];

          steppers[i] = worker->restart.machine->seats[run->seat].stepper;
          n = MIN (n, run->spec.steps - run->n_read);
        }
      n = ag_stepper_take_at_once (steppers, n_runs, n, losses);
      for (gint64 k = 0; k < n; k++)
        for (guint i = 0; i < n_runs; i++)
          note_loss (worker, &worker->runs[i], losses[k * n_runs + i]);
      if (!end_runs (worker, error))
        return FALSE;
    }
  return TRUE;
}

/* Finds what a run is to do, and has a machine for it. */
static gboolean
prepare (Worker *worker,
         const AgSweepPlace *place,
         AgRunSpec *spec,
         GError **error)
{
  AgRestart *restart = &worker->restart;

  if (!find_spec (worker, place, spec, error))
    return FALSE;
  if (ag_restart_suits (restart, spec))
    return ag_restart_prepare (restart, spec, 1, NULL, error);
  return make_at_once (worker, error) && make_machine (worker, spec, error);
}

static gboolean
begin (Worker *worker,
       Run *run,
       GError **error)
{
  const AgSweep *sweep = worker->sweep;
  const AgSweepPlace place = ag_sweep_place (sweep, run->number);
  AgRestart *restart = &worker->restart;

  if (!prepare (worker, &place, &run->spec, error))
    return FALSE;
  for (guint i = 0; i < sweep->n_axes; i++)
    if (sweep->axes[i]->setting == NULL)
      restart->begin[AG_CHECKPOINT_COEFFICIENTS + sweep->axes[i]->parameter]
        = sweep->axes[i]->values[place.value[i]];
  run->seat = worker->n_apart;
  ag_machine_sit (restart->machine, run->seat);
  return ag_restart_begin (restart, &run->spec, error);
}

/* Takes the first steps of a run, and sets it apart if that can be done and its steps are then like
 * those of the runs that are. */
static gboolean
set_apart (Worker *worker,
           Run *run,
           gboolean *is_apart,
           GError **error)
{
  const AgMachine *machine = worker->restart.machine;

  *is_apart = FALSE;
  while (!*is_apart && !is_over (run) && run->n_read < STEPS_ALONE)
    if (!take_alone (worker, run, 1, error)
        || !ag_stepper_set_apart (machine->stepper, is_apart, error))
      return FALSE;
  *is_apart &= !is_over (run)
               && (worker->n_apart == 0
                   || ag_stepper_is_like (machine->stepper,
                                          machine->seats[worker->runs[0].seat].stepper));
  return TRUE;
}

static gboolean
is_small (const Worker *worker)
{
  return ag_tensor_n_elements (worker->restart.machine->program->y) <= MOST_POINTS;
}

/* Near the end of the sweep fewer runs are made at once, so that no worker waits for another. */
static guint
count_at_once (const AgSweep *sweep)
{
  const guint n_taken = MIN (atomic_load (&sweep->n_taken), sweep->n_runs);

  return CLAMP ((sweep->n_runs - n_taken) / atomic_load (&sweep->n_left), 1, MOST_AT_ONCE);
}

/* Makes a run, or sets it apart until there are enough to be made at once. */
static gboolean
take_up (Worker *worker,
         guint number,
         GError **error)
{
  const guint most = MAX (count_at_once (worker->sweep), worker->n_apart + 1);
  Run run = { .number = number, .result = { AG_TRAINER_IDLE, NAN, NAN, NAN, -1 } };
  gboolean is_apart = FALSE;

  if (!begin (worker, &run, error))
    return FALSE;
  if (!is_wanted (worker))
    return TRUE;
  if (most > 1 && is_small (worker) && !set_apart (worker, &run, &is_apart, error))
    return FALSE;
  if (!is_apart)
    return make_alone (worker, &run, error);
  worker->runs[worker->n_apart++] = run;
  return worker->n_apart < most || make_at_once (worker, error);
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
      if (!take_up (worker, sweep->order[next], error))
        return FALSE;
    }
  return make_at_once (worker, error);
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
