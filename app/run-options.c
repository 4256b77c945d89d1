/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run-options.h"

#include "console.h"

#include "base/error.h"
#include "train/run-file.h"
#include "train/setting.h"

#include <string.h>

/* The help has a heading for the settings of each group. */
static const char *const headings[] = {
  [AG_SETTING_OF_OPTIMIZER] = "Options of the optimizers, with their defaults",
  [AG_SETTING_OF_PROGRAM] = "What is trained",
  [AG_SETTING_OF_TRAINING] = "How it is trained",
  [AG_SETTING_OF_DATA] = "What is fitted",
  [AG_SETTING_OF_START] = "Where it starts",
  [AG_SETTING_OF_NUMBERS] = "In which numbers",
  [AG_SETTING_OF_MACHINE] = "On what, and how fast",
};

/* The help has a word for the value of each kind of setting. */
static const char *const arguments_of_kinds[] = {
  [AG_SETTING_NUMBER] = "X",
  [AG_SETTING_FLAG] = NULL,
  [AG_SETTING_COUNT] = "N",
  [AG_SETTING_SEED] = "N",
  [AG_SETTING_CHOICE] = "ID",
  [AG_SETTING_TEXT] = "TEXT",
};

/**
 * converge_run_options_fail:
 * @error: return location for an %AG_ERROR_ARGUMENT
 * @format: a sentence that says what is wrong with what was typed, and what to do
 *
 * Returns: %FALSE
 */
gboolean
converge_run_options_fail (GError **error,
                           const char *format,
                           ...)
{
  va_list args;

  va_start (args, format);
  g_propagate_error (error, g_error_new_valist (AG_ERROR, AG_ERROR_ARGUMENT, format, args));
  va_end (args);
  return FALSE;
}

/**
 * converge_own_option_apply:
 * @own: an option
 * @options: the command's struct
 * @value: what was given for it
 * @error: return location for an %AG_ERROR_ARGUMENT
 *
 * Returns: whether the value was understood
 */
gboolean
converge_own_option_apply (const ConvergeOwnOption *own,
                           gpointer options,
                           const char *value,
                           GError **error)
{
  if (own->apply != NULL)
    return own->apply (options, value, error);
  if (own->option.argument != NULL)
    G_STRUCT_MEMBER (const char *, options, own->place) = value;
  else
    G_STRUCT_MEMBER (gboolean, options, own->place) = TRUE;
  return TRUE;
}

/**
 * converge_run_command_find_own:
 * @command: a command
 * @id: id of an option
 *
 * Returns: (transfer none) (nullable): the option, if it is one of its own
 */
const ConvergeOwnOption *
converge_run_command_find_own (const ConvergeRunCommand *command,
                               const char *id)
{
  for (guint i = 0; i < command->n_own; i++)
    if (strcmp (command->own[i].option.id, id) == 0)
      return &command->own[i];
  return NULL;
}

static gboolean
has_option (const GArray *table,
            const char *id)
{
  for (guint i = 0; i < table->len; i++)
    if (strcmp (g_array_index (table, ConvergeOption, i).id, id) == 0)
      return TRUE;
  return FALSE;
}

static void
add_setting (GArray *table,
             const AgSetting *setting)
{
  const ConvergeOption option = {
    .id = setting->id,
    .argument = setting->argument != NULL ? setting->argument : arguments_of_kinds[setting->kind],
    .negatable = setting->kind == AG_SETTING_FLAG,
    .group = headings[setting->group],
    .help = setting->help != NULL ? setting->help : setting->title,
  };

  /* The program is a word of its own. */
  if (strcmp (setting->id, "program") != 0 && !has_option (table, setting->id))
    g_array_append_val (table, option);
}

/**
 * converge_run_command_table:
 * @command: a command
 *
 * Returns: (transfer full) (element-type ConvergeOption): its options: the settings that
 *   every run has, its own, and the options of the optimizers, each once
 */
GArray *
converge_run_command_table (const ConvergeRunCommand *command)
{
  GArray *table = g_array_new (FALSE, FALSE, sizeof (ConvergeOption));

  g_array_append_val (table, command->own[0].option);
  for (guint i = 0; i < ag_setting_n (NULL); i++)
    if (command->has_pace || ag_setting_nth (NULL, i)->mention != AG_SETTING_NEVER)
      add_setting (table, ag_setting_nth (NULL, i));
  for (guint i = 1; i < command->n_own; i++)
    g_array_append_val (table, command->own[i].option);
  for (guint i = 0; i < ag_optimizer_n_classes (); i++)
    for (guint j = 0; j < ag_optimizer_class_nth (i)->n_options; j++)
      add_setting (table, &ag_optimizer_class_nth (i)->options[j]);
  return table;
}

static gboolean
fail_foreign (const AgOptimizerClass *klass,
              const char *id,
              GError **error)
{
  const char *names[AG_OPTIMIZER_MAX_OPTIONS + 1] = { NULL };
  g_autofree char *list = NULL;

  for (guint i = 0; i < klass->n_options; i++)
    names[i] = klass->options[i].id;
  list = converge_join ("--", names);
  return converge_run_options_fail (error, "The optimizer %s has no option “--%s”. It has %s.",
                                    klass->title, id, klass->n_options > 0 ? list : "none");
}

/**
 * converge_run_options_fail_inapplicable:
 * @spec: a run
 * @id: an option that it has not, though another run has
 * @error: return location for an %AG_ERROR_ARGUMENT
 *
 * Returns: %FALSE
 */
gboolean
converge_run_options_fail_inapplicable (const AgRunSpec *spec,
                                        const char *id,
                                        GError **error)
{
  const AgSetting *setting = ag_setting_find (NULL, id);

  if (setting == NULL)
    return fail_foreign (spec->optimizer, id, error);
  return converge_run_options_fail (error, "The program “%s” has no option “--%s”, %s.",
                                    spec->program->id, id, setting->help);
}

/**
 * converge_run_options_apply_setting:
 * @setting: a setting of @spec
 * @value: what was given for it
 * @spec: (inout): the run
 * @fault: (out): the text, if it is meant as a formula and is none
 * @error: return location for an %AG_ERROR_ARGUMENT
 *
 * Returns: whether the value was understood
 */
gboolean
converge_run_options_apply_setting (const AgSetting *setting,
                                    const char *value,
                                    AgRunSpec *spec,
                                    ConvergeFault *fault,
                                    GError **error)
{
  const gboolean is_model = strcmp (setting->id, "model") == 0;

  if (ag_setting_parse (setting, value, spec, error))
    return TRUE;
  if (is_model || strcmp (setting->id, "target") == 0)
    *fault = (ConvergeFault){ value, is_model ? AG_EXPRESSION_OF_PARAMETERS : AG_EXPRESSION_OF_X };
  return FALSE;
}

/**
 * converge_fault_mark:
 * @fault: what was found
 *
 * Shows a formula that is none with what is wrong in it marked.
 */
void
converge_fault_mark (const ConvergeFault *fault)
{
  gsize begin, end;

  if (fault->text != NULL && ag_expression_find_fault (fault->text, fault->kind, &begin, &end))
    converge_mark (fault->text, begin, end);
}

/* A command with a model and without a program means the program that takes models. */
static const char *
default_program (const GArray *table,
                 const ConvergeArguments *arguments)
{
  for (guint i = 0; i < table->len; i++)
    if (strcmp (g_array_index (table, ConvergeOption, i).id, "model") == 0
        && arguments->values[i] != NULL)
      return "formula";
  return CONVERGE_DEFAULT_PROGRAM;
}

/**
 * converge_run_command_apply_program:
 * @table: the command's options
 * @arguments: what was typed
 * @spec: (out caller-allocates): the run
 * @error: return location for an %AG_ERROR_ARGUMENT
 *
 * Sets the run to that of the file that is to be begun with, or to what the program begins
 * with.
 *
 * Returns: whether there is such a run
 */
gboolean
converge_run_command_apply_program (const GArray *table,
                                    const ConvergeArguments *arguments,
                                    AgRunSpec *spec,
                                    GError **error)
{
  const GPtrArray *words = arguments->words;
  /* It is the first in the table, and what all others are applied to. */
  const char *from_run = arguments->values[0];
  const char *word
    = words->len > 0 ? g_ptr_array_index (words, 0) : default_program (table, arguments);

  if (words->len > 1)
    return converge_run_options_fail (
      error, "One program can be trained at a time, not “%s” and “%s”. Name one of them.", word,
      (const char *) g_ptr_array_index (words, 1));
  if (from_run == NULL)
    return ag_setting_parse (ag_setting_find (NULL, "program"), word, spec, error);
  if (!ag_run_file_read (from_run, spec, error))
    return FALSE;
  if (words->len == 0 || strcmp (word, spec->program->id) == 0)
    return TRUE;
  return converge_run_options_fail (
    error, "The run in “%s” is of the program “%s”, not of “%s”. Name one of them.", from_run,
    spec->program->id, word);
}

/**
 * converge_run_options_check_used:
 * @spec: the run that was typed
 * @table: (element-type ConvergeOption): the command's options
 * @arguments: what was typed for them
 * @error: return location for an %AG_ERROR_ARGUMENT
 *
 * An option that would change nothing is an error, since it was typed by mistake.
 *
 * Returns: whether each setting that was typed counts
 */
gboolean
converge_run_options_check_used (const AgRunSpec *spec,
                                 const GArray *table,
                                 const ConvergeArguments *arguments,
                                 GError **error)
{
  for (guint i = 0; i < table->len; i++)
    {
      const char *id = g_array_index (table, ConvergeOption, i).id;
      const AgSetting *setting = ag_setting_find (spec, id);

      if (arguments->values[i] != NULL && setting != NULL && !ag_setting_is_used (setting, spec))
        return converge_run_options_fail (error, "“--%s” changes nothing: %s. Leave it out.", id,
                                          setting->why_unused (spec));
    }
  return TRUE;
}

/* An option is one of the command's, a setting of the run, or one of another run. */
static gboolean
apply_option (const ConvergeRunCommand *command,
              const char *id,
              const char *value,
              gpointer options,
              AgRunSpec *spec,
              ConvergeFault *fault,
              GError **error)
{
  const AgSetting *setting = ag_setting_find (spec, id);
  const ConvergeOwnOption *own = converge_run_command_find_own (command, id);

  if (setting != NULL)
    return converge_run_options_apply_setting (setting, value, spec, fault, error);
  if (own != NULL)
    return converge_own_option_apply (own, options, value, error);
  return converge_run_options_fail_inapplicable (spec, id, error);
}

static gboolean
apply_options (const ConvergeRunCommand *command,
               const GArray *table,
               const ConvergeArguments *arguments,
               gpointer options,
               AgRunSpec *spec,
               ConvergeFault *fault,
               GError **error)
{
  for (guint i = 0; i < table->len; i++)
    if (arguments->values[i] != NULL
        && !apply_option (command, g_array_index (table, ConvergeOption, i).id,
                          arguments->values[i], options, spec, fault, error))
      return FALSE;
  return TRUE;
}

/**
 * converge_run_command_parse:
 * @command: a command about a single run
 * @argv: (array zero-terminated=1): what was typed after it
 * @options: the command's struct, with what its own options are if nothing is said
 * @spec: (out caller-allocates): the run, as a rule in that struct
 * @fault: what is no formula, if that is what is wrong
 * @error: return location for an %AG_ERROR_ARGUMENT
 *
 * Reads the arguments of a command: its own options and the settings of the run.
 *
 * Returns: whether the run can be made
 */
gboolean
converge_run_command_parse (const ConvergeRunCommand *command,
                            char *const *argv,
                            gpointer options,
                            AgRunSpec *spec,
                            ConvergeFault *fault,
                            GError **error)
{
  g_autoptr (GArray) table = converge_run_command_table (command);
  g_autoptr (ConvergeArguments) arguments
    = converge_arguments_parse (command->name, (const ConvergeOption *) table->data, table->len,
                                argv, error);

  return arguments != NULL
         && converge_run_command_apply_program (table, arguments, spec, error)
         && apply_options (command, table, arguments, options, spec, fault, error)
         && converge_run_options_check_used (spec, table, arguments, error)
         && ag_run_spec_check (spec, error);
}
