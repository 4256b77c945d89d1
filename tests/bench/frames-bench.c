/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "converge-window.h"
#include "frames.h"

#include "train/trainer.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* What watching costs: frames a second and the longest wait for one while
 * training has no limit, the speed that is left to training, how soon a pause
 * takes effect, and whether memory grows. To be run by tests/ui/with-display.
 *
 *   frames-bench [SECONDS [TAB [KEPT]]]
 *
 * TAB is the one below to be seen, “Map” say; the loss if none is given. KEPT is how many
 * finished runs are kept and shown meanwhile. */

#define WIDTH 1280
#define HEIGHT 800

/* More than there is time for. */
#define STEPS G_GINT64_CONSTANT (1000000000000)

static double
resident_megabytes (void)
{
  long pages = 0;
  FILE *file = fopen ("/proc/self/statm", "r");

  if (file == NULL || fscanf (file, "%*s %ld", &pages) != 1)
    pages = 0;
  if (file != NULL)
    fclose (file);
  return (double) pages * 4096 / 1e6;
}

static void
set_up_run (AgRunSpec *spec,
            gint64 points)
{
  ag_run_spec_init (spec, ag_program_class_find ("autograd"));
  spec->steps = STEPS;
  spec->points = points;
  spec->lr = 1e-6 * 2000 / (double) points;
  spec->n_threads = 1;
  spec->pace = 0;
}

/* Steps per second with nobody watching. */
static double
measure_alone (double seconds)
{
  AgRunSpec spec;
  AgTrainer *trainer;
  AgHistory *history;
  gint64 begun_us, n_steps;
  double speed;

  set_up_run (&spec, 2000);
  trainer = ag_trainer_new (&spec, NULL);
  history = ag_trainer_history (trainer);
  ag_trainer_start (trainer);
  g_usleep (500000);
  begun_us = g_get_monotonic_time ();
  n_steps = ag_history_n_steps (history);
  g_usleep ((gulong) (seconds * G_USEC_PER_SEC));
  speed = (double) (ag_history_n_steps (history) - n_steps) * G_USEC_PER_SEC
          / (double) (g_get_monotonic_time () - begun_us);
  ag_trainer_free (trainer);
  return speed;
}

/* Returns the processor time of this thread, which tells its work on a busy machine too. */
static double
thread_seconds (void)
{
  struct timespec now;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &now);
  return (double) now.tv_sec + 1e-9 * (double) now.tv_nsec;
}

typedef struct
{
  double speed;
  double frames_per_second;
  double longest_ms;
  double cpu_ms;
} Watched;

/* As the window trains, at its size, with everything that it draws. */
static Watched
measure_watched (ConvergeWindow *window,
                 double seconds)
{
  GdkFrameClock *clock = gtk_widget_get_frame_clock (GTK_WIDGET (window));
  AgHistory *history;
  Frames frames;
  gint64 begun_us, n_steps;
  double cpu;
  Watched result;

  gtk_widget_activate_action (GTK_WIDGET (window), "win.train", NULL);
  frames_spin (3);
  history = converge_run_history (converge_window_get_run (window));
  frames_begin (&frames, clock);
  begun_us = g_get_monotonic_time ();
  n_steps = ag_history_n_steps (history);
  cpu = thread_seconds ();
  frames_spin (seconds);
  cpu = thread_seconds () - cpu;
  result.speed = (double) (ag_history_n_steps (history) - n_steps) * G_USEC_PER_SEC
                 / (double) (g_get_monotonic_time () - begun_us);
  frames_end (&frames, clock);
  result.frames_per_second = frames_per_second (&frames);
  result.cpu_ms = 1000 * cpu / (double) frames.n;
  result.longest_ms = (double) frames.longest_us / 1000;
  return result;
}

/* From the click on Pause until the window says so. */
static double
measure_pause (ConvergeWindow *window,
               guint n_rounds)
{
  ConvergeRun *run = converge_window_get_run (window);
  double longest = 0;

  for (guint i = 0; i < n_rounds; i++)
    {
      gint64 begun_us = g_get_monotonic_time ();

      gtk_widget_activate_action (GTK_WIDGET (window), "win.train", NULL);
      while (converge_run_snapshot (run)->state != AG_TRAINER_PAUSED)
        g_main_context_iteration (NULL, TRUE);
      longest = fmax (longest, (double) (g_get_monotonic_time () - begun_us) / 1000);
      gtk_widget_activate_action (GTK_WIDGET (window), "win.train", NULL);
      frames_spin (0.1 + 0.013 * i);
    }
  return longest;
}

/* Measures the memory that the window itself keeps from frame to frame, at a pace at which the
 * losses hardly count. */
static double
measure_growth (ConvergeWindow *window,
                double seconds)
{
  double memory;

  converge_settings_set_text (converge_window_get_settings (window), "pace", "1000");
  frames_spin (3);
  memory = resident_megabytes ();
  frames_spin (seconds);
  return resident_megabytes () - memory;
}

/* Finished runs of 2,000 steps, each with another rate. Returns what one of them takes. */
static double
keep_runs (ConvergeWindow *window,
           guint n_runs)
{
  ConvergeRuns *runs = converge_window_get_runs (window);
  const double before = resident_megabytes ();

  for (guint i = 0; i < n_runs; i++)
    {
      g_autoptr (ConvergeRun) run = converge_run_new ();
      AgRunSpec spec;

      set_up_run (&spec, 2000);
      spec.steps = 2000;
      spec.seed = i;
      spec.lr = 1e-7 * (1 + i % 25);
      converge_run_prepare (run, &spec, NULL);
      converge_run_start (run);
      while (converge_run_snapshot (run) == NULL
             || converge_run_snapshot (run)->state != AG_TRAINER_DONE)
        g_main_context_iteration (NULL, TRUE);
      converge_runs_add (runs, run);
    }
  converge_runs_set_selected (runs, NULL);
  frames_spin (1);
  return (resident_megabytes () - before) / MAX (n_runs, 1);
}

static void
select_tab (GtkWidget *widget,
            const char *title)
{
  if (GTK_IS_TOGGLE_BUTTON (widget)
      && g_strcmp0 (gtk_button_get_label (GTK_BUTTON (widget)), title) == 0)
    gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (widget), TRUE);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    select_tab (child, title);
}

static void
choose (ConvergeWindow *window,
        const char *points,
        const char *rate)
{
  ConvergeSettings *settings = converge_window_get_settings (window);

  converge_settings_set_text (settings, "steps", "1000000000000");
  converge_settings_set_text (settings, "points", points);
  converge_settings_set_text (settings, "lr", rate);
  converge_settings_set_text (settings, "pace", "0");
}

int
main (int argc,
      char **argv)
{
  double seconds = argc > 1 ? g_ascii_strtod (argv[1], NULL) : 20;
  const guint n_kept = argc > 3 ? (guint) g_ascii_strtoull (argv[3], NULL, 10) : 0;
  g_autoptr (AdwApplication) application = NULL;
  ConvergeWindow *window;
  double alone, pause, growth;
  Watched watched;

  gtk_init ();
  application = adw_application_new (NULL, G_APPLICATION_NON_UNIQUE);
  g_application_register (G_APPLICATION (application), NULL, NULL);
  alone = measure_alone (seconds / 2);
  window = CONVERGE_WINDOW (converge_window_new (application, NULL));
  gtk_window_set_default_size (GTK_WINDOW (window), WIDTH, HEIGHT);
  gtk_window_present (GTK_WINDOW (window));
  frames_spin (1);
  if (argc > 2)
    select_tab (GTK_WIDGET (window), argv[2]);
  if (n_kept > 0)
    g_print ("%u finished runs shown: %.2f MB each\n", n_kept, keep_runs (window, n_kept));
  choose (window, "2000", "1e-6");
  watched = measure_watched (window, seconds);
  alone = (alone + measure_alone (seconds / 2)) / 2;

  g_print ("window %d × %d, autograd, 2,000 points, no limit, %g s\n", WIDTH, HEIGHT, seconds);
  g_print ("  frames per second        %10.1f   (≥ 55)\n", watched.frames_per_second);
  g_print ("  longest between two      %10.1f ms (≤ 50)\n", watched.longest_ms);
  g_print ("  processor time a frame   %10.1f ms\n", watched.cpu_ms);
  g_print ("  steps per second         %10.0f\n", watched.speed);
  g_print ("  of those nobody watches  %10.1f %%  (≥ 95)\n", 100 * watched.speed / alone);
  pause = measure_pause (window, 20);
  g_print ("  slowest of 20 pauses     %10.1f ms (≤ 50)\n", pause);

  growth = measure_growth (window, 3 * seconds);
  g_print ("  memory grown over %3.0f s  %10.2f MB at 1,000 steps per second\n", 3 * seconds,
           growth);

  gtk_widget_activate_action (GTK_WIDGET (window), "win.stop", NULL);
  frames_spin (0.5);
  gtk_widget_activate_action (GTK_WIDGET (window), "win.stop", NULL);
  choose (window, "10000000", "1e-10");
  gtk_widget_activate_action (GTK_WIDGET (window), "win.train", NULL);
  frames_spin (2);
  pause = measure_pause (window, 20);
  g_print ("  the same at 10⁷ points   %10.1f ms (≤ 50)\n", pause);
  gtk_window_destroy (GTK_WINDOW (window));
  return 0;
}
