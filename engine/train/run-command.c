/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "train/run.h"

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
                const AgRun *run)
{
  for (guint i = 0; i < run->optimizer->n_options; i++)
    {
      const AgOptimizerOption *option = &run->optimizer->options[i];

      if (run->options[i] == option->value)
        continue;
      if (!option->is_switch)
        append_number (command, option->id, run->options[i]);
      else
        g_string_append_printf (command, " --%s%s", run->options[i] != 0 ? "" : "no-",
                                option->id);
    }
}

static void
append_data (GString *command,
             const AgRun *run)
{
  AgRun defaults;

  ag_run_init (&defaults, run->program);
  if (strcmp (run->target, defaults.target) != 0)
    {
      g_autofree char *quoted = g_shell_quote (run->target);

      g_string_append_printf (command, " --target %s", quoted);
    }
  if (run->x_minimum != defaults.x_minimum)
    append_number (command, "from", run->x_minimum);
  if (run->x_maximum != defaults.x_maximum)
    append_number (command, "to", run->x_maximum);
}

static void
append_init (GString *command,
             const AgRun *run)
{
  const char *separator = " --init ";

  if (run->init == AG_INIT_PUBLISHED)
    g_string_append (command, " --init published");
  if (run->init != AG_INIT_VALUES)
    return;
  for (guint i = 0; i < run->program->n_parameters; i++)
    {
      g_autofree char *number = NULL;

      if (isnan (run->values[i]))
        continue;
      number = ag_number_to_string (run->values[i]);
      g_string_append_printf (command, "%s%s=%s", separator, run->program->parameters[i].name,
                              number);
      separator = ",";
    }
}

/**
 * ag_run_to_command:
 * @run: a run
 *
 * Returns: (transfer full): the command line that makes the same run
 */
char *
ag_run_to_command (const AgRun *run)
{
  GString *command = g_string_new ("converge train ");

  g_string_append_printf (command, "%s --optimizer %s", run->program->id, run->optimizer->id);
  append_number (command, "lr", run->learning_rate);
  append_options (command, run);
  g_string_append_printf (command,
                          " --steps %" G_GINT64_FORMAT " --points %" G_GINT64_FORMAT
                          " --seed %" G_GUINT64_FORMAT " --dtype %s",
                          run->steps, run->points, run->seed, ag_dtype_name (run->dtype));
  append_data (command, run);
  append_init (command, run);
  g_string_append_printf (command, " --device %s", run->device);
  if (run->n_threads != 0)
    g_string_append_printf (command, " --threads %u", run->n_threads);
  return g_string_free (command, FALSE);
}
