/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "converge-session.h"

/**
 * Link:
 * @ref_count: the trainer's thread and every call on its way hold one
 * @session: whom to tell; may be gone by then
 *
 * What the trainer's thread knows of the session.
 */
typedef struct
{
  gatomicrefcount ref_count;
  GWeakRef session;
} Link;

struct _ConvergeSession
{
  GObject parent_instance;

  AgRun *run;
  Link *link;
  AgSnapshot snapshot;
  gboolean has_snapshot;
  gboolean is_wanted;
  double lr;
};

enum
{
  SNAPSHOT,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ConvergeSession, converge_session, G_TYPE_OBJECT)

static Link *
link_new (ConvergeSession *self)
{
  Link *link = g_new0 (Link, 1);

  g_atomic_ref_count_init (&link->ref_count);
  g_weak_ref_init (&link->session, self);
  return link;
}

static void
link_unref (gpointer data)
{
  Link *link = data;

  if (!g_atomic_ref_count_dec (&link->ref_count))
    return;
  g_weak_ref_clear (&link->session);
  g_free (link);
}

typedef struct
{
  AgRun *run;
  Link *link;
} Leaving;

static gpointer
say_farewell (gpointer data)
{
  Leaving *leaving = data;

  ag_trainer_set_notify (ag_run_trainer (leaving->run), NULL, NULL);
  ag_run_unref (leaving->run);
  link_unref (leaving->link);
  g_free (leaving);
  return NULL;
}

/* A run ends when the step it is in has ended, which may take a while: elsewhere, so
 * that the window never waits. It does where no thread can be had. */
static void
let_go (ConvergeSession *self)
{
  Leaving *leaving;
  GThread *thread;

  self->has_snapshot = FALSE;
  if (self->run == NULL)
    return;
  ag_trainer_stop (ag_run_trainer (self->run));
  leaving = g_new (Leaving, 1);
  leaving->run = g_steal_pointer (&self->run);
  leaving->link = g_steal_pointer (&self->link);
  thread = g_thread_try_new ("farewell", say_farewell, leaving, NULL);
  if (thread != NULL)
    g_thread_unref (thread);
  else
    say_farewell (leaving);
}

static void
converge_session_dispose (GObject *object)
{
  let_go (CONVERGE_SESSION (object));
  G_OBJECT_CLASS (converge_session_parent_class)->dispose (object);
}

static void
converge_session_class_init (ConvergeSessionClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = converge_session_dispose;

  /**
   * ConvergeSession::snapshot:
   * @self: the session
   *
   * There is a new snapshot, or none any more.
   */
  signals[SNAPSHOT] = g_signal_new ("snapshot", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                    NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
converge_session_init (ConvergeSession *self)
{
}

/**
 * converge_session_new:
 *
 * Returns: (transfer full): a session without a run
 */
ConvergeSession *
converge_session_new (void)
{
  return g_object_new (CONVERGE_TYPE_SESSION, NULL);
}

static gboolean
poll_in_main_loop (gpointer data)
{
  Link *link = data;
  g_autoptr (ConvergeSession) self = g_weak_ref_get (&link->session);

  if (self != NULL)
    converge_session_poll (self);
  return G_SOURCE_REMOVE;
}

/* On the trainer's thread. */
static void
state_changed (AgTrainer *trainer,
               gpointer user_data)
{
  Link *link = user_data;

  g_atomic_ref_count_inc (&link->ref_count);
  g_idle_add_full (G_PRIORITY_DEFAULT, poll_in_main_loop, link, link_unref);
}

/**
 * converge_session_prepare:
 * @self: the session
 * @spec: what to do
 * @error: return location for a #GError
 *
 * Gives up the run there was and prepares another; its first snapshot comes
 * soon.
 *
 * Returns: whether @spec can be made
 */
gboolean
converge_session_prepare (ConvergeSession *self,
                          const AgRunSpec *spec,
                          GError **error)
{
  AgRun *run = ag_run_new (spec, error);

  if (run == NULL)
    return FALSE;
  let_go (self);
  self->run = run;
  self->lr = spec->lr;
  self->is_wanted = FALSE;
  self->link = link_new (self);
  ag_trainer_set_notify (ag_run_trainer (run), state_changed, self->link);
  /* It may have got ready before it could tell. */
  converge_session_poll (self);
  return TRUE;
}

/**
 * converge_session_start:
 * @self: a session that has a run
 *
 * Lets it take steps, for the first time or again.
 */
void
converge_session_start (ConvergeSession *self)
{
  if (self->run == NULL)
    return;
  self->is_wanted = TRUE;
  ag_trainer_start (ag_run_trainer (self->run));
}

/**
 * converge_session_pause:
 * @self: the session
 */
void
converge_session_pause (ConvergeSession *self)
{
  if (self->run == NULL)
    return;
  self->is_wanted = FALSE;
  ag_trainer_pause (ag_run_trainer (self->run));
}

/**
 * converge_session_step:
 * @self: a session that does not run
 *
 * Takes one step.
 */
void
converge_session_step (ConvergeSession *self)
{
  if (self->run != NULL)
    ag_trainer_step (ag_run_trainer (self->run));
}

/**
 * converge_session_stop:
 * @self: the session
 *
 * Ends the run; what it has come to stays, and it can be started again.
 */
void
converge_session_stop (ConvergeSession *self)
{
  if (self->run != NULL)
    ag_trainer_stop (ag_run_trainer (self->run));
}

/**
 * converge_session_reset:
 * @self: the session
 *
 * Gives up the run and forgets what it has come to.
 */
void
converge_session_reset (ConvergeSession *self)
{
  let_go (self);
  g_signal_emit (self, signals[SNAPSHOT], 0);
}

/**
 * converge_session_extend:
 * @self: a session that has a run
 * @n_steps: how many steps it is to have; fewer than it has change nothing
 * @error: return location for a #GError
 *
 * Gives the run more steps. One that was done is paused then.
 *
 * Returns: whether there is memory for them
 */
gboolean
converge_session_extend (ConvergeSession *self,
                         gint64 n_steps,
                         GError **error)
{
  return ag_trainer_extend (ag_run_trainer (self->run), n_steps, error);
}

/**
 * converge_session_set_lr:
 * @self: the session
 * @lr: the rate from the next step on
 */
void
converge_session_set_lr (ConvergeSession *self,
                         double lr)
{
  if (self->run == NULL)
    return;
  self->lr = lr;
  ag_trainer_set_lr (ag_run_trainer (self->run), lr);
}

/**
 * converge_session_lr:
 * @self: a session that has a run
 *
 * Returns: the rate that its next step takes
 */
double
converge_session_lr (ConvergeSession *self)
{
  return self->lr;
}

/**
 * converge_session_set_pace:
 * @self: the session
 * @steps_per_second: at most so many; 0 for no limit
 */
void
converge_session_set_pace (ConvergeSession *self,
                           double steps_per_second)
{
  if (self->run != NULL)
    ag_trainer_set_pace (ag_run_trainer (self->run), steps_per_second);
}

/**
 * converge_session_is_preparing:
 * @self: the session
 * @share: (out) (optional): how much of the data is prepared, from 0 to 1
 *
 * Returns: whether it has a run of which there is no snapshot yet, since its data are
 *   being prepared
 */
gboolean
converge_session_is_preparing (ConvergeSession *self,
                               double *share)
{
  if (self->run == NULL || self->has_snapshot)
    return FALSE;
  if (share != NULL)
    *share = ag_trainer_prepared (ag_run_trainer (self->run));
  return TRUE;
}

/**
 * converge_session_will_run:
 * @self: the session
 *
 * Returns: whether its data are being prepared, and it then takes steps unless it is
 *   paused
 */
gboolean
converge_session_will_run (ConvergeSession *self)
{
  return converge_session_is_preparing (self, NULL) && self->is_wanted;
}

/**
 * converge_session_is_active:
 * @self: the session
 *
 * Returns: whether it has a run that has not ended
 */
gboolean
converge_session_is_active (ConvergeSession *self)
{
  return self->run != NULL && self->has_snapshot && self->snapshot.state < AG_TRAINER_DONE;
}

/**
 * converge_session_poll:
 * @self: the session
 *
 * Takes the newest snapshot, if there is a new one, and tells of it.
 *
 * Returns: whether there was one
 */
gboolean
converge_session_poll (ConvergeSession *self)
{
  if (self->run == NULL || !ag_trainer_take_snapshot (ag_run_trainer (self->run), &self->snapshot))
    return FALSE;
  self->has_snapshot = TRUE;
  g_signal_emit (self, signals[SNAPSHOT], 0);
  return TRUE;
}

/**
 * converge_session_run:
 * @self: the session
 *
 * Returns: (transfer none) (nullable): its run
 */
const AgRunSpec *
converge_session_run (ConvergeSession *self)
{
  return self->run != NULL ? ag_run_spec (self->run) : NULL;
}

/**
 * converge_session_snapshot:
 * @self: the session
 *
 * Returns: (transfer none) (nullable): the newest snapshot
 */
const AgSnapshot *
converge_session_snapshot (ConvergeSession *self)
{
  return self->has_snapshot ? &self->snapshot : NULL;
}

/**
 * converge_session_history:
 * @self: the session
 *
 * Returns: (transfer none) (nullable): the losses of its run
 */
AgHistory *
converge_session_history (ConvergeSession *self)
{
  return self->run != NULL ? ag_run_history (self->run) : NULL;
}

/**
 * converge_session_trace:
 * @self: the session
 *
 * Returns: (transfer none) (nullable): how the coefficients of its run went
 */
const AgTrace *
converge_session_trace (ConvergeSession *self)
{
  return self->run != NULL ? ag_run_trace (self->run) : NULL;
}

/**
 * converge_session_moments:
 * @self: the session
 *
 * Returns: (transfer none) (nullable): the moments of its run
 */
AgMoments *
converge_session_moments (ConvergeSession *self)
{
  return self->run != NULL ? ag_run_moments (self->run) : NULL;
}

/**
 * converge_session_rates:
 * @self: the session
 *
 * Returns: (transfer none) (nullable): the changes of its run's learning rate
 */
const AgRates *
converge_session_rates (ConvergeSession *self)
{
  return self->run != NULL ? ag_run_rates (self->run) : NULL;
}

/**
 * converge_session_initial:
 * @self: a session that has a snapshot
 *
 * Returns: (transfer none) (nullable): the coefficients its run began with
 */
const double *
converge_session_initial (ConvergeSession *self)
{
  return self->has_snapshot ? ag_trainer_initial (ag_run_trainer (self->run)) : NULL;
}

/**
 * converge_session_error:
 * @self: the session
 *
 * Returns: (transfer none) (nullable): why its run failed
 */
const GError *
converge_session_error (ConvergeSession *self)
{
  return self->run != NULL ? ag_trainer_error (ag_run_trainer (self->run)) : NULL;
}
