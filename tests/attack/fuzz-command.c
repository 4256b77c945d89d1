/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz-command.h"

#include "train/setting.h"

#include <stdlib.h>

static void
expect (gboolean condition,
        const char *what,
        const char *command)
{
  if (condition)
    return;
  g_printerr ("%s: %s\n", what, command);
  abort ();
}

static void
compare (const AgRunSpec *a,
         const AgRunSpec *b,
         const char *command)
{
  for (guint i = 0; i < ag_setting_n (a); i++)
    {
      const AgSetting *setting = ag_setting_nth (a, i);

      expect (setting->mention == AG_SETTING_NEVER || ag_setting_is_equal (setting, a, b),
              setting->id, command);
    }
}

/* The command that run.json has of a run is accepted, and makes the same run. */
void
fuzz_check_command (const AgRunSpec *spec)
{
  g_autofree char *command = ag_run_spec_to_command (spec);
  g_auto (GStrv) words = NULL;
  ConvergeTrainOptions again;

  expect (g_shell_parse_argv (command, NULL, &words, NULL), "no command", command);
  /* The arguments follow “converge train”. */
  expect (converge_train_options_parse (&again, words + 2, NULL), "not accepted", command);
  compare (spec, &again.spec, command);
}
