/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "converge-field-row.h"

#include "converge-default-mark.h"

#include "data/expression.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* A row with an entry for one setting. Nothing is taken while it is being typed,
 * since half a number is another number: “2e-6” begins with a learning rate of 2.
 * Text is applied by Enter, or when the focus leaves the entry; until then the
 * entry is marked, and Escape takes the text back. A sentence on what is wrong is shown
 * over the rows below, so that no row moves. */

/* Controls have slid in long before this many microseconds. */
#define SLIDE_US G_USEC_PER_SEC

struct _ConvergeFieldRow
{
  AdwActionRow parent_instance;

  ConvergeSettings *settings;
  const char *id;
  GtkWidget *entry;
  GtkWidget *popover;
  GtkWidget *sentence;
  char *shown;
  gboolean is_showing;
  /* Until when the sentence waits for the row to come into sight; 0 if it does not. */
  gint64 patience;
};

G_DEFINE_FINAL_TYPE (ConvergeFieldRow, converge_field_row, ADW_TYPE_ACTION_ROW)

static void
converge_field_row_dispose (GObject *object)
{
  ConvergeFieldRow *self = CONVERGE_FIELD_ROW (object);

  g_clear_pointer (&self->popover, gtk_widget_unparent);
  g_clear_object (&self->settings);
  g_clear_pointer (&self->shown, g_free);
  G_OBJECT_CLASS (converge_field_row_parent_class)->dispose (object);
}

static gboolean
has_focus (ConvergeFieldRow *self)
{
  return (gtk_widget_get_state_flags (self->entry) & GTK_STATE_FLAG_FOCUS_WITHIN) != 0;
}

/* GTK 4.8 cannot place a popover whose row is beyond the edge of the screen, over
 * which the controls slide. */
static gboolean
is_in_sight (ConvergeFieldRow *self)
{
  GtkWidget *root = GTK_WIDGET (gtk_widget_get_root (GTK_WIDGET (self)));
  GtkWidget *flap = gtk_widget_get_ancestor (GTK_WIDGET (self), ADW_TYPE_FLAP);
  graphene_rect_t row, window;

  if (!gtk_widget_get_mapped (GTK_WIDGET (self))
      || (flap != NULL && adw_flap_get_reveal_progress (ADW_FLAP (flap)) < 1)
      || !gtk_widget_compute_bounds (GTK_WIDGET (self), root, &row))
    return FALSE;
  graphene_rect_init (&window, 0, 0, (float) gtk_widget_get_width (root),
                      (float) gtk_widget_get_height (root));
  return graphene_rect_intersection (&row, &window, NULL);
}

static gboolean
is_sentence_wanted (ConvergeFieldRow *self)
{
  return has_focus (self) && *gtk_label_get_text (GTK_LABEL (self->sentence)) != '\0';
}

static gboolean
show_when_in_sight (GtkWidget *widget,
                    GdkFrameClock *clock,
                    gpointer data)
{
  ConvergeFieldRow *self = CONVERGE_FIELD_ROW (widget);

  if (is_sentence_wanted (self) && is_in_sight (self))
    gtk_popover_popup (GTK_POPOVER (self->popover));
  else if (is_sentence_wanted (self) && gdk_frame_clock_get_frame_time (clock) < self->patience)
    return G_SOURCE_CONTINUE;
  self->patience = 0;
  return G_SOURCE_REMOVE;
}

/* Shows the sentence, if there is one, as soon as the row is in sight. */
static void
show_sentence (ConvergeFieldRow *self)
{
  const gboolean is_wanted = is_sentence_wanted (self);

  if (!is_wanted || !is_in_sight (self))
    gtk_popover_popdown (GTK_POPOVER (self->popover));
  if (!is_wanted)
    return;
  if (self->patience == 0)
    gtk_widget_add_tick_callback (GTK_WIDGET (self), show_when_in_sight, NULL, NULL);
  self->patience = g_get_monotonic_time () + SLIDE_US;
}

static void
converge_field_row_root (GtkWidget *widget)
{
  GtkWidget *flap = gtk_widget_get_ancestor (widget, ADW_TYPE_FLAP);

  GTK_WIDGET_CLASS (converge_field_row_parent_class)->root (widget);
  if (flap != NULL)
    g_signal_connect_object (flap, "notify::reveal-progress", G_CALLBACK (show_sentence), widget,
                             G_CONNECT_SWAPPED);
}

static void
converge_field_row_unroot (GtkWidget *widget)
{
  GtkWidget *flap = gtk_widget_get_ancestor (widget, ADW_TYPE_FLAP);

  if (flap != NULL)
    g_signal_handlers_disconnect_by_func (flap, show_sentence, widget);
  GTK_WIDGET_CLASS (converge_field_row_parent_class)->unroot (widget);
}

static void
converge_field_row_class_init (ConvergeFieldRowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = converge_field_row_dispose;
  GTK_WIDGET_CLASS (klass)->root = converge_field_row_root;
  GTK_WIDGET_CLASS (klass)->unroot = converge_field_row_unroot;
}

/* The row may be of an option that the optimizer chosen since does not have. */
static gboolean
has_setting (ConvergeFieldRow *self)
{
  return converge_settings_has (self->settings, self->id);
}

/* Underlines what is wrong with a formula. */
static void
show_fault (ConvergeFieldRow *self,
            gboolean is_wrong)
{
  const gboolean is_model = strcmp (self->id, "model") == 0;
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->entry));
  g_autoptr (PangoAttrList) marks = pango_attr_list_new ();
  gsize begin, end;

  if (!is_model && strcmp (self->id, "target") != 0)
    return;
  if (is_wrong
      && ag_expression_find_fault (text, is_model ? AG_EXPRESSION_OF_PARAMETERS : AG_EXPRESSION_OF_X,
                                   &begin, &end))
    {
      PangoAttribute *line = pango_attr_underline_new (PANGO_UNDERLINE_ERROR);

      /* Where something is missing, what is before that place. */
      line->start_index = (guint) (begin == end && begin > 0
                                     ? g_utf8_find_prev_char (text, text + begin) - text
                                     : (glong) begin);
      line->end_index = (guint) end;
      pango_attr_list_insert (marks, line);
    }
  gtk_entry_set_attributes (GTK_ENTRY (self->entry), marks);
}

/* The icon is on the side where its coming and going moves no text. */
static void
show_icon (ConvergeFieldRow *self,
           const char *icon,
           const char *tooltip)
{
  GtkEntry *entry = GTK_ENTRY (self->entry);
  const GtkEntryIconPosition side = gtk_entry_get_alignment (entry) > 0 ? GTK_ENTRY_ICON_PRIMARY
                                                                        : GTK_ENTRY_ICON_SECONDARY;

  if (g_strcmp0 (icon, gtk_entry_get_icon_name (entry, side)) != 0)
    gtk_entry_set_icon_from_icon_name (entry, side, icon);
  if (icon != NULL)
    gtk_entry_set_icon_tooltip_text (entry, side, tooltip);
}

static void
toggle_class (GtkWidget *widget,
              const char *name,
              gboolean has_class)
{
  if (has_class)
    gtk_widget_add_css_class (widget, name);
  else
    gtk_widget_remove_css_class (widget, name);
}

/* Marks the entry: not applied yet, or wrong. A text that is being changed is no
 * longer the one that was wrong. */
static void
show_marks (ConvergeFieldRow *self)
{
  const gboolean is_pending = converge_field_row_is_pending (self);
  const char *error = is_pending ? NULL
                                 : converge_settings_field_error (self->settings, self->id);
  const char *pending = is_pending
                          ? _ ("Not applied yet. Enter applies it, Escape takes it back.")
                          : NULL;

  toggle_class (self->entry, "pending", is_pending);
  toggle_class (self->entry, "error", error != NULL);
  if (is_pending)
    show_icon (self, "object-select-symbolic", pending);
  else
    show_icon (self, error != NULL ? "dialog-error-symbolic" : NULL, error);
  show_fault (self, error != NULL);
  gtk_label_set_text (GTK_LABEL (self->sentence), error != NULL ? error : "");
  show_sentence (self);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->entry),
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  is_pending      ? pending
                                  : error != NULL ? error
                                                  : "",
                                  -1);
  gtk_accessible_update_state (GTK_ACCESSIBLE (self->entry), GTK_ACCESSIBLE_STATE_INVALID,
                               error != NULL ? GTK_ACCESSIBLE_INVALID_TRUE
                                             : GTK_ACCESSIBLE_INVALID_FALSE,
                               -1);
}

static void
show_text (ConvergeFieldRow *self,
           const char *text)
{
  self->is_showing = TRUE;
  g_free (self->shown);
  self->shown = g_strdup (text);
  gtk_editable_set_text (GTK_EDITABLE (self->entry), text);
  gtk_editable_set_position (GTK_EDITABLE (self->entry), -1);
  self->is_showing = FALSE;
}

static void
entry_changed (ConvergeFieldRow *self)
{
  if (!self->is_showing)
    show_marks (self);
}

/* A wrong text stays in the entry, to be mended, while the setting is what it
 * was; a setting that changed elsewhere is more than what was typed here. */
static void
settings_changed (ConvergeFieldRow *self)
{
  g_autofree char *text = NULL;

  if (!has_setting (self))
    return;
  text = converge_settings_get_text (self->settings, self->id);
  if (g_strcmp0 (text, self->shown) != 0
      && !converge_settings_is_mistyped (self->settings, self->id))
    show_text (self, text);
  show_marks (self);
}

static void
take_back (ConvergeFieldRow *self)
{
  g_autofree char *text = converge_settings_get_text (self->settings, self->id);

  show_text (self, text);
  converge_settings_set_text (self->settings, self->id, text);
}

static gboolean
key_pressed (ConvergeFieldRow *self,
             guint key)
{
  if (key != GDK_KEY_Escape
      || (!converge_field_row_is_pending (self)
          && converge_settings_field_error (self->settings, self->id) == NULL))
    return GDK_EVENT_PROPAGATE;
  take_back (self);
  gtk_editable_select_region (GTK_EDITABLE (self->entry), 0, -1);
  return GDK_EVENT_STOP;
}

static void
focus_left (ConvergeFieldRow *self)
{
  converge_field_row_apply (self);
  gtk_popover_popdown (GTK_POPOVER (self->popover));
}

static void
make_popover (ConvergeFieldRow *self)
{
  self->sentence = gtk_label_new (NULL);
  gtk_label_set_wrap (GTK_LABEL (self->sentence), TRUE);
  gtk_label_set_max_width_chars (GTK_LABEL (self->sentence), 36);
  gtk_label_set_xalign (GTK_LABEL (self->sentence), 0);
  self->popover = gtk_popover_new ();
  gtk_popover_set_child (GTK_POPOVER (self->popover), self->sentence);
  gtk_popover_set_autohide (GTK_POPOVER (self->popover), FALSE);
  gtk_widget_set_can_focus (self->popover, FALSE);
  gtk_widget_set_can_target (self->popover, FALSE);
  gtk_widget_add_css_class (self->popover, "field-error");
  gtk_widget_set_parent (self->popover, GTK_WIDGET (self));
}

static void
converge_field_row_init (ConvergeFieldRow *self)
{
  GtkEventController *controller;

  self->entry = gtk_entry_new ();
  gtk_widget_set_valign (self->entry, GTK_ALIGN_CENTER);
  gtk_editable_set_width_chars (GTK_EDITABLE (self->entry), 9);
  gtk_editable_set_max_width_chars (GTK_EDITABLE (self->entry), 12);
  gtk_entry_set_alignment (GTK_ENTRY (self->entry), 1);
  gtk_widget_add_css_class (self->entry, "numeric");
  g_signal_connect_swapped (self->entry, "changed", G_CALLBACK (entry_changed), self);
  g_signal_connect_swapped (self->entry, "activate", G_CALLBACK (converge_field_row_apply), self);
  g_signal_connect_swapped (self->entry, "icon-press", G_CALLBACK (converge_field_row_apply), self);
  controller = gtk_event_controller_key_new ();
  gtk_event_controller_set_propagation_phase (controller, GTK_PHASE_CAPTURE);
  g_signal_connect_swapped (controller, "key-pressed", G_CALLBACK (key_pressed), self);
  gtk_widget_add_controller (self->entry, controller);
  controller = gtk_event_controller_focus_new ();
  g_signal_connect_swapped (controller, "enter", G_CALLBACK (show_marks), self);
  g_signal_connect_swapped (controller, "leave", G_CALLBACK (focus_left), self);
  gtk_widget_add_controller (self->entry, controller);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (self), self->entry);
  adw_action_row_set_title_lines (ADW_ACTION_ROW (self), 2);
  /* The entry has the row's name, which is to be read once. */
  gtk_widget_set_focusable (GTK_WIDGET (self), FALSE);
  make_popover (self);
}

/**
 * converge_field_row_new_part:
 * @settings: the settings
 * @id: what converge_settings_set_text() takes; lives as long as the process
 * @title: the row's title, as it is shown
 *
 * Returns: (transfer floating): a row to type a part of a setting in, without the mark of what
 *   is no default
 */
GtkWidget *
converge_field_row_new_part (ConvergeSettings *settings,
                             const char *id,
                             const char *title)
{
  ConvergeFieldRow *self = g_object_new (CONVERGE_TYPE_FIELD_ROW, NULL);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), title);
  self->settings = g_object_ref (settings);
  self->id = id;
  adw_action_row_add_suffix (ADW_ACTION_ROW (self), self->entry);
  g_signal_connect_object (settings, "changed", G_CALLBACK (settings_changed), self,
                           G_CONNECT_SWAPPED);
  settings_changed (self);
  return GTK_WIDGET (self);
}

/**
 * converge_field_row_new:
 * @settings: the settings
 * @setting: the row of one of them
 *
 * Returns: (transfer floating): a row to type a setting in
 */
GtkWidget *
converge_field_row_new (ConvergeSettings *settings,
                        const AgSetting *setting)
{
  GtkWidget *row = converge_field_row_new_part (settings, setting->id, _ (setting->title));
  GtkWidget *suffixes = gtk_widget_get_parent (CONVERGE_FIELD_ROW (row)->entry);

  gtk_box_prepend (GTK_BOX (suffixes), converge_default_mark_new (settings, setting->id));
  return row;
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
  /* Beside it a title of one word would be broken within that. */
  adw_action_row_set_title_lines (ADW_ACTION_ROW (self), 1);
  gtk_editable_set_width_chars (GTK_EDITABLE (self->entry), 14);
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

/**
 * converge_field_row_get_id:
 * @self: a row
 *
 * Returns: (transfer none): id of the setting that is typed there
 */
const char *
converge_field_row_get_id (ConvergeFieldRow *self)
{
  return self->id;
}

/**
 * converge_field_row_is_pending:
 * @self: a row
 *
 * Returns: whether it has text that is not applied yet
 */
gboolean
converge_field_row_is_pending (ConvergeFieldRow *self)
{
  return g_strcmp0 (gtk_editable_get_text (GTK_EDITABLE (self->entry)), self->shown) != 0;
}

/**
 * converge_field_row_apply:
 * @self: a row
 *
 * Sets the setting to the text, if that was changed. A text that is not
 * understood stays where it is and is marked.
 */
void
converge_field_row_apply (ConvergeFieldRow *self)
{
  g_autofree char *typed = NULL;
  g_autofree char *text = NULL;

  if (!converge_field_row_is_pending (self) || !has_setting (self))
    return;
  typed = g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->entry)));
  if (converge_settings_set_text (self->settings, self->id, typed) != NULL)
    {
      show_text (self, typed);
    }
  else
    {
      text = converge_settings_get_text (self->settings, self->id);
      show_text (self, text);
    }
  show_marks (self);
}
