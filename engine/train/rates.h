/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

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
 * AgRates:
 *
 * The changes of a run's learning rate, in the order of their steps. One thread adds
 * to them; any thread reads, at the same time.
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

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AgRates, ag_rates_free)

G_END_DECLS
