/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "converge-run.h"

#include "converge-farewell.h"

#include "base/ref-count.h"
#include "train/optimum.h"

#include <string.h>

/**
 * Link:
 * @ref_count: the trainer's thread and every call on its way hold one
 * @run: whom to tell; may be gone by then
 *
 * The part of the row that the trainer's thread knows.
 */
typedef struct
{
  AgRefCount ref_count;
  GWeakRef run;
} Link;

/**
 * ConvergeRun:
 * @run: (nullable): what it does and has come to
 * @kept: (nullable): the same of a run that was read from a file and whose data are not there
 *   any more, so that it takes no more steps
 * @kept_data: (nullable): the points of @kept, if anybody asked for them
 * @link: (nullable): whom the thread of @run tells
 * @snapshot: the newest snapshot of @run
 * @has_snapshot: whether there is one
 * @is_refused: whether it could not go on, and nobody has learned why
 * @is_wanted: whether @run is to take steps once its data are prepared
 * @lr: the rate that its next step takes
 * @id: tells it from every other one
 * @name: what people call it
 * @color: index of its colour, or %CONVERGE_RUN_NO_COLOR
 * @is_shown: whether plots draw it beside the one that is selected
 * @is_pinned: whether it stands above those that are not
 *
 * A run of the window, a row of #ConvergeRuns. It has an #AgRun from
 * converge_run_prepare() on.
 */
struct _ConvergeRun
{
  GObject parent_instance;

  AgRun *run;
  AgKeptRun *kept;
  AgData *kept_data;
  Link *link;
  AgSnapshot snapshot;
  gboolean has_snapshot;
  gboolean is_refused;
  gboolean is_wanted;
  double lr;
  guint64 id;
  char *name;
  guint color;
  gboolean is_shown;
  gboolean is_pinned;
};

enum
{
  PROP_0,
  PROP_NAME,
  PROP_COLOR,
  PROP_SHOWN,
  PROP_PINNED,
  N_PROPERTIES
};

static GParamSpec *properties[N_PROPERTIES];

enum
{
  SNAPSHOT,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ConvergeRun, converge_run, G_TYPE_OBJECT)

static Link *
link_new (ConvergeRun *self)
{
  Link *link = g_new0 (Link, 1);

  ag_ref_count_init (&link->ref_count);
  g_weak_ref_init (&link->run, self);
  return link;
}

static void
link_unref (gpointer data)
{
  Link *link = data;

  if (!ag_ref_count_dec (&link->ref_count))
    return;
  g_weak_ref_clear (&link->run);
  g_free (link);
}

typedef struct
{
  AgRun *run;
  Link *link;
} Leaving;

static void
leaving_free (gpointer data)
{
  Leaving *leaving = data;

  ag_trainer_set_notify (ag_run_trainer (leaving->run), NULL, NULL);
  ag_run_unref (leaving->run);
  link_unref (leaving->link);
  g_free (leaving);
}

static void
let_go (ConvergeRun *self)
{
  Leaving *leaving;

  self->has_snapshot = FALSE;
  if (self->run == NULL)
    return;
  ag_trainer_stop (ag_run_trainer (self->run));
  leaving = g_new (Leaving, 1);
  leaving->run = g_steal_pointer (&self->run);
  leaving->link = g_steal_pointer (&self->link);
  converge_bid_farewell (leaving_free, leaving);
}

static void
converge_run_dispose (GObject *object)
{
  let_go (CONVERGE_RUN (object));
  g_clear_pointer (&CONVERGE_RUN (object)->kept, ag_kept_run_unref);
  g_clear_pointer (&CONVERGE_RUN (object)->kept_data, ag_data_unref);
  G_OBJECT_CLASS (converge_run_parent_class)->dispose (object);
}

static void
converge_run_finalize (GObject *object)
{
  g_free (CONVERGE_RUN (object)->name);
  G_OBJECT_CLASS (converge_run_parent_class)->finalize (object);
}

static void
converge_run_get_property (GObject *object,
                           guint id,
                           GValue *value,
                           GParamSpec *pspec)
{
  ConvergeRun *self = CONVERGE_RUN (object);

  switch (id)
    {
    case PROP_NAME:
      g_value_set_string (value, self->name);
      break;
    case PROP_COLOR:
      g_value_set_uint (value, self->color);
      break;
    case PROP_SHOWN:
      g_value_set_boolean (value, self->is_shown);
      break;
    case PROP_PINNED:
      g_value_set_boolean (value, self->is_pinned);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
converge_run_set_property (GObject *object,
                           guint id,
                           const GValue *value,
                           GParamSpec *pspec)
{
  ConvergeRun *self = CONVERGE_RUN (object);

  switch (id)
    {
    case PROP_NAME:
      converge_run_set_name (self, g_value_get_string (value));
      break;
    case PROP_COLOR:
      converge_run_set_color (self, g_value_get_uint (value));
      break;
    case PROP_SHOWN:
      converge_run_set_shown (self, g_value_get_boolean (value));
      break;
    case PROP_PINNED:
      converge_run_set_pinned (self, g_value_get_boolean (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
converge_run_class_init (ConvergeRunClass *klass)
{
  const GParamFlags flags
    = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = converge_run_get_property;
  object_class->set_property = converge_run_set_property;
  object_class->dispose = converge_run_dispose;
  object_class->finalize = converge_run_finalize;

  /**
   * ConvergeRun:name:
   *
   * What people call it.
   */
  properties[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, "", flags);
  /**
   * ConvergeRun:color:
   *
   * Index of the colour that it has in every plot, or %CONVERGE_RUN_NO_COLOR.
   */
  properties[PROP_COLOR]
    = g_param_spec_uint ("color", NULL, NULL, 0, G_MAXUINT, CONVERGE_RUN_NO_COLOR, flags);
  /**
   * ConvergeRun:shown:
   *
   * Whether plots draw it while another one is selected.
   */
  properties[PROP_SHOWN] = g_param_spec_boolean ("shown", NULL, NULL, TRUE, flags);
  /**
   * ConvergeRun:pinned:
   *
   * Whether it stands above those that are not.
   */
  properties[PROP_PINNED] = g_param_spec_boolean ("pinned", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);

  /**
   * ConvergeRun::snapshot:
   * @self: a run
   *
   * There is a new snapshot.
   */
  signals[SNAPSHOT] = g_signal_new ("snapshot", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                    NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
converge_run_init (ConvergeRun *self)
{
  static guint64 last_id = 0;

  self->id = ++last_id;
  self->name = g_strdup ("");
  self->color = CONVERGE_RUN_NO_COLOR;
  self->is_shown = TRUE;
}

/**
 * converge_run_new:
 *
 * Returns: (transfer full): a run that is yet to be prepared
 */
ConvergeRun *
converge_run_new (void)
{
  return g_object_new (CONVERGE_TYPE_RUN, NULL);
}

/**
 * converge_run_hold:
 * @self: a run
 * @run: (out) (transfer full) (nullable): who takes its steps
 * @kept: (out) (transfer full) (nullable): or, of one that was read from a file, what there
 *   is of it
 *
 * Lets somebody else hold what the run has come to.
 */
void
converge_run_hold (ConvergeRun *self,
                   AgRun **run,
                   AgKeptRun **kept)
{
  *run = self->run != NULL ? ag_run_ref (self->run) : NULL;
  *kept = self->kept != NULL ? ag_kept_run_ref (self->kept) : NULL;
}

/**
 * converge_run_settle:
 * @self: a run
 * @patience_us: for how long at most, in microseconds
 *
 * Stops a run, and waits until it has stopped. A run that is over is left alone.
 */
void
converge_run_settle (ConvergeRun *self,
                     gint64 patience_us)
{
  if (self->run == NULL || !self->has_snapshot)
    return;
  if (self->snapshot.state < AG_TRAINER_DONE)
    {
      ag_trainer_stop (ag_run_trainer (self->run));
      ag_trainer_wait (ag_run_trainer (self->run), patience_us);
    }
  converge_run_poll (self);
}

/**
 * converge_run_can_go_on:
 * @self: a run
 *
 * Returns: whether it can take more steps: not if it was read from a file and its data are gone
 */
gboolean
converge_run_can_go_on (ConvergeRun *self)
{
  return self->run != NULL;
}

static gboolean
poll_in_main_loop (gpointer data)
{
  Link *link = data;
  g_autoptr (ConvergeRun) self = g_weak_ref_get (&link->run);

  if (self != NULL)
    converge_run_poll (self);
  return G_SOURCE_REMOVE;
}

/* On the trainer's thread. */
static void
state_changed (AgTrainer *trainer,
               gpointer user_data)
{
  Link *link = user_data;

  ag_ref_count_inc (&link->ref_count);
  g_idle_add_full (G_PRIORITY_DEFAULT, poll_in_main_loop, link, link_unref);
}

/* In place of what it did so far. */
static gboolean
take_on (ConvergeRun *self,
         AgRun *run,
         double lr)
{
  if (run == NULL)
    return FALSE;
  let_go (self);
  self->is_refused = FALSE;
  self->run = run;
  self->lr = lr;
  self->is_wanted = FALSE;
  self->link = link_new (self);
  ag_trainer_set_notify (ag_run_trainer (run), state_changed, self->link);
  /* It may have got ready before it could tell. */
  converge_run_poll (self);
  return TRUE;
}

/**
 * converge_run_new_kept:
 * @kept: a run that was read from a file; held
 *
 * Returns: (transfer full): a run that is over, and can go on; where its data are not there any
 *   more it can only be looked at
 */
ConvergeRun *
converge_run_new_kept (AgKeptRun *kept)
{
  const double rate = ag_rates_at (kept->rates, kept->spec.lr, kept->snapshot->step);
  ConvergeRun *self = converge_run_new ();

  if (!take_on (self, ag_run_new_kept (kept, NULL), rate))
    {
      self->kept = ag_kept_run_ref (kept);
      self->snapshot = *kept->snapshot;
      self->has_snapshot = TRUE;
      self->lr = rate;
    }
  self->color = kept->color;
  self->is_shown = kept->is_shown;
  self->is_pinned = kept->is_pinned;
  converge_run_set_name (self, kept->name);
  return self;
}

/**
 * converge_run_prepare:
 * @self: a run
 * @spec: what to do
 * @error: return location for a #GError
 *
 * Prepares what @spec says, in place of what it did; its first snapshot comes soon.
 *
 * Returns: whether @spec can be made
 */
gboolean
converge_run_prepare (ConvergeRun *self,
                      const AgRunSpec *spec,
                      GError **error)
{
  return take_on (self, ag_run_new (spec, error), spec->lr);
}

/**
 * converge_run_branch:
 * @self: a run
 * @spec: what to do from there on
 * @origin: another run, which has a snapshot
 * @step: one of its steps
 * @error: return location for a #GError
 *
 * Prepares a run that was the other one up to a step, and goes on from there, as
 * ag_run_new_branch() makes it.
 *
 * Returns: whether there can be one
 */
gboolean
converge_run_branch (ConvergeRun *self,
                     const AgRunSpec *spec,
                     ConvergeRun *origin,
                     gint64 step,
                     GError **error)
{
  return take_on (self, ag_run_new_branch (spec, origin->run, step, error), spec->lr);
}

/**
 * converge_run_start:
 * @self: a run that was prepared
 *
 * Lets it take steps, for the first time or again.
 */
void
converge_run_start (ConvergeRun *self)
{
  if (self->run == NULL)
    return;
  self->is_wanted = TRUE;
  ag_trainer_start (ag_run_trainer (self->run));
}

/**
 * converge_run_pause:
 * @self: a run
 */
void
converge_run_pause (ConvergeRun *self)
{
  if (self->run == NULL)
    return;
  self->is_wanted = FALSE;
  ag_trainer_pause (ag_run_trainer (self->run));
}

/**
 * converge_run_step:
 * @self: a run that rests
 *
 * Takes one step.
 */
void
converge_run_step (ConvergeRun *self)
{
  if (self->run != NULL)
    ag_trainer_step (ag_run_trainer (self->run));
}

/**
 * converge_run_stop:
 * @self: a run
 *
 * Ends the run; what it has come to stays, and it can be started again.
 */
void
converge_run_stop (ConvergeRun *self)
{
  if (self->run != NULL)
    ag_trainer_stop (ag_run_trainer (self->run));
}

/**
 * converge_run_lay_down:
 * @self: a run
 *
 * Lets it give back its thread and its tensors, if it is over; it can go on all the same.
 */
void
converge_run_lay_down (ConvergeRun *self)
{
  if (self->run != NULL)
    ag_run_lay_down (self->run);
}

/**
 * converge_run_n_bytes:
 * @self: a run
 *
 * Returns: about how much memory it takes
 */
gsize
converge_run_n_bytes (ConvergeRun *self)
{
  if (self->run != NULL)
    return ag_run_n_bytes (self->run);
  return self->kept != NULL ? ag_history_size (MAX (self->kept->snapshot->step, 1))
                                + ag_trace_n_bytes (self->kept->trace)
                            : 0;
}

/**
 * converge_run_give_back:
 * @self: a run
 *
 * Lets a run that was laid down give its checkpoints back; its moments are then found by its
 * steps being taken again.
 *
 * Returns: whether it could
 */
gboolean
converge_run_give_back (ConvergeRun *self)
{
  return self->run != NULL && ag_run_give_back (self->run);
}

/**
 * converge_run_extend:
 * @self: a run that was prepared
 * @n_steps: how many steps it is to have; fewer than it has change nothing
 * @error: return location for a #GError
 *
 * Gives the run more steps. One that was done is paused then.
 *
 * Returns: whether there is memory for them
 */
gboolean
converge_run_extend (ConvergeRun *self,
                     gint64 n_steps,
                     GError **error)
{
  g_return_val_if_fail (self->run != NULL, FALSE);

  return ag_trainer_extend (ag_run_trainer (self->run), n_steps, error);
}

/**
 * converge_run_set_lr:
 * @self: a run
 * @lr: the rate from the next step on
 */
void
converge_run_set_lr (ConvergeRun *self,
                     double lr)
{
  if (self->run == NULL)
    return;
  self->lr = lr;
  ag_trainer_set_lr (ag_run_trainer (self->run), lr);
}

/**
 * converge_run_lr:
 * @self: a run that was prepared
 *
 * Returns: the rate that its next step takes
 */
double
converge_run_lr (ConvergeRun *self)
{
  return self->lr;
}

/**
 * converge_run_set_pace:
 * @self: a run
 * @steps_per_second: at most so many; 0 for no limit
 */
void
converge_run_set_pace (ConvergeRun *self,
                       double steps_per_second)
{
  if (self->run != NULL)
    ag_trainer_set_pace (ag_run_trainer (self->run), steps_per_second);
}

/**
 * converge_run_join:
 * @self: a run that was prepared and not started, in no race
 * @race: a race
 *
 * Lets it take its steps together with others.
 */
void
converge_run_join (ConvergeRun *self,
                   AgRace *race)
{
  ag_trainer_join (ag_run_trainer (self->run), race);
}

/**
 * converge_run_is_preparing:
 * @self: a run
 * @share: (out) (optional): how much of the data is prepared, from 0 to 1
 *
 * Returns: whether it was prepared and there is no snapshot yet, since its data are
 *   still being made
 */
gboolean
converge_run_is_preparing (ConvergeRun *self,
                           double *share)
{
  if (self->run == NULL || self->has_snapshot)
    return FALSE;
  if (share != NULL)
    *share = ag_trainer_prepared (ag_run_trainer (self->run));
  return TRUE;
}

/**
 * converge_run_will_run:
 * @self: a run
 *
 * Returns: whether its data are being prepared, and it then takes steps unless it is
 *   paused
 */
gboolean
converge_run_will_run (ConvergeRun *self)
{
  return converge_run_is_preparing (self, NULL) && self->is_wanted;
}

/**
 * converge_run_is_active:
 * @self: a run
 *
 * Returns: whether it has a snapshot and has not ended
 */
gboolean
converge_run_is_active (ConvergeRun *self)
{
  return self->run != NULL && self->has_snapshot && self->snapshot.state < AG_TRAINER_DONE;
}

/**
 * converge_run_poll:
 * @self: a run
 *
 * Takes the newest snapshot, if there is a new one, and tells of it.
 *
 * Returns: whether there was one
 */
gboolean
converge_run_poll (ConvergeRun *self)
{
  if (self->run == NULL || !ag_trainer_take_snapshot (ag_run_trainer (self->run), &self->snapshot))
    return FALSE;
  self->has_snapshot = TRUE;
  self->is_refused = ag_trainer_refusal (ag_run_trainer (self->run)) != NULL;
  g_signal_emit (self, signals[SNAPSHOT], 0);
  return TRUE;
}

/**
 * converge_run_get:
 * @self: a run
 *
 * Returns: (transfer none) (nullable): what it does and has come to, %NULL before it is
 *   prepared
 */
AgRun *
converge_run_get (ConvergeRun *self)
{
  return self->run;
}

/**
 * converge_run_spec:
 * @self: a run
 *
 * Returns: (transfer none) (nullable): what it does, %NULL before it is prepared
 */
const AgRunSpec *
converge_run_spec (ConvergeRun *self)
{
  if (self->kept != NULL)
    return &self->kept->spec;
  return self->run != NULL ? ag_run_spec (self->run) : NULL;
}

/**
 * converge_run_snapshot:
 * @self: a run
 *
 * Returns: (transfer none) (nullable): the newest snapshot
 */
const AgSnapshot *
converge_run_snapshot (ConvergeRun *self)
{
  return self->has_snapshot ? &self->snapshot : NULL;
}

/**
 * converge_run_data:
 * @self: a run
 *
 * Returns: (transfer none) (nullable): the points that it fits
 */
const AgData *
converge_run_data (ConvergeRun *self)
{
  if (self->kept == NULL)
    return self->run != NULL ? ag_run_data (self->run) : NULL;
  if (self->kept->data != NULL)
    return self->kept->data;
  if (self->kept_data == NULL && !ag_run_spec_has_file (&self->kept->spec))
    self->kept_data = ag_run_spec_data (&self->kept->spec, NULL);
  return self->kept_data;
}

/**
 * converge_run_history:
 * @self: a run
 *
 * Returns: (transfer none) (nullable): its losses
 */
AgHistory *
converge_run_history (ConvergeRun *self)
{
  if (self->kept != NULL)
    return self->kept->history;
  return self->run != NULL ? ag_run_history (self->run) : NULL;
}

/**
 * converge_run_trace:
 * @self: a run
 *
 * Returns: (transfer none) (nullable): how its coefficients went
 */
const AgTrace *
converge_run_trace (ConvergeRun *self)
{
  if (self->kept != NULL)
    return self->kept->trace;
  return self->run != NULL ? ag_run_trace (self->run) : NULL;
}

/**
 * converge_run_clock:
 * @self: a run
 *
 * Returns: (transfer none) (nullable): when its steps were taken
 */
const AgClock *
converge_run_clock (ConvergeRun *self)
{
  if (self->kept != NULL)
    return self->kept->clock;
  return self->run != NULL ? ag_run_clock (self->run) : NULL;
}

/**
 * converge_run_moments:
 * @self: a run
 *
 * Returns: (transfer none) (nullable): its moments
 */
AgMoments *
converge_run_moments (ConvergeRun *self)
{
  return self->run != NULL ? ag_run_moments (self->run) : NULL;
}

/**
 * converge_run_rates:
 * @self: a run
 *
 * Returns: (transfer none) (nullable): the changes of its learning rate
 */
const AgRates *
converge_run_rates (ConvergeRun *self)
{
  if (self->kept != NULL)
    return self->kept->rates;
  return self->run != NULL ? ag_run_rates (self->run) : NULL;
}

/**
 * converge_run_initial:
 * @self: a run that has a snapshot
 *
 * Returns: (transfer none) (nullable): the coefficients it began with
 */
const double *
converge_run_initial (ConvergeRun *self)
{
  if (self->kept != NULL)
    return self->kept->initial;
  return self->has_snapshot ? ag_trainer_initial (ag_run_trainer (self->run)) : NULL;
}

/**
 * converge_run_error:
 * @self: a run
 *
 * Returns: (transfer none) (nullable): why it failed
 */
const GError *
converge_run_error (ConvergeRun *self)
{
  return self->run != NULL ? ag_trainer_error (ag_run_trainer (self->run)) : NULL;
}

/**
 * converge_run_take_refusal:
 * @self: a run
 *
 * Returns: (transfer none) (nullable): why a run that was read from a file could not go on, once
 *   for each time that it was tried
 */
const GError *
converge_run_take_refusal (ConvergeRun *self)
{
  if (!self->is_refused)
    return NULL;
  self->is_refused = FALSE;
  return ag_trainer_refusal (ag_run_trainer (self->run));
}

/**
 * converge_run_steps_to_near:
 * @self: a run
 * @least: the least loss there is
 *
 * Returns: after how many steps its loss was at most 1 % above @least, for the first time, as
 *   #AgSweepResult has it; −1 if it never was
 */
gint64
converge_run_steps_to_near (ConvergeRun *self,
                            double least)
{
  const AgHistory *history = converge_run_history (self);
  const gint64 step = history != NULL ? ag_history_find_below (history, AG_OPTIMUM_NEAR * least) : -1;

  /* The loss after the last update is in no history. */
  if (step < 0 && self->has_snapshot && self->snapshot.final_loss <= AG_OPTIMUM_NEAR * least)
    return self->snapshot.step;
  return step;
}

/**
 * converge_run_get_id:
 * @self: a run
 *
 * Returns: what tells it from every other run that there ever was in this process
 */
guint64
converge_run_get_id (ConvergeRun *self)
{
  return self->id;
}

/**
 * converge_run_get_name:
 * @self: a run
 *
 * Returns: (transfer none): what people call it
 */
const char *
converge_run_get_name (ConvergeRun *self)
{
  return self->name;
}

/**
 * converge_run_set_name:
 * @self: a run
 * @name: what to call it; without a letter in it nothing changes
 */
void
converge_run_set_name (ConvergeRun *self,
                       const char *name)
{
  g_autofree char *stripped = g_strstrip (g_strdup (name));

  if (*stripped == '\0' || strcmp (stripped, self->name) == 0)
    return;
  g_free (self->name);
  self->name = g_steal_pointer (&stripped);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_NAME]);
}

/**
 * converge_run_get_color:
 * @self: a run
 *
 * Returns: index of the colour that it has in every plot, or %CONVERGE_RUN_NO_COLOR where
 *   it has got none so far
 */
guint
converge_run_get_color (ConvergeRun *self)
{
  return self->color;
}

/**
 * converge_run_set_color:
 * @self: a run
 * @color: index of a colour
 */
void
converge_run_set_color (ConvergeRun *self,
                        guint color)
{
  if (color == self->color)
    return;
  self->color = color;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_COLOR]);
}

/**
 * converge_run_get_shown:
 * @self: a run
 *
 * Returns: whether plots draw it while another one is selected
 */
gboolean
converge_run_get_shown (ConvergeRun *self)
{
  return self->is_shown;
}

/**
 * converge_run_set_shown:
 * @self: a run
 * @is_shown: whether plots are to draw it while another one is selected
 */
void
converge_run_set_shown (ConvergeRun *self,
                        gboolean is_shown)
{
  if (is_shown == self->is_shown)
    return;
  self->is_shown = is_shown;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SHOWN]);
}

/**
 * converge_run_get_pinned:
 * @self: a run
 *
 * Returns: whether it stands above those that are not
 */
gboolean
converge_run_get_pinned (ConvergeRun *self)
{
  return self->is_pinned;
}

/**
 * converge_run_set_pinned:
 * @self: a run
 * @is_pinned: whether it is to stand above those that are not
 */
void
converge_run_set_pinned (ConvergeRun *self,
                         gboolean is_pinned)
{
  if (is_pinned == self->is_pinned)
    return;
  self->is_pinned = is_pinned;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PINNED]);
}
