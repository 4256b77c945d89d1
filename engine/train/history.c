/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "train/history.h"

#include <math.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>

/* Losses fill an epoch: arrays of a fixed capacity in which an entry covers
 * 2^shift steps. A full epoch is thinned into a new one of larger strides,
 * which lies elsewhere, so a reader of the old one is not disturbed; only
 * later the old one's memory is given back. A reader that is still there then
 * finds out by oldest_epoch and reads again.
 *
 * The addresses of all epochs that a run can get to are reserved before its first
 * step, so that it cannot run out of them later; pages come as they are written
 * to, and pushing allocates nothing. A run that gets more steps than it began with
 * has a larger epoch reserved, into which a full one is copied as it is. */

#define LEAST_LOG 10
#define EXACT_LOG 24
#define THINNED_LOG 20

/* Exact epochs are numbered by their capacity; thinned ones, of which each second
 * is in the same place, come after them. */
#define N_EXACT (EXACT_LOG - LEAST_LOG + 1)
#define N_THINNED 2

/* Minima and maxima are stored from this level on; below it, reading so few
 * entries costs less than the memory would. */
#define FIRST_LEVEL 5
#define N_STORED_LEVELS (EXACT_LOG - FIRST_LEVEL + 1)

/* How many entries a new epoch takes before the old one is given back: half a
 * million steps at the least, which is longer than reading takes. */
#define GRACE (1 << 14)

typedef struct
{
  guint capacity_log;
  guint shift;
  gint64 end;
  gsize n_bytes;
  double *memory;
  double *losses;
  double *minima[N_STORED_LEVELS + 1];
  double *maxima[N_STORED_LEVELS + 1];
} Epoch;

struct _AgHistory
{
  gatomicrefcount ref_count;
  Epoch epochs[N_EXACT + N_THINNED];
  Epoch *current;
  Epoch *former;
  gint64 n_pushed;
  gint64 discard_at;
  atomic_int largest_exact;
  atomic_int epoch;
  atomic_int oldest_epoch;
  atomic_llong n_steps;
};

/* Loads and stores of values pair up as acquire and release, so that who reads
 * a value of a later epoch also sees that the former one is gone. On x86-64
 * they are plain moves. */
static inline double
load (const double *value)
{
  double result;
  __atomic_load (value, &result, __ATOMIC_ACQUIRE);
  return result;
}

static inline void
store (double *place,
       double value)
{
  __atomic_store (place, &value, __ATOMIC_RELEASE);
}

/* Unlike a < b ? a : b these let a NaN lose. */
static inline double
least (double a,
       double b)
{
  return b < a || a != a ? b : a;
}

static inline double
greatest (double a,
          double b)
{
  return b > a || a != a ? b : a;
}

static Epoch *
epoch_nth (const AgHistory *history,
           gint number)
{
  return (Epoch *) &history->epochs[number < N_EXACT ? number
                                                     : N_EXACT + (number - N_EXACT) % N_THINNED];
}

/* Of a thinned epoch, whose entries cover more than one step, the finest level has
 * minima and maxima of its own. */
static gsize
epoch_size (guint capacity_log,
            gboolean is_thinned)
{
  const gsize capacity = (gsize) 1 << capacity_log;
  gsize n = is_thinned ? 3 * capacity : capacity;

  for (guint level = FIRST_LEVEL; level <= capacity_log; level++)
    n += 2 * (capacity >> level);
  return n * sizeof (double);
}

static gboolean
epoch_reserve (Epoch *epoch,
               guint capacity_log,
               gboolean is_thinned)
{
  const gsize n_bytes = epoch_size (capacity_log, is_thinned);
  void *memory;

  if (epoch->memory != NULL)
    return TRUE;
  memory = mmap (NULL, n_bytes, PROT_READ | PROT_WRITE,
                 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED)
    return FALSE;
  epoch->memory = memory;
  epoch->n_bytes = n_bytes;
  epoch->capacity_log = capacity_log;
  return TRUE;
}

static void
epoch_begin (Epoch *epoch,
             guint shift)
{
  const gsize capacity = (gsize) 1 << epoch->capacity_log;
  double *next = epoch->memory;

  epoch->shift = shift;
  epoch->end = (gint64) capacity << shift;
  epoch->losses = next;
  next += capacity;
  /* The finest level's minima and maxima are at index 0, level k's at k − 4. */
  epoch->minima[0] = epoch->maxima[0] = epoch->losses;
  if (shift > 0)
    {
      epoch->minima[0] = next;
      epoch->maxima[0] = next + capacity;
      next += 2 * capacity;
    }
  for (guint level = FIRST_LEVEL; level <= epoch->capacity_log; level++)
    {
      const gsize size = capacity >> level;
      epoch->minima[level - FIRST_LEVEL + 1] = next;
      epoch->maxima[level - FIRST_LEVEL + 1] = next + size;
      next += 2 * size;
    }
}

/* Enters the block of entries that ends before @end into the levels above. */
static void
epoch_fold (Epoch *epoch,
            gint64 end)
{
  gint64 i = end >> FIRST_LEVEL;
  double minimum = NAN, maximum = NAN;

  for (gint64 j = end - (1 << FIRST_LEVEL); j < end; j++)
    {
      minimum = least (minimum, epoch->minima[0][j]);
      maximum = greatest (maximum, epoch->maxima[0][j]);
    }
  store (&epoch->minima[1][i - 1], minimum);
  store (&epoch->maxima[1][i - 1], maximum);
  for (guint k = 1; i % 2 == 0 && k + FIRST_LEVEL <= epoch->capacity_log; k++, i /= 2)
    {
      const double *minima = epoch->minima[k] + i - 2;
      const double *maxima = epoch->maxima[k] + i - 2;
      store (&epoch->minima[k + 1][i / 2 - 1], least (minima[0], minima[1]));
      store (&epoch->maxima[k + 1][i / 2 - 1], greatest (maxima[0], maxima[1]));
    }
}

static void
discard_old_epoch (AgHistory *history)
{
  const gint number = atomic_load_explicit (&history->epoch, memory_order_relaxed);

  atomic_store (&history->oldest_epoch, number);
  madvise (history->former->memory, history->former->n_bytes, MADV_DONTNEED);
  history->discard_at = -1;
}

/* What is pushed next goes into another epoch, which has all that there was. */
static void
move_on (AgHistory *history,
         gint number,
         gint64 discard_at)
{
  history->former = history->current;
  history->current = epoch_nth (history, number);
  history->discard_at = discard_at;
  atomic_store_explicit (&history->epoch, number, memory_order_release);
}

/* Copies a full exact epoch into a larger one. */
static void
grow (AgHistory *history,
      gint number)
{
  const Epoch *from = history->current;
  Epoch *to = epoch_nth (history, number);

  if (history->discard_at >= 0)
    discard_old_epoch (history);
  epoch_begin (to, 0);
  memcpy (to->losses, from->losses, sizeof (double) << from->capacity_log);
  for (guint level = FIRST_LEVEL; level <= from->capacity_log; level++)
    {
      const gsize n_bytes = sizeof (double) << (from->capacity_log - level);
      const guint k = level - FIRST_LEVEL + 1;

      memcpy (to->minima[k], from->minima[k], n_bytes);
      memcpy (to->maxima[k], from->maxima[k], n_bytes);
    }
  move_on (history, number, from->end + GRACE);
}

static void
thin (AgHistory *history)
{
  const gint number = MAX (atomic_load_explicit (&history->epoch, memory_order_relaxed) + 1,
                           N_EXACT);
  const Epoch *from = history->current;
  Epoch *to = epoch_nth (history, number);
  const guint log_factor = from->capacity_log + 1 - THINNED_LOG;
  const gint64 factor = G_GINT64_CONSTANT (1) << log_factor;
  const gint64 n_kept = G_GINT64_CONSTANT (1) << (THINNED_LOG - 1);

  if (history->discard_at >= 0)
    discard_old_epoch (history);
  epoch_begin (to, from->shift + log_factor);
  for (gint64 i = 0; i < n_kept; i++)
    {
      double minimum = NAN, maximum = NAN;

      for (gint64 j = i * factor; j < (i + 1) * factor; j++)
        {
          minimum = least (minimum, from->minima[0][j]);
          maximum = greatest (maximum, from->maxima[0][j]);
        }
      store (&to->losses[i], from->losses[(i + 1) * factor - 1]);
      store (&to->minima[0][i], minimum);
      store (&to->maxima[0][i], maximum);
      if ((i + 1) % (1 << FIRST_LEVEL) == 0)
        epoch_fold (to, i + 1);
    }
  move_on (history, number, (n_kept + GRACE) << to->shift);
}

/* What is to be done when the current epoch is full. */
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
  guint capacity_log = LEAST_LOG;

  while (capacity_log < EXACT_LOG && n_steps > G_GINT64_CONSTANT (1) << capacity_log)
    capacity_log++;
  return capacity_log;
}

static gint
exact_number (gint64 n_steps)
{
  return (gint) (first_capacity_log (n_steps) - LEAST_LOG);
}

/* One that is full is thinned, in turn into one of two. */
static gboolean
is_ever_thinned (gint64 n_steps)
{
  return n_steps > G_GINT64_CONSTANT (1) << EXACT_LOG;
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
  gsize size = epoch_size (first_capacity_log (n_steps), FALSE);

  return is_ever_thinned (n_steps) ? size + 2 * epoch_size (THINNED_LOG, TRUE) : size;
}

/* The exact epoch of that number, and those that thinned losses of so many steps
 * get to. */
static gboolean
reserve (AgHistory *history,
         gint number,
         gint64 n_steps)
{
  gboolean is_reserved = epoch_reserve (&history->epochs[number], LEAST_LOG + (guint) number,
                                        FALSE);

  for (guint i = 0; i < N_THINNED && is_reserved && is_ever_thinned (n_steps); i++)
    is_reserved = epoch_reserve (&history->epochs[N_EXACT + i], THINNED_LOG, TRUE);
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

  g_atomic_ref_count_init (&history->ref_count);
  if (!reserve (history, number, n_steps))
    {
      ag_history_unref (history);
      return NULL;
    }
  history->current = &history->epochs[number];
  epoch_begin (history->current, 0);
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
  g_atomic_ref_count_inc (&history->ref_count);
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
  if (!g_atomic_ref_count_dec (&history->ref_count))
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

  Epoch *epoch = history->current;
  const gint64 i = n >> epoch->shift;
  const gint64 n_entries = (n + 1) >> epoch->shift;

  if (epoch->shift > 0)
    {
      const gboolean is_first = n == i << epoch->shift;
      store (&epoch->minima[0][i], is_first ? loss : least (epoch->minima[0][i], loss));
      store (&epoch->maxima[0][i], is_first ? loss : greatest (epoch->maxima[0][i], loss));
    }
  store (&epoch->losses[i], loss);
  if (G_UNLIKELY (n_entries > i && n_entries % (1 << FIRST_LEVEL) == 0))
    {
      epoch_fold (epoch, n_entries);
      if (history->discard_at >= 0 && n >= history->discard_at)
        discard_old_epoch (history);
    }
  history->n_pushed = n + 1;
  atomic_store_explicit (&history->n_steps, n + 1, memory_order_release);
}

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
static const Epoch *
current_epoch (const AgHistory *history,
               gint *number)
{
  *number = atomic_load_explicit (&history->epoch, memory_order_acquire);
  return epoch_nth (history, *number);
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
combine (const Epoch *epoch,
         gint64 start,
         gint64 end,
         gint64 n_complete,
         AgHistoryEntry *entry)
{
  entry->minimum = NAN;
  entry->maximum = NAN;
  for (gint64 i = start; i < end;)
    {
      guint level = FIRST_LEVEL, k = 0;

      while (level <= epoch->capacity_log && i % (G_GINT64_CONSTANT (1) << level) == 0
             && i + (G_GINT64_CONSTANT (1) << level) <= MIN (end, n_complete))
        k = level++ - FIRST_LEVEL + 1;
      const guint log_size = k == 0 ? 0 : k + FIRST_LEVEL - 1;
      entry->minimum = least (entry->minimum, load (&epoch->minima[k][i >> log_size]));
      entry->maximum = greatest (entry->maximum, load (&epoch->maxima[k][i >> log_size]));
      i += G_GINT64_CONSTANT (1) << log_size;
    }
  entry->loss = load (&epoch->losses[end - 1]);
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
      const Epoch *epoch = current_epoch (history, &number);
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
