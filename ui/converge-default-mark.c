/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "converge-default-mark.h"

#include "converge-tooltip.h"

#include "plot/plot-axis.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Marks a setting that is not the default: a button that says what that is, and goes
 * back to it. */

struct _ConvergeDefaultMark
{
  GtkButton parent_instance;

  ConvergeSettings *settings;
  const char *id;
  gboolean gives_way;
};

G_DEFINE_FINAL_TYPE (ConvergeDefaultMark, converge_default_mark, GTK_TYPE_BUTTON)

/* “Defaults” leaves the device as it is, so that to the settings any is the default. */
static char *
get_default (ConvergeDefaultMark *self)
{
  if (strcmp (self->id, "device") == 0)
    return g_strdup ("cpu");
  return converge_settings_get_default (self->settings, self->id);
}

/* The mark may be of an option that the optimizer chosen since does not have. */
static const AgSetting *
find_setting (ConvergeDefaultMark *self)
{
  return ag_setting_find (converge_settings_spec (self->settings), self->id);
}

static char *
describe_pace (ConvergeSettings *settings)
{
  char number[32];

  converge_axis_format (converge_settings_defaults (settings)->pace, 1, number, sizeof number);
  return g_strdup_printf (_ ("%s steps/s"), number);
}

static char *
describe_choice (const AgSetting *setting,
                 const char *id)
{
  gint place = ag_setting_find_choice (setting, id);
  AgChoice choice;

  return place >= 0 && ag_setting_nth_choice (setting, (guint) place, &choice) ? g_strdup (_ (choice.title))
                                                                               : g_strdup (id);
}

/* The default, in the window's words. */
static char *
describe (ConvergeDefaultMark *self,
          const AgSetting *setting,
          const char *standard)
{
  if (strcmp (self->id, "pace") == 0)
    return describe_pace (self->settings);
  if (strcmp (self->id, "init") == 0)
    return g_strdup (_ ("From the seed"));
  if (setting->kind == AG_SETTING_CHOICE)
    return describe_choice (setting, standard);
  if (setting->kind == AG_SETTING_FLAG)
    return g_strdup (strcmp (standard, "0") != 0 ? _ ("on") : _ ("off"));
  return g_strdup (standard);
}

static void
converge_default_mark_clicked (GtkButton *button)
{
  ConvergeDefaultMark *self = CONVERGE_DEFAULT_MARK (button);
  g_autofree char *standard = get_default (self);

  converge_settings_set_text (self->settings, self->id, standard);
}

static void
settings_changed (ConvergeDefaultMark *self)
{
  const AgSetting *setting = find_setting (self);
  GtkWidget *widget = GTK_WIDGET (self);
  g_autofree char *standard = NULL;
  g_autofree char *now = NULL;
  g_autofree char *value = NULL;
  g_autofree char *text = NULL;
  gboolean is_hidden;

  if (setting == NULL)
    return;
  standard = get_default (self);
  now = converge_settings_get_text (self->settings, self->id);
  is_hidden = strcmp (now, standard) == 0;
  value = describe (self, setting, standard);
  text = g_strdup_printf (_ ("Default: %s"), value);
  if (self->gives_way)
    gtk_widget_set_visible (widget, !is_hidden);
  gtk_widget_set_opacity (widget, is_hidden ? 0 : 1);
  gtk_widget_set_sensitive (widget, !is_hidden);
  converge_tooltip_set (widget, text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
  gtk_accessible_update_state (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_STATE_HIDDEN, is_hidden, -1);
}

static void
converge_default_mark_dispose (GObject *object)
{
  g_clear_object (&CONVERGE_DEFAULT_MARK (object)->settings);
  G_OBJECT_CLASS (converge_default_mark_parent_class)->dispose (object);
}

static void
converge_default_mark_class_init (ConvergeDefaultMarkClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = converge_default_mark_dispose;
  GTK_BUTTON_CLASS (klass)->clicked = converge_default_mark_clicked;
}

static void
converge_default_mark_init (ConvergeDefaultMark *self)
{
  gtk_button_set_icon_name (GTK_BUTTON (self), "edit-undo-symbolic");
  gtk_widget_set_valign (GTK_WIDGET (self), GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (GTK_WIDGET (self), "flat");
  gtk_widget_add_css_class (GTK_WIDGET (self), "reset");
}

/**
 * converge_default_mark_new:
 * @settings: the settings
 * @id: id of one of them
 *
 * The room for the mark is always there, so that its coming moves nothing.
 *
 * Returns: (transfer floating): the mark of that setting
 */
GtkWidget *
converge_default_mark_new (ConvergeSettings *settings,
                           const char *id)
{
  ConvergeDefaultMark *self = g_object_new (CONVERGE_TYPE_DEFAULT_MARK, NULL);

  self->settings = g_object_ref (settings);
  self->id = g_intern_string (id);
  g_signal_connect_object (settings, "changed", G_CALLBACK (settings_changed), self,
                           G_CONNECT_SWAPPED);
  settings_changed (self);
  return GTK_WIDGET (self);
}

/**
 * converge_default_mark_add_to_choice:
 * @settings: the settings
 * @id: id of one of them
 * @row: where it is chosen
 *
 * Puts the mark before what is chosen. There it takes no room where it is not shown:
 * its coming moves only the texts that another choice moves anyway.
 */
void
converge_default_mark_add_to_choice (ConvergeSettings *settings,
                                     const char *id,
                                     AdwComboRow *row)
{
  GtkWidget *mark = converge_default_mark_new (settings, id);

  CONVERGE_DEFAULT_MARK (mark)->gives_way = TRUE;
  settings_changed (CONVERGE_DEFAULT_MARK (mark));
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), mark);
  gtk_box_reorder_child_after (GTK_BOX (gtk_widget_get_parent (mark)), mark, NULL);
}
