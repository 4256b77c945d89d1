/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot/run-axis.h"

/* Steps that an axis has room for from the start. */
#define SHORTEST_AXIS 200

/**
 * converge_run_axis_end:
 * @spec: a specification
 * @n_steps: how many steps it has taken
 *
 * Says how far an axis of steps goes: to the end of the run, or, while that is
 * far away, to a half, a quarter … of it, so that it need not change in every
 * frame.
 *
 * Returns: a step
 */
double
converge_run_axis_end (const AgRunSpec *spec,
                       gint64 n_steps)
{
  gint64 end = spec->steps;

  while (end / 2 > MAX (n_steps, MIN (spec->steps, SHORTEST_AXIS)))
    end /= 2;
  return (double) end;
}
