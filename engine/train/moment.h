/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/ref-count.h"
#include "train/checkpoint.h"

G_BEGIN_DECLS

/**
 * AgMoment:
 * @step: how many steps were taken
 * @is_live: whether these were all that the run had taken when it was looked up, so
 *   that another moment follows if it goes on
 * @loss: loss before the last step's update; NaN before the first step
 * @lr: what that step was taken with; before the first step, what the run
 *   begins with
 * @program: the run's program, which names the parameters
 * @optimizer: the run's optimizer, which names the states
 * @n_parameters: number of parameters
 * @n_states: how many states the optimizer keeps for each
 * @coefficients: value of each parameter after @step updates; where the loss or one of
 *   them was not finite any more, the last finite ones
 * @gradients: gradient of each in the last step; NaN where there was none
 * @states: the first state of each parameter after the last step, then the second of
 *   each and so on
 * @structure: which of the model's structures the last step had
 * @n_updates: how often each parameter was updated
 * @schedule: the first number of each parameter that the optimizer's schedule computed for
 *   its last update, then the second of each and so on, %AG_OPTIMIZER_MAX_NUMBERS of them
 *
 * A run at one of its steps, present or past. It is never changed; any thread may read
 * it.
 */
typedef struct
{
  AgRefCount ref_count;
  gint64 step;
  gboolean is_live;
  double loss;
  double lr;
  const AgProgramClass *program;
  const AgOptimizerClass *optimizer;
  guint n_parameters;
  guint n_states;
  const double *coefficients;
  const double *gradients;
  const double *states;
  guint structure;
  const double *n_updates;
  const double *schedule;
} AgMoment;

AgMoment *ag_moment_new (const AgRunSpec *spec,
                         const AgCheckpoint *checkpoint,
                         const double *numbers,
                         gboolean is_live,
                         double lr);
AgMoment *ag_moment_new_like (const AgMoment *moment,
                              const AgProgramClass *program,
                              double loss,
                              const double *coefficients,
                              const double *gradients,
                              const double *states);
AgMoment *ag_moment_ref (AgMoment *moment);
void ag_moment_unref (AgMoment *moment);
double ag_moment_state (const AgMoment *moment,
                        guint parameter,
                        guint state);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AgMoment, ag_moment_unref)

G_END_DECLS
