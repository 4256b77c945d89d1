/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "train/run-spec.h"

#include "base/number.h"

#include <math.h>
#include <string.h>

static void
append_number (GString *command,
               const char *option,
               double value)
{
  g_autofree char *number = ag_number_to_string (value);

  g_string_append_printf (command, " --%s %s", option, number);
}

static void
append_options (GString *command,
                const AgRunSpec *spec)
{
  for (guint i = 0; i < spec->optimizer->n_options; i++)
    {
      const AgOptimizerOption *option = &spec->optimizer->options[i];

      if (spec->options[i] == option->value)
        continue;
      if (!option->is_switch)
        append_number (command, option->id, spec->options[i]);
      else
        g_string_append_printf (command, " --%s%s", spec->options[i] != 0 ? "" : "no-",
                                option->id);
    }
}

static void
append_data (GString *command,
             const AgRunSpec *spec)
{
  AgRunSpec defaults;

  ag_run_spec_init (&defaults, spec->program);
  if (strcmp (spec->target, defaults.target) != 0)
    {
      g_autofree char *quoted = g_shell_quote (spec->target);

      g_string_append_printf (command, " --target %s", quoted);
    }
  if (spec->x_minimum != defaults.x_minimum)
    append_number (command, "from", spec->x_minimum);
  if (spec->x_maximum != defaults.x_maximum)
    append_number (command, "to", spec->x_maximum);
}

static void
append_init (GString *command,
             const AgRunSpec *spec)
{
  const char *separator = " --init ";

  if (spec->init == AG_INIT_PUBLISHED)
    g_string_append (command, " --init published");
  if (spec->init != AG_INIT_VALUES)
    return;
  for (guint i = 0; i < spec->program->model->n_parameters; i++)
    {
      g_autofree char *number = NULL;

      if (isnan (spec->values[i]))
        continue;
      number = ag_number_to_string (spec->values[i]);
      g_string_append_printf (command, "%s%s=%s", separator, spec->program->model->parameters[i],
                              number);
      separator = ",";
    }
}

/**
 * ag_run_spec_to_command:
 * @spec: a specification
 *
 * Returns: (transfer full): the command line that makes the same run
 */
char *
ag_run_spec_to_command (const AgRunSpec *spec)
{
  GString *command = g_string_new ("converge train ");

  g_string_append_printf (command, "%s --optimizer %s", spec->program->id, spec->optimizer->id);
  append_number (command, "lr", spec->learning_rate);
  append_options (command, spec);
  g_string_append_printf (command,
                          " --steps %" G_GINT64_FORMAT " --points %" G_GINT64_FORMAT
                          " --seed %" G_GUINT64_FORMAT " --dtype %s",
                          spec->steps, spec->points, spec->seed, ag_dtype_name (spec->dtype));
  append_data (command, spec);
  append_init (command, spec);
  g_string_append_printf (command, " --device %s", spec->device);
  if (spec->n_threads != 0)
    g_string_append_printf (command, " --threads %u", spec->n_threads);
  return g_string_free (command, FALSE);
}
