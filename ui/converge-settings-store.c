/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "converge-settings-private.h"

#include "base/number.h"
#include "device/device.h"

#include <string.h>

/* Settings as they are kept from one window to the next. */

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
  static const char *const keys[] = { "optimizer", "dtype", "pace" };
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a{ss}"));
  g_variant_builder_add (&builder, "{ss}", "program", self->spec.program->id);
  g_variant_builder_add (&builder, "{ss}", "device", self->spec.device);
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    if (converge_settings_get_chosen (self, keys[i]) != NULL)
      g_variant_builder_add (&builder, "{ss}", keys[i],
                             converge_settings_get_chosen (self, keys[i]));
  for (guint i = 0; i < converge_field_n (&self->spec); i++)
    {
      g_autofree char *text = converge_settings_get_text (self, (ConvergeField) i);

      if (!converge_settings_is_default (self, (ConvergeField) i))
        g_variant_builder_add (&builder, "{ss}", converge_field_id ((ConvergeField) i, &self->spec),
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
          self->spec.device = self->defaults.device = g_intern_string (id);
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
    converge_settings_choose (self, "optimizer", optimizer->id, self->spec.program->optimizer);
  converge_settings_load (self, self->spec.program);
  if (g_variant_lookup (saved, "dtype", "&s", &text))
    is_understood &= ag_dtype_from_name (text, &self->spec.dtype);
  converge_settings_choose (self, "dtype", ag_dtype_name (self->spec.dtype),
                            ag_dtype_name (self->defaults.dtype));
  if (g_variant_lookup (saved, "device", "&s", &text))
    is_understood &= restore_device (self, text);
  if (g_variant_lookup (saved, "pace", "&s", &text))
    {
      if (ag_number_parse (text, &pace))
        converge_settings_choose_pace (self, pace);
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

  for (guint i = 0; i < converge_field_n (&self->spec); i++)
    if (g_variant_lookup (saved, converge_field_id ((ConvergeField) i, &self->spec), "&s", &text))
      {
        is_understood &= converge_field_parse ((ConvergeField) i, text, &self->spec, NULL);
        converge_settings_choose_field (self, (ConvergeField) i);
      }
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
  g_hash_table_remove_all (self->chosen);
  converge_settings_load (self, program);
  is_understood = restore_choices (self, saved);
  is_understood &= restore_fields (self, saved);
  if (!ag_run_spec_check (&self->spec, NULL))
    {
      g_hash_table_remove_all (self->chosen);
      converge_settings_load (self, program);
      is_understood = FALSE;
    }
  converge_settings_settle (self);
  return is_understood;
}
