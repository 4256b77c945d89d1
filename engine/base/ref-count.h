/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The holders of something are counted here, whichever thread they are on. The last one to let
 * go of it sees all that the others did with it. GLib's gatomicrefcount is the same, but
 * ThreadSanitizer does not see into GLib. */

/**
 * AgRefCount:
 *
 * A number of holders.
 */
typedef gint AgRefCount;

/**
 * ag_ref_count_init:
 * @count: (out): a count, that of who makes it
 */
static inline void
ag_ref_count_init (AgRefCount *count)
{
  *count = 1;
}

/**
 * ag_ref_count_inc:
 * @count: a count
 *
 * Counts another holder.
 */
static inline void
ag_ref_count_inc (AgRefCount *count)
{
  __atomic_add_fetch (count, 1, __ATOMIC_RELAXED);
}

/**
 * ag_ref_count_dec:
 * @count: a count
 *
 * Counts one holder less.
 *
 * Returns: whether that was the last one
 */
static inline gboolean
ag_ref_count_dec (AgRefCount *count)
{
  return __atomic_sub_fetch (count, 1, __ATOMIC_ACQ_REL) == 0;
}

G_END_DECLS
