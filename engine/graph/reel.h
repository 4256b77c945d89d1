/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "graph/tape.h"

G_BEGIN_DECLS

/* Of so many steps that were played last a reel has what they assigned. */
#define AG_REEL_N_KEPT 3

/**
 * AgReel:
 *
 * Tapes of one graph that are played one after the other, in any order, many steps in one
 * call. What steps assign to the tensors is handed to them only at the end.
 */
typedef struct _AgReel AgReel;

/**
 * AgReelNext:
 * @data: what was given with it
 *
 * Makes the next step ready, so that the numbers it reads are there.
 *
 * Returns: the number of its tape, or −1 if that step is not on a tape
 */
typedef gint (*AgReelNext) (gpointer data);

AgReel *ag_reel_new (AgGraph *graph);
void ag_reel_free (AgReel *reel);
void ag_reel_set_tape (AgReel *reel,
                       guint index,
                       AgTape *tape);
gint64 ag_reel_play (AgReel *reel,
                     gint64 n_steps,
                     AgReelNext next,
                     gpointer data,
                     double *results,
                     GError **error);
void ag_reel_hand_out (AgReel *reel,
                       guint n_back);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AgReel, ag_reel_free)

G_END_DECLS
