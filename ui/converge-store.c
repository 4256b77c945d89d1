/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_SETTINGS_ENABLE_BACKEND
#include "converge-store.h"

#include <gio/gsettingsbackend.h>

/* The window keeps its settings from one start to the next. People edit such files and discs
 * damage them, so what is in there may be anything. The schema says what each key can be;
 * GSettings takes the default for whatever else it finds, and does not tell. */

static GSettingsSchema *
get_schema (GSettings *store)
{
  GSettingsSchema *schema = NULL;

  g_object_get (store, "settings-schema", &schema, NULL);
  return schema;
}

static gboolean
mend_key (GSettings *store,
          GSettingsBackend *backend,
          const char *path,
          const char *key)
{
  g_autofree char *place = g_strconcat (path, key, NULL);
  g_autoptr (GVariant) accepted = g_settings_get_user_value (store, key);
  g_autoptr (GVariant) present = NULL;

  if (accepted != NULL)
    return TRUE;
  /* Key files are text, so the backend of theirs takes whatever there is for a
   * string; others return what they have, of any type. */
  present = G_SETTINGS_BACKEND_GET_CLASS (backend)->read (backend, place, G_VARIANT_TYPE_STRING,
                                                          FALSE);
  if (present == NULL)
    return TRUE;
  g_variant_take_ref (present);
  g_settings_reset (store, key);
  return FALSE;
}

/**
 * converge_store_mend:
 * @store: the store
 *
 * Takes out values that the schema does not allow: of another type, or out of
 * their range.
 *
 * Returns: whether there were none
 */
gboolean
converge_store_mend (GSettings *store)
{
  g_autoptr (GSettingsSchema) schema = get_schema (store);
  g_autoptr (GSettingsBackend) backend = NULL;
  g_auto (GStrv) keys = g_settings_schema_list_keys (schema);
  gboolean is_sound = TRUE;

  g_object_get (store, "backend", &backend, NULL);
  for (guint i = 0; keys[i] != NULL; i++)
    is_sound &= mend_key (store, backend, g_settings_schema_get_path (schema), keys[i]);
  return is_sound;
}

/**
 * converge_store_set_int:
 * @store: the store
 * @key: name of a key
 * @value: its value
 *
 * Keeps a number, unless the schema does not allow it.
 */
void
converge_store_set_int (GSettings *store,
                        const char *key,
                        int value)
{
  g_autoptr (GSettingsSchema) schema = get_schema (store);
  g_autoptr (GSettingsSchemaKey) schema_key = g_settings_schema_get_key (schema, key);
  g_autoptr (GVariant) variant = g_variant_ref_sink (g_variant_new_int32 (value));

  if (g_settings_schema_key_range_check (schema_key, variant))
    g_settings_set_value (store, key, variant);
}
