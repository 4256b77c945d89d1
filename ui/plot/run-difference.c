/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot/run-difference.h"

#include "train/setting.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* The settings in which a run differs from another, in words. */

/* A setting that the other one does not have counts as what it is by itself. */
static gboolean
is_different (const AgSetting *setting,
              const AgRunSpec *spec,
              const AgRunSpec *other)
{
  const AgSetting *same = ag_setting_find (other, setting->id);
  g_autofree char *one = NULL, *two = NULL;
  AgRunSpec defaults;

  if (setting->mention == AG_SETTING_NEVER || !ag_setting_is_used (setting, spec))
    return FALSE;
  if (same == NULL)
    {
      ag_run_spec_init (&defaults, spec->program);
      ag_run_spec_set_optimizer (&defaults, spec->optimizer);
      other = &defaults;
      same = ag_setting_find (other, setting->id);
    }
  if (same == NULL || !ag_setting_is_used (same, other))
    return TRUE;
  one = ag_setting_write (setting, spec);
  two = ag_setting_write (same, other);
  return strcmp (one, two) != 0;
}

/* A rate follows from the optimizer that it is the default of, and need not be said. */
static gboolean
is_own_rate (const AgSetting *setting,
             const AgRunSpec *spec,
             const AgRunSpec *other)
{
  return strcmp (setting->id, "lr") == 0
         && (spec->optimizer != other->optimizer || spec->program != other->program)
         && spec->lr == ag_run_spec_default_rate (spec->program, spec->optimizer);
}

/**
 * converge_run_text_value:
 * @setting: a setting of @spec
 * @spec: a run
 *
 * Returns: (transfer full): its value for people to read: "1e-6", "Adam", "✓" of a switch that is
 *   on, "–" of one that is off
 */
char *
converge_run_text_value (const AgSetting *setting,
                         const AgRunSpec *spec)
{
  g_autofree char *value = ag_setting_format (setting, spec);
  AgChoice choice;

  if (setting->kind == AG_SETTING_FLAG)
    return g_strdup (strcmp (value, "0") != 0 ? "✓" : "–");
  if (setting->kind == AG_SETTING_CHOICE
      && ag_setting_nth_choice (setting, ag_setting_get_choice (setting, spec), &choice))
    return g_strdup (_ (choice.title));
  return g_steal_pointer (&value);
}

static char *
say_setting (const AgSetting *setting,
             const AgRunSpec *spec)
{
  g_autofree char *value = converge_run_text_value (setting, spec);

  if (setting->kind == AG_SETTING_FLAG)
    return strcmp (value, "–") != 0 ? g_strdup (_ (setting->title))
                                    : g_strdup_printf (_ ("%s off"), _ (setting->title));
  if (setting->kind == AG_SETTING_CHOICE)
    return g_steal_pointer (&value);
  return g_strdup_printf ("%s %s", _ (setting->title), value);
}

/**
 * converge_run_text_difference:
 * @spec: a run
 * @other: another one
 *
 * Returns: (transfer full) (nullable): the settings in which the first is not as the second:
 *   "Adam, Learning rate 0.01"; %NULL where there are none
 */
char *
converge_run_text_difference (const AgRunSpec *spec,
                              const AgRunSpec *other)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < ag_setting_n (spec); i++)
    {
      const AgSetting *setting = ag_setting_nth (spec, i);
      g_autofree char *said = NULL;

      if (!is_different (setting, spec, other) || is_own_rate (setting, spec, other))
        continue;
      said = say_setting (setting, spec);
      g_string_append_printf (text, "%s%s", text->len > 0 ? ", " : "", said);
    }
  return g_string_free (text, text->len == 0);
}

/**
 * Column:
 * @id: a setting
 * @value: what the first run that has it has
 * @n: how many have it
 * @differs: whether another one has it differently
 * @is_default: whether @value is what it is by itself
 */
typedef struct
{
  const char *id;
  char *value;
  guint n;
  gboolean differs;
  gboolean is_default;
} Column;

static void
column_free (gpointer data)
{
  g_free (((Column *) data)->value);
  g_free (data);
}

static Column *
column_new (const AgSetting *setting,
            const AgRunSpec *spec,
            char *value)
{
  Column *column = g_new0 (Column, 1);
  AgRunSpec defaults;

  ag_run_spec_init (&defaults, spec->program);
  ag_run_spec_set_optimizer (&defaults, spec->optimizer);
  column->id = setting->id;
  column->value = value;
  column->is_default = ag_setting_is_equal (setting, spec, &defaults);
  return column;
}

/**
 * converge_run_differing_settings:
 * @n_specs: number of runs
 * @specs: (array length=n_specs): the runs
 *
 * Finds the settings that not all of them have alike. One that only some have, since they have
 * another optimizer or program, is among them where it is not what it is by itself.
 *
 * Returns: (transfer full) (element-type utf8): their ids, in the order of the settings
 */
GPtrArray *
converge_run_differing_settings (guint n_specs,
                                 const AgRunSpec *const *specs)
{
  g_autoptr (GPtrArray) columns = g_ptr_array_new_with_free_func (column_free);
  g_autoptr (GHashTable) by_id = g_hash_table_new (g_str_hash, g_str_equal);
  GPtrArray *ids = g_ptr_array_new ();

  for (guint i = 0; i < n_specs; i++)
    for (guint k = 0; k < ag_setting_n (specs[i]); k++)
      {
        const AgSetting *setting = ag_setting_nth (specs[i], k);
        g_autofree char *value = NULL;
        Column *column;

        if (setting->mention == AG_SETTING_NEVER || !ag_setting_is_used (setting, specs[i]))
          continue;
        column = g_hash_table_lookup (by_id, setting->id);
        value = ag_setting_write (setting, specs[i]);
        if (column == NULL)
          {
            column = column_new (setting, specs[i], g_steal_pointer (&value));
            g_ptr_array_add (columns, column);
            g_hash_table_insert (by_id, (gpointer) column->id, column);
          }
        else if (strcmp (column->value, value) != 0)
          {
            column->differs = TRUE;
          }
        column->n++;
      }
  for (guint i = 0; i < columns->len; i++)
    {
      const Column *column = g_ptr_array_index (columns, i);

      if (column->differs || (column->n < n_specs && !column->is_default))
        g_ptr_array_add (ids, (gpointer) column->id);
    }
  return ids;
}

/**
 * converge_run_text_of_settings:
 * @spec: a run
 * @ids: (element-type utf8): ids of settings
 *
 * Returns: (transfer full): what it has of them, in words
 */
char *
converge_run_text_of_settings (const AgRunSpec *spec,
                               const GPtrArray *ids)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < ids->len; i++)
    {
      const AgSetting *setting = ag_setting_find (spec, g_ptr_array_index (ids, i));
      g_autofree char *said = NULL;

      if (setting == NULL || !ag_setting_is_used (setting, spec))
        continue;
      said = say_setting (setting, spec);
      g_string_append_printf (text, "%s%s", text->len > 0 ? ", " : "", said);
    }
  return g_string_free (text, FALSE);
}
