/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot/run-difference.h"

#include "train/setting.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* What is different about a run, in words. */

/* A setting that the other one does not have counts as what it is by itself. */
static gboolean
is_different (const AgSetting *setting,
              const AgRunSpec *spec,
              const AgRunSpec *other)
{
  const AgSetting *same = ag_setting_find (other, setting->id);
  g_autofree char *one = NULL, *two = NULL;
  AgRunSpec defaults;

  if (setting->mention == AG_SETTING_NEVER || !ag_setting_is_used (setting, spec))
    return FALSE;
  if (same == NULL)
    {
      ag_run_spec_init (&defaults, spec->program);
      ag_run_spec_set_optimizer (&defaults, spec->optimizer);
      other = &defaults;
      same = ag_setting_find (other, setting->id);
    }
  if (same == NULL || !ag_setting_is_used (same, other))
    return TRUE;
  one = ag_setting_write (setting, spec);
  two = ag_setting_write (same, other);
  return strcmp (one, two) != 0;
}

/* A rate follows from the optimizer that it is the default of, and need not be said. */
static gboolean
is_own_rate (const AgSetting *setting,
             const AgRunSpec *spec,
             const AgRunSpec *other)
{
  return strcmp (setting->id, "lr") == 0
         && (spec->optimizer != other->optimizer || spec->program != other->program)
         && spec->lr == ag_run_spec_default_rate (spec->program, spec->optimizer);
}

static char *
say_setting (const AgSetting *setting,
             const AgRunSpec *spec)
{
  g_autofree char *value = ag_setting_format (setting, spec);
  AgChoice choice;

  if (setting->kind == AG_SETTING_FLAG)
    return strcmp (value, "0") != 0 ? g_strdup (_ (setting->title))
                                    : g_strdup_printf (_ ("%s off"), _ (setting->title));
  if (setting->kind == AG_SETTING_CHOICE
      && setting->nth (ag_setting_get_choice (setting, spec), &choice))
    return g_strdup (_ (choice.title));
  return g_strdup_printf ("%s %s", _ (setting->title), value);
}

/**
 * converge_run_text_difference:
 * @spec: a run
 * @other: another one
 *
 * Returns: (transfer full) (nullable): the settings in which the first is not as the second:
 *   "Adam, Learning rate 0.01"; %NULL where there are none
 */
char *
converge_run_text_difference (const AgRunSpec *spec,
                              const AgRunSpec *other)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < ag_setting_n (spec); i++)
    {
      const AgSetting *setting = ag_setting_nth (spec, i);
      g_autofree char *said = NULL;

      if (!is_different (setting, spec, other) || is_own_rate (setting, spec, other))
        continue;
      said = say_setting (setting, spec);
      g_string_append_printf (text, "%s%s", text->len > 0 ? ", " : "", said);
    }
  return g_string_free (text, text->len == 0);
}
