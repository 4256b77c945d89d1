/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "converge-plot-view-private.h"

#include <glib/gi18n-lib.h>

/* The menu and the keys of a plot do what can be done with it beside looking at it. */

static void
copy (GtkWidget *widget,
      const char *name,
      GVariant *parameter)
{
  if (CONVERGE_PLOT_VIEW (widget)->plot != NULL)
    g_signal_emit_by_name (widget, "copy");
}

static void
show_all (GtkWidget *widget,
          const char *name,
          GVariant *parameter)
{
  ConvergePlotView *self = CONVERGE_PLOT_VIEW (widget);

  if (self->plot != NULL)
    converge_plot_reset_view (self->plot);
  gtk_widget_queue_draw (widget);
}

/* A window has so many plots that making the menu of each would take a good part of its start, so
 * a menu is made when it is first opened. */
static void
make_menu (ConvergePlotView *self)
{
  self->menu = gtk_popover_menu_new_from_model (G_MENU_MODEL (self->choices));
  gtk_popover_set_has_arrow (GTK_POPOVER (self->menu), FALSE);
  gtk_widget_set_halign (self->menu, GTK_ALIGN_START);
  gtk_widget_set_parent (self->menu, GTK_WIDGET (self));
}

static void
open_menu (ConvergePlotView *self,
           double x,
           double y)
{
  if (self->menu == NULL)
    make_menu (self);
  gtk_popover_set_pointing_to (GTK_POPOVER (self->menu),
                               &(GdkRectangle){ (int) x, (int) y, 1, 1 });
  gtk_popover_popup (GTK_POPOVER (self->menu));
}

static void
open_menu_by_key (GtkWidget *widget,
                  const char *name,
                  GVariant *parameter)
{
  ConvergePlotView *self = CONVERGE_PLOT_VIEW (widget);

  open_menu (self, self->area.x + self->area.width / 2, self->area.y + self->area.height / 2);
}

/**
 * converge_plot_view_install_menu:
 * @klass: the class of plot views
 *
 * Installs the actions that the menu has, and their keys.
 */
void
converge_plot_view_install_menu (GtkWidgetClass *klass)
{
  gtk_widget_class_install_action (klass, "plot.copy", NULL, copy);
  gtk_widget_class_install_action (klass, "plot.show-all", NULL, show_all);
  gtk_widget_class_install_action (klass, "plot.menu", NULL, open_menu_by_key);
  gtk_widget_class_add_binding_action (klass, GDK_KEY_l, 0, "plot.log-y", NULL);
  gtk_widget_class_add_binding_action (klass, GDK_KEY_l, GDK_SHIFT_MASK, "plot.log-x", NULL);
  gtk_widget_class_add_binding_action (klass, GDK_KEY_c, GDK_CONTROL_MASK, "plot.copy", NULL);
  gtk_widget_class_add_binding_action (klass, GDK_KEY_KP_0, 0, "plot.show-all", NULL);
  gtk_widget_class_add_binding_action (klass, GDK_KEY_0, 0, "plot.show-all", NULL);
  gtk_widget_class_add_binding_action (klass, GDK_KEY_F10, GDK_SHIFT_MASK, "plot.menu", NULL);
  gtk_widget_class_add_binding_action (klass, GDK_KEY_Menu, 0, "plot.menu", NULL);
}

static void
pressed_for_menu (ConvergePlotView *self,
                  int n_presses,
                  double x,
                  double y)
{
  gtk_widget_grab_focus (GTK_WIDGET (self));
  open_menu (self, x, y);
}

/**
 * converge_plot_view_add_menu:
 * @self: a view
 *
 * Gives it the menu that the right button opens.
 */
void
converge_plot_view_add_menu (ConvergePlotView *self)
{
  GtkEventController *controller = GTK_EVENT_CONTROLLER (gtk_gesture_click_new ());
  g_autoptr (GMenu) menu = g_menu_new ();
  g_autoptr (GMenu) scales = g_menu_new ();
  g_autoptr (GMenu) rest = g_menu_new ();

  g_menu_append (scales, _ ("Logarithmic _Vertical Axis"), "plot.log-y");
  g_menu_append (scales, _ ("Logarithmic _Horizontal Axis"), "plot.log-x");
  g_menu_append (rest, _ ("Show _All"), "plot.show-all");
  g_menu_append (rest, _ ("_Copy Picture"), "plot.copy");
  g_menu_append_section (menu, NULL, G_MENU_MODEL (scales));
  g_menu_append_section (menu, NULL, G_MENU_MODEL (rest));
  self->choices = g_object_ref (menu);
  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (controller), GDK_BUTTON_SECONDARY);
  g_signal_connect_swapped (controller, "pressed", G_CALLBACK (pressed_for_menu), self);
  gtk_widget_add_controller (GTK_WIDGET (self), controller);
}

/**
 * converge_plot_view_add_choices:
 * @self: a view
 * @title: what they are about
 * @choices: items of the menu; held
 *
 * Adds a section to the menu that the right button opens. Its actions are those of the view's
 * parents.
 */
void
converge_plot_view_add_choices (ConvergePlotView *self,
                                const char *title,
                                GMenuModel *choices)
{
  g_menu_prepend_section (self->choices, title, choices);
}
