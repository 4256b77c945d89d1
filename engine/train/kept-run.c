/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "train/kept-run.h"

/**
 * ag_kept_run_new:
 *
 * Returns: (transfer full): a run with nothing in it
 */
AgKeptRun *
ag_kept_run_new (void)
{
  AgKeptRun *run = g_new0 (AgKeptRun, 1);

  ag_ref_count_init (&run->ref_count);
  return run;
}

/**
 * ag_kept_run_ref:
 * @run: a run
 *
 * Adds a reference; any thread may.
 *
 * Returns: (transfer full): @run
 */
AgKeptRun *
ag_kept_run_ref (AgKeptRun *run)
{
  ag_ref_count_inc (&run->ref_count);
  return run;
}

/**
 * ag_kept_run_unref:
 * @run: (transfer full): a run
 *
 * Drops a reference; the last one frees it.
 */
void
ag_kept_run_unref (AgKeptRun *run)
{
  if (!ag_ref_count_dec (&run->ref_count))
    return;
  g_free (run->name);
  g_clear_pointer (&run->snapshot, ag_snapshot_free);
  g_free (run->initial);
  g_clear_pointer (&run->history, ag_history_unref);
  g_clear_pointer (&run->trace, ag_trace_free);
  g_clear_pointer (&run->clock, ag_clock_free);
  g_clear_pointer (&run->rates, ag_rates_free);
  g_clear_pointer (&run->data, ag_data_unref);
  g_free (run);
}
