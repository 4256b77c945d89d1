/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "train/setting.h"

#include <string.h>

static gboolean
is_mentioned (const AgSetting *setting,
              const AgRunSpec *spec,
              const AgRunSpec *defaults)
{
  if (!ag_setting_is_used (setting, spec))
    return FALSE;
  if (setting->mention != AG_SETTING_IF_SET)
    return setting->mention == AG_SETTING_ALWAYS;
  return !ag_setting_is_equal (setting, spec, defaults);
}

/* As a shell takes it for one word. */
static char *
quote (const char *value)
{
  const gboolean is_plain = *value != '\0'
                            && strspn (value, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                              "0123456789_=,.+-")
                                 == strlen (value);

  return is_plain ? g_strdup (value) : g_shell_quote (value);
}

static void
append_setting (GString *command,
                const AgSetting *setting,
                const AgRunSpec *spec)
{
  g_autofree char *value = ag_setting_write (setting, spec);
  g_autofree char *word = quote (value);

  if (strcmp (setting->id, "program") == 0)
    g_string_append_printf (command, " %s", word);
  else if (setting->kind == AG_SETTING_FLAG)
    g_string_append_printf (command, " --%s%s", value[0] == '0' ? "no-" : "", setting->id);
  else
    g_string_append_printf (command, " --%s %s", setting->id, word);
}

/**
 * ag_run_spec_to_command:
 * @spec: a specification
 *
 * Returns: (transfer full): the command line that makes the same run
 */
char *
ag_run_spec_to_command (const AgRunSpec *spec)
{
  GString *command = g_string_new ("converge train");
  AgRunSpec defaults;

  /* The command names the optimizer, which then has its own defaults. */
  ag_run_spec_init (&defaults, spec->program);
  ag_run_spec_set_optimizer (&defaults, spec->optimizer);
  for (guint i = 0; i < ag_setting_n (spec); i++)
    {
      const AgSetting *setting = ag_setting_nth (spec, i);

      if (is_mentioned (setting, spec, &defaults))
        append_setting (command, setting, spec);
    }
  return g_string_free (command, FALSE);
}
