/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "converge-graph-player.h"

#include "plot/graph-drawing.h"

#include <math.h>

/* Each part of a step is played for so long, and then stands still, so that it can be read. */
#define PLAY_SECONDS 1.2
#define REST_SECONDS 0.8

/**
 * ConvergeGraphPlayer:
 * @widget: whose frames it plays in, which outlives it
 * @place: how much of the step has happened: 1 is all of the first part and nothing of the
 *   second; %CONVERGE_GRAPH_WHOLE while nothing is played
 * @tick: its callback for each frame, 0 while it does not play
 * @seconds: for how long it has played the part it is in
 * @last_us: when it did so last, 0 if it has just begun
 *
 * Plays a step, one part after the other. While nothing is played it does nothing at all. For
 * those who want no motion, each part is there at once.
 */
struct _ConvergeGraphPlayer
{
  GObject parent_instance;

  GtkWidget *widget;
  double place;
  guint tick;
  double seconds;
  gint64 last_us;
};

enum
{
  MOVED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ConvergeGraphPlayer, converge_graph_player, G_TYPE_OBJECT)

static void
stop_ticking (ConvergeGraphPlayer *self)
{
  if (self->tick != 0)
    gtk_widget_remove_tick_callback (self->widget, self->tick);
  self->tick = 0;
}

static void
converge_graph_player_dispose (GObject *object)
{
  stop_ticking (CONVERGE_GRAPH_PLAYER (object));
  G_OBJECT_CLASS (converge_graph_player_parent_class)->dispose (object);
}

static void
converge_graph_player_class_init (ConvergeGraphPlayerClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = converge_graph_player_dispose;

  /**
   * ConvergeGraphPlayer::moved:
   * @self: the player
   *
   * More or less of the step has happened, or it began or ended to play.
   */
  signals[MOVED] = g_signal_new ("moved", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                 NULL, NULL, G_TYPE_NONE, 0);
}

static void
converge_graph_player_init (ConvergeGraphPlayer *self)
{
  self->place = CONVERGE_GRAPH_WHOLE;
}

/**
 * converge_graph_player_new:
 * @widget: what shows the step, which outlives the player
 *
 * Returns: (transfer full): a player, for which the whole step has happened
 */
ConvergeGraphPlayer *
converge_graph_player_new (GtkWidget *widget)
{
  ConvergeGraphPlayer *self = g_object_new (CONVERGE_TYPE_GRAPH_PLAYER, NULL);

  self->widget = widget;
  return self;
}

/**
 * converge_graph_player_get_place:
 * @self: the player
 *
 * Returns: how much of the step has happened, from 0 to %AG_N_STOPS; %CONVERGE_GRAPH_WHOLE if
 *   all of it is to be seen without being played
 */
double
converge_graph_player_get_place (ConvergeGraphPlayer *self)
{
  return self->place;
}

/**
 * converge_graph_player_is_playing:
 * @self: the player
 *
 * Returns: whether more of the step happens by itself
 */
gboolean
converge_graph_player_is_playing (ConvergeGraphPlayer *self)
{
  return self->tick != 0;
}

/**
 * converge_graph_player_get_stop:
 * @self: the player
 *
 * Returns: the part of the step that is being played or was played last; −1 if all of it is to
 *   be seen without being played
 */
int
converge_graph_player_get_stop (ConvergeGraphPlayer *self)
{
  if (self->place > AG_N_STOPS)
    return -1;
  return MAX ((int) ceil (self->place) - 1, 0);
}

static void
move_to (ConvergeGraphPlayer *self,
         double place)
{
  if (place == self->place)
    return;
  self->place = place;
  g_signal_emit (self, signals[MOVED], 0);
}

static gboolean
has_motion (ConvergeGraphPlayer *self)
{
  gboolean has;

  g_object_get (gtk_widget_get_settings (self->widget), "gtk-enable-animations", &has, NULL);
  return has;
}

static gboolean
tick (GtkWidget *widget,
      GdkFrameClock *clock,
      gpointer user_data)
{
  ConvergeGraphPlayer *self = user_data;
  const gint64 now = gdk_frame_clock_get_frame_time (clock);
  double begin = MAX (converge_graph_player_get_stop (self), 0);

  if (self->last_us != 0)
    self->seconds += (double) (now - self->last_us) / G_USEC_PER_SEC;
  self->last_us = now;
  if (self->seconds >= PLAY_SECONDS + REST_SECONDS)
    {
      self->seconds = 0;
      begin++;
    }
  if (begin >= AG_N_STOPS)
    {
      self->tick = 0;
      move_to (self, CONVERGE_GRAPH_WHOLE);
      return G_SOURCE_REMOVE;
    }
  /* A part has begun as soon as a little of it has happened. */
  move_to (self, begin + (has_motion (self) ? CLAMP (self->seconds / PLAY_SECONDS, 1e-3, 1) : 1));
  return G_SOURCE_CONTINUE;
}

/**
 * converge_graph_player_play:
 * @self: the player
 *
 * Goes on, or begins anew where the whole step has happened.
 */
void
converge_graph_player_play (ConvergeGraphPlayer *self)
{
  if (self->tick != 0)
    return;
  if (self->place > AG_N_STOPS)
    self->place = 0;
  self->seconds = self->place == ceil (self->place) && self->place > 0
                    ? PLAY_SECONDS + REST_SECONDS
                    : (self->place - floor (self->place)) * PLAY_SECONDS;
  self->last_us = 0;
  self->tick = gtk_widget_add_tick_callback (self->widget, tick, self, NULL);
  g_signal_emit (self, signals[MOVED], 0);
}

/**
 * converge_graph_player_pause:
 * @self: the player
 *
 * Stays where it is.
 */
void
converge_graph_player_pause (ConvergeGraphPlayer *self)
{
  if (self->tick == 0)
    return;
  stop_ticking (self);
  g_signal_emit (self, signals[MOVED], 0);
}

/**
 * converge_graph_player_walk:
 * @self: the player
 * @by: 1 for the next part of the step, −1 for the one before
 *
 * Goes to the end of another part. Behind the last and before the first is the whole step.
 */
void
converge_graph_player_walk (ConvergeGraphPlayer *self,
                            int by)
{
  const int n_places = AG_N_STOPS + 1;
  const int from = converge_graph_player_get_stop (self) + 1;
  const int to = (from + by + n_places) % n_places;

  stop_ticking (self);
  self->place = to == 0 ? CONVERGE_GRAPH_WHOLE : to;
  g_signal_emit (self, signals[MOVED], 0);
}

/**
 * converge_graph_player_show_all:
 * @self: the player
 *
 * Lets the whole step have happened.
 */
void
converge_graph_player_show_all (ConvergeGraphPlayer *self)
{
  stop_ticking (self);
  self->place = CONVERGE_GRAPH_WHOLE;
  g_signal_emit (self, signals[MOVED], 0);
}
