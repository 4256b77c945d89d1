/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "converge-window-private.h"

#include "plot/plot-axis.h"
#include "plot/run-plots.h"
#include "train/optimum.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* How often the fit leaves a ghost behind. */
#define GHOST_US (G_USEC_PER_SEC / 2)

G_DEFINE_FINAL_TYPE (ConvergeWindow, converge_window, ADW_TYPE_APPLICATION_WINDOW)

static void
converge_window_dispose (GObject *object)
{
  ConvergeWindow *self = CONVERGE_WINDOW (object);

  if (self->tick != 0)
    gtk_widget_remove_tick_callback (GTK_WIDGET (self), self->tick);
  self->tick = 0;
  if (self->fit_view != NULL)
    {
      converge_plot_view_set_plot (self->fit_view, NULL, NULL, NULL);
      converge_plot_view_set_plot (self->loss_view, NULL, NULL, NULL);
    }
  g_clear_object (&self->session);
  g_clear_object (&self->settings);
  g_clear_object (&self->store);
  g_clear_pointer (&self->fit_plot, converge_plot_free);
  g_clear_pointer (&self->loss_plot, converge_plot_free);
  G_OBJECT_CLASS (converge_window_parent_class)->dispose (object);
}

/* y = 0.5 + −0.25 x^2 as it is written by hand. */
static void
show_formula (ConvergeWindow *self,
              const AgRun *run,
              const double *coefficients)
{
  GString *text = g_string_new (run->program->formula);

  for (guint i = 0; i < run->program->n_parameters; i++)
    {
      g_autofree char *place = g_strdup_printf ("{%s}", run->program->parameters[i].name);
      char number[32];

      converge_axis_format (coefficients[i], 4, number, sizeof number);
      g_string_replace (text, place, number, 0);
    }
  g_string_replace (text, "+ −", "− ", 0);
  g_string_replace (text, "x^2", "x²", 0);
  g_string_replace (text, "x^3", "x³", 0);
  g_string_replace (text, "x^4", "x⁴", 0);
  g_string_replace (text, "x^5", "x⁵", 0);
  gtk_label_set_text (self->formula, text->str);
  g_string_free (text, TRUE);
}

static void
prepare_loss (ConvergePlot *plot,
              double width,
              gpointer user_data)
{
  ConvergeWindow *self = user_data;
  AgHistory *history = converge_session_history (self->session);

  if (history != NULL)
    converge_loss_plot_update (plot, history, width);
}

/**
 * converge_window_prepare_plots:
 * @self: the window
 * @run: the run that is to be seen
 *
 * Makes plots for a run, with nothing of it in them yet.
 */
void
converge_window_prepare_plots (ConvergeWindow *self,
                               const AgRun *run)
{
  converge_plot_view_set_plot (self->fit_view, NULL, NULL, NULL);
  converge_plot_view_set_plot (self->loss_view, NULL, NULL, NULL);
  g_clear_pointer (&self->fit_plot, converge_plot_free);
  g_clear_pointer (&self->loss_plot, converge_plot_free);
  self->plotted = *run;
  self->fit_plot = converge_fit_plot_new (run);
  self->loss_plot = converge_loss_plot_new (run);
  self->ghost_us = 0;
  converge_plot_view_set_plot (self->fit_view, self->fit_plot, NULL, NULL);
  converge_plot_view_set_plot (self->loss_view, self->loss_plot, prepare_loss, self);
  gtk_label_set_text (self->formula, "");
  gtk_revealer_set_reveal_child (self->banner, FALSE);
}

static double
loss_at (ConvergeWindow *self,
         gint64 step)
{
  AgHistoryEntry entry = { .loss = NAN };

  if (step >= 0)
    ag_history_read (converge_session_history (self->session), 0, step, step, 1, &entry);
  return entry.loss;
}

static void
show_divergence (ConvergeWindow *self,
                 const AgRun *run,
                 const AgSnapshot *snapshot)
{
  GString *text = g_string_new (NULL);
  char first[32], last[32], bound[32];

  converge_axis_format (loss_at (self, 0), 3, first, sizeof first);
  converge_axis_format (loss_at (self, snapshot->diverged_step - 1), 3, last, sizeof last);
  g_string_printf (text,
                   _ ("The run diverged at step %" G_GINT64_FORMAT
                      ": its loss grew from %s to %s and then was not a number any more."),
                   snapshot->diverged_step, first, last);
  if (ag_run_stable_rate (run, &self->stable_rate))
    {
      g_autofree char *label = NULL;

      converge_axis_format (self->stable_rate, 3, bound, sizeof bound);
      g_string_append_printf (text, _ (" Below a learning rate of %s it is stable."), bound);
      converge_axis_format (0.9 * self->stable_rate, 2, bound, sizeof bound);
      label = g_strdup_printf (_ ("Set %s"), bound);
      gtk_button_set_label (self->banner_button, label);
      gtk_widget_set_visible (GTK_WIDGET (self->banner_button), TRUE);
    }
  else
    {
      g_string_append (text, _ (" Try a smaller learning rate."));
      gtk_widget_set_visible (GTK_WIDGET (self->banner_button), FALSE);
    }
  gtk_label_set_text (self->banner_label, text->str);
  gtk_revealer_set_reveal_child (self->banner, TRUE);
  g_string_free (text, TRUE);
}

static void
show_failure (ConvergeWindow *self)
{
  const GError *error = converge_session_error (self->session);

  gtk_label_set_text (self->banner_label, error != NULL ? error->message : _ ("The run failed."));
  gtk_widget_set_visible (GTK_WIDGET (self->banner_button), FALSE);
  gtk_revealer_set_reveal_child (self->banner, TRUE);
}

/* Not in every frame: readers would never come to an end. */
static void
describe_plots (ConvergeWindow *self,
                const AgSnapshot *snapshot)
{
  g_autofree char *fit = g_strdup_printf (_ ("Step %" G_GINT64_FORMAT ". The fit is %s."),
                                          snapshot->step, gtk_label_get_text (self->formula));
  g_autofree char *loss = g_strdup_printf (_ ("Loss over %" G_GINT64_FORMAT
                                              " steps, from %.4g to %.4g."),
                                           snapshot->step, loss_at (self, 0), snapshot->loss);

  converge_plot_view_describe (self->fit_view, fit);
  converge_plot_view_describe (self->loss_view, loss);
}

static gboolean
take_frame (GtkWidget *widget,
            GdkFrameClock *clock,
            gpointer user_data)
{
  ConvergeWindow *self = CONVERGE_WINDOW (widget);

  converge_session_poll (self->session);
  return G_SOURCE_CONTINUE;
}

/* Frames are only asked for while there is something new in them. */
static void
watch (ConvergeWindow *self,
       gboolean is_running)
{
  if (is_running && self->tick == 0)
    {
      self->tick = gtk_widget_add_tick_callback (GTK_WIDGET (self), take_frame, NULL, NULL);
    }
  else if (!is_running && self->tick != 0)
    {
      gtk_widget_remove_tick_callback (GTK_WIDGET (self), self->tick);
      self->tick = 0;
    }
}

static void
leave_ghost (ConvergeWindow *self)
{
  gint64 now_us = g_get_monotonic_time ();

  if (now_us - self->ghost_us < GHOST_US)
    return;
  if (self->ghost_us != 0)
    converge_fit_plot_push_ghost (self->fit_plot);
  self->ghost_us = now_us;
}

static gboolean
has_same_data (const AgRun *a,
               const AgRun *b)
{
  return a->program == b->program && strcmp (a->target, b->target) == 0
         && a->x_minimum == b->x_minimum && a->x_maximum == b->x_maximum
         && a->points == b->points;
}

/* Whether two runs differ in what cannot be changed under way. */
static gboolean
needs_new_run (const AgRun *a,
               const AgRun *b)
{
  return !has_same_data (a, b) || a->optimizer != b->optimizer || a->steps != b->steps
         || a->seed != b->seed || a->dtype != b->dtype || a->init != b->init
         || memcmp (a->values, b->values, sizeof a->values) != 0
         || strcmp (a->device, b->device) != 0
         || memcmp (a->options, b->options, sizeof a->options) != 0;
}

/* What is to be said of the settings as a whole, above them. */
static void
show_note (ConvergeWindow *self)
{
  const AgRun *wanted = converge_settings_run (self->settings);
  const char *error = converge_settings_error (self->settings);

  if (error != NULL)
    converge_controls_show_note (self->controls, error, TRUE);
  else if (converge_session_is_active (self->session)
           && needs_new_run (converge_session_run (self->session), wanted))
    converge_controls_show_note (self->controls,
                                 _ ("What you changed applies at the next run. Learning rate and "
                                    "pace apply at once."),
                                 FALSE);
  else
    converge_controls_show_note (self->controls, NULL, FALSE);
}

static void
show_snapshot (ConvergeWindow *self)
{
  const AgSnapshot *snapshot = converge_session_snapshot (self->session);
  const AgRun *run = converge_session_run (self->session);

  if (snapshot == NULL)
    {
      watch (self, FALSE);
      converge_window_prepare_plots (self, converge_settings_run (self->settings));
      converge_status_bar_update (self->status, converge_settings_run (self->settings), NULL);
      show_note (self);
      converge_window_update_actions (self);
      return;
    }

  watch (self, snapshot->state == AG_TRAINER_RUNNING);
  if (snapshot->step == 0)
    converge_fit_plot_set_initial (self->fit_plot, run, converge_session_initial (self->session));
  if (snapshot->state != AG_TRAINER_FAILED)
    {
      leave_ghost (self);
      converge_fit_plot_update (self->fit_plot, run, snapshot);
      show_formula (self, run, snapshot->coefficients);
    }
  converge_plot_view_update (self->fit_view);
  converge_plot_view_update (self->loss_view);
  converge_status_bar_update (self->status, run, snapshot);
  if (snapshot->state != AG_TRAINER_RUNNING)
    describe_plots (self, snapshot);
  if (snapshot->state == AG_TRAINER_DIVERGED)
    show_divergence (self, run, snapshot);
  else if (snapshot->state == AG_TRAINER_FAILED)
    show_failure (self);
  show_note (self);
  converge_window_update_actions (self);
}

static void
settings_changed (ConvergeWindow *self)
{
  const AgRun *wanted = converge_settings_run (self->settings);

  if (converge_session_run (self->session) == NULL)
    {
      if (!has_same_data (wanted, &self->plotted))
        converge_window_prepare_plots (self, wanted);
      converge_status_bar_update (self->status, wanted, NULL);
    }
  else if (converge_session_is_active (self->session))
    {
      converge_session_set_learning_rate (self->session, wanted->learning_rate);
      converge_session_set_pace (self->session, wanted->pace);
    }
  show_note (self);
  converge_window_update_actions (self);
}

static gboolean
converge_window_close_request (GtkWindow *window)
{
  ConvergeWindow *self = CONVERGE_WINDOW (window);
  int width, height;

  if (self->store != NULL)
    {
      gtk_window_get_default_size (window, &width, &height);
      g_settings_set_int (self->store, "width", width);
      g_settings_set_int (self->store, "height", height);
      g_settings_set_boolean (self->store, "maximized", gtk_window_is_maximized (window));
      g_settings_set_int (self->store, "divider", gtk_paned_get_position (self->paned));
      g_settings_set_value (self->store, "run", converge_settings_save (self->settings));
    }
  converge_session_stop (self->session);
  return GTK_WINDOW_CLASS (converge_window_parent_class)->close_request (window);
}

static void
restore (ConvergeWindow *self)
{
  g_autoptr (GVariant) run = NULL;

  if (self->store == NULL)
    return;
  gtk_window_set_default_size (GTK_WINDOW (self), g_settings_get_int (self->store, "width"),
                               g_settings_get_int (self->store, "height"));
  if (g_settings_get_boolean (self->store, "maximized"))
    gtk_window_maximize (GTK_WINDOW (self));
  if (g_settings_get_int (self->store, "divider") > 0)
    gtk_paned_set_position (self->paned, g_settings_get_int (self->store, "divider"));
  run = g_settings_get_value (self->store, "run");
  converge_settings_restore (self->settings, run);
}

static void
converge_window_class_init (ConvergeWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = converge_window_dispose;
  GTK_WINDOW_CLASS (klass)->close_request = converge_window_close_request;
  g_type_ensure (CONVERGE_TYPE_CONTROLS);
  g_type_ensure (CONVERGE_TYPE_PLOT_VIEW);
  g_type_ensure (CONVERGE_TYPE_STATUS_BAR);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/converge/Converge/converge-window.ui");
  gtk_widget_class_bind_template_child (widget_class, ConvergeWindow, toasts);
  gtk_widget_class_bind_template_child (widget_class, ConvergeWindow, train);
  gtk_widget_class_bind_template_child (widget_class, ConvergeWindow, export_menu);
  gtk_widget_class_bind_template_child (widget_class, ConvergeWindow, flap);
  gtk_widget_class_bind_template_child (widget_class, ConvergeWindow, controls);
  gtk_widget_class_bind_template_child (widget_class, ConvergeWindow, banner);
  gtk_widget_class_bind_template_child (widget_class, ConvergeWindow, banner_label);
  gtk_widget_class_bind_template_child (widget_class, ConvergeWindow, banner_button);
  gtk_widget_class_bind_template_child (widget_class, ConvergeWindow, paned);
  gtk_widget_class_bind_template_child (widget_class, ConvergeWindow, fit_view);
  gtk_widget_class_bind_template_child (widget_class, ConvergeWindow, loss_view);
  gtk_widget_class_bind_template_child (widget_class, ConvergeWindow, formula);
  gtk_widget_class_bind_template_child (widget_class, ConvergeWindow, status);
  converge_window_install_actions (widget_class);
}

static void
converge_window_init (ConvergeWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->settings = converge_settings_new ();
  self->session = converge_session_new ();
  converge_controls_set_settings (self->controls, self->settings);
  g_signal_connect_object (self->session, "snapshot", G_CALLBACK (show_snapshot), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->settings, "changed", G_CALLBACK (settings_changed), self,
                           G_CONNECT_SWAPPED);
}

/**
 * converge_window_new:
 * @application: the application
 * @store: (nullable): where the window's state is kept
 *
 * Returns: (transfer floating): the window
 */
GtkWidget *
converge_window_new (AdwApplication *application,
                     GSettings *store)
{
  ConvergeWindow *self = g_object_new (CONVERGE_TYPE_WINDOW, "application", application, NULL);

  self->store = store != NULL ? g_object_ref (store) : NULL;
  restore (self);
  show_snapshot (self);
  return GTK_WIDGET (self);
}

/**
 * converge_window_get_settings:
 * @self: the window
 *
 * Returns: (transfer none): the settings its controls show
 */
ConvergeSettings *
converge_window_get_settings (ConvergeWindow *self)
{
  return self->settings;
}

/**
 * converge_window_get_session:
 * @self: the window
 *
 * Returns: (transfer none): what it shows
 */
ConvergeSession *
converge_window_get_session (ConvergeWindow *self)
{
  return self->session;
}
