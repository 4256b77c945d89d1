/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "train/sweep.h"

#include "device/work.h"

#include <pthread.h>
#include <stdatomic.h>

G_BEGIN_DECLS

/**
 * AgSweep:
 * @ref_count: how many hold it, on any thread
 * @specs: (array length=n_specs): the run that each curve is made of
 * @axes: (array length=n_axes): what differs along it
 * @n_runs: how many runs there are
 * @n_parameters: of the program
 * @order: (array length=n_runs): the runs, in the order in which they are made
 * @work: what cancels all of it
 * @manner: how it is made
 * @n_taken: how many of @order somebody makes or has made
 * @n_done: how many are made
 * @n_threads: how many workers may be busy
 * @n_busy: how many are, or do not wait for others to be done
 * @n_left: how many workers have not ended
 * @is_made: (array length=n_runs): which runs are; set after what it says of
 * @results: (array length=n_runs): what came of them
 * @coefficients: of each, those that it ended with
 * @finding: held while @optimum is found, for which others wait
 * @mutex: guards all that follows it, and what is waited for; never held during a step
 * @changed: tells of a run that is made, an end, and other wishes
 * @error: (nullable): what went wrong
 * @has_optimum: whether @optimum is known
 * @optimum: (nullable): where all runs converge to, if they have the same data and that is
 *   known
 * @workers: (element-type GThread): who makes the runs
 */
struct _AgSweep
{
  atomic_int ref_count;
  AgRunSpec *specs;
  guint n_specs;
  AgSweepAxis *axes[AG_SWEEP_MAX_AXES];
  guint n_axes;
  guint n_runs;
  guint n_parameters;
  guint *order;
  AgWork work;
  AgSweepManner manner;
  atomic_uint n_taken;
  atomic_uint n_done;
  atomic_uint n_threads;
  atomic_uint n_busy;
  atomic_uint n_left;
  atomic_char *is_made;
  AgSweepResult *results;
  double *coefficients;
  pthread_mutex_t finding;
  pthread_mutex_t mutex;
  pthread_cond_t changed;
  GError *error;
  gboolean has_optimum;
  AgOptimum *optimum;
  GPtrArray *workers;
};

/**
 * AgSweepPlace:
 * @spec: which curve
 * @value: which value of each axis
 *
 * Where a run is.
 */
typedef struct
{
  guint spec;
  guint value[AG_SWEEP_MAX_AXES];
} AgSweepPlace;

AgSweepPlace ag_sweep_place (const AgSweep *sweep,
                             guint run);
gboolean ag_sweep_has_one_optimum (const AgSweep *sweep);

gpointer ag_sweep_work (gpointer data);

G_END_DECLS
