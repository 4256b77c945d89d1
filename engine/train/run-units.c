/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "train/run-spec.h"

#include "base/error.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* The units of a run's parameters, which is one text: "b=1/s,c=m", in the model's order. They
 * change no number; people read them beside the values. */

/* A longer one is no unit. */
#define MAX_BYTES 64

/**
 * ag_run_spec_unit:
 * @spec: a specification
 * @parameter: number of one of its model's parameters
 *
 * Returns: (transfer full) (nullable): the parameter's unit, if it was given one
 */
char *
ag_run_spec_unit (const AgRunSpec *spec,
                  guint parameter)
{
  const char *name = spec->program->model->parameters[parameter];
  const gsize length = strlen (name);

  for (const char *c = spec->units; c != NULL && *c != '\0'; c = strchr (c, ','))
    {
      c += *c == ',';
      if (strncmp (c, name, length) == 0 && c[length] == '=')
        return g_strndup (c + length + 1, strcspn (c + length + 1, ","));
    }
  return NULL;
}

static gboolean
is_unit (const char *text)
{
  if (*text == '\0' || strlen (text) > MAX_BYTES || !g_utf8_validate (text, -1, NULL))
    return FALSE;
  for (const char *c = text; *c != '\0'; c = g_utf8_next_char (c))
    if (!g_unichar_isprint (g_utf8_get_char (c)))
      return FALSE;
  return TRUE;
}

/* Notes the unit of "b=1/s". */
static gboolean
parse_item (const AgRunSpec *spec,
            const char *item,
            char **units,
            GError **error)
{
  const AgModelClass *model = spec->program->model;
  const gsize length = strcspn (item, "=");
  g_autofree char *name = g_strstrip (g_strndup (item, length));
  g_autofree char *unit = g_strstrip (g_strdup (item[length] == '=' ? item + length + 1 : ""));
  const gint parameter = ag_model_class_find_parameter (model, name);

  if (parameter >= 0 && is_unit (unit))
    {
      g_free (units[parameter]);
      units[parameter] = g_steal_pointer (&unit);
      return TRUE;
    }
  if (parameter < 0)
    g_set_error (error, AG_ERROR, AG_ERROR_ARGUMENT,
                 _ ("“%s” cannot have a unit: the model has no such parameter. Write units as "
                    "“b=1/s,c=m”."),
                 name);
  else
    g_set_error (error, AG_ERROR, AG_ERROR_ARGUMENT,
                 _ ("“%s” says no unit of “%s”. Write units as “b=1/s,c=m”."), item, name);
  return FALSE;
}

/**
 * ag_run_spec_set_units:
 * @spec: a specification, its program set
 * @text: names of parameters with their units, as "b=1/s,c=m"; an empty one for none
 * @error: return location for an %AG_ERROR_ARGUMENT
 *
 * Sets the units that parameters are told in.
 *
 * Returns: whether @text was understood; else @spec stays as it was
 */
gboolean
ag_run_spec_set_units (AgRunSpec *spec,
                       const char *text,
                       GError **error)
{
  const AgModelClass *model = spec->program->model;
  g_auto (GStrv) items = g_strsplit (text, ",", -1);
  g_autoptr (GString) canonical = g_string_new (NULL);
  g_autoptr (GPtrArray) units = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *stripped = g_strstrip (g_strdup (text));

  g_ptr_array_set_size (units, (gint) model->n_parameters);
  for (gsize i = 0; *stripped != '\0' && items[i] != NULL; i++)
    if (!parse_item (spec, items[i], (char **) units->pdata, error))
      return FALSE;
  for (guint i = 0; i < model->n_parameters; i++)
    if (g_ptr_array_index (units, i) != NULL)
      g_string_append_printf (canonical, "%s%s=%s", canonical->len > 0 ? "," : "",
                              model->parameters[i], (char *) g_ptr_array_index (units, i));
  spec->units = g_intern_string (canonical->str);
  return TRUE;
}
