/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "converge-window-private.h"

#include "plot/run-difference.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* The window is taken to other moments of a run here, and to another future of one. */

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

/* A branch has the program, the data and the numbers of its run, and all else that the controls
 * say now. */
static void
describe_branch (ConvergeWindow *self,
                 AgRunSpec *spec)
{
  const AgRunSpec *wanted = converge_settings_spec (self->settings);

  *spec = *converge_run_spec (self->run);
  spec->steps = wanted->steps;
  spec->pace = wanted->pace;
  spec->lr = converge_run_lr (self->run);
  if (wanted->program != spec->program)
    return;
  spec->lr = wanted->lr;
  spec->optimizer = wanted->optimizer;
  memcpy (spec->options, wanted->options, sizeof spec->options);
}

/* Says which of the settings have not come with a branch. */
static void
tell_left_out (ConvergeWindow *self,
               const AgRunSpec *spec)
{
  g_autofree char *left_out
    = converge_run_text_difference (converge_settings_spec (self->settings), spec);
  g_autofree char *text = NULL;

  if (left_out == NULL)
    return;
  text = g_strdup_printf (_ ("A branch goes on with the program, data and numbers of its run. For "
                             "another run remains: %s."),
                          left_out);
  converge_window_show_toast (self, text, NULL);
}

/* The other run goes on, if it does, and what it comes to can be seen beside this one. */
static void
branch (GtkWidget *widget,
        const char *name,
        GVariant *parameter)
{
  ConvergeWindow *self = CONVERGE_WINDOW (widget);
  const gint64 step = converge_time_line_get_step (self->time_line);
  g_autoptr (GError) error = NULL;
  AgRunSpec spec;

  converge_controls_apply (self->controls);
  if (converge_run_snapshot (self->run) == NULL)
    return;
  describe_branch (self, &spec);
  if (converge_runs_branch (self->runs, &spec, step, &error) == NULL)
    {
      converge_window_show_toast (self, error->message, NULL);
      return;
    }
  converge_run_start (self->run);
  tell_left_out (self, &spec);
  converge_window_update_actions (self);
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
  gtk_widget_class_install_action (klass, "win.branch", NULL, branch);
}

/**
 * converge_window_set_up_moment:
 * @self: a window that has runs
 *
 * Lets the time line and the status bar follow the moment that is looked at.
 */
void
converge_window_set_up_moment (ConvergeWindow *self)
{
  self->why = converge_why_new (self->runs);
  converge_time_line_set_up (self->time_line, self->settings, self->runs);
  g_signal_connect_object (self->runs, "moment", G_CALLBACK (converge_window_show_status), self,
                           G_CONNECT_SWAPPED);
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
