/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * AgSpeedometer:
 * @elapsed_us: time of the stretches that ended
 * @started_us: when the present stretch began; 0 while pausing
 * @marks: times and steps at which the speed was looked at
 * @n_marks: how often that was, since the present stretch began
 *
 * Measures how long a run takes, pauses left out, and how fast it is.
 */
typedef struct
{
  gint64 elapsed_us;
  gint64 started_us;
  struct
  {
    gint64 time_us;
    gint64 step;
  } marks[32];
  guint n_marks;
} AgSpeedometer;

void ag_speedometer_start (AgSpeedometer *meter,
                           gint64 now_us,
                           gint64 step);
void ag_speedometer_stop (AgSpeedometer *meter,
                          gint64 now_us);
double ag_speedometer_elapsed (const AgSpeedometer *meter,
                               gint64 now_us);
double ag_speedometer_look (AgSpeedometer *meter,
                            gint64 now_us,
                            gint64 step);

G_END_DECLS
