/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "converge-settings.h"

#include "base/number.h"
#include "device/device.h"

#include <string.h>

/* Unhurried: the default run is to take about so many seconds. */
#define DEFAULT_SECONDS 8

struct _ConvergeSettings
{
  GObject parent_instance;

  AgRun run;
  char *field_errors[CONVERGE_N_FIELDS];
  char *faults[CONVERGE_N_FIELDS];
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

static void
load_program (ConvergeSettings *self,
              const AgProgramClass *program)
{
  const char *device = self->run.device;

  ag_run_init (&self->run, program);
  if (device != NULL)
    self->run.device = device;
  self->run.pace = (double) self->run.steps / DEFAULT_SECONDS;
  for (guint i = 0; i < CONVERGE_N_FIELDS; i++)
    g_clear_pointer (&self->field_errors[i], g_free);
}

static void
converge_settings_init (ConvergeSettings *self)
{
  load_program (self, ag_program_class_find ("autograd"));
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
      if (!is_sound && i < converge_field_n (&self->run)
          && !converge_field_check ((ConvergeField) i, &self->run, &error))
        self->faults[i] = g_strdup (error->message);
    }
}

/* What was typed wrongly comes first, then what cannot be or does not go together. */
static void
settle (ConvergeSettings *self)
{
  g_autoptr (GError) error = NULL;

  find_faults (self, ag_run_check (&self->run, &error));
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
  return converge_field_format (field, &self->run);
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

  converge_field_parse (field, text, &self->run, &error);
  g_free (self->field_errors[field]);
  self->field_errors[field] = error != NULL ? g_strdup (error->message) : NULL;
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
  g_autofree char *pace = ag_number_to_string (self->run.pace);
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a{ss}"));
  g_variant_builder_add (&builder, "{ss}", "program", self->run.program->id);
  g_variant_builder_add (&builder, "{ss}", "optimizer", self->run.optimizer->id);
  g_variant_builder_add (&builder, "{ss}", "dtype", ag_dtype_name (self->run.dtype));
  g_variant_builder_add (&builder, "{ss}", "device", self->run.device);
  g_variant_builder_add (&builder, "{ss}", "pace", pace);
  for (guint i = 0; i < converge_field_n (&self->run); i++)
    {
      g_autofree char *text = converge_settings_get_text (self, (ConvergeField) i);

      g_variant_builder_add (&builder, "{ss}", converge_field_id ((ConvergeField) i, &self->run),
                             text);
    }
  return g_variant_builder_end (&builder);
}

/* Only a device that is still there. */
static gboolean
restore_device (ConvergeSettings *self,
                const char *id)
{
  g_autoptr (GPtrArray) devices = ag_device_list ();

  for (guint i = 0; i < devices->len; i++)
    {
      const AgDeviceInfo *info = g_ptr_array_index (devices, i);

      if (strcmp (info->id, id) == 0 && info->available)
        {
          self->run.device = g_intern_string (id);
          return TRUE;
        }
    }
  return FALSE;
}

static gboolean
restore_choices (ConvergeSettings *self,
                 GVariant *saved)
{
  const AgOptimizerClass *optimizer = NULL;
  gboolean is_understood = TRUE;
  const char *text;
  double pace;

  if (g_variant_lookup (saved, "optimizer", "&s", &text))
    {
      optimizer = ag_optimizer_class_find (text);
      is_understood &= optimizer != NULL;
    }
  if (optimizer != NULL)
    ag_run_set_optimizer (&self->run, optimizer);
  if (g_variant_lookup (saved, "dtype", "&s", &text))
    is_understood &= ag_dtype_from_name (text, &self->run.dtype);
  if (g_variant_lookup (saved, "device", "&s", &text))
    is_understood &= restore_device (self, text);
  if (g_variant_lookup (saved, "pace", "&s", &text))
    {
      if (ag_number_parse (text, &pace))
        self->run.pace = pace;
      else
        is_understood = FALSE;
    }
  return is_understood;
}

static gboolean
restore_fields (ConvergeSettings *self,
                GVariant *saved)
{
  gboolean is_understood = TRUE;
  const char *text;

  for (guint i = 0; i < converge_field_n (&self->run); i++)
    if (g_variant_lookup (saved, converge_field_id ((ConvergeField) i, &self->run), "&s", &text))
      is_understood &= converge_field_parse ((ConvergeField) i, text, &self->run, NULL);
  return is_understood;
}

/**
 * converge_settings_restore:
 * @self: the settings
 * @saved: what converge_settings_save() returned, or anything of that type
 *
 * Goes back to saved settings. What is not understood is left at its default;
 * if what remains is no run that can be made, all of it is.
 *
 * Returns: whether @saved was restored as it is
 */
gboolean
converge_settings_restore (ConvergeSettings *self,
                           GVariant *saved)
{
  const AgProgramClass *program = NULL;
  gboolean is_understood;
  const char *text;

  if (g_variant_n_children (saved) == 0)
    return TRUE;
  if (g_variant_lookup (saved, "program", "&s", &text))
    program = ag_program_class_find (text);
  if (program == NULL)
    return FALSE;
  load_program (self, program);
  is_understood = restore_choices (self, saved);
  is_understood &= restore_fields (self, saved);
  if (!ag_run_check (&self->run, NULL))
    {
      load_program (self, program);
      is_understood = FALSE;
    }
  settle (self);
  return is_understood;
}
