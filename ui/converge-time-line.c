/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "converge-time-line.h"

#include "converge-optima.h"
#include "converge-time-scale.h"
#include "converge-time-text.h"
#include "plot/run-plot.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>
#include <math.h>

/* The steps of the selected run from the first to the last, and which of them is looked at: with
 * the mouse, by keys, by its number, or one after the other as they were taken. */

#define FAR 100

/* A run that has no limit is played in so many seconds. */
#define WHOLE_RUN 8

/* The line has room for all steps of the run, but where only this share of it was taken, and many
 * more than that are to come, for a part of them. */
#define LEAST_SHARE 16
#define FEW_STEPS 200

struct _ConvergeTimeLine
{
  GtkWidget parent_instance;

  ConvergeSettings *settings;
  ConvergeRuns *runs;
  ConvergeRun *run;
  gulong snapshot_handler;
  AgMarks *marks;
  AgHistory *history;
  guint look;

  /* Where the moment is that is played, in steps, and when it was there. */
  guint tick;
  double played;
  gint64 played_us;

  gboolean is_showing;
  GtkAdjustment *adjustment;
  ConvergeTimeScale *scale;
  GtkButton *back;
  GtkButton *play;
  GtkButton *forward;
  GtkEntry *step;
  GtkToggleButton *live;
};

G_DEFINE_FINAL_TYPE (ConvergeTimeLine, converge_time_line, GTK_TYPE_WIDGET)

static const AgSnapshot *
get_snapshot (ConvergeTimeLine *self)
{
  return self->run != NULL ? converge_run_snapshot (self->run) : NULL;
}

static gint64
find_newest (ConvergeTimeLine *self)
{
  const AgSnapshot *snapshot = get_snapshot (self);

  return snapshot != NULL ? snapshot->step : 0;
}

static gboolean
is_live (ConvergeTimeLine *self)
{
  return converge_runs_get_step (self->runs) == CONVERGE_LIVE;
}

/* The step that is looked at. */
static gint64
find_step (ConvergeTimeLine *self)
{
  const gint64 newest = find_newest (self);

  return is_live (self) ? newest : MIN (converge_runs_get_step (self->runs), newest);
}

static void
stop_playing (ConvergeTimeLine *self)
{
  if (self->tick != 0)
    gtk_widget_remove_tick_callback (GTK_WIDGET (self), self->tick);
  self->tick = 0;
}

static gint64
find_end (const AgRunSpec *spec,
          gint64 newest)
{
  gint64 end = spec->steps;

  while (end / LEAST_SHARE > MAX (newest, FEW_STEPS))
    end /= 2;
  return end;
}

/* Returns the label of a step: its mark, if it has one. */
static char *
say_step (ConvergeTimeLine *self,
          gint64 step)
{
  AgMark mark;

  if (self->marks != NULL && ag_marks_next (self->marks, step - 1, 1, &mark) && mark.step == step)
    return converge_time_text_mark (self->run, mark);
  return g_strdup_printf (_ ("Step %lld of %lld"), (long long) step,
                          (long long) find_newest (self));
}

static gboolean
show_tooltip (ConvergeTimeLine *self,
              int x,
              int y,
              gboolean is_by_keyboard,
              GtkTooltip *tooltip)
{
  g_autofree char *text = NULL;
  AgMark mark;

  if (is_by_keyboard || !converge_time_scale_find_mark (self->scale, x, &mark))
    return FALSE;
  text = converge_time_text_mark (self->run, mark);
  gtk_tooltip_set_text (tooltip, text);
  return TRUE;
}

static gboolean look (gpointer user_data);

static void
look_later (ConvergeTimeLine *self)
{
  if (self->look == 0)
    self->look = g_idle_add_full (G_PRIORITY_LOW, look, self, NULL);
}

static void
stop_looking (ConvergeTimeLine *self)
{
  g_clear_handle_id (&self->look, g_source_remove);
}

static void
forget_marks (ConvergeTimeLine *self)
{
  stop_looking (self);
  converge_time_scale_set_marks (self->scale, NULL);
  g_clear_pointer (&self->marks, ag_marks_free);
  self->history = NULL;
}

/* Marks are looked for bit by bit, and soon again where there is more to be looked at. */
static void
find_marks (ConvergeTimeLine *self)
{
  const AgSnapshot *snapshot = get_snapshot (self);
  AgHistory *history = snapshot != NULL ? converge_run_history (self->run) : NULL;
  const AgRunSpec *spec = snapshot != NULL ? converge_run_spec (self->run) : NULL;
  const AgOptimum *optimum;

  if (history != self->history)
    {
      forget_marks (self);
      self->history = history;
      if (history != NULL)
        self->marks = ag_marks_new (history, spec->program->log_every);
      converge_time_scale_set_marks (self->scale, self->marks);
    }
  if (self->marks == NULL)
    return;
  optimum = converge_optima_find (converge_optima_get_default (), spec);
  if (!ag_marks_look (self->marks, converge_run_rates (self->run),
                      optimum != NULL ? optimum->loss : NAN, snapshot->diverged_step))
    look_later (self);
  gtk_widget_queue_draw (GTK_WIDGET (self->scale));
}

static gboolean
look (gpointer user_data)
{
  ConvergeTimeLine *self = user_data;

  self->look = 0;
  find_marks (self);
  return G_SOURCE_REMOVE;
}

static void
set_icon (GtkButton *button,
          const char *icon,
          const char *title)
{
  if (g_strcmp0 (gtk_button_get_icon_name (button), icon) != 0)
    gtk_button_set_icon_name (button, icon);
  if (g_strcmp0 (gtk_widget_get_tooltip_text (GTK_WIDGET (button)), title) == 0)
    return;
  gtk_widget_set_tooltip_text (GTK_WIDGET (button), title);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, title,
                                  -1);
}

/* While a past moment is shown, the play button plays moments; otherwise it plays the run. */
static gboolean
is_playing (ConvergeTimeLine *self)
{
  const AgSnapshot *snapshot = get_snapshot (self);

  return self->tick != 0
         || (is_live (self) && snapshot != NULL && snapshot->state == AG_TRAINER_RUNNING);
}

static void
show_buttons (ConvergeTimeLine *self)
{
  const gint64 step = find_step (self);

  if (is_playing (self))
    set_icon (self->play, "media-playback-pause-symbolic", _ ("Pause the time line"));
  else
    set_icon (self->play, "media-playback-start-symbolic", _ ("Play the time line"));
  gtk_widget_set_sensitive (GTK_WIDGET (self->back), step > 0);
  gtk_widget_set_sensitive (GTK_WIDGET (self->forward), step < find_newest (self));
  gtk_widget_set_sensitive (GTK_WIDGET (self->live), find_newest (self) > 0);
  gtk_toggle_button_set_active (self->live, is_live (self));
}

/* A number that is being typed is left alone. */
static void
show_step (ConvergeTimeLine *self)
{
  g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT, find_step (self));

  gtk_widget_set_sensitive (GTK_WIDGET (self->step), find_newest (self) > 0);
  if ((gtk_widget_get_state_flags (GTK_WIDGET (self->step)) & GTK_STATE_FLAG_FOCUS_WITHIN) == 0
      && strcmp (gtk_editable_get_text (GTK_EDITABLE (self->step)), text) != 0)
    gtk_editable_set_text (GTK_EDITABLE (self->step), text);
}

static void
show_scale (ConvergeTimeLine *self)
{
  const AgRunSpec *spec = self->run != NULL ? converge_run_spec (self->run) : NULL;
  const gint64 newest = find_newest (self), step = find_step (self);
  const double end = spec != NULL ? (double) find_end (spec, newest) : 1;
  g_autofree char *text = say_step (self, step);

  gtk_widget_set_sensitive (GTK_WIDGET (self->scale), newest > 0);
  gtk_range_set_fill_level (GTK_RANGE (self->scale), (double) newest);
  gtk_adjustment_configure (self->adjustment, (double) step, 0, end, 1, FAR, 0);
  /* A reader that is told of each step of a run would never come to an end. */
  if (!is_playing (self))
    gtk_accessible_update_property (GTK_ACCESSIBLE (self->scale),
                                    GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT, text, -1);
}

static void
update (ConvergeTimeLine *self)
{
  self->is_showing = TRUE;
  if (is_live (self))
    stop_playing (self);
  find_marks (self);
  show_scale (self);
  show_step (self);
  show_buttons (self);
  self->is_showing = FALSE;
}

static void
selection_changed (ConvergeTimeLine *self)
{
  if (self->run != NULL)
    g_clear_signal_handler (&self->snapshot_handler, self->run);
  g_set_object (&self->run, converge_runs_get_selected (self->runs));
  if (self->run != NULL)
    self->snapshot_handler
      = g_signal_connect_swapped (self->run, "snapshot", G_CALLBACK (update), self);
  update (self);
}

/* Steps per second at which a past moment goes on: those at which the run would. */
static double
find_pace (ConvergeTimeLine *self)
{
  const double pace = converge_settings_spec (self->settings)->pace;

  return pace > 0 ? pace : fmax ((double) find_newest (self) / WHOLE_RUN, 1);
}

static gboolean
play_on (GtkWidget *widget,
         GdkFrameClock *clock,
         gpointer user_data)
{
  ConvergeTimeLine *self = CONVERGE_TIME_LINE (widget);
  const gint64 now_us = gdk_frame_clock_get_frame_time (clock);
  gint64 step;

  if (self->played_us != 0)
    self->played += find_pace (self) * (double) (now_us - self->played_us) / G_USEC_PER_SEC;
  self->played_us = now_us;
  step = (gint64) self->played;
  if (step != find_step (self))
    converge_runs_go_to (self->runs, step);
  return G_SOURCE_CONTINUE;
}

static void
start_playing (ConvergeTimeLine *self,
               gint64 step)
{
  converge_runs_go_to (self->runs, step);
  if (is_live (self))
    return;
  self->played = (double) step;
  self->played_us = 0;
  self->tick = gtk_widget_add_tick_callback (GTK_WIDGET (self), play_on, NULL, NULL);
}

/**
 * converge_time_line_get_step:
 * @self: the time line
 *
 * Returns: how many steps were taken at the moment that is looked at
 */
gint64
converge_time_line_get_step (ConvergeTimeLine *self)
{
  return find_step (self);
}

/**
 * converge_time_line_play:
 * @self: the time line
 *
 * Plays or pauses: a past moment goes on through the steps that there are; at the newest one the
 * run goes on or is paused, or is played again from its start if it is over.
 */
void
converge_time_line_play (ConvergeTimeLine *self)
{
  const AgSnapshot *snapshot = get_snapshot (self);

  if (self->tick != 0)
    stop_playing (self);
  else if (!is_live (self))
    start_playing (self, find_step (self));
  else if (snapshot != NULL && snapshot->step > 0
           && (snapshot->state == AG_TRAINER_DONE || snapshot->state == AG_TRAINER_DIVERGED))
    start_playing (self, 0);
  else
    gtk_widget_activate_action (GTK_WIDGET (self), "win.train", NULL);
  update (self);
}

/* After the moment was moved by hand, playing goes on from there. */
static void
moved (ConvergeTimeLine *self)
{
  self->played = (double) find_step (self);
}

static void
go_to_mark (ConvergeTimeLine *self,
            gint direction)
{
  AgMark mark;

  if (self->marks != NULL && ag_marks_next (self->marks, find_step (self), direction, &mark))
    converge_runs_go_to (self->runs, mark.step);
}

/**
 * converge_time_line_move:
 * @self: the time line
 * @move: where to
 *
 * Looks at another moment.
 */
void
converge_time_line_move (ConvergeTimeLine *self,
                         ConvergeMove move)
{
  const gint64 step = find_step (self);

  if (find_newest (self) == 0)
    return;
  switch (move)
    {
    case CONVERGE_MOVE_FIRST:
      converge_runs_go_to (self->runs, 0);
      break;
    case CONVERGE_MOVE_FAR_BACK:
      converge_runs_go_to (self->runs, step - FAR);
      break;
    case CONVERGE_MOVE_BACK:
      converge_runs_go_to (self->runs, step - 1);
      break;
    case CONVERGE_MOVE_FORWARD:
      converge_runs_go_to (self->runs, step + 1);
      break;
    case CONVERGE_MOVE_FAR_FORWARD:
      converge_runs_go_to (self->runs, step + FAR);
      break;
    case CONVERGE_MOVE_MARK_BACK:
      go_to_mark (self, -1);
      break;
    case CONVERGE_MOVE_MARK_FORWARD:
      go_to_mark (self, 1);
      break;
    case CONVERGE_MOVE_LAST:
    case CONVERGE_N_MOVES:
    default:
      converge_runs_set_step (self->runs, CONVERGE_LIVE);
    }
  moved (self);
}

static gboolean
scale_moved (ConvergeTimeLine *self,
             GtkScrollType scroll,
             double value)
{
  converge_runs_go_to (self->runs, (gint64) rint (value));
  moved (self);
  return TRUE;
}

static gboolean
scale_key_pressed (ConvergeTimeLine *self,
                   guint key,
                   guint code,
                   GdkModifierType modifiers)
{
  const gboolean is_far = (modifiers & GDK_SHIFT_MASK) != 0;
  const gboolean is_mark = (modifiers & GDK_CONTROL_MASK) != 0;

  switch (key)
    {
    case GDK_KEY_Left:
    case GDK_KEY_KP_Left:
      converge_time_line_move (self, is_mark  ? CONVERGE_MOVE_MARK_BACK
                                     : is_far ? CONVERGE_MOVE_FAR_BACK
                                              : CONVERGE_MOVE_BACK);
      return TRUE;
    case GDK_KEY_Right:
    case GDK_KEY_KP_Right:
      converge_time_line_move (self, is_mark  ? CONVERGE_MOVE_MARK_FORWARD
                                     : is_far ? CONVERGE_MOVE_FAR_FORWARD
                                              : CONVERGE_MOVE_FORWARD);
      return TRUE;
    case GDK_KEY_space:
    case GDK_KEY_KP_Space:
      converge_time_line_play (self);
      return TRUE;
    default:
      return FALSE;
    }
}

static void
back_clicked (ConvergeTimeLine *self)
{
  converge_time_line_move (self, CONVERGE_MOVE_BACK);
}

static void
forward_clicked (ConvergeTimeLine *self)
{
  converge_time_line_move (self, CONVERGE_MOVE_FORWARD);
}

static void
live_toggled (ConvergeTimeLine *self)
{
  if (self->is_showing || self->runs == NULL)
    return;
  if (gtk_toggle_button_get_active (self->live))
    converge_runs_set_step (self->runs, CONVERGE_LIVE);
  else
    converge_runs_set_step (self->runs, find_newest (self));
}

/* A text that is no number moves the moment nowhere. */
static void
step_typed (ConvergeTimeLine *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->step));
  guint64 step;

  if (g_ascii_string_to_unsigned (text, 10, 0, G_MAXINT64, &step, NULL))
    converge_runs_go_to (self->runs, (gint64) step);
  moved (self);
  gtk_widget_grab_focus (GTK_WIDGET (self->scale));
  update (self);
}

static gboolean
step_key_pressed (ConvergeTimeLine *self,
                  guint key)
{
  if (key != GDK_KEY_Escape)
    return FALSE;
  gtk_widget_grab_focus (GTK_WIDGET (self->scale));
  return TRUE;
}

static void
step_left (ConvergeTimeLine *self)
{
  if (self->runs != NULL)
    show_step (self);
}

static void
converge_time_line_dispose (GObject *object)
{
  ConvergeTimeLine *self = CONVERGE_TIME_LINE (object);
  GtkWidget *child;

  stop_playing (self);
  if (self->scale != NULL)
    forget_marks (self);
  if (self->run != NULL)
    g_clear_signal_handler (&self->snapshot_handler, self->run);
  g_clear_object (&self->run);
  g_clear_object (&self->runs);
  g_clear_object (&self->settings);
  self->scale = NULL;
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  G_OBJECT_CLASS (converge_time_line_parent_class)->dispose (object);
}

static void
converge_time_line_class_init (ConvergeTimeLineClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = converge_time_line_dispose;
  g_type_ensure (CONVERGE_TYPE_TIME_SCALE);
  gtk_widget_class_set_css_name (widget_class, "timeline");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/converge/Converge/converge-time-line.ui");
  gtk_widget_class_bind_template_child (widget_class, ConvergeTimeLine, adjustment);
  gtk_widget_class_bind_template_child (widget_class, ConvergeTimeLine, scale);
  gtk_widget_class_bind_template_child (widget_class, ConvergeTimeLine, back);
  gtk_widget_class_bind_template_child (widget_class, ConvergeTimeLine, play);
  gtk_widget_class_bind_template_child (widget_class, ConvergeTimeLine, forward);
  gtk_widget_class_bind_template_child (widget_class, ConvergeTimeLine, step);
  gtk_widget_class_bind_template_child (widget_class, ConvergeTimeLine, live);
  gtk_widget_class_bind_template_callback (widget_class, scale_moved);
  gtk_widget_class_bind_template_callback (widget_class, scale_key_pressed);
  gtk_widget_class_bind_template_callback (widget_class, show_tooltip);
  gtk_widget_class_bind_template_callback (widget_class, back_clicked);
  gtk_widget_class_bind_template_callback (widget_class, converge_time_line_play);
  gtk_widget_class_bind_template_callback (widget_class, forward_clicked);
  gtk_widget_class_bind_template_callback (widget_class, step_typed);
  gtk_widget_class_bind_template_callback (widget_class, step_key_pressed);
  gtk_widget_class_bind_template_callback (widget_class, step_left);
  gtk_widget_class_bind_template_callback (widget_class, live_toggled);
}

static void
converge_time_line_init (ConvergeTimeLine *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * converge_time_line_set_up:
 * @self: the time line, not set up so far
 * @settings: which say at which pace a past moment is played
 * @runs: of which it shows the selected one, and takes the moment along it
 */
void
converge_time_line_set_up (ConvergeTimeLine *self,
                           ConvergeSettings *settings,
                           ConvergeRuns *runs)
{
  g_return_if_fail (self->runs == NULL);

  self->settings = g_object_ref (settings);
  self->runs = g_object_ref (runs);
  g_signal_connect_object (runs, "notify::selected", G_CALLBACK (selection_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (runs, "notify::step", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (converge_optima_get_default (), "found", G_CALLBACK (find_marks), self,
                           G_CONNECT_SWAPPED);
  selection_changed (self);
}
