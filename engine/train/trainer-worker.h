/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "train/trainer-private.h"

#include "train/ahead.h"
#include "train/machine.h"
#include "train/speedometer.h"

G_BEGIN_DECLS

/**
 * AgTrainerWorker:
 * @trainer: whom it works for
 * @machine: (nullable): what takes the steps, once it is prepared
 * @step: number of steps taken, and recorded
 * @ahead: how many steps may wait for their losses to be read; where the
 *   device computes at once, none does
 * @n_pending: how many wait
 * @pending: their losses
 * @loss: the last loss
 * @final_loss: see #AgSnapshot
 * @loop_engine: what ran the loops of the last step
 * @state: its state, as last published
 * @diverged_step: see #AgSnapshot
 * @lr: bits of the optimizer's rate
 * @pace: bits of the pace that @due_us was computed with
 * @due_us: when the next step of a paced run is due
 * @published_us: time of the last snapshot
 * @looked_us: time of the last look at the clock
 * @noted_us: when a moment was last noted
 * @waited_us: how long it has waited for the pace, while its time went on
 * @clock_us: the time of the clock when the meter showed none, as of a branch
 * @until_look: steps until the next one
 * @between_looks: steps from one to the next
 * @serial: number of snapshots published
 * @coefficients: as last read, one for each of the program's parameters
 * @gradients: of each in the last step that was read
 * @traced: room for those that go into the trace
 * @laid_down: (nullable): a checkpoint, at which the run goes on after it was laid down
 *
 * The state of a run that only the trainer's thread knows, and after it was laid down the next
 * one.
 */
struct _AgTrainerWorker
{
  AgTrainer *trainer;
  AgMachine *machine;
  AgSpeedometer meter;
  gint64 step;
  AgAhead ahead;
  guint n_pending;
  AgTensor *pending[AG_DEVICE_MAX_AHEAD];
  double loss;
  double final_loss;
  AgLoopEngine loop_engine;
  double speed;
  AgTrainerState state;
  gint64 diverged_step;
  guint64 lr;
  guint64 pace;
  double due_us;
  gint64 published_us;
  gint64 looked_us;
  gint64 noted_us;
  gint64 waited_us;
  double clock_us;
  gint until_look;
  gint between_looks;
  guint64 serial;
  double *coefficients;
  double *gradients;
  double *traced;
  double *laid_down;
};

/* trainer-publish.c */
void ag_trainer_worker_publish (AgTrainerWorker *worker,
                                gint64 now_us);
void ag_trainer_worker_set_state (AgTrainerWorker *worker,
                                  AgTrainerState state);
void ag_trainer_worker_mark_time (AgTrainerWorker *worker,
                                  gint64 now_us);
gboolean ag_trainer_worker_note (AgTrainerWorker *worker,
                                 GError **error);

/* trainer-prepare.c */
gboolean ag_trainer_worker_prepare (AgTrainerWorker *worker,
                                    GError **error);
void ag_trainer_worker_tear_down (AgTrainerWorker *worker);
gboolean ag_trainer_worker_lay_down (AgTrainerWorker *worker,
                                     GError **error);

/* trainer-losses.c */
void ag_trainer_worker_forget_pending (AgTrainerWorker *worker,
                                       guint n);
gboolean ag_trainer_worker_take_losses (AgTrainerWorker *worker,
                                        gint64 n,
                                        const double *losses,
                                        GError **error);
gboolean ag_trainer_worker_catch_up (AgTrainerWorker *worker,
                                     guint n_left,
                                     GError **error);
gboolean ag_trainer_worker_diverge (AgTrainerWorker *worker,
                                    guint n_back,
                                    GError **error);
gboolean ag_trainer_worker_read_program (AgTrainerWorker *worker,
                                         GError **error);

G_END_DECLS
