/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "train/restart.h"
#include "train/sweep-private.h"

G_BEGIN_DECLS

/**
 * AgSweepWorker:
 * @sweep: whose runs it makes
 * @restart: what takes their steps
 * @optimum: (nullable): where a run on its machine converges to
 * @near: the loss at which @optimum is as good as reached; NaN if that is not known
 *
 * What each worker of a sweep has for itself, however it makes its runs.
 */
typedef struct
{
  AgSweep *sweep;
  AgRestart restart;
  AgOptimum *optimum;
  double near;
} AgSweepWorker;

/**
 * AgSweepRun:
 * @number: which run of the sweep it is
 * @spec: what it is to do
 * @n_read: how many of its losses were read, which is how many steps it took
 * @result: what came of it so far
 * @is_lost: whether a loss was not finite
 *
 * A run that is being made.
 */
typedef struct
{
  guint number;
  AgRunSpec spec;
  gint64 n_read;
  AgSweepResult result;
  gboolean is_lost;
} AgSweepRun;

gboolean ag_sweep_worker_is_wanted (AgSweepWorker *worker);
gboolean ag_sweep_worker_make_machine (AgSweepWorker *worker,
                                       const AgRunSpec *spec,
                                       GError **error);
void ag_sweep_worker_clear (AgSweepWorker *worker);

gboolean ag_sweep_run_init (AgSweepRun *run,
                            const AgSweep *sweep,
                            guint number,
                            GError **error);
void ag_sweep_run_place (const AgSweepRun *run,
                         const AgSweep *sweep,
                         double *coefficients);
void ag_sweep_run_note_loss (AgSweepRun *run,
                             double near,
                             double loss);
gboolean ag_sweep_run_is_over (const AgSweepRun *run);
double *ag_sweep_run_coefficients (const AgSweepRun *run,
                                   AgSweep *sweep);
gboolean ag_sweep_run_has_diverged (AgSweepRun *run,
                                    AgSweep *sweep);
void ag_sweep_run_note_final_loss (AgSweepRun *run,
                                   double near,
                                   double loss);
void ag_sweep_run_end (const AgSweepRun *run,
                       AgSweep *sweep);

G_END_DECLS
