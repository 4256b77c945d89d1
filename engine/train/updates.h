/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/ref-count.h"
#include "train/moments.h"

G_BEGIN_DECLS

/* The most steps that are looked at. */
#define AG_UPDATES_MAX 512

/**
 * AgUpdates:
 * @ref_count: how many hold it, on any thread
 * @n_parameters: number of parameters
 * @spacing: how many steps lie between two that are looked at
 * @n: how many steps are looked at: those of the numbers 0, @spacing, 2 @spacing …
 * @gradients: the gradients of the first of them, then of the second and so on
 * @updates: by how much each changed the parameters, in the same order
 *
 * The gradients of steps all over a run, and what they changed. It is never changed; any thread
 * may read it.
 */
typedef struct
{
  AgRefCount ref_count;
  guint n_parameters;
  gint64 spacing;
  guint n;
  double *gradients;
  double *updates;
} AgUpdates;

AgUpdates *ag_updates_new (AgMoments *moments,
                           gint64 n_steps,
                           const AgUpdates *known,
                           double seconds,
                           AgWork *work,
                           GError **error);
AgUpdates *ag_updates_ref (AgUpdates *updates);
void ag_updates_unref (AgUpdates *updates);
gboolean ag_updates_is_whole (const AgUpdates *updates,
                              gint64 n_steps);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AgUpdates, ag_updates_unref)

G_END_DECLS
