/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "converge-runs.h"

#include "converge-run-name.h"

/* New runs of a list. */

static ConvergeRun *
append (ConvergeRuns *self,
        ConvergeRun *run,
        const char *name)
{
  converge_run_set_name (run, name);
  converge_runs_add (self, run);
  converge_runs_set_selected (self, run);
  return run;
}

/**
 * converge_runs_begin:
 * @self: the runs
 * @spec: what to do
 * @error: return location for a #GError
 *
 * Prepares a run, appends it under a name that says what is different about it, and selects
 * it. It waits for converge_run_start() or converge_run_step().
 *
 * Returns: (transfer none) (nullable): the run, or %NULL with a sentence in @error
 */
ConvergeRun *
converge_runs_begin (ConvergeRuns *self,
                     const AgRunSpec *spec,
                     GError **error)
{
  g_autoptr (ConvergeRun) run = converge_run_new ();
  g_autofree char *name = converge_run_name_new (G_LIST_MODEL (self), spec);

  if (!converge_run_prepare (run, spec, error))
    return NULL;
  return append (self, run, name);
}

/**
 * converge_runs_branch:
 * @self: the runs
 * @spec: what to do from there on
 * @step: a step of the selected run, which has a snapshot
 * @error: return location for a #GError
 *
 * Prepares a run that was the selected one up to a step, appends it under a name that says so,
 * and selects it. It waits for converge_run_start() or converge_run_step().
 *
 * Returns: (transfer none) (nullable): the run, or %NULL with a sentence in @error
 */
ConvergeRun *
converge_runs_branch (ConvergeRuns *self,
                      const AgRunSpec *spec,
                      gint64 step,
                      GError **error)
{
  g_autoptr (ConvergeRun) run = converge_run_new ();
  g_autofree char *name = converge_run_name_of_branch (G_LIST_MODEL (self), converge_runs_get_selected (self), spec, step);

  if (!converge_run_branch (run, spec, converge_runs_get_selected (self), step, error))
    return NULL;
  return append (self, run, name);
}
