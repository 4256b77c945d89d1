/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "train-options.h"

#include "train/setting.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Arguments of `converge train`, here words that end in a zero byte, are refused with a
 * sentence, or else the command that run.json would have is accepted and makes the same
 * run. */

#define MAX_WORDS 40

int LLVMFuzzerTestOneInput (const uint8_t *data,
                            size_t size);

static GPtrArray *
split (const uint8_t *data,
       size_t size)
{
  GPtrArray *words = g_ptr_array_new_with_free_func (g_free);

  for (size_t i = 0; i < size && words->len < MAX_WORDS;)
    {
      const size_t length = strnlen ((const char *) data + i, size - i);

      g_ptr_array_add (words, g_strndup ((const char *) data + i, length));
      i += length + 1;
    }
  g_ptr_array_add (words, NULL);
  return words;
}

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

static void
check_command (const AgRunSpec *spec)
{
  g_autofree char *command = ag_run_spec_to_command (spec);
  g_auto (GStrv) words = NULL;
  ConvergeTrainOptions again;

  expect (g_shell_parse_argv (command, NULL, &words, NULL), "no command", command);
  /* The arguments follow “converge train”. */
  expect (converge_train_options_parse (&again, words + 2, NULL), "not accepted", command);
  compare (spec, &again.spec, command);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t size)
{
  g_autoptr (GPtrArray) words = split (data, size);
  g_autoptr (GError) error = NULL;
  ConvergeTrainOptions options;
  const gboolean is_accepted = converge_train_options_parse (&options, (char **) words->pdata,
                                                             &error);

  if (is_accepted != (error == NULL) || (error != NULL && *error->message == '\0'))
    abort ();
  if (is_accepted && !options.help)
    check_command (&options.spec);
  return 0;
}
