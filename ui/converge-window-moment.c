/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "converge-window-private.h"

/* What takes the window to another moment of a run. */

static void
move (GtkWidget *widget,
      const char *name,
      GVariant *parameter)
{
  const gint32 to = g_variant_get_int32 (parameter);

  if (to >= 0 && to < CONVERGE_N_MOVES)
    converge_time_line_move (CONVERGE_WINDOW (widget)->time_line, (ConvergeMove) to);
}

static void
play (GtkWidget *widget,
      const char *name,
      GVariant *parameter)
{
  converge_time_line_play (CONVERGE_WINDOW (widget)->time_line);
}

/**
 * converge_window_install_moment:
 * @klass: the window's class
 */
void
converge_window_install_moment (GtkWidgetClass *klass)
{
  gtk_widget_class_install_action (klass, "win.move", "i", move);
  gtk_widget_class_install_action (klass, "win.play", NULL, play);
}

/**
 * converge_window_show_status:
 * @self: the window
 *
 * Says in the status bar where the run is, at the moment that is looked at.
 */
void
converge_window_show_status (ConvergeWindow *self)
{
  const AgRunSpec *spec = converge_run_spec (self->run);
  const AgSnapshot *snapshot = converge_run_snapshot (self->run);

  converge_status_bar_update (self->status,
                              snapshot != NULL ? spec : converge_settings_spec (self->settings),
                              snapshot, converge_runs_get_moment (self->runs));
}
