/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "train/clock.h"

#include "base/atomic-number.h"

#include <math.h>
#include <stdatomic.h>

/* To move the marks together takes a microsecond, after which a reader looks again. */
#define RETRY_US 50

/**
 * AgClock:
 * @version: odd while marks are moved
 * @n: how many there are
 * @thinned: how often each second one made room
 * @n_offered: how many came
 * @steps: the steps that were taken by each, ever more
 * @microseconds: and the time
 */
struct _AgClock
{
  atomic_uint version;
  atomic_uint n;
  guint thinned;
  guint64 n_offered;
  double steps[AG_CLOCK_MAX_MARKS];
  double microseconds[AG_CLOCK_MAX_MARKS];
};

/**
 * ag_clock_new:
 *
 * Returns: (transfer full): a clock of a run that has not begun
 */
AgClock *
ag_clock_new (void)
{
  return g_new0 (AgClock, 1);
}

/**
 * ag_clock_free:
 * @clock: (transfer full): a clock
 */
void
ag_clock_free (AgClock *clock)
{
  g_free (clock);
}

static void
put (AgClock *clock,
     guint place,
     double step,
     double microseconds)
{
  ag_number_store (&clock->steps[place], step);
  ag_number_store (&clock->microseconds[place], microseconds);
}

/* Drops every other reading. Those with even numbers stay, and with them the first one. */
static void
thin (AgClock *clock)
{
  const guint n = atomic_load_explicit (&clock->n, memory_order_relaxed);

  atomic_fetch_add_explicit (&clock->version, 1, memory_order_acq_rel);
  for (guint i = 1; i < (n + 1) / 2; i++)
    put (clock, i, clock->steps[2 * i], clock->microseconds[2 * i]);
  atomic_store_explicit (&clock->n, (n + 1) / 2, memory_order_release);
  atomic_fetch_add_explicit (&clock->version, 1, memory_order_release);
  clock->thinned++;
}

/**
 * ag_clock_mark:
 * @clock: a clock
 * @step: how many steps were taken, not fewer than at the mark before
 * @microseconds: how long that took, not less than at the mark before
 *
 * Notes the time. The last mark is always there; of those before it each second one goes when
 * there is no more room.
 */
void
ag_clock_mark (AgClock *clock,
               gint64 step,
               double microseconds)
{
  const guint64 spacing = (guint64) 1 << MIN (clock->thinned, 63);
  guint n = atomic_load_explicit (&clock->n, memory_order_relaxed);

  if (n > 0 && clock->steps[n - 1] >= (double) step)
    return;
  /* The last mark goes on until it is as far from the one before as those are from each other. */
  if (n > 1 && clock->n_offered++ % spacing != 0)
    {
      atomic_fetch_add_explicit (&clock->version, 1, memory_order_acq_rel);
      put (clock, n - 1, (double) step, microseconds);
      atomic_fetch_add_explicit (&clock->version, 1, memory_order_release);
      return;
    }
  if (n == AG_CLOCK_MAX_MARKS)
    thin (clock);
  n = atomic_load_explicit (&clock->n, memory_order_relaxed);
  put (clock, n, (double) step, microseconds);
  atomic_store_explicit (&clock->n, n + 1, memory_order_release);
}

/* Whether nothing was moved while @marks were read. */
static gboolean
try_to_read (const AgClock *clock,
             double *steps,
             double *microseconds,
             guint *n)
{
  const guint version = atomic_load_explicit (&clock->version, memory_order_acquire);

  *n = atomic_load_explicit (&clock->n, memory_order_acquire);
  for (guint i = 0; i < *n; i++)
    {
      steps[i] = ag_number_load (&clock->steps[i]);
      microseconds[i] = ag_number_load (&clock->microseconds[i]);
    }
  return version % 2 == 0
         && atomic_load_explicit (&clock->version, memory_order_acquire) == version;
}

/**
 * ag_clock_read:
 * @clock: a clock
 * @steps: (out caller-allocates): room for %AG_CLOCK_MAX_MARKS numbers: steps, ever more
 * @microseconds: (out caller-allocates): as much room: the times when they had been taken
 *
 * Returns: how many marks there are
 */
guint
ag_clock_read (const AgClock *clock,
               double *steps,
               double *microseconds)
{
  guint n;

  while (!try_to_read (clock, steps, microseconds, &n))
    g_usleep (RETRY_US);
  return n;
}

/**
 * ag_clock_interpolate:
 * @n: number of marks
 * @x: (array length=n): their steps, or their times
 * @y: (array length=n): their times, or their steps
 * @place: a step, or a time
 *
 * Between two marks the time goes evenly, before the first from 0 on, and after the last not at
 * all.
 *
 * Returns: the time, or the step, that belongs to @place; NaN where there is no mark
 */
double
ag_clock_interpolate (guint n,
                      const double *x,
                      const double *y,
                      double place)
{
  guint first = 0, end = n;

  while (first < end)
    {
      const guint middle = first + (end - first) / 2;

      if (x[middle] <= place)
        first = middle + 1;
      else
        end = middle;
    }
  if (n == 0)
    return NAN;
  if (first == n)
    return y[n - 1];
  if (first == 0)
    return x[0] > 0 ? y[0] * fmax (place, 0) / x[0] : y[0];
  return y[first - 1]
         + (y[first] - y[first - 1]) * (place - x[first - 1]) / (x[first] - x[first - 1]);
}

/**
 * ag_clock_at:
 * @clock: a clock
 * @step: a number of steps
 *
 * Returns: after how many microseconds they had been taken, that of the last mark for steps after
 *   it, and NaN where there is no mark
 */
double
ag_clock_at (const AgClock *clock,
             double step)
{
  double steps[AG_CLOCK_MAX_MARKS], microseconds[AG_CLOCK_MAX_MARKS];
  const guint n = ag_clock_read (clock, steps, microseconds);

  return ag_clock_interpolate (n, steps, microseconds, step);
}

/**
 * ag_clock_copy:
 * @clock: a clock
 * @last_step: a step
 *
 * Returns: (transfer full): a clock with its marks up to that step, and the time of that step
 */
AgClock *
ag_clock_copy (const AgClock *clock,
               gint64 last_step)
{
  double steps[AG_CLOCK_MAX_MARKS], microseconds[AG_CLOCK_MAX_MARKS];
  const guint n = ag_clock_read (clock, steps, microseconds);
  AgClock *copy = ag_clock_new ();

  for (guint i = 0; i < n && steps[i] < (double) last_step; i++)
    ag_clock_mark (copy, (gint64) steps[i], microseconds[i]);
  if (n > 0 && last_step > 0)
    ag_clock_mark (copy, last_step, ag_clock_interpolate (n, steps, microseconds, (double) last_step));
  return copy;
}
