/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "train-options.h"

#include "base/error.h"
#include "train/run-file.h"
#include "train/setting.h"

#include <string.h>

#define GROUP_RUN "Which run"
#define GROUP_OUTPUT "What comes out"

#define PLACE(field) G_STRUCT_OFFSET (ConvergeTrainOptions, field)

/* What the help calls the settings of each group. */
static const char *const headings[] = {
  [AG_SETTING_OF_OPTIMIZER] = "Options of the optimizers, with their defaults",
  [AG_SETTING_OF_PROGRAM] = "What is trained",
  [AG_SETTING_OF_TRAINING] = "How it is trained",
  [AG_SETTING_OF_DATA] = "What is fitted",
  [AG_SETTING_OF_START] = "Where it starts",
  [AG_SETTING_OF_NUMBERS] = "In which numbers",
  [AG_SETTING_OF_MACHINE] = "On what, and how fast",
};

/* What the help calls a value. */
static const char *const arguments_of_kinds[] = {
  [AG_SETTING_NUMBER] = "X",
  [AG_SETTING_FLAG] = NULL,
  [AG_SETTING_COUNT] = "N",
  [AG_SETTING_SEED] = "N",
  [AG_SETTING_CHOICE] = "ID",
  [AG_SETTING_TEXT] = "TEXT",
};

static gboolean
fail (GError **error,
      const char *format,
      ...) G_GNUC_PRINTF (2, 3);

static gboolean
fail (GError **error,
      const char *format,
      ...)
{
  va_list args;

  va_start (args, format);
  g_propagate_error (error, g_error_new_valist (AG_ERROR, AG_ERROR_ARGUMENT, format, args));
  va_end (args);
  return FALSE;
}

static gboolean
apply_log_every (ConvergeTrainOptions *options,
                 const char *value,
                 GError **error)
{
  static const AgSetting log_every = {
    .title = "Log every",
    .kind = AG_SETTING_COUNT,
    .minimum = 1,
    .maximum = AG_RUN_MAX_STEPS,
  };

  if (!ag_setting_parse_kind (&log_every, value, &options->log_every, error))
    return FALSE;
  options->loss_every = options->log_every;
  return TRUE;
}

/* The options that are no settings of the run. What needs no thought is put where @place
 * says. */
static const struct
{
  ConvergeOption option;
  gboolean (*apply) (ConvergeTrainOptions *options,
                     const char *value,
                     GError **error);
  gsize place;
} rows[] = {
  { { "from-run", 0, "FILE", FALSE, GROUP_RUN,
      "begin with the settings in a run.json, which further options override" },
    NULL,
    PLACE (from_run) },
  { { "log-every", 0, "N", FALSE, GROUP_OUTPUT,
      "print the loss each so many steps, and write only these losses into the file, which else "
      "has every one" },
    apply_log_every },
  { { "output", 'o', "FOLDER", FALSE, GROUP_OUTPUT,
      "write coefficients.csv, loss.csv, parameters.csv, fit.png and run.json into a folder" },
    NULL,
    PLACE (output) },
  { { "coefficients", 0, "FILE", FALSE, GROUP_OUTPUT, "write the coefficients into a CSV file" },
    NULL,
    PLACE (coefficients) },
  { { "loss-log", 0, "FILE", FALSE, GROUP_OUTPUT, "write the losses into a CSV file" },
    NULL,
    PLACE (loss_log) },
  { { "parameters", 0, "FILE", FALSE, GROUP_OUTPUT,
      "write the parameters over the steps into a CSV file" },
    NULL,
    PLACE (parameters) },
  { { "plot", 0, "FILE", FALSE, GROUP_OUTPUT,
      "draw fit and loss into a .png, .svg or .pdf file" },
    NULL,
    PLACE (plot) },
  { { "script", 0, "FILE", FALSE, GROUP_OUTPUT,
      "write the run as a program for PyTorch: a .py script, or an .ipynb notebook" },
    NULL,
    PLACE (script) },
  { { "quiet", 'q', NULL, FALSE, GROUP_OUTPUT, "say nothing but what went wrong" },
    NULL,
    PLACE (quiet) },
  { { "help", 'h', NULL, FALSE, GROUP_OUTPUT, "this text" }, NULL, PLACE (help) },
};

static gboolean
apply_row (ConvergeTrainOptions *options,
           guint row,
           const char *value,
           GError **error)
{
  if (rows[row].apply != NULL)
    return rows[row].apply (options, value, error);
  if (rows[row].option.argument != NULL)
    G_STRUCT_MEMBER (const char *, options, rows[row].place) = value;
  else
    G_STRUCT_MEMBER (gboolean, options, rows[row].place) = TRUE;
  return TRUE;
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
 * converge_train_option_table:
 *
 * Returns: (transfer full) (element-type ConvergeOption): the options of
 *   `converge train`: the settings that every run has, what comes out, and the options of
 *   the optimizers, each once
 */
GArray *
converge_train_option_table (void)
{
  GArray *table = g_array_new (FALSE, FALSE, sizeof (ConvergeOption));

  g_array_append_val (table, rows[0].option);
  for (guint i = 0; i < ag_setting_n (NULL); i++)
    add_setting (table, ag_setting_nth (NULL, i));
  for (guint i = 1; i < G_N_ELEMENTS (rows); i++)
    g_array_append_val (table, rows[i].option);
  for (guint i = 0; i < ag_optimizer_n_classes (); i++)
    for (guint j = 0; j < ag_optimizer_class_nth (i)->n_options; j++)
      add_setting (table, &ag_optimizer_class_nth (i)->options[j]);
  return table;
}

/* A setting that some run has, but not this one. */
static gboolean
fail_inapplicable (const AgRunSpec *spec,
                   const AgSetting *setting,
                   GError **error)
{
  return fail (error, "The program “%s” has no option “--%s”, %s.", spec->program->id, setting->id,
               setting->help);
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
  return fail (error, "The optimizer %s has no option “--%s”. It has %s.", klass->title, id,
               klass->n_options > 0 ? list : "none");
}

/* Formulas that are none are shown with what is wrong in them marked. */
static void
note_fault (ConvergeTrainOptions *options,
            const char *id,
            const char *value)
{
  const gboolean is_model = strcmp (id, "model") == 0;

  if (!is_model && strcmp (id, "target") != 0)
    return;
  options->fault = value;
  options->fault_kind = is_model ? AG_EXPRESSION_OF_PARAMETERS : AG_EXPRESSION_OF_X;
}

static gboolean
apply_setting (ConvergeTrainOptions *options,
               const AgSetting *setting,
               const char *value,
               GError **error)
{
  if (ag_setting_parse (setting, value, &options->spec, error))
    return TRUE;
  note_fault (options, setting->id, value);
  return FALSE;
}

/* An option is one of ours, a setting of the run, or an option of another optimizer. */
static gboolean
apply (ConvergeTrainOptions *options,
       const char *id,
       const char *value,
       GError **error)
{
  const AgSetting *setting = ag_setting_find (&options->spec, id);

  if (setting != NULL)
    return apply_setting (options, setting, value, error);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    if (strcmp (rows[i].option.id, id) == 0)
      return apply_row (options, i, value, error);
  setting = ag_setting_find (NULL, id);
  if (setting != NULL)
    return fail_inapplicable (&options->spec, setting, error);
  return fail_foreign (options->spec.optimizer, id, error);
}

/* Who gives a model means the program that takes one. */
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

static gboolean
apply_program (ConvergeTrainOptions *options,
               const GPtrArray *words,
               const char *standard,
               GError **error)
{
  const char *word = words->len > 0 ? g_ptr_array_index (words, 0) : standard;

  if (words->len > 1)
    return fail (error,
                 "One program can be trained at a time, not “%s” and “%s”. Name one of them.", word,
                 (const char *) g_ptr_array_index (words, 1));
  if (options->from_run == NULL)
    return ag_setting_parse (ag_setting_find (NULL, "program"), word, &options->spec, error);
  if (!ag_run_file_read (options->from_run, &options->spec, error))
    return FALSE;
  if (words->len == 0 || strcmp (word, options->spec.program->id) == 0)
    return TRUE;
  return fail (error, "The run in “%s” is of the program “%s”, not of “%s”. Name one of them.",
               options->from_run, options->spec.program->id, word);
}

/**
 * converge_train_options_parse:
 * @options: (out caller-allocates): what is asked for
 * @argv: (array zero-terminated=1): what was typed after “converge train”
 * @error: return location for an %AG_ERROR_ARGUMENT
 *
 * Reads the arguments of `converge train` and finds out whether a run can be
 * made with them.
 *
 * Returns: whether it can
 */
gboolean
converge_train_options_parse (ConvergeTrainOptions *options,
                              char *const *argv,
                              GError **error)
{
  g_autoptr (GArray) table = converge_train_option_table ();
  g_autoptr (ConvergeArguments) arguments = NULL;

  memset (options, 0, sizeof *options);
  arguments = converge_arguments_parse ("converge train", (const ConvergeOption *) table->data,
                                        table->len, argv, error);
  if (arguments == NULL)
    return FALSE;
  /* It is the first in the table, and what all others are applied to. */
  options->from_run = arguments->values[0];
  if (!apply_program (options, arguments->words, default_program (table, arguments), error))
    return FALSE;
  options->log_every = options->spec.program->log_every;
  options->loss_every = 1;
  for (guint i = 0; i < table->len; i++)
    if (arguments->values[i] != NULL
        && !apply (options, g_array_index (table, ConvergeOption, i).id, arguments->values[i],
                   error))
      return FALSE;
  return ag_run_spec_check (&options->spec, error);
}
