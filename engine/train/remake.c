/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "train/remake.h"

/* A run whose rate or optimizer was changed under way is made again from one change to the next:
 * by a change of the rate the same run goes on, by one of the optimizer a branch of it. */

#define WAIT_US (G_USEC_PER_SEC / 5)

static gint64
next_rate (const AgRates *changes,
           guint index)
{
  return index < ag_rates_n (changes) ? ag_rates_nth (changes, index).step : G_MAXINT64;
}

static gint64
next_optimizer (const AgRates *changes,
                guint index)
{
  return index < ag_rates_n_optimizers (changes) ? ag_rates_nth_optimizer (changes, index)->step
                                                 : G_MAXINT64;
}

/* The step of the next change. */
static gint64
next_change (const AgRates *changes,
             guint n_rates,
             guint n_optimizers)
{
  return MIN (next_rate (changes, n_rates), next_optimizer (changes, n_optimizers));
}

/* Takes all steps that the run has so far; returns whether it came to their end. */
static gboolean
run_to_end (AgTrainer *trainer,
            AgWork *work)
{
  ag_trainer_start (trainer);
  while (!ag_trainer_wait (trainer, WAIT_US))
    if (ag_work_is_cancelled (work))
      ag_trainer_stop (trainer);
  return ag_trainer_state (trainer) == AG_TRAINER_DONE;
}

/**
 * ag_trainer_remake:
 * @spec: what a run is, with the optimizer that it had in the end
 * @changes: what was changed while it was under way
 * @work: (nullable): what cancels this, from another thread
 * @error: return location for a #GError
 *
 * Makes a run again up to the last of its changes, with the same bits. Its trainer takes the
 * other steps when it is started.
 *
 * Returns: (transfer full) (nullable): the trainer, which has stopped earlier if the run diverges
 *   before its last change, or this is cancelled; %NULL with @error set if it cannot be made
 */
AgTrainer *
ag_trainer_remake (const AgRunSpec *spec,
                   const AgRates *changes,
                   AgWork *work,
                   GError **error)
{
  AgRunSpec part = ag_rates_part (changes, spec, 0);
  guint n_rates = 0, n_optimizers = 0;
  gint64 step = next_change (changes, 0, 0);
  double rate;
  AgTrainer *trainer;

  part.pace = 0;
  part.steps = CLAMP (step, 1, spec->steps);
  trainer = ag_trainer_new (&part, error);
  while (trainer != NULL && step < spec->steps)
    {
      const gboolean is_branch = next_optimizer (changes, n_optimizers) == step;
      AgTrainer *branch = NULL;

      if (step > 0 && !ag_trainer_extend (trainer, step, error))
        {
          ag_trainer_free (trainer);
          return NULL;
        }
      if (step > 0 && !run_to_end (trainer, work))
        return trainer;
      rate = ag_rates_at (changes, spec->lr, step);
      while (next_rate (changes, n_rates) == step)
        n_rates++;
      if (is_branch)
        n_optimizers++;
      part = ag_rates_part (changes, spec, n_optimizers);
      part.pace = 0;
      part.lr = rate;
      part.steps = MIN (next_change (changes, n_rates, n_optimizers), spec->steps);
      if (is_branch)
        {
          branch = ag_trainer_new_branch (&part, trainer, step, error);
          ag_trainer_free (trainer);
          trainer = branch;
        }
      else
        {
          ag_trainer_set_lr (trainer, rate);
        }
      step = part.steps;
    }
  if (trainer == NULL)
    return NULL;
  ag_trainer_set_pace (trainer, spec->pace);
  if (ag_trainer_extend (trainer, spec->steps, error))
    return trainer;
  ag_trainer_free (trainer);
  return NULL;
}
