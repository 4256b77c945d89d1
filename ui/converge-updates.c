/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "converge-updates.h"

#include "converge-errand.h"

/* Seconds for which steps are looked at before what was found is shown, and for which a file
 * waits for them. */
#define PORTION 0.05
#define PATIENCE 0.25

/**
 * Request:
 * @errand: what it is the beginning of
 * @moments: the moments of a run
 * @n_steps: how many steps the run has taken
 * @goes_on: whether it takes more
 * @known: (nullable): what is known of them
 * @updates: (nullable): the result
 *
 * The thread is asked this.
 */
typedef struct
{
  ConvergeErrand errand;
  AgMoments *moments;
  gint64 n_steps;
  gboolean goes_on;
  AgUpdates *known;
  AgUpdates *updates;
} Request;

/**
 * ConvergeUpdates:
 * @runner: a thread
 * @moments: (nullable): of the run that was asked for last
 * @updates: (nullable): what is known of that
 * @request: (nullable): the thread is at this
 *
 * Finds gradients and changes of steps all over a run, while a plot of them is seen, a portion
 * at a time. The window does not wait for that.
 */
struct _ConvergeUpdates
{
  GObject parent_instance;

  GThreadPool *runner;
  AgMoments *moments;
  AgUpdates *updates;
  Request *request;
};

enum
{
  FOUND,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ConvergeUpdates, converge_updates, G_TYPE_OBJECT)

/* The memory that taking steps again needs is given back when there is nothing more to do. */
static void
run (ConvergeErrand *errand)
{
  Request *request = (Request *) errand;

  request->updates = ag_updates_new (request->moments, request->n_steps, request->known, PORTION,
                                     &errand->work, NULL);
  if (request->updates == NULL
      || (!request->goes_on && ag_updates_is_whole (request->updates, request->n_steps)))
    ag_moments_rest (request->moments);
}

static void
end (ConvergeErrand *errand,
     gpointer owner)
{
  ConvergeUpdates *self = owner;
  Request *request = (Request *) errand;

  if (request != self->request)
    return;
  self->request = NULL;
  if (request->updates == NULL)
    return;
  g_clear_pointer (&self->updates, ag_updates_unref);
  self->updates = g_steal_pointer (&request->updates);
  g_signal_emit (self, signals[FOUND], 0);
}

static void
clear (ConvergeErrand *errand)
{
  Request *request = (Request *) errand;

  ag_moments_unref (request->moments);
  g_clear_pointer (&request->known, ag_updates_unref);
  g_clear_pointer (&request->updates, ag_updates_unref);
}

static const ConvergeErrandKind request_kind = {
  .size = sizeof (Request),
  .run = run,
  .end = end,
  .clear = clear,
};

static void
forget (ConvergeUpdates *self)
{
  g_clear_pointer (&self->request, converge_errand_cancel);
  g_clear_pointer (&self->moments, ag_moments_unref);
  g_clear_pointer (&self->updates, ag_updates_unref);
}

static void
converge_updates_dispose (GObject *object)
{
  forget (CONVERGE_UPDATES (object));
  G_OBJECT_CLASS (converge_updates_parent_class)->dispose (object);
}

static void
converge_updates_finalize (GObject *object)
{
  g_thread_pool_free (CONVERGE_UPDATES (object)->runner, FALSE, FALSE);
  G_OBJECT_CLASS (converge_updates_parent_class)->finalize (object);
}

static void
converge_updates_class_init (ConvergeUpdatesClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = converge_updates_dispose;
  object_class->finalize = converge_updates_finalize;

  /**
   * ConvergeUpdates::found:
   * @self: what finds them
   *
   * More is known of the run that was asked for last.
   */
  signals[FOUND] = g_signal_new ("found", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                 NULL, NULL, G_TYPE_NONE, 0);
}

static void
converge_updates_init (ConvergeUpdates *self)
{
  self->runner = converge_errand_runner_new ();
}

/**
 * converge_updates_new:
 *
 * Returns: (transfer full): what finds gradients and changes
 */
ConvergeUpdates *
converge_updates_new (void)
{
  return g_object_new (CONVERGE_TYPE_UPDATES, NULL);
}

/**
 * converge_updates_get:
 * @self: what finds them
 * @moments: the moments of a run
 *
 * Returns: (transfer none) (nullable): what is known of that run, as long as nothing else is
 *   found
 */
const AgUpdates *
converge_updates_get (ConvergeUpdates *self,
                      AgMoments *moments)
{
  return moments == self->moments ? self->updates : NULL;
}

/**
 * converge_updates_find:
 * @self: what finds them
 * @moments: the moments of a run
 * @n_steps: how many steps it has taken
 * @goes_on: whether it takes more
 *
 * Asks for the gradients and changes of a run. “found” tells when more of them are known.
 *
 * Returns: (transfer none) (nullable): what is known of them now
 */
const AgUpdates *
converge_updates_find (ConvergeUpdates *self,
                       AgMoments *moments,
                       gint64 n_steps,
                       gboolean goes_on)
{
  if (moments != self->moments)
    {
      forget (self);
      self->moments = ag_moments_ref (moments);
    }
  if (self->request != NULL || n_steps == 0
      || (self->updates != NULL && ag_updates_is_whole (self->updates, n_steps)))
    return self->updates;
  self->request = converge_errand_new (&request_kind, self);
  self->request->moments = ag_moments_ref (moments);
  self->request->n_steps = n_steps;
  self->request->goes_on = goes_on;
  self->request->known = self->updates != NULL ? ag_updates_ref (self->updates) : NULL;
  converge_errand_send (self->request, self->runner);
  return self->updates;
}

/**
 * converge_updates_wait:
 * @self: what finds them
 * @moments: the moments of a run
 * @n_steps: how many steps it has taken
 *
 * Finds the gradients and changes of a run at once, or as many as a short while is enough for.
 *
 * Returns: (transfer none) (nullable): what is known of them
 */
const AgUpdates *
converge_updates_wait (ConvergeUpdates *self,
                       AgMoments *moments,
                       gint64 n_steps)
{
  AgUpdates *updates;

  converge_updates_find (self, moments, n_steps, FALSE);
  if (n_steps == 0
      || (self->updates != NULL && ag_updates_is_whole (self->updates, n_steps)))
    return self->updates;
  updates = ag_updates_new (moments, n_steps, self->updates, PATIENCE, NULL, NULL);
  if (updates == NULL)
    return self->updates;
  g_clear_pointer (&self->updates, ag_updates_unref);
  self->updates = updates;
  return self->updates;
}
