/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "train/history-private.h"

#include <math.h>

/**
 * ag_history_n_steps:
 * @history: a history
 *
 * Returns: how many losses were pushed
 */
gint64
ag_history_n_steps (const AgHistory *history)
{
  return atomic_load_explicit (&history->n_steps, memory_order_acquire);
}

/* The epoch must be known before the number of steps is read: what the steps
 * fill of it is then there. */
static const AgHistoryEpoch *
current_epoch (const AgHistory *history,
               gint *number)
{
  *number = atomic_load_explicit (&history->epoch, memory_order_acquire);
  return ag_history_epoch_nth (history, *number);
}

static gboolean
is_gone (const AgHistory *history,
         gint number)
{
  return atomic_load_explicit (&history->oldest_epoch, memory_order_acquire) > number;
}

/**
 * ag_history_stride:
 * @history: a history
 *
 * Returns: how many steps an entry of the finest level covers: 1 as long as
 *   the history is exact, a power of two after that
 */
gint64
ag_history_stride (const AgHistory *history)
{
  gint number;
  guint shift;

  do
    shift = __atomic_load_n (&current_epoch (history, &number)->shift, __ATOMIC_RELAXED);
  while (is_gone (history, number));
  return G_GINT64_CONSTANT (1) << shift;
}

/**
 * ag_history_n_levels:
 * @history: a history
 *
 * Returns: number of levels; an entry of level k covers 2^k finest ones, and
 *   the last level has a single entry
 */
guint
ag_history_n_levels (const AgHistory *history)
{
  const gint64 stride = ag_history_stride (history);
  const gint64 n = (ag_history_n_steps (history) + stride - 1) / stride;

  return n <= 1 ? 1 : 1 + g_bit_storage ((gulong) (n - 1));
}

/**
 * ag_history_level_for:
 * @history: a history
 * @first_step: first step to be shown
 * @last_step: last step to be shown
 * @n_entries: how many entries are wanted at most, such as two per pixel column
 *
 * Returns: the finest level that has no more entries than that there
 */
guint
ag_history_level_for (const AgHistory *history,
                      gint64 first_step,
                      gint64 last_step,
                      gint64 n_entries)
{
  gint64 width = ag_history_stride (history);
  guint level = 0;

  first_step = MAX (first_step, 0);
  last_step = MIN (last_step, ag_history_n_steps (history) - 1);
  n_entries = MAX (n_entries, 1);
  while (last_step / width - first_step / width + 1 > n_entries && level < 40)
    {
      /* A single entry at the least: an edge may lie between any two steps. */
      if (n_entries == 1 && last_step - first_step < width)
        break;
      width *= 2;
      level++;
    }
  return level;
}

/* Combines the finest entries from @start to before @end, the last of which
 * may still be growing: whole blocks as large as they are stored. */
static void
combine (const AgHistoryEpoch *epoch,
         gint64 start,
         gint64 end,
         gint64 n_complete,
         AgHistoryEntry *entry)
{
  entry->minimum = NAN;
  entry->maximum = NAN;
  for (gint64 i = start; i < end;)
    {
      guint level = AG_HISTORY_FIRST_LEVEL, k = 0;

      while (level <= epoch->capacity_log && i % (G_GINT64_CONSTANT (1) << level) == 0
             && i + (G_GINT64_CONSTANT (1) << level) <= MIN (end, n_complete))
        k = level++ - AG_HISTORY_FIRST_LEVEL + 1;
      const guint log_size = k == 0 ? 0 : k + AG_HISTORY_FIRST_LEVEL - 1;
      entry->minimum = ag_history_least (entry->minimum, ag_number_load (&epoch->minima[k][i >> log_size]));
      entry->maximum = ag_history_greatest (entry->maximum, ag_number_load (&epoch->maxima[k][i >> log_size]));
      i += G_GINT64_CONSTANT (1) << log_size;
    }
  entry->loss = ag_number_load (&epoch->losses[end - 1]);
}

/**
 * ag_history_read:
 * @history: a history
 * @level: a level, see ag_history_level_for()
 * @first_step: first step wanted
 * @last_step: last step wanted
 * @max_entries: room in @entries
 * @entries: (out caller-allocates) (array length=max_entries): where they go
 *
 * Reads the entries of a level that cover any of the steps wanted, in order.
 * Their edges lie on multiples of the level's width; the newest one may not
 * be full yet and says so in its stride.
 *
 * Returns: how many were read
 */
gsize
ag_history_read (const AgHistory *history,
                 guint level,
                 gint64 first_step,
                 gint64 last_step,
                 gsize max_entries,
                 AgHistoryEntry *entries)
{
  gsize n_read;
  gint number;

  g_return_val_if_fail (level <= 40, 0);

  first_step = MAX (first_step, 0);
  do
    {
      const AgHistoryEpoch *epoch = current_epoch (history, &number);
      const gint64 n_steps = MIN (ag_history_n_steps (history),
                                  __atomic_load_n (&epoch->end, __ATOMIC_RELAXED));
      const guint shift = __atomic_load_n (&epoch->shift, __ATOMIC_RELAXED);
      const gint64 n_complete = n_steps >> shift;
      const gint64 n_entries = (n_steps + (G_GINT64_CONSTANT (1) << shift) - 1) >> shift;
      const gint64 last = MIN (last_step, n_steps - 1);

      n_read = 0;
      for (gint64 i = first_step >> (shift + level);
           n_read < max_entries && first_step <= last && i <= last >> (shift + level); i++)
        {
          AgHistoryEntry *entry = &entries[n_read++];
          const gint64 end = MIN ((i + 1) << level, n_entries);

          entry->step = i << (shift + level);
          entry->stride = MIN (end << shift, n_steps) - entry->step;
          combine (epoch, i << level, end, n_complete, entry);
        }
    }
  while (is_gone (history, number));
  return n_read;
}

#define N_AT_ONCE 64

/**
 * ag_history_find_below:
 * @history: a history
 * @loss: a loss
 *
 * Looks for the first step whose loss is at most @loss: from the coarsest level down, so that
 * it reads few entries of many.
 *
 * Returns: that step, or, where the history is thinned, the first of those among which it is;
 *   −1 if there is none
 */
gint64
ag_history_find_below (const AgHistory *history,
                       double loss)
{
  gint64 first = 0, last = ag_history_n_steps (history) - 1;

  for (guint level = ag_history_n_levels (history); level-- > 0;)
    {
      AgHistoryEntry entries[N_AT_ONCE];
      gboolean is_found = FALSE;

      for (gint64 from = first; !is_found && from <= last;)
        {
          const gsize n = ag_history_read (history, level, from, last, N_AT_ONCE, entries);

          if (n == 0)
            return -1;
          for (gsize i = 0; !is_found && i < n; i++)
            if (entries[i].minimum <= loss)
              {
                is_found = TRUE;
                first = entries[i].step;
                last = entries[i].step + entries[i].stride - 1;
              }
          from = entries[n - 1].step + entries[n - 1].stride;
        }
      if (!is_found)
        return -1;
    }
  return first;
}
