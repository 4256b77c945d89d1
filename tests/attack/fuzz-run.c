/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE
#include "fuzz-command.h"

#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

/* A run.json with any content is either refused with a sentence, or the command for its run makes
 * the same run. */

int LLVMFuzzerTestOneInput (const uint8_t *data,
                            size_t size);

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t size)
{
  static int file = -1;
  g_autoptr (GError) error = NULL;
  g_autofree char *path = NULL;
  char *words[] = { "--from-run", NULL, NULL };
  ConvergeTrainOptions options;

  if (file < 0)
    file = memfd_create ("run.json", MFD_CLOEXEC);
  if (ftruncate (file, 0) != 0 || pwrite (file, data, size, 0) != (ssize_t) size)
    abort ();
  path = g_strdup_printf ("/proc/self/fd/%d", file);
  words[1] = path;
  if (converge_train_options_parse (&options, words, &error))
    fuzz_check_command (&options.spec);
  else if (error == NULL || *error->message == '\0' || !g_utf8_validate (error->message, -1, NULL))
    abort ();
  return 0;
}
