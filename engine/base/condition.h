/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>
#include <pthread.h>
#include <time.h>

G_BEGIN_DECLS

/* Conditions whose waits end at a time of g_get_monotonic_time(), whatever is done to the
 * clock on the wall. They are of POSIX rather than GLib, whose ThreadSanitizer does not see. */

/**
 * ag_condition_init:
 * @condition: (out): a condition, for pthread_cond_destroy() to end
 */
static inline void
ag_condition_init (pthread_cond_t *condition)
{
  pthread_condattr_t attributes;

  pthread_condattr_init (&attributes);
  pthread_condattr_setclock (&attributes, CLOCK_MONOTONIC);
  pthread_cond_init (condition, &attributes);
  pthread_condattr_destroy (&attributes);
}

/**
 * ag_condition_wait_until:
 * @condition: a condition of ag_condition_init()
 * @mutex: its mutex, held
 * @until_us: a time of g_get_monotonic_time()
 *
 * Returns: 0 if it was signalled before, ETIMEDOUT if it was not, or another errno if it
 *   could not be waited for
 */
static inline int
ag_condition_wait_until (pthread_cond_t *condition,
                         pthread_mutex_t *mutex,
                         gint64 until_us)
{
  struct timespec until = { .tv_sec = until_us / G_USEC_PER_SEC,
                            .tv_nsec = until_us % G_USEC_PER_SEC * 1000 };

  return pthread_cond_timedwait (condition, mutex, &until);
}

G_END_DECLS
