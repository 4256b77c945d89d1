/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "converge-settings-private.h"

#include "base/number.h"

#include <string.h>

/* Unhurried: the default run is to take about so many seconds. */
#define DEFAULT_SECONDS 8

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

  g_hash_table_unref (self->chosen);
  g_free (self->error);
  for (guint i = 0; i < CONVERGE_N_FIELDS; i++)
    {
      g_free (self->field_errors[i]);
      g_free (self->faults[i]);
    }
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

static char *
make_key (ConvergeField field,
          const AgRunSpec *spec)
{
  const char *id = converge_field_id (field, spec);

  return field == CONVERGE_FIELD_LEARNING_RATE ? g_strconcat (id, ":", spec->optimizer->id, NULL)
                                               : g_strdup (id);
}

/**
 * converge_settings_choose:
 * @self: the settings
 * @key: name of a setting
 * @value: its value, as it is typed
 * @standard: its default
 *
 * Remembers that a setting was set, unless it was set to its default.
 */
void
converge_settings_choose (ConvergeSettings *self,
                          const char *key,
                          const char *value,
                          const char *standard)
{
  if (g_strcmp0 (value, standard) == 0)
    g_hash_table_remove (self->chosen, key);
  else
    g_hash_table_insert (self->chosen, g_strdup (key), g_strdup (value));
}

/**
 * converge_settings_get_chosen:
 * @self: the settings
 * @key: name of a setting
 *
 * Returns: (transfer none) (nullable): what it was set to
 */
const char *
converge_settings_get_chosen (ConvergeSettings *self,
                              const char *key)
{
  return g_hash_table_lookup (self->chosen, key);
}

/* Initial values are of parameters that another program may not have. */
static gboolean
has_init (const AgProgramClass *program,
          const char *text)
{
  AgRunSpec spec;

  ag_run_spec_init (&spec, program);
  return converge_field_parse (CONVERGE_FIELD_INIT, text, &spec, NULL) && ag_run_spec_check (&spec, NULL);
}

static void
set_chosen_fields (ConvergeSettings *self)
{
  for (guint i = 0; i < converge_field_n (&self->spec); i++)
    {
      g_autofree char *key = make_key ((ConvergeField) i, &self->spec);
      const char *text = converge_settings_get_chosen (self, key);

      if (text != NULL && (i != CONVERGE_FIELD_INIT || has_init (self->spec.program, text)))
        converge_field_parse ((ConvergeField) i, text, &self->spec, NULL);
    }
}

/**
 * converge_settings_load:
 * @self: the settings
 * @program: a program
 *
 * Loads the program's defaults, and over them what was set.
 */
void
converge_settings_load (ConvergeSettings *self,
                        const AgProgramClass *program)
{
  const char *optimizer = converge_settings_get_chosen (self, "optimizer");
  const char *dtype = converge_settings_get_chosen (self, "dtype");
  const char *pace = converge_settings_get_chosen (self, "pace");
  const char *device = self->spec.device;
  AgRunSpec *defaults = &self->defaults;

  ag_run_spec_init (defaults, program);
  if (device != NULL)
    defaults->device = device;
  defaults->pace = (double) defaults->steps / DEFAULT_SECONDS;
  if (optimizer != NULL && strcmp (optimizer, program->optimizer) != 0)
    ag_run_spec_set_optimizer (defaults, ag_optimizer_class_find (optimizer));
  self->spec = *defaults;
  if (dtype != NULL)
    ag_dtype_from_name (dtype, &self->spec.dtype);
  if (pace != NULL)
    ag_number_parse (pace, &self->spec.pace);
  set_chosen_fields (self);
}

static void
forget_errors (ConvergeSettings *self)
{
  for (guint i = 0; i < CONVERGE_N_FIELDS; i++)
    g_clear_pointer (&self->field_errors[i], g_free);
}

static void
converge_settings_init (ConvergeSettings *self)
{
  self->chosen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  converge_settings_load (self, ag_program_class_find ("autograd"));
}

/* Finds the fields that are to blame for a run that cannot be made. */
static void
find_faults (ConvergeSettings *self,
             gboolean is_sound)
{
  for (guint i = 0; i < CONVERGE_N_FIELDS; i++)
    {
      g_autoptr (GError) error = NULL;

      g_clear_pointer (&self->faults[i], g_free);
      if (!is_sound && i < converge_field_n (&self->spec)
          && !converge_field_check ((ConvergeField) i, &self->spec, &error))
        self->faults[i] = g_strdup (error->message);
    }
}

/**
 * converge_settings_settle:
 * @self: the settings
 *
 * Finds out what is wrong with them, and tells of the change. What was typed wrongly
 * comes first, then what cannot be or does not go together.
 */
void
converge_settings_settle (ConvergeSettings *self)
{
  g_autoptr (GError) error = NULL;

  find_faults (self, ag_run_spec_check (&self->spec, &error));
  g_clear_pointer (&self->error, g_free);
  for (guint i = 0; i < CONVERGE_N_FIELDS && self->error == NULL; i++)
    self->error = g_strdup (self->field_errors[i]);
  if (self->error == NULL && error != NULL)
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
const AgRunSpec *
converge_settings_run (ConvergeSettings *self)
{
  return &self->spec;
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
 * Chooses a program, with the tutorial's settings but for what was set before.
 */
void
converge_settings_set_program (ConvergeSettings *self,
                               const AgProgramClass *program)
{
  if (program == self->spec.program)
    return;
  forget_errors (self);
  converge_settings_load (self, program);
  converge_settings_settle (self);
}

/**
 * converge_settings_set_optimizer:
 * @self: the settings
 * @optimizer: an algorithm
 *
 * Chooses an optimizer, with its default options and learning rate but for what was
 * set before; a rate, only if it was set for this one.
 */
void
converge_settings_set_optimizer (ConvergeSettings *self,
                                 const AgOptimizerClass *optimizer)
{
  if (optimizer == self->spec.optimizer)
    return;
  converge_settings_choose (self, "optimizer", optimizer->id, self->spec.program->optimizer);
  converge_settings_load (self, self->spec.program);
  g_clear_pointer (&self->field_errors[CONVERGE_FIELD_LEARNING_RATE], g_free);
  for (guint i = CONVERGE_FIELD_OPTION; i < CONVERGE_N_FIELDS; i++)
    g_clear_pointer (&self->field_errors[i], g_free);
  converge_settings_settle (self);
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
  if (dtype == self->spec.dtype)
    return;
  self->spec.dtype = dtype;
  converge_settings_choose (self, "dtype", ag_dtype_name (dtype),
                            ag_dtype_name (self->defaults.dtype));
  converge_settings_settle (self);
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
  if (strcmp (device, self->spec.device) == 0)
    return;
  self->spec.device = self->defaults.device = g_intern_string (device);
  converge_settings_settle (self);
}

/**
 * converge_settings_choose_pace:
 * @self: the settings
 * @pace: in steps per second
 *
 * Sets the pace, and remembers it.
 */
void
converge_settings_choose_pace (ConvergeSettings *self,
                               double pace)
{
  g_autofree char *text = ag_number_to_string (pace);
  g_autofree char *standard = ag_number_to_string (self->defaults.pace);

  self->spec.pace = pace;
  converge_settings_choose (self, "pace", text, standard);
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
  if (steps_per_second == self->spec.pace)
    return;
  converge_settings_choose_pace (self, steps_per_second);
  converge_settings_settle (self);
}

/**
 * converge_settings_choose_field:
 * @self: the settings
 * @field: a setting
 *
 * Remembers the field as it is now.
 */
void
converge_settings_choose_field (ConvergeSettings *self,
                                ConvergeField field)
{
  g_autofree char *key = make_key (field, &self->spec);
  g_autofree char *text = converge_field_format (field, &self->spec);
  g_autofree char *standard = converge_field_format (field, &self->defaults);

  converge_settings_choose (self, key, text, standard);
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
  if (learning_rate == self->spec.learning_rate
      && self->field_errors[CONVERGE_FIELD_LEARNING_RATE] == NULL)
    return;
  self->spec.learning_rate = learning_rate;
  converge_settings_choose_field (self, CONVERGE_FIELD_LEARNING_RATE);
  g_clear_pointer (&self->field_errors[CONVERGE_FIELD_LEARNING_RATE], g_free);
  converge_settings_settle (self);
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
  return converge_field_format (field, &self->spec);
}

/**
 * converge_settings_field_error:
 * @self: the settings
 * @field: a setting
 *
 * Returns: (transfer none) (nullable): a sentence on what is wrong with what
 *   was typed for it, or on why no run can be made with it
 */
const char *
converge_settings_field_error (ConvergeSettings *self,
                               ConvergeField field)
{
  return self->field_errors[field] != NULL ? self->field_errors[field] : self->faults[field];
}

/**
 * converge_settings_has_data:
 * @self: the settings
 *
 * Returns: whether target and interval are what is to be read in their fields, and
 *   can be plotted
 */
gboolean
converge_settings_has_data (ConvergeSettings *self)
{
  return converge_settings_field_error (self, CONVERGE_FIELD_TARGET) == NULL
         && converge_settings_field_error (self, CONVERGE_FIELD_FROM) == NULL
         && converge_settings_field_error (self, CONVERGE_FIELD_TO) == NULL;
}

/**
 * converge_settings_is_mistyped:
 * @self: the settings
 * @field: a setting
 *
 * Returns: whether what was typed for it was not understood, so that the setting is
 *   still what it was before
 */
gboolean
converge_settings_is_mistyped (ConvergeSettings *self,
                               ConvergeField field)
{
  return self->field_errors[field] != NULL;
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

  if (converge_field_parse (field, text, &self->spec, &error))
    converge_settings_choose_field (self, field);
  g_free (self->field_errors[field]);
  self->field_errors[field] = error != NULL ? g_strdup (error->message) : NULL;
  converge_settings_settle (self);
  return self->field_errors[field];
}

/**
 * converge_settings_defaults:
 * @self: the settings
 *
 * Returns: (transfer none): what program and optimizer begin with
 */
const AgRunSpec *
converge_settings_defaults (ConvergeSettings *self)
{
  return &self->defaults;
}

/**
 * converge_settings_get_default:
 * @self: the settings
 * @field: a setting
 *
 * Returns: (transfer full): its value if nobody sets it, as it is typed
 */
char *
converge_settings_get_default (ConvergeSettings *self,
                               ConvergeField field)
{
  return converge_field_format (field, &self->defaults);
}

/**
 * converge_settings_is_default:
 * @self: the settings
 * @field: a setting
 *
 * Returns: whether it is what program and optimizer begin with
 */
gboolean
converge_settings_is_default (ConvergeSettings *self,
                              ConvergeField field)
{
  g_autofree char *text = converge_field_format (field, &self->spec);
  g_autofree char *standard = converge_field_format (field, &self->defaults);

  return strcmp (text, standard) == 0;
}

/**
 * converge_settings_has_choices:
 * @self: the settings
 *
 * Returns: whether there is anything for converge_settings_reset() to forget
 */
gboolean
converge_settings_has_choices (ConvergeSettings *self)
{
  return g_hash_table_size (self->chosen) > 0 || self->error != NULL;
}

/**
 * converge_settings_reset:
 * @self: the settings
 *
 * Goes back to the tutorial's settings of the program, and forgets all that was set
 * but the device.
 */
void
converge_settings_reset (ConvergeSettings *self)
{
  forget_errors (self);
  g_hash_table_remove_all (self->chosen);
  converge_settings_load (self, self->spec.program);
  converge_settings_settle (self);
}
