/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "graph/tape.h"

G_BEGIN_DECLS

/* A reel has the values that this many of the last steps assigned. */
#define AG_REEL_N_KEPT 3

/* The most reels that are played at once: as many as there are lanes in the longest of vectors. */
#define AG_REEL_MAX_AT_ONCE 16

/**
 * AgReel:
 *
 * Tapes of one graph that are played one after the other, in any order, many steps in one
 * call. What steps assign to the tensors is handed to them only at the end, so that several reels
 * can be on their way at once from different values of the same tensors.
 */
typedef struct _AgReel AgReel;

/**
 * AgReelNext:
 * @data: what was given with it
 *
 * Makes the next step of all that are played ready, so that the numbers it reads are there.
 *
 * Returns: the number of its tape, or −1 if that step is not on a tape
 */
typedef gint (*AgReelNext) (gpointer data);

AgReel *ag_reel_new (AgGraph *graph);
void ag_reel_free (AgReel *reel);
void ag_reel_set_tape (AgReel *reel,
                       guint index,
                       AgTape *tape);
gboolean ag_reel_load (AgReel *reel,
                       gboolean *can_be_played,
                       GError **error);
gboolean ag_reel_set_apart (AgReel *reel,
                            gboolean *can_be_played,
                            GError **error);
gboolean ag_reel_is_like (const AgReel *reel,
                          const AgReel *other);
gint64 ag_reel_play (AgReel *const *reels,
                     guint n_reels,
                     gint64 n_steps,
                     AgReelNext next,
                     gpointer data,
                     double *results);
void ag_reel_hand_out (AgReel *reel,
                       guint n_back);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AgReel, ag_reel_free)

G_END_DECLS
