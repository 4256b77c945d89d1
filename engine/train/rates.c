/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "train/rates.h"

#include <stdatomic.h>
#include <string.h>

/* Changes are in blocks that are never moved, so readers need no lock; each block
 * has room for twice as many as the one before it. */
#define FIRST_BLOCK 16
#define N_BLOCKS 27

struct _AgRates
{
  AgRateChange *blocks[N_BLOCKS];
  atomic_uint n_changes;
  AgOptimizerChange *optimizers[N_BLOCKS];
  atomic_uint n_optimizers;
};

/**
 * ag_rates_new:
 *
 * Returns: (transfer full): no changes
 */
AgRates *
ag_rates_new (void)
{
  AgRates *rates = g_new0 (AgRates, 1);

  atomic_init (&rates->n_changes, 0);
  atomic_init (&rates->n_optimizers, 0);
  return rates;
}

/**
 * ag_rates_free:
 * @rates: (transfer full): changes that no thread uses any more
 *
 * Frees them.
 */
void
ag_rates_free (AgRates *rates)
{
  for (guint i = 0; i < N_BLOCKS; i++)
    {
      g_free (rates->blocks[i]);
      g_free (rates->optimizers[i]);
    }
  g_free (rates);
}

/* The block that has a change, and where it begins. */
static guint
find_block (guint index,
            guint *start)
{
  guint block = 0;

  *start = 0;
  for (guint size = FIRST_BLOCK; index - *start >= size; size *= 2)
    {
      *start += size;
      block++;
    }
  return block;
}

/**
 * ag_rates_push:
 * @rates: the changes so far
 * @step: the first step with the new rate, counted from 0
 * @lr: the new rate
 *
 * Adds a change. Only one thread may do that.
 */
void
ag_rates_push (AgRates *rates,
               gint64 step,
               double lr)
{
  const guint n_changes = atomic_load_explicit (&rates->n_changes, memory_order_relaxed);
  guint start;
  const guint block = find_block (n_changes, &start);

  g_return_if_fail (block < N_BLOCKS);

  if (rates->blocks[block] == NULL)
    rates->blocks[block] = g_new (AgRateChange, FIRST_BLOCK << block);
  rates->blocks[block][n_changes - start] = (AgRateChange){ step, lr };
  atomic_store_explicit (&rates->n_changes, n_changes + 1, memory_order_release);
}

/**
 * ag_rates_n:
 * @rates: changes
 *
 * Returns: how many there are
 */
guint
ag_rates_n (const AgRates *rates)
{
  return atomic_load_explicit (&((AgRates *) rates)->n_changes, memory_order_acquire);
}

/**
 * ag_rates_nth:
 * @rates: changes
 * @index: number of one that ag_rates_n() has counted
 *
 * Returns: that change
 */
AgRateChange
ag_rates_nth (const AgRates *rates,
              guint index)
{
  guint start;
  const guint block = find_block (index, &start);

  return rates->blocks[block][index - start];
}

/* The number of changes up to that step. */
static guint
count_changes (const AgRates *rates,
               gint64 step)
{
  guint first = 0, end = ag_rates_n (rates);

  while (first < end)
    {
      const guint middle = first + (end - first) / 2;

      if (ag_rates_nth (rates, middle).step <= step)
        first = middle + 1;
      else
        end = middle;
    }
  return first;
}

/**
 * ag_rates_at:
 * @rates: changes
 * @initial: the rate before the first of them
 * @step: number of a step that was taken, counted from 0
 *
 * Returns: the rate that it was taken with
 */
double
ag_rates_at (const AgRates *rates,
             double initial,
             gint64 step)
{
  const guint n = count_changes (rates, step);

  return n == 0 ? initial : ag_rates_nth (rates, n - 1).lr;
}

/**
 * ag_rates_until_change:
 * @rates: changes
 * @step: number of a step, counted from 0
 *
 * Returns: how many steps from that one on have the same rate, as far as is known
 */
gint64
ag_rates_until_change (const AgRates *rates,
                       gint64 step)
{
  const guint n = count_changes (rates, step);

  return n < ag_rates_n (rates) ? ag_rates_nth (rates, n).step - step : G_MAXINT64;
}

/**
 * ag_rates_push_optimizer:
 * @rates: the changes so far
 * @step: the first step with another optimizer or other options, counted from 0
 * @optimizer: the optimizer of the steps before it
 * @options: (array fixed-size=AG_OPTIMIZER_MAX_OPTIONS): its options
 *
 * Adds a change of the optimizer. Only one thread may do that.
 */
void
ag_rates_push_optimizer (AgRates *rates,
                         gint64 step,
                         const AgOptimizerClass *optimizer,
                         const double *options)
{
  const guint n = atomic_load_explicit (&rates->n_optimizers, memory_order_relaxed);
  guint start;
  const guint block = find_block (n, &start);
  AgOptimizerChange *change;

  if (rates->optimizers[block] == NULL)
    rates->optimizers[block] = g_new (AgOptimizerChange, FIRST_BLOCK << block);
  change = &rates->optimizers[block][n - start];
  change->step = step;
  change->optimizer = optimizer;
  memcpy (change->options, options, sizeof change->options);
  atomic_store_explicit (&rates->n_optimizers, n + 1, memory_order_release);
}

/**
 * ag_rates_n_optimizers:
 * @rates: changes
 *
 * Returns: how many changes of the optimizer there are
 */
guint
ag_rates_n_optimizers (const AgRates *rates)
{
  return atomic_load_explicit (&((AgRates *) rates)->n_optimizers, memory_order_acquire);
}

/**
 * ag_rates_nth_optimizer:
 * @rates: changes
 * @index: number of a change of the optimizer
 *
 * Returns: (transfer none): that change
 */
const AgOptimizerChange *
ag_rates_nth_optimizer (const AgRates *rates,
                        guint index)
{
  guint start;
  const guint block = find_block (index, &start);

  return &rates->optimizers[block][index - start];
}

/**
 * ag_rates_part:
 * @rates: changes of a run
 * @spec: what the run is, with the optimizer that it had in the end
 * @index: number of a change of the optimizer, or how many there are
 *
 * Returns: the run with the optimizer of the steps from the change before that one on, up to it
 */
AgRunSpec
ag_rates_part (const AgRates *rates,
               const AgRunSpec *spec,
               guint index)
{
  AgRunSpec part = *spec;

  if (index < ag_rates_n_optimizers (rates))
    {
      const AgOptimizerChange *change = ag_rates_nth_optimizer (rates, index);

      part.optimizer = change->optimizer;
      memcpy (part.options, change->options, sizeof part.options);
    }
  return part;
}
