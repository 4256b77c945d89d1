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

/**
 * ag_build_folder_find_part:
 * @built: the folder it is in when it was built, below the build folder
 * @installed: the folder it is in when it was installed
 * @name: its name
 *
 * Returns: (transfer full): the path of a part of the program that is a file of its
 *   own, for this program
 */
char *
ag_build_folder_find_part (const char *built,
                           const char *installed,
                           const char *name)
{
  const char *build = ag_build_folder ();

  return build != NULL ? g_build_filename (build, built, name, NULL)
                       : g_build_filename (installed, name, NULL);
}
