/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "converge-race.h"

#include "converge-farewell.h"

#include "base/error.h"
#include "train/setting.h"
#include "train/sweep.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* How many rates are tried where each racer has its best. */
#define N_RATES 60

/* Without a pace the racers go as far in a frame as they come; what they may take is doubled
 * when they are done before it ends. */
#define MOST_STEPS_A_FRAME 100000

/* A race that fell behind its pace makes up for no more. */
#define MAX_BEHIND 0.1

/**
 * Racer:
 * @spec: what it does
 * @run: (nullable): its row in the list of runs, once the race has begun
 */
typedef struct
{
  AgRunSpec spec;
  ConvergeRun *run;
} Racer;

/**
 * ConvergeRace:
 * @widget: (nullable): in whose frames it goes on; a weak pointer
 * @settings: what all racers have alike, and the pace
 * @runs: where they are rows
 * @racers: (element-type Racer): who takes part
 * @state: how far it is
 * @race: (nullable): what keeps them in step
 * @sweep: (nullable): what looks for the best rate of the racer number @n_found
 * @n_found: how many best rates were found
 * @error: (nullable): why it could not be made
 * @allowed: how many steps each may have taken
 * @chunk: how many steps beyond the last one they may take in a frame, without a pace
 * @frame_us: when the last frame was
 * @tick: what is called in each frame; 0 if nothing is
 *
 * Several runs that begin alike but for one setting, and take their steps together, so that
 * one sees who leads. Each is a row of the list of runs.
 */
struct _ConvergeRace
{
  GObject parent_instance;

  GtkWidget *widget;
  ConvergeSettings *settings;
  ConvergeRuns *runs;
  GArray *racers;
  ConvergeRaceState state;
  AgRace *race;
  AgSweep *sweep;
  guint n_found;
  char *error;
  double allowed;
  gint64 chunk;
  gint64 frame_us;
  guint tick;
};

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ConvergeRace, converge_race, G_TYPE_OBJECT)

static Racer *
get_racer (ConvergeRace *self,
           guint index)
{
  return &g_array_index (self->racers, Racer, index);
}

static void
clear_racer (gpointer data)
{
  g_clear_object (&((Racer *) data)->run);
}

static void
drop_sweep (ConvergeRace *self)
{
  if (self->sweep == NULL)
    return;
  ag_sweep_cancel (self->sweep);
  converge_bid_farewell ((GDestroyNotify) ag_sweep_unref, g_steal_pointer (&self->sweep));
}

static void
stop_ticking (ConvergeRace *self)
{
  if (self->tick != 0 && self->widget != NULL)
    gtk_widget_remove_tick_callback (self->widget, self->tick);
  self->tick = 0;
}

/* Runs that still take steps do so without regard to others from then on. */
static void
end_race (ConvergeRace *self)
{
  stop_ticking (self);
  drop_sweep (self);
  if (self->race != NULL)
    ag_race_set_limit (self->race, G_MAXINT64);
  g_clear_pointer (&self->race, ag_race_unref);
}

static void
converge_race_dispose (GObject *object)
{
  ConvergeRace *self = CONVERGE_RACE (object);

  end_race (self);
  g_array_set_size (self->racers, 0);
  g_clear_weak_pointer (&self->widget);
  g_clear_object (&self->settings);
  g_clear_object (&self->runs);
  G_OBJECT_CLASS (converge_race_parent_class)->dispose (object);
}

static void
converge_race_finalize (GObject *object)
{
  g_array_unref (CONVERGE_RACE (object)->racers);
  g_free (CONVERGE_RACE (object)->error);
  G_OBJECT_CLASS (converge_race_parent_class)->finalize (object);
}

static void
converge_race_class_init (ConvergeRaceClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = converge_race_dispose;
  G_OBJECT_CLASS (klass)->finalize = converge_race_finalize;

  /**
   * ConvergeRace::changed:
   * @self: a race
   *
   * It is farther, in each frame of it, or in another state.
   */
  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                   NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
converge_race_init (ConvergeRace *self)
{
  self->racers = g_array_new (FALSE, TRUE, sizeof (Racer));
  g_array_set_clear_func (self->racers, clear_racer);
}

static void
set_state (ConvergeRace *self,
           ConvergeRaceState state)
{
  self->state = state;
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
fail (ConvergeRace *self,
      const GError *error)
{
  end_race (self);
  g_free (self->error);
  self->error = g_strdup (error->message);
  set_state (self, self->racers->len > 0 && get_racer (self, 0)->run != NULL ? CONVERGE_RACE_OVER
                                                                             : CONVERGE_RACE_IDLE);
}

/* All that is different about a racer. */
static gboolean
add_racer (ConvergeRace *self,
           const AgSetting *setting,
           const char *value,
           gboolean at_best_rate,
           GError **error)
{
  Racer racer = { .spec = *converge_settings_spec (self->settings) };
  const gint64 steps = racer.spec.steps;
  const double rate = racer.spec.lr;

  if (!ag_setting_parse (setting, value, &racer.spec, error))
    return FALSE;
  /* A program has a number of steps of its own, an optimizer a rate, beside which its best one
   * is looked for. */
  racer.spec.steps = steps;
  if (!at_best_rate && strcmp (setting->id, "lr") != 0)
    racer.spec.lr = rate;
  if (!ag_run_spec_check (&racer.spec, error))
    return FALSE;
  g_array_append_val (self->racers, racer);
  return TRUE;
}

/* All are prepared before the first of them takes a step. */
static gboolean
line_up (ConvergeRace *self,
         GError **error)
{
  self->race = ag_race_new (0);
  for (guint i = 0; i < self->racers->len; i++)
    {
      Racer *racer = get_racer (self, i);
      ConvergeRun *run = converge_runs_begin (self->runs, &racer->spec, error);

      if (run == NULL)
        return FALSE;
      racer->run = g_object_ref (run);
      converge_run_join (run, self->race);
    }
  for (guint i = 0; i < self->racers->len; i++)
    converge_run_start (get_racer (self, i)->run);
  converge_runs_set_selected (self->runs, get_racer (self, 0)->run);
  self->allowed = 0;
  self->chunk = 1;
  self->frame_us = 0;
  set_state (self, CONVERGE_RACE_RUNNING);
  return TRUE;
}

static gboolean
look_for_rate (ConvergeRace *self,
               GError **error)
{
  const AgRunSpec *spec = &get_racer (self, self->n_found)->spec;
  g_autofree char *range = ag_sweep_suggest (spec, 1, "lr");
  g_autoptr (AgSweepAxis) axis = ag_sweep_axis_new (spec, "lr", range, N_RATES, error);

  if (axis != NULL)
    self->sweep = ag_sweep_new (spec, 1, &axis, 1, 0, AG_SWEEP_WITHOUT_SEARCH, error);
  return self->sweep != NULL;
}

/* A racer that diverges at each rate keeps the one that it has. */
static gboolean
take_rate (ConvergeRace *self,
           GError **error)
{
  Racer *racer = get_racer (self, self->n_found);
  guint best;

  if (ag_sweep_error (self->sweep) != NULL)
    {
      g_propagate_error (error, g_error_copy (ag_sweep_error (self->sweep)));
      return FALSE;
    }
  if (ag_sweep_find_best (self->sweep, &best))
    racer->spec.lr = ag_sweep_value (self->sweep, best, 0);
  drop_sweep (self);
  self->n_found++;
  return self->n_found == self->racers->len ? line_up (self, error) : look_for_rate (self, error);
}

/* Finds the runs that are under way; the others are out, and so is one that was deleted, which waits
 * for being brought back. Returns whether there are any. */
static gboolean
find_last (ConvergeRace *self,
           gint64 *least)
{
  gboolean is_any = FALSE;

  *least = G_MAXINT64;
  for (guint i = 0; i < self->racers->len; i++)
    {
      ConvergeRun *run = get_racer (self, i)->run;
      const AgSnapshot *snapshot;

      converge_run_poll (run);
      if (!converge_run_is_under_way (run) || converge_runs_find (self->runs, run) == converge_runs_n (self->runs))
        continue;
      snapshot = converge_run_snapshot (run);
      is_any = TRUE;
      *least = MIN (*least, snapshot != NULL ? snapshot->step : 0);
    }
  return is_any;
}

/* How far they may go until the next frame. */
static void
raise_limit (ConvergeRace *self,
             gint64 least,
             gint64 now_us)
{
  const double pace = converge_settings_spec (self->settings)->pace;
  const double passed = self->frame_us != 0 ? (double) (now_us - self->frame_us) * 1e-6 : 0;

  self->frame_us = now_us;
  if (pace > 0)
    {
      self->allowed += pace * passed;
      self->allowed = fmin (self->allowed, (double) least + fmax (1, MAX_BEHIND * pace));
    }
  else
    {
      self->chunk = (double) least >= self->allowed ? MIN (2 * self->chunk, MOST_STEPS_A_FRAME)
                                                    : MAX (self->chunk / 2, 1);
      self->allowed = fmax (self->allowed, (double) (least + self->chunk));
    }
  ag_race_set_limit (self->race, (gint64) self->allowed);
}

static gboolean
race_on (ConvergeRace *self,
         gint64 now_us)
{
  gint64 least;

  if (!find_last (self, &least))
    return FALSE;
  raise_limit (self, least, now_us);
  return TRUE;
}

static gboolean
take_frame (GtkWidget *widget,
            GdkFrameClock *clock,
            gpointer user_data)
{
  g_autoptr (ConvergeRace) self = g_object_ref (user_data);
  g_autoptr (GError) error = NULL;

  if (self->sweep != NULL && ag_sweep_is_over (self->sweep) && !take_rate (self, &error))
    {
      fail (self, error);
      return G_SOURCE_REMOVE;
    }
  if (self->state == CONVERGE_RACE_RUNNING && !race_on (self, gdk_frame_clock_get_frame_time (clock)))
    {
      end_race (self);
      set_state (self, CONVERGE_RACE_OVER);
      return G_SOURCE_REMOVE;
    }
  g_signal_emit (self, signals[CHANGED], 0);
  return G_SOURCE_CONTINUE;
}

/**
 * converge_race_new:
 * @widget: in whose frames it goes on
 * @settings: what all racers have alike, and the pace
 * @runs: where they are rows
 *
 * Returns: (transfer full): a race that has not begun
 */
ConvergeRace *
converge_race_new (GtkWidget *widget,
                   ConvergeSettings *settings,
                   ConvergeRuns *runs)
{
  ConvergeRace *self = g_object_new (CONVERGE_TYPE_RACE, NULL);

  g_set_weak_pointer (&self->widget, widget);
  self->settings = g_object_ref (settings);
  self->runs = g_object_ref (runs);
  return self;
}

static gboolean
add_racers (ConvergeRace *self,
            const char *subject,
            const char *const *values,
            gboolean at_best_rates,
            GError **error)
{
  const AgSetting *setting = ag_setting_find (converge_settings_spec (self->settings), subject);
  const guint n = g_strv_length ((GStrv) values);

  if (n < 2 || n > CONVERGE_RACE_MAX_RACERS)
    {
      g_set_error (error, AG_ERROR, AG_ERROR_ARGUMENT,
                   _ ("In a race there are 2 to %d runs, and not %u. Choose others."),
                   CONVERGE_RACE_MAX_RACERS, n);
      return FALSE;
    }
  for (guint i = 0; i < n; i++)
    if (!add_racer (self, setting, values[i], at_best_rates, error))
      return FALSE;
  return TRUE;
}

/**
 * converge_race_start:
 * @self: a race
 * @subject: id of the setting that is different
 * @values: (array zero-terminated=1): what it is for each racer
 * @at_best_rates: whether each has the rate that is best for it, which is looked for first; else
 *   all have that of the settings
 * @error: return location for a #GError
 *
 * Begins a race. One that is under way is one no longer.
 *
 * Returns: whether there is such a race
 */
gboolean
converge_race_start (ConvergeRace *self,
                     const char *subject,
                     const char *const *values,
                     gboolean at_best_rates,
                     GError **error)
{
  converge_race_stop (self);
  g_clear_pointer (&self->error, g_free);
  g_array_set_size (self->racers, 0);
  self->n_found = 0;
  self->state = CONVERGE_RACE_IDLE;
  if (!add_racers (self, subject, values, at_best_rates, error))
    {
      g_array_set_size (self->racers, 0);
      return FALSE;
    }
  if (!(at_best_rates ? look_for_rate (self, error) : line_up (self, error)))
    {
      end_race (self);
      return FALSE;
    }
  if (self->widget != NULL)
    self->tick = gtk_widget_add_tick_callback (self->widget, take_frame, self, NULL);
  if (at_best_rates)
    set_state (self, CONVERGE_RACE_LOOKING);
  return TRUE;
}

/**
 * converge_race_stop:
 * @self: a race
 *
 * Stops all racers that are under way.
 */
void
converge_race_stop (ConvergeRace *self)
{
  const ConvergeRaceState state = self->state;

  if (state != CONVERGE_RACE_LOOKING && state != CONVERGE_RACE_RUNNING)
    return;
  for (guint i = 0; state == CONVERGE_RACE_RUNNING && i < self->racers->len; i++)
    if (converge_run_is_under_way (get_racer (self, i)->run))
      converge_run_stop (get_racer (self, i)->run);
  end_race (self);
  set_state (self, state == CONVERGE_RACE_RUNNING ? CONVERGE_RACE_OVER : CONVERGE_RACE_IDLE);
}

/**
 * converge_race_get_state:
 * @self: a race
 *
 * Returns: how far it is
 */
ConvergeRaceState
converge_race_get_state (ConvergeRace *self)
{
  return self->state;
}

/**
 * converge_race_n_racers:
 * @self: a race
 *
 * Returns: how many take part
 */
guint
converge_race_n_racers (ConvergeRace *self)
{
  return self->racers->len;
}

/**
 * converge_race_n_found:
 * @self: a race in which each has its best rate
 *
 * Returns: of how many that is known
 */
guint
converge_race_n_found (ConvergeRace *self)
{
  return self->n_found;
}

/**
 * converge_race_nth:
 * @self: a race
 * @index: which racer
 *
 * Returns: (transfer none) (nullable): its run; %NULL before it began
 */
ConvergeRun *
converge_race_nth (ConvergeRace *self,
                   guint index)
{
  return get_racer (self, index)->run;
}

/**
 * converge_race_get_settings:
 * @self: a race
 *
 * Returns: (transfer none): what all racers have alike
 */
ConvergeSettings *
converge_race_get_settings (ConvergeRace *self)
{
  return self->settings;
}

/**
 * converge_race_get_error:
 * @self: a race
 *
 * Returns: (transfer none) (nullable): a sentence on why it did not go on
 */
const char *
converge_race_get_error (ConvergeRace *self)
{
  return self->error;
}
