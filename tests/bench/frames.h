/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gdk/gdk.h>

G_BEGIN_DECLS

/**
 * Frames:
 * @n: how many were painted
 * @begun_us: when the first was
 * @last_us: when the last was
 * @longest_us: the longest time between two
 * @handler: what counts them
 *
 * The frames of a window while they are counted.
 */
typedef struct
{
  gint64 n;
  gint64 begun_us;
  gint64 last_us;
  gint64 longest_us;
  gulong handler;
} Frames;

void frames_begin (Frames *frames,
                   GdkFrameClock *clock);
void frames_end (Frames *frames,
                 GdkFrameClock *clock);
double frames_per_second (const Frames *frames);
void frames_spin (double seconds);

G_END_DECLS
