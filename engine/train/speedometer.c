/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "train/speedometer.h"

/**
 * ag_speedometer_start:
 * @meter: a speedometer, all zero at first
 * @now_us: the time, in microseconds
 * @step: number of steps taken
 *
 * Begins a stretch.
 */
void
ag_speedometer_start (AgSpeedometer *meter,
                      gint64 now_us,
                      gint64 step)
{
  meter->started_us = now_us;
  meter->n_marks = 0;
  (void) ag_speedometer_look (meter, now_us, step);
}

/**
 * ag_speedometer_stop:
 * @meter: a speedometer
 * @now_us: the time, in microseconds
 *
 * Ends the stretch, if one was begun.
 */
void
ag_speedometer_stop (AgSpeedometer *meter,
                     gint64 now_us)
{
  if (meter->started_us != 0)
    meter->elapsed_us += now_us - meter->started_us;
  meter->started_us = 0;
}

/**
 * ag_speedometer_elapsed:
 * @meter: a speedometer
 * @now_us: the time, in microseconds
 *
 * Returns: seconds in all stretches
 */
double
ag_speedometer_elapsed (const AgSpeedometer *meter,
                        gint64 now_us)
{
  gint64 present = meter->started_us != 0 ? now_us - meter->started_us : 0;

  return (double) (meter->elapsed_us + present) * 1e-6;
}

/**
 * ag_speedometer_look:
 * @meter: a speedometer
 * @now_us: the time, in microseconds
 * @step: number of steps taken
 *
 * Returns: steps per second since the look 31 looks ago, or since the stretch
 *   began; 0 when that is now
 */
double
ag_speedometer_look (AgSpeedometer *meter,
                     gint64 now_us,
                     gint64 step)
{
  const guint n = G_N_ELEMENTS (meter->marks);
  guint oldest;
  gint64 passed;

  meter->marks[meter->n_marks % n].time_us = now_us;
  meter->marks[meter->n_marks % n].step = step;
  meter->n_marks++;
  oldest = meter->n_marks > n ? meter->n_marks % n : 0;
  passed = now_us - meter->marks[oldest].time_us;
  return passed > 0 ? (double) (step - meter->marks[oldest].step) * 1e6 / (double) passed : 0;
}
