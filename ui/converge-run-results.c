/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "converge-run.h"

#include "train/optimum.h"

/* The results of a run, the same whether it takes steps or was only read from a file. */

/**
 * converge_run_n_bytes:
 * @self: a run
 *
 * Returns: about how much memory it takes
 */
gsize
converge_run_n_bytes (ConvergeRun *self)
{
  const AgKeptRun *kept = converge_run_get_kept (self);
  AgRun *run = converge_run_get (self);

  if (run != NULL)
    return ag_run_n_bytes (run);
  return kept != NULL ? ag_history_size (MAX (kept->snapshot->step, 1))
                          + ag_trace_n_bytes (kept->trace)
                      : 0;
}

/**
 * converge_run_give_back:
 * @self: a run
 *
 * Lets a run that was laid down give its checkpoints back; its moments are then found by its
 * steps being taken again.
 *
 * Returns: whether it could
 */
gboolean
converge_run_give_back (ConvergeRun *self)
{
  AgRun *run = converge_run_get (self);

  return run != NULL && ag_run_give_back (run);
}

/**
 * converge_run_history:
 * @self: a run
 *
 * Returns: (transfer none) (nullable): its losses
 */
AgHistory *
converge_run_history (ConvergeRun *self)
{
  const AgKeptRun *kept = converge_run_get_kept (self);
  AgRun *run = converge_run_get (self);

  if (kept != NULL)
    return kept->history;
  return run != NULL ? ag_run_history (run) : NULL;
}

/**
 * converge_run_trace:
 * @self: a run
 *
 * Returns: (transfer none) (nullable): how its coefficients went
 */
const AgTrace *
converge_run_trace (ConvergeRun *self)
{
  const AgKeptRun *kept = converge_run_get_kept (self);
  AgRun *run = converge_run_get (self);

  if (kept != NULL)
    return kept->trace;
  return run != NULL ? ag_run_trace (run) : NULL;
}

/**
 * converge_run_clock:
 * @self: a run
 *
 * Returns: (transfer none) (nullable): when its steps were taken
 */
const AgClock *
converge_run_clock (ConvergeRun *self)
{
  const AgKeptRun *kept = converge_run_get_kept (self);
  AgRun *run = converge_run_get (self);

  if (kept != NULL)
    return kept->clock;
  return run != NULL ? ag_run_clock (run) : NULL;
}

/**
 * converge_run_moments:
 * @self: a run
 *
 * Returns: (transfer none) (nullable): its moments
 */
AgMoments *
converge_run_moments (ConvergeRun *self)
{
  AgRun *run = converge_run_get (self);

  return run != NULL ? ag_run_moments (run) : NULL;
}

/**
 * converge_run_rates:
 * @self: a run
 *
 * Returns: (transfer none) (nullable): the changes of its learning rate
 */
const AgRates *
converge_run_rates (ConvergeRun *self)
{
  const AgKeptRun *kept = converge_run_get_kept (self);
  AgRun *run = converge_run_get (self);

  if (kept != NULL)
    return kept->rates;
  return run != NULL ? ag_run_rates (run) : NULL;
}

/**
 * converge_run_steps_to_near:
 * @self: a run
 * @least: the least loss there is
 *
 * Returns: after how many steps its loss was at most 1 % above @least, for the first time, as
 *   #AgSweepResult has it; −1 if it never was
 */
gint64
converge_run_steps_to_near (ConvergeRun *self,
                            double least)
{
  const AgSnapshot *snapshot = converge_run_snapshot (self);
  const AgHistory *history = converge_run_history (self);
  const gint64 step = history != NULL ? ag_history_find_below (history, AG_OPTIMUM_NEAR * least) : -1;

  /* The loss after the last update is in no history. */
  if (step < 0 && snapshot != NULL && snapshot->final_loss <= AG_OPTIMUM_NEAR * least)
    return snapshot->step;
  return step;
}
