/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "train/trainer-worker.h"

/* A worker lets others see a run by publishing its state, snapshots and moments. */

/**
 * ag_trainer_worker_publish:
 * @worker: a worker
 * @now_us: the time, of g_get_monotonic_time()
 *
 * Publishes a snapshot of what the worker has come to.
 */
void
ag_trainer_worker_publish (AgTrainerWorker *worker,
                           gint64 now_us)
{
  AgTrainer *trainer = worker->trainer;
  AgSnapshot snapshot = {
    .serial = ++worker->serial,
    .state = worker->state,
    .step = worker->step,
    .loss = worker->loss,
    .final_loss = worker->final_loss,
    .loop_engine = worker->loop_engine,
    .elapsed = ag_speedometer_elapsed (&worker->meter, now_us),
    .diverged_step = worker->diverged_step,
    .n_coefficients = trainer->spec.program->model->n_parameters,
    .coefficients = worker->coefficients,
    .gradients = worker->gradients,
  };

  if (worker->meter.started_us != 0 && now_us > worker->published_us)
    worker->speed = ag_speedometer_look (&worker->meter, now_us, worker->step);
  snapshot.steps_per_second = worker->speed;
  ag_snapshot_buffer_publish (trainer->snapshots, &snapshot);
  worker->published_us = now_us;
}

/**
 * ag_trainer_worker_set_state:
 * @worker: a worker
 * @state: what it does from now on
 *
 * Publishes a snapshot with that state and tells who waits for it. The snapshot
 * comes first, so that who is told of a state finds it there.
 */
void
ag_trainer_worker_set_state (AgTrainerWorker *worker,
                             AgTrainerState state)
{
  AgTrainer *trainer = worker->trainer;
  AgTrainerNotify notify;
  gpointer notify_data;
  gint64 now_us = g_get_monotonic_time ();

  worker->state = state;
  ag_trainer_worker_mark_time (worker, now_us);
  ag_trainer_worker_publish (worker, now_us);
  if (state != AG_TRAINER_RUNNING)
    {
      ag_speedometer_stop (&worker->meter, now_us);
      ag_racer_give_turn (&trainer->racer);
    }

  pthread_mutex_lock (&trainer->mutex);
  atomic_store (&trainer->state, state);
  pthread_cond_broadcast (&trainer->state_changed);
  notify = trainer->notify;
  notify_data = trainer->notify_data;
  trainer->notifying = notify != NULL ? g_thread_self () : NULL;
  pthread_mutex_unlock (&trainer->mutex);
  if (notify == NULL)
    return;
  notify (trainer, notify_data);
  pthread_mutex_lock (&trainer->mutex);
  trainer->notifying = NULL;
  pthread_cond_broadcast (&trainer->state_changed);
  pthread_mutex_unlock (&trainer->mutex);
}

/**
 * ag_trainer_worker_mark_time:
 * @worker: a worker
 * @now_us: the time, of g_get_monotonic_time()
 *
 * Marks on the run's clock how long its steps have taken.
 */
void
ag_trainer_worker_mark_time (AgTrainerWorker *worker,
                             gint64 now_us)
{
  ag_clock_mark (worker->trainer->clock, worker->step,
                 worker->clock_us + 1e6 * ag_speedometer_elapsed (&worker->meter, now_us)
                   - (double) worker->waited_us);
}

/**
 * ag_trainer_worker_note:
 * @worker: a worker that knows all that was computed
 * @error: return location for a #GError
 *
 * Notes the moment, as long as the run has not diverged.
 *
 * Returns: whether all went well
 */
gboolean
ag_trainer_worker_note (AgTrainerWorker *worker,
                        GError **error)
{
  return worker->diverged_step >= 0
         || ag_moments_note (worker->trainer->moments, worker->machine, worker->step,
                             worker->loss, error);
}
