/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "train/trainer.h"

#include <stdlib.h>

/* moment-bench PROGRAM POINTS STEPS LOOKS
 *
 * Trains a program with its default optimizer as the window does, and then looks up
 * so many of its moments at random. Prints nanoseconds per step of the run, KiB that
 * its moments take, and the mean and the longest time of a look-up in milliseconds. */

static void
stop_at (const GError *error)
{
  if (error == NULL)
    return;
  g_printerr ("moment-bench: %s\n", error->message);
  exit (1);
}

static void
look_up (AgMoments *moments,
         gint64 n_steps,
         guint n_looks)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (1);
  double sum = 0, longest = 0;

  for (guint i = 0; i < n_looks; i++)
    {
      const gint64 step = (gint64) (g_rand_double (random) * (double) n_steps);
      const gint64 start = g_get_monotonic_time ();
      g_autoptr (GError) error = NULL;
      AgMoment *moment = ag_moments_at (moments, step, NULL, &error);
      const double ms = (double) (g_get_monotonic_time () - start) / 1e3;

      stop_at (error);
      ag_moment_unref (moment);
      sum += ms;
      longest = MAX (longest, ms);
    }
  g_print (" %.3f %.3f\n", sum / n_looks, longest);
}

int
main (int argc,
      char **argv)
{
  const AgProgramClass *klass = argc == 5 ? ag_program_class_find (argv[1]) : NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (AgTrainer) trainer = NULL;
  AgRunSpec spec;
  gint64 start;

  if (klass == NULL)
    {
      g_printerr ("Usage: moment-bench PROGRAM POINTS STEPS LOOKS\n");
      return 2;
    }
  ag_run_spec_init (&spec, klass);
  spec.points = g_ascii_strtoll (argv[2], NULL, 10);
  spec.steps = g_ascii_strtoll (argv[3], NULL, 10);
  spec.lr *= 2000 / (double) spec.points;
  trainer = ag_trainer_new (&spec, &error);
  stop_at (error);
  start = g_get_monotonic_time ();
  ag_trainer_start (trainer);
  ag_trainer_wait (trainer, -1);
  stop_at (ag_trainer_error (trainer));
  g_print ("%.1f %" G_GSIZE_FORMAT,
           (double) (g_get_monotonic_time () - start) * 1e3 / (double) spec.steps,
           ag_moments_n_bytes (ag_trainer_moments (trainer)) / 1024);
  look_up (ag_trainer_moments (trainer), ag_history_n_steps (ag_trainer_history (trainer)),
           (guint) g_ascii_strtoull (argv[4], NULL, 10));
  return 0;
}
