/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "graph/reel.h"

G_BEGIN_DECLS

/**
 * AgBatch:
 *
 * Plays as many reels at once as a processor's vectors have lanes: their values lie side by side,
 * and what is computed of one is computed of all by the same instructions.
 */
typedef struct _AgBatch AgBatch;

AgBatch *ag_batch_new (AgReel *reel);
void ag_batch_free (AgBatch *batch);
guint ag_batch_size (const AgBatch *batch);
gboolean ag_batch_suits (const AgBatch *batch,
                         const AgReel *reel);
void ag_batch_join (AgBatch *batch,
                    AgReel *const *reels,
                    guint n_reels);
void ag_batch_leave (const AgBatch *batch,
                     AgReel *const *reels,
                     guint n_reels);
gint64 ag_batch_play (AgBatch *batch,
                      AgReel *const *reels,
                      guint n_reels,
                      gint64 n_steps,
                      AgReelNext next,
                      gpointer data,
                      double *results);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AgBatch, ag_batch_free)

G_END_DECLS
