/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "commands.h"

#include "arguments.h"
#include "console.h"
#include "table.h"

#include "base/number.h"
#include "data/sample.h"
#include "device/device.h"
#include "optim/optimizer.h"
#include "program/program.h"
#include "train/run-spec.h"

#include <string.h>
#include <unistd.h>

static void
list_programs (GString *text,
               guint width)
{
  g_autoptr (ConvergeTable) table = converge_table_new (6);

  converge_table_add (table, "PROGRAM", "OPTIMIZER", "LR", "STEPS", "TYPE", "DESCRIPTION", NULL);
  for (guint i = 0; i < ag_program_n_classes (); i++)
    {
      const AgProgramClass *program = ag_program_class_nth (i);
      g_autofree char *rate = ag_number_to_string (program->lr);
      g_autofree char *steps = g_strdup_printf ("%" G_GINT64_FORMAT, program->steps);
      g_autofree char *optimizer = g_strjoin (" ", program->optimizer, program->options, NULL);
      g_autofree char *description = g_strjoin (" – ", program->title, program->description, NULL);

      converge_table_add (table, program->id, optimizer, rate, steps,
                          ag_dtype_name (program->dtype), description, NULL);
    }
  converge_table_append_to (table, text, width);
}

static char *
describe_options (const AgOptimizerClass *klass)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < klass->n_options; i++)
    {
      const AgSetting *option = &klass->options[i];
      g_autofree char *number = ag_number_to_string (option->value);
      const char *state = option->value != 0 ? "on" : "off";

      g_string_append_printf (text, "%s%s=%s", i > 0 ? " " : "", option->id,
                              option->kind == AG_SETTING_FLAG ? state : number);
    }
  return g_string_free (text, FALSE);
}

static void
list_optimizers (GString *text,
                 guint width)
{
  g_autoptr (ConvergeTable) table = converge_table_new (4);

  converge_table_add (table, "OPTIMIZER", "TITLE", "LR", "OPTIONS", NULL);
  for (guint i = 0; i < ag_optimizer_n_classes (); i++)
    {
      const AgOptimizerClass *klass = ag_optimizer_class_nth (i);
      g_autofree char *rate = ag_number_to_string (klass->lr);
      g_autofree char *options = describe_options (klass);

      converge_table_add (table, klass->id, klass->title, rate, options, NULL);
    }
  converge_table_append_to (table, text, width);
}

/* With which a run begins if nobody gives another. */
static char *
describe_rates (const AgProgramClass *program)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < ag_optimizer_n_classes (); i++)
    {
      const AgOptimizerClass *optimizer = ag_optimizer_class_nth (i);
      g_autofree char *rate = ag_number_to_string (ag_run_spec_default_rate (program, optimizer));

      g_string_append_printf (text, "%s%s=%s", i > 0 ? " " : "", optimizer->id, rate);
    }
  return g_string_free (text, FALSE);
}

static void
list_rates (GString *text,
            guint width)
{
  g_autoptr (ConvergeTable) table = converge_table_new (2);

  converge_table_add (table, "PROGRAM", "LR WITH EACH OPTIMIZER", NULL);
  for (guint i = 0; i < ag_program_n_classes (); i++)
    {
      g_autofree char *rates = describe_rates (ag_program_class_nth (i));

      converge_table_add (table, ag_program_class_nth (i)->id, rates, NULL);
    }
  converge_table_append_to (table, text, width);
}

static void
add_state (ConvergeTable *table,
           const char *id,
           const char *title,
           gboolean is_available,
           const char *reason)
{
  g_autofree char *missing = g_strdup_printf ("not available: %s", reason);

  converge_table_add (table, id, title, is_available ? "available" : missing, NULL);
}

static void
list_devices (GString *text,
              guint width)
{
  g_autoptr (ConvergeTable) table = converge_table_new (3);
  g_autoptr (GPtrArray) devices = ag_device_list ();

  converge_table_add (table, "DEVICE", "TITLE", "STATE", NULL);
  for (guint i = 0; i < devices->len; i++)
    {
      const AgDeviceInfo *info = g_ptr_array_index (devices, i);

      add_state (table, info->id, info->title, info->available, info->reason);
    }
  converge_table_append_to (table, text, width);
}

static void
list_engines (GString *text,
              guint width)
{
  g_autoptr (ConvergeTable) table = converge_table_new (3);
  g_autoptr (GPtrArray) engines = ag_loop_engine_list ();

  converge_table_add (table, "ENGINE", "WHAT IT RUNS", "STATE", NULL);
  for (guint i = 0; i < engines->len; i++)
    {
      const AgLoopEngineInfo *info = g_ptr_array_index (engines, i);

      add_state (table, info->id, info->title, info->available, info->reason);
    }
  converge_table_append_to (table, text, width);
}

static void
list_samples (GString *text,
              guint width)
{
  g_autoptr (ConvergeTable) table = converge_table_new (4);
  const AgSample *sample;

  converge_table_add (table, "DATA", "TITLE", "MODEL", "STORY", NULL);
  for (guint i = 0; (sample = ag_sample_nth (i)) != NULL; i++)
    {
      g_autofree char *path = g_strconcat (AG_SAMPLE_PREFIX, sample->id, NULL);

      converge_table_add (table, path, sample->title, sample->model, sample->story, NULL);
    }
  converge_table_append_to (table, text, width);
}

static const struct
{
  const char *name;
  void (*list) (GString *text,
                guint width);
} lists[] = {
  { "programs", list_programs },
  { "optimizers", list_optimizers },
  { "rates", list_rates },
  { "samples", list_samples },
  { "devices", list_devices },
  { "engines", list_engines },
};

static const char list_help[] = {
  "Usage: converge list [programs|optimizers|rates|samples|devices|engines]…\n"
  "\n"
  "Shows what there is to train, to train with and to train on, each with its\n"
  "defaults, data to try, and what runs the loops of a step on the processor.\n"
  "Without an argument it shows all.\n"
};

/* A word may also be typed as an option; after the first they follow @lists. */
static const ConvergeOption list_options[] = {
  { "help", 'h', NULL, FALSE, NULL, "this text" },
  { "programs", 0, NULL, FALSE, NULL, "what there is to train" },
  { "optimizers", 0, NULL, FALSE, NULL, "what to train with" },
  { "rates", 0, NULL, FALSE, NULL, "with which learning rate a run begins" },
  { "samples", 0, NULL, FALSE, NULL, "data to try" },
  { "devices", 0, NULL, FALSE, NULL, "what to train on" },
  { "engines", 0, NULL, FALSE, NULL, "what runs the loops of a step" },
};

G_STATIC_ASSERT (G_N_ELEMENTS (list_options) == G_N_ELEMENTS (lists) + 1);

static gboolean
is_wanted (const ConvergeArguments *arguments,
           guint list)
{
  return arguments->values[1 + list] != NULL
         || g_ptr_array_find_with_equal_func (arguments->words, lists[list].name, g_str_equal,
                                              NULL);
}

static gboolean
check_words (const GPtrArray *words,
             GError **error)
{
  const char *names[G_N_ELEMENTS (lists) + 1] = { NULL };

  for (guint i = 0; i < G_N_ELEMENTS (lists); i++)
    names[i] = lists[i].name;
  for (guint i = 0; i < words->len; i++)
    if (!g_strv_contains (names, g_ptr_array_index (words, i)))
      {
        converge_set_unknown (error, "list", g_ptr_array_index (words, i), names);
        return FALSE;
      }
  return TRUE;
}

/**
 * converge_command_list:
 * @argv: (array zero-terminated=1): what was typed after “converge list”
 *
 * Prints what the registries have.
 *
 * Returns: the exit status
 */
int
converge_command_list (char *const *argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ConvergeArguments) arguments = NULL;
  g_autoptr (GString) text = g_string_new (NULL);
  const guint width = converge_columns (STDOUT_FILENO, 0);
  gboolean is_any_wanted = FALSE;

  arguments = converge_arguments_parse ("converge list", list_options,
                                        G_N_ELEMENTS (list_options), argv, &error);
  if (arguments == NULL || !check_words (arguments->words, &error))
    {
      converge_complain (error);
      return CONVERGE_EXIT_USAGE;
    }
  if (arguments->values[0] != NULL)
    return converge_print (list_help);

  for (guint i = 0; i < G_N_ELEMENTS (lists); i++)
    is_any_wanted |= is_wanted (arguments, i);
  for (guint i = 0; i < G_N_ELEMENTS (lists); i++)
    {
      if (is_any_wanted && !is_wanted (arguments, i))
        continue;
      if (text->len > 0)
        g_string_append_c (text, '\n');
      lists[i].list (text, width);
    }
  return converge_print (text->str);
}
