/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "train/trainer-worker.h"

#include "base/error.h"
#include "train/initial.h"

#include <math.h>

static void
note_initial (AgTrainerWorker *worker)
{
  AgTrainer *trainer = worker->trainer;

  for (guint i = 0; i < trainer->spec.program->model->n_parameters; i++)
    trainer->initial[i] = worker->coefficients[i];
  ag_trace_push (trainer->trace, 0, trainer->initial);
}

static gboolean
set_up (AgTrainerWorker *worker,
        GError **error)
{
  AgTrainer *trainer = worker->trainer;
  const AgRunSpec *spec = &trainer->spec;

  worker->machine = ag_machine_new (spec, trainer->data, spec->n_threads, &trainer->preparation, error);
  if (worker->machine == NULL)
    return FALSE;
  worker->n_ahead = ag_device_n_ahead (worker->machine->device);
  worker->lr = ag_double_to_bits (spec->lr);
  if (!ag_trainer_worker_read_program (worker, error))
    return FALSE;
  note_initial (worker);
  return ag_trainer_worker_note (worker, error);
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

/* The data are not wanted any more, and their memory may be; what the run would
 * have begun with does not depend on them. */
static gboolean
end_early (AgTrainerWorker *worker,
           GError **error)
{
  ag_trainer_worker_tear_down (worker);
  if (!ag_run_spec_initial (&worker->trainer->spec, worker->coefficients, error))
    return FALSE;
  for (guint i = 0; i < worker->trainer->spec.program->model->n_parameters; i++)
    worker->gradients[i] = NAN;
  note_initial (worker);
  ag_trainer_worker_set_state (worker, AG_TRAINER_STOPPED);
  return TRUE;
}

/**
 * ag_trainer_worker_prepare:
 * @worker: a worker
 * @error: return location for a #GError
 *
 * Makes the run ready to take steps or, if it is stopped meanwhile, lets it rest at
 * its beginning.
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
  if (set_up (worker, &local_error))
    {
      ag_trainer_worker_set_state (worker, AG_TRAINER_IDLE);
      return TRUE;
    }
  if (g_error_matches (local_error, AG_ERROR, AG_ERROR_CANCELLED))
    return end_early (worker, error);
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}
