/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "train/checkpoint.h"

G_BEGIN_DECLS

/**
 * AgRestart:
 * @machine: (nullable): what takes the steps
 * @spec: the run that @machine was made for
 * @data: its points
 * @checkpoint: what a checkpoint of such a run is
 * @start: that run before its first step
 * @begin: where the run that ag_restart_prepare() was called for last begins: a checkpoint,
 *   which may be changed before ag_restart_begin()
 *
 * Makes one run after the other. To make data, tensors and plans takes as long as a
 * short run does, so that they are made once and taken back to the first step for each run
 * that differs in nothing but rate, options, number of steps and where it begins. Zeroed, it
 * is one that has made none. It belongs to one thread.
 */
typedef struct
{
  AgMachine *machine;
  AgRunSpec spec;
  AgData *data;
  AgCheckpoint checkpoint;
  double *start;
  double *begin;
} AgRestart;

gboolean ag_restart_suits (const AgRestart *restart,
                           const AgRunSpec *spec);
gboolean ag_restart_prepare (AgRestart *restart,
                             const AgRunSpec *spec,
                             guint n_threads,
                             AgWork *work,
                             GError **error);
void ag_restart_set_options (AgRestart *restart,
                             const AgRunSpec *spec);
gboolean ag_restart_begin (AgRestart *restart,
                           const AgRunSpec *spec,
                           GError **error);
void ag_restart_clear (AgRestart *restart);

G_END_DECLS
