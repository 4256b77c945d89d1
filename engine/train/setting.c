/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "train/setting.h"

#include "train/setting-table.h"

#include <string.h>

static gboolean
is_option (const AgSetting *setting,
           const AgRunSpec *spec)
{
  return setting >= spec->optimizer->options
         && setting < spec->optimizer->options + spec->optimizer->n_options;
}

static gconstpointer
get_field (const AgSetting *setting,
           const AgRunSpec *spec)
{
  if (is_option (setting, spec))
    return &spec->options[setting - spec->optimizer->options];
  return G_STRUCT_MEMBER_P (spec, setting->offset);
}

static guint
n_options (const AgRunSpec *spec)
{
  return spec != NULL ? spec->optimizer->n_options : 0;
}

/* Any setting there is, counted with the optimizer's options among the rows of the table. */
static const AgSetting *
nth_of_all (const AgRunSpec *spec,
            guint index)
{
  if (index < AG_SETTING_N_BEFORE_OPTIONS)
    return &ag_setting_table[index];
  if (index < AG_SETTING_N_BEFORE_OPTIONS + n_options (spec))
    return &spec->optimizer->options[index - AG_SETTING_N_BEFORE_OPTIONS];
  return &ag_setting_table[index - n_options (spec)];
}

static gboolean
applies (const AgSetting *setting,
         const AgRunSpec *spec)
{
  return spec == NULL || setting->applies == NULL || setting->applies (spec);
}

/**
 * ag_setting_n:
 * @spec: (nullable): a specification, %NULL for settings that any has
 *
 * Returns: how many settings it has, with its optimizer's options and without those that
 *   are of other programs
 */
guint
ag_setting_n (const AgRunSpec *spec)
{
  const guint n_all = ag_setting_table_length + n_options (spec);
  guint n = 0;

  for (guint i = 0; i < n_all; i++)
    n += applies (nth_of_all (spec, i), spec);
  return n;
}

/**
 * ag_setting_nth:
 * @spec: (nullable): a specification, %NULL for settings that any has
 * @index: which setting, in an order in which they can be set one after the other
 *
 * Returns: (transfer none): its row
 */
const AgSetting *
ag_setting_nth (const AgRunSpec *spec,
                guint index)
{
  guint i = 0;

  g_return_val_if_fail (index < ag_setting_n (spec), NULL);

  for (;; i++)
    {
      const AgSetting *setting = nth_of_all (spec, i);

      if (applies (setting, spec) && index-- == 0)
        return setting;
    }
}

/**
 * ag_setting_find:
 * @spec: (nullable): a specification, %NULL for settings that any has
 * @id: a setting's id
 *
 * Returns: (transfer none) (nullable): its row, %NULL if @spec has no such setting
 */
const AgSetting *
ag_setting_find (const AgRunSpec *spec,
                 const char *id)
{
  for (guint i = 0; i < ag_setting_n (spec); i++)
    if (strcmp (ag_setting_nth (spec, i)->id, id) == 0)
      return ag_setting_nth (spec, i);
  return NULL;
}

/**
 * ag_setting_get_choice:
 * @setting: a choice
 * @spec: a specification
 *
 * Returns: which one it has, counted from 0; past the end if it is not in the list
 */
guint
ag_setting_get_choice (const AgSetting *setting,
                       const AgRunSpec *spec)
{
  return setting->get != NULL ? setting->get (spec) : *(const guint *) get_field (setting, spec);
}

/* A text that is no field, but follows from others. */
static gboolean
has_own_text (const AgSetting *setting)
{
  return setting->kind == AG_SETTING_TEXT && setting->format != NULL;
}

/**
 * ag_setting_write:
 * @setting: a setting of @spec
 * @spec: a specification
 *
 * Returns: (transfer full): its value as files and command lines have it: "1e-06"
 */
char *
ag_setting_write (const AgSetting *setting,
                  const AgRunSpec *spec)
{
  guint choice;

  if (setting->get == NULL && !has_own_text (setting))
    return ag_setting_write_kind (setting, get_field (setting, spec));
  if (setting->format != NULL)
    return setting->format (spec);
  choice = setting->get (spec);
  return ag_setting_write_kind (setting, &choice);
}

/**
 * ag_setting_format:
 * @setting: a setting of @spec
 * @spec: a specification
 *
 * Returns: (transfer full): its value as people type it: "1e-6"
 */
char *
ag_setting_format (const AgSetting *setting,
                   const AgRunSpec *spec)
{
  if (setting->format != NULL)
    return setting->format (spec);
  if (setting->get != NULL)
    return ag_setting_write (setting, spec);
  return ag_setting_format_kind (setting, get_field (setting, spec));
}

static gboolean
parse_choice (const AgSetting *setting,
              const char *text,
              AgRunSpec *spec,
              GError **error)
{
  guint choice;

  if (!ag_setting_parse_kind (setting, text, &choice, error))
    return FALSE;
  setting->set (spec, choice);
  return TRUE;
}

/**
 * ag_setting_add_to_json:
 * @setting: a row
 * @spec: a run
 * @object: a JSON object that is being written
 *
 * Adds the setting as what JSON has for its kind. A seed is text, since readers that take numbers
 * as doubles would lose its last digits.
 */
void
ag_setting_add_to_json (const AgSetting *setting,
                        const AgRunSpec *spec,
                        AgJson *object)
{
  g_autofree char *value = ag_setting_write (setting, spec);

  if (setting->kind == AG_SETTING_NUMBER || setting->kind == AG_SETTING_COUNT)
    {
      ag_json_name (object, setting->id);
      fputs (value, object->stream);
    }
  else if (setting->kind == AG_SETTING_FLAG)
    {
      ag_json_add_flag (object, setting->id, value[0] != '0');
    }
  else
    {
      ag_json_add_text (object, setting->id, value);
    }
}

/**
 * ag_setting_parse:
 * @setting: a setting of @spec
 * @text: what was typed
 * @spec: (inout): a specification
 * @error: return location for an %AG_ERROR_ARGUMENT that says what it accepts
 *
 * Sets a setting to what was typed. Whether a run can have that value beside those of
 * the other settings is for ag_setting_check() to say.
 *
 * Returns: whether it was understood; else @spec stays as it was
 */
gboolean
ag_setting_parse (const AgSetting *setting,
                  const char *text,
                  AgRunSpec *spec,
                  GError **error)
{
  if (setting->parse != NULL)
    return setting->parse (text, spec, error);
  if (setting->set != NULL)
    return parse_choice (setting, text, spec, error);
  return ag_setting_parse_kind (setting, text, (gpointer) get_field (setting, spec), error);
}

/**
 * ag_setting_is_used:
 * @setting: a setting of @spec
 * @spec: a specification
 *
 * Returns: whether it counts beside the others: the number of points does not where the
 *   points are from a file
 */
gboolean
ag_setting_is_used (const AgSetting *setting,
                    const AgRunSpec *spec)
{
  return setting->why_unused == NULL || setting->why_unused (spec) == NULL;
}

/* Options that are wrong together are the fault of one of them. */
static gboolean
check_options (const AgSetting *setting,
               const AgRunSpec *spec,
               GError **error)
{
  const AgOptimizerClass *klass = spec->optimizer;
  g_autoptr (GError) own = NULL;
  guint wrong = 0;

  if (klass->check == NULL || klass->check (spec->options, &wrong, &own)
      || setting != &klass->options[wrong])
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&own));
  return FALSE;
}

/**
 * ag_setting_check:
 * @setting: a setting of @spec
 * @spec: a specification
 * @error: return location for a sentence on what is wrong
 *
 * Settings that are wrong only together may all be the ones to change, as where an
 * interval begins and ends.
 *
 * Returns: whether a run can be made with the value of that setting, as far as it is to
 *   blame
 */
gboolean
ag_setting_check (const AgSetting *setting,
                  const AgRunSpec *spec,
                  GError **error)
{
  if (!ag_setting_is_used (setting, spec))
    return TRUE;
  if (setting->get == NULL && !ag_setting_check_kind (setting, get_field (setting, spec), error))
    return FALSE;
  if (is_option (setting, spec))
    return check_options (setting, spec, error);
  return setting->check == NULL || setting->check (spec, error);
}

/**
 * ag_setting_is_equal:
 * @setting: a setting of both
 * @a: a specification
 * @b: another with the same optimizer
 *
 * Returns: whether both have the same value of that setting, or it counts for neither
 */
gboolean
ag_setting_is_equal (const AgSetting *setting,
                     const AgRunSpec *a,
                     const AgRunSpec *b)
{
  g_autofree char *one = ag_setting_write (setting, a);
  g_autofree char *other = ag_setting_write (setting, b);

  if (!ag_setting_is_used (setting, a) && !ag_setting_is_used (setting, b))
    return TRUE;
  return strcmp (one, other) == 0;
}

/**
 * ag_run_spec_check:
 * @spec: a specification
 * @error: return location for a #GError
 *
 * Finds out whether a run can be made, as far as that can be known before. Which
 * setting is the one to change says ag_setting_check().
 *
 * Returns: %TRUE, or %FALSE with a sentence in @error that says what to change
 */
gboolean
ag_run_spec_check (const AgRunSpec *spec,
                   GError **error)
{
  for (guint i = 0; i < ag_setting_n (spec); i++)
    if (!ag_setting_check (ag_setting_nth (spec, i), spec, error))
      return FALSE;
  return TRUE;
}

/* Not for the group of the optimizer's options, which are not of every run. */
static gboolean
is_same_in (const AgRunSpec *a,
            const AgRunSpec *b,
            AgSettingGroup group)
{
  for (guint i = 0; i < ag_setting_n (NULL); i++)
    {
      const AgSetting *setting = ag_setting_nth (NULL, i);

      if (setting->group == group && !ag_setting_is_equal (setting, a, b))
        return FALSE;
    }
  return TRUE;
}

/**
 * ag_run_spec_has_same_data:
 * @a: a run
 * @b: another
 *
 * Returns: whether both fit the same program, by the same loss and with the same
 *   parameters held, to the same points
 */
gboolean
ag_run_spec_has_same_data (const AgRunSpec *a,
                           const AgRunSpec *b)
{
  return is_same_in (a, b, AG_SETTING_OF_PROGRAM) && is_same_in (a, b, AG_SETTING_OF_DATA)
         && ag_setting_is_equal (ag_setting_find (NULL, "hold"), a, b);
}

/**
 * ag_run_spec_has_same_start:
 * @a: a run
 * @b: another of the same program
 *
 * Returns: whether both begin with the same coefficients
 */
gboolean
ag_run_spec_has_same_start (const AgRunSpec *a,
                            const AgRunSpec *b)
{
  return is_same_in (a, b, AG_SETTING_OF_START)
         && is_same_in (a, b, AG_SETTING_OF_NUMBERS);
}

/**
 * ag_run_spec_can_become:
 * @spec: the specification of a run under way, or ended
 * @wanted: another
 *
 * Returns: whether they differ in nothing but what can be changed under way, of the
 *   number of steps that it is raised
 */
gboolean
ag_run_spec_can_become (const AgRunSpec *spec,
                        const AgRunSpec *wanted)
{
  if (spec->optimizer != wanted->optimizer || spec->steps > wanted->steps)
    return FALSE;
  for (guint i = 0; i < ag_setting_n (spec); i++)
    {
      const AgSetting *setting = ag_setting_nth (spec, i);

      if (!setting->is_live && !ag_setting_is_equal (setting, spec, wanted))
        return FALSE;
    }
  return TRUE;
}
