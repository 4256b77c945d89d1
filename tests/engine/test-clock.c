/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "train/clock.h"
#include "train/run.h"

#include <math.h>

/* When a run took its steps is known in bounded memory, and without pauses. */

static void
test_interpolated (void)
{
  g_autoptr (AgClock) clock = ag_clock_new ();
  double steps[AG_CLOCK_MAX_MARKS], times[AG_CLOCK_MAX_MARKS];
  guint n;

  g_assert_true (isnan (ag_clock_at (clock, 3)));
  ag_clock_mark (clock, 0, 0);
  ag_clock_mark (clock, 10, 50);
  ag_clock_mark (clock, 10, 70);
  ag_clock_mark (clock, 30, 90);
  n = ag_clock_read (clock, steps, times);
  g_assert_cmpuint (n, ==, 3);
  g_assert_cmpfloat (ag_clock_at (clock, 0), ==, 0);
  g_assert_cmpfloat (ag_clock_at (clock, 5), ==, 25);
  g_assert_cmpfloat (ag_clock_at (clock, 20), ==, 70);
  g_assert_cmpfloat (ag_clock_at (clock, 31), ==, 90);
  g_assert_cmpfloat (ag_clock_interpolate (n, times, steps, 70), ==, 20);
  g_assert_cmpfloat (ag_clock_interpolate (n, times, steps, 1e9), ==, 30);
}

/* However many marks there are, those that are kept are evenly spaced, with the first and the last
 * one. */
static void
test_bounded (void)
{
  g_autoptr (AgClock) clock = ag_clock_new ();
  g_autoptr (AgClock) copy = NULL;
  double steps[AG_CLOCK_MAX_MARKS], times[AG_CLOCK_MAX_MARKS];
  guint n;

  for (gint64 step = 0; step <= 100000; step++)
    {
      ag_clock_mark (clock, step, 2.0 * (double) step);
      g_assert_cmpfloat (ag_clock_at (clock, (double) step), ==, 2.0 * (double) step);
    }
  n = ag_clock_read (clock, steps, times);
  g_assert_cmpuint (n, >, AG_CLOCK_MAX_MARKS / 4);
  g_assert_cmpfloat (steps[0], ==, 0);
  g_assert_cmpfloat (steps[n - 1], ==, 100000);
  for (guint i = 1; i + 1 < n; i++)
    g_assert_cmpfloat (steps[i] - steps[i - 1], <=, 512);
  copy = ag_clock_copy (clock, 777);
  g_assert_cmpfloat (ag_clock_at (copy, 1e9), ==, 2 * 777);
}

/* That of a run goes on from where it was, whatever the pauses were, and a branch has that of the
 * steps in common. */
static void
test_run (void)
{
  g_autoptr (GError) error = NULL;
  AgRunSpec spec;
  AgRun *run, *branch;
  double before, after, elapsed;
  AgSnapshot snapshot;

  ag_run_spec_init (&spec, ag_program_class_find ("autograd"));
  spec.steps = 2000;
  run = ag_run_new (&spec, &error);
  g_assert_no_error (error);
  ag_trainer_start (ag_run_trainer (run));
  g_assert_true (ag_trainer_wait (ag_run_trainer (run), -1));
  while (!ag_trainer_take_snapshot (ag_run_trainer (run), &snapshot)
         || snapshot.state != AG_TRAINER_DONE)
    g_usleep (1000);
  elapsed = 1e6 * snapshot.elapsed;
  before = ag_clock_at (ag_run_clock (run), 2000);
  g_assert_cmpfloat (before, >, 0);
  g_assert_cmpfloat (before, <=, elapsed + 1);
  g_assert_cmpfloat (ag_clock_at (ag_run_clock (run), 100), <, before);
  g_usleep (100000);
  g_assert_true (ag_trainer_extend (ag_run_trainer (run), 2001, &error));
  ag_trainer_start (ag_run_trainer (run));
  g_assert_true (ag_trainer_wait (ag_run_trainer (run), -1));
  after = ag_clock_at (ag_run_clock (run), 2001);
  g_assert_cmpfloat (after, >=, before);
  spec.steps = 3000;
  branch = ag_run_new_branch (&spec, run, 1000, &error);
  g_assert_no_error (error);
  g_assert_cmpfloat (ag_clock_at (ag_run_clock (branch), 1000), ==, ag_clock_at (ag_run_clock (run), 1000));
  ag_trainer_start (ag_run_trainer (branch));
  g_assert_true (ag_trainer_wait (ag_run_trainer (branch), -1));
  g_assert_cmpfloat (ag_clock_at (ag_run_clock (branch), 3000), >, ag_clock_at (ag_run_clock (run), 1000));
  ag_run_unref (branch);
  ag_run_unref (run);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/clock/interpolated", test_interpolated);
  g_test_add_func ("/clock/bounded", test_bounded);
  g_test_add_func ("/clock/run", test_run);
  return g_test_run ();
}
