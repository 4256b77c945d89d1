/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "converge-settings-private.h"

#include <math.h>
#include <string.h>

/* The initial value of each parameter as something that is typed by itself: a part of the
 * setting “init”, with an id of its own. */

#define PREFIX "init:"

/**
 * converge_settings_initial_id:
 * @parameter: name of a parameter
 *
 * Returns: (transfer none): the id of its initial value, which lives as long as the process
 */
const char *
converge_settings_initial_id (const char *parameter)
{
  g_autofree char *id = g_strconcat (PREFIX, parameter, NULL);

  return g_intern_string (id);
}

/**
 * converge_settings_find_initial:
 * @self: the settings
 * @id: an id
 *
 * Returns: number of the parameter whose initial value has that id, −1 if it is none of the
 *   run's
 */
gint
converge_settings_find_initial (ConvergeSettings *self,
                                const char *id)
{
  if (!g_str_has_prefix (id, PREFIX))
    return -1;
  return ag_model_class_find_parameter (self->spec.program->model, id + strlen (PREFIX));
}

/**
 * converge_settings_get_initial:
 * @self: the settings
 * @parameter: number of a parameter
 *
 * Returns: (transfer full): its initial value as it is typed, an empty text if it is drawn
 */
char *
converge_settings_get_initial (ConvergeSettings *self,
                               guint parameter)
{
  static const AgSetting number = { .kind = AG_SETTING_NUMBER };
  g_autofree double *values = ag_run_spec_init_values (&self->spec);

  return values == NULL || isnan (values[parameter])
           ? g_strdup ("")
           : ag_setting_format_kind (&number, &values[parameter]);
}

/**
 * converge_settings_write_initial:
 * @self: the settings
 * @parameter: number of a parameter
 * @text: what was typed for its initial value; nothing if it is to be drawn
 *
 * Returns: (transfer full): what the setting “init” becomes by that
 */
char *
converge_settings_write_initial (ConvergeSettings *self,
                                 guint parameter,
                                 const char *text)
{
  const AgModelClass *model = self->spec.program->model;
  g_autofree char *stripped = g_strstrip (g_strdup (text));
  GString *init = g_string_new (NULL);

  for (guint i = 0; i < model->n_parameters; i++)
    {
      g_autofree char *value = i == parameter ? g_strdup (stripped)
                                              : converge_settings_get_initial (self, i);

      if (*value != '\0')
        g_string_append_printf (init, "%s%s=%s", init->len > 0 ? "," : "", model->parameters[i],
                                value);
    }
  if (init->len == 0)
    g_string_append (init, "seed");
  return g_string_free (init, FALSE);
}
