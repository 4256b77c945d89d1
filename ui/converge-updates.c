/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "converge-updates.h"

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
 * @moments: (nullable): of the run that was asked for last
 * @updates: (nullable): what is known of that
 *
 * Finds gradients and changes of steps all over a run, while a plot of them is seen, a portion
 * at a time.
 */
struct _ConvergeUpdates
{
  ConvergeFinder parent_instance;

  AgMoments *moments;
  AgUpdates *updates;
};

G_DEFINE_FINAL_TYPE (ConvergeUpdates, converge_updates, CONVERGE_TYPE_FINDER)

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

static gboolean
take (ConvergeFinder *finder,
      ConvergeErrand *errand)
{
  ConvergeUpdates *self = CONVERGE_UPDATES (finder);
  Request *request = (Request *) errand;

  if (request->updates == NULL)
    return FALSE;
  g_clear_pointer (&self->updates, ag_updates_unref);
  self->updates = g_steal_pointer (&request->updates);
  return TRUE;
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
  .end = converge_finder_end,
  .clear = clear,
};

static void
forget (ConvergeFinder *finder)
{
  ConvergeUpdates *self = CONVERGE_UPDATES (finder);

  g_clear_pointer (&self->moments, ag_moments_unref);
  g_clear_pointer (&self->updates, ag_updates_unref);
}

static void
converge_updates_class_init (ConvergeUpdatesClass *klass)
{
  ConvergeFinderClass *finder_class = CONVERGE_FINDER_CLASS (klass);

  finder_class->take = take;
  finder_class->forget = forget;
}

static void
converge_updates_init (ConvergeUpdates *self)
{
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
  ConvergeFinder *finder = CONVERGE_FINDER (self);
  Request *request;

  if (moments != self->moments)
    {
      converge_finder_forget (finder);
      self->moments = ag_moments_ref (moments);
    }
  if (converge_finder_is_busy (finder) || n_steps == 0
      || (self->updates != NULL && ag_updates_is_whole (self->updates, n_steps)))
    return self->updates;
  request = converge_errand_new (&request_kind, self);
  request->moments = ag_moments_ref (moments);
  request->n_steps = n_steps;
  request->goes_on = goes_on;
  request->known = self->updates != NULL ? ag_updates_ref (self->updates) : NULL;
  converge_finder_ask (finder, request);
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
