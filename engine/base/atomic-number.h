/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Numbers that one thread writes over while others read them. Loads and stores pair up as
 * acquire and release, so that who reads a later number also sees all that was written
 * before it. On x86-64 they are plain moves. */

/**
 * ag_number_load:
 * @number: a number that another thread may write over
 *
 * Returns: what it is now
 */
static inline double
ag_number_load (const double *number)
{
  double result;
  __atomic_load (number, &result, __ATOMIC_ACQUIRE);
  return result;
}

/**
 * ag_number_store:
 * @place: a number that other threads may read
 * @number: what it shall be
 *
 * Writes over a number.
 */
static inline void
ag_number_store (double *place,
                 double number)
{
  __atomic_store (place, &number, __ATOMIC_RELEASE);
}

G_END_DECLS
