/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz-command.h"

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
    fuzz_check_command (&options.spec);
  return 0;
}
