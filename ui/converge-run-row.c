/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "converge-run-row.h"

#include "converge-optima.h"
#include "converge-tooltip.h"
#include "plot/plot-palette.h"
#include "plot/run-text.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>
#include <math.h>

/* One line of the list of runs: its colour, its name, what is different about it, and what it
 * has come to. */
struct _ConvergeRunRow
{
  GtkWidget parent_instance;

  ConvergeRun *run;

  GtkToggleButton *shown;
  GtkDrawingArea *swatch;
  GtkLabel *name;
  GtkLabel *difference;
  GtkLabel *outcome;
  GtkWidget *pin;
};

G_DEFINE_FINAL_TYPE (ConvergeRunRow, converge_run_row, GTK_TYPE_WIDGET)

static void
converge_run_row_dispose (GObject *object)
{
  GtkWidget *child;

  converge_run_row_set_run (CONVERGE_RUN_ROW (object), NULL);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))) != NULL)
    gtk_widget_unparent (child);
  G_OBJECT_CLASS (converge_run_row_parent_class)->dispose (object);
}

static void
shown_toggled (ConvergeRunRow *self)
{
  if (self->run != NULL)
    converge_run_set_shown (self->run, gtk_toggle_button_get_active (self->shown));
}

static void
converge_run_row_class_init (ConvergeRunRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = converge_run_row_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/converge/Converge/converge-run-row.ui");
  gtk_widget_class_bind_template_child (widget_class, ConvergeRunRow, shown);
  gtk_widget_class_bind_template_child (widget_class, ConvergeRunRow, swatch);
  gtk_widget_class_bind_template_child (widget_class, ConvergeRunRow, name);
  gtk_widget_class_bind_template_child (widget_class, ConvergeRunRow, difference);
  gtk_widget_class_bind_template_child (widget_class, ConvergeRunRow, outcome);
  gtk_widget_class_bind_template_child (widget_class, ConvergeRunRow, pin);
  gtk_widget_class_bind_template_callback (widget_class, shown_toggled);
}

/* A disc in the run's colour, or, where plots leave it out, a ring. */
static void
draw_swatch (GtkDrawingArea *area,
             cairo_t *cr,
             int width,
             int height,
             gpointer user_data)
{
  ConvergeRunRow *self = user_data;
  AdwStyleManager *manager = adw_style_manager_get_default ();
  ConvergePlotStyle style;
  ConvergeColor color;

  if (self->run == NULL)
    return;
  converge_plot_style_init (&style, adw_style_manager_get_dark (manager),
                            adw_style_manager_get_high_contrast (manager));
  color = converge_plot_style_color (
    &style, converge_palette_of_run (converge_run_get_color (self->run)));
  cairo_set_source_rgb (cr, color.red, color.green, color.blue);
  cairo_arc (cr, width / 2.0, height / 2.0, fmin (width, height) / 2.0 - 2, 0, 2 * G_PI);
  if (converge_run_get_shown (self->run))
    {
      cairo_fill (cr);
      return;
    }
  cairo_set_line_width (cr, 2);
  cairo_stroke (cr);
}

static void
converge_run_row_init (ConvergeRunRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_drawing_area_set_draw_func (self->swatch, draw_swatch, self, NULL);
  g_signal_connect_object (adw_style_manager_get_default (), "notify::dark",
                           G_CALLBACK (gtk_widget_queue_draw), self->swatch, G_CONNECT_SWAPPED);
}

/**
 * converge_run_row_new:
 *
 * Returns: (transfer floating): a row of no run so far
 */
GtkWidget *
converge_run_row_new (void)
{
  return g_object_new (CONVERGE_TYPE_RUN_ROW, NULL);
}

/**
 * converge_run_row_get_run:
 * @self: a row
 *
 * Returns: (transfer none) (nullable): the run that it shows
 */
ConvergeRun *
converge_run_row_get_run (ConvergeRunRow *self)
{
  return self->run;
}

/* Loss, steps to 1 %, time: what there is of them. */
static char *
say_outcome (ConvergeRun *run)
{
  const AgSnapshot *snapshot = converge_run_snapshot (run);
  const AgRunSpec *spec = converge_run_spec (run);
  g_autofree char *outcome = converge_run_text_outcome (snapshot);
  GString *text = g_string_new (outcome);
  const AgOptimum *optimum;
  gint64 n_steps;

  if (snapshot == NULL || snapshot->step == 0)
    return g_string_free (text, FALSE);
  optimum = snapshot->state == AG_TRAINER_RUNNING
              ? NULL
              : converge_optima_find (converge_optima_get_default (), spec);
  n_steps = optimum != NULL ? converge_run_steps_to_near (run, optimum->loss) : -1;
  if (n_steps >= 0)
    g_string_append_printf (text, _ (" · 1 %% after %lld"), (long long) n_steps);
  if (snapshot->elapsed > 0)
    {
      g_autofree char *duration = converge_run_text_duration (snapshot->elapsed);

      g_string_append_printf (text, " · %s", duration);
    }
  return g_string_free (text, FALSE);
}

/* A reader of the screen is told all that there is to be seen, in one sentence. */
static void
describe (ConvergeRunRow *self)
{
  GtkWidget *item = gtk_widget_get_parent (GTK_WIDGET (self));
  g_autofree char *text = NULL;

  if (item == NULL)
    return;
  text = g_strdup_printf ("%s. %s. %s.%s%s", gtk_label_get_text (self->name),
                          gtk_label_get_text (self->difference), gtk_label_get_text (self->outcome),
                          converge_run_get_shown (self->run) ? "" : _ (" Hidden in plots."),
                          converge_run_get_pinned (self->run) ? _ (" Pinned.") : "");
  gtk_accessible_update_property (GTK_ACCESSIBLE (item), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
}

/**
 * converge_run_row_update:
 * @self: a row
 *
 * Shows what its run is like now.
 */
void
converge_run_row_update (ConvergeRunRow *self)
{
  g_autofree char *outcome = NULL;

  if (self->run == NULL)
    return;
  outcome = say_outcome (self->run);
  gtk_label_set_text (self->name, converge_run_get_name (self->run));
  converge_tooltip_set (GTK_WIDGET (self->name), converge_run_get_name (self->run));
  gtk_label_set_text (self->outcome, outcome);
  converge_tooltip_set (GTK_WIDGET (self->outcome), outcome);
  gtk_widget_set_visible (self->pin, converge_run_get_pinned (self->run));
  gtk_toggle_button_set_active (self->shown, converge_run_get_shown (self->run));
  gtk_widget_queue_draw (GTK_WIDGET (self->swatch));
  describe (self);
}

/**
 * converge_run_row_set_run:
 * @self: a row
 * @run: (nullable): the run to show
 */
void
converge_run_row_set_run (ConvergeRunRow *self,
                          ConvergeRun *run)
{
  if (self->run != NULL)
    g_signal_handlers_disconnect_by_data (self->run, self);
  /* The toggle says what is shown of this one only. */
  g_clear_object (&self->run);
  if (run == NULL)
    return;
  gtk_toggle_button_set_active (self->shown, converge_run_get_shown (run));
  self->run = g_object_ref (run);
  g_signal_connect_object (run, "notify", G_CALLBACK (converge_run_row_update), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (run, "snapshot", G_CALLBACK (converge_run_row_update), self,
                           G_CONNECT_SWAPPED);
  converge_run_row_update (self);
}

/**
 * converge_run_row_set_difference:
 * @self: a row that has a run
 * @difference: what is different about it
 */
void
converge_run_row_set_difference (ConvergeRunRow *self,
                                 const char *difference)
{
  if (g_strcmp0 (gtk_label_get_text (self->difference), difference) == 0)
    return;
  gtk_label_set_text (self->difference, difference);
  converge_tooltip_set (GTK_WIDGET (self->difference), difference);
  gtk_widget_set_visible (GTK_WIDGET (self->difference), *difference != '\0');
  describe (self);
}
