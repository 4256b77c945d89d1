/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "converge-preferences.h"

#include "plot/run-plots.h"

#include <glib/gi18n-lib.h>
#include <string.h>

struct _ConvergePreferences
{
  AdwPreferencesWindow parent_instance;

  ConvergeVisibility *visibility;

  AdwComboRow *style;
  GtkSwitch *asks;
  AdwPreferencesGroup *series;
};

G_DEFINE_FINAL_TYPE (ConvergePreferences, converge_preferences, ADW_TYPE_PREFERENCES_WINDOW)

/* The states of the action app.style, in the order of the rows. */
static const char *const styles[] = { "system", "light", "dark" };

static void
converge_preferences_dispose (GObject *object)
{
  g_clear_object (&CONVERGE_PREFERENCES (object)->visibility);
  G_OBJECT_CLASS (converge_preferences_parent_class)->dispose (object);
}

static void
converge_preferences_class_init (ConvergePreferencesClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = converge_preferences_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/converge/Converge/"
                                               "converge-preferences.ui");
  gtk_widget_class_bind_template_child (widget_class, ConvergePreferences, style);
  gtk_widget_class_bind_template_child (widget_class, ConvergePreferences, asks);
  gtk_widget_class_bind_template_child (widget_class, ConvergePreferences, series);
}

static void
converge_preferences_init (ConvergePreferences *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

static GActionGroup *
get_application (void)
{
  return G_ACTION_GROUP (g_application_get_default ());
}

static void
style_selected (ConvergePreferences *self)
{
  g_action_group_activate_action (
    get_application (), "style",
    g_variant_new_string (styles[adw_combo_row_get_selected (self->style)]));
}

static void
show_style (ConvergePreferences *self)
{
  g_autoptr (GVariant) state = NULL;

  if (get_application () != NULL)
    state = g_action_group_get_action_state (get_application (), "style");
  gtk_widget_set_visible (GTK_WIDGET (self->style), state != NULL);
  for (guint i = 0; state != NULL && i < G_N_ELEMENTS (styles); i++)
    if (strcmp (g_variant_get_string (state, NULL), styles[i]) == 0)
      adw_combo_row_set_selected (self->style, i);
}

static void
switched (GtkSwitch *widget,
          GParamSpec *pspec,
          ConvergePreferences *self)
{
  converge_visibility_set (self->visibility, gtk_widget_get_name (GTK_WIDGET (widget)),
                           gtk_switch_get_active (widget));
}

static GtkWidget *
make_series_row (ConvergePreferences *self,
                 const ConvergeOptionalSeries *series)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *widget = gtk_switch_new ();

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _ (series->title));
  gtk_widget_set_name (widget, series->id);
  gtk_widget_set_valign (widget, GTK_ALIGN_CENTER);
  gtk_switch_set_active (GTK_SWITCH (widget),
                         converge_visibility_get (self->visibility, series->id));
  g_signal_connect_object (widget, "notify::active", G_CALLBACK (switched), self, 0);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), widget);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), widget);
  return row;
}

/**
 * converge_preferences_new:
 * @parent: the window they are of
 * @visibility: which series are to be seen
 * @question: what is asked before a run
 *
 * Returns: (transfer floating): the window to change preferences in
 */
GtkWidget *
converge_preferences_new (GtkWindow *parent,
                          ConvergeVisibility *visibility,
                          ConvergeQuestion *question)
{
  ConvergePreferences *self = g_object_new (CONVERGE_TYPE_PREFERENCES, "transient-for", parent,
                                            NULL);

  self->visibility = g_object_ref (visibility);
  show_style (self);
  g_object_bind_property (question, "asks", self->asks, "active",
                          G_BINDING_SYNC_CREATE | G_BINDING_BIDIRECTIONAL);
  g_signal_connect_swapped (self->style, "notify::selected", G_CALLBACK (style_selected), self);
  for (guint i = 0; i < converge_optional_series_n (); i++)
    adw_preferences_group_add (self->series,
                               make_series_row (self, converge_optional_series_nth (i)));
  return GTK_WIDGET (self);
}
