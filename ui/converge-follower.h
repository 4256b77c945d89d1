/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "converge-finder.h"
#include "converge-runs.h"

G_BEGIN_DECLS

/**
 * ConvergeFollowerKind:
 * @make: makes what finds something about the steps of a run; on the thread
 * @find: finds it about a step that led to a moment, and the detail of it that is wanted;
 *   on the thread, with what @make made
 * @free_maker: frees what @make made
 * @free_found: frees what @find found
 *
 * How something is found about steps, and how it is freed.
 */
typedef struct
{
  gpointer (*make) (const AgRunSpec *spec,
                    AgData *data,
                    AgMoments *moments,
                    AgWork *work);
  gpointer (*find) (gpointer maker,
                    gint64 step,
                    gint64 detail,
                    AgWork *work);
  GDestroyNotify free_maker;
  GDestroyNotify free_found;
} ConvergeFollowerKind;

#define CONVERGE_TYPE_FOLLOWER (converge_follower_get_type ())
G_DECLARE_FINAL_TYPE (ConvergeFollower, converge_follower, CONVERGE, FOLLOWER, ConvergeFinder)

ConvergeFollower *converge_follower_new (const ConvergeFollowerKind *kind);
gboolean converge_follower_follow (ConvergeFollower *self,
                                   ConvergeRuns *runs);
void converge_follower_set_detail (ConvergeFollower *self,
                                   gint64 detail);
gconstpointer converge_follower_get_found (ConvergeFollower *self);

G_END_DECLS
