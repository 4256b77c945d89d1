/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fixture.h"

#include "train/run.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Runs that are over give their thread and their tensors back, and go on with the bits of runs
 * that never did. */

#define PATIENCE_US (120 * G_USEC_PER_SEC)
#define FIRST_STEPS 137
#define ALL_STEPS 400
#define N_RUNS 200
#define MANY_STEPS 300

/* How many threads may come from elsewhere: the one of the tests, and the helpers that all
 * devices share. */
#define MANY_THREADS 20

static guint
count_threads (void)
{
  g_autoptr (GDir) tasks = g_dir_open ("/proc/self/task", 0, NULL);
  guint n = 0;

  g_assert_nonnull (tasks);
  while (g_dir_read_name (tasks) != NULL)
    n++;
  return n;
}

static double
resident_mib (void)
{
  g_autofree char *text = NULL;
  long long size, resident;

  g_assert_true (g_file_get_contents ("/proc/self/statm", &text, NULL, NULL));
  g_assert_cmpint (sscanf (text, "%lld %lld", &size, &resident), ==, 2);
  return (double) resident * (double) sysconf (_SC_PAGESIZE) / (1 << 20);
}

static void
wait_for_threads (guint n)
{
  for (gint64 until_us = g_get_monotonic_time () + PATIENCE_US; count_threads () > n;)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, until_us);
      g_usleep (1000);
    }
}

/* Returns when it has no thread any more. */
static void
lay_down (AgTrainer *trainer)
{
  const guint n = count_threads ();

  ag_trainer_lay_down (trainer);
  wait_for_threads (n - 1);
}

static AgRunSpec
make_run (const AgProgramClass *program,
          const AgOptimizerClass *optimizer,
          AgDType dtype)
{
  AgRunSpec spec;

  ag_run_spec_init (&spec, program);
  if (optimizer != NULL)
    ag_run_spec_set_optimizer (&spec, optimizer);
  spec.steps = ALL_STEPS;
  spec.points = 200;
  spec.dtype = dtype;
  return spec;
}

static void
assert_same_at (AgTrainer *trainer,
                AgTrainer *reference,
                gint64 step)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AgMoment) have = ag_moments_at (ag_trainer_moments (trainer), step, NULL, &error);
  g_autoptr (AgMoment) want = ag_moments_at (ag_trainer_moments (reference), step, NULL, &error);

  g_assert_no_error (error);
  fixture_assert_same_moment (have, want);
}

static void
assert_same_run (AgTrainer *trainer,
                 const AgSnapshot *have,
                 AgTrainer *reference,
                 const AgSnapshot *want)
{
  fixture_assert_same_run (trainer, have, reference, want);
  for (guint i = 0; i < want->n_coefficients; i++)
    {
      double values[2][2 * AG_TRACE_MAX_POINTS];

      g_assert_cmpuint (ag_trace_read (ag_trainer_trace (trainer), i, values[0],
                                       values[0] + AG_TRACE_MAX_POINTS),
                        ==,
                        ag_trace_read (ag_trainer_trace (reference), i, values[1],
                                       values[1] + AG_TRACE_MAX_POINTS));
      g_assert_cmpmem (values[0], sizeof (double) * (gsize) want->step, values[1],
                       sizeof (double) * (gsize) want->step);
    }
  for (gint64 step = FIRST_STEPS - 1; step <= FIRST_STEPS + 1; step++)
    assert_same_at (trainer, reference, step);
  assert_same_at (trainer, reference, g_test_rand_int_range (0, ALL_STEPS));
}

/* The first steps are done at one rate and the others at another one. */
static void
check (const AgRunSpec *spec)
{
  AgRunSpec first = *spec;
  g_autoptr (AgTrainer) laid_down = NULL;
  g_autoptr (AgTrainer) plain = NULL;
  AgSnapshot have, want;

  first.steps = FIRST_STEPS;
  laid_down = fixture_trainer (&first);
  fixture_finish (laid_down);
  lay_down (laid_down);
  ag_trainer_set_lr (laid_down, spec->lr / 2);
  fixture_extend (laid_down, ALL_STEPS);
  have = fixture_finish (laid_down);

  plain = fixture_trainer (&first);
  fixture_finish (plain);
  ag_trainer_set_lr (plain, spec->lr / 2);
  fixture_extend (plain, ALL_STEPS);
  want = fixture_finish (plain);
  assert_same_run (laid_down, &have, plain, &want);
}

static void
test_programs (void)
{
  for (guint i = 0; i < ag_program_n_classes (); i++)
    for (AgDType dtype = AG_DTYPE_FLOAT32; dtype <= AG_DTYPE_FLOAT64; dtype++)
      for (AgPyTorch pytorch = AG_PYTORCH_1; pytorch <= AG_PYTORCH_2; pytorch++)
        {
          AgRunSpec spec = make_run (ag_program_class_nth (i), NULL, dtype);

          spec.pytorch = pytorch;
          check (&spec);
        }
}

static void
test_optimizers (void)
{
  for (guint i = 0; i < ag_optimizer_n_classes (); i++)
    {
      AgRunSpec spec = make_run (ag_program_class_find ("module"), ag_optimizer_class_nth (i),
                                 AG_DTYPE_FLOAT32);

      check (&spec);
      spec = make_run (ag_program_class_find ("dynamic"), ag_optimizer_class_nth (i),
                       AG_DTYPE_FLOAT64);
      check (&spec);
    }
}

/* Stopped anywhere, laid down, taken up for a step, and stopped again. */
static void
test_stopped (void)
{
  for (guint i = 0; i < ag_program_n_classes (); i++)
    {
      AgRunSpec spec = make_run (ag_program_class_nth (i), NULL, AG_DTYPE_FLOAT32);
      g_autoptr (AgTrainer) plain = fixture_trainer (&spec);
      g_autoptr (AgTrainer) stopped = NULL;
      AgSnapshot have, want = fixture_finish (plain);

      spec.pace = 2000;
      stopped = fixture_trainer (&spec);
      ag_trainer_start (stopped);
      fixture_wait_for (stopped, AG_TRAINER_RUNNING, 1);
      for (guint k = 0; k < 3; k++)
        {
          ag_trainer_stop (stopped);
          have = fixture_wait_for (stopped, AG_TRAINER_STOPPED, 1);
          lay_down (stopped);
          g_assert_cmpint (ag_trainer_state (stopped), ==, AG_TRAINER_STOPPED);
          ag_trainer_step (stopped);
          g_assert_cmpint (fixture_wait_for (stopped, AG_TRAINER_PAUSED, have.step + 1).step, ==,
                           have.step + 1);
        }
      ag_trainer_set_pace (stopped, 0);
      have = fixture_finish (stopped);
      assert_same_run (stopped, &have, plain, &want);
    }
}

/* It is not there for a run that goes on, and need not be asked for. */
static void
test_by_itself (void)
{
  AgRunSpec spec = make_run (ag_program_class_find ("autograd"), NULL, AG_DTYPE_FLOAT32);
  const guint n = count_threads ();
  g_autoptr (AgTrainer) trainer = fixture_trainer (&spec);

  fixture_wait_for (trainer, AG_TRAINER_IDLE, 0);
  ag_trainer_lay_down (trainer);
  ag_trainer_step (trainer);
  fixture_wait_for (trainer, AG_TRAINER_PAUSED, 1);
  ag_trainer_lay_down (trainer);
  g_assert_cmpint (fixture_finish (trainer).step, ==, ALL_STEPS);
  wait_for_threads (n);
  g_assert_cmpint (ag_trainer_state (trainer), ==, AG_TRAINER_DONE);
  fixture_extend (trainer, ALL_STEPS + 1);
  g_assert_cmpint (fixture_finish (trainer).step, ==, ALL_STEPS + 1);
}

/* A run that is being laid down obeys any command, and can be freed. */
static void
test_at_any_time (void)
{
  AgRunSpec spec = make_run (ag_program_class_find ("module"), NULL, AG_DTYPE_FLOAT32);
  gint64 n_steps = 10;

  spec.steps = n_steps;
  for (guint i = 0; i < 20; i++)
    {
      g_autoptr (AgTrainer) trainer = fixture_trainer (&spec);

      fixture_finish (trainer);
      for (n_steps = 11; n_steps < 50; n_steps++)
        {
          ag_trainer_lay_down (trainer);
          g_usleep ((gulong) g_test_rand_int_range (0, 300));
          fixture_extend (trainer, n_steps);
          g_assert_cmpint (fixture_finish (trainer).step, ==, n_steps);
        }
      ag_trainer_lay_down (trainer);
      g_usleep ((gulong) g_test_rand_int_range (0, 300));
    }
}

/* Making this many points takes long enough to be stopped. */
#define MANY_POINTS 5000000

static void
stop_preparing (AgTrainer *trainer,
                gint64 step)
{
  /* The points that were made before are all there, and the next run begins with fewer. */
  while (ag_trainer_prepared (trainer) == 0 || ag_trainer_prepared (trainer) == 1)
    g_usleep (100);
  ag_trainer_stop (trainer);
  g_assert_cmpint (fixture_wait_for (trainer, AG_TRAINER_STOPPED, 0).step, ==, step);
}

/* The data of a run are made when it begins and when it is taken up; both can be stopped, and
 * the run goes on from where it was. */
static void
test_stop_preparing (void)
{
  AgRunSpec spec = make_run (ag_program_class_find ("autograd"), NULL, AG_DTYPE_FLOAT32);
  g_autoptr (AgTrainer) trainer = NULL;
  g_autoptr (GError) error = NULL;
  double loss;

  spec.points = MANY_POINTS;
  spec.steps = 2;
  if (!ag_run_spec_check (&spec, &error))
    {
      g_test_skip (error->message);
      return;
    }
  trainer = fixture_trainer (&spec);
  ag_trainer_start (trainer);
  stop_preparing (trainer, 0);
  lay_down (trainer);
  ag_trainer_start (trainer);
  stop_preparing (trainer, 0);
  loss = fixture_finish (trainer).final_loss;

  lay_down (trainer);
  fixture_extend (trainer, 3);
  ag_trainer_start (trainer);
  stop_preparing (trainer, 2);
  g_assert_cmpint (fixture_finish (trainer).step, ==, 3);
  g_assert_cmpfloat (fixture_loss_at (trainer, 2), ==, loss);
}

/* Threads and memory of many runs. */
static void
test_many (void)
{
  g_autoptr (GPtrArray) runs = g_ptr_array_new_with_free_func ((GDestroyNotify) ag_run_unref);
  const guint n_threads = count_threads ();
  const double before = resident_mib ();
  guint most = 0;

  for (guint i = 0; i < N_RUNS; i++)
    {
      AgRunSpec spec;
      AgRun *run;

      ag_run_spec_init (&spec, ag_program_class_nth (i % ag_program_n_classes ()));
      spec.steps = MANY_STEPS;
      spec.seed = i;
      run = ag_run_new (&spec, NULL);
      g_assert_nonnull (run);
      g_ptr_array_add (runs, run);
      ag_trainer_start (ag_run_trainer (run));
      g_assert_true (ag_trainer_wait (ag_run_trainer (run), PATIENCE_US));
      ag_run_lay_down (run);
      most = MAX (most, count_threads ());
    }
  g_assert_cmpuint (most, <, n_threads + MANY_THREADS);
  wait_for_threads (n_threads + MANY_THREADS);
  g_test_message ("%u runs: at most %u threads while they were made, %u when all were done, %.0f "
                  "KiB a run",
                  N_RUNS, most, count_threads (), (resident_mib () - before) * 1024 / N_RUNS);
  for (guint i = 0; i < N_RUNS; i += 17)
    {
      AgTrainer *trainer = ag_run_trainer (g_ptr_array_index (runs, i));

      g_assert_cmpint (ag_history_n_steps (ag_trainer_history (trainer)), ==, MANY_STEPS);
      fixture_extend (trainer, MANY_STEPS + 1);
      g_assert_cmpint (fixture_finish (trainer).step, ==, MANY_STEPS + 1);
    }
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/lay-down/programs", test_programs);
  g_test_add_func ("/lay-down/optimizers", test_optimizers);
  g_test_add_func ("/lay-down/stopped", test_stopped);
  g_test_add_func ("/lay-down/by-itself", test_by_itself);
  g_test_add_func ("/lay-down/at-any-time", test_at_any_time);
  g_test_add_func ("/lay-down/stop-preparing", test_stop_preparing);
  g_test_add_func ("/lay-down/many", test_many);
  return g_test_run ();
}
