/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "converge-field-row.h"

/* A row with an entry for one setting. What is typed is taken at once; while
 * it is wrong the row says what it accepts. */

struct _ConvergeFieldRow
{
  AdwActionRow parent_instance;

  ConvergeSettings *settings;
  ConvergeField field;
  GtkWidget *entry;
  gboolean is_typing;
};

G_DEFINE_FINAL_TYPE (ConvergeFieldRow, converge_field_row, ADW_TYPE_ACTION_ROW)

static void
converge_field_row_dispose (GObject *object)
{
  g_clear_object (&CONVERGE_FIELD_ROW (object)->settings);
  G_OBJECT_CLASS (converge_field_row_parent_class)->dispose (object);
}

static void
converge_field_row_class_init (ConvergeFieldRowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = converge_field_row_dispose;
}

/* The row may be of an option that the optimizer chosen since does not have. */
static gboolean
has_field (ConvergeFieldRow *self)
{
  return (guint) self->field < converge_field_n (converge_settings_run (self->settings));
}

static void
show_error (ConvergeFieldRow *self)
{
  const char *error = converge_settings_field_error (self->settings, self->field);

  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), error != NULL ? error : "");
  if (error != NULL)
    gtk_widget_add_css_class (self->entry, "error");
  else
    gtk_widget_remove_css_class (self->entry, "error");
  gtk_accessible_update_state (GTK_ACCESSIBLE (self->entry), GTK_ACCESSIBLE_STATE_INVALID,
                               error != NULL ? GTK_ACCESSIBLE_INVALID_TRUE
                                             : GTK_ACCESSIBLE_INVALID_FALSE,
                               -1);
}

static void
entry_changed (ConvergeFieldRow *self)
{
  if (self->is_typing)
    return;
  self->is_typing = TRUE;
  converge_settings_set_text (self->settings, self->field,
                              gtk_editable_get_text (GTK_EDITABLE (self->entry)));
  self->is_typing = FALSE;
}

/* Shows the setting, unless it was typed here. */
static void
settings_changed (ConvergeFieldRow *self)
{
  g_autofree char *text = NULL;

  if (!has_field (self))
    return;
  show_error (self);
  if (self->is_typing || converge_settings_field_error (self->settings, self->field) != NULL)
    return;
  text = converge_settings_get_text (self->settings, self->field);
  if (g_strcmp0 (text, gtk_editable_get_text (GTK_EDITABLE (self->entry))) == 0)
    return;
  self->is_typing = TRUE;
  gtk_editable_set_text (GTK_EDITABLE (self->entry), text);
  self->is_typing = FALSE;
}

static void
converge_field_row_init (ConvergeFieldRow *self)
{
  self->entry = gtk_entry_new ();
  gtk_widget_set_valign (self->entry, GTK_ALIGN_CENTER);
  gtk_editable_set_width_chars (GTK_EDITABLE (self->entry), 9);
  gtk_editable_set_max_width_chars (GTK_EDITABLE (self->entry), 12);
  gtk_entry_set_alignment (GTK_ENTRY (self->entry), 1);
  gtk_widget_add_css_class (self->entry, "numeric");
  g_signal_connect_swapped (self->entry, "changed", G_CALLBACK (entry_changed), self);
  adw_action_row_add_suffix (ADW_ACTION_ROW (self), self->entry);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (self), self->entry);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (self), 3);
}

/**
 * converge_field_row_new:
 * @settings: the settings
 * @field: which of them
 * @title: its name
 *
 * Returns: (transfer floating): a row to type a setting in
 */
GtkWidget *
converge_field_row_new (ConvergeSettings *settings,
                        ConvergeField field,
                        const char *title)
{
  ConvergeFieldRow *self = g_object_new (CONVERGE_TYPE_FIELD_ROW, "title", title, NULL);

  self->settings = g_object_ref (settings);
  self->field = field;
  g_signal_connect_object (settings, "changed", G_CALLBACK (settings_changed), self,
                           G_CONNECT_SWAPPED);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->entry), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  title, -1);
  settings_changed (self);
  return GTK_WIDGET (self);
}

/**
 * converge_field_row_set_wide:
 * @self: a row
 *
 * Gives the entry room for more than a number.
 */
void
converge_field_row_set_wide (ConvergeFieldRow *self)
{
  gtk_editable_set_width_chars (GTK_EDITABLE (self->entry), 18);
  gtk_editable_set_max_width_chars (GTK_EDITABLE (self->entry), 40);
  gtk_entry_set_alignment (GTK_ENTRY (self->entry), 0);
  gtk_widget_set_hexpand (self->entry, TRUE);
}

/**
 * converge_field_row_get_entry:
 * @self: a row
 *
 * Returns: (transfer none): where its setting is typed
 */
GtkEditable *
converge_field_row_get_entry (ConvergeFieldRow *self)
{
  return GTK_EDITABLE (self->entry);
}
