/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "train/updates.h"

#include <string.h>

/* The worker of a run notes nothing for this: each step that is looked at is taken again from
 * the moment before it. */

static AgUpdates *
updates_new (guint n_parameters,
             gint64 spacing)
{
  AgUpdates *updates = g_new0 (AgUpdates, 1);

  ag_ref_count_init (&updates->ref_count);
  updates->n_parameters = n_parameters;
  updates->spacing = spacing;
  updates->gradients = g_new (double, (gsize) AG_UPDATES_MAX *n_parameters);
  updates->updates = g_new (double, (gsize) AG_UPDATES_MAX *n_parameters);
  return updates;
}

/* The steps lie a power of two apart, so that those known of a shorter run are among them. */
static gint64
find_spacing (gint64 n_steps)
{
  gint64 spacing = 1;

  while ((n_steps - 1) / spacing >= AG_UPDATES_MAX)
    spacing *= 2;
  return spacing;
}

static void
copy_known (AgUpdates *updates,
            const AgUpdates *known)
{
  const gint64 stride = updates->spacing / known->spacing;
  const guint n = updates->n_parameters;

  if (stride == 0)
    return;
  for (gint64 i = 0; i < known->n; i += stride, updates->n++)
    {
      memcpy (updates->gradients + (gsize) updates->n * n, known->gradients + (gsize) i * n,
              n * sizeof (double));
      memcpy (updates->updates + (gsize) updates->n * n, known->updates + (gsize) i * n,
              n * sizeof (double));
    }
}

static gboolean
look_at_next (AgUpdates *updates,
              AgMoments *moments,
              AgWork *work,
              GError **error)
{
  const gint64 step = updates->n * updates->spacing;
  const guint n = updates->n_parameters;
  g_autoptr (AgMoment) before = ag_moments_at (moments, step, work, error);
  g_autoptr (AgMoment) after = NULL;

  if (before == NULL)
    return FALSE;
  after = ag_moments_at (moments, step + 1, work, error);
  if (after == NULL)
    return FALSE;
  for (guint i = 0; i < n; i++)
    {
      updates->gradients[(gsize) updates->n * n + i] = after->gradients[i];
      updates->updates[(gsize) updates->n * n + i] = after->coefficients[i] - before->coefficients[i];
    }
  updates->n++;
  return TRUE;
}

/**
 * ag_updates_new:
 * @moments: the moments of a run
 * @n_steps: how many steps it has taken, at least 1
 * @known: (nullable): what was found out of the same run when it had taken fewer
 * @seconds: for how long to look at steps
 * @work: (nullable): what cancels this, from another thread; it is cancelled with an
 *   %AG_ERROR_CANCELLED
 * @error: return location for a #GError
 *
 * Looks at steps all over a run, from the first on, as far as it comes in the time: each is
 * taken again, of a long run with those between it and the checkpoint before. The calling thread
 * must be in no graph, and not the run's own.
 *
 * Returns: (transfer full) (nullable): gradients and updates, or %NULL with @error set
 */
AgUpdates *
ag_updates_new (AgMoments *moments,
                gint64 n_steps,
                const AgUpdates *known,
                double seconds,
                AgWork *work,
                GError **error)
{
  const gint64 end_us = g_get_monotonic_time () + (gint64) (seconds * G_USEC_PER_SEC);
  g_autoptr (AgUpdates) updates = NULL;

  g_return_val_if_fail (n_steps >= 1, NULL);

  updates = updates_new (ag_moments_n_parameters (moments), find_spacing (n_steps));
  if (known != NULL)
    copy_known (updates, known);
  while (!ag_updates_is_whole (updates, n_steps) && g_get_monotonic_time () < end_us)
    if (!look_at_next (updates, moments, work, error))
      return NULL;
  return g_steal_pointer (&updates);
}

/**
 * ag_updates_ref:
 * @updates: gradients and updates
 *
 * Returns: (transfer full): the same, held once more
 */
AgUpdates *
ag_updates_ref (AgUpdates *updates)
{
  ag_ref_count_inc (&updates->ref_count);
  return updates;
}

/**
 * ag_updates_unref:
 * @updates: (transfer full): gradients and updates
 */
void
ag_updates_unref (AgUpdates *updates)
{
  if (!ag_ref_count_dec (&updates->ref_count))
    return;
  g_free (updates->gradients);
  g_free (updates->updates);
  g_free (updates);
}

/**
 * ag_updates_is_whole:
 * @updates: gradients and updates
 * @n_steps: how many steps the run has taken
 *
 * Returns: whether all steps were looked at that are looked at in a run of so many
 */
gboolean
ag_updates_is_whole (const AgUpdates *updates,
                     gint64 n_steps)
{
  return updates->spacing == find_spacing (n_steps)
         && (updates->n >= AG_UPDATES_MAX || updates->n * updates->spacing >= n_steps);
}
