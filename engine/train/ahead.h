/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * AgAhead:
 * @n: how many steps may wait for their losses to be read, at least 1
 * @max: the most that @n can become; 1 on a device that computes at once, where nothing
 *   is measured
 * @noted_us: when losses were read last
 * @step_us: how long a step took then
 *
 * How far the host may run ahead of a device that computes later. Whoever wants a run to
 * stop waits until the device has done all that it was given, so that the host gives it
 * no more than it does in a few milliseconds, and takes no more steps at a time on the CPU
 * either. How much that is, is measured from the first steps on.
 */
typedef struct
{
  guint n;
  guint max;
  gint64 noted_us;
  double step_us;
} AgAhead;

void ag_ahead_init (AgAhead *ahead,
                    guint max);
void ag_ahead_start (AgAhead *ahead,
                     gint64 now_us);
void ag_ahead_note (AgAhead *ahead,
                    guint n_read,
                    gint64 now_us);

/**
 * ag_ahead_is_measured:
 * @ahead: how far the host may run ahead
 *
 * Returns: whether it wants to be told when losses were read
 */
static inline gboolean
ag_ahead_is_measured (const AgAhead *ahead)
{
  return ahead->max > 1;
}

G_END_DECLS
