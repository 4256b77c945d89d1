/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "train/clock.h"
#include "train/kept-run.h"
#include "train/moments.h"
#include "train/race.h"
#include "train/run-spec.h"
#include "train/snapshot.h"
#include "train/trace.h"

G_BEGIN_DECLS

/**
 * AgTrainer:
 *
 * Runs an #AgRunSpec on a thread of its own, which alone owns the run's tensors.
 * The outside sees snapshots and the history, and sends four commands: pause,
 * resume, step, stop; beside them the learning rate and the pace can be
 * changed while it runs, and the number of steps raised. A run that was stopped, or
 * is done and gets more steps, goes on as if it had only been paused. Until it does it is
 * laid down: without a thread, and without tensors.
 */
typedef struct _AgTrainer AgTrainer;

/**
 * AgTrainerNotify:
 * @trainer: the trainer
 * @user_data: what was given to ag_trainer_set_notify()
 *
 * Called on the trainer's thread when its state has changed (never during a
 * step): a place to wake a main loop, not to work.
 */
typedef void (*AgTrainerNotify) (AgTrainer *trainer,
                                 gpointer user_data);

AgTrainer *ag_trainer_new (const AgRunSpec *spec,
                           GError **error);
AgTrainer *ag_trainer_new_branch (const AgRunSpec *spec,
                                  AgTrainer *origin,
                                  gint64 step,
                                  GError **error);
AgTrainer *ag_trainer_new_kept (const AgKeptRun *kept,
                                GError **error);
void ag_trainer_free (AgTrainer *trainer);
const AgRunSpec *ag_trainer_spec (const AgTrainer *trainer);
void ag_trainer_set_notify (AgTrainer *trainer,
                            AgTrainerNotify notify,
                            gpointer user_data);

void ag_trainer_start (AgTrainer *trainer);
void ag_trainer_pause (AgTrainer *trainer);
void ag_trainer_resume (AgTrainer *trainer);
void ag_trainer_step (AgTrainer *trainer);
void ag_trainer_stop (AgTrainer *trainer);
gboolean ag_trainer_extend (AgTrainer *trainer,
                            gint64 n_steps,
                            GError **error);
void ag_trainer_lay_down (AgTrainer *trainer);
gboolean ag_trainer_give_back (AgTrainer *trainer);
void ag_trainer_set_lr (AgTrainer *trainer,
                        double lr);
void ag_trainer_set_pace (AgTrainer *trainer,
                          double steps_per_second);
void ag_trainer_join (AgTrainer *trainer,
                      AgRace *race);

AgTrainerState ag_trainer_state (const AgTrainer *trainer);
double ag_trainer_prepared (AgTrainer *trainer);
gboolean ag_trainer_wait (AgTrainer *trainer,
                          gint64 timeout_us);
gboolean ag_trainer_take_snapshot (AgTrainer *trainer,
                                   AgSnapshot *snapshot);
AgHistory *ag_trainer_history (AgTrainer *trainer);
const AgTrace *ag_trainer_trace (const AgTrainer *trainer);
const AgClock *ag_trainer_clock (const AgTrainer *trainer);
const AgRates *ag_trainer_rates (const AgTrainer *trainer);
AgMoments *ag_trainer_moments (AgTrainer *trainer);
AgData *ag_trainer_data (const AgTrainer *trainer);
const double *ag_trainer_initial (const AgTrainer *trainer);
const GError *ag_trainer_error (const AgTrainer *trainer);
const GError *ag_trainer_refusal (const AgTrainer *trainer);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AgTrainer, ag_trainer_free)

G_END_DECLS
