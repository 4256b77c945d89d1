/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "train/trainer-private.h"

#include "base/condition.h"
#include "base/error.h"

#include <glib/gi18n-lib.h>

/* Lets the worker see what is wanted, on another thread where its own ended when the run was laid
 * down. The run ends where none can be had. */
static void
wake (AgTrainer *trainer)
{
  GError *error = NULL;
  gboolean is_awake = TRUE;

  pthread_mutex_lock (&trainer->mutex);
  trainer->is_to_lie_down = FALSE;
  if (trainer->is_laid_down)
    {
      trainer->is_laid_down = FALSE;
      if (trainer->thread != NULL)
        g_thread_join (trainer->thread);
      is_awake = ag_trainer_start_thread (trainer, &error);
    }
  pthread_cond_signal (&trainer->wish_changed);
  pthread_mutex_unlock (&trainer->mutex);
  if (!is_awake)
    ag_trainer_worker_fail (trainer->worker, error);
}

/* With the mutex held. */
static void
set_wish (AgTrainer *trainer,
          AgTrainerWish wish)
{
  ag_work_set_cancelled (&trainer->preparation,
                         wish == AG_TRAINER_WISH_STOP || wish == AG_TRAINER_WISH_LEAVE);
  atomic_store (&trainer->wish, wish);
}

static void
make_wish (AgTrainer *trainer,
           AgTrainerWish wish)
{
  pthread_mutex_lock (&trainer->mutex);
  set_wish (trainer, wish);
  pthread_cond_signal (&trainer->wish_changed);
  pthread_mutex_unlock (&trainer->mutex);
}

/**
 * ag_trainer_free:
 * @trainer: (transfer full): a trainer
 *
 * Stops the trainer, waits for the step it is in, and frees it. Data that are being
 * prepared are not waited for.
 */
void
ag_trainer_free (AgTrainer *trainer)
{
  g_return_if_fail (trainer != NULL);

  ag_trainer_set_notify (trainer, NULL, NULL);
  make_wish (trainer, AG_TRAINER_WISH_LEAVE);
  if (trainer->thread != NULL)
    g_thread_join (trainer->thread);
  ag_racer_leave (&trainer->racer);
  g_clear_pointer (&trainer->worker, ag_trainer_worker_free);
  ag_snapshot_buffer_free (trainer->snapshots);
  g_clear_pointer (&trainer->history, ag_history_unref);
  g_clear_pointer (&trainer->trace, ag_trace_free);
  g_clear_pointer (&trainer->clock, ag_clock_free);
  g_clear_pointer (&trainer->moments, ag_moments_unref);
  g_free (trainer->initial);
  g_clear_pointer (&trainer->data, ag_data_unref);
  g_clear_error (&trainer->error);
  pthread_mutex_destroy (&trainer->mutex);
  pthread_cond_destroy (&trainer->wish_changed);
  pthread_cond_destroy (&trainer->state_changed);
  g_free (trainer);
}

/**
 * ag_trainer_spec:
 * @trainer: a trainer
 *
 * Returns: (transfer none): what it was given to do, with as many steps as it was
 *   extended to
 */
const AgRunSpec *
ag_trainer_spec (const AgTrainer *trainer)
{
  return &trainer->spec;
}

/**
 * ag_trainer_set_notify:
 * @trainer: a trainer
 * @notify: (nullable): called when the state has changed, on the trainer's thread
 * @user_data: given to @notify
 *
 * When this function returns, what was set before is not called any more, unless it was
 * called from there.
 */
void
ag_trainer_set_notify (AgTrainer *trainer,
                       AgTrainerNotify notify,
                       gpointer user_data)
{
  pthread_mutex_lock (&trainer->mutex);
  while (trainer->notifying != NULL && trainer->notifying != g_thread_self ())
    pthread_cond_wait (&trainer->state_changed, &trainer->mutex);
  trainer->notify = notify;
  trainer->notify_data = user_data;
  pthread_mutex_unlock (&trainer->mutex);
}

/* With the mutex held. A run that was stopped is one that is paused from here on, so
 * that who waits for its end does not take the old one for it. Returns whether it
 * waits for somebody to say how it goes on. */
static gboolean
is_waiting (AgTrainer *trainer)
{
  const int wish = atomic_load (&trainer->wish);

  if (wish == AG_TRAINER_WISH_STOP && ag_trainer_state (trainer) == AG_TRAINER_STOPPED)
    {
      atomic_store (&trainer->state, AG_TRAINER_PAUSED);
      return TRUE;
    }
  return wish == AG_TRAINER_WISH_PAUSE;
}

/**
 * ag_trainer_start:
 * @trainer: a trainer
 *
 * Lets it take steps, as fast as its pace allows, for the first time or again. A run
 * that is done must be extended before.
 */
void
ag_trainer_start (AgTrainer *trainer)
{
  gboolean starts;

  pthread_mutex_lock (&trainer->mutex);
  starts = is_waiting (trainer);
  if (starts)
    set_wish (trainer, AG_TRAINER_WISH_RUN);
  pthread_mutex_unlock (&trainer->mutex);
  if (starts && ag_trainer_state (trainer) != AG_TRAINER_DONE)
    wake (trainer);
}

/**
 * ag_trainer_pause:
 * @trainer: a trainer
 *
 * Lets it wait after the step it is in.
 */
void
ag_trainer_pause (AgTrainer *trainer)
{
  if (atomic_load (&trainer->wish) == AG_TRAINER_WISH_RUN)
    make_wish (trainer, AG_TRAINER_WISH_PAUSE);
}

/**
 * ag_trainer_resume:
 * @trainer: a trainer
 *
 * Lets it go on, as ag_trainer_start() does.
 */
void
ag_trainer_resume (AgTrainer *trainer)
{
  ag_trainer_start (trainer);
}

/**
 * ag_trainer_step:
 * @trainer: a trainer that is idle, paused or stopped
 *
 * Lets it take exactly one step, and wait again. Does nothing while it runs, or
 * where there is no step left.
 */
void
ag_trainer_step (AgTrainer *trainer)
{
  gboolean steps;

  pthread_mutex_lock (&trainer->mutex);
  steps = is_waiting (trainer) && !ag_trainer_state_is_final (ag_trainer_state (trainer));
  if (steps)
    {
      set_wish (trainer, AG_TRAINER_WISH_PAUSE);
      atomic_fetch_add (&trainer->n_single_steps, 1);
    }
  pthread_mutex_unlock (&trainer->mutex);
  if (steps)
    wake (trainer);
}

/**
 * ag_trainer_stop:
 * @trainer: a trainer
 *
 * Ends the run after the step it is in, or while it is being prepared; its
 * coefficients then are the ones that it would begin with. ag_trainer_start() or
 * ag_trainer_step() take it up again.
 */
void
ag_trainer_stop (AgTrainer *trainer)
{
  make_wish (trainer, AG_TRAINER_WISH_STOP);
}

/**
 * ag_trainer_extend:
 * @trainer: a trainer
 * @n_steps: how many steps its run is to have, at most %AG_RUN_MAX_STEPS
 * @error: return location for an %AG_ERROR_DEVICE
 *
 * Raises the number of steps; one that is not above the present one changes nothing.
 * A run that is done is paused from then on; its numbers will be those of a run that
 * had so many steps from the start. One thread may do this, which alone may look at
 * the steps of ag_trainer_spec().
 *
 * Returns: whether there is memory for their losses; if not, the run stays as it was
 */
gboolean
ag_trainer_extend (AgTrainer *trainer,
                   gint64 n_steps,
                   GError **error)
{
  gboolean was_done;

  g_return_val_if_fail (n_steps <= AG_RUN_MAX_STEPS, FALSE);

  if (n_steps <= trainer->spec.steps)
    return TRUE;
  if (!ag_history_extend (trainer->history, n_steps))
    return ag_trainer_fail_for_memory (n_steps, error);
  trainer->spec.steps = n_steps;
  pthread_mutex_lock (&trainer->mutex);
  atomic_store (&trainer->n_steps, n_steps);
  was_done = ag_trainer_state (trainer) == AG_TRAINER_DONE;
  if (was_done)
    {
      atomic_store (&trainer->state, AG_TRAINER_PAUSED);
      set_wish (trainer, AG_TRAINER_WISH_PAUSE);
      atomic_store (&trainer->n_single_steps, 0);
    }
  pthread_mutex_unlock (&trainer->mutex);
  if (was_done)
    wake (trainer);
  return TRUE;
}

/**
 * ag_trainer_lay_down:
 * @trainer: a trainer
 *
 * Lets a run that is done or was stopped give its thread and its tensors back at once,
 * which it does by itself after some seconds. Losses, trace and moments stay, and
 * ag_trainer_extend(), ag_trainer_start() and ag_trainer_step() take it up again, with the
 * bits that it would have had; its data are then made anew. A run that is not over is left
 * alone. The caller does not wait.
 */
void
ag_trainer_lay_down (AgTrainer *trainer)
{
  pthread_mutex_lock (&trainer->mutex);
  trainer->is_to_lie_down = ag_trainer_state_is_final (ag_trainer_state (trainer));
  pthread_cond_signal (&trainer->wish_changed);
  pthread_mutex_unlock (&trainer->mutex);
}

/**
 * ag_trainer_give_back:
 * @trainer: a trainer
 *
 * Lets a run that was laid down give back the memory that its moments take; they are then found
 * by its steps being taken again. Only the thread may do this that lets it go on.
 *
 * Returns: whether it was laid down, and none of them is being looked up
 */
gboolean
ag_trainer_give_back (AgTrainer *trainer)
{
  gboolean is_laid_down;

  pthread_mutex_lock (&trainer->mutex);
  is_laid_down = trainer->is_laid_down;
  pthread_mutex_unlock (&trainer->mutex);
  return is_laid_down && ag_moments_give_back (trainer->moments);
}

/**
 * ag_trainer_set_lr:
 * @trainer: a trainer
 * @lr: the rate from the next step on, above 0
 */
void
ag_trainer_set_lr (AgTrainer *trainer,
                   double lr)
{
  g_return_if_fail (lr > 0);

  atomic_store (&trainer->lr, ag_double_to_bits (lr));
}

/**
 * ag_trainer_set_pace:
 * @trainer: a trainer
 * @steps_per_second: how many steps to take in a second at most, from
 *   %AG_RUN_MIN_PACE; 0 for no limit
 */
void
ag_trainer_set_pace (AgTrainer *trainer,
                     double steps_per_second)
{
  g_return_if_fail (steps_per_second == 0 || steps_per_second >= AG_RUN_MIN_PACE);

  pthread_mutex_lock (&trainer->mutex);
  atomic_store (&trainer->pace, ag_double_to_bits (steps_per_second));
  pthread_cond_signal (&trainer->wish_changed);
  pthread_mutex_unlock (&trainer->mutex);
}

/**
 * ag_trainer_join:
 * @trainer: a trainer in no race that was not started
 * @race: a race
 *
 * Lets the run take its steps together with others. Its pace counts when the race has no limit
 * any more.
 */
void
ag_trainer_join (AgTrainer *trainer,
                 AgRace *race)
{
  ag_racer_join (&trainer->racer, race, &trainer->mutex, &trainer->wish_changed);
}

/**
 * ag_trainer_state:
 * @trainer: a trainer
 *
 * Returns: what it is doing now
 */
AgTrainerState
ag_trainer_state (const AgTrainer *trainer)
{
  return (AgTrainerState) atomic_load (&((AgTrainer *) trainer)->state);
}

/**
 * ag_trainer_prepared:
 * @trainer: a trainer of which there is no snapshot yet
 *
 * Returns: how much of its data is prepared, from 0 to 1
 */
double
ag_trainer_prepared (AgTrainer *trainer)
{
  return ag_work_share (&trainer->preparation);
}

/**
 * ag_trainer_wait:
 * @trainer: a trainer
 * @timeout_us: microseconds to wait at most; negative for no limit
 *
 * Waits until the trainer is done, stopped, diverged or failed.
 *
 * Returns: whether it is
 */
gboolean
ag_trainer_wait (AgTrainer *trainer,
                 gint64 timeout_us)
{
  const gint64 now_us = g_get_monotonic_time ();
  const gint64 until_us = now_us + MIN (timeout_us, G_MAXINT64 - now_us);
  int code = 0;

  pthread_mutex_lock (&trainer->mutex);
  while (code == 0 && !ag_trainer_state_is_final (ag_trainer_state (trainer)))
    code = timeout_us < 0
             ? pthread_cond_wait (&trainer->state_changed, &trainer->mutex)
             : ag_condition_wait_until (&trainer->state_changed, &trainer->mutex, until_us);
  pthread_mutex_unlock (&trainer->mutex);
  return ag_trainer_state_is_final (ag_trainer_state (trainer));
}

/**
 * ag_trainer_take_snapshot:
 * @trainer: a trainer
 * @snapshot: (out): its newest snapshot
 *
 * Takes the newest snapshot if it was not taken before. Only one thread may do
 * that. One of a final state has the coefficients that the run ended with. The
 * numbers that @snapshot points to are there until the next one is taken or the
 * trainer is freed.
 *
 * Returns: whether @snapshot was set
 */
gboolean
ag_trainer_take_snapshot (AgTrainer *trainer,
                          AgSnapshot *snapshot)
{
  return ag_snapshot_buffer_take (trainer->snapshots, snapshot);
}

/**
 * ag_trainer_data:
 * @trainer: a trainer
 *
 * Returns: (transfer none): the points that it fits
 */
AgData *
ag_trainer_data (const AgTrainer *trainer)
{
  return trainer->data;
}

/**
 * ag_trainer_history:
 * @trainer: a trainer
 *
 * Returns: (transfer none): its losses so far, to be read at any time
 */
AgHistory *
ag_trainer_history (AgTrainer *trainer)
{
  return trainer->history;
}

/**
 * ag_trainer_trace:
 * @trainer: a trainer
 *
 * Returns: (transfer none): its coefficients so far, to be read at any time;
 *   those of step 0 are the initial ones
 */
const AgTrace *
ag_trainer_trace (const AgTrainer *trainer)
{
  return trainer->trace;
}

/**
 * ag_trainer_clock:
 * @trainer: a trainer
 *
 * Returns: (transfer none): when its steps were taken, to be read at any time
 */
const AgClock *
ag_trainer_clock (const AgTrainer *trainer)
{
  return trainer->clock;
}

/**
 * ag_trainer_rates:
 * @trainer: a trainer
 *
 * Returns: (transfer none): the changes of its learning rate so far, each with the
 *   first step that was taken with it; to be read at any time
 */
const AgRates *
ag_trainer_rates (const AgTrainer *trainer)
{
  return ag_moments_rates (trainer->moments);
}

/**
 * ag_trainer_moments:
 * @trainer: a trainer
 *
 * Returns: (transfer none): every moment of its run so far, to be looked up at any time
 */
AgMoments *
ag_trainer_moments (AgTrainer *trainer)
{
  return trainer->moments;
}

/**
 * ag_trainer_initial:
 * @trainer: a trainer of which a snapshot was taken
 *
 * Returns: (transfer none): the coefficients it began with
 */
const double *
ag_trainer_initial (const AgTrainer *trainer)
{
  return trainer->initial;
}

/**
 * ag_trainer_error:
 * @trainer: a trainer
 *
 * Returns: (transfer none) (nullable): why it failed, if it did
 */
const GError *
ag_trainer_error (const AgTrainer *trainer)
{
  return ag_trainer_state (trainer) == AG_TRAINER_FAILED ? trainer->error : NULL;
}

/**
 * ag_trainer_refusal:
 * @trainer: a trainer
 *
 * Returns: (transfer none) (nullable): why a run that was read from a file could not go on, if
 *   that was tried; to be looked at when its state has changed
 */
const GError *
ag_trainer_refusal (const AgTrainer *trainer)
{
  return ag_trainer_state (trainer) != AG_TRAINER_FAILED ? trainer->error : NULL;
}
