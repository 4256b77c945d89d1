/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "train/sweep.h"

#include <stdlib.h>
#include <time.h>

/* sweep-bench PROGRAM[:POINTS[:OPTIMIZER[:DEVICE]]] STEPS COUNT (SETTING RANGE)…
 *
 * Makes a run of a program with each of so many values of a setting, or with each pair of
 * those of two. Prints milliseconds until the first picture was there, eight values or sixteen
 * pairs, until all were, those that all processors were busy for, and how many runs there were
 * and how many of them diverged. */

static double
busy_ms (void)
{
  struct timespec time;

  clock_gettime (CLOCK_PROCESS_CPUTIME_ID, &time);
  return (double) time.tv_sec * 1e3 + (double) time.tv_nsec / 1e6;
}

static double
passed_ms (gint64 start_us)
{
  return (double) (g_get_monotonic_time () - start_us) / 1e3;
}

static void
stop_at (const GError *error)
{
  if (error == NULL)
    return;
  g_printerr ("sweep-bench: %s\n", error->message);
  exit (1);
}

static guint
count_diverged (AgSweep *sweep)
{
  guint n = 0;

  for (guint i = 0; i < ag_sweep_n_runs (sweep); i++)
    {
      AgSweepResult result;

      n += ag_sweep_read (sweep, i, &result) && result.state == AG_TRAINER_DIVERGED;
    }
  return n;
}

int
main (int argc,
      char **argv)
{
  g_auto (GStrv) name = g_strsplit (argc == 6 || argc == 8 ? argv[1] : "", ":", 4);
  const AgProgramClass *klass = name[0] != NULL ? ag_program_class_find (name[0]) : NULL;
  AgSweepAxis *axes[AG_SWEEP_MAX_AXES];
  g_autoptr (GError) error = NULL;
  AgSweep *sweep;
  AgRunSpec spec;
  gint64 start_us;
  double first, before, all;
  guint n_axes = 0;

  if (klass == NULL)
    {
      g_printerr ("Usage: sweep-bench PROGRAM[:POINTS[:OPTIMIZER[:DEVICE]]] STEPS COUNT "
                  "(SETTING RANGE)…\n");
      return 2;
    }
  ag_run_spec_init (&spec, klass);
  spec.steps = g_ascii_strtoll (argv[2], NULL, 10);
  if (name[1] != NULL)
    spec.points = g_ascii_strtoll (name[1], NULL, 10);
  if (name[1] != NULL && name[2] != NULL)
    ag_run_spec_set_optimizer (&spec, ag_optimizer_class_find (name[2]));
  if (g_strv_length (name) > 3)
    spec.device = name[3];
  for (int i = 4; i < argc; i += 2)
    {
      axes[n_axes++] = ag_sweep_axis_new (&spec, argv[i], argv[i + 1],
                                          (guint) g_ascii_strtoull (argv[3], NULL, 10), &error);
      stop_at (error);
    }
  start_us = g_get_monotonic_time ();
  before = busy_ms ();
  sweep = ag_sweep_new (&spec, 1, axes, n_axes, 0, AG_SWEEP_PLAIN, &error);
  stop_at (error);
  while (ag_sweep_n_done (sweep) < (n_axes > 1 ? 16 : 8) && !ag_sweep_wait (sweep, 100))
    ;
  first = passed_ms (start_us);
  ag_sweep_wait (sweep, -1);
  all = passed_ms (start_us);
  stop_at (ag_sweep_error (sweep));
  g_print ("%.2f %.2f %.2f %u %u\n", first, all, busy_ms () - before, ag_sweep_n_runs (sweep),
           count_diverged (sweep));
  ag_sweep_unref (sweep);
  for (guint i = 0; i < n_axes; i++)
    ag_sweep_axis_free (axes[i]);
  return 0;
}
