/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "graph/reel.h"
#include "graph/tape-private.h"

G_BEGIN_DECLS

/**
 * AgReelPlace:
 * @tensor: a tensor that steps assign to; held
 * @n_bytes: size of its value
 * @turns: (nullable): its values in the last steps
 * @layout: how it lies there
 */
typedef struct
{
  AgTensor *tensor;
  gsize n_bytes;
  AgStorage *turns[AG_REEL_N_KEPT];
  const AgLayout *layout;
} AgReelPlace;

/**
 * AgReelNumber:
 * @tensor: a number that differs from step to step
 * @dtype: as what it is read
 * @target: where
 */
typedef struct
{
  const AgTensor *tensor;
  AgDType dtype;
  guint64 *target;
} AgReelNumber;

/**
 * AgReelTake:
 * @tape: (nullable): a tape; %NULL if there is none with this number
 * @can_be_played: whether it is one that a reel can play
 * @bindings: for each turn, the plan with its buffers
 * @bound: where each buffer is
 * @numbers: the values of those that are numbers
 * @n_varying: number of @varying
 * @varying: those that differ from step to step
 * @places: of each of the tape's outputs, the place it goes to; −1 if it goes elsewhere
 * @values: of each output, its value
 * @result: (nullable): where the step's result is
 * @held: (element-type AgStorage): what it reads and nobody else may hold as long
 * @n_carried: number of @carried
 * @carried: the places that its steps leave as they are
 */
typedef struct
{
  AgTape *tape;
  gboolean can_be_played;
  AgBinding *bindings[AG_REEL_N_KEPT];
  void **bound;
  guint64 *numbers;
  guint n_varying;
  AgReelNumber *varying;
  gint *places;
  AgStorage **values;
  const void *result;
  GPtrArray *held;
  guint n_carried;
  guint *carried;
} AgReelTake;

/**
 * AgReel:
 * @takes: (element-type AgReelTake): the tapes by their numbers
 * @places: (element-type AgReelPlace): what any of them assigns to
 * @turn: the one of the last step
 * @last: (nullable): the take of the last step since it was loaded
 */
struct _AgReel
{
  AgGraph *graph;
  GArray *takes;
  GArray *places;
  guint turn;
  AgReelTake *last;
};

/* Steps use the generations in turn: returns the one after @turn. */
static inline guint
ag_reel_turn_after (guint turn)
{
  return turn + 1 < AG_REEL_N_KEPT ? turn + 1 : 0;
}

static inline AgReelTake *
ag_reel_take (const AgReel *reel,
              guint i)
{
  return &g_array_index (reel->takes, AgReelTake, i);
}

static inline AgReelPlace *
ag_reel_place (const AgReel *reel,
               guint i)
{
  return &g_array_index (reel->places, AgReelPlace, i);
}

G_END_DECLS
