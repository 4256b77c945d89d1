/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "train/trainer-worker.h"

#include "base/error.h"
#include "train/checkpoint.h"
#include "train/initial.h"

#include <math.h>
#include <string.h>

static void
note_initial (AgTrainerWorker *worker)
{
  AgTrainer *trainer = worker->trainer;

  for (guint i = 0; i < trainer->spec.program->model->n_parameters; i++)
    trainer->initial[i] = worker->coefficients[i];
  ag_trace_push (trainer->trace, 0, trainer->initial);
}

static gboolean
make_machine (AgTrainerWorker *worker,
              GError **error)
{
  AgTrainer *trainer = worker->trainer;
  const AgRunSpec *spec = &trainer->spec;

  worker->machine = ag_machine_new (spec, trainer->data, spec->n_threads, &trainer->preparation, error);
  if (worker->machine == NULL)
    return FALSE;
  ag_ahead_init (&worker->ahead, ag_device_n_ahead (worker->machine->device));
  return TRUE;
}

/* Goes on where a checkpoint was noted. */
static gboolean
load (AgTrainerWorker *worker,
      const double *numbers,
      double rate,
      GError **error)
{
  AgCheckpoint checkpoint;

  if (!make_machine (worker, error))
    return FALSE;
  ag_checkpoint_init (&checkpoint, &worker->trainer->spec);
  if (!ag_checkpoint_load (&checkpoint, worker->machine, numbers, error))
    return FALSE;
  ag_optimizer_set_lr (worker->machine->optimizer, rate);
  return TRUE;
}

/* Goes on where another run was. */
static gboolean
branch_off (AgTrainerWorker *worker,
            GError **error)
{
  AgTrainer *trainer = worker->trainer;
  g_autofree double *numbers = ag_moments_begin (trainer->moments, &trainer->preparation, error);
  const guint n_parameters = trainer->spec.program->model->n_parameters;
  double rate;

  if (numbers == NULL)
    return FALSE;
  rate = ag_rates_at (ag_moments_rates (trainer->moments), trainer->spec.lr,
                      (gint64) numbers[AG_CHECKPOINT_STEP]);
  if (!load (worker, numbers, rate, error) || !ag_trainer_worker_read_program (worker, error))
    return FALSE;
  worker->lr = ag_double_to_bits (rate);
  worker->step = (gint64) numbers[AG_CHECKPOINT_STEP];
  worker->loss = numbers[AG_CHECKPOINT_LOSS];
  /* Behind the coefficients. */
  memcpy (worker->gradients, numbers + AG_CHECKPOINT_COEFFICIENTS + n_parameters,
          sizeof (double) * n_parameters);
  if (!ag_trainer_worker_note (worker, error))
    return FALSE;
  ag_trainer_worker_set_state (worker, AG_TRAINER_IDLE);
  return TRUE;
}

static gboolean
set_up (AgTrainerWorker *worker,
        GError **error)
{
  if (worker->trainer->is_branch)
    return branch_off (worker, error);
  if (!make_machine (worker, error))
    return FALSE;
  worker->lr = ag_double_to_bits (worker->trainer->spec.lr);
  if (!ag_trainer_worker_read_program (worker, error))
    return FALSE;
  note_initial (worker);
  if (!ag_trainer_worker_note (worker, error))
    return FALSE;
  ag_trainer_worker_set_state (worker, AG_TRAINER_IDLE);
  return TRUE;
}

/* Goes on where the run was laid down. It keeps its state until it takes a step or is told to
 * pause. */
static gboolean
take_up (AgTrainerWorker *worker,
         GError **error)
{
  return load (worker, worker->laid_down, ag_double_from_bits (worker->lr), error);
}

/* A run that was read from a file has no note of where it was. Its steps are taken again. */
static gboolean
recall (AgTrainerWorker *worker,
        GError **error)
{
  AgTrainer *trainer = worker->trainer;
  g_autofree double *numbers = NULL;
  AgCheckpoint checkpoint;

  ag_checkpoint_init (&checkpoint, &trainer->spec);
  numbers = g_new (double, checkpoint.n_numbers);
  if (!ag_moments_take_up (trainer->moments, worker->step, &trainer->preparation, numbers, error))
    return FALSE;
  ag_moments_rest (trainer->moments);
  worker->laid_down = g_steal_pointer (&numbers);
  return TRUE;
}

static gboolean
begin (AgTrainerWorker *worker,
       GError **error)
{
  if (worker->laid_down == NULL && worker->trainer->is_kept && !recall (worker, error))
    return FALSE;
  return worker->laid_down != NULL ? take_up (worker, error) : set_up (worker, error);
}

/**
 * ag_trainer_worker_tear_down:
 * @worker: a worker
 *
 * Lets go of all that takes steps.
 */
void
ag_trainer_worker_tear_down (AgTrainerWorker *worker)
{
  ag_trainer_worker_forget_pending (worker, worker->n_pending);
  g_clear_pointer (&worker->machine, ag_machine_free);
}

/**
 * ag_trainer_worker_lay_down:
 * @worker: a worker whose run is over and did not diverge
 * @error: return location for a #GError
 *
 * Lets go of all that takes steps, but for a note of where the run is, from which
 * ag_trainer_worker_prepare() makes it again.
 *
 * Returns: whether all went well; if not, nothing was let go of
 */
gboolean
ag_trainer_worker_lay_down (AgTrainerWorker *worker,
                            GError **error)
{
  AgCheckpoint checkpoint;

  if (worker->machine == NULL)
    return TRUE;
  ag_checkpoint_init (&checkpoint, &worker->trainer->spec);
  if (worker->laid_down == NULL)
    worker->laid_down = g_new (double, checkpoint.n_numbers);
  if (!ag_checkpoint_save (&checkpoint, worker->machine, worker->step, worker->loss,
                           worker->laid_down, error))
    return FALSE;
  ag_trainer_worker_tear_down (worker);
  return TRUE;
}

/* The data are not wanted any more, and their memory may be; what the run would
 * have begun with does not depend on them, and neither does what it has come to. */
static gboolean
end_early (AgTrainerWorker *worker,
           GError **error)
{
  ag_trainer_worker_tear_down (worker);
  if (worker->laid_down != NULL || worker->trainer->is_kept)
    {
      ag_trainer_worker_set_state (worker, AG_TRAINER_STOPPED);
      return TRUE;
    }
  if (!ag_run_spec_initial (&worker->trainer->spec, worker->coefficients, error))
    return FALSE;
  for (guint i = 0; i < worker->trainer->spec.program->model->n_parameters; i++)
    worker->gradients[i] = NAN;
  if (!worker->trainer->is_branch)
    note_initial (worker);
  ag_trainer_worker_set_state (worker, AG_TRAINER_STOPPED);
  return TRUE;
}

/* It rests where it did, and can be looked at as before. */
static void
refuse (AgTrainerWorker *worker,
        GError *why)
{
  AgTrainer *trainer = worker->trainer;

  if (trainer->error == NULL)
    trainer->error = why;
  else
    g_error_free (why);
  pthread_mutex_lock (&trainer->mutex);
  atomic_store (&trainer->wish, AG_TRAINER_WISH_STOP);
  atomic_store (&trainer->n_single_steps, 0);
  pthread_mutex_unlock (&trainer->mutex);
  ag_trainer_worker_set_state (worker, AG_TRAINER_STOPPED);
}

/**
 * ag_trainer_worker_prepare:
 * @worker: a worker
 * @error: return location for a #GError
 *
 * Makes the run ready to take steps, from its beginning or from where it was laid down;
 * if it is stopped meanwhile, lets it rest there. One that was read from a file and cannot be
 * made again rests where it ended, and ag_trainer_refusal() says why.
 *
 * Returns: whether all went well
 */
gboolean
ag_trainer_worker_prepare (AgTrainerWorker *worker,
                           GError **error)
{
  g_autoptr (GError) local_error = NULL;

  if (worker->machine != NULL)
    return TRUE;
  if (begin (worker, &local_error))
    return TRUE;
  if (g_error_matches (local_error, AG_ERROR, AG_ERROR_CANCELLED))
    return end_early (worker, error);
  if (worker->trainer->is_kept && worker->laid_down == NULL)
    {
      refuse (worker, g_steal_pointer (&local_error));
      return TRUE;
    }
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}
