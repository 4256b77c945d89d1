/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "converge-run-changes.h"

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
  return a->program == b->program && ag_run_spec_is_same_in (a, b, AG_SETTING_OF_DATA);
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
  return ag_run_spec_is_same_in (a, b, AG_SETTING_OF_START)
         && ag_run_spec_is_same_in (a, b, AG_SETTING_OF_NUMBERS);
}
