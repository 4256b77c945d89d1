/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "converge-switch-row.h"

#include "converge-default-mark.h"

#include <glib/gi18n-lib.h>

struct _ConvergeSwitchRow
{
  AdwActionRow parent_instance;

  ConvergeSettings *settings;
  const AgSetting *setting;
  GtkSwitch *widget;
  gboolean is_showing;
};

G_DEFINE_FINAL_TYPE (ConvergeSwitchRow, converge_switch_row, ADW_TYPE_ACTION_ROW)

static void
converge_switch_row_dispose (GObject *object)
{
  g_clear_object (&CONVERGE_SWITCH_ROW (object)->settings);
  G_OBJECT_CLASS (converge_switch_row_parent_class)->dispose (object);
}

static void
converge_switch_row_class_init (ConvergeSwitchRowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = converge_switch_row_dispose;
}

static void
switched (ConvergeSwitchRow *self)
{
  if (!self->is_showing)
    converge_settings_set_text (self->settings, self->setting->id,
                                gtk_switch_get_active (self->widget) ? "1" : "0");
}

static void
converge_switch_row_init (ConvergeSwitchRow *self)
{
  self->widget = GTK_SWITCH (gtk_switch_new ());
  gtk_widget_set_valign (GTK_WIDGET (self->widget), GTK_ALIGN_CENTER);
  g_signal_connect_swapped (self->widget, "notify::active", G_CALLBACK (switched), self);
}

/* An option is not there any more once another optimizer is chosen, shortly before its row goes. */
static void
show_settings (ConvergeSwitchRow *self)
{
  const AgRunSpec *spec = converge_settings_spec (self->settings);
  g_autofree char *text = NULL;

  if (ag_setting_find (spec, self->setting->id) != self->setting)
    return;
  text = ag_setting_format (self->setting, spec);
  self->is_showing = TRUE;
  gtk_switch_set_active (self->widget, *text != '0');
  self->is_showing = FALSE;
}

/**
 * converge_switch_row_new:
 * @settings: the settings
 * @setting: one of them, which is a flag
 *
 * Returns: (transfer floating): a row with a switch for it
 */
GtkWidget *
converge_switch_row_new (ConvergeSettings *settings,
                         const AgSetting *setting)
{
  ConvergeSwitchRow *self = g_object_new (CONVERGE_TYPE_SWITCH_ROW, "title", _ (setting->title),
                                          NULL);

  self->settings = g_object_ref (settings);
  self->setting = setting;
  adw_action_row_add_suffix (ADW_ACTION_ROW (self),
                             converge_default_mark_new (settings, setting->id));
  adw_action_row_add_suffix (ADW_ACTION_ROW (self), GTK_WIDGET (self->widget));
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (self), GTK_WIDGET (self->widget));
  g_signal_connect_object (settings, "changed", G_CALLBACK (show_settings), self,
                           G_CONNECT_SWAPPED);
  show_settings (self);
  return GTK_WIDGET (self);
}
