/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "train/optimum.h"
#include "train/sweep-axis.h"

G_BEGIN_DECLS

#define AG_SWEEP_MAX_AXES 2
#define AG_SWEEP_MAX_RUNS 4000000

/**
 * AgSweepManner:
 * @AG_SWEEP_PLAIN: as fast as it can
 * @AG_SWEEP_BACKGROUND: its threads give way to those of others that want a core now and then
 * @AG_SWEEP_WITHOUT_SEARCH: where the least loss is not known without searching, it is not
 *   known, so that the first run need not wait for that
 *
 * How a sweep is made, as flags.
 */
typedef enum
{
  AG_SWEEP_PLAIN = 0,
  AG_SWEEP_BACKGROUND = 1 << 0,
  AG_SWEEP_WITHOUT_SEARCH = 1 << 1,
} AgSweepManner;

/**
 * AgSweepResult:
 * @state: %AG_TRAINER_DONE or %AG_TRAINER_DIVERGED
 * @first_loss: loss before the first update
 * @loss: loss before the last update, which is the last that a trainer's history has
 * @final_loss: loss after it; NaN of a run that diverged
 * @steps_to_1_percent: after how many steps the loss was at most 1 % above the least that
 *   there is, for the first time; −1 if it never was, or the least is not known
 *
 * The outcome of one run.
 */
typedef struct
{
  AgTrainerState state;
  double first_loss;
  double loss;
  double final_loss;
  gint64 steps_to_1_percent;
} AgSweepResult;

/**
 * AgSweep:
 *
 * Many whole runs, one for each value of a setting, or each pair of values of two, made on
 * as many threads as there are cores. A run is numbered by curve, value of the second
 * axis, value of the first one. Those far apart are made first, so that what is between
 * is seen in ever more detail. Each has the bits that it has alone.
 */
typedef struct _AgSweep AgSweep;

AgSweep *ag_sweep_new (const AgRunSpec *specs,
                       guint n_specs,
                       AgSweepAxis *const *axes,
                       guint n_axes,
                       guint n_threads,
                       AgSweepManner manner,
                       GError **error);
AgSweep *ag_sweep_ref (AgSweep *sweep);
void ag_sweep_unref (AgSweep *sweep);

guint ag_sweep_n_specs (const AgSweep *sweep);
const AgRunSpec *ag_sweep_spec (const AgSweep *sweep,
                                guint index);
guint ag_sweep_n_axes (const AgSweep *sweep);
const AgSweepAxis *ag_sweep_axis (const AgSweep *sweep,
                                  guint index);
guint ag_sweep_n_values (const AgSweep *sweep,
                         guint axis);
guint ag_sweep_n_runs (const AgSweep *sweep);
const AgRunSpec *ag_sweep_run_spec (const AgSweep *sweep,
                                    guint run);
double ag_sweep_value (const AgSweep *sweep,
                       guint run,
                       guint axis);
char *ag_sweep_format_value (const AgSweep *sweep,
                             guint run,
                             guint axis);
gboolean ag_sweep_get_run (const AgSweep *sweep,
                           guint run,
                           AgRunSpec *spec,
                           GError **error);

void ag_sweep_set_n_threads (AgSweep *sweep,
                             guint n_threads);
void ag_sweep_cancel (AgSweep *sweep);
gboolean ag_sweep_is_over (AgSweep *sweep);
gboolean ag_sweep_wait (AgSweep *sweep,
                        gint64 timeout_us);
const GError *ag_sweep_error (AgSweep *sweep);

guint ag_sweep_n_done (AgSweep *sweep);
gboolean ag_sweep_read (AgSweep *sweep,
                        guint run,
                        AgSweepResult *result);
const double *ag_sweep_coefficients (AgSweep *sweep,
                                     guint run);
gboolean ag_sweep_find_best (AgSweep *sweep,
                             guint *run);
gboolean ag_sweep_find_best_of (AgSweep *sweep,
                                guint first,
                                guint n,
                                guint *run);
const AgOptimum *ag_sweep_optimum (AgSweep *sweep);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AgSweep, ag_sweep_unref)

G_END_DECLS
