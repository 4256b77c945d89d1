/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "converge-settings-private.h"

#include <string.h>

/* Settings as they are kept from one window to the next. */

/* The device is no choice that “Defaults” would take back, so it is kept always. Where
 * another program has the chosen value as its default, it is kept too. */
static gboolean
is_to_be_kept (ConvergeSettings *self,
               const AgSetting *setting)
{
  return strcmp (setting->id, "program") == 0 || setting == ag_setting_find (NULL, "device")
         || !converge_settings_is_default (self, setting->id)
         || (converge_settings_get_chosen (self, setting) != NULL && !setting->is_of_program);
}

/**
 * converge_settings_save:
 * @self: the settings
 *
 * Returns: (transfer floating): the program and what of its settings is not the
 *   default, of type `a{ss}`, for GSettings
 */
GVariant *
converge_settings_save (ConvergeSettings *self)
{
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a{ss}"));
  for (guint i = 0; i < ag_setting_n (&self->spec); i++)
    {
      const AgSetting *setting = ag_setting_nth (&self->spec, i);
      g_autofree char *text = converge_settings_get_text (self, setting->id);

      if (is_to_be_kept (self, setting))
        g_variant_builder_add (&builder, "{ss}", setting->id, text);
    }
  return g_variant_builder_end (&builder);
}

/* A stored choice that no longer exists is ignored. */
static gboolean
restore_setting (ConvergeSettings *self,
                 const AgSetting *setting,
                 const char *text)
{
  AgRunSpec spec = self->spec;

  if (!ag_setting_parse (setting, text, &spec, NULL)
      || (setting->kind == AG_SETTING_CHOICE && !ag_setting_check (setting, &spec, NULL)))
    return FALSE;
  self->spec = spec;
  if (spec.device != self->defaults.device)
    self->defaults.device = spec.device;
  converge_settings_choose (self, setting);
  return TRUE;
}

static gboolean
restore_settings (ConvergeSettings *self,
                  GVariant *saved)
{
  gboolean is_understood = TRUE;
  const char *text;

  for (guint i = 0; i < ag_setting_n (&self->spec); i++)
    {
      const AgSetting *setting = ag_setting_nth (&self->spec, i);

      /* A file is read by those who can wait for it. */
      if (strcmp (setting->id, "program") == 0 || strcmp (setting->id, "data") == 0
          || !g_variant_lookup (saved, setting->id, "&s", &text))
        continue;
      is_understood &= restore_setting (self, setting, text);
      /* An optimizer brings its own defaults. */
      if (self->spec.optimizer != self->defaults.optimizer)
        converge_settings_load (self, self->spec.program);
    }
  return is_understood;
}

/**
 * converge_settings_restore:
 * @self: the settings
 * @saved: what converge_settings_save() returned, or anything of that type
 *
 * Goes back to saved settings, but for the file that the points were from. What is not
 * understood is left at its default; if what remains is no run that can be made, all of it is.
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
  g_hash_table_remove_all (self->chosen);
  converge_settings_load (self, program);
  is_understood = restore_settings (self, saved);
  if (!ag_run_spec_check (&self->spec, NULL))
    {
      g_hash_table_remove_all (self->chosen);
      converge_settings_load (self, program);
      is_understood = FALSE;
    }
  converge_settings_settle (self);
  return is_understood;
}

/**
 * converge_settings_take_over:
 * @self: the settings
 * @spec: a run that can be made, whose file was read if it has one
 *
 * Takes over all settings of a run.
 */
void
converge_settings_take_over (ConvergeSettings *self,
                             const AgRunSpec *spec)
{
  g_autoptr (GVariant) settings = NULL;
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a{ss}"));
  for (guint i = 0; i < ag_setting_n (spec); i++)
    {
      const AgSetting *setting = ag_setting_nth (spec, i);
      g_autofree char *text = ag_setting_format (setting, spec);

      g_variant_builder_add (&builder, "{ss}", setting->id, text);
    }
  settings = g_variant_ref_sink (g_variant_builder_end (&builder));
  g_hash_table_remove_all (self->mistyped);
  converge_settings_restore (self, settings);
  if (ag_run_spec_has_file (spec))
    converge_settings_set_text (self, "data", spec->data);
}
