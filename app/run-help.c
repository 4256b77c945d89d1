/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run-options.h"

#include "base/number.h"
#include "table.h"

#include <string.h>

static void
append_programs (GString *help,
                 guint width)
{
  g_autoptr (ConvergeTable) table = converge_table_new (2);

  for (guint i = 0; i < ag_program_n_classes (); i++)
    {
      const AgProgramClass *program = ag_program_class_nth (i);

      converge_table_add (table, program->id, program->description, NULL);
    }
  g_string_append (help, "\nPrograms:\n");
  converge_table_append_to (table, help, width);
}

static char *
describe_option (const ConvergeOption *option)
{
  if (option->argument != NULL)
    return g_strdup_printf ("--%s %s", option->id, option->argument);
  return g_strdup_printf ("--%s%s", option->negatable ? "[no-]" : "", option->id);
}

/* "Momentum: sgd 0, rmsprop 0" */
static char *
describe_defaults (const ConvergeOption *option)
{
  GString *text = g_string_new (option->help);
  const char *separator = ": ";

  for (guint i = 0; i < ag_optimizer_n_classes (); i++)
    {
      const AgOptimizerClass *klass = ag_optimizer_class_nth (i);
      const gint index = ag_optimizer_class_find_option (klass, option->id);
      g_autofree char *number = NULL;

      if (index < 0)
        continue;
      number = ag_number_to_string (klass->options[index].value);
      if (klass->options[index].kind == AG_SETTING_FLAG)
        g_string_append_printf (text, "%s%s %s", separator, klass->id,
                                klass->options[index].value != 0 ? "on" : "off");
      else
        g_string_append_printf (text, "%s%s %s", separator, klass->id, number);
      separator = ", ";
    }
  return g_string_free (text, FALSE);
}

static void
append_group (GString *help,
              const GArray *options,
              guint first,
              guint n,
              guint width)
{
  g_autoptr (ConvergeTable) table = converge_table_new (2);

  for (guint i = first; i < first + n; i++)
    {
      const ConvergeOption *option = &g_array_index (options, ConvergeOption, i);
      g_autofree char *form = describe_option (option);
      g_autofree char *described = describe_defaults (option);
      g_autofree char *full = NULL;

      if (option->letter != 0)
        full = g_strdup_printf ("-%c, %s", option->letter, form);
      converge_table_add (table, full != NULL ? full : form, described, NULL);
    }
  g_string_append_printf (help, "\n%s:\n",
                          g_array_index (options, ConvergeOption, first).group);
  converge_table_append_to (table, help, width);
}

/**
 * converge_run_command_help:
 * @command: a command
 * @width: characters on a line; 0 for lines as long as they are
 *
 * Returns: (transfer full): what it prints with `--help`
 */
char *
converge_run_command_help (const ConvergeRunCommand *command,
                           guint width)
{
  g_autoptr (GArray) options = converge_run_command_table (command);
  GString *help = g_string_new (command->usage);

  g_string_append (help, "\n\n");
  converge_wrap (help, command->description, 0, width);
  append_programs (help, width);
  for (guint first = 0, i = 1; i <= options->len; i++)
    {
      const char *group = g_array_index (options, ConvergeOption, first).group;

      if (i < options->len && strcmp (g_array_index (options, ConvergeOption, i).group, group) == 0)
        continue;
      append_group (help, options, first, i - first, width);
      first = i;
    }
  g_string_append (help, "\n");
  converge_wrap (help, command->ending, 0, width);
  return g_string_free (help, FALSE);
}
