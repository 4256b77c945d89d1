/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "converge-sweep-view-private.h"

#include "converge-export.h"
#include "converge-tooltip.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* A sweep of one setting, or a map of two: the plot, and below it a line that says what is
 * swept, from where one changes that, and how far it is. */

/* The line says how far it is no oftener than one can read. */
#define TELL_US 100000

G_DEFINE_FINAL_TYPE (ConvergeSweepView, converge_sweep_view, GTK_TYPE_WIDGET)

static gboolean
is_map (ConvergeSweepView *self)
{
  return converge_sweep_n_axes (self->sweep) > 1;
}

static void
drop_plot (ConvergeSweepView *self)
{
  if (self->view != NULL)
    converge_plot_view_set_plot (self->view, NULL, NULL, NULL);
  g_clear_pointer (&self->plot, converge_plot_free);
  self->shown = NULL;
}

static void
stop_watching (ConvergeSweepView *self)
{
  if (self->tick != 0)
    gtk_widget_remove_tick_callback (GTK_WIDGET (self), self->tick);
  self->tick = 0;
}

static void
converge_sweep_view_dispose (GObject *object)
{
  ConvergeSweepView *self = CONVERGE_SWEEP_VIEW (object);

  stop_watching (self);
  drop_plot (self);
  self->view = NULL;
  if (self->sweep != NULL)
    converge_sweep_set_active (self->sweep, FALSE);
  g_clear_object (&self->sweep);
  g_clear_pointer (&self->subjects, g_ptr_array_unref);
  g_clear_pointer (&self->box, gtk_widget_unparent);
  G_OBJECT_CLASS (converge_sweep_view_parent_class)->dispose (object);
}

/* Only what is drawn is brought up to date. */
static void
prepare_plot (ConvergePlot *plot,
              double width,
              gpointer user_data)
{
  ConvergeSweepView *self = user_data;
  AgSweep *results = converge_sweep_get_results (self->sweep);

  if (results == NULL || results != self->shown)
    return;
  if (is_map (self))
    converge_map_plot_update (plot, results, 0, converge_sweep_get_look (self->sweep));
  else
    converge_sweep_plot_update (plot, results, converge_sweep_get_look (self->sweep));
}

static void
tell (ConvergeSweepView *self)
{
  AgSweep *results = converge_sweep_get_results (self->sweep);
  const char *error = converge_sweep_get_error (self->sweep);
  g_autofree char *text = results != NULL && error == NULL ? converge_sweep_describe (results)
                                                           : g_strdup (error != NULL ? error : "");

  self->told_us = g_get_monotonic_time ();
  gtk_label_set_text (self->label, text);
  converge_tooltip_set (GTK_WIDGET (self->label), text);
  if (error != NULL)
    gtk_widget_add_css_class (GTK_WIDGET (self->label), "error");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->label), "error");
  converge_plot_view_describe (self->view, text);
}

static gboolean
take_frame (GtkWidget *widget,
            GdkFrameClock *clock,
            gpointer user_data)
{
  ConvergeSweepView *self = CONVERGE_SWEEP_VIEW (widget);
  AgSweep *results;
  gboolean is_over;

  converge_sweep_set_active (self->sweep, TRUE);
  results = converge_sweep_get_results (self->sweep);
  is_over = results == NULL || ag_sweep_is_over (results);
  if (converge_sweep_poll (self->sweep))
    converge_plot_view_update (self->view);
  if (is_over || g_get_monotonic_time () - self->told_us > TELL_US)
    tell (self);
  if (is_over)
    self->tick = 0;
  return is_over ? G_SOURCE_REMOVE : G_SOURCE_CONTINUE;
}

static void
make_plot (ConvergeSweepView *self,
           AgSweep *results)
{
  drop_plot (self);
  self->shown = results;
  self->shown_look = *converge_sweep_get_look (self->sweep);
  if (results == NULL)
    return;
  self->plot = is_map (self) ? converge_map_plot_new (results, 0, &self->shown_look)
                             : converge_sweep_plot_new (results, &self->shown_look);
  converge_plot_view_set_plot (self->view, self->plot, prepare_plot, self);
}

static void
sweep_changed (ConvergeSweepView *self)
{
  AgSweep *results = converge_sweep_get_results (self->sweep);
  const ConvergeSweepLook *look = converge_sweep_get_look (self->sweep);

  if (results != self->shown || look->quantity != self->shown_look.quantity
      || look->parameter != self->shown_look.parameter)
    make_plot (self, results);
  converge_plot_view_update (self->view);
  converge_sweep_view_fill (self);
  tell (self);
  if (self->tick == 0 && gtk_widget_get_mapped (GTK_WIDGET (self)))
    self->tick = gtk_widget_add_tick_callback (GTK_WIDGET (self), take_frame, NULL, NULL);
}

/* A tab is mapped while the window is laid out, when nothing may change in size: the sweep begins in
 * the next frame. */
static void
converge_sweep_view_map (GtkWidget *widget)
{
  ConvergeSweepView *self = CONVERGE_SWEEP_VIEW (widget);

  GTK_WIDGET_CLASS (converge_sweep_view_parent_class)->map (widget);
  if (self->sweep != NULL && self->tick == 0)
    self->tick = gtk_widget_add_tick_callback (widget, take_frame, NULL, NULL);
}

/* Nobody sees it: the cores are for others. */
static void
converge_sweep_view_unmap (GtkWidget *widget)
{
  ConvergeSweepView *self = CONVERGE_SWEEP_VIEW (widget);

  stop_watching (self);
  if (self->sweep != NULL)
    converge_sweep_set_active (self->sweep, FALSE);
  GTK_WIDGET_CLASS (converge_sweep_view_parent_class)->unmap (widget);
}

static void
converge_sweep_view_class_init (ConvergeSweepViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = converge_sweep_view_dispose;
  widget_class->map = converge_sweep_view_map;
  widget_class->unmap = converge_sweep_view_unmap;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "sweepview");
}

/* The value nearest to a place along an axis. */
static guint
find_value (const AgSweepAxis *axis,
            double x)
{
  guint nearest = 0;
  double least = INFINITY;

  for (guint i = 0; i < axis->n; i++)
    {
      const double distance = axis->is_log && x > 0 ? fabs (log (axis->values[i] / x))
                                                    : fabs (axis->values[i] - x);

      if (distance < least)
        {
          least = distance;
          nearest = i;
        }
    }
  return nearest;
}

/* The curve that is nearest to the place, of those that have a value there. */
static guint
find_curve (ConvergeSweepView *self,
            AgSweep *results,
            guint value,
            double y)
{
  const guint n = ag_sweep_n_values (results, 0);
  guint nearest = 0;
  double least = INFINITY;

  for (guint i = 0; i < ag_sweep_n_specs (results); i++)
    {
      AgSweepResult result;
      double loss;

      if (!ag_sweep_read (results, i * n + value, &result))
        continue;
      loss = self->shown_look.quantity == CONVERGE_SWEEP_STEPS ? (double) result.steps_to_1_percent
                                                               : result.final_loss;
      if (loss > 0 && y > 0 && fabs (log (loss / y)) < least)
        {
          least = fabs (log (loss / y));
          nearest = i;
        }
    }
  return nearest;
}

static void
chosen (ConvergeSweepView *self,
        double x,
        double y)
{
  AgSweep *results = converge_sweep_get_results (self->sweep);
  guint column, row;

  if (results == NULL)
    return;
  column = find_value (ag_sweep_axis (results, 0), x);
  if (!is_map (self))
    converge_sweep_take_over (self->sweep, find_curve (self, results, column, y)
                                               * ag_sweep_n_values (results, 0)
                                             + column);
  else
    {
      row = find_value (ag_sweep_axis (results, 1), y);
      converge_sweep_take_over (self->sweep, row * ag_sweep_n_values (results, 0) + column);
    }
}

static void
converge_sweep_view_init (ConvergeSweepView *self)
{
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 9);

  self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));
  self->view = CONVERGE_PLOT_VIEW (converge_plot_view_new (""));
  gtk_box_append (GTK_BOX (self->box), GTK_WIDGET (self->view));
  g_signal_connect_swapped (self->view, "chosen", G_CALLBACK (chosen), self);

  self->button = GTK_MENU_BUTTON (gtk_menu_button_new ());
  gtk_menu_button_set_direction (self->button, GTK_ARROW_UP);
  converge_tooltip_set (GTK_WIDGET (self->button), _ ("What is swept"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("What is swept"), -1);
  self->label = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_xalign (self->label, 0);
  gtk_label_set_ellipsize (self->label, PANGO_ELLIPSIZE_END);
  gtk_widget_set_hexpand (GTK_WIDGET (self->label), TRUE);
  gtk_widget_add_css_class (GTK_WIDGET (self->label), "caption");
  gtk_widget_add_css_class (line, "sweep-line");
  gtk_box_append (GTK_BOX (line), GTK_WIDGET (self->button));
  gtk_box_append (GTK_BOX (line), GTK_WIDGET (self->label));
  self->export = GTK_MENU_BUTTON (gtk_menu_button_new ());
  gtk_menu_button_set_icon_name (self->export, "document-save-symbolic");
  gtk_menu_button_set_direction (self->export, GTK_ARROW_UP);
  converge_tooltip_set (GTK_WIDGET (self->export), _ ("Export"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->export), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Export"), -1);
  gtk_widget_add_css_class (GTK_WIDGET (self->export), "flat");
  gtk_box_append (GTK_BOX (line), GTK_WIDGET (self->export));
  gtk_box_append (GTK_BOX (self->box), line);
  gtk_widget_add_css_class (GTK_WIDGET (self), "view");
}

/**
 * converge_sweep_view_new:
 * @title: what kind of plot it is
 *
 * Returns: (transfer floating): a view of no sweep
 */
GtkWidget *
converge_sweep_view_new (const char *title)
{
  ConvergeSweepView *self = g_object_new (CONVERGE_TYPE_SWEEP_VIEW, NULL);

  gtk_accessible_update_property (GTK_ACCESSIBLE (self->view), GTK_ACCESSIBLE_PROPERTY_LABEL, title,
                                  -1);
  return GTK_WIDGET (self);
}

/**
 * converge_sweep_view_set_sweep:
 * @self: a view of no sweep
 * @sweep: what it is to show, which is active while it can be seen
 */
void
converge_sweep_view_set_sweep (ConvergeSweepView *self,
                               ConvergeSweep *sweep)
{
  g_autoptr (GMenuModel) menu = NULL;

  g_return_if_fail (self->sweep == NULL);

  menu = converge_export_sweep_menu (converge_sweep_n_axes (sweep) - 1);
  gtk_menu_button_set_menu_model (self->export, menu);
  self->sweep = g_object_ref (sweep);
  converge_sweep_view_add_choices (self);
  g_signal_connect_object (sweep, "changed", G_CALLBACK (sweep_changed), self, G_CONNECT_SWAPPED);
  converge_sweep_view_fill (self);
}

/**
 * converge_sweep_view_get_sweep:
 * @self: a view
 *
 * Returns: (transfer none) (nullable): what it shows
 */
ConvergeSweep *
converge_sweep_view_get_sweep (ConvergeSweepView *self)
{
  return self->sweep;
}

/**
 * converge_sweep_view_get_plot_view:
 * @self: a view
 *
 * Returns: (transfer none): the plot in it
 */
ConvergePlotView *
converge_sweep_view_get_plot_view (ConvergeSweepView *self)
{
  return self->view;
}
