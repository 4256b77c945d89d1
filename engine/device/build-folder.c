/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "device/build-folder.h"

#include <string.h>

static gboolean
is_below (const char *path,
          const char *folder)
{
  gsize length = strlen (folder);

  return length > 0 && strncmp (path, folder, length) == 0 && path[length] == '/';
}

/**
 * ag_build_folder:
 *
 * Tells a program that is run where it was built from one that was installed. Only
 * the former may take modules, translations and schemas from the build folder. The
 * folder may be gone where the latter runs, and then anybody who can create it there
 * could hand it code.
 *
 * Returns: (transfer none) (nullable): the absolute path of the build folder if the
 *   running program is in it, %NULL otherwise, or if the program was built with
 *   -Drun_in_place=false
 */
const char *
ag_build_folder (void)
{
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);

  return self != NULL && is_below (self, AG_BUILD_FOLDER) ? AG_BUILD_FOLDER : NULL;
}
