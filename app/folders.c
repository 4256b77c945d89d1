/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "folders.h"

#include "base/error.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

static const char *
advice (int code)
{
  switch (code)
    {
    case ENOSPC:
    case EDQUOT:
      return "Free some space or give another one.";
    case ENOTDIR:
      return "There is a file of that name on the way: give another one.";
    case ENAMETOOLONG:
      return "Give a shorter name.";
    case EACCES:
    case EPERM:
    case EROFS:
      return "Give one in a folder that you may write to.";
    default:
      return "Give another one.";
    }
}

/**
 * converge_folders_new:
 *
 * Returns: (transfer full) (element-type filename): no folders
 */
GPtrArray *
converge_folders_new (void)
{
  return g_ptr_array_new_with_free_func (g_free);
}

/* Returns 0 or an errno. */
static int
make_one (GPtrArray *made,
          const char *folder)
{
  if (g_mkdir (folder, 0777) == 0)
    {
      g_ptr_array_add (made, g_strdup (folder));
      return 0;
    }
  /* On a read-only disk, mkdir() may say EROFS of a folder that is there. */
  const int code = errno;
  if (g_file_test (folder, G_FILE_TEST_IS_DIR))
    return 0;
  return code == EEXIST ? ENOTDIR : code;
}

/**
 * converge_folders_make:
 * @made: gets the folders that were not there, also if the last cannot be made
 * @folder: path of a folder
 * @error: return location for an %AG_ERROR_FILE
 *
 * Makes a folder and those that it is in, unless they are there.
 *
 * Returns: whether it is there
 */
gboolean
converge_folders_make (GPtrArray *made,
                       const char *folder,
                       GError **error)
{
  int code = *folder != '\0' ? 0 : ENOENT;

  for (const char *end = folder; code == 0 && *end != '\0';)
    {
      end += strspn (end, "/");
      end += strcspn (end, "/");
      g_autofree char *part = g_strndup (folder, (gsize) (end - folder));

      code = make_one (made, part);
    }
  if (code == 0)
    return TRUE;
  g_set_error (error, AG_ERROR, AG_ERROR_FILE, "The folder “%s” could not be made: %s. %s", folder,
               g_strerror (code), advice (code));
  return FALSE;
}

/**
 * converge_folders_remove_empty:
 * @made: folders that were made
 *
 * Removes those that nothing was put into.
 */
void
converge_folders_remove_empty (GPtrArray *made)
{
  for (guint i = made->len; i-- > 0;)
    g_rmdir (g_ptr_array_index (made, i));
  g_ptr_array_set_size (made, 0);
}
