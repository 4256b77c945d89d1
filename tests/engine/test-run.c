/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fixture.h"
#include "train/run.h"

#include <string.h>

/* Many runs alive at once, of every program and optimizer: what each comes to is what it
 * comes to alone, also where its moments are looked up while the others train. */

#define PATIENCE_US (120 * G_USEC_PER_SEC)
#define N_RUNS 8
#define N_STEPS 500

static AgRunSpec
make_spec (guint i)
{
  const AgProgramClass *program = ag_program_class_nth (i % ag_program_n_classes ());
  AgRunSpec spec;

  ag_run_spec_init (&spec, program);
  ag_run_spec_set_optimizer (&spec, ag_optimizer_class_nth (i % ag_optimizer_n_classes ()));
  spec.steps = N_STEPS;
  spec.seed = 7 + i;
  return spec;
}

static AgRun *
make_run (const AgRunSpec *spec)
{
  g_autoptr (GError) error = NULL;
  AgRun *run = ag_run_new (spec, &error);

  g_assert_no_error (error);
  return run;
}

static void
finish (AgRun *run)
{
  g_assert_true (ag_trainer_wait (ag_run_trainer (run), PATIENCE_US));
  g_assert_no_error (ag_trainer_error (ag_run_trainer (run)));
}

static AgMoment *
look_up (AgRun *run,
         gint64 step)
{
  g_autoptr (GError) error = NULL;
  AgMoment *moment = ag_moments_at (ag_run_moments (run), step, NULL, &error);

  g_assert_no_error (error);
  return moment;
}

static void
test_many (void)
{
  AgRun *runs[N_RUNS];

  for (guint i = 0; i < N_RUNS; i++)
    {
      AgRunSpec spec = make_spec (i);

      runs[i] = make_run (&spec);
    }
  for (guint i = 0; i < N_RUNS; i++)
    ag_trainer_start (ag_run_trainer (runs[i]));
  for (guint i = 0; i < N_RUNS; i++)
    ag_moment_unref (look_up (runs[i], N_STEPS / 3));
  for (guint i = 0; i < N_RUNS; i++)
    {
      AgRunSpec spec = make_spec (i);
      g_autoptr (AgRun) alone = NULL;

      finish (runs[i]);
      alone = make_run (&spec);
      ag_trainer_start (ag_run_trainer (alone));
      finish (alone);
      for (guint k = 0; k < 5; k++)
        {
          const gint64 step = k == 0 ? N_STEPS : g_test_rand_int_range (0, N_STEPS);
          g_autoptr (AgMoment) have = look_up (runs[i], step);
          g_autoptr (AgMoment) want = look_up (alone, step);

          fixture_assert_same_moment (have, want);
        }
    }
  for (guint i = 0; i < N_RUNS; i++)
    ag_run_unref (runs[i]);
}

static gpointer
drop (gpointer data)
{
  AgRun *run = data;

  ag_moment_unref (look_up (run, 100));
  ag_run_unref (run);
  return NULL;
}

/* The last one to hold a run ends it, on any thread. */
static void
test_references (void)
{
  AgRunSpec spec = make_spec (2);
  AgRun *run = make_run (&spec);
  GThread *thread;

  ag_trainer_start (ag_run_trainer (run));
  thread = g_thread_new ("drop", drop, ag_run_ref (run));
  g_assert_cmpint (ag_run_spec (run)->steps, ==, N_STEPS);
  ag_run_unref (run);
  g_thread_join (thread);
}

static void
test_wrong (void)
{
  g_autoptr (GError) error = NULL;
  AgRunSpec spec = make_spec (0);

  spec.steps = 0;
  g_assert_null (ag_run_new (&spec, &error));
  g_assert_nonnull (error);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/run/many", test_many);
  g_test_add_func ("/run/references", test_references);
  g_test_add_func ("/run/wrong", test_wrong);
  return g_test_run ();
}
