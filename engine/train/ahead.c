/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "train/ahead.h"

#include <math.h>

/* All steps that wait take about so long together. A command is to be obeyed within 50 ms, and a
 * measured time may be half of the true one where the device did some of the steps before. */
#define MAX_WAIT_US 10000

/* Before anything was measured a step may take any time. Two are enough for the device to have
 * one to go on with while the host records the other. */
#define N_AT_FIRST 2

/**
 * ag_ahead_init:
 * @ahead: (out): how far the host may run ahead
 * @max: how many steps the device lets wait, see ag_device_n_ahead()
 */
void
ag_ahead_init (AgAhead *ahead,
               guint max)
{
  *ahead = (AgAhead){ .n = MIN (N_AT_FIRST, max), .max = max };
}

/**
 * ag_ahead_start:
 * @ahead: how far the host may run ahead
 * @now_us: the time
 *
 * To be called where steps begin to be taken, at first or after a pause, in which the
 * device had nothing to do.
 */
void
ag_ahead_start (AgAhead *ahead,
                gint64 now_us)
{
  ahead->noted_us = now_us;
}

/**
 * ag_ahead_note:
 * @ahead: how far the host may run ahead
 * @n_read: how many losses were read
 * @now_us: the time
 *
 * To be called when the oldest losses were read. That many steps took no longer than the
 * time since losses were read before, which is what counts, or the time before that if it
 * was more, since some of the steps may have been done then already. From one call to the
 * next the number of steps at most doubles.
 */
void
ag_ahead_note (AgAhead *ahead,
               guint n_read,
               gint64 now_us)
{
  double step_us, fitting;

  if (n_read == 0)
    return;
  step_us = (double) (now_us - ahead->noted_us) / n_read;
  fitting = MAX_WAIT_US / fmax (fmax (step_us, ahead->step_us), 1e-3);
  ahead->n = (guint) fmax (fmin (fmin (fitting, 2.0 * ahead->n), ahead->max), 1);
  ahead->step_us = step_us;
  ahead->noted_us = now_us;
}
