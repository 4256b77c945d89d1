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
converge_run_has_same_data (const AgRun *a,
                            const AgRun *b)
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
converge_run_has_same_start (const AgRun *a,
                             const AgRun *b)
{
  return a->seed == b->seed && a->dtype == b->dtype && a->init == b->init
         && memcmp (a->values, b->values, sizeof a->values) == 0;
}

/**
 * converge_run_can_become:
 * @run: a run under way, or ended
 * @wanted: another
 *
 * Returns: whether they differ in nothing but what can be changed under way: learning
 *   rate, pace, and a number of steps that is raised
 */
gboolean
converge_run_can_become (const AgRun *run,
                         const AgRun *wanted)
{
  return converge_run_has_same_data (run, wanted) && converge_run_has_same_start (run, wanted)
         && run->optimizer == wanted->optimizer && run->steps <= wanted->steps
         && strcmp (run->device, wanted->device) == 0
         && memcmp (run->options, wanted->options, sizeof run->options) == 0;
}
