/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "converge-run-changes.h"

#include <string.h>

/**
 * converge_run_has_same_data:
 * @a: a run
 * @b: another
 *
 * Returns: whether both fit the same program to the same points
 */
gboolean
converge_run_has_same_data (const AgRunSpec *a,
                            const AgRunSpec *b)
{
  return a->program == b->program && strcmp (a->target, b->target) == 0
         && a->x_minimum == b->x_minimum && a->x_maximum == b->x_maximum
         && a->points == b->points;
}

/**
 * converge_run_has_same_start:
 * @a: a run
 * @b: another of the same program
 *
 * Returns: whether both begin with the same coefficients
 */
gboolean
converge_run_has_same_start (const AgRunSpec *a,
                             const AgRunSpec *b)
{
  return a->seed == b->seed && a->dtype == b->dtype && a->init == b->init
         && memcmp (a->values, b->values, sizeof a->values) == 0;
}

/**
 * converge_run_can_become:
 * @spec: the run under way, or ended
 * @wanted: another
 *
 * Returns: whether they differ in nothing but what can be changed under way: learning
 *   rate, pace, and a number of steps that is raised
 */
gboolean
converge_run_can_become (const AgRunSpec *spec,
                         const AgRunSpec *wanted)
{
  return converge_run_has_same_data (spec, wanted) && converge_run_has_same_start (spec, wanted)
         && spec->optimizer == wanted->optimizer && spec->steps <= wanted->steps
         && strcmp (spec->device, wanted->device) == 0
         && memcmp (spec->options, wanted->options, sizeof spec->options) == 0;
}
