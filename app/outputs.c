/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "outputs.h"

#include "base/error.h"
#include "train/atomic-file.h"

#include <stdlib.h>

/* The same for two ways to say the same path, whether there is a file or not. */
static char *
canonical_path (const char *path)
{
  g_autofree char *target = ag_atomic_file_find_target (path, NULL);
  g_autofree char *folder = g_path_get_dirname (target);
  g_autofree char *name = g_path_get_basename (target);
  char *real = realpath (folder, NULL);
  char *canonical;

  if (real == NULL)
    return g_canonicalize_filename (target, NULL);
  canonical = g_build_filename (real, name, NULL);
  free (real);
  return canonical;
}

static void
add_all (GHashTable *paths,
         guint n,
         const char *const *added)
{
  for (guint i = 0; i < n; i++)
    if (added[i] != NULL && *added[i] != '\0')
      g_hash_table_add (paths, canonical_path (added[i]));
}

/**
 * converge_outputs_check:
 * @n_outputs: number of @outputs
 * @outputs: (array length=n_outputs) (element-type filename): files that are to be written, %NULL
 *   for one that is not
 * @n_inputs: number of @inputs
 * @inputs: (array length=n_inputs) (element-type filename): files that are read, "" or %NULL for one
 *   that is not
 * @error: return location for an %AG_ERROR_ARGUMENT
 *
 * Nobody means to lose what was measured, or one of two results. Devices and pipes take many.
 *
 * Returns: whether each file that is written is another one, and none that is read
 */
gboolean
converge_outputs_check (guint n_outputs,
                        const char *const *outputs,
                        guint n_inputs,
                        const char *const *inputs,
                        GError **error)
{
  g_autoptr (GHashTable) read = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GHashTable) written = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  add_all (read, n_inputs, inputs);
  for (guint i = 0; i < n_outputs; i++)
    {
      g_autofree char *path = NULL;

      if (outputs[i] == NULL || ag_atomic_file_is_special (outputs[i]))
        continue;
      path = canonical_path (outputs[i]);
      if (g_hash_table_contains (read, path))
        {
          g_set_error (error, AG_ERROR, AG_ERROR_ARGUMENT,
                       "“%s” is read and would be written over. Give another path.", outputs[i]);
          return FALSE;
        }
      if (!g_hash_table_add (written, g_steal_pointer (&path)))
        {
          g_set_error (error, AG_ERROR, AG_ERROR_ARGUMENT,
                       "Two files would be written to “%s”. Give each a path of its own.",
                       outputs[i]);
          return FALSE;
        }
    }
  return TRUE;
}
