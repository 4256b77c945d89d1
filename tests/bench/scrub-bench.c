/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "converge-window.h"
#include "frames.h"

#include <math.h>
#include <time.h>

/* Measures what it is like to drag the time line: frames a second and the longest wait for one while the
 * moment moves with each of them, how soon a moment that was asked for is there, and how many
 * frames showed another one. To be run by tests/ui/with-display.
 *
 *   scrub-bench [SECONDS [PROGRAM STEPS]]
 *
 * Without a program, runs of 2,000, 30,000 and 10⁷ steps. */

#define WIDTH 1280
#define HEIGHT 800

/* The hand goes there and back in so many seconds, and trembles. */
#define PERIOD 2.5
#define TREMBLE 0.01

/**
 * Scrub:
 * @runs: of which the selected one is gone through
 * @n_steps: how many steps it has
 * @begun_us: when the hand began to move
 * @asked: (element-type gint64 gint64): when which step was asked for
 * @n_moments: how many moments were found
 * @latency_us: how long that took, all together
 * @latest_us: and at most
 */
typedef struct
{
  ConvergeRuns *runs;
  gint64 n_steps;
  gint64 begun_us;
  GHashTable *asked;
  gint64 n_moments;
  gint64 latency_us;
  gint64 latest_us;
} Scrub;

static gboolean
move (GtkWidget *window,
      GdkFrameClock *clock,
      gpointer user_data)
{
  Scrub *scrub = user_data;
  const gint64 now_us = g_get_monotonic_time ();
  const double phase = (double) (now_us - scrub->begun_us) / (PERIOD * G_USEC_PER_SEC);
  const double share = 0.5 - 0.5 * cos (2 * G_PI * phase)
                       + TREMBLE * g_random_double_range (-1, 1);
  gint64 *step = g_new (gint64, 2);

  step[0] = (gint64) (CLAMP (share, 0, 0.999) * (double) scrub->n_steps);
  step[1] = now_us;
  converge_runs_set_step (scrub->runs, step[0]);
  g_hash_table_replace (scrub->asked, step, step + 1);
  return G_SOURCE_CONTINUE;
}

/* Seconds of a processor that the window's thread has had. */
static double
processor_time (void)
{
  struct timespec time;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &time);
  return (double) time.tv_sec + 1e-9 * (double) time.tv_nsec;
}

static void
moment_found (ConvergeRuns *runs,
              Scrub *scrub)
{
  const AgMoment *moment = converge_runs_get_moment (runs);
  const gint64 *asked_us
    = moment != NULL ? g_hash_table_lookup (scrub->asked, &moment->step) : NULL;
  gint64 latency_us;

  if (asked_us == NULL)
    return;
  latency_us = g_get_monotonic_time () - *asked_us;
  scrub->n_moments++;
  scrub->latency_us += latency_us;
  scrub->latest_us = MAX (scrub->latest_us, latency_us);
}

static void
train (ConvergeWindow *window,
       const char *program,
       const char *steps)
{
  ConvergeSettings *settings = converge_window_get_settings (window);
  const AgSnapshot *snapshot;

  converge_settings_set_text (settings, "program", program);
  converge_settings_set_text (settings, "steps", steps);
  converge_settings_set_text (settings, "pace", "0");
  gtk_widget_activate_action (GTK_WIDGET (window), "win.new-run", NULL);
  if (converge_run_spec (converge_window_get_run (window)) == NULL)
    gtk_widget_activate_action (GTK_WIDGET (window), "win.train", NULL);
  do
    {
      g_main_context_iteration (NULL, TRUE);
      snapshot = converge_run_snapshot (converge_window_get_run (window));
    }
  while (snapshot == NULL || snapshot->state != AG_TRAINER_DONE);
  frames_spin (0.5);
}

static void
measure (ConvergeWindow *window,
         const char *program,
         const char *steps,
         double seconds)
{
  GdkFrameClock *clock = gtk_widget_get_frame_clock (GTK_WIDGET (window));
  Scrub scrub = {
    .runs = converge_window_get_runs (window),
    .asked = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL),
  };
  Frames frames;
  gulong found;
  double elapsed, processor;
  guint tick;

  train (window, program, steps);
  scrub.n_steps = converge_run_snapshot (converge_window_get_run (window))->step;
  found = g_signal_connect (scrub.runs, "moment", G_CALLBACK (moment_found), &scrub);
  scrub.begun_us = g_get_monotonic_time ();
  frames_begin (&frames, clock);
  processor = processor_time ();
  tick = gtk_widget_add_tick_callback (GTK_WIDGET (window), move, &scrub, NULL);
  frames_spin (seconds);
  processor = processor_time () - processor;
  elapsed = (double) (g_get_monotonic_time () - scrub.begun_us) / G_USEC_PER_SEC;
  gtk_widget_remove_tick_callback (GTK_WIDGET (window), tick);
  frames_end (&frames, clock);
  g_signal_handler_disconnect (scrub.runs, found);
  g_print ("%s, %s steps\n", program, steps);
  g_print ("  frames per second        %10.1f   (≥ 55)\n", frames_per_second (&frames));
  g_print ("  longest between two      %10.1f ms (≤ 50)\n", (double) frames.longest_us / 1000);
  g_print ("  work for a frame         %10.1f ms (≤ 16)\n",
           1000 * processor / (double) MAX (frames.n, 1));
  g_print ("  moments per second       %10.1f\n", (double) scrub.n_moments / elapsed);
  g_print ("  a moment is there after  %10.1f ms, at most %.1f (≤ 50)\n",
           (double) scrub.latency_us / 1000 / (double) MAX (scrub.n_moments, 1),
           (double) scrub.latest_us / 1000);
  g_hash_table_unref (scrub.asked);
}

int
main (int argc,
      char **argv)
{
  const double seconds = argc > 1 ? g_ascii_strtod (argv[1], NULL) : 10;
  g_autoptr (AdwApplication) application = NULL;
  ConvergeWindow *window;

  gtk_init ();
  application = adw_application_new (NULL, G_APPLICATION_NON_UNIQUE);
  g_application_register (G_APPLICATION (application), NULL, NULL);
  window = CONVERGE_WINDOW (converge_window_new (application, NULL));
  gtk_window_set_default_size (GTK_WINDOW (window), WIDTH, HEIGHT);
  gtk_window_present (GTK_WINDOW (window));
  frames_spin (1);
  if (argc > 3)
    {
      measure (window, argv[2], argv[3], seconds);
    }
  else
    {
      measure (window, "autograd", "2000", seconds);
      measure (window, "dynamic", "30000", seconds);
      measure (window, "autograd", "10000000", seconds);
    }
  gtk_window_destroy (GTK_WINDOW (window));
  return 0;
}
