/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/setting-kind.h"

#include "base/error.h"
#include "base/number.h"
#include "base/suggest.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* Each kind of setting has one function to write a value, one to read it, and one to say what is
 * wrong with it. */

/* As people write it: "1e-6" where Python has "1e-06", "2" where it has "2.0". */
static char *
format_number (double value)
{
  g_autofree char *text = ag_number_to_string (value);
  GString *string = g_string_new (text);

  g_string_replace (string, "e-0", "e-", 1);
  if (g_str_has_suffix (string->str, ".0"))
    g_string_truncate (string, string->len - 2);
  return g_string_free (string, FALSE);
}

/**
 * ag_setting_nth_choice:
 * @setting: a choice
 * @index: a place in its list
 * @choice: (out caller-allocates): what is there; left alone past the end
 *
 * Returns: whether there is one
 */
gboolean
ag_setting_nth_choice (const AgSetting *setting,
                       guint index,
                       AgChoice *choice)
{
  if (setting->choices == NULL)
    return setting->nth (index, choice);
  for (guint i = 0; i <= index; i++)
    if (setting->choices[i].id == NULL)
      return FALSE;
  *choice = setting->choices[index];
  return TRUE;
}

static char *
write_choice (const AgSetting *setting,
              guint index)
{
  AgChoice choice;

  return g_strdup (ag_setting_nth_choice (setting, index, &choice) ? choice.id : "");
}

/**
 * ag_setting_format_kind:
 * @setting: a setting
 * @field: a value of its kind
 *
 * Returns: (transfer full): the value as people type it: "1e-6"
 */
char *
ag_setting_format_kind (const AgSetting *setting,
                        gconstpointer field)
{
  return setting->kind == AG_SETTING_NUMBER ? format_number (*(const double *) field)
                                            : ag_setting_write_kind (setting, field);
}

/**
 * ag_setting_write_kind:
 * @setting: a setting
 * @field: a value of its kind
 *
 * Returns: (transfer full): the value as files and command lines have it: "1e-06"
 */
char *
ag_setting_write_kind (const AgSetting *setting,
                       gconstpointer field)
{
  switch (setting->kind)
    {
    case AG_SETTING_NUMBER:
      return ag_number_to_string (*(const double *) field);
    case AG_SETTING_FLAG:
      return g_strdup (*(const double *) field != 0 ? "1" : "0");
    case AG_SETTING_COUNT:
      return g_strdup_printf ("%" G_GINT64_FORMAT, *(const gint64 *) field);
    case AG_SETTING_SEED:
      return g_strdup_printf ("%" G_GUINT64_FORMAT, *(const guint64 *) field);
    case AG_SETTING_CHOICE:
      return write_choice (setting, *(const guint *) field);
    case AG_SETTING_TEXT:
    default:
      return g_strdup (*(const char *const *) field);
    }
}

/**
 * ag_setting_refuse:
 * @setting: a setting
 * @text: a value that it cannot have
 * @instead: a sentence that says what to give
 * @error: return location for an %AG_ERROR_ARGUMENT
 *
 * Returns: %FALSE
 */
gboolean
ag_setting_refuse (const AgSetting *setting,
                   const char *text,
                   const char *instead,
                   GError **error)
{
  g_set_error (error, AG_ERROR, AG_ERROR_ARGUMENT, _ ("“%s” cannot be “%s”. %s"),
               _ (setting->title), text, instead);
  return FALSE;
}

static gboolean
refuse_number (const AgSetting *setting,
               const char *text,
               GError **error)
{
  g_autofree char *least = format_number (setting->minimum);
  g_autofree char *most = format_number (setting->maximum);
  g_autofree char *instead = NULL;

  if (isinf (setting->minimum))
    instead = g_strdup (_ ("Give a number."));
  else if (setting->above_minimum)
    instead = g_strdup_printf (_ ("Give a number above %s."), least);
  else if (isinf (setting->maximum))
    instead = g_strdup_printf (_ ("Give a number from %s."), least);
  else if (setting->below_maximum)
    instead = g_strdup_printf (_ ("Give a number from %s to below %s."), least, most);
  else
    instead = g_strdup_printf (_ ("Give a number from %s to %s."), least, most);
  return ag_setting_refuse (setting, text, instead, error);
}

static gboolean
is_within (const AgSetting *setting,
           double number)
{
  return isfinite (number)
         && (setting->above_minimum ? number > setting->minimum : number >= setting->minimum)
         && (setting->below_maximum ? number < setting->maximum : number <= setting->maximum);
}

static gboolean
parse_number (const AgSetting *setting,
              const char *text,
              double *value,
              GError **error)
{
  double number;

  if (!ag_number_parse (text, &number) || !is_within (setting, number))
    return refuse_number (setting, text, error);
  *value = number;
  return TRUE;
}

static gboolean
parse_flag (const AgSetting *setting,
            const char *text,
            double *value,
            GError **error)
{
  const gboolean is_on = strcmp (text, "1") == 0 || strcmp (text, "true") == 0;

  if (!is_on && strcmp (text, "0") != 0 && strcmp (text, "false") != 0)
    return ag_setting_refuse (setting, text, _ ("Give 1 for on or 0 for off."), error);
  *value = is_on;
  return TRUE;
}

static gboolean
refuse_count (const AgSetting *setting,
              const char *text,
              GError **error)
{
  g_autofree char *instead = g_strdup_printf (_ ("Give a whole number from %lld to %lld."),
                                              (long long) setting->minimum,
                                              (long long) setting->maximum);

  return ag_setting_refuse (setting, text, instead, error);
}

/* Takes "1e6" too. */
static gboolean
parse_count (const AgSetting *setting,
             const char *text,
             gint64 *value,
             GError **error)
{
  double number;

  if (!ag_number_parse (text, &number) || number != floor (number) || !is_within (setting, number))
    return refuse_count (setting, text, error);
  *value = (gint64) number;
  return TRUE;
}

static gboolean
parse_seed (const AgSetting *setting,
            const char *text,
            guint64 *value,
            GError **error)
{
  g_autofree char *stripped = g_strstrip (g_strdup (text));
  g_autofree char *instead = NULL;

  if (g_ascii_string_to_unsigned (stripped, 10, 0, G_MAXUINT64, value, NULL))
    return TRUE;
  instead = g_strdup_printf (_ ("Give a whole number from 0 to %llu."),
                             (unsigned long long) G_MAXUINT64);
  return ag_setting_refuse (setting, text, instead, error);
}

/**
 * ag_setting_find_choice:
 * @setting: a choice
 * @id: the id of one
 *
 * Returns: its place in the list, −1 if it is not there
 */
gint
ag_setting_find_choice (const AgSetting *setting,
                        const char *id)
{
  AgChoice choice;

  for (guint i = 0; ag_setting_nth_choice (setting, i, &choice); i++)
    if (strcmp (choice.id, id) == 0)
      return (gint) i;
  return -1;
}

static gboolean
refuse_choice (const AgSetting *setting,
               const char *text,
               GError **error)
{
  g_autoptr (GPtrArray) ids = g_ptr_array_new ();
  g_autofree char *list = NULL;
  g_autofree char *question = NULL;
  g_autofree char *instead = NULL;
  const char *meant;
  AgChoice choice;

  for (guint i = 0; ag_setting_nth_choice (setting, i, &choice); i++)
    g_ptr_array_add (ids, (gpointer) choice.id);
  g_ptr_array_add (ids, NULL);
  list = g_strjoinv (", ", (char **) ids->pdata);
  meant = ag_suggest (text, (const char *const *) ids->pdata);
  question = meant != NULL ? g_strdup_printf (_ ("Did you mean “%s”? "), meant) : g_strdup ("");
  instead = g_strdup_printf (_ ("%sChoose one of these: %s."), question, list);
  return ag_setting_refuse (setting, text, instead, error);
}

static gboolean
parse_choice (const AgSetting *setting,
              const char *text,
              guint *value,
              GError **error)
{
  const gint index = ag_setting_find_choice (setting, text);

  if (index < 0)
    return refuse_choice (setting, text, error);
  *value = (guint) index;
  return TRUE;
}

/**
 * ag_setting_parse_kind:
 * @setting: a setting
 * @text: what was typed
 * @field: (out): a value of its kind
 * @error: return location for an %AG_ERROR_ARGUMENT that says what to give
 *
 * Reads a value and holds it to the setting's limits.
 *
 * Returns: whether it can be one; else @field stays as it was
 */
gboolean
ag_setting_parse_kind (const AgSetting *setting,
                       const char *text,
                       gpointer field,
                       GError **error)
{
  switch (setting->kind)
    {
    case AG_SETTING_NUMBER:
      return parse_number (setting, text, field, error);
    case AG_SETTING_FLAG:
      return parse_flag (setting, text, field, error);
    case AG_SETTING_COUNT:
      return parse_count (setting, text, field, error);
    case AG_SETTING_SEED:
      return parse_seed (setting, text, field, error);
    case AG_SETTING_CHOICE:
      return parse_choice (setting, text, field, error);
    case AG_SETTING_TEXT:
    default:
      *(const char **) field = g_intern_string (text);
      return TRUE;
    }
}

/**
 * ag_setting_check_kind:
 * @setting: a setting
 * @field: a value of its kind
 * @error: return location for an %AG_ERROR_ARGUMENT that says what to give
 *
 * Returns: whether the value is within the setting's limits
 */
gboolean
ag_setting_check_kind (const AgSetting *setting,
                       gconstpointer field,
                       GError **error)
{
  g_autofree char *text = NULL;
  AgChoice choice;

  switch (setting->kind)
    {
    case AG_SETTING_NUMBER:
    case AG_SETTING_FLAG:
      if (is_within (setting, *(const double *) field))
        return TRUE;
      text = ag_setting_format_kind (setting, field);
      return refuse_number (setting, text, error);
    case AG_SETTING_COUNT:
      if (is_within (setting, (double) *(const gint64 *) field))
        return TRUE;
      text = ag_setting_format_kind (setting, field);
      return refuse_count (setting, text, error);
    case AG_SETTING_CHOICE:
      if (ag_setting_nth_choice (setting, *(const guint *) field, &choice))
        return TRUE;
      text = g_strdup_printf ("%u", *(const guint *) field);
      return refuse_choice (setting, text, error);
    case AG_SETTING_SEED:
    case AG_SETTING_TEXT:
    default:
      return TRUE;
    }
}
