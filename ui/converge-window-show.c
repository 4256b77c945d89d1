/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "converge-window-private.h"

/* What all that the window does may let be seen in it. */

/* Toasts have slid in, or out, after so many milliseconds in which frames were drawn. */
#define TOAST_SLIDE_MS 1000

/* At a priority below that of frames, so that they were drawn. */
static gboolean
toast_has_slid_in (gpointer data)
{
  CONVERGE_WINDOW (data)->toast_source = 0;
  return G_SOURCE_REMOVE;
}

/**
 * converge_window_show_toast:
 * @self: the window
 * @text: a sentence
 *
 * Says how something went, for a few seconds.
 *
 * Returns: (transfer none): the toast, to give it a button
 */
AdwToast *
converge_window_show_toast (ConvergeWindow *self,
                            const char *text)
{
  /* Toasts take markup, and names of files have any bytes. */
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  g_autofree char *escaped = g_markup_escape_text (valid, -1);
  AdwToast *toast = adw_toast_new (escaped);

  /* Else the one before would come back when this one goes. libadwaita 1.2 does not bear
   * that a toast goes while it is still sliding in. */
  if (self->toast != NULL && self->toast_source == 0)
    adw_toast_dismiss (self->toast);
  g_set_weak_pointer (&self->toast, toast);
  g_clear_handle_id (&self->toast_source, g_source_remove);
  self->toast_source = g_timeout_add_full (G_PRIORITY_LOW, TOAST_SLIDE_MS, toast_has_slid_in, self,
                                           NULL);
  adw_toast_set_priority (toast, ADW_TOAST_PRIORITY_HIGH);
  adw_toast_overlay_add_toast (self->toasts, toast);
  return toast;
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
