/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "converge-settings-private.h"

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
  g_hash_table_unref (self->mistyped);
  g_hash_table_unref (self->faults);
  g_free (self->error);
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
make_key (const AgSetting *setting,
          const AgRunSpec *spec)
{
  return strcmp (setting->id, "lr") == 0
           ? g_strconcat (setting->id, ":", spec->optimizer->id, NULL)
           : g_strdup (setting->id);
}

/**
 * converge_settings_get_chosen:
 * @self: the settings
 * @setting: one of them
 *
 * Returns: (transfer none) (nullable): what it was set to
 */
const char *
converge_settings_get_chosen (ConvergeSettings *self,
                              const AgSetting *setting)
{
  g_autofree char *key = make_key (setting, &self->spec);

  return g_hash_table_lookup (self->chosen, key);
}

/* Returns the value of a setting that nobody has set. The default optimizer is the program's
 * own. */
static char *
format_default (ConvergeSettings *self,
                const AgSetting *setting)
{
  return strcmp (setting->id, "optimizer") == 0 ? g_strdup (self->spec.program->optimizer)
                                                : ag_setting_format (setting, &self->defaults);
}

/**
 * converge_settings_choose:
 * @self: the settings
 * @setting: one of them
 *
 * Remembers what the setting is now, unless that is its default.
 */
void
converge_settings_choose (ConvergeSettings *self,
                          const AgSetting *setting)
{
  g_autofree char *key = make_key (setting, &self->spec);
  g_autofree char *text = ag_setting_format (setting, &self->spec);
  g_autofree char *standard = format_default (self, setting);

  if (strcmp (text, standard) == 0)
    g_hash_table_remove (self->chosen, key);
  else
    g_hash_table_insert (self->chosen, g_steal_pointer (&key), g_steal_pointer (&text));
}

/* Initial values are of parameters that another program may not have. */
static gboolean
has_sense (const AgSetting *setting,
           const char *text,
           const AgRunSpec *spec)
{
  AgRunSpec tried = *spec;

  return !setting->is_of_program
         || (ag_setting_parse (setting, text, &tried, NULL)
             && ag_setting_check (setting, &tried, NULL));
}

/**
 * converge_settings_load:
 * @self: the settings
 * @program: a program
 *
 * Loads the program's defaults, and over them what was set; a model too, if the program
 * lets one be typed.
 */
void
converge_settings_load (ConvergeSettings *self,
                        const AgProgramClass *program)
{
  const char *optimizer = g_hash_table_lookup (self->chosen, "optimizer");
  const char *device = self->spec.device;
  AgRunSpec *defaults = &self->defaults;

  ag_run_spec_init (defaults, ag_program_class_find (program->id));
  if (device != NULL)
    defaults->device = device;
  defaults->pace = (double) defaults->steps / DEFAULT_SECONDS;
  if (optimizer != NULL && strcmp (optimizer, program->optimizer) != 0)
    ag_setting_parse (ag_setting_find (NULL, "optimizer"), optimizer, defaults, NULL);
  self->spec = *defaults;
  for (guint i = 0; i < ag_setting_n (&self->spec); i++)
    {
      const AgSetting *setting = ag_setting_nth (&self->spec, i);
      const char *text = converge_settings_get_chosen (self, setting);

      if (text != NULL && strcmp (setting->id, "optimizer") != 0
          && has_sense (setting, text, &self->spec))
        ag_setting_parse (setting, text, &self->spec, NULL);
    }
}

static void
converge_settings_init (ConvergeSettings *self)
{
  self->chosen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->mistyped = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);
  self->faults = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);
  converge_settings_load (self, ag_program_class_find ("autograd"));
}

/* Finds the settings that are to blame for a run that cannot be made. */
static void
find_faults (ConvergeSettings *self)
{
  g_hash_table_remove_all (self->faults);
  for (guint i = 0; i < ag_setting_n (&self->spec); i++)
    {
      const AgSetting *setting = ag_setting_nth (&self->spec, i);
      g_autoptr (GError) error = NULL;

      if (!ag_setting_is_used (setting, &self->spec))
        g_hash_table_remove (self->mistyped, setting->id);
      if (!ag_setting_check (setting, &self->spec, &error))
        g_hash_table_insert (self->faults, (gpointer) setting->id, g_strdup (error->message));
    }
}

/* Initial values are typed one by one. */
static const char *
find_first_initial (ConvergeSettings *self,
                    GHashTable *sentences)
{
  const AgModelClass *model = self->spec.program->model;

  for (guint i = 0; i < model->n_parameters; i++)
    {
      const char *id = converge_settings_initial_id (model->parameters[i]);

      if (g_hash_table_contains (sentences, id))
        return g_hash_table_lookup (sentences, id);
    }
  return NULL;
}

static const char *
find_first (ConvergeSettings *self,
            GHashTable *sentences)
{
  for (guint i = 0; i < ag_setting_n (&self->spec); i++)
    {
      const char *sentence = g_hash_table_lookup (sentences, ag_setting_nth (&self->spec, i)->id);

      if (sentence != NULL)
        return sentence;
    }
  return find_first_initial (self, sentences);
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
  const char *first;

  find_faults (self);
  first = find_first (self, self->mistyped);
  g_free (self->error);
  self->error = g_strdup (first != NULL ? first : find_first (self, self->faults));
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
 * converge_settings_spec:
 * @self: the settings
 *
 * Returns: (transfer none): the run they describe
 */
const AgRunSpec *
converge_settings_spec (ConvergeSettings *self)
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

/* Chooses a program, with the tutorial's settings but for what was set before. */
static void
set_program (ConvergeSettings *self,
             const AgProgramClass *program)
{
  if (program == self->spec.program)
    return;
  g_hash_table_remove_all (self->mistyped);
  converge_settings_load (self, program);
  converge_settings_settle (self);
}

/* Chooses an optimizer, with its default options and learning rate but for what was
 * set before; a rate, only if it was set for this one. */
static void
set_optimizer (ConvergeSettings *self,
               const AgOptimizerClass *optimizer)
{
  const AgOptimizerClass *before = self->spec.optimizer;

  if (optimizer == before)
    return;
  for (guint i = 0; i < before->n_options; i++)
    g_hash_table_remove (self->mistyped, before->options[i].id);
  g_hash_table_remove (self->mistyped, "lr");
  ag_run_spec_set_optimizer (&self->spec, optimizer);
  converge_settings_choose (self, ag_setting_find (NULL, "optimizer"));
  converge_settings_load (self, self->spec.program);
  converge_settings_settle (self);
}

static gboolean
is_initial (gpointer id,
            gpointer sentence,
            gpointer data)
{
  return ag_setting_find (NULL, id) == NULL && strchr (id, ':') != NULL;
}

/* The error is noted for @id, which is that of the setting or of a part of it. */
static void
apply_text (ConvergeSettings *self,
            const AgSetting *setting,
            const char *id,
            const char *text)
{
  g_autoptr (GError) error = NULL;

  if (!ag_setting_parse (setting, text, &self->spec, &error))
    {
      g_hash_table_insert (self->mistyped, (gpointer) id, g_strdup (error->message));
    }
  else
    {
      g_hash_table_remove (self->mistyped, id);
      /* “Defaults” does not take back the device. */
      self->defaults.device = self->spec.device;
      converge_settings_choose (self, setting);
      /* A model brings back what was set of its parameters. */
      if (strcmp (setting->id, "model") == 0)
        {
          g_hash_table_foreach_remove (self->mistyped, is_initial, NULL);
          converge_settings_load (self, self->spec.program);
        }
    }
}

static void
set_setting (ConvergeSettings *self,
             const AgSetting *setting,
             const char *id,
             const char *text)
{
  apply_text (self, setting, id, text);
  converge_settings_settle (self);
}

/**
 * converge_settings_has:
 * @self: the settings
 * @id: id of a setting, or converge_settings_initial_id()
 *
 * Returns: whether the run has it
 */
gboolean
converge_settings_has (ConvergeSettings *self,
                       const char *id)
{
  return ag_setting_find (&self->spec, id) != NULL || converge_settings_find_initial (self, id) >= 0;
}

/**
 * converge_settings_set_text:
 * @self: the settings
 * @id: id of one of them, or converge_settings_initial_id() of a parameter, whose value is
 *   drawn if @text is empty
 * @text: what was typed for it, or chosen
 *
 * Sets a setting, or notes what is wrong with what was typed; the setting then
 * stays as it was.
 *
 * Returns: (transfer none) (nullable): a sentence on what is wrong
 */
const char *
converge_settings_set_text (ConvergeSettings *self,
                            const char *id,
                            const char *text)
{
  const gint parameter = converge_settings_find_initial (self, id);
  const AgSetting *setting = ag_setting_find (&self->spec, parameter < 0 ? id : "init");
  g_autofree char *init
    = parameter < 0 ? NULL : converge_settings_write_initial (self, (guint) parameter, text);

  g_return_val_if_fail (setting != NULL, NULL);

  if (strcmp (id, "program") == 0)
    set_program (self, ag_program_class_find (text));
  else if (strcmp (id, "optimizer") == 0)
    set_optimizer (self, ag_optimizer_class_find (text));
  else if (init != NULL)
    set_setting (self, setting, g_intern_string (id), init);
  else
    set_setting (self, setting, setting->id, text);
  return g_hash_table_lookup (self->mistyped, id);
}

/**
 * converge_settings_set_texts:
 * @self: the settings
 * @n_texts: how many settings are set
 * @texts: (array length=n_texts): them, but neither program nor optimizer
 *
 * Sets settings that are wrong without each other, and looks only then what is wrong.
 */
void
converge_settings_set_texts (ConvergeSettings *self,
                             guint n_texts,
                             const ConvergeSettingText *texts)
{
  for (guint i = 0; i < n_texts; i++)
    {
      const AgSetting *setting = ag_setting_find (&self->spec, texts[i].id);

      apply_text (self, setting, setting->id, texts[i].text);
    }
  converge_settings_settle (self);
}

/**
 * converge_settings_get_text:
 * @self: the settings
 * @id: id of one of them
 *
 * Returns: (transfer full): its value as it is typed
 */
char *
converge_settings_get_text (ConvergeSettings *self,
                            const char *id)
{
  const gint parameter = converge_settings_find_initial (self, id);

  if (parameter >= 0)
    return converge_settings_get_initial (self, (guint) parameter);
  return ag_setting_format (ag_setting_find (&self->spec, id), &self->spec);
}

/**
 * converge_settings_field_error:
 * @self: the settings
 * @id: id of one of them
 *
 * Returns: (transfer none) (nullable): a sentence on what is wrong with what
 *   was typed for it, or on why no run can be made with it
 */
const char *
converge_settings_field_error (ConvergeSettings *self,
                               const char *id)
{
  const char *mistyped = g_hash_table_lookup (self->mistyped, id);

  return mistyped != NULL ? mistyped : g_hash_table_lookup (self->faults, id);
}

/**
 * converge_settings_is_mistyped:
 * @self: the settings
 * @id: id of one of them
 *
 * Returns: whether what was typed for it was not understood, so that the setting is
 *   still what it was before
 */
gboolean
converge_settings_is_mistyped (ConvergeSettings *self,
                               const char *id)
{
  return g_hash_table_contains (self->mistyped, id);
}

/**
 * converge_settings_has_data:
 * @self: the settings
 *
 * Returns: whether target and interval are what is to be read in their fields, or the
 *   points those of the file, and can be plotted
 */
gboolean
converge_settings_has_data (ConvergeSettings *self)
{
  return converge_settings_field_error (self, "data") == NULL
         && converge_settings_field_error (self, "target") == NULL
         && converge_settings_field_error (self, "from") == NULL
         && converge_settings_field_error (self, "to") == NULL;
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
 * @id: id of one of them
 *
 * Returns: (transfer full): its value if nobody sets it, as it is typed
 */
char *
converge_settings_get_default (ConvergeSettings *self,
                               const char *id)
{
  return format_default (self, ag_setting_find (&self->spec, id));
}

/**
 * converge_settings_is_default:
 * @self: the settings
 * @id: id of one of them
 *
 * Returns: whether it is what program and optimizer begin with
 */
gboolean
converge_settings_is_default (ConvergeSettings *self,
                              const char *id)
{
  g_autofree char *text = converge_settings_get_text (self, id);
  g_autofree char *standard = converge_settings_get_default (self, id);

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
  g_hash_table_remove_all (self->mistyped);
  g_hash_table_remove_all (self->chosen);
  converge_settings_load (self, self->spec.program);
  converge_settings_settle (self);
}
