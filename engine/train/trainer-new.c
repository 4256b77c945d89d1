/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "train/trainer-private.h"

#include "base/condition.h"
#include "base/error.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static gboolean
start_work (AgTrainer *trainer,
            GError **error)
{
  if (trainer->history == NULL || trainer->trace == NULL)
    return ag_trainer_fail_for_memory (trainer->spec.steps, error);
  return ag_trainer_start_thread (trainer, error);
}

/* All of it but what it has come to. */
static AgTrainer *
allocate (const AgRunSpec *spec,
          AgData *data)
{
  AgTrainer *trainer = g_new0 (AgTrainer, 1);

  trainer->spec = *spec;
  trainer->data = data;
  pthread_mutex_init (&trainer->mutex, NULL);
  ag_condition_init (&trainer->wish_changed);
  ag_condition_init (&trainer->state_changed);
  atomic_init (&trainer->wish, AG_TRAINER_WISH_PAUSE);
  atomic_init (&trainer->n_steps, spec->steps);
  atomic_init (&trainer->n_single_steps, 0);
  atomic_init (&trainer->lr, ag_double_to_bits (spec->lr));
  atomic_init (&trainer->pace, ag_double_to_bits (spec->pace));
  atomic_init (&trainer->state, AG_TRAINER_IDLE);
  trainer->snapshots = ag_snapshot_buffer_new (spec->program->model->n_parameters);
  trainer->trace = ag_trace_new (spec->program->model->n_parameters);
  trainer->initial = g_new0 (double, spec->program->model->n_parameters);
  return trainer;
}

static AgTrainer *
make (const AgRunSpec *spec,
      AgTrainer *origin,
      gint64 step,
      GError **error)
{
  AgTrainer *trainer;
  AgData *data;

  if (!ag_run_spec_check (spec, error))
    return NULL;
  data = ag_run_spec_data (spec, error);
  if (data == NULL)
    return NULL;

  trainer = allocate (spec, data);
  trainer->is_branch = origin != NULL;
  /* The rate that it begins with is that of the steps in common; the other one is a change. */
  if (origin != NULL)
    trainer->spec.lr = origin->spec.lr;
  trainer->clock = origin != NULL ? ag_clock_copy (origin->clock, step) : ag_clock_new ();
  trainer->history = ag_history_new (spec->steps);
  if (trainer->history != NULL)
    trainer->moments = ag_moments_new (&trainer->spec, data, trainer->history,
                                       origin != NULL ? origin->moments : NULL, step);
  if (origin != NULL && trainer->trace != NULL)
    {
      memcpy (trainer->initial, origin->initial,
              sizeof (double) * spec->program->model->n_parameters);
      ag_trace_copy (trainer->trace, origin->trace, step);
    }
  if (start_work (trainer, error))
    return trainer;
  ag_trainer_free (trainer);
  return NULL;
}

/**
 * ag_trainer_new:
 * @spec: what to do; copied
 * @error: return location for a #GError
 *
 * Makes a trainer and lets its thread prepare the run: data, parameters,
 * optimizer. The first snapshot says when that is done, and until then
 * ag_trainer_prepared() how far it is.
 *
 * Returns: (transfer full) (nullable): the trainer, or %NULL with a sentence
 *   in @error that says what is wrong with @spec, or what the system refused
 */
AgTrainer *
ag_trainer_new (const AgRunSpec *spec,
                GError **error)
{
  return make (spec, NULL, 0, error);
}

static gboolean
check_branch (const AgRunSpec *spec,
              AgTrainer *origin,
              gint64 step,
              GError **error)
{
  if (spec->program != origin->spec.program)
    g_set_error_literal (error, AG_ERROR, AG_ERROR_ARGUMENT,
                         _ ("A run can only go on from a step of a run of the same program. Choose "
                            "that program."));
  else if (step < 0 || step > ag_history_n_steps (origin->history))
    g_set_error (error, AG_ERROR, AG_ERROR_ARGUMENT,
                 _ ("The run has not come to step %lld yet. Choose an earlier one."),
                 (long long) step);
  else if (spec->steps <= step)
    g_set_error (error, AG_ERROR, AG_ERROR_ARGUMENT,
                 _ ("There is nothing to do: the run is to have %lld steps, and has them at the "
                    "step that it goes on from. Give it more."),
                 (long long) spec->steps);
  else
    return TRUE;
  return FALSE;
}

/**
 * ag_trainer_new_branch:
 * @spec: what to do from there on, with the learning rate from there on; of the same program
 * @origin: the trainer of a run
 * @step: how many steps that run had taken
 * @error: return location for a #GError
 *
 * Makes a trainer whose run was the other one up to a step, and goes on from there with
 * exactly its state, that of the optimizer and of what chooses structures included. If
 * nothing else is said it goes on as the other did, to the bit. An optimizer that is another
 * one begins anew. The two do not need each other afterwards.
 *
 * Returns: (transfer full) (nullable): the trainer, or %NULL with @error set
 */
AgTrainer *
ag_trainer_new_branch (const AgRunSpec *spec,
                       AgTrainer *origin,
                       gint64 step,
                       GError **error)
{
  return check_branch (spec, origin, step, error) ? make (spec, origin, step, error) : NULL;
}

/* It stands where it stood, as if it had been laid down there. */
static void
take_over (AgTrainer *trainer,
           const AgKeptRun *kept)
{
  const AgSnapshot *snapshot = kept->snapshot;
  const guint n_parameters = trainer->spec.program->model->n_parameters;

  trainer->history = ag_history_ref (kept->history);
  trainer->clock = ag_clock_copy (kept->clock, snapshot->step);
  ag_trace_copy (trainer->trace, kept->trace, snapshot->step);
  memcpy (trainer->initial, kept->initial, sizeof (double) * n_parameters);
  trainer->moments = ag_moments_new_kept (&trainer->spec, trainer->data, trainer->history,
                                          kept->rates, snapshot->coefficients);
  atomic_store (&trainer->lr, ag_double_to_bits (ag_rates_at (kept->rates, trainer->spec.lr, snapshot->step)));
  atomic_store (&trainer->wish, snapshot->state == AG_TRAINER_STOPPED ? AG_TRAINER_WISH_STOP
                                                                      : AG_TRAINER_WISH_RUN);
  trainer->is_kept = TRUE;
  trainer->is_laid_down = TRUE;
  ag_trainer_worker_resurrect (trainer, snapshot);
}

/* The run, and what it was before each change of its optimizer. */
static gboolean
check_kept (const AgKeptRun *kept,
            GError **error)
{
  for (guint i = 0; i <= ag_rates_n_optimizers (kept->rates); i++)
    {
      const AgRunSpec part = ag_rates_part (kept->rates, &kept->spec, i);

      if (!ag_run_spec_check (&part, error))
        return FALSE;
    }
  return TRUE;
}

/**
 * ag_trainer_new_kept:
 * @kept: a run that was read from a file
 * @error: return location for a #GError
 *
 * Makes a trainer of a run that is over already, with all that it has come to. It has no thread
 * until it takes a step, and no checkpoints: its moments, the last one too, from which it goes
 * on, are found by its steps being taken again. If those do not lead to where the run ended, since
 * the file of its points is another one by now, say, it is refused when that is found.
 *
 * Returns: (transfer full) (nullable): the trainer, or %NULL with @error set
 */
AgTrainer *
ag_trainer_new_kept (const AgKeptRun *kept,
                     GError **error)
{
  AgTrainer *trainer;
  AgData *data;

  if (!check_kept (kept, error))
    return NULL;
  data = kept->data != NULL ? ag_data_ref (kept->data) : ag_run_spec_data (&kept->spec, error);
  if (data == NULL)
    return NULL;
  trainer = allocate (&kept->spec, data);
  if (trainer->trace != NULL)
    {
      take_over (trainer, kept);
      return trainer;
    }
  ag_trainer_fail_for_memory (kept->spec.steps, error);
  ag_trainer_free (trainer);
  return NULL;
}
