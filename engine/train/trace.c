/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "train/trace.h"

#include <stdatomic.h>

/* Level k holds what was pushed at every 2^k-th step, until it is full; then
 * the next one reaches twice as far with as many entries. Nothing is ever
 * moved or overwritten, so readers need no lock. The memory of levels that no
 * run gets to is never touched. */
#define N_LEVELS 40

struct _AgTrace
{
  guint n_values;
  guint first_level;
  atomic_llong n_steps;
  double *levels[N_LEVELS];
};

/**
 * ag_trace_size:
 * @n_values: how many numbers are pushed at a time
 *
 * Returns: how many bytes such a trace takes at most
 */
gsize
ag_trace_size (guint n_values)
{
  return sizeof (double) * AG_TRACE_MAX_POINTS * n_values * N_LEVELS;
}

/**
 * ag_trace_n_bytes:
 * @trace: a trace
 *
 * Returns: how many bytes of its memory it has written to
 */
gsize
ag_trace_n_bytes (const AgTrace *trace)
{
  const gint64 n_steps = atomic_load_explicit (&((AgTrace *) trace)->n_steps, memory_order_acquire);
  gint64 n = 0;

  for (guint level = 0; level < N_LEVELS && n_steps >> level > 0; level++)
    n += MIN (n_steps >> level, AG_TRACE_MAX_POINTS);
  return sizeof (double) * trace->n_values * (gsize) n;
}

/**
 * ag_trace_new:
 * @n_values: how many numbers are pushed at a time
 *
 * Returns: (transfer full) (nullable): a trace with nothing in it, or %NULL if
 *   there is no memory for it
 */
AgTrace *
ag_trace_new (guint n_values)
{
  AgTrace *trace = g_new0 (AgTrace, 1);
  const gsize n_doubles = (gsize) AG_TRACE_MAX_POINTS * n_values;

  trace->n_values = n_values;
  trace->levels[0] = g_try_malloc0 (ag_trace_size (n_values));
  if (trace->levels[0] == NULL)
    {
      ag_trace_free (trace);
      return NULL;
    }
  for (guint i = 1; i < N_LEVELS; i++)
    trace->levels[i] = trace->levels[0] + i * n_doubles;
  return trace;
}

/**
 * ag_trace_free:
 * @trace: (transfer full): a trace
 */
void
ag_trace_free (AgTrace *trace)
{
  g_free (trace->levels[0]);
  g_free (trace);
}

/**
 * ag_trace_is_due:
 * @trace: a trace
 * @step: a step, counted from 0
 *
 * Returns: whether ag_trace_push() would keep the numbers of @step
 */
gboolean
ag_trace_is_due (const AgTrace *trace,
                 gint64 step)
{
  return (step & (((gint64) 1 << trace->first_level) - 1)) == 0;
}

/**
 * ag_trace_until_due:
 * @trace: a trace
 * @step: how many steps were taken
 *
 * Returns: after how many more the next is due
 */
gint64
ag_trace_until_due (const AgTrace *trace,
                    gint64 step)
{
  const gint64 spacing = (gint64) 1 << trace->first_level;

  return spacing - (step & (spacing - 1));
}

/**
 * ag_trace_push:
 * @trace: a trace
 * @step: a step, later than those before
 * @values: its numbers
 *
 * Keeps the numbers of a step, if it is due. Every step that is due must be
 * pushed.
 */
void
ag_trace_push (AgTrace *trace,
               gint64 step,
               const double *values)
{
  if (!ag_trace_is_due (trace, step))
    return;
  g_return_if_fail (step >> trace->first_level < AG_TRACE_MAX_POINTS);

  for (guint i = trace->first_level; i < N_LEVELS; i++)
    {
      gint64 entry = step >> i;

      if (entry << i != step)
        break;
      for (guint k = 0; k < trace->n_values; k++)
        trace->levels[i][entry * trace->n_values + k] = values[k];
    }
  atomic_store_explicit (&trace->n_steps, step + 1, memory_order_release);
  while (trace->first_level < N_LEVELS - 1
         && (step >> trace->first_level) + 1 >= AG_TRACE_MAX_POINTS)
    trace->first_level++;
}

/**
 * ag_trace_at:
 * @trace: a trace with something in it
 * @step: a step
 * @values: (out caller-allocates): room for its numbers
 *
 * Reads the numbers of @step, or of the last step before it that was kept.
 */
void
ag_trace_at (const AgTrace *trace,
             gint64 step,
             double *values)
{
  const gint64 n_steps = atomic_load_explicit (&trace->n_steps, memory_order_acquire);
  guint level = 0;

  step = CLAMP (step, 0, n_steps - 1);
  while (level < N_LEVELS - 1 && (step >> level) >= AG_TRACE_MAX_POINTS)
    level++;
  for (guint i = 0; i < trace->n_values; i++)
    values[i] = trace->levels[level][(step >> level) * trace->n_values + i];
}

/**
 * ag_trace_read:
 * @trace: a trace
 * @value: which of the numbers
 * @steps: (out caller-allocates): room for %AG_TRACE_MAX_POINTS steps
 * @values: (out caller-allocates): and for the number at each
 *
 * Reads how a number went over the run so far.
 *
 * Returns: how many points it gave
 */
gsize
ag_trace_read (const AgTrace *trace,
               guint value,
               double *steps,
               double *values)
{
  const gint64 n_steps = atomic_load_explicit (&trace->n_steps, memory_order_acquire);
  guint level = 0;
  gsize n;

  g_return_val_if_fail (value < trace->n_values, 0);

  while (level < N_LEVELS - 1 && ((n_steps - 1) >> level) >= AG_TRACE_MAX_POINTS)
    level++;
  n = n_steps == 0 ? 0 : (gsize) MIN (((n_steps - 1) >> level) + 1, AG_TRACE_MAX_POINTS);
  for (gsize i = 0; i < n; i++)
    {
      steps[i] = (double) ((gint64) i << level);
      values[i] = trace->levels[level][i * trace->n_values + value];
    }
  return n;
}

/**
 * ag_trace_copy:
 * @trace: a trace with nothing in it
 * @from: another one, of as many numbers
 * @last_step: a step that @from knows
 *
 * Gives it what was kept of the steps up to that one.
 */
void
ag_trace_copy (AgTrace *trace,
               const AgTrace *from,
               gint64 last_step)
{
  g_autofree double *values = g_new (double, trace->n_values);

  for (gint64 step = 0; step <= last_step; step += ag_trace_until_due (trace, step))
    {
      ag_trace_at (from, step, values);
      ag_trace_push (trace, step, values);
    }
}
