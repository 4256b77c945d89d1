/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "train/sweep-axis.h"

#include "train/setting.h"

#include <math.h>
#include <string.h>

/* Until somebody has chosen what a sweep goes through, it goes through what is suggested here. */

/* How many decades beside a learning rate are of interest, and how far from where it is
 * anything else. */
#define DECADES 2
#define FAR 100

/* Beyond these a start is hardly worth a look. */
#define START_RANGE "-2..2"
#define SEED_RANGE "0..99"

/**
 * ag_sweep_subjects:
 * @spec: a specification
 *
 * Returns: (transfer full) (element-type utf8): the ids that ag_sweep_axis_new() takes of
 *   it: its numeric settings, the learning rate first, and its initial values
 */
GPtrArray *
ag_sweep_subjects (const AgRunSpec *spec)
{
  GPtrArray *ids = g_ptr_array_new_with_free_func (g_free);
  const AgModelClass *model = spec->program->model;

  g_ptr_array_add (ids, g_strdup ("lr"));
  for (guint i = 0; i < ag_setting_n (spec); i++)
    {
      const AgSetting *setting = ag_setting_nth (spec, i);

      if (ag_sweep_can_have (setting) && strcmp (setting->id, "lr") != 0)
        g_ptr_array_add (ids, g_strdup (setting->id));
    }
  for (guint i = 0; i < model->n_parameters; i++)
    g_ptr_array_add (ids, g_strconcat (AG_SWEEP_INIT, model->parameters[i], NULL));
  return ids;
}

static char *
format_range (const AgSetting *setting,
              double from,
              double to)
{
  const AgSetting number = { .kind = AG_SETTING_NUMBER };
  g_autofree char *first = NULL;
  g_autofree char *last = NULL;

  if (setting->kind == AG_SETTING_COUNT)
    return g_strdup_printf ("%.0f..%.0f", from, to);
  first = ag_setting_format_kind (&number, &from);
  last = ag_setting_format_kind (&number, &to);
  return g_strdup_printf ("%s..%s", first, last);
}

static char *
suggest_rate (const AgSetting *setting,
              const AgRunSpec *specs,
              guint n_specs)
{
  double least = specs->lr, greatest = specs->lr;

  for (guint i = 1; i < n_specs; i++)
    {
      least = fmin (least, specs[i].lr);
      greatest = fmax (greatest, specs[i].lr);
    }
  return format_range (setting, pow (10, floor (log10 (least)) - DECADES),
                       pow (10, ceil (log10 (greatest)) + DECADES));
}

/* All that it can be, if that has an end; an end that it cannot be is missed a little. */
static char *
suggest_number (const AgSetting *setting,
                double value)
{
  if (isfinite (setting->minimum) && isfinite (setting->maximum))
    return format_range (setting, setting->above_minimum ? setting->maximum / FAR : setting->minimum,
                         setting->below_maximum ? setting->maximum * (1 - 1.0 / FAR)
                                                : setting->maximum);
  if (!isfinite (setting->minimum))
    return format_range (setting, value - 1, value + 1);
  if (value > 0)
    return format_range (setting, value / FAR, value * FAR);
  return format_range (setting, fmax (setting->minimum, 0), 1);
}

/**
 * ag_sweep_suggest:
 * @specs: (array length=n_specs): the run of each curve
 * @n_specs: how many
 * @id: one of ag_sweep_subjects() of the first
 *
 * Returns: (transfer full): a range to begin with, in which each curve has a learning rate
 *   that suits it
 */
char *
ag_sweep_suggest (const AgRunSpec *specs,
                  guint n_specs,
                  const char *id)
{
  const AgSetting *setting = ag_setting_find (specs, id);
  g_autofree char *text = setting != NULL ? ag_setting_write (setting, specs) : NULL;
  double value;

  if (setting == NULL)
    return g_strdup (START_RANGE);
  value = g_ascii_strtod (text, NULL);
  if (setting->kind == AG_SETTING_SEED)
    return g_strdup (SEED_RANGE);
  if (setting->kind == AG_SETTING_COUNT)
    return format_range (setting, fmax (setting->minimum, floor (value / FAR)), fmax (value, FAR));
  return strcmp (id, "lr") == 0 ? suggest_rate (setting, specs, n_specs)
                                : suggest_number (setting, value);
}
