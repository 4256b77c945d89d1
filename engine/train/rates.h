/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "train/run-spec.h"

G_BEGIN_DECLS

/**
 * AgRateChange:
 * @step: the first step with this rate, counted from 0
 * @lr: the rate
 *
 * A change of the learning rate while a run was under way.
 */
typedef struct
{
  gint64 step;
  double lr;
} AgRateChange;

/**
 * AgOptimizerChange:
 * @step: the first step with another optimizer or other options, counted from 0
 * @optimizer: the optimizer of the steps before it
 * @options: its options
 *
 * That a run branched off another one with another optimizer.
 */
typedef struct
{
  gint64 step;
  const AgOptimizerClass *optimizer;
  double options[AG_OPTIMIZER_MAX_OPTIONS];
} AgOptimizerChange;

/**
 * AgRates:
 *
 * The changes of a run's learning rate, in the order of their steps, and those of its optimizer.
 * One thread adds to them; any thread reads, at the same time.
 */
typedef struct _AgRates AgRates;

AgRates *ag_rates_new (void);
void ag_rates_free (AgRates *rates);
void ag_rates_push (AgRates *rates,
                    gint64 step,
                    double lr);
guint ag_rates_n (const AgRates *rates);
AgRateChange ag_rates_nth (const AgRates *rates,
                           guint index);
double ag_rates_at (const AgRates *rates,
                    double initial,
                    gint64 step);
void ag_rates_push_optimizer (AgRates *rates,
                              gint64 step,
                              const AgOptimizerClass *optimizer,
                              const double *options);
guint ag_rates_n_optimizers (const AgRates *rates);
const AgOptimizerChange *ag_rates_nth_optimizer (const AgRates *rates,
                                                 guint index);
AgRunSpec ag_rates_part (const AgRates *rates,
                         const AgRunSpec *spec,
                         guint index);
gint64 ag_rates_until_change (const AgRates *rates,
                              gint64 step);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AgRates, ag_rates_free)

G_END_DECLS
