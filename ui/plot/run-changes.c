/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot/run-changes.h"

#include "plot/run-difference.h"

#include "train/setting.h"

#include <glib/gi18n-lib.h>

/* The changes of a run while it was under way, in words. Two runs may have the same settings and
 * differ in nothing else. */

/**
 * converge_run_n_changes:
 * @changes: (nullable): changes of a run
 *
 * Returns: how many there are, of the learning rate and of the optimizer
 */
guint
converge_run_n_changes (const AgRates *changes)
{
  return changes != NULL ? ag_rates_n (changes) + ag_rates_n_optimizers (changes) : 0;
}

static char *
say_rate (const AgRunSpec *spec,
          AgRateChange change)
{
  AgRunSpec changed = *spec;
  g_autofree char *rate = NULL;

  changed.lr = change.lr;
  rate = converge_run_text_value (ag_setting_find (&changed, "lr"), &changed);
  /* Translators: the first is a learning rate, the second a step: "1e-6 from step 380 on". */
  return g_strdup_printf (_ ("%s from step %lld on"), rate, (long long) change.step);
}

static char *
say_optimizer (const AgRates *changes,
               const AgRunSpec *spec,
               guint index)
{
  const AgRunSpec before = ag_rates_part (changes, spec, index);
  const AgRunSpec after = ag_rates_part (changes, spec, index + 1);
  g_autofree char *difference = converge_run_text_difference (&after, &before);

  return g_strdup_printf (_ ("%s from step %lld on"), difference != NULL ? difference : "–",
                          (long long) ag_rates_nth_optimizer (changes, index)->step);
}

/**
 * converge_run_text_changes:
 * @changes: (nullable): changes of a run while it was under way
 * @spec: the run
 *
 * Returns: (transfer full) (nullable): the last change, and how many there were if there were more:
 *   "2e-6 from step 380 on", "12 changes, the last: Adam from step 500 on"; %NULL if there was none
 */
char *
converge_run_text_changes (const AgRates *changes,
                           const AgRunSpec *spec)
{
  const guint n = converge_run_n_changes (changes);
  g_autofree char *last = NULL;
  guint n_rates, n_optimizers;
  gboolean is_rate;

  if (n == 0)
    return NULL;
  n_rates = ag_rates_n (changes);
  n_optimizers = ag_rates_n_optimizers (changes);
  is_rate = n_optimizers == 0
            || (n_rates > 0 && ag_rates_nth (changes, n_rates - 1).step >= ag_rates_nth_optimizer (changes, n_optimizers - 1)->step);
  last = is_rate ? say_rate (spec, ag_rates_nth (changes, n_rates - 1))
                 : say_optimizer (changes, spec, n_optimizers - 1);
  if (n == 1)
    return g_steal_pointer (&last);
  /* Translators: the text is the last one of the changes: "1e-6 from step 380 on". */
  return g_strdup_printf (ngettext ("%u change, the last: %s", "%u changes, the last: %s", n), n,
                          last);
}
