/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/atomic-number.h"
#include "base/ref-count.h"
#include "train/history.h"

#include <stdatomic.h>

G_BEGIN_DECLS

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

#define AG_HISTORY_LEAST_LOG 10
#define AG_HISTORY_EXACT_LOG 24
#define AG_HISTORY_THINNED_LOG 20

/* Exact epochs are numbered by their capacity; thinned ones, of which each second
 * is in the same place, come after them. */
#define AG_HISTORY_N_EXACT (AG_HISTORY_EXACT_LOG - AG_HISTORY_LEAST_LOG + 1)
#define AG_HISTORY_N_THINNED 2

/* Minima and maxima are stored from this level on; below it, reading so few
 * entries costs less than the memory would. */
#define AG_HISTORY_FIRST_LEVEL 5
#define AG_HISTORY_N_STORED_LEVELS (AG_HISTORY_EXACT_LOG - AG_HISTORY_FIRST_LEVEL + 1)

typedef struct
{
  guint capacity_log;
  guint shift;
  gint64 end;
  gsize n_bytes;
  double *memory;
  double *losses;
  double *minima[AG_HISTORY_N_STORED_LEVELS + 1];
  double *maxima[AG_HISTORY_N_STORED_LEVELS + 1];
} AgHistoryEpoch;

struct _AgHistory
{
  AgRefCount ref_count;
  AgHistoryEpoch epochs[AG_HISTORY_N_EXACT + AG_HISTORY_N_THINNED];
  AgHistoryEpoch *current;
  AgHistoryEpoch *former;
  gint64 n_pushed;
  gint64 discard_at;
  atomic_int largest_exact;
  atomic_int epoch;
  atomic_int oldest_epoch;
  atomic_llong n_steps;
};

/* Unlike a < b ? a : b these let a NaN lose. */
static inline double
ag_history_least (double a,
                  double b)
{
  return b < a || a != a ? b : a;
}

static inline double
ag_history_greatest (double a,
                     double b)
{
  return b > a || a != a ? b : a;
}

static inline AgHistoryEpoch *
ag_history_epoch_nth (const AgHistory *history,
                      gint number)
{
  const gint n_thinnings = number - AG_HISTORY_N_EXACT;
  const gint place = n_thinnings < 0 ? number
                                     : AG_HISTORY_N_EXACT + n_thinnings % AG_HISTORY_N_THINNED;

  return (AgHistoryEpoch *) &history->epochs[place];
}

gsize ag_history_epoch_size (guint capacity_log,
                             gboolean is_thinned);
gboolean ag_history_epoch_reserve (AgHistoryEpoch *epoch,
                                   guint capacity_log,
                                   gboolean is_thinned);
void ag_history_epoch_begin (AgHistoryEpoch *epoch,
                             guint shift);
void ag_history_epoch_fold (AgHistoryEpoch *epoch,
                            gint64 end);

G_END_DECLS
