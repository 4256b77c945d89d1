/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>
#include <stdatomic.h>

G_BEGIN_DECLS

/**
 * AgWork:
 * @n_expected: how many elements are to be computed
 * @n_done: how many were
 * @is_cancelled: whether the rest is not wanted any more
 *
 * Work of a device that takes long, as other threads see it and may end it. Zeroed,
 * it is work that has not begun.
 */
typedef struct
{
  atomic_llong n_expected;
  atomic_llong n_done;
  atomic_int is_cancelled;
} AgWork;

/**
 * ag_work_expect:
 * @work: (nullable): work that begins, maybe once more
 * @n_elements: how much it will be
 */
static inline void
ag_work_expect (AgWork *work,
                gint64 n_elements)
{
  if (work == NULL)
    return;
  atomic_store_explicit (&work->n_done, 0, memory_order_relaxed);
  atomic_store_explicit (&work->n_expected, n_elements, memory_order_relaxed);
}

/**
 * ag_work_add:
 * @work: (nullable): work
 * @n_elements: how much more of it is done
 */
static inline void
ag_work_add (AgWork *work,
             gint64 n_elements)
{
  if (work != NULL)
    atomic_fetch_add_explicit (&work->n_done, n_elements, memory_order_relaxed);
}

/**
 * ag_work_set_cancelled:
 * @work: work
 * @is_cancelled: whether it is not wanted any more
 *
 * Ends the work as soon as who does it has noticed; it fails then.
 */
static inline void
ag_work_set_cancelled (AgWork *work,
                       gboolean is_cancelled)
{
  atomic_store_explicit (&work->is_cancelled, is_cancelled, memory_order_relaxed);
}

/**
 * ag_work_is_cancelled:
 * @work: (nullable): work
 *
 * Returns: whether it is not wanted any more
 */
static inline gboolean
ag_work_is_cancelled (AgWork *work)
{
  return work != NULL && atomic_load_explicit (&work->is_cancelled, memory_order_relaxed);
}

/**
 * ag_work_share:
 * @work: work
 *
 * Returns: how much of it is done, from 0 to 1
 */
static inline double
ag_work_share (AgWork *work)
{
  const gint64 n_expected = atomic_load_explicit (&work->n_expected, memory_order_relaxed);
  const gint64 n_done = atomic_load_explicit (&work->n_done, memory_order_relaxed);

  return n_expected > 0 ? MIN ((double) n_done / (double) n_expected, 1) : 0;
}

G_END_DECLS
