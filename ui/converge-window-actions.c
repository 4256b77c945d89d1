/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "converge-preferences.h"
#include "converge-tooltip.h"
#include "converge-window-private.h"

#include <glib/gi18n-lib.h>

static AgTrainerState
get_state (ConvergeWindow *self)
{
  const AgSnapshot *snapshot = converge_run_snapshot (self->run);

  if (snapshot != NULL)
    return snapshot->state;
  return converge_run_will_run (self->run) ? AG_TRAINER_RUNNING : AG_TRAINER_IDLE;
}

/* Says why no run can be made, where it can be mended. */
static void
show_error (ConvergeWindow *self)
{
  adw_flap_set_reveal_flap (self->flap, TRUE);
  if (!converge_controls_focus_error (self->controls))
    converge_window_show_toast (self, converge_settings_error (self->settings), NULL);
}

/* The main button does one of these, which depends on the state of the run. */
typedef enum
{
  MAIN_TRAIN,
  MAIN_PAUSE,
  MAIN_RESUME,
  MAIN_CONTINUE,
  MAIN_NEW_RUN,
} MainAction;

/* A run that is done can be continued if nothing was asked for but more steps. */
static gboolean
has_more_steps (ConvergeWindow *self)
{
  const AgRunSpec *spec = converge_run_spec (self->run);
  const AgRunSpec *wanted = converge_settings_spec (self->settings);

  return wanted->steps > spec->steps && ag_run_spec_can_become (spec, wanted);
}

static MainAction
get_main_action (ConvergeWindow *self)
{
  if (converge_run_spec (self->run) == NULL)
    return MAIN_TRAIN;
  if (!converge_run_can_go_on (self->run))
    return MAIN_NEW_RUN;
  switch (get_state (self))
    {
    case AG_TRAINER_IDLE:
      return MAIN_TRAIN;
    case AG_TRAINER_RUNNING:
      return MAIN_PAUSE;
    case AG_TRAINER_PAUSED:
      return MAIN_RESUME;
    case AG_TRAINER_STOPPED:
      return MAIN_CONTINUE;
    case AG_TRAINER_DONE:
      return has_more_steps (self) ? MAIN_CONTINUE : MAIN_NEW_RUN;
    case AG_TRAINER_DIVERGED:
    case AG_TRAINER_FAILED:
    default:
      return MAIN_NEW_RUN;
    }
}

/**
 * converge_window_change_run:
 * @self: a window with a run that has not failed or diverged
 *
 * Lets the run have of the settings what may change under way: rate, pace, and more
 * steps.
 */
void
converge_window_change_run (ConvergeWindow *self)
{
  const AgRunSpec *wanted = converge_settings_spec (self->settings);
  const AgRunSpec *spec = converge_run_spec (self->run);
  g_autoptr (GError) error = NULL;

  /* Another optimizer's rate is of another size. */
  if (wanted->optimizer == spec->optimizer && wanted->program == spec->program)
    converge_run_set_lr (self->run, wanted->lr);
  converge_run_set_pace (self->run, wanted->pace);
  if (has_more_steps (self) && !converge_run_extend (self->run, wanted->steps, &error))
    converge_window_show_toast (self, error->message, NULL);
}

/* Another run, of the settings as they are now. The one that was looked at goes on only when
 * somebody asks it to. */
static gboolean
begin_run (ConvergeWindow *self)
{
  ConvergeRun *before = self->run;
  g_autoptr (GError) error = NULL;

  if (converge_settings_error (self->settings) != NULL)
    {
      show_error (self);
      return FALSE;
    }
  if (converge_runs_begin (self->runs, converge_settings_spec (self->settings), &error) == NULL)
    {
      converge_window_show_toast (self, error->message, NULL);
      return FALSE;
    }
  converge_window_take_answer (self);
  if (converge_run_is_active (before))
    converge_run_stop (before);
  else if (converge_run_is_preparing (before, NULL))
    converge_runs_remove (self->runs, before);
  return TRUE;
}

/* Lets the run there is be ready for steps, or makes one. */
static gboolean
ensure_run (ConvergeWindow *self,
            MainAction action)
{
  if (action == MAIN_CONTINUE)
    converge_window_change_run (self);
  return converge_run_spec (self->run) != NULL || begin_run (self);
}

static void
start_new_run (ConvergeWindow *self)
{
  if (begin_run (self))
    converge_run_start (self->run);
}

static void
train (GtkWidget *widget,
       const char *name,
       GVariant *parameter)
{
  ConvergeWindow *self = CONVERGE_WINDOW (widget);
  MainAction action;

  converge_controls_apply (self->controls);
  action = get_main_action (self);
  if (action == MAIN_PAUSE)
    converge_run_pause (self->run);
  else if (action == MAIN_NEW_RUN)
    start_new_run (self);
  else if (ensure_run (self, action))
    converge_run_start (self->run);
  converge_window_update_actions (self);
}

static void
new_run (GtkWidget *widget,
         const char *name,
         GVariant *parameter)
{
  ConvergeWindow *self = CONVERGE_WINDOW (widget);

  converge_controls_apply (self->controls);
  start_new_run (self);
  converge_window_update_actions (self);
}

static void
step (GtkWidget *widget,
      const char *name,
      GVariant *parameter)
{
  ConvergeWindow *self = CONVERGE_WINDOW (widget);

  converge_controls_apply (self->controls);
  if (ensure_run (self, get_main_action (self)))
    converge_run_step (self->run);
  converge_window_update_actions (self);
}

static gboolean
has_come_to_something (ConvergeRun *run)
{
  const AgSnapshot *snapshot = converge_run_snapshot (run);

  return snapshot != NULL && snapshot->step > 0;
}

/* Looks at what the settings describe. A run that has come to nothing is not kept. */
static void
reset (ConvergeWindow *self)
{
  g_autoptr (ConvergeRun) run = g_object_ref (self->run);

  converge_runs_set_selected (self->runs, NULL);
  if (!has_come_to_something (run))
    converge_runs_remove (self->runs, run);
}

static void
stop (GtkWidget *widget,
      const char *name,
      GVariant *parameter)
{
  ConvergeWindow *self = CONVERGE_WINDOW (widget);

  if (converge_run_is_active (self->run))
    converge_run_stop (self->run);
  else if (converge_run_spec (self->run) != NULL)
    reset (self);
  converge_window_update_actions (self);
}

static void
set_defaults (GtkWidget *widget,
              const char *name,
              GVariant *parameter)
{
  converge_settings_reset (CONVERGE_WINDOW (widget)->settings);
}

static void
set_stable_rate (GtkWidget *widget,
                 const char *name,
                 GVariant *parameter)
{
  ConvergeWindow *self = CONVERGE_WINDOW (widget);
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  /* Its key is there before the message that offers it. */
  if (!gtk_revealer_get_reveal_child (self->banner)
      || !gtk_widget_get_visible (GTK_WIDGET (self->banner_button)))
    return;
  /* Two digits, rounded down by what is left to the bound. */
  g_ascii_formatd (text, sizeof text, "%.1e", 0.9 * self->stable_rate);
  converge_settings_set_text (self->settings, "lr", text);
  gtk_revealer_set_reveal_child (self->banner, FALSE);
}

static void
close_banner (GtkWidget *widget,
              const char *name,
              GVariant *parameter)
{
  gtk_revealer_set_reveal_child (CONVERGE_WINDOW (widget)->banner, FALSE);
}

static void
toggle_controls (GtkWidget *widget,
                 const char *name,
                 GVariant *parameter)
{
  ConvergeWindow *self = CONVERGE_WINDOW (widget);

  adw_flap_set_reveal_flap (self->flap, !adw_flap_get_reveal_flap (self->flap));
}

static void
toggle_fullscreen (GtkWidget *widget,
                   const char *name,
                   GVariant *parameter)
{
  GtkWindow *window = GTK_WINDOW (widget);

  if (gtk_window_is_fullscreen (window))
    gtk_window_unfullscreen (window);
  else
    gtk_window_fullscreen (window);
}

static void
show_preferences (GtkWidget *widget,
                  const char *name,
                  GVariant *parameter)
{
  ConvergeWindow *self = CONVERGE_WINDOW (widget);
  GtkWidget *preferences
    = converge_preferences_new (GTK_WINDOW (self), self->visibility,
                                converge_status_bar_get_question (self->status));

  gtk_window_present (GTK_WINDOW (preferences));
}

/**
 * converge_window_install_actions:
 * @klass: the window's class
 */
void
converge_window_install_actions (GtkWidgetClass *klass)
{
  gtk_widget_class_install_action (klass, "win.train", NULL, train);
  gtk_widget_class_install_action (klass, "win.new-run", NULL, new_run);
  gtk_widget_class_install_action (klass, "win.step", NULL, step);
  gtk_widget_class_install_action (klass, "win.stop", NULL, stop);
  gtk_widget_class_install_action (klass, "win.defaults", NULL, set_defaults);
  gtk_widget_class_install_action (klass, "win.stable-rate", NULL, set_stable_rate);
  gtk_widget_class_install_action (klass, "win.close-banner", NULL, close_banner);
  gtk_widget_class_install_action (klass, "win.toggle-controls", NULL, toggle_controls);
  gtk_widget_class_install_action (klass, "win.fullscreen", NULL, toggle_fullscreen);
  gtk_widget_class_install_action (klass, "win.preferences", NULL, show_preferences);
  converge_window_install_open (klass);
  converge_window_install_export (klass);
  converge_window_install_data (klass);
}

/* Shows in a tooltip what a button does, with the key that does it too. */
static void
name_button (ConvergeWindow *self,
             GtkButton *button,
             const char *title)
{
  GtkApplication *application = gtk_window_get_application (GTK_WINDOW (self));
  const char *action = gtk_actionable_get_action_name (GTK_ACTIONABLE (button));
  g_auto (GStrv) keys = application != NULL
                          ? gtk_application_get_accels_for_action (application, action)
                          : NULL;
  g_autofree char *tooltip = g_strdup (title);
  GdkModifierType modifiers;
  guint key;

  if (keys != NULL && keys[0] != NULL && gtk_accelerator_parse (keys[0], &key, &modifiers))
    {
      g_autofree char *label = gtk_accelerator_get_label (key, modifiers);

      g_free (tooltip);
      tooltip = g_strdup_printf ("%s (%s)", title, label);
    }
  converge_tooltip_set (GTK_WIDGET (button), tooltip);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, title,
                                  -1);
}

static const struct
{
  const char *title;
  const char *icon;
} main_buttons[] = {
  [MAIN_TRAIN] = { N_ ("Train"), "media-playback-start-symbolic" },
  [MAIN_PAUSE] = { N_ ("Pause"), "media-playback-pause-symbolic" },
  [MAIN_RESUME] = { N_ ("Resume"), "media-playback-start-symbolic" },
  [MAIN_CONTINUE] = { N_ ("Continue"), "media-playback-start-symbolic" },
  [MAIN_NEW_RUN] = { N_ ("New Run"), "view-refresh-symbolic" },
};

/* All that the main button can say is in it, one behind the other: as wide as the
 * longest of them, it moves no button beside it. */
static void
fill_main_button (ConvergeWindow *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (main_buttons); i++)
    {
      GtkWidget *content = adw_button_content_new ();

      adw_button_content_set_icon_name (ADW_BUTTON_CONTENT (content), main_buttons[i].icon);
      adw_button_content_set_label (ADW_BUTTON_CONTENT (content), _ (main_buttons[i].title));
      gtk_stack_add_named (self->train_content, content, main_buttons[i].title);
    }
}

static void
show_main_button (ConvergeWindow *self,
                  MainAction action)
{
  if (gtk_stack_get_visible_child (self->train_content) == NULL)
    fill_main_button (self);
  gtk_stack_set_visible_child_name (self->train_content, main_buttons[action].title);
  name_button (self, self->train, _ (main_buttons[action].title));
}

/**
 * converge_window_update_actions:
 * @self: the window
 *
 * Lets do what makes sense now. Training can be asked for always: where the
 * settings are wrong, the answer is what is wrong with them.
 */
void
converge_window_update_actions (ConvergeWindow *self)
{
  const MainAction action = get_main_action (self);
  const gboolean has_run = converge_run_spec (self->run) != NULL;

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.new-run", has_run);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.step",
                                 action != MAIN_PAUSE && action != MAIN_NEW_RUN);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.stop", has_run);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.branch",
                                 converge_run_snapshot (self->run) != NULL);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.defaults",
                                 converge_settings_has_choices (self->settings));
  converge_window_enable_export (self, converge_run_snapshot (self->run) != NULL);
  show_main_button (self, action);
  name_button (self, self->banner_button, gtk_button_get_label (self->banner_button));
  name_button (self, self->new_run, _ ("New Run of These Settings"));
  name_button (self, self->step, _ ("One Step"));
  name_button (self, self->stop, converge_run_is_under_way (self->run) ? _ ("Stop") : _ ("Reset"));
}
