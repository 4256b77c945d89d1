/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "frames.h"

static void
frame_painted (GdkFrameClock *clock,
               Frames *frames)
{
  gint64 now_us = g_get_monotonic_time ();

  if (frames->last_us != 0)
    frames->longest_us = MAX (frames->longest_us, now_us - frames->last_us);
  else
    frames->begun_us = now_us;
  frames->last_us = now_us;
  frames->n++;
}

/* Counts from now on. */
void
frames_begin (Frames *frames,
              GdkFrameClock *clock)
{
  *frames = (Frames){ 0 };
  frames->handler = g_signal_connect (clock, "after-paint", G_CALLBACK (frame_painted), frames);
}

void
frames_end (Frames *frames,
            GdkFrameClock *clock)
{
  g_signal_handler_disconnect (clock, frames->handler);
}

double
frames_per_second (const Frames *frames)
{
  return (double) (frames->n - 1) * G_USEC_PER_SEC / (double) (frames->last_us - frames->begun_us);
}

static gboolean
set_true (gpointer data)
{
  *(gboolean *) data = TRUE;
  return G_SOURCE_REMOVE;
}

/* Lets the main loop do its work for so long. */
void
frames_spin (double seconds)
{
  gboolean is_over = FALSE;

  g_timeout_add ((guint) (1000 * seconds), set_true, &is_over);
  while (!is_over)
    g_main_context_iteration (NULL, TRUE);
}
