/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "converge-optima.h"
#include "converge-store.h"
#include "converge-window-private.h"

#include "plot/plot-axis.h"
#include "plot/run-text.h"
#include "train/failure.h"

#include <glib/gi18n-lib.h>
#include <math.h>

enum
{
  PROP_PRESENTING = 1,
  PROP_PAGE,
  PROP_WHAT_IF,
  N_PROPERTIES
};

static GParamSpec *properties[N_PROPERTIES];

G_DEFINE_FINAL_TYPE (ConvergeWindow, converge_window, ADW_TYPE_APPLICATION_WINDOW)

/* A field applies what was typed when the focus leaves it. That may be the last thing that
 * happens, and wants all that follows a setting to be there still. */
static void
take_focus (ConvergeWindow *self)
{
  gtk_window_set_focus (GTK_WINDOW (self), NULL);
}

static void
converge_window_dispose (GObject *object)
{
  ConvergeWindow *self = CONVERGE_WINDOW (object);

  take_focus (self);
  if (self->tick != 0)
    gtk_widget_remove_tick_callback (GTK_WIDGET (self), self->tick);
  self->tick = 0;
  g_clear_pointer (&self->data_load, converge_data_load_cancel);
  g_clear_object (&self->toast_folder);
  /* It ends after the list that it asks to forget. */
  if (self->toast != NULL)
    g_signal_handlers_disconnect_by_data (self->toast, self);
  g_clear_weak_pointer (&self->toast);
  if (self->file_runner != NULL)
    g_thread_pool_free (self->file_runner, FALSE, FALSE);
  self->file_runner = NULL;
  converge_window_end_remake (self);
  g_clear_object (&self->run);
  g_clear_object (&self->runs);
  g_clear_object (&self->settings);
  g_clear_object (&self->store);
  g_clear_object (&self->visibility);
  g_clear_object (&self->why);
  g_clear_object (&self->what_if);
  G_OBJECT_CLASS (converge_window_parent_class)->dispose (object);
}

static double
loss_at (ConvergeWindow *self,
         gint64 step)
{
  AgHistoryEntry entry = { .loss = NAN };

  if (step >= 0)
    ag_history_read (converge_run_history (self->run), 0, step, step, 1, &entry);
  return entry.loss;
}

static void
show_divergence (ConvergeWindow *self,
                 const AgRunSpec *spec,
                 const AgSnapshot *snapshot)
{
  g_autofree char *start = ag_run_spec_explain_start (spec, snapshot);
  g_autofree char *reason
    = ag_run_spec_explain_failure (spec, converge_run_data (self->run), snapshot);
  const AgOptimum *optimum = converge_optima_wait (converge_optima_get_default (), spec);
  GString *text = g_string_new (start);
  char first[32], last[32], bound[32];

  gtk_widget_set_visible (GTK_WIDGET (self->banner_button), FALSE);
  if (start == NULL)
    {
      converge_axis_format (loss_at (self, 0), 3, first, sizeof first);
      converge_axis_format (loss_at (self, snapshot->diverged_step - 1), 3, last, sizeof last);
      g_string_printf (text,
                       _ ("The run diverged at step %lld: its loss grew from %s to %s and then was "
                          "not a number any more."),
                       (long long) snapshot->diverged_step, first, last);
    }
  if (reason != NULL)
    g_string_append_printf (text, " %s", reason);
  if (start == NULL && ag_run_spec_stable_rate (spec, optimum, &self->stable_rate))
    {
      g_autofree char *label = NULL;

      converge_axis_format (self->stable_rate, 3, bound, sizeof bound);
      g_string_append_printf (text, _ (" Below a learning rate of %s it is stable."), bound);
      converge_axis_format (0.9 * self->stable_rate, 2, bound, sizeof bound);
      label = g_strdup_printf (_ ("Set %s"), bound);
      gtk_button_set_label (self->banner_button, label);
      gtk_widget_set_visible (GTK_WIDGET (self->banner_button), TRUE);
    }
  else if (start == NULL)
    {
      g_string_append (text, _ (" Try a smaller learning rate."));
    }
  gtk_label_set_text (self->banner_label, text->str);
  gtk_revealer_set_reveal_child (self->banner, TRUE);
  g_string_free (text, TRUE);
}

static void
show_failure (ConvergeWindow *self)
{
  const GError *error = converge_run_error (self->run);

  gtk_label_set_text (self->banner_label, error != NULL ? error->message : _ ("The run failed."));
  gtk_widget_set_visible (GTK_WIDGET (self->banner_button), FALSE);
  gtk_revealer_set_reveal_child (self->banner, TRUE);
}

/* Says which run is to be seen; most of all where it is not the one that the
 * controls describe. */
static void
show_caption (ConvergeWindow *self)
{
  const AgRunSpec *wanted = converge_settings_spec (self->settings);
  const AgRunSpec *spec = converge_run_spec (self->run);
  g_autofree char *caption = NULL;
  g_autofree char *notable = NULL;

  if (spec == NULL)
    {
      caption = converge_run_text_settings (wanted, wanted->lr);
      converge_plots_set_caption (self->plots, caption, FALSE);
      return;
    }
  caption = converge_run_text_settings (spec, converge_run_lr (self->run));
  if (!ag_run_spec_can_become (spec, wanted))
    notable = g_strdup_printf (_ ("This run: %s. What you changed applies at the next one."), caption);
  converge_plots_set_caption (self->plots, notable != NULL ? notable : caption, notable != NULL);
}

/* Returns what the plots show before there is a run; nothing while the target in its field is
 * wrong. */
static const AgRunSpec *
get_plotted (ConvergeWindow *self)
{
  return converge_settings_has_data (self->settings) ? converge_settings_spec (self->settings) : NULL;
}

static void
show_snapshot (ConvergeWindow *self)
{
  const AgSnapshot *snapshot = converge_run_snapshot (self->run);
  const AgRunSpec *spec = converge_run_spec (self->run);
  const GError *refusal = converge_run_take_refusal (self->run);

  if (snapshot == NULL)
    {
      converge_window_watch (self);
      converge_window_prepare_plots (self, get_plotted (self));
      converge_window_show_status (self);
      show_caption (self);
      converge_window_update_actions (self);
      return;
    }

  converge_window_watch (self);
  converge_plots_update (self->plots);
  converge_window_show_status (self);
  if (snapshot->state != AG_TRAINER_RUNNING)
    converge_plots_describe (self->plots);
  if (snapshot->state == AG_TRAINER_DIVERGED)
    show_divergence (self, spec, snapshot);
  else if (snapshot->state == AG_TRAINER_FAILED)
    show_failure (self);
  if (refusal != NULL)
    converge_window_show_toast (self, refusal->message, NULL);
  show_caption (self);
  converge_window_update_actions (self);
}

/* Another run is looked at than before. */
static void
show_selected (ConvergeWindow *self)
{
  ConvergeRun *run = converge_runs_get_selected (self->runs);
  const AgRunSpec *spec = converge_run_spec (run);

  g_set_object (&self->run, run);
  if (spec != NULL)
    converge_window_prepare_plots (self, spec);
  if (converge_run_is_preparing (run, NULL))
    converge_window_watch (self);
  else
    show_snapshot (self);
}

static void
run_changed (ConvergeWindow *self,
             ConvergeRun *run)
{
  if (run != self->run)
    converge_window_watch (self);
  else if (converge_run_snapshot (run) != NULL)
    show_snapshot (self);
}

static void
show_settings (ConvergeWindow *self)
{
  const AgRunSpec *wanted = get_plotted (self), *shown = converge_plots_get_spec (self->plots);

  if (wanted == NULL ? shown != NULL : shown == NULL || !ag_run_spec_has_same_data (wanted, shown))
    converge_window_prepare_plots (self, wanted);
  else if (wanted != NULL && !ag_run_spec_has_same_start (wanted, shown))
    converge_plots_set_start (self->plots, wanted);
  converge_plots_set_wanted (self->plots, wanted);
  converge_window_show_status (self);
}

static void
settings_changed (ConvergeWindow *self)
{
  if (converge_run_spec (self->run) == NULL)
    show_settings (self);
  else if (converge_run_is_active (self->run))
    converge_window_change_run (self);
  show_caption (self);
  converge_window_update_actions (self);
}

static gboolean
converge_window_close_request (GtkWindow *window)
{
  ConvergeWindow *self = CONVERGE_WINDOW (window);
  int width, height;

  take_focus (self);
  if (self->store != NULL)
    {
      gtk_window_get_default_size (window, &width, &height);
      converge_store_set_int (self->store, "width", width);
      converge_store_set_int (self->store, "height", height);
      g_settings_set_boolean (self->store, "maximized", gtk_window_is_maximized (window));
      converge_store_set_int (self->store, "divider", converge_plots_get_divider (self->plots));
      g_settings_set_string (self->store, "tab", converge_plots_get_tab (self->plots));
      /* A run that cannot be made would not be restored, and the one of the last time whose
       * file was still being read remains. */
      if (self->data_load == NULL && ag_run_spec_check (converge_settings_spec (self->settings), NULL))
        g_settings_set_value (self->store, "run", converge_settings_save (self->settings));
    }
  for (guint i = 0; i < converge_runs_n (self->runs); i++)
    converge_run_stop (converge_runs_nth (self->runs, i));
  return GTK_WINDOW_CLASS (converge_window_parent_class)->close_request (window);
}

static void
restore (ConvergeWindow *self)
{
  g_autoptr (GVariant) spec = NULL;
  g_autofree char *tab = NULL;
  gboolean is_sound;

  if (self->store == NULL)
    return;
  is_sound = converge_store_mend (self->store);
  gtk_window_set_default_size (GTK_WINDOW (self), g_settings_get_int (self->store, "width"),
                               g_settings_get_int (self->store, "height"));
  g_settings_bind (self->store, "asks", converge_status_bar_get_question (self->status), "asks",
                   G_SETTINGS_BIND_DEFAULT);
  if (g_settings_get_boolean (self->store, "maximized"))
    gtk_window_maximize (GTK_WINDOW (self));
  if (g_settings_get_int (self->store, "divider") > 0)
    converge_plots_set_divider (self->plots, g_settings_get_int (self->store, "divider"));
  tab = g_settings_get_string (self->store, "tab");
  is_sound &= converge_plots_set_tab (self->plots, tab);
  spec = g_settings_get_value (self->store, "run");
  is_sound &= converge_settings_restore (self->settings, spec);
  converge_window_restore_data (self, spec);
  if (!is_sound)
    converge_window_show_toast (self, _ ("Some stored settings could not be used. They are back at "
                                         "their defaults."),
                                NULL);
}

/* For a projector: what is read from the last row is large, and the controls,
 * which are not, make room for it. */
static void
set_presenting (ConvergeWindow *self,
                gboolean is_presenting)
{
  if (is_presenting == self->is_presenting)
    return;
  self->is_presenting = is_presenting;
  if (is_presenting)
    {
      self->had_controls = adw_flap_get_reveal_flap (self->flap);
      gtk_widget_add_css_class (GTK_WIDGET (self), "presentation");
    }
  else
    {
      gtk_widget_remove_css_class (GTK_WIDGET (self), "presentation");
    }
  adw_flap_set_reveal_flap (self->flap, !is_presenting && self->had_controls);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PRESENTING]);
}

static void
converge_window_get_property (GObject *object,
                              guint id,
                              GValue *value,
                              GParamSpec *pspec)
{
  ConvergeWindow *self = CONVERGE_WINDOW (object);

  switch (id)
    {
    case PROP_PRESENTING:
      g_value_set_boolean (value, self->is_presenting);
      break;
    case PROP_PAGE:
      /* Actions ask before there is a template. */
      g_value_set_string (value, self->sidebar != NULL
                                   ? gtk_stack_get_visible_child_name (self->sidebar)
                                   : "settings");
      break;
    case PROP_WHAT_IF:
      g_value_set_boolean (value, self->what_if != NULL && converge_what_if_get_active (self->what_if));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
converge_window_set_property (GObject *object,
                              guint id,
                              const GValue *value,
                              GParamSpec *pspec)
{
  ConvergeWindow *self = CONVERGE_WINDOW (object);

  switch (id)
    {
    case PROP_PRESENTING:
      set_presenting (self, g_value_get_boolean (value));
      break;
    case PROP_PAGE:
      gtk_stack_set_visible_child_name (self->sidebar, g_value_get_string (value));
      adw_flap_set_reveal_flap (self->flap, TRUE);
      g_object_notify_by_pspec (object, pspec);
      break;
    case PROP_WHAT_IF:
      converge_what_if_set_active (self->what_if, g_value_get_boolean (value));
      g_object_notify_by_pspec (object, pspec);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
converge_window_class_init (ConvergeWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = converge_window_dispose;
  G_OBJECT_CLASS (klass)->get_property = converge_window_get_property;
  G_OBJECT_CLASS (klass)->set_property = converge_window_set_property;
  GTK_WINDOW_CLASS (klass)->close_request = converge_window_close_request;
  g_type_ensure (CONVERGE_TYPE_CONTROLS);
  g_type_ensure (CONVERGE_TYPE_PLOTS);
  g_type_ensure (CONVERGE_TYPE_RUN_LIST);
  g_type_ensure (CONVERGE_TYPE_STATUS_BAR);
  g_type_ensure (CONVERGE_TYPE_TIME_LINE);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/converge/Converge/converge-window.ui");
  gtk_widget_class_bind_template_child (widget_class, ConvergeWindow, toasts);
  gtk_widget_class_bind_template_child (widget_class, ConvergeWindow, train);
  gtk_widget_class_bind_template_child (widget_class, ConvergeWindow, train_content);
  gtk_widget_class_bind_template_child (widget_class, ConvergeWindow, step);
  gtk_widget_class_bind_template_child (widget_class, ConvergeWindow, stop);
  gtk_widget_class_bind_template_child (widget_class, ConvergeWindow, new_run);
  gtk_widget_class_bind_template_child (widget_class, ConvergeWindow, export_menu);
  gtk_widget_class_bind_template_child (widget_class, ConvergeWindow, samples);
  gtk_widget_class_bind_template_child (widget_class, ConvergeWindow, flap);
  gtk_widget_class_bind_template_child (widget_class, ConvergeWindow, sidebar);
  gtk_widget_class_bind_template_child (widget_class, ConvergeWindow, runs_page);
  gtk_widget_class_bind_template_child (widget_class, ConvergeWindow, controls);
  gtk_widget_class_bind_template_child (widget_class, ConvergeWindow, run_list);
  gtk_widget_class_bind_template_child (widget_class, ConvergeWindow, banner);
  gtk_widget_class_bind_template_child (widget_class, ConvergeWindow, banner_label);
  gtk_widget_class_bind_template_child (widget_class, ConvergeWindow, banner_button);
  gtk_widget_class_bind_template_child (widget_class, ConvergeWindow, plots);
  gtk_widget_class_bind_template_child (widget_class, ConvergeWindow, time_line);
  gtk_widget_class_bind_template_child (widget_class, ConvergeWindow, status);
  converge_window_install_actions (widget_class);
  converge_window_install_moment (widget_class);

  /**
   * ConvergeWindow:presenting:
   *
   * Whether the window is made for a projector: larger text and lines, and no
   * controls.
   */
  properties[PROP_PRESENTING] = g_param_spec_boolean ("presenting", NULL, NULL, FALSE,
                                                      G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS
                                                        | G_PARAM_EXPLICIT_NOTIFY);
  /**
   * ConvergeWindow:page:
   *
   * What is beside the plots: "settings" or "runs".
   */
  properties[PROP_PAGE] = g_param_spec_string ("page", NULL, NULL, "settings",
                                               G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS
                                                 | G_PARAM_EXPLICIT_NOTIFY);
  /**
   * ConvergeWindow:what-if:
   *
   * Whether what a run would do is to be seen.
   */
  properties[PROP_WHAT_IF] = g_param_spec_boolean ("what-if", NULL, NULL, FALSE,
                                                   G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS
                                                     | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (G_OBJECT_CLASS (klass), N_PROPERTIES, properties);
  gtk_widget_class_install_property_action (widget_class, "win.presentation", "presenting");
  converge_window_install_runs (widget_class);
  converge_window_install_session (widget_class);
  gtk_widget_class_install_property_action (widget_class, "win.what-if", "what-if");
  /* The window is asked after the widget that has the focus, so that letters can be typed. */
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_w, 0, "win.what-if", NULL);
}

static void
converge_window_init (ConvergeWindow *self)
{
  g_autoptr (GMenuModel) menu = NULL;

  gtk_widget_init_template (GTK_WIDGET (self));
  self->settings = converge_settings_new ();
  self->runs = converge_runs_new ();
  self->run = g_object_ref (converge_runs_get_selected (self->runs));
  self->what_if = converge_what_if_new (GTK_WIDGET (self), self->settings, self->runs);
  menu = converge_export_menu ();
  gtk_menu_button_set_menu_model (self->export_menu, menu);
  converge_window_set_up_data (self);
  converge_window_set_up_runs (self);
  converge_controls_set_settings (self->controls, self->settings);
  g_signal_connect_object (self->runs, "notify::selected", G_CALLBACK (show_selected), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->runs, "changed", G_CALLBACK (run_changed), self,
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
  self->visibility = converge_visibility_new (store);
  converge_plots_set_up (self->plots, self->settings, self->runs, self->visibility, self->what_if);
  converge_window_set_up_moment (self);
  converge_window_set_up_question (self);
  converge_plots_prepare (self->plots, converge_settings_spec (self->settings));
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
 * converge_window_get_runs:
 * @self: the window
 *
 * Returns: (transfer none): its runs
 */
ConvergeRuns *
converge_window_get_runs (ConvergeWindow *self)
{
  return self->runs;
}

/**
 * converge_window_get_what_if:
 * @self: the window
 *
 * Returns: (transfer none): what a run would do
 */
ConvergeWhatIf *
converge_window_get_what_if (ConvergeWindow *self)
{
  return self->what_if;
}

/**
 * converge_window_get_run:
 * @self: the window
 *
 * Returns: (transfer none): the run that it shows; one that was never prepared where it
 *   shows what the settings describe
 */
ConvergeRun *
converge_window_get_run (ConvergeWindow *self)
{
  return self->run;
}
