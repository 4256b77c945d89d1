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
 * @known: (element-type AgMoments AgUpdates): what is known of the runs that were asked for
 *
 * Finds gradients and changes of steps all over runs, while a plot of them is seen, a portion
 * at a time.
 */
struct _ConvergeUpdates
{
  ConvergeFinder parent_instance;

  GHashTable *known;
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
  g_hash_table_replace (self->known, ag_moments_ref (request->moments),
                        g_steal_pointer (&request->updates));
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
  g_hash_table_remove_all (CONVERGE_UPDATES (finder)->known);
}

static void
converge_updates_finalize (GObject *object)
{
  g_hash_table_unref (CONVERGE_UPDATES (object)->known);
  G_OBJECT_CLASS (converge_updates_parent_class)->finalize (object);
}

static void
converge_updates_class_init (ConvergeUpdatesClass *klass)
{
  ConvergeFinderClass *finder_class = CONVERGE_FINDER_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = converge_updates_finalize;
  finder_class->take = take;
  finder_class->forget = forget;
}

static void
converge_updates_init (ConvergeUpdates *self)
{
  self->known = g_hash_table_new_full (NULL, NULL, (GDestroyNotify) ag_moments_unref,
                                       (GDestroyNotify) ag_updates_unref);
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
 *   found of it
 */
const AgUpdates *
converge_updates_get (ConvergeUpdates *self,
                      AgMoments *moments)
{
  return g_hash_table_lookup (self->known, moments);
}

/**
 * converge_updates_keep:
 * @self: what finds them
 * @is_wanted: says of the moments of a run whether there is such a run
 * @user_data: for @is_wanted
 *
 * Forgets what is known of runs that are gone.
 */
void
converge_updates_keep (ConvergeUpdates *self,
                       gboolean (*is_wanted) (AgMoments *moments,
                                              gpointer user_data),
                       gpointer user_data)
{
  GHashTableIter iter;
  gpointer moments;

  g_hash_table_iter_init (&iter, self->known);
  while (g_hash_table_iter_next (&iter, &moments, NULL))
    if (!is_wanted (moments, user_data))
      g_hash_table_iter_remove (&iter);
}

/**
 * converge_updates_find:
 * @self: what finds them
 * @moments: (nullable): the moments of a run; %NULL if its data are gone
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
  AgUpdates *known = g_hash_table_lookup (self->known, moments);
  Request *request;

  if (moments == NULL || converge_finder_is_busy (finder) || n_steps == 0
      || (known != NULL && ag_updates_is_whole (known, n_steps)))
    return known;
  request = converge_errand_new (&request_kind, self);
  request->moments = ag_moments_ref (moments);
  request->n_steps = n_steps;
  request->goes_on = goes_on;
  request->known = known != NULL ? ag_updates_ref (known) : NULL;
  converge_finder_ask (finder, request);
  return known;
}

/**
 * converge_updates_wait:
 * @self: what finds them
 * @moments: (nullable): the moments of a run; %NULL if its data are gone
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
  AgUpdates *known = g_hash_table_lookup (self->known, moments);
  AgUpdates *updates;

  if (moments == NULL || n_steps == 0 || (known != NULL && ag_updates_is_whole (known, n_steps)))
    return known;
  updates = ag_updates_new (moments, n_steps, known, PATIENCE, NULL, NULL);
  if (updates == NULL)
    return known;
  g_hash_table_replace (self->known, ag_moments_ref (moments), updates);
  return updates;
}
