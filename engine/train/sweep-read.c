/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "train/sweep-private.h"

#include "train/setting.h"

#include <math.h>

/* These functions tell what a sweep is and what has come of it so far. */

/**
 * ag_sweep_place:
 * @sweep: a sweep
 * @run: number of a run
 *
 * Returns: where it is
 */
AgSweepPlace
ag_sweep_place (const AgSweep *sweep,
                guint run)
{
  const guint n_first = ag_sweep_n_values (sweep, 0), n_second = ag_sweep_n_values (sweep, 1);

  return (AgSweepPlace){ run / (n_first * n_second), { run % n_first, run / n_first % n_second } };
}

/**
 * ag_sweep_has_one_optimum:
 * @sweep: a sweep
 *
 * Returns: whether all of its runs have the same data, and so converge to the same place
 */
gboolean
ag_sweep_has_one_optimum (const AgSweep *sweep)
{
  for (guint i = 0; i < sweep->n_axes; i++)
    if (sweep->axes[i]->setting != NULL && sweep->axes[i]->setting->group == AG_SETTING_OF_DATA)
      return FALSE;
  return TRUE;
}

/**
 * ag_sweep_n_specs:
 * @sweep: a sweep
 *
 * Returns: how many curves it has
 */
guint
ag_sweep_n_specs (const AgSweep *sweep)
{
  return sweep->n_specs;
}

/**
 * ag_sweep_spec:
 * @sweep: a sweep
 * @index: which curve
 *
 * Returns: (transfer none): the run that it is made of
 */
const AgRunSpec *
ag_sweep_spec (const AgSweep *sweep,
               guint index)
{
  g_return_val_if_fail (index < sweep->n_specs, NULL);

  return &sweep->specs[index];
}

/**
 * ag_sweep_n_axes:
 * @sweep: a sweep
 *
 * Returns: of how many settings it goes through the values, 1 or 2
 */
guint
ag_sweep_n_axes (const AgSweep *sweep)
{
  return sweep->n_axes;
}

/**
 * ag_sweep_axis:
 * @sweep: a sweep
 * @index: which axis
 *
 * Returns: (transfer none): the axis
 */
const AgSweepAxis *
ag_sweep_axis (const AgSweep *sweep,
               guint index)
{
  g_return_val_if_fail (index < sweep->n_axes, NULL);

  return sweep->axes[index];
}

/**
 * ag_sweep_n_values:
 * @sweep: a sweep
 * @axis: an axis, below %AG_SWEEP_MAX_AXES
 *
 * Returns: how many values it has; 1 where there is no such axis
 */
guint
ag_sweep_n_values (const AgSweep *sweep,
                   guint axis)
{
  return axis < sweep->n_axes ? sweep->axes[axis]->n : 1;
}

/**
 * ag_sweep_n_runs:
 * @sweep: a sweep
 *
 * Returns: how many runs it has: curves times values of each axis
 */
guint
ag_sweep_n_runs (const AgSweep *sweep)
{
  return sweep->n_runs;
}

/**
 * ag_sweep_run_spec:
 * @sweep: a sweep
 * @run: number of a run
 *
 * Returns: (transfer none): the run that its curve is made of, without the axes' values
 */
const AgRunSpec *
ag_sweep_run_spec (const AgSweep *sweep,
                   guint run)
{
  return &sweep->specs[ag_sweep_place (sweep, run).spec];
}

/**
 * ag_sweep_value:
 * @sweep: a sweep
 * @run: number of a run
 * @axis: which axis
 *
 * Returns: the value that the run has there
 */
double
ag_sweep_value (const AgSweep *sweep,
                guint run,
                guint axis)
{
  return sweep->axes[axis]->values[ag_sweep_place (sweep, run).value[axis]];
}

/**
 * ag_sweep_format_value:
 * @sweep: a sweep
 * @run: number of a run
 * @axis: which axis
 *
 * Returns: (transfer full): the value that the run has there, as files have it
 */
char *
ag_sweep_format_value (const AgSweep *sweep,
                       guint run,
                       guint axis)
{
  return ag_sweep_axis_format (sweep->axes[axis], ag_sweep_place (sweep, run).value[axis]);
}

/**
 * ag_sweep_get_run:
 * @sweep: a sweep
 * @run: number of a run
 * @spec: (out): what it is, to make it alone. A text in it is kept as long as the process
 *   lives, so that this is not for all runs of many sweeps
 * @error: return location for a #GError
 *
 * Returns: whether it could be said
 */
gboolean
ag_sweep_get_run (const AgSweep *sweep,
                  guint run,
                  AgRunSpec *spec,
                  GError **error)
{
  const AgSweepPlace place = ag_sweep_place (sweep, run);

  *spec = sweep->specs[place.spec];
  for (guint i = 0; i < sweep->n_axes; i++)
    if (!ag_sweep_axis_apply (sweep->axes[i], place.value[i], spec, error))
      return FALSE;
  return TRUE;
}

/**
 * ag_sweep_n_done:
 * @sweep: a sweep
 *
 * Returns: how many runs are made so far
 */
guint
ag_sweep_n_done (AgSweep *sweep)
{
  return atomic_load (&sweep->n_done);
}

/**
 * ag_sweep_read:
 * @sweep: a sweep
 * @run: number of a run
 * @result: (out): what came of it
 *
 * Any thread may look at any time, and never waits.
 *
 * Returns: whether it is made
 */
gboolean
ag_sweep_read (AgSweep *sweep,
               guint run,
               AgSweepResult *result)
{
  if (!atomic_load_explicit (&sweep->is_made[run], memory_order_acquire))
    return FALSE;
  *result = sweep->results[run];
  return TRUE;
}

/**
 * ag_sweep_coefficients:
 * @sweep: a sweep
 * @run: number of a run that ag_sweep_read() has found made
 *
 * Returns: (transfer none): those that it ended with
 */
const double *
ag_sweep_coefficients (AgSweep *sweep,
                       guint run)
{
  return sweep->coefficients + (gsize) run * sweep->n_parameters;
}

/**
 * ag_sweep_find_best_of:
 * @sweep: a sweep
 * @first: number of the first run to look at
 * @n: how many
 * @run: (out): number of the run of them with the least final loss so far
 *
 * Returns: whether there is one that has not diverged
 */
gboolean
ag_sweep_find_best_of (AgSweep *sweep,
                       guint first,
                       guint n,
                       guint *run)
{
  double least = INFINITY;

  for (guint i = first; i < first + n; i++)
    {
      AgSweepResult result;

      if (ag_sweep_read (sweep, i, &result) && result.final_loss < least)
        {
          least = result.final_loss;
          *run = i;
        }
    }
  return isfinite (least);
}

/**
 * ag_sweep_find_best:
 * @sweep: a sweep
 * @run: (out): number of the run with the least final loss so far
 *
 * Returns: whether there is one that has not diverged
 */
gboolean
ag_sweep_find_best (AgSweep *sweep,
                    guint *run)
{
  return ag_sweep_find_best_of (sweep, 0, sweep->n_runs, run);
}

/**
 * ag_sweep_optimum:
 * @sweep: a sweep
 *
 * Returns: (transfer none) (nullable): where all its runs converge to, once that is known;
 *   %NULL before, or if they have not the same data
 */
const AgOptimum *
ag_sweep_optimum (AgSweep *sweep)
{
  const AgOptimum *optimum;

  pthread_mutex_lock (&sweep->mutex);
  optimum = sweep->optimum;
  pthread_mutex_unlock (&sweep->mutex);
  return optimum;
}
