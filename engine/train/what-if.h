/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "train/history.h"
#include "train/moments.h"
#include "train/snapshot.h"

G_BEGIN_DECLS

/* A run is looked ahead by so many steps at most. */
#define AG_WHAT_IF_MAX_STEPS 1000000

/**
 * AgFuture:
 * @spec: the run, with the rate that it would have
 * @first_step: how many steps it has taken when it begins
 * @n_steps: how many of the steps that follow are known
 * @is_whole: whether the run ends with them
 * @state: %AG_TRAINER_DONE or %AG_TRAINER_DIVERGED where it ends, %AG_TRAINER_RUNNING where it
 *   would go on, and %AG_TRAINER_FAILED if it could not be made, so that nothing is known
 * @history: (nullable): the losses of the steps from @first_step on, maybe more than @n_steps;
 *   the first of them is that of step 0 there
 * @final_loss: loss after the last update, where the run is done; else NaN
 * @coefficients: (nullable): what it comes to with @n_steps; %NULL if it diverges
 *
 * The losses of a run that was not made, as far as they are found, and what it ends with. It never
 * changes.
 */
typedef struct
{
  atomic_int ref_count;
  AgRunSpec spec;
  gint64 first_step;
  gint64 n_steps;
  gboolean is_whole;
  AgTrainerState state;
  AgHistory *history;
  double final_loss;
  double *coefficients;
} AgFuture;

AgFuture *ag_future_ref (AgFuture *future);
void ag_future_unref (AgFuture *future);

/**
 * AgWhatIf:
 *
 * Finds what a run would do, on a thread of its own, for one specification after the other:
 * the last one that was asked for counts. It has the bits that a trainer would have. A run
 * that takes longer than a frame is first known up to some round number of steps, and then
 * farther and farther, while nothing else is asked for.
 */
typedef struct _AgWhatIf AgWhatIf;

AgWhatIf *ag_what_if_new (void);
void ag_what_if_free (AgWhatIf *what_if);
void ag_what_if_ask (AgWhatIf *what_if,
                     const AgRunSpec *spec,
                     AgMoments *moments,
                     gint64 step);
AgFuture *ag_what_if_take (AgWhatIf *what_if);
gboolean ag_what_if_is_busy (AgWhatIf *what_if);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AgFuture, ag_future_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AgWhatIf, ag_what_if_free)

G_END_DECLS
