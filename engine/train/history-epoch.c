/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "train/history-private.h"

#include <math.h>
#include <sys/mman.h>

/* After thinning an entry covers several steps, so that the finest level needs a minimum and a
 * maximum as well. */
gsize
ag_history_epoch_size (guint capacity_log,
                       gboolean is_thinned)
{
  const gsize capacity = (gsize) 1 << capacity_log;
  gsize n = is_thinned ? 3 * capacity : capacity;

  for (guint level = AG_HISTORY_FIRST_LEVEL; level <= capacity_log; level++)
    n += 2 * (capacity >> level);
  return n * sizeof (double);
}

gboolean
ag_history_epoch_reserve (AgHistoryEpoch *epoch,
                          guint capacity_log,
                          gboolean is_thinned)
{
  const gsize n_bytes = ag_history_epoch_size (capacity_log, is_thinned);
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

void
ag_history_epoch_begin (AgHistoryEpoch *epoch,
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
  for (guint level = AG_HISTORY_FIRST_LEVEL; level <= epoch->capacity_log; level++)
    {
      const gsize size = capacity >> level;
      epoch->minima[level - AG_HISTORY_FIRST_LEVEL + 1] = next;
      epoch->maxima[level - AG_HISTORY_FIRST_LEVEL + 1] = next + size;
      next += 2 * size;
    }
}

/* Enters the block of entries that ends before @end into the levels above. */
void
ag_history_epoch_fold (AgHistoryEpoch *epoch,
                       gint64 end)
{
  gint64 i = end >> AG_HISTORY_FIRST_LEVEL;
  double minimum = NAN, maximum = NAN;

  for (gint64 j = end - (1 << AG_HISTORY_FIRST_LEVEL); j < end; j++)
    {
      minimum = ag_history_least (minimum, epoch->minima[0][j]);
      maximum = ag_history_greatest (maximum, epoch->maxima[0][j]);
    }
  ag_number_store (&epoch->minima[1][i - 1], minimum);
  ag_number_store (&epoch->maxima[1][i - 1], maximum);
  for (guint k = 1; i % 2 == 0 && k + AG_HISTORY_FIRST_LEVEL <= epoch->capacity_log; k++, i /= 2)
    {
      const double *minima = epoch->minima[k] + i - 2;
      const double *maxima = epoch->maxima[k] + i - 2;
      ag_number_store (&epoch->minima[k + 1][i / 2 - 1], ag_history_least (minima[0], minima[1]));
      ag_number_store (&epoch->maxima[k + 1][i / 2 - 1], ag_history_greatest (maxima[0], maxima[1]));
    }
}
