/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "converge-run.h"

#include "converge-run-link.h"

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
 *
 * A run of the window, a row of #ConvergeRuns. It has an #AgRun from
 * converge_run_prepare() on.
 */
struct _ConvergeRun
{
  ConvergeRunLook parent_instance;

  AgRun *run;
  AgKeptRun *kept;
  AgData *kept_data;
  ConvergeRunLink *link;
  AgSnapshot snapshot;
  gboolean has_snapshot;
  gboolean is_refused;
  gboolean is_wanted;
  double lr;
};

enum
{
  SNAPSHOT,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ConvergeRun, converge_run, CONVERGE_TYPE_RUN_LOOK)

static void
let_go (ConvergeRun *self)
{
  self->has_snapshot = FALSE;
  if (self->run != NULL)
    converge_run_link_leave (g_steal_pointer (&self->link), g_steal_pointer (&self->run));
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
converge_run_class_init (ConvergeRunClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = converge_run_dispose;

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

static void
state_changed (gpointer self)
{
  converge_run_poll (self);
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
  self->link = converge_run_link_new (run, G_OBJECT (self), state_changed);
  /* It may have got ready before it could tell. */
  converge_run_poll (self);
  return TRUE;
}

/**
 * converge_run_new_kept:
 * @kept: a run that was read from a file; held
 * @made: (nullable): what ag_run_new_kept() made of it; held
 *
 * Returns: (transfer full): a run that is over, and can go on; where its data are not there any
 *   more it can only be looked at
 */
ConvergeRun *
converge_run_new_kept (AgKeptRun *kept,
                       AgRun *made)
{
  const double rate = ag_rates_at (kept->rates, kept->spec.lr, kept->snapshot->step);
  ConvergeRun *self = converge_run_new ();

  if (!take_on (self, made != NULL ? ag_run_ref (made) : NULL, rate))
    {
      self->kept = ag_kept_run_ref (kept);
      self->snapshot = *kept->snapshot;
      self->has_snapshot = TRUE;
      self->lr = rate;
    }
  converge_run_set_color (self, kept->color);
  converge_run_set_shown (self, kept->is_shown);
  converge_run_set_pinned (self, kept->is_pinned);
  converge_run_set_name (self, kept->name);
  return self;
}

/**
 * converge_run_new_made:
 * @run: (transfer full): a run
 * @lr: the rate that its next step takes
 *
 * Returns: (transfer full): a run of the window that is this one
 */
ConvergeRun *
converge_run_new_made (AgRun *run,
                       double lr)
{
  ConvergeRun *self = converge_run_new ();

  take_on (self, run, lr);
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
 * Returns: whether it has a snapshot and has not ended, or was told to go on after that
 */
gboolean
converge_run_is_active (ConvergeRun *self)
{
  return self->run != NULL && self->has_snapshot
         && (self->snapshot.state < AG_TRAINER_DONE
             || ag_trainer_state (ag_run_trainer (self->run)) < AG_TRAINER_DONE);
}

/**
 * converge_run_is_under_way:
 * @self: a run
 *
 * Returns: whether it takes steps, or will when its data are prepared or it is no longer paused
 */
gboolean
converge_run_is_under_way (ConvergeRun *self)
{
  return converge_run_is_active (self) || converge_run_is_preparing (self, NULL);
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
 * converge_run_get_kept:
 * @self: a run
 *
 * Returns: (transfer none) (nullable): of one that was read from a file and can only be looked
 *   at, what there is of it
 */
const AgKeptRun *
converge_run_get_kept (ConvergeRun *self)
{
  return self->kept;
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
