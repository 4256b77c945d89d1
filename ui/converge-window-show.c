/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "converge-window-private.h"

#include <glib/gi18n-lib.h>

/* The window lets everything that it does be seen here: messages, the state of the run, news of
 * its plots. */

static void
answer_toast (AdwToast *toast,
              ConvergeWindow *self)
{
  self->toast_answer (self);
}

static void
undo (ConvergeWindow *self)
{
  converge_run_list_undo (self->run_list);
}

static void
open_folder (ConvergeWindow *self)
{
  g_autofree char *uri = g_file_get_uri (self->toast_folder);

  gtk_show_uri (NULL, uri, GDK_CURRENT_TIME);
}

static void
forget_toast (AdwToast *toast,
              ConvergeWindow *self)
{
  g_clear_weak_pointer (&self->toast);
  converge_run_list_forget (self->run_list);
}

/* A new toast is there at once and does not slide in: libadwaita 1.2 frees one that is dismissed
 * while it slides in, and writes to it when it would have arrived. */
static void
add_toast (ConvergeWindow *self,
           AdwToast *toast)
{
  GtkSettings *settings = gtk_widget_get_settings (GTK_WIDGET (self));
  gboolean has_animations;

  g_object_get (settings, "gtk-enable-animations", &has_animations, NULL);
  if (has_animations)
    g_object_set (settings, "gtk-enable-animations", FALSE, NULL);
  /* The time of one that is there begins anew. */
  adw_toast_overlay_add_toast (self->toasts, toast);
  if (has_animations)
    gtk_settings_reset_property (settings, "gtk-enable-animations");
}

static void
show_toast (ConvergeWindow *self,
            const char *text,
            const char *button)
{
  /* Toasts take markup, and names of files have any bytes. */
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  g_autofree char *escaped = g_markup_escape_text (valid, -1);
  AdwToast *toast = self->toast != NULL ? g_object_ref (self->toast) : adw_toast_new ("");

  if (self->toast == NULL)
    {
      g_set_weak_pointer (&self->toast, toast);
      g_signal_connect_object (toast, "dismissed", G_CALLBACK (forget_toast), self, 0);
      g_signal_connect_object (toast, "button-clicked", G_CALLBACK (answer_toast), self, 0);
    }
  adw_toast_set_title (toast, escaped);
  adw_toast_set_button_label (toast, button);
  add_toast (self, toast);
}

/**
 * converge_window_show_toast:
 * @self: the window
 * @text: a sentence
 * @folder: (nullable): what a button beside it opens
 *
 * Says how something went, for a few seconds, at once: what was said before and is still to
 * be seen gives way. That is the same toast with another text, for libadwaita 1.2 ends the
 * process where one toast replaces the other before a third one has slid out.
 */
void
converge_window_show_toast (ConvergeWindow *self,
                            const char *text,
                            GFile *folder)
{
  converge_run_list_forget (self->run_list);
  self->toast_answer = open_folder;
  g_set_object (&self->toast_folder, folder);
  show_toast (self, text, folder != NULL ? _ ("Open Folder") : NULL);
}

/**
 * converge_window_tell:
 * @self: the window
 * @text: a sentence
 *
 * Says something for a few seconds.
 */
void
converge_window_tell (ConvergeWindow *self,
                      const char *text)
{
  converge_window_show_toast (self, text, NULL);
}

/**
 * converge_window_offer_undo:
 * @self: the window
 * @text: what was deleted
 *
 * Says what was deleted, beside a button that brings it back.
 */
void
converge_window_offer_undo (ConvergeWindow *self,
                            const char *text)
{
  self->toast_answer = undo;
  show_toast (self, text, _ ("Undo"));
}

/**
 * converge_window_offer:
 * @self: the window
 * @text: how something went
 * @button: what more there is to do
 * @answer: does that
 *
 * Says how something went, beside a button, as converge_window_show_toast() does.
 */
void
converge_window_offer (ConvergeWindow *self,
                       const char *text,
                       const char *button,
                       ConvergeToastAnswer answer)
{
  converge_run_list_forget (self->run_list);
  self->toast_answer = answer;
  show_toast (self, text, button);
}

/**
 * converge_window_prepare_plots:
 * @self: the window
 * @spec: (nullable): the run that is to be seen
 *
 * Makes plots for a run, with nothing of it in them yet; without a run, empty ones.
 */
void
converge_window_prepare_plots (ConvergeWindow *self,
                               const AgRunSpec *spec)
{
  converge_plots_prepare (self->plots, spec);
  gtk_revealer_set_reveal_child (self->banner, FALSE);
}

/* Whether something new is to be seen of a run in each frame. */
static gboolean
has_news (ConvergeRun *run)
{
  const AgSnapshot *snapshot = converge_run_snapshot (run);

  return snapshot != NULL ? snapshot->state == AG_TRAINER_RUNNING
                          : converge_run_is_preparing (run, NULL);
}

static gboolean
take_frame (GtkWidget *widget,
            GdkFrameClock *clock,
            gpointer user_data)
{
  ConvergeWindow *self = CONVERGE_WINDOW (widget);
  double share;

  for (guint i = 0; i < converge_runs_n (self->runs); i++)
    if (has_news (converge_runs_nth (self->runs, i)))
      converge_run_poll (converge_runs_nth (self->runs, i));
  if (converge_run_is_preparing (self->run, &share))
    converge_status_bar_show_preparation (self->status, share);
  return G_SOURCE_CONTINUE;
}

/**
 * converge_window_watch:
 * @self: the window
 *
 * Asks for frames as long as there is something new in them: while runs take steps, and until
 * the data of the one that is looked at are prepared.
 */
void
converge_window_watch (ConvergeWindow *self)
{
  gboolean is_wanted = FALSE;

  for (guint i = 0; !is_wanted && i < converge_runs_n (self->runs); i++)
    is_wanted = has_news (converge_runs_nth (self->runs, i));
  if (is_wanted && self->tick == 0)
    {
      self->tick = gtk_widget_add_tick_callback (GTK_WIDGET (self), take_frame, NULL, NULL);
    }
  else if (!is_wanted && self->tick != 0)
    {
      gtk_widget_remove_tick_callback (GTK_WIDGET (self), self->tick);
      self->tick = 0;
    }
}
