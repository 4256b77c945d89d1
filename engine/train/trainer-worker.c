/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "train/trainer-worker.h"

#include "base/condition.h"
#include "base/error.h"
#include "base/number.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <math.h>

/* Snapshots are published at most this often, about once a frame, and the
 * clock is looked at so many steps apart that it is about that often too. */
#define PUBLISH_US 15000
#define LOOK_US 1000

/* A moment is noted about this often, so that none is farther away than the steps
 * taken in that time; where a step takes longer, each is. */
#define NOTE_US 500

#define MAX_STEPS_BETWEEN_LOOKS 65536

/* The worker takes at most this many steps before it looks at its commands. */
#define STEPS_AT_A_TIME 256

/* A paced run that fell behind, by a slow step say, makes up for no more. */
#define MAX_BEHIND_US 50000

/* A run that was over for so long is laid down, since it is not likely to go on soon. */
#define LIE_DOWN_US (5 * G_USEC_PER_SEC)

/**
 * ag_trainer_worker_fail:
 * @worker: a worker
 * @error: (transfer full): what its run ends by
 *
 * Ends the run, on its thread or where it has none.
 */
void
ag_trainer_worker_fail (AgTrainerWorker *worker,
                        GError *error)
{
  worker->trainer->error = error;
  ag_trainer_worker_set_state (worker, AG_TRAINER_FAILED);
}

/* Where a run rests, the loss of the coefficients that it came to is of interest,
 * which is not known before the next step; it is computed once. */
static gboolean
find_final_loss (AgTrainerWorker *worker,
                 GError **error)
{
  if (worker->step == 0 || worker->diverged_step >= 0 || !isnan (worker->final_loss))
    return TRUE;
  return ag_program_evaluate_loss (worker->machine->program, &worker->final_loss, error);
}

static void
look_at_rate (AgTrainerWorker *worker)
{
  const guint64 lr = atomic_load_explicit (&worker->trainer->lr, memory_order_relaxed);
  const double rate = ag_double_from_bits (lr);

  if (lr == worker->lr)
    return;
  worker->lr = lr;
  ag_optimizer_set_lr (worker->machine->optimizer, rate);
  ag_moments_log_rate (worker->trainer->moments, worker->step, rate);
}

/* A step on a device that runs ahead. */
static gboolean
take_step_ahead (AgTrainerWorker *worker,
                 GError **error)
{
  AgTensor *loss = ag_stepper_take (worker->machine->stepper, error);

  if (loss == NULL)
    {
      ag_trainer_worker_forget_pending (worker, worker->n_pending);
      return FALSE;
    }
  worker->pending[worker->n_pending++] = loss;
  worker->step++;
  /* Half of them stay, for the device to have something to do meanwhile. */
  return worker->n_pending < worker->ahead.n
         || ag_trainer_worker_catch_up (worker, worker->ahead.n / 2, error);
}

/* Takes steps, at most so many, and none farther than the next that goes into the trace. */
static gboolean
take_steps (AgTrainerWorker *worker,
            gint64 n_steps,
            GError **error)
{
  double losses[STEPS_AT_A_TIME];
  gint64 n;

  look_at_rate (worker);
  if (ag_device_n_ahead (worker->machine->device) > 1)
    return take_step_ahead (worker, error);
  n = MIN (MIN (n_steps, STEPS_AT_A_TIME),
           ag_trace_until_due (worker->trainer->trace, worker->step));
  n = ag_stepper_take_many (worker->machine->stepper, n, losses, error);
  return n > 0 && ag_trainer_worker_take_losses (worker, n, losses, error);
}

/* Looks at the clock now and then, and publishes when it is time. */
static gboolean
look_at_clock (AgTrainerWorker *worker,
               GError **error)
{
  gint64 now_us = g_get_monotonic_time ();
  gint64 passed_us = now_us - worker->looked_us;

  if (passed_us < LOOK_US / 2 && worker->between_looks < MAX_STEPS_BETWEEN_LOOKS)
    worker->between_looks *= 2;
  else if (passed_us > LOOK_US && worker->between_looks > 1)
    worker->between_looks = MAX (1, (gint) (worker->between_looks * LOOK_US / passed_us));
  worker->until_look = worker->between_looks;
  worker->looked_us = now_us;
  ag_trainer_worker_mark_time (worker, now_us);

  /* To note a moment one must wait for a device that runs ahead. */
  if (ag_device_n_ahead (worker->machine->device) == 1 && now_us - worker->noted_us >= NOTE_US)
    {
      worker->noted_us = now_us;
      if (!ag_trainer_worker_note (worker, error))
        return FALSE;
    }
  if (now_us - worker->published_us < PUBLISH_US)
    return TRUE;
  if (!ag_trainer_worker_read_program (worker, error)
      || (ag_device_n_ahead (worker->machine->device) > 1
          && !ag_trainer_worker_note (worker, error)))
    return FALSE;
  if (worker->diverged_step < 0)
    ag_trainer_worker_publish (worker, now_us);
  return TRUE;
}

static gboolean
set_wait_error (int code,
                GError **error)
{
  g_set_error (error, AG_ERROR, AG_ERROR_DEVICE,
               _ ("The run could not wait for its next step: %s. Choose another pace."),
               g_strerror (code));
  return FALSE;
}

/* Steps are counted and timed from now on. */
static void
begin_stretch (AgTrainerWorker *worker)
{
  const gint64 now_us = g_get_monotonic_time ();

  ag_speedometer_start (&worker->meter, now_us, worker->step);
  ag_ahead_start (&worker->ahead, now_us);
  worker->looked_us = now_us;
  worker->until_look = worker->between_looks = 1;
  worker->pace = 0;
}

/* Waits for the outside to want something else, at most until @until_us, or
 * for ever if that is 0. Who took a wait that failed for one that was over would
 * wait again at once, and hold the lock for good. */
static gboolean
wait_for_wish (AgTrainerWorker *worker,
               AgTrainerWish wish,
               gint64 until_us,
               GError **error)
{
  AgTrainer *trainer = worker->trainer;
  int code = 0;

  pthread_mutex_lock (&trainer->mutex);
  while (code == 0 && atomic_load (&trainer->wish) == (int) wish
         && atomic_load (&trainer->n_single_steps) == 0
         && atomic_load (&trainer->pace) == worker->pace)
    code = until_us == 0 ? pthread_cond_wait (&trainer->wish_changed, &trainer->mutex)
                         : ag_condition_wait_until (&trainer->wish_changed, &trainer->mutex,
                                                    until_us);
  pthread_mutex_unlock (&trainer->mutex);
  return code == 0 || code == ETIMEDOUT || set_wait_error (code, error);
}

/* In a race a run may have come as far as it may, or others have their turn. What it has come to
 * is seen meanwhile, and its clock stands still. */
static gboolean
wait_for_turn (AgTrainerWorker *worker,
               GError **error)
{
  AgTrainer *trainer = worker->trainer;
  AgRacer *racer = &trainer->racer;
  int code = 0;

  if (racer->has_turn)
    {
      const gint64 now_us = g_get_monotonic_time ();

      if (!ag_trainer_worker_read_program (worker, error))
        return FALSE;
      if (worker->diverged_step >= 0)
        return TRUE;
      ag_trainer_worker_publish (worker, now_us);
      ag_speedometer_stop (&worker->meter, now_us);
      ag_racer_give_turn (racer);
    }
  pthread_mutex_lock (&trainer->mutex);
  ag_racer_begin_to_wait (racer, worker->step);
  while (code == 0 && atomic_load (&trainer->wish) == AG_TRAINER_WISH_RUN
         && !ag_racer_take_turn (racer, worker->step))
    code = pthread_cond_wait (&trainer->wish_changed, &trainer->mutex);
  pthread_mutex_unlock (&trainer->mutex);
  ag_racer_end_to_wait (racer);
  if (racer->has_turn)
    begin_stretch (worker);
  return code == 0 || set_wait_error (code, error);
}

/* Whether a step is due at the pace wanted. */
static gboolean
is_due (AgTrainerWorker *worker)
{
  guint64 pace = atomic_load_explicit (&worker->trainer->pace, memory_order_relaxed);
  gint64 now_us;

  if (pace == 0)
    {
      worker->pace = 0;
      return TRUE;
    }

  now_us = g_get_monotonic_time ();
  if (pace != worker->pace || worker->due_us < (double) (now_us - MAX_BEHIND_US))
    {
      worker->pace = pace;
      worker->due_us = (double) now_us;
    }
  if ((double) now_us >= worker->due_us)
    {
      worker->due_us += 1e6 / ag_double_from_bits (pace);
      return TRUE;
    }
  return FALSE;
}

/* A run is no slower for that its steps are to be watched. */
static gboolean
wait_for_pace (AgTrainerWorker *worker,
               GError **error)
{
  const gint64 begun_us = g_get_monotonic_time ();
  const gboolean success
    = wait_for_wish (worker, AG_TRAINER_WISH_RUN, (gint64) worker->due_us + 1, error);

  worker->waited_us += g_get_monotonic_time () - begun_us;
  return success;
}

static void
start_running (AgTrainerWorker *worker)
{
  begin_stretch (worker);
  worker->final_loss = NAN;
  atomic_store (&worker->trainer->n_single_steps, 0);
  ag_trainer_worker_set_state (worker, AG_TRAINER_RUNNING);
}

static gboolean
has_finite_coefficients (const AgTrainerWorker *worker)
{
  return ag_numbers_are_finite (worker->coefficients,
                                worker->trainer->spec.program->model->n_parameters);
}

/* The outside may raise it at any time; the memory for its losses is there then. */
static gint64
get_n_steps (const AgTrainerWorker *worker)
{
  return atomic_load_explicit (&worker->trainer->n_steps, memory_order_acquire);
}

/* With a pace steps are taken one by one. */
static gboolean
step_and_look (AgTrainerWorker *worker,
               GError **error)
{
  const AgRacer *racer = &worker->trainer->racer;
  const gint64 begun = worker->step;
  gint64 n_steps = MIN (get_n_steps (worker) - begun, worker->until_look);

  if (!ag_racer_is_in_step (racer) && worker->pace != 0)
    n_steps = 1;
  if (!take_steps (worker, MAX (1, MIN (n_steps, ag_racer_n_allowed (racer, begun))), error))
    return FALSE;
  worker->until_look -= (gint) (worker->step - begun);
  if (worker->until_look <= 0 && worker->diverged_step < 0)
    return look_at_clock (worker, error);
  return TRUE;
}

static gboolean
take_single_step (AgTrainerWorker *worker,
                  GError **error)
{
  atomic_fetch_sub (&worker->trainer->n_single_steps, 1);
  worker->final_loss = NAN;
  if (!take_steps (worker, 1, error) || !ag_trainer_worker_read_program (worker, error)
      || !ag_trainer_worker_note (worker, error) || !find_final_loss (worker, error))
    return FALSE;
  if (worker->diverged_step < 0)
    ag_trainer_worker_set_state (worker, AG_TRAINER_PAUSED);
  return TRUE;
}

static gboolean
pause_and_wait (AgTrainerWorker *worker,
                GError **error)
{
  if (worker->state == AG_TRAINER_RUNNING)
    {
      if (!ag_trainer_worker_read_program (worker, error)
          || !ag_trainer_worker_note (worker, error) || !find_final_loss (worker, error))
        return FALSE;
      if (worker->diverged_step >= 0)
        return TRUE;
      ag_trainer_worker_set_state (worker, AG_TRAINER_PAUSED);
    }
  else if (ag_trainer_state_is_final (worker->state))
    {
      ag_trainer_worker_set_state (worker, AG_TRAINER_PAUSED);
    }
  worker->pace = atomic_load (&worker->trainer->pace);
  return wait_for_wish (worker, AG_TRAINER_WISH_PAUSE, 0, error);
}

/* Returns FALSE with @error set when the engine failed. */
static gboolean
train (AgTrainerWorker *worker,
       GError **error)
{
  AgTrainer *trainer = worker->trainer;

  while (worker->step < get_n_steps (worker) && worker->diverged_step < 0)
    {
      gboolean success = TRUE;

      switch ((AgTrainerWish) atomic_load_explicit (&trainer->wish, memory_order_relaxed))
        {
        case AG_TRAINER_WISH_RUN:
          if (G_UNLIKELY (worker->state != AG_TRAINER_RUNNING))
            start_running (worker);
          else if (G_UNLIKELY (!ag_racer_may_step (&trainer->racer, worker->step)))
            success = wait_for_turn (worker, error);
          else if (ag_racer_is_in_step (&trainer->racer) || is_due (worker))
            success = step_and_look (worker, error);
          else
            success = wait_for_pace (worker, error);
          break;
        case AG_TRAINER_WISH_PAUSE:
          if (worker->state != AG_TRAINER_RUNNING && atomic_load (&trainer->n_single_steps) > 0)
            success = take_single_step (worker, error);
          else
            success = pause_and_wait (worker, error);
          break;
        case AG_TRAINER_WISH_STOP:
        case AG_TRAINER_WISH_LEAVE:
        default:
          return ag_trainer_worker_read_program (worker, error);
        }
      if (!success)
        return FALSE;
    }
  return worker->diverged_step >= 0 || ag_trainer_worker_read_program (worker, error);
}

static AgTrainerState
final_state (AgTrainerWorker *worker)
{
  if (worker->diverged_step >= 0)
    return AG_TRAINER_DIVERGED;
  return worker->step < get_n_steps (worker) ? AG_TRAINER_STOPPED : AG_TRAINER_DONE;
}

/* No more steps for now. Whom the outside has left needs no result. */
static gboolean
rest (AgTrainerWorker *worker,
      GError **error)
{
  if (atomic_load (&worker->trainer->wish) == AG_TRAINER_WISH_LEAVE)
    return TRUE;
  if (!ag_trainer_worker_note (worker, error))
    return FALSE;
  if (worker->diverged_step < 0 && !has_finite_coefficients (worker)
      && !ag_trainer_worker_diverge (worker, 0, error))
    g_clear_error (error);
  if (!find_final_loss (worker, error))
    return FALSE;
  ag_trainer_worker_set_state (worker, final_state (worker));
  return TRUE;
}

/* With the mutex held. */
static gboolean
is_to_go_on (const AgTrainerWorker *worker)
{
  const int wish = atomic_load (&worker->trainer->wish);

  return wish != AG_TRAINER_WISH_LEAVE && wish != AG_TRAINER_WISH_STOP
         && worker->step < get_n_steps (worker);
}

static gboolean
is_left (const AgTrainerWorker *worker)
{
  return atomic_load (&worker->trainer->wish) == AG_TRAINER_WISH_LEAVE;
}

/* Waits until the run goes on, which is soon or not at all. Returns whether it does. */
static gboolean
wait_for_more (AgTrainerWorker *worker)
{
  AgTrainer *trainer = worker->trainer;
  const gint64 until_us = g_get_monotonic_time () + LIE_DOWN_US;
  gboolean goes_on;
  int code = 0;

  pthread_mutex_lock (&trainer->mutex);
  while (code == 0 && !is_to_go_on (worker) && !is_left (worker) && !trainer->is_to_lie_down)
    code = ag_condition_wait_until (&trainer->wish_changed, &trainer->mutex, until_us);
  goes_on = is_to_go_on (worker);
  pthread_mutex_unlock (&trainer->mutex);
  return goes_on;
}

/* Says that the thread ends, unless somebody wants the run to go on by now. Returns whether it
 * ends. */
static gboolean
say_laid_down (AgTrainerWorker *worker)
{
  AgTrainer *trainer = worker->trainer;
  gboolean is_laid_down;

  pthread_mutex_lock (&trainer->mutex);
  is_laid_down = trainer->is_laid_down = !is_to_go_on (worker);
  pthread_mutex_unlock (&trainer->mutex);
  return is_laid_down;
}

/* Returns FALSE with @error set when the engine failed. */
static gboolean
work (AgTrainerWorker *worker,
      GError **error)
{
  for (;;)
    {
      if (!ag_trainer_worker_prepare (worker, error))
        return FALSE;
      if (worker->machine != NULL && (!train (worker, error) || !rest (worker, error)))
        return FALSE;
      if (worker->diverged_step >= 0)
        return TRUE;
      if (wait_for_more (worker))
        continue;
      if (is_left (worker))
        return TRUE;
      if (!ag_trainer_worker_lay_down (worker, error))
        return FALSE;
      if (say_laid_down (worker))
        return TRUE;
    }
}

static AgTrainerWorker *
worker_new (AgTrainer *trainer)
{
  const guint n_parameters = trainer->spec.program->model->n_parameters;
  AgTrainerWorker *worker = g_new0 (AgTrainerWorker, 1);

  worker->trainer = trainer;
  worker->loss = NAN;
  worker->final_loss = NAN;
  worker->diverged_step = -1;
  worker->coefficients = g_new0 (double, 3 * n_parameters);
  worker->gradients = worker->coefficients + n_parameters;
  worker->traced = worker->gradients + n_parameters;
  worker->clock_us = fmax (ag_clock_at (trainer->clock, 1e18), 0);
  return worker;
}

/**
 * ag_trainer_worker_resurrect:
 * @trainer: a trainer that has no thread
 * @snapshot: how its run ended
 *
 * Lets the run stand where it stood, and be seen there.
 */
void
ag_trainer_worker_resurrect (AgTrainer *trainer,
                             const AgSnapshot *snapshot)
{
  AgTrainerWorker *worker = worker_new (trainer);

  worker->step = snapshot->step;
  worker->loss = snapshot->loss;
  worker->final_loss = snapshot->final_loss;
  worker->speed = snapshot->steps_per_second;
  worker->diverged_step = snapshot->diverged_step;
  worker->lr = atomic_load (&trainer->lr);
  worker->meter.elapsed_us = (gint64) (1e6 * snapshot->elapsed);
  worker->clock_us -= (double) worker->meter.elapsed_us;
  for (guint i = 0; i < snapshot->n_coefficients; i++)
    {
      worker->coefficients[i] = snapshot->coefficients[i];
      worker->gradients[i] = snapshot->gradients[i];
    }
  trainer->worker = worker;
  ag_trainer_worker_set_state (worker, snapshot->state);
}

/**
 * ag_trainer_worker_free:
 * @worker: (transfer full): a worker whose thread has ended
 */
void
ag_trainer_worker_free (AgTrainerWorker *worker)
{
  g_free (worker->coefficients);
  g_free (worker->laid_down);
  g_free (worker);
}

/* The trainer's thread, or the next one of a run that was laid down and goes on. */
static gpointer
work_on_thread (gpointer data)
{
  AgTrainer *trainer = data;
  GError *error = NULL;

  if (trainer->worker == NULL)
    trainer->worker = worker_new (trainer);
  if (!work (trainer->worker, &error))
    ag_trainer_worker_fail (trainer->worker, error);
  ag_trainer_worker_tear_down (trainer->worker);
  return NULL;
}

/**
 * ag_trainer_start_thread:
 * @trainer: a trainer that has no thread
 * @error: return location for an %AG_ERROR_DEVICE
 *
 * Starts the thread that does the run's work.
 *
 * Returns: whether the system allows another thread
 */
gboolean
ag_trainer_start_thread (AgTrainer *trainer,
                         GError **error)
{
  trainer->thread = g_thread_try_new ("trainer", work_on_thread, trainer, NULL);
  if (trainer->thread != NULL)
    return TRUE;
  g_set_error (error, AG_ERROR, AG_ERROR_DEVICE,
               _ ("No thread could be started for the run: the limit on processes or on memory is "
                  "reached. Raise it, or end other programs."));
  return FALSE;
}

/**
 * ag_trainer_fail_for_memory:
 * @n_steps: how many steps a run is to have
 * @error: return location for a #GError
 *
 * Sets @error to the sentence that there is no memory for their losses.
 *
 * Returns: %FALSE
 */
gboolean
ag_trainer_fail_for_memory (gint64 n_steps,
                            GError **error)
{
  g_set_error (error, AG_ERROR, AG_ERROR_DEVICE,
               _ ("There is no memory for the losses of %lld steps. Give fewer steps, or free some "
                  "memory."),
               (long long) n_steps);
  return FALSE;
}
