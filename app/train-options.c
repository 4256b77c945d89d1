/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "train-options.h"

#include "base/error.h"
#include "base/number.h"
#include "data/expression.h"
#include "device/device.h"

#include <math.h>
#include <string.h>

#define GROUP_RUN "What is trained"
#define GROUP_MACHINE "How it is trained"
#define GROUP_OUTPUT "What comes out"
#define GROUP_OPTIMIZER "Options of the optimizers, with their defaults"

#define PLACE(field) G_STRUCT_OFFSET (ConvergeTrainOptions, field)

/* Names for an error: each registry's ids. */
#define MAX_NAMES 64

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

/* Takes "1e6" too. */
static gboolean
parse_count (const char *what,
             const char *text,
             gint64 least,
             gint64 most,
             gint64 *count,
             GError **error)
{
  double number;

  if (g_ascii_string_to_signed (text, 10, least, most, count, NULL))
    return TRUE;
  if (ag_number_parse (text, &number) && number == floor (number) && number >= (double) least
      && number <= (double) most)
    {
      *count = (gint64) number;
      return TRUE;
    }
  return fail (error,
               "The number of %s cannot be “%s”. Give a whole number from %" G_GINT64_FORMAT
               " to %" G_GINT64_FORMAT ".",
               what, text, least, most);
}

static gboolean
apply_optimizer (ConvergeTrainOptions *options,
                 const char *value,
                 GError **error)
{
  const AgOptimizerClass *klass = ag_optimizer_class_find (value);
  const char *names[MAX_NAMES + 1] = { NULL };

  if (klass != NULL)
    {
      ag_run_spec_set_optimizer (&options->spec, klass);
      return TRUE;
    }
  for (guint i = 0; i < MIN (ag_optimizer_n_classes (), MAX_NAMES); i++)
    names[i] = ag_optimizer_class_nth (i)->id;
  converge_set_unknown (error, "optimizer", value, names);
  return FALSE;
}

static gboolean
apply_lr (ConvergeTrainOptions *options,
          const char *value,
          GError **error)
{
  if (ag_number_parse (value, &options->spec.learning_rate) && options->spec.learning_rate > 0)
    return TRUE;
  return fail (error,
               "The learning rate cannot be “%s”. Give a number above 0, such as “1e-6”.", value);
}

static gboolean
apply_steps (ConvergeTrainOptions *options,
             const char *value,
             GError **error)
{
  return parse_count ("steps", value, 1, AG_RUN_MAX_STEPS, &options->spec.steps, error);
}

static gboolean
apply_target (ConvergeTrainOptions *options,
              const char *value,
              GError **error)
{
  return ag_run_spec_set_target (&options->spec, value, error);
}

static gboolean
apply_from (ConvergeTrainOptions *options,
            const char *value,
            GError **error)
{
  return ag_expression_parse_number (value, &options->spec.x_minimum, error);
}

static gboolean
apply_to (ConvergeTrainOptions *options,
          const char *value,
          GError **error)
{
  return ag_expression_parse_number (value, &options->spec.x_maximum, error);
}

static gboolean
apply_points (ConvergeTrainOptions *options,
              const char *value,
              GError **error)
{
  return parse_count ("points", value, 2, AG_RUN_MAX_POINTS, &options->spec.points, error);
}

static gboolean
apply_seed (ConvergeTrainOptions *options,
            const char *value,
            GError **error)
{
  const AgProgramClass *program = options->spec.program;
  const guint64 most = ag_generator_max_seed (program->generator);

  if (g_ascii_string_to_unsigned (value, 10, 0, most, &options->spec.seed, NULL))
    return TRUE;
  return fail (error,
               "The seed of the program “%s” cannot be “%s”. Give a whole number from 0 to "
               "%" G_GUINT64_FORMAT ".",
               program->id, value, most);
}

static gboolean
apply_dtype (ConvergeTrainOptions *options,
             const char *value,
             GError **error)
{
  const char *names[AG_N_DTYPES + 1] = { NULL };
  AgDType dtype;
  guint n_names = 0;

  if (ag_dtype_from_name (value, &dtype) && ag_dtype_is_float (dtype))
    {
      options->spec.dtype = dtype;
      return TRUE;
    }
  for (guint i = 0; i < AG_N_DTYPES; i++)
    if (ag_dtype_is_float ((AgDType) i))
      names[n_names++] = ag_dtype_name ((AgDType) i);
  converge_set_unknown (error, "type", value, names);
  return FALSE;
}

static gboolean
apply_init (ConvergeTrainOptions *options,
            const char *value,
            GError **error)
{
  return ag_run_spec_parse_init (&options->spec, value, error);
}

static gboolean
apply_device (ConvergeTrainOptions *options,
              const char *value,
              GError **error)
{
  g_autoptr (GPtrArray) devices = ag_device_list ();
  const char *names[MAX_NAMES + 1] = { NULL };

  for (guint i = 0; i < MIN (devices->len, MAX_NAMES); i++)
    {
      const AgDeviceInfo *info = g_ptr_array_index (devices, i);

      names[i] = info->id;
      if (strcmp (info->id, value) == 0)
        {
          options->spec.device = g_intern_string (info->id);
          return TRUE;
        }
    }
  converge_set_unknown (error, "device", value, names);
  return FALSE;
}

static gboolean
apply_threads (ConvergeTrainOptions *options,
               const char *value,
               GError **error)
{
  gint64 n_threads;

  if (!parse_count ("threads", value, 0, AG_RUN_MAX_THREADS, &n_threads, error))
    return FALSE;
  options->spec.n_threads = (guint) n_threads;
  return TRUE;
}

static gboolean
apply_pace (ConvergeTrainOptions *options,
            const char *value,
            GError **error)
{
  if (ag_number_parse (value, &options->spec.pace))
    return ag_run_spec_pace_check (options->spec.pace, error);
  return fail (error,
               "The pace cannot be “%s”. Give steps per second, such as “250”, or 0 for no limit.",
               value);
}

static gboolean
apply_log_every (ConvergeTrainOptions *options,
                 const char *value,
                 GError **error)
{
  if (!parse_count ("steps for each line", value, 1, AG_RUN_MAX_STEPS, &options->log_every, error))
    return FALSE;
  options->loss_every = options->log_every;
  return TRUE;
}

/* Applied in this order, so the optimizer, which brings its own learning
 * rate, is before it. What needs no thought is put where @place says. */
static const struct
{
  ConvergeOption option;
  gboolean (*apply) (ConvergeTrainOptions *options,
                     const char *value,
                     GError **error);
  gsize place;
} rows[] = {
  { { "optimizer", 0, "ID", FALSE, GROUP_RUN,
      "which optimizer, with its defaults below whatever the program has; the learning rate "
      "is one that suits both, which “converge list rates” shows" },
    apply_optimizer },
  { { "lr", 0, "X", FALSE, GROUP_RUN, "the learning rate" }, apply_lr },
  { { "steps", 0, "N", FALSE, GROUP_RUN, "how many steps to take" }, apply_steps },
  { { "target", 0, "FORMULA", FALSE, GROUP_RUN, "the function of x to fit; “sin(x)”" },
    apply_target },
  { { "from", 0, "X", FALSE, GROUP_RUN, "where the points begin; -pi" }, apply_from },
  { { "to", 0, "X", FALSE, GROUP_RUN, "where they end; pi" }, apply_to },
  { { "points", 0, "N", FALSE, GROUP_RUN, "how many points to fit; 2000" }, apply_points },
  { { "seed", 0, "N", FALSE, GROUP_RUN,
      "seed of the random numbers, up to 2^64 − 1, of “numpy” up to 2^32 − 1; 0" },
    apply_seed },
  { { "dtype", 0, "TYPE", FALSE, GROUP_RUN, "float32 or float64" }, apply_dtype },
  { { "init", 0, "HOW", FALSE, GROUP_RUN,
      "initial values: “seed”, drawn as PyTorch or NumPy does; “published”, those of the "
      "tutorial's printed run; or some of them, as “a=0.5,b=-1”" },
    apply_init },
  { { "device", 0, "ID", FALSE, GROUP_MACHINE, "which device; cpu" }, apply_device },
  { { "threads", 0, "N", FALSE, GROUP_MACHINE, "threads of the processor; 0 for as many as pay" },
    apply_threads },
  { { "pace", 0, "X", FALSE, GROUP_MACHINE, "take at most so many steps per second" }, apply_pace },
  { { "log-every", 0, "N", FALSE, GROUP_OUTPUT,
      "print the loss each so many steps, and keep as many in the loss file, which else has "
      "each step" },
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

/**
 * converge_train_option_table:
 *
 * Returns: (transfer full) (element-type ConvergeOption): the options of
 *   `converge train`: its own, and then those of the optimizers, each once
 */
GArray *
converge_train_option_table (void)
{
  GArray *table = g_array_new (FALSE, FALSE, sizeof (ConvergeOption));

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    g_array_append_val (table, rows[i].option);
  for (guint i = 0; i < ag_optimizer_n_classes (); i++)
    {
      const AgOptimizerClass *klass = ag_optimizer_class_nth (i);

      for (guint j = 0; j < klass->n_options; j++)
        {
          const AgOptimizerOption *info = &klass->options[j];
          const ConvergeOption option = {
            .id = info->id,
            .argument = info->is_switch ? NULL : "X",
            .negatable = info->is_switch,
            .group = GROUP_OPTIMIZER,
            .help = info->title,
          };

          if (!has_option (table, info->id))
            g_array_append_val (table, option);
        }
    }
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
  return fail (error, "The optimizer %s has no option “--%s”. It has %s.", klass->title, id,
               klass->n_options > 0 ? list : "none");
}

static gboolean
apply_optimizer_option (AgRunSpec *spec,
                        const char *id,
                        const char *value,
                        GError **error)
{
  const AgOptimizerClass *klass = spec->optimizer;
  const gint option = ag_optimizer_class_find_option (klass, id);

  if (option < 0)
    return fail_foreign (klass, id, error);
  if (!ag_number_parse (value, &spec->options[option]))
    return fail (error, "The option “--%s” cannot be “%s”. Give a number, such as “0.5”.", id,
                 value);
  return ag_optimizer_option_check (klass, (guint) option, spec->options[option], error);
}

static const AgProgramClass *
find_program (const GPtrArray *words,
              GError **error)
{
  const char *names[MAX_NAMES + 1] = { NULL };
  const char *word = words->len > 0 ? g_ptr_array_index (words, 0) : CONVERGE_DEFAULT_PROGRAM;
  const AgProgramClass *program = ag_program_class_find (word);

  if (words->len > 1)
    {
      fail (error, "One program can be trained at a time, not “%s” and “%s”. Name one of them.",
            word, (const char *) g_ptr_array_index (words, 1));
      return NULL;
    }
  if (program != NULL)
    return program;
  for (guint i = 0; i < MIN (ag_program_n_classes (), MAX_NAMES); i++)
    names[i] = ag_program_class_nth (i)->id;
  converge_set_unknown (error, "program", word, names);
  return NULL;
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
  const AgProgramClass *program;

  memset (options, 0, sizeof *options);
  arguments = converge_arguments_parse ("converge train", (const ConvergeOption *) table->data,
                                        table->len, argv, error);
  if (arguments == NULL)
    return FALSE;
  program = find_program (arguments->words, error);
  if (program == NULL)
    return FALSE;

  ag_run_spec_init (&options->spec, program);
  options->log_every = program->log_every;
  options->loss_every = 1;
  for (guint i = 0; i < table->len; i++)
    {
      const char *value = arguments->values[i];

      if (value == NULL)
        continue;
      if (i < G_N_ELEMENTS (rows) && !apply_row (options, i, value, error))
        return FALSE;
      if (i >= G_N_ELEMENTS (rows)
          && !apply_optimizer_option (&options->spec,
                                      g_array_index (table, ConvergeOption, i).id, value, error))
        return FALSE;
    }
  return ag_run_spec_check (&options->spec, error);
}
