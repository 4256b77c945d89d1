/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "train/sweep-fleet.h"

#include "base/error.h"

#include <string.h>
#include <sys/resource.h>

/* A worker makes runs of a sweep one after the other. */

/* How much a worker in the background gives way, from 0 to 19. */
#define BACKGROUND 10

/* After this many steps, or fewer where they take longer, a worker looks whether it is still
 * wanted. */
#define STEPS_AT_A_TIME 256

/* A worker takes this many steps of each of the runs that it makes at once. */
#define STEPS_AT_ONCE 64

/* Without batches a worker makes at most this many runs at once, and none of more points: with more
 * nothing is gained, since a run alone keeps the processor's vector units busy, and with others it
 * has less of the nearest cache for itself. */
#define MOST_IN_TURNS 4
#define MOST_POINTS 1024

/* A run takes its first steps alone, and is set apart, to be made at once with others, when its
 * steps are known, which is after this many at the latest. */
#define STEPS_ALONE 4

/* The same for a program that chooses a structure for each step, of which all must be known. */
#define STEPS_ALONE_CHOOSING 64

/* A GPU is given so many runs at once at first, and so many at most. */
#define FIRST_IN_FLEET 256
#define MOST_IN_FLEET 16384

/**
 * Run:
 * @base: the run
 * @seat: where it sits on the machine
 *
 * A run that is being made.
 */
typedef struct
{
  AgSweepRun base;
  guint seat;
} Run;

/**
 * Worker:
 * @base: its machine
 * @batch: (nullable): what takes the steps of many runs at once
 * @most: how many may be made at once
 * @is_complete: whether no other run may join those that are set apart, which choose structures that
 *   it would not
 * @n_apart: how many of @runs are set apart, to be made at once
 * @runs: those
 */
typedef struct
{
  AgSweepWorker base;
  AgBatch *batch;
  guint most;
  gboolean is_complete;
  guint n_apart;
  Run runs[AG_REEL_MAX_AT_ONCE];
} Worker;

static gboolean
end_run (Worker *worker,
         Run *run,
         GError **error)
{
  AgSweep *sweep = worker->base.sweep;
  AgProgram *program = worker->base.restart.machine->program;
  double loss;

  if (!ag_program_read (program, ag_sweep_run_coefficients (&run->base, sweep), error))
    return FALSE;
  if (!ag_sweep_run_has_diverged (&run->base, sweep))
    {
      if (!ag_program_evaluate_loss (program, &loss, error))
        return FALSE;
      ag_sweep_run_note_final_loss (&run->base, worker->base.near, loss);
    }
  ag_sweep_run_end (&run->base, sweep);
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
  const gint64 n = ag_stepper_take_many (worker->base.restart.machine->stepper, n_steps, losses, error);

  for (gint64 i = 0; i < n; i++)
    ag_sweep_run_note_loss (&run->base, worker->base.near, losses[i]);
  return n > 0;
}

/* Makes the rest of a run whose values the machine has. */
static gboolean
make_alone (Worker *worker,
            Run *run,
            GError **error)
{
  while (!ag_sweep_run_is_over (&run->base) && ag_sweep_worker_is_wanted (&worker->base))
    if (!take_alone (worker, run, MIN (run->base.spec.steps - run->base.n_read, STEPS_AT_A_TIME), error))
      return FALSE;
  return !ag_sweep_run_is_over (&run->base) || end_run (worker, run, error);
}

/* Ends those of the runs that are set apart that are over. */
static gboolean
end_runs (Worker *worker,
          GError **error)
{
  AgMachine *machine = worker->base.restart.machine;
  guint n = 0;

  for (guint i = 0; i < worker->n_apart; i++)
    {
      Run *run = &worker->runs[i];

      if (!ag_sweep_run_is_over (&run->base))
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

/* Takes steps of all runs that are set apart until one of them is over or the work not wanted.
 * Returns whether one is over. */
static gboolean
take_at_once (Worker *worker,
              AgStepper *const *steppers,
              AgBatch *batch)
{
  const guint n_runs = worker->n_apart;
  double losses[STEPS_AT_ONCE * AG_REEL_MAX_AT_ONCE];
  gboolean any_over = FALSE;

  while (!any_over && ag_sweep_worker_is_wanted (&worker->base))
    {
      gint64 n = STEPS_AT_ONCE;

      for (guint i = 0; i < n_runs; i++)
        n = MIN (n, worker->runs[i].base.spec.steps - worker->runs[i].base.n_read);
      n = ag_stepper_take_at_once (steppers, n_runs, batch, n, losses);
      for (guint i = 0; i < n_runs; i++)
        {
          AgSweepRun *run = &worker->runs[i].base;

          for (gint64 k = 0; k < n; k++)
            ag_sweep_run_note_loss (run, worker->base.near, losses[k * n_runs + i]);
          any_over |= ag_sweep_run_is_over (run);
        }
    }
  return any_over;
}

/* Takes steps of all runs that are set apart until one of them is over, and ends that. A batch that
 * is not even half full would be slower than one run after the other. */
static gboolean
make_at_once (Worker *worker,
              GError **error)
{
  const guint n_runs = worker->n_apart;
  AgStepper *steppers[AG_REEL_MAX_AT_ONCE];
  gboolean has_joined, any_over;

  for (guint i = 0; i < n_runs; i++)
    steppers[i] = worker->base.restart.machine->seats[worker->runs[i].seat].stepper;
  has_joined = worker->batch != NULL && n_runs >= ag_batch_size (worker->batch) / 2
               && ag_stepper_join (steppers, n_runs, &worker->batch);
  any_over = take_at_once (worker, steppers, has_joined ? worker->batch : NULL);
  if (has_joined)
    ag_stepper_leave (steppers, n_runs, worker->batch);
  return !any_over || end_runs (worker, error);
}

/* Makes the rest of all runs that are set apart. */
static gboolean
make_all (Worker *worker,
          GError **error)
{
  while (worker->n_apart > 0 && ag_sweep_worker_is_wanted (&worker->base))
    if (!make_at_once (worker, error))
      return FALSE;
  return TRUE;
}

/* Has a machine for a run. */
static gboolean
prepare (Worker *worker,
         const AgRunSpec *spec,
         GError **error)
{
  if (ag_restart_suits (&worker->base.restart, spec))
    return ag_restart_prepare (&worker->base.restart, spec, 1, NULL, error);
  if (!make_all (worker, error))
    return FALSE;
  g_clear_pointer (&worker->batch, ag_batch_free);
  return ag_sweep_worker_make_machine (&worker->base, spec, error);
}

/* Returns a seat that none of the runs has that are set apart. */
static guint
find_seat (const Worker *worker)
{
  guint taken = 0, seat = 0;

  for (guint i = 0; i < worker->n_apart; i++)
    taken |= 1U << worker->runs[i].seat;
  while ((taken >> seat & 1) != 0)
    seat++;
  return seat;
}

static gboolean
begin (Worker *worker,
       Run *run,
       guint number,
       GError **error)
{
  AgRestart *restart = &worker->base.restart;

  if (!ag_sweep_run_init (&run->base, worker->base.sweep, number, error)
      || !prepare (worker, &run->base.spec, error))
    return FALSE;
  ag_sweep_run_place (&run->base, worker->base.sweep, restart->begin + AG_CHECKPOINT_COEFFICIENTS);
  run->seat = find_seat (worker);
  ag_machine_sit (restart->machine, run->seat);
  return ag_restart_begin (restart, &run->base.spec, error);
}

static gboolean
chooses (const Worker *worker)
{
  return worker->base.restart.machine->program->klass->choose_structure != NULL;
}

/* Takes the first steps of a run, and sets it apart if that can be done and its steps are then like
 * those of the runs that are. */
static gboolean
set_apart (Worker *worker,
           Run *run,
           gboolean *is_apart,
           GError **error)
{
  const AgMachine *machine = worker->base.restart.machine;
  const gint64 n_alone = chooses (worker) ? STEPS_ALONE_CHOOSING : STEPS_ALONE;

  *is_apart = FALSE;
  while (!*is_apart && !ag_sweep_run_is_over (&run->base) && run->base.n_read < n_alone)
    if (!take_alone (worker, run, 1, error)
        || !ag_stepper_set_apart (machine->stepper, is_apart, error))
      return FALSE;
  *is_apart &= !ag_sweep_run_is_over (&run->base)
               && (worker->n_apart == 0
                   || ag_stepper_is_like (machine->stepper,
                                          machine->seats[worker->runs[0].seat].stepper));
  return TRUE;
}

/* Finds out how many runs may be made at once that are like the one that the machine has, which is
 * set apart. */
static guint
count_most (Worker *worker)
{
  AgMachine *machine = worker->base.restart.machine;

  if (ag_stepper_join (&machine->stepper, 1, &worker->batch))
    return ag_batch_size (worker->batch);
  return ag_tensor_n_elements (machine->program->y) <= MOST_POINTS ? MOST_IN_TURNS : 1;
}

/* Near the end of the sweep fewer runs are made at once, so that no worker waits for another. */
static gboolean
has_room (const Worker *worker)
{
  const AgSweep *sweep = worker->base.sweep;
  const guint n_taken = MIN (atomic_load (&sweep->n_taken), sweep->n_runs);
  const guint n_left = atomic_load (&sweep->n_left);

  return worker->n_apart == 0
         || (!worker->is_complete && worker->n_apart < worker->most && sweep->n_runs - n_taken >= n_left);
}

/* Makes a run, or sets it apart until there are enough to be made at once. */
static gboolean
take_up (Worker *worker,
         guint number,
         GError **error)
{
  gboolean is_apart = FALSE;
  Run run;

  if (!begin (worker, &run, number, error))
    return FALSE;
  if (!ag_sweep_worker_is_wanted (&worker->base))
    return TRUE;
  if (!set_apart (worker, &run, &is_apart, error))
    return FALSE;
  if (is_apart && worker->n_apart == 0)
    {
      worker->most = count_most (worker);
      worker->is_complete = FALSE;
    }
  if (!is_apart || worker->most == 1)
    return make_alone (worker, &run, error);
  worker->runs[worker->n_apart++] = run;
  return TRUE;
}

static gboolean
make_runs (Worker *worker,
           GError **error)
{
  AgSweep *sweep = worker->base.sweep;

  while (ag_sweep_worker_is_wanted (&worker->base))
    {
      const gboolean takes_up = has_room (worker);
      const guint next = takes_up ? atomic_fetch_add (&sweep->n_taken, 1) : sweep->n_runs;

      if (takes_up && next >= sweep->n_runs && worker->n_apart == 0)
        break;
      if (next < sweep->n_runs ? !take_up (worker, sweep->order[next], error)
                               : !make_at_once (worker, error))
        return FALSE;
      worker->is_complete = next >= sweep->n_runs && chooses (worker);
    }
  return TRUE;
}

/* Takes runs until there are so many. */
static void
take_numbers (AgSweep *sweep,
              GArray *numbers,
              guint n)
{
  while (numbers->len < n)
    {
      const guint next = atomic_fetch_add (&sweep->n_taken, 1);

      if (next >= sweep->n_runs)
        return;
      g_array_append_val (numbers, sweep->order[next]);
    }
}

/* Makes runs on a device that makes many at once. There are few at first, so that something is to be
 * seen soon, and then ever more. */
static gboolean
make_fleets (Worker *worker,
             GError **error)
{
  g_autoptr (GArray) numbers = g_array_new (FALSE, FALSE, sizeof (guint));
  guint n = FIRST_IN_FLEET;

  while (ag_sweep_worker_is_wanted (&worker->base))
    {
      gboolean is_made;

      take_numbers (worker->base.sweep, numbers, n);
      if (numbers->len == 0)
        break;
      if (!ag_sweep_make_fleet (&worker->base, numbers, &is_made, error))
        return FALSE;
      if (is_made)
        {
          n = MIN (2 * n, MOST_IN_FLEET);
          continue;
        }
      if (!take_up (worker, g_array_index (numbers, guint, 0), error))
        return FALSE;
      g_array_remove_index (numbers, 0);
    }
  return TRUE;
}

static gboolean
is_on_processor (const AgSweep *sweep)
{
  return strcmp (sweep->specs[0].device, "cpu") == 0;
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

  worker->base.sweep = sweep;
  /* On Linux this is the thread's own, and not that of the process. Where it is not heeded
   * the thread is like any other. */
  if ((sweep->manner & AG_SWEEP_BACKGROUND) != 0)
    setpriority (PRIO_PROCESS, 0, BACKGROUND);
  if (!(is_on_processor (sweep) ? make_runs (worker, &error) : make_fleets (worker, &error)))
    ag_work_set_cancelled (&sweep->work, TRUE);
  /* People who cancelled a sweep need no message. */
  if (g_error_matches (error, AG_ERROR, AG_ERROR_CANCELLED))
    g_clear_error (&error);
  g_clear_pointer (&worker->batch, ag_batch_free);
  ag_sweep_worker_clear (&worker->base);
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
