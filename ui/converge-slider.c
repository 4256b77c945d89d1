/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "converge-slider.h"

/* Sliders in a column that scrolls have two things to do that those of GTK do not: they let the
 * wheel pass, so that scrolling the column changes no setting on the way, and they tell a screen
 * reader the value that they stand for, since the number that GTK knows is its logarithm. */

/* GTK's own controller is the one that would change the value. */
static GtkEventController *
find_wheel (GtkWidget *scale)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (scale);

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);

      if (GTK_IS_EVENT_CONTROLLER_SCROLL (controller))
        return controller;
    }
  return NULL;
}

static void
focus_changed (GtkWidget *scale)
{
  GtkEventController *wheel = find_wheel (scale);

  if (wheel != NULL)
    gtk_event_controller_set_propagation_phase (wheel, gtk_widget_has_focus (scale)
                                                         ? GTK_PHASE_BUBBLE
                                                         : GTK_PHASE_NONE);
}

/**
 * converge_slider_set_up:
 * @scale: a slider
 * @label: its name for a screen reader
 *
 * Lets the wheel change the slider only while it has the focus, and gives it a
 * name.
 */
void
converge_slider_set_up (GtkScale *scale,
                        const char *label)
{
  gtk_accessible_update_property (GTK_ACCESSIBLE (scale), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  g_signal_connect (scale, "notify::has-focus", G_CALLBACK (focus_changed), NULL);
  focus_changed (GTK_WIDGET (scale));
}

/**
 * converge_slider_describe:
 * @scale: a slider
 * @value: what its place stands for, in words: “1e−6”
 */
void
converge_slider_describe (GtkScale *scale,
                          const char *value)
{
  gtk_accessible_update_property (GTK_ACCESSIBLE (scale), GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT, value,
                                  -1);
}
