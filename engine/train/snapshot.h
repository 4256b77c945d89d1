/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "device/loop-engine.h"
#include "program/program.h"

G_BEGIN_DECLS

/**
 * AgTrainerState:
 * @AG_TRAINER_IDLE: made, not started
 * @AG_TRAINER_RUNNING: taking steps
 * @AG_TRAINER_PAUSED: waiting for resume, step or stop
 * @AG_TRAINER_DONE: all steps taken; waiting for more of them
 * @AG_TRAINER_STOPPED: stopped before its end; waiting for resume or step
 * @AG_TRAINER_DIVERGED: the loss or a coefficient was not finite any more
 * @AG_TRAINER_FAILED: the engine reported an error, see ag_trainer_error()
 */
typedef enum
{
  AG_TRAINER_IDLE,
  AG_TRAINER_RUNNING,
  AG_TRAINER_PAUSED,
  AG_TRAINER_DONE,
  AG_TRAINER_STOPPED,
  AG_TRAINER_DIVERGED,
  AG_TRAINER_FAILED,
} AgTrainerState;

/**
 * AgSnapshot:
 * @serial: counts the snapshots of a trainer, from 1
 * @state: what the trainer is doing
 * @step: number of steps taken
 * @loss: loss before the last step's update; NaN before the first step
 * @final_loss: loss of @coefficients, so after the last step's update, where the run
 *   is paused, stopped or done; NaN in any other state and before the first step.
 *   Of a program with several structures it is the loss in that of the last step
 * @steps_per_second: speed, measured over the last part of the run
 * @loop_engine: what ran the loops of the last step
 * @elapsed: seconds of training so far, pauses left out
 * @diverged_step: the step whose loss was not finite, counted from 0; −1
 * @n_coefficients: number of @coefficients
 * @coefficients: value of each after @step updates (the last finite ones when
 *   diverged)
 * @gradients: gradient of each in the last step
 *
 * The state of a run as its trainer shows it: a plain value, whose numbers belong to whoever it
 * was taken from.
 */
typedef struct
{
  guint64 serial;
  AgTrainerState state;
  gint64 step;
  double loss;
  double final_loss;
  double steps_per_second;
  AgLoopEngine loop_engine;
  double elapsed;
  gint64 diverged_step;
  guint n_coefficients;
  const double *coefficients;
  const double *gradients;
} AgSnapshot;

/**
 * AgSnapshotBuffer:
 *
 * A triple buffer: one thread writes, one reads, neither ever waits. The
 * reader sees the newest whole snapshot.
 */
typedef struct _AgSnapshotBuffer AgSnapshotBuffer;

AgSnapshot *ag_snapshot_copy (const AgSnapshot *snapshot);
void ag_snapshot_free (AgSnapshot *snapshot);
AgSnapshotBuffer *ag_snapshot_buffer_new (guint n_coefficients);
void ag_snapshot_buffer_free (AgSnapshotBuffer *buffer);
void ag_snapshot_buffer_publish (AgSnapshotBuffer *buffer,
                                 const AgSnapshot *snapshot);
gboolean ag_snapshot_buffer_take (AgSnapshotBuffer *buffer,
                                  AgSnapshot *snapshot);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AgSnapshot, ag_snapshot_free)

G_END_DECLS
