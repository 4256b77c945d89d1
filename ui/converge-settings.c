/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "converge-settings.h"

#include "graph/graph.h"
#include "tensor/number.h"

#include <math.h>
#include <string.h>

/* Unhurried: the default run is to take about so many seconds. */
#define DEFAULT_SECONDS 8

struct _ConvergeSettings
{
  GObject parent_instance;

  AgRun run;
  char *init;
  char *field_errors[CONVERGE_N_FIELDS];
  char *error;
};

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ConvergeSettings, converge_settings, G_TYPE_OBJECT)

static void
converge_settings_finalize (GObject *object)
{
  ConvergeSettings *self = CONVERGE_SETTINGS (object);

  g_free (self->init);
  g_free (self->error);
  for (guint i = 0; i < CONVERGE_N_FIELDS; i++)
    g_free (self->field_errors[i]);
  G_OBJECT_CLASS (converge_settings_parent_class)->finalize (object);
}

static void
converge_settings_class_init (ConvergeSettingsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = converge_settings_finalize;

  /**
   * ConvergeSettings::changed:
   * @self: the settings
   *
   * A setting, or what is wrong with one, has changed.
   */
  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                   NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
load_program (ConvergeSettings *self,
              const AgProgramClass *program)
{
  const char *device = self->run.device;

  ag_run_init (&self->run, program);
  if (device != NULL)
    self->run.device = device;
  self->run.pace = (double) self->run.steps / DEFAULT_SECONDS;
  g_free (self->init);
  self->init = g_strdup ("seed");
  for (guint i = 0; i < CONVERGE_N_FIELDS; i++)
    g_clear_pointer (&self->field_errors[i], g_free);
}

static void
converge_settings_init (ConvergeSettings *self)
{
  load_program (self, ag_program_class_find ("autograd"));
}

/* What was typed wrongly comes first, then what does not go together. */
static void
settle (ConvergeSettings *self)
{
  g_autoptr (GError) error = NULL;

  g_clear_pointer (&self->error, g_free);
  for (guint i = 0; i < CONVERGE_N_FIELDS && self->error == NULL; i++)
    self->error = g_strdup (self->field_errors[i]);
  if (self->error == NULL && !ag_run_check (&self->run, &error))
    self->error = g_strdup (error->message);
  g_signal_emit (self, signals[CHANGED], 0);
}

/**
 * converge_settings_new:
 *
 * Returns: (transfer full): the tutorial's settings of the program “autograd”
 */
ConvergeSettings *
converge_settings_new (void)
{
  return g_object_new (CONVERGE_TYPE_SETTINGS, NULL);
}

/**
 * converge_settings_run:
 * @self: the settings
 *
 * Returns: (transfer none): the run they describe
 */
const AgRun *
converge_settings_run (ConvergeSettings *self)
{
  return &self->run;
}

/**
 * converge_settings_error:
 * @self: the settings
 *
 * Returns: (transfer none) (nullable): a sentence on what is wrong, %NULL if
 *   the run can be made
 */
const char *
converge_settings_error (ConvergeSettings *self)
{
  return self->error;
}

/**
 * converge_settings_set_program:
 * @self: the settings
 * @program: a program
 *
 * Loads the tutorial's settings of a program; the device stays.
 */
void
converge_settings_set_program (ConvergeSettings *self,
                               const AgProgramClass *program)
{
  if (program == self->run.program)
    return;
  load_program (self, program);
  settle (self);
}

/**
 * converge_settings_set_optimizer:
 * @self: the settings
 * @optimizer: an algorithm
 *
 * Chooses an optimizer, with its default options and learning rate.
 */
void
converge_settings_set_optimizer (ConvergeSettings *self,
                                 const AgOptimizerClass *optimizer)
{
  if (optimizer == self->run.optimizer)
    return;
  ag_run_set_optimizer (&self->run, optimizer);
  g_clear_pointer (&self->field_errors[CONVERGE_FIELD_LEARNING_RATE], g_free);
  for (guint i = CONVERGE_FIELD_OPTION; i < CONVERGE_N_FIELDS; i++)
    g_clear_pointer (&self->field_errors[i], g_free);
  settle (self);
}

/**
 * converge_settings_set_dtype:
 * @self: the settings
 * @dtype: float32 or float64
 */
void
converge_settings_set_dtype (ConvergeSettings *self,
                             AgDType dtype)
{
  if (dtype == self->run.dtype)
    return;
  self->run.dtype = dtype;
  settle (self);
}

/**
 * converge_settings_set_device:
 * @self: the settings
 * @device: id of a device
 */
void
converge_settings_set_device (ConvergeSettings *self,
                              const char *device)
{
  if (strcmp (device, self->run.device) == 0)
    return;
  self->run.device = g_intern_string (device);
  settle (self);
}

/**
 * converge_settings_set_pace:
 * @self: the settings
 * @steps_per_second: at most so many; 0 for no limit
 */
void
converge_settings_set_pace (ConvergeSettings *self,
                            double steps_per_second)
{
  if (steps_per_second == self->run.pace)
    return;
  self->run.pace = steps_per_second;
  settle (self);
}

/**
 * converge_settings_set_learning_rate:
 * @self: the settings
 * @learning_rate: the rate
 */
void
converge_settings_set_learning_rate (ConvergeSettings *self,
                                     double learning_rate)
{
  if (learning_rate == self->run.learning_rate
      && self->field_errors[CONVERGE_FIELD_LEARNING_RATE] == NULL)
    return;
  self->run.learning_rate = learning_rate;
  g_clear_pointer (&self->field_errors[CONVERGE_FIELD_LEARNING_RATE], g_free);
  settle (self);
}

/* "1e-06" as people write it: "1e-6". */
static char *
short_number (double value)
{
  g_autofree char *text = ag_number_to_string (value);
  GString *string = g_string_new (text);

  g_string_replace (string, "e-0", "e-", 1);
  if (g_str_has_suffix (string->str, ".0"))
    g_string_truncate (string, string->len - 2);
  return g_string_free (string, FALSE);
}

/**
 * converge_settings_get_text:
 * @self: the settings
 * @field: a setting
 *
 * Returns: (transfer full): its value as it is typed
 */
char *
converge_settings_get_text (ConvergeSettings *self,
                            ConvergeField field)
{
  switch (field)
    {
    case CONVERGE_FIELD_LEARNING_RATE:
      return short_number (self->run.learning_rate);
    case CONVERGE_FIELD_STEPS:
      return g_strdup_printf ("%" G_GINT64_FORMAT, self->run.steps);
    case CONVERGE_FIELD_POINTS:
      return g_strdup_printf ("%" G_GINT64_FORMAT, self->run.points);
    case CONVERGE_FIELD_SEED:
      return g_strdup_printf ("%" G_GUINT64_FORMAT, self->run.seed);
    case CONVERGE_FIELD_INIT:
      return g_strdup (self->init);
    case CONVERGE_FIELD_OPTION:
    case CONVERGE_N_FIELDS:
    default:
      return short_number (self->run.options[field - CONVERGE_FIELD_OPTION]);
    }
}

static gboolean
parse_count (const char *text,
             gint64 least,
             gint64 most,
             gint64 *count,
             GError **error)
{
  double value;

  if (ag_number_parse (text, &value) && value == floor (value) && value >= (double) least
      && value <= (double) most)
    {
      *count = (gint64) value;
      return TRUE;
    }
  g_set_error (error, AG_ERROR, AG_ERROR_ARGUMENT,
               "Give a whole number from %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT ".", least,
               most);
  return FALSE;
}

static gboolean
parse_seed (const char *text,
            guint64 *seed,
            GError **error)
{
  g_autofree char *stripped = g_strstrip (g_strdup (text));

  if (g_ascii_string_to_unsigned (stripped, 10, 0, G_MAXUINT64, seed, NULL))
    return TRUE;
  g_set_error_literal (error, AG_ERROR, AG_ERROR_ARGUMENT,
                       "Give a whole number from 0 to 2⁶⁴ − 1.");
  return FALSE;
}

static gboolean
parse_rate (const char *text,
            double *rate,
            GError **error)
{
  double value;

  if (ag_number_parse (text, &value) && value > 0)
    {
      *rate = value;
      return TRUE;
    }
  g_set_error_literal (error, AG_ERROR, AG_ERROR_ARGUMENT,
                       "Give a number above 0, such as 1e-6.");
  return FALSE;
}

static gboolean
parse_option (ConvergeSettings *self,
              guint option,
              const char *text,
              GError **error)
{
  double value;

  if (!ag_number_parse (text, &value))
    {
      g_set_error_literal (error, AG_ERROR, AG_ERROR_ARGUMENT, "Give a number, such as 0.9.");
      return FALSE;
    }
  if (!ag_optimizer_option_check (self->run.optimizer, option, value, error))
    return FALSE;
  self->run.options[option] = value;
  return TRUE;
}

static gboolean
parse_init (ConvergeSettings *self,
            const char *text,
            GError **error)
{
  AgRun run = self->run;

  if (!ag_run_parse_init (&run, text, error))
    return FALSE;
  self->run = run;
  g_free (self->init);
  self->init = g_strdup (text);
  return TRUE;
}

/**
 * converge_settings_set_text:
 * @self: the settings
 * @field: a setting
 * @text: what was typed for it
 *
 * Sets a setting, or notes what is wrong with what was typed; the setting then
 * stays as it was.
 *
 * Returns: (transfer none) (nullable): a sentence on what is wrong
 */
const char *
converge_settings_set_text (ConvergeSettings *self,
                            ConvergeField field,
                            const char *text)
{
  g_autoptr (GError) error = NULL;

  switch (field)
    {
    case CONVERGE_FIELD_LEARNING_RATE:
      parse_rate (text, &self->run.learning_rate, &error);
      break;
    case CONVERGE_FIELD_STEPS:
      parse_count (text, 1, AG_RUN_MAX_STEPS, &self->run.steps, &error);
      break;
    case CONVERGE_FIELD_POINTS:
      parse_count (text, 2, AG_RUN_MAX_POINTS, &self->run.points, &error);
      break;
    case CONVERGE_FIELD_SEED:
      parse_seed (text, &self->run.seed, &error);
      break;
    case CONVERGE_FIELD_INIT:
      parse_init (self, text, &error);
      break;
    case CONVERGE_FIELD_OPTION:
    case CONVERGE_N_FIELDS:
    default:
      parse_option (self, field - CONVERGE_FIELD_OPTION, text, &error);
      break;
    }
  g_free (self->field_errors[field]);
  self->field_errors[field] = g_strdup (error != NULL ? error->message : NULL);
  settle (self);
  return self->field_errors[field];
}

/**
 * converge_settings_save:
 * @self: the settings
 *
 * Returns: (transfer floating): the settings, of type `a{ss}`, for GSettings
 */
GVariant *
converge_settings_save (ConvergeSettings *self)
{
  static const char *const names[] = { "learning-rate", "steps", "points", "seed", "init" };
  g_autofree char *pace = ag_number_to_string (self->run.pace);
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a{ss}"));
  g_variant_builder_add (&builder, "{ss}", "program", self->run.program->id);
  g_variant_builder_add (&builder, "{ss}", "optimizer", self->run.optimizer->id);
  g_variant_builder_add (&builder, "{ss}", "dtype", ag_dtype_name (self->run.dtype));
  g_variant_builder_add (&builder, "{ss}", "device", self->run.device);
  g_variant_builder_add (&builder, "{ss}", "pace", pace);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *text = converge_settings_get_text (self, (ConvergeField) i);

      g_variant_builder_add (&builder, "{ss}", names[i], text);
    }
  for (guint i = 0; i < self->run.optimizer->n_options; i++)
    {
      g_autofree char *text = converge_settings_get_text (self, CONVERGE_FIELD_OPTION + i);

      g_variant_builder_add (&builder, "{ss}", self->run.optimizer->options[i].id, text);
    }
  return g_variant_builder_end (&builder);
}

/**
 * converge_settings_restore:
 * @self: the settings
 * @saved: what converge_settings_save() returned
 *
 * Goes back to saved settings; what is not understood is left at its default.
 */
void
converge_settings_restore (ConvergeSettings *self,
                           GVariant *saved)
{
  static const char *const names[] = { "learning-rate", "steps", "points", "seed", "init" };
  const AgProgramClass *program = NULL;
  const AgOptimizerClass *optimizer = NULL;
  const char *text;
  double pace;

  if (g_variant_lookup (saved, "program", "&s", &text))
    program = ag_program_class_find (text);
  if (program == NULL)
    return;
  load_program (self, program);
  if (g_variant_lookup (saved, "optimizer", "&s", &text))
    optimizer = ag_optimizer_class_find (text);
  if (optimizer != NULL)
    ag_run_set_optimizer (&self->run, optimizer);
  if (g_variant_lookup (saved, "dtype", "&s", &text))
    ag_dtype_from_name (text, &self->run.dtype);
  if (g_variant_lookup (saved, "pace", "&s", &text) && ag_number_parse (text, &pace) && pace >= 0)
    self->run.pace = pace;
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_variant_lookup (saved, names[i], "&s", &text)
        && converge_settings_set_text (self, (ConvergeField) i, text) != NULL)
      g_clear_pointer (&self->field_errors[i], g_free);
  for (guint i = 0; i < self->run.optimizer->n_options; i++)
    if (g_variant_lookup (saved, self->run.optimizer->options[i].id, "&s", &text)
        && converge_settings_set_text (self, CONVERGE_FIELD_OPTION + i, text) != NULL)
      g_clear_pointer (&self->field_errors[CONVERGE_FIELD_OPTION + i], g_free);
  settle (self);
}
