/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "converge-window-private.h"

#include <glib/gi18n-lib.h>

/* What all that the window does may let be seen in it. */

static void
open_folder (AdwToast *toast,
             ConvergeWindow *self)
{
  g_autofree char *uri = g_file_get_uri (self->toast_folder);

  gtk_show_uri (NULL, uri, GDK_CURRENT_TIME);
}

static void
forget_toast (AdwToast *toast,
              ConvergeWindow *self)
{
  g_clear_weak_pointer (&self->toast);
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
  /* Toasts take markup, and names of files have any bytes. */
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  g_autofree char *escaped = g_markup_escape_text (valid, -1);
  AdwToast *toast = self->toast != NULL ? g_object_ref (self->toast) : adw_toast_new ("");

  if (self->toast == NULL)
    {
      g_set_weak_pointer (&self->toast, toast);
      g_signal_connect_object (toast, "dismissed", G_CALLBACK (forget_toast), self, 0);
      g_signal_connect_object (toast, "button-clicked", G_CALLBACK (open_folder), self, 0);
    }
  adw_toast_set_title (toast, escaped);
  adw_toast_set_button_label (toast, folder != NULL ? _ ("Open Folder") : NULL);
  g_set_object (&self->toast_folder, folder);
  /* The time of one that is there begins anew. */
  adw_toast_overlay_add_toast (self->toasts, toast);
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

static gboolean
take_frame (GtkWidget *widget,
            GdkFrameClock *clock,
            gpointer user_data)
{
  ConvergeWindow *self = CONVERGE_WINDOW (widget);
  double share;

  if (!converge_run_poll (self->run)
      && converge_run_is_preparing (self->run, &share))
    converge_status_bar_show_preparation (self->status, share);
  return G_SOURCE_CONTINUE;
}

/**
 * converge_window_watch:
 * @self: the window
 * @has_news: whether something new is to be seen in each frame
 *
 * Asks for frames as long as there is something new in them.
 */
void
converge_window_watch (ConvergeWindow *self,
                       gboolean has_news)
{
  if (has_news && self->tick == 0)
    {
      self->tick = gtk_widget_add_tick_callback (GTK_WIDGET (self), take_frame, NULL, NULL);
    }
  else if (!has_news && self->tick != 0)
    {
      gtk_widget_remove_tick_callback (GTK_WIDGET (self), self->tick);
      self->tick = 0;
    }
}

/**
 * converge_window_watch_preparation:
 * @self: a window that got a run
 *
 * Shows how far its data are prepared, until its first snapshot comes.
 */
void
converge_window_watch_preparation (ConvergeWindow *self)
{
  if (converge_run_is_preparing (self->run, NULL))
    converge_window_watch (self, TRUE);
}
