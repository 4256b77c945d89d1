/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "train/history-private.h"

#include <math.h>
#include <string.h>
#include <sys/mman.h>

/* How many entries a new epoch takes before the old one is given back: half a
 * million steps at the least, which is longer than reading takes. */
#define GRACE (1 << 14)

static void
discard_old_epoch (AgHistory *history)
{
  const gint number = atomic_load_explicit (&history->epoch, memory_order_relaxed);

  atomic_store (&history->oldest_epoch, number);
  madvise (history->former->memory, history->former->n_bytes, MADV_DONTNEED);
  history->discard_at = -1;
}

/* Gives the next losses another epoch to go into, which begins with all that there was. */
static void
move_on (AgHistory *history,
         gint number,
         gint64 discard_at)
{
  history->former = history->current;
  history->current = ag_history_epoch_nth (history, number);
  history->discard_at = discard_at;
  atomic_store_explicit (&history->epoch, number, memory_order_release);
}

/* Copies a full exact epoch into a larger one. */
static void
grow (AgHistory *history,
      gint number)
{
  const AgHistoryEpoch *from = history->current;
  AgHistoryEpoch *to = ag_history_epoch_nth (history, number);

  if (history->discard_at >= 0)
    discard_old_epoch (history);
  ag_history_epoch_begin (to, 0);
  memcpy (to->losses, from->losses, sizeof (double) << from->capacity_log);
  for (guint level = AG_HISTORY_FIRST_LEVEL; level <= from->capacity_log; level++)
    {
      const gsize n_bytes = sizeof (double) << (from->capacity_log - level);
      const guint k = level - AG_HISTORY_FIRST_LEVEL + 1;

      memcpy (to->minima[k], from->minima[k], n_bytes);
      memcpy (to->maxima[k], from->maxima[k], n_bytes);
    }
  move_on (history, number, from->end + GRACE);
}

static void
thin (AgHistory *history)
{
  const gint number = MAX (atomic_load_explicit (&history->epoch, memory_order_relaxed) + 1,
                           AG_HISTORY_N_EXACT);
  const AgHistoryEpoch *from = history->current;
  AgHistoryEpoch *to = ag_history_epoch_nth (history, number);
  const guint log_factor = from->capacity_log + 1 - AG_HISTORY_THINNED_LOG;
  const gint64 factor = G_GINT64_CONSTANT (1) << log_factor;
  const gint64 n_kept = G_GINT64_CONSTANT (1) << (AG_HISTORY_THINNED_LOG - 1);

  if (history->discard_at >= 0)
    discard_old_epoch (history);
  ag_history_epoch_begin (to, from->shift + log_factor);
  for (gint64 i = 0; i < n_kept; i++)
    {
      double minimum = NAN, maximum = NAN;

      for (gint64 j = i * factor; j < (i + 1) * factor; j++)
        {
          minimum = ag_history_least (minimum, from->minima[0][j]);
          maximum = ag_history_greatest (maximum, from->maxima[0][j]);
        }
      ag_number_store (&to->losses[i], from->losses[(i + 1) * factor - 1]);
      ag_number_store (&to->minima[0][i], minimum);
      ag_number_store (&to->maxima[0][i], maximum);
      if ((i + 1) % (1 << AG_HISTORY_FIRST_LEVEL) == 0)
        ag_history_epoch_fold (to, i + 1);
    }
  move_on (history, number, (n_kept + GRACE) << to->shift);
}

/* Makes room for more losses when the current epoch is full. */
static void
make_room (AgHistory *history)
{
  const gint largest = atomic_load_explicit (&history->largest_exact, memory_order_acquire);

  if (atomic_load_explicit (&history->epoch, memory_order_relaxed) < largest)
    grow (history, largest);
  else
    thin (history);
}

static guint
first_capacity_log (gint64 n_steps)
{
  guint capacity_log = AG_HISTORY_LEAST_LOG;

  while (capacity_log < AG_HISTORY_EXACT_LOG && n_steps > G_GINT64_CONSTANT (1) << capacity_log)
    capacity_log++;
  return capacity_log;
}

static gint
exact_number (gint64 n_steps)
{
  return (gint) (first_capacity_log (n_steps) - AG_HISTORY_LEAST_LOG);
}

/* One that is full is thinned, in turn into one of two. */
static gboolean
is_ever_thinned (gint64 n_steps)
{
  return n_steps > G_GINT64_CONSTANT (1) << AG_HISTORY_EXACT_LOG;
}

/**
 * ag_history_size:
 * @n_steps: how many losses it is to take
 *
 * Returns: how many bytes such a history takes at most
 */
gsize
ag_history_size (gint64 n_steps)
{
  gsize size = ag_history_epoch_size (first_capacity_log (n_steps), FALSE);

  return is_ever_thinned (n_steps) ? size + 2 * ag_history_epoch_size (AG_HISTORY_THINNED_LOG, TRUE) : size;
}

/* The exact epoch of that number, and those that thinned losses of so many steps
 * get to. */
static gboolean
reserve (AgHistory *history,
         gint number,
         gint64 n_steps)
{
  gboolean is_reserved = ag_history_epoch_reserve (&history->epochs[number], AG_HISTORY_LEAST_LOG + (guint) number,
                                                   FALSE);

  for (guint i = 0; i < AG_HISTORY_N_THINNED && is_reserved && is_ever_thinned (n_steps); i++)
    is_reserved = ag_history_epoch_reserve (&history->epochs[AG_HISTORY_N_EXACT + i], AG_HISTORY_THINNED_LOG, TRUE);
  return is_reserved;
}

/**
 * ag_history_new:
 * @n_steps: how many losses it is to take at most
 *
 * Returns: (transfer full) (nullable): a history without steps, or %NULL if there
 *   is no memory for it
 */
AgHistory *
ag_history_new (gint64 n_steps)
{
  AgHistory *history = g_new0 (AgHistory, 1);
  const gint number = exact_number (n_steps);

  ag_ref_count_init (&history->ref_count);
  if (!reserve (history, number, n_steps))
    {
      ag_history_unref (history);
      return NULL;
    }
  history->current = &history->epochs[number];
  ag_history_epoch_begin (history->current, 0);
  history->discard_at = -1;
  atomic_init (&history->largest_exact, number);
  atomic_init (&history->epoch, number);
  return history;
}

/**
 * ag_history_extend:
 * @history: a history
 * @n_steps: how many losses it is to take at most from now on
 *
 * Lets a history take more losses than it was made for. Who pushes them must learn
 * of that after this function returned; until then it may push as before. Only one
 * thread may extend.
 *
 * Returns: whether there is memory for it; if not, @history stays as it was
 */
gboolean
ag_history_extend (AgHistory *history,
                   gint64 n_steps)
{
  const gint number = MAX (atomic_load_explicit (&history->largest_exact, memory_order_relaxed),
                           exact_number (n_steps));

  if (!reserve (history, number, n_steps))
    return FALSE;
  atomic_store_explicit (&history->largest_exact, number, memory_order_release);
  return TRUE;
}

/**
 * ag_history_ref:
 * @history: a history
 *
 * Adds a reference; any thread may.
 *
 * Returns: (transfer full): @history
 */
AgHistory *
ag_history_ref (AgHistory *history)
{
  ag_ref_count_inc (&history->ref_count);
  return history;
}

/**
 * ag_history_unref:
 * @history: (transfer full): a history
 *
 * Drops a reference; the last one frees the history.
 */
void
ag_history_unref (AgHistory *history)
{
  if (!ag_ref_count_dec (&history->ref_count))
    return;
  for (guint i = 0; i < G_N_ELEMENTS (history->epochs); i++)
    if (history->epochs[i].memory != NULL)
      munmap (history->epochs[i].memory, history->epochs[i].n_bytes);
  g_free (history);
}

/**
 * ag_history_push:
 * @history: a history
 * @loss: loss of the next step
 *
 * Appends a loss. Only one thread may push, and no more losses than @history was
 * made for or extended to.
 */
void
ag_history_push (AgHistory *history,
                 double loss)
{
  const gint64 n = history->n_pushed;

  if (G_UNLIKELY (n == history->current->end))
    make_room (history);

  AgHistoryEpoch *epoch = history->current;
  const gint64 i = n >> epoch->shift;
  const gint64 n_entries = (n + 1) >> epoch->shift;

  if (epoch->shift > 0)
    {
      const gboolean is_first = n == i << epoch->shift;
      ag_number_store (&epoch->minima[0][i], is_first ? loss : ag_history_least (epoch->minima[0][i], loss));
      ag_number_store (&epoch->maxima[0][i], is_first ? loss : ag_history_greatest (epoch->maxima[0][i], loss));
    }
  ag_number_store (&epoch->losses[i], loss);
  if (G_UNLIKELY (n_entries > i && n_entries % (1 << AG_HISTORY_FIRST_LEVEL) == 0))
    {
      ag_history_epoch_fold (epoch, n_entries);
      if (history->discard_at >= 0 && n >= history->discard_at)
        discard_old_epoch (history);
    }
  history->n_pushed = n + 1;
  atomic_store_explicit (&history->n_steps, n + 1, memory_order_release);
}
