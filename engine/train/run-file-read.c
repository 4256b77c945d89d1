/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "train/run-file.h"

#include "base/error.h"
#include "train/changes-file.h"
#include "train/json-read.h"
#include "train/setting.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* A reader of JSON that finds the member "settings" of a run file and the text of each setting in
 * it. It must survive any file. */

/* No run file comes near this. */
#define MAX_BYTES (1 << 20)

static gboolean
take_setting (const char **c,
              const char *name,
              guint depth,
              gpointer settings)
{
  char *text = ag_json_take_scalar (c);

  if (text != NULL)
    g_hash_table_insert (settings, g_strdup (name), text);
  return text != NULL;
}

static gboolean
take_part (const char **c,
           const char *name,
           guint depth,
           gpointer settings)
{
  if (strcmp (name, AG_RUN_FILE_DIGEST) == 0)
    return take_setting (c, name, depth, settings);
  if (strcmp (name, "settings") != 0)
    return ag_json_take_value (c, depth);
  return ag_json_take (c, '{') && ag_json_take_members (c, '}', depth, take_setting, settings);
}

static gboolean
refuse (const char *path,
        const char *why,
        GError **error)
{
  g_set_error (error, AG_ERROR, AG_ERROR_ARGUMENT,
               _ ("“%s” has no run: %s Give a run.json that Converge wrote."), path, why);
  return FALSE;
}

/**
 * ag_run_file_apply_settings:
 * @path: path of a file
 * @settings: (element-type utf8 utf8): what it has as the settings of a run
 * @spec: (out caller-allocates): the run
 * @error: return location for an %AG_ERROR_ARGUMENT
 *
 * Returns: whether they are the settings of a run; see ag_run_file_read()
 */
gboolean
ag_run_file_apply_settings (const char *path,
                            GHashTable *settings,
                            AgRunSpec *spec,
                            GError **error)
{
  GHashTableIter iter;
  gpointer name;

  if (!g_hash_table_contains (settings, "program"))
    return refuse (path, _ ("it does not name a program."), error);
  /* Rows are in an order in which they can be set; the program, which is the first,
   * brings the defaults of all that the file does not have. */
  for (guint i = 0; i < ag_setting_n (i > 0 ? spec : NULL); i++)
    {
      const AgSetting *setting = ag_setting_nth (i > 0 ? spec : NULL, i);
      const char *text = g_hash_table_lookup (settings, setting->id);

      if (text != NULL && !ag_setting_parse (setting, text, spec, error))
        return FALSE;
    }
  g_hash_table_iter_init (&iter, settings);
  while (g_hash_table_iter_next (&iter, &name, NULL))
    if (ag_setting_find (spec, name) == NULL)
      {
        g_autofree char *why = g_strdup_printf (_ ("its setting “%s” is not known."),
                                                (const char *) name);

        return refuse (path, why, error);
      }
  return TRUE;
}

/* Returns: (transfer full) (nullable): the settings, and the digest beside them */
static GHashTable *
read_members (const char *path,
              GError **error)
{
  g_autoptr (GHashTable) settings = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  int code;
  g_autofree char *text = ag_json_read_file (path, MAX_BYTES, &code);
  const char *c;

  if (text == NULL && code == 0)
    {
      refuse (path, _ ("it is no file, or too large."), error);
      return NULL;
    }
  if (text == NULL)
    {
      g_set_error (error, AG_ERROR, AG_ERROR_ARGUMENT,
                   _ ("“%s” cannot be read: %s. Give the path of a run.json."), path,
                   g_strerror (code));
      return NULL;
    }
  c = text;
  if (g_utf8_validate (text, -1, NULL) && ag_json_take (&c, '{')
      && ag_json_take_members (&c, '}', 0, take_part, settings))
    return g_steal_pointer (&settings);
  refuse (path, _ ("it is no JSON."), error);
  return NULL;
}

/**
 * ag_run_file_read:
 * @path: path of a file that ag_run_file_write() wrote, or of any other
 * @spec: (out caller-allocates): the run that it says
 * @error: return location for an %AG_ERROR_ARGUMENT
 *
 * Reads the settings of a run. A setting that is not there has its default; one that is
 * not known makes it another run, and so is an error. Whether the run can be made is for
 * ag_run_spec_check() to say.
 *
 * Returns: whether there are any
 */
gboolean
ag_run_file_read (const char *path,
                  AgRunSpec *spec,
                  GError **error)
{
  g_autoptr (GHashTable) settings = read_members (path, error);

  if (settings == NULL)
    return FALSE;
  g_hash_table_remove (settings, AG_RUN_FILE_DIGEST);
  return ag_run_file_apply_settings (path, settings, spec, error);
}

static gboolean
take_changes (const char **c,
              const char *name,
              guint depth,
              gpointer changes)
{
  return ag_changes_file_has (name) ? ag_changes_file_take (c, name, depth, changes)
                                    : ag_json_take_value (c, depth);
}

/**
 * ag_run_file_read_changes:
 * @path: path of a run file that was read
 * @error: return location for an %AG_ERROR_ARGUMENT
 *
 * Reads what was changed while the run was under way.
 *
 * Returns: (transfer full) (nullable): that, or %NULL with @error set if it is not understood
 */
AgRates *
ag_run_file_read_changes (const char *path,
                          GError **error)
{
  g_autoptr (AgRates) changes = ag_rates_new ();
  int code;
  g_autofree char *text = ag_json_read_file (path, MAX_BYTES, &code);
  const char *c;

  if (text != NULL)
    {
      c = text;
      if (ag_json_take (&c, '{') && ag_json_take_members (&c, '}', 0, take_changes, changes))
        return g_steal_pointer (&changes);
    }
  refuse (path, _ ("its changes under way are not understood."), error);
  return NULL;
}

/**
 * ag_run_file_compare_data:
 * @path: path of a run file that was read
 * @spec: the run that is to be made of it, whose file was read
 *
 * Finds out whether the run will be another one because its file has other points now.
 *
 * Returns: (transfer full) (nullable): a sentence that says so, %NULL if all is as it was,
 *   or @spec has other data on purpose
 */
char *
ag_run_file_compare_data (const char *path,
                          const AgRunSpec *spec)
{
  g_autoptr (GHashTable) settings = read_members (path, NULL);
  g_autoptr (AgData) data = ag_run_spec_find_data (spec);
  const char *then = settings != NULL ? g_hash_table_lookup (settings, AG_RUN_FILE_DIGEST) : NULL;
  g_autofree char *now = NULL;

  if (then == NULL || data == NULL)
    return NULL;
  for (guint i = 0; i < ag_setting_n (spec); i++)
    {
      const AgSetting *setting = ag_setting_nth (spec, i);
      const char *before = g_hash_table_lookup (settings, setting->id);
      g_autofree char *after = ag_setting_write (setting, spec);

      if (setting->group == AG_SETTING_OF_DATA && ag_setting_is_used (setting, spec)
          && g_strcmp0 (before, after) != 0)
        return NULL;
    }
  now = g_strdup_printf ("%016" G_GINT64_MODIFIER "x", ag_data_digest (data));
  if (strcmp (now, then) == 0)
    return NULL;
  return g_strdup_printf (_ ("“%s” has other points than when “%s” was written: this run is another "
                             "one."),
                          ag_data_origin (data), path);
}
