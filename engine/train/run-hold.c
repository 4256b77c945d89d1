/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "train/run-spec.h"

#include "base/error.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* Which parameters of a run are held, which is one text: their names, as "b,c", in the
 * model's order. */

static gboolean
has_name (const char *list,
          const char *name)
{
  const gsize length = strlen (name);

  for (const char *c = list; c != NULL; c = strchr (c, ','))
    {
      c += *c == ',';
      if (strncmp (c, name, length) == 0 && (c[length] == ',' || c[length] == '\0'))
        return TRUE;
    }
  return FALSE;
}

/**
 * ag_run_spec_is_held:
 * @spec: a specification
 * @parameter: number of one of its model's parameters
 *
 * Returns: whether that parameter keeps its initial value
 */
gboolean
ag_run_spec_is_held (const AgRunSpec *spec,
                     guint parameter)
{
  return *spec->hold != '\0' && has_name (spec->hold, spec->program->model->parameters[parameter]);
}

/* Notes which parameter "c" or "c=0" holds, and puts its value, if there is one, behind
 * @values. */
static gboolean
parse_item (const AgRunSpec *spec,
            const char *item,
            gboolean *is_held,
            GString *values,
            GError **error)
{
  const AgModelClass *model = spec->program->model;
  const gsize length = strcspn (item, "=");
  g_autofree char *name = g_strstrip (g_strndup (item, length));
  const gint parameter = ag_model_class_find_parameter (model, name);

  if (parameter < 0)
    {
      g_set_error (error, AG_ERROR, AG_ERROR_ARGUMENT,
                   _ ("“%s” cannot be held: the program “%s” has no such parameter. Write names and, if "
                      "they are not given elsewhere, values, as “b,c=0”."),
                   name, spec->program->id);
      return FALSE;
    }
  is_held[parameter] = TRUE;
  if (item[length] == '=')
    g_string_append_printf (values, "%s%s", values->len > 0 ? "," : "", item);
  return TRUE;
}

/**
 * ag_run_spec_set_hold:
 * @spec: a specification, its program and initial values set
 * @text: names of parameters, each with a value or without, as "b,c=0"; an empty one for
 *   none
 * @error: return location for an %AG_ERROR_ARGUMENT
 *
 * Sets which parameters keep their initial values, whatever these are, and the values that
 * @text has.
 *
 * Returns: whether @text was understood; else @spec stays as it was
 */
gboolean
ag_run_spec_set_hold (AgRunSpec *spec,
                      const char *text,
                      GError **error)
{
  const AgModelClass *model = spec->program->model;
  g_autofree gboolean *is_held = g_new0 (gboolean, model->n_parameters);
  g_autofree char *stripped = g_strstrip (g_strdup (text));
  g_auto (GStrv) items = g_strsplit (stripped, ",", -1);
  g_autoptr (GString) values = g_string_new (NULL);
  g_autoptr (GString) names = g_string_new (NULL);

  for (gsize i = 0; items[i] != NULL; i++)
    if (!parse_item (spec, items[i], is_held, values, error))
      return FALSE;
  if (values->len > 0 && !ag_run_spec_add_init (spec, values->str, error))
    return FALSE;
  for (guint i = 0; i < model->n_parameters; i++)
    if (is_held[i])
      g_string_append_printf (names, "%s%s", names->len > 0 ? "," : "", model->parameters[i]);
  spec->hold = g_intern_string (names->str);
  return TRUE;
}
