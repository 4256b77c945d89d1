/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "train/trainer-worker.h"

#include <math.h>
#include <string.h>

/* The step that was @n_back before the last one is over. */
static gboolean
trace_coefficients (AgTrainerWorker *worker,
                    guint n_back,
                    GError **error)
{
  const gint64 step = worker->step - n_back;

  if (!ag_trace_is_due (worker->trainer->trace, step))
    return TRUE;
  if (!ag_past_values_read (worker->machine->program->past, n_back, worker->traced, error))
    return FALSE;
  ag_trace_push (worker->trainer->trace, step, worker->traced);
  return TRUE;
}

/**
 * ag_trainer_worker_forget_pending:
 * @worker: a worker
 * @n: how many
 *
 * Lets go of the oldest losses that wait to be read.
 */
void
ag_trainer_worker_forget_pending (AgTrainerWorker *worker,
                                  guint n)
{
  for (guint i = 0; i < n; i++)
    ag_tensor_unref (worker->pending[i]);
  worker->n_pending -= n;
  memmove (worker->pending, worker->pending + n, sizeof (AgTensor *) * worker->n_pending);
}

/**
 * ag_trainer_worker_diverge:
 * @worker: a worker
 * @n_back: how many steps were taken after the one whose loss was not finite
 * @error: return location for a #GError
 *
 * Ends the run at that step. Its update is taken back, and the one before it if
 * it made a coefficient infinite.
 *
 * Returns: whether all went well
 */
gboolean
ag_trainer_worker_diverge (AgTrainerWorker *worker,
                           guint n_back,
                           GError **error)
{
  worker->step -= n_back;
  worker->diverged_step = worker->step - 1;
  worker->loop_engine = ag_device_loop_engine (worker->machine->device);
  /* The gradients of later steps are not of interest, and those of this one are gone. */
  for (guint i = 0; n_back > 0 && i < worker->trainer->spec.program->model->n_parameters; i++)
    worker->gradients[i] = NAN;
  return (n_back > 0 || ag_program_read_gradients (worker->machine->program, worker->gradients, error))
         && ag_program_restore (worker->machine->program, n_back, worker->coefficients, error);
}

/* Notes what @n_read of the waiting losses are. */
static gboolean
read_losses (AgTrainerWorker *worker,
             guint n_read,
             GError **error)
{
  for (guint i = 0; i < n_read && worker->diverged_step < 0; i++)
    {
      const guint n_back = worker->n_pending - 1 - i;

      if (!ag_tensor_item (worker->pending[i], &worker->loss, error))
        return FALSE;
      ag_history_push (worker->trainer->history, worker->loss);
      if (G_UNLIKELY (!isfinite (worker->loss)) ? !ag_trainer_worker_diverge (worker, n_back, error)
                                                : !trace_coefficients (worker, n_back, error))
        return FALSE;
    }
  return TRUE;
}

/**
 * ag_trainer_worker_take_losses:
 * @worker: a worker
 * @n: how many steps were taken, of which none but the last goes into the trace
 * @losses: their losses, of which none but the last is not finite
 * @error: return location for a #GError
 *
 * Notes the losses of steps that are over.
 *
 * Returns: whether all went well
 */
gboolean
ag_trainer_worker_take_losses (AgTrainerWorker *worker,
                               gint64 n,
                               const double *losses,
                               GError **error)
{
  for (gint64 i = 0; i < n; i++)
    ag_history_push (worker->trainer->history, losses[i]);
  worker->step += n;
  worker->loss = losses[n - 1];
  return G_UNLIKELY (!isfinite (worker->loss)) ? ag_trainer_worker_diverge (worker, 0, error)
                                               : trace_coefficients (worker, 0, error);
}

/**
 * ag_trainer_worker_catch_up:
 * @worker: a worker
 * @n_left: how many are left to wait
 * @error: return location for a #GError
 *
 * Reads the losses that wait, but for the last @n_left. On a device that runs
 * ahead this is where the host waits for it; how far it may run depends on how
 * long its steps take, so that commands are obeyed soon.
 *
 * Returns: whether all went well
 */
gboolean
ag_trainer_worker_catch_up (AgTrainerWorker *worker,
                            guint n_left,
                            GError **error)
{
  const guint n_read = worker->n_pending - MIN (n_left, worker->n_pending);

  if (!read_losses (worker, n_read, error))
    {
      ag_trainer_worker_forget_pending (worker, worker->n_pending);
      return FALSE;
    }
  ag_trainer_worker_forget_pending (worker, worker->diverged_step < 0 ? n_read : worker->n_pending);
  if (ag_ahead_is_measured (&worker->ahead))
    ag_ahead_note (&worker->ahead, n_read, g_get_monotonic_time ());
  return TRUE;
}

/**
 * ag_trainer_worker_read_program:
 * @worker: a worker
 * @error: return location for a #GError
 *
 * After this the worker knows all that was computed.
 *
 * Returns: whether all went well
 */
gboolean
ag_trainer_worker_read_program (AgTrainerWorker *worker,
                                GError **error)
{
  if (!ag_trainer_worker_catch_up (worker, 0, error))
    return FALSE;
  worker->loop_engine = ag_device_loop_engine (worker->machine->device);
  return worker->diverged_step >= 0
         || (ag_program_read (worker->machine->program, worker->coefficients, error)
             && ag_program_read_gradients (worker->machine->program, worker->gradients, error));
}
