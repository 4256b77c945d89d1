/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fixture.h"

#include "base/condition.h"
#include "base/error.h"
#include "train/initial.h"
#include "train/optimum.h"
#include "train/run-check.h"
#include "train/trainer-private.h"

#include <errno.h>
#include <math.h>
#include <stdatomic.h>
#include <string.h>

#define SECOND G_USEC_PER_SEC

static AgRunSpec
make_run (const char *program)
{
  AgRunSpec spec;

  ag_run_spec_init (&spec, ag_program_class_find (program));
  return spec;
}

static void
test_done (void)
{
  AgRunSpec spec = make_run ("autograd");
  g_autoptr (AgTrainer) trainer = fixture_trainer (&spec);
  AgSnapshot snapshot = fixture_wait_for (trainer, AG_TRAINER_IDLE, 0);
  AgHistoryEntry entry;
  g_autoptr (AgOptimum) optimum = ag_run_spec_optimum (&spec, NULL);

  g_assert_cmpint (snapshot.step, ==, 0);
  g_assert_true (isnan (snapshot.loss));
  g_assert_cmpfloat (snapshot.coefficients[0], ==, ag_trainer_initial (trainer)[0]);

  ag_trainer_start (trainer);
  g_assert_true (ag_trainer_wait (trainer, 20 * SECOND));
  g_assert_cmpint (ag_trainer_state (trainer), ==, AG_TRAINER_DONE);
  g_assert_true (ag_trainer_take_snapshot (trainer, &snapshot));
  g_assert_false (ag_trainer_take_snapshot (trainer, &snapshot));
  g_assert_cmpint (snapshot.state, ==, AG_TRAINER_DONE);
  g_assert_cmpint (snapshot.step, ==, 2000);
  g_assert_cmpint (snapshot.diverged_step, ==, -1);
  g_assert_cmpfloat (snapshot.elapsed, >, 0);
  g_assert_cmpfloat (snapshot.steps_per_second, >, 0);
  g_assert_cmpint (ag_history_n_steps (ag_trainer_history (trainer)), ==, 2000);
  g_assert_cmpint (ag_history_read (ag_trainer_history (trainer), 0, 1999, 1999, 1, &entry), ==, 1);
  g_assert_cmpfloat (entry.loss, ==, snapshot.loss);
  g_assert_cmpfloat (snapshot.loss, >, optimum->loss);
  g_assert_cmpfloat (snapshot.loss, <, optimum->loss * 2);
}

/* The same bits, however the run was interrupted and on however many threads. */
static void
test_interrupted (void)
{
  AgRunSpec spec = make_run ("dynamic");
  AgTrainer *plain, *interrupted;
  AgSnapshot expected, snapshot;

  spec.steps = 50000;
  spec.points = 5000;
  spec.lr = 1e-9;
  plain = fixture_trainer (&spec);
  ag_trainer_start (plain);
  expected = fixture_wait_for (plain, AG_TRAINER_DONE, 0);

  spec.n_threads = 2;
  interrupted = fixture_trainer (&spec);
  ag_trainer_step (interrupted);
  snapshot = fixture_wait_for (interrupted, AG_TRAINER_PAUSED, 0);
  g_assert_cmpint (snapshot.step, ==, 1);
  for (guint i = 0; i < 5; i++)
    {
      ag_trainer_resume (interrupted);
      fixture_wait_for (interrupted, AG_TRAINER_RUNNING, 0);
      ag_trainer_pause (interrupted);
      if (ag_trainer_wait (interrupted, 2000))
        break;
    }
  ag_trainer_resume (interrupted);
  snapshot = fixture_wait_for (interrupted, AG_TRAINER_DONE, 0);
  g_assert_cmpint (memcmp (snapshot.coefficients, expected.coefficients,
                           sizeof (double) * expected.n_coefficients),
                   ==, 0);
  ag_trainer_free (plain);
  ag_trainer_free (interrupted);
}

static void
test_single_steps (void)
{
  AgRunSpec spec = make_run ("module");
  g_autoptr (AgTrainer) trainer = fixture_trainer (&spec);
  AgSnapshot snapshot = fixture_wait_for (trainer, AG_TRAINER_IDLE, 0);

  for (gint64 step = 1; step <= 5; step++)
    {
      ag_trainer_step (trainer);
      snapshot = fixture_wait_for (trainer, AG_TRAINER_PAUSED, 0);
      g_assert_cmpint (snapshot.step, ==, step);
      g_assert_cmpint (ag_history_n_steps (ag_trainer_history (trainer)), ==, step);
      g_usleep (2000);
      g_assert_false (ag_trainer_take_snapshot (trainer, &snapshot));
    }
  ag_trainer_stop (trainer);
  snapshot = fixture_wait_for (trainer, AG_TRAINER_STOPPED, 0);
  g_assert_cmpint (snapshot.step, ==, 5);
}

static void
test_pace (void)
{
  AgRunSpec spec = make_run ("autograd");
  g_autoptr (AgTrainer) trainer = NULL;
  AgSnapshot snapshot;
  gint64 start;

  spec.steps = 60;
  spec.pace = 200;
  trainer = fixture_trainer (&spec);
  fixture_wait_for (trainer, AG_TRAINER_IDLE, 0);
  start = g_get_monotonic_time ();
  ag_trainer_start (trainer);
  snapshot = fixture_wait_for (trainer, AG_TRAINER_DONE, 0);
  g_assert_cmpint (snapshot.step, ==, 60);
  /* Not faster than the pace; how much slower is the machine's affair. */
  g_assert_cmpint (g_get_monotonic_time () - start, >, 59 * SECOND / 200 - SECOND / 20);
}

static void
test_pace_live (void)
{
  AgRunSpec spec = make_run ("autograd");
  g_autoptr (AgTrainer) trainer = NULL;

  /* At a step in 100 seconds only a change of pace gets it done. */
  spec.pace = 0.01;
  trainer = fixture_trainer (&spec);
  ag_trainer_start (trainer);
  fixture_wait_for (trainer, AG_TRAINER_RUNNING, 0);
  g_assert_false (ag_trainer_wait (trainer, 20000));
  ag_trainer_set_pace (trainer, 0);
  g_assert_true (ag_trainer_wait (trainer, 20 * SECOND));
  g_assert_cmpint (ag_trainer_state (trainer), ==, AG_TRAINER_DONE);
}

/* A wait that fails is neither a signal nor the time that was waited for. */
static void
test_failed_wait (void)
{
  AgRunSpec spec = make_run ("autograd");
  g_autoptr (AgTrainer) trainer = fixture_trainer (&spec);

  pthread_mutex_lock (&trainer->mutex);
  g_assert_cmpint (ag_condition_wait_until (&trainer->state_changed, &trainer->mutex, 1), ==,
                   ETIMEDOUT);
  g_assert_cmpint (ag_condition_wait_until (&trainer->state_changed, &trainer->mutex, G_MININT64),
                   ==, EINVAL);
  pthread_mutex_unlock (&trainer->mutex);
  g_assert_false (ag_trainer_wait (trainer, 1));
  ag_trainer_start (trainer);
  g_assert_true (ag_trainer_wait (trainer, G_MAXINT64));
}

/* The slowest pace there is does not keep a run from being stopped. */
static void
test_slowest_pace (void)
{
  AgRunSpec spec = make_run ("autograd");
  g_autoptr (AgTrainer) trainer = NULL;

  spec.pace = AG_RUN_MIN_PACE;
  trainer = fixture_trainer (&spec);
  ag_trainer_start (trainer);
  fixture_wait_for (trainer, AG_TRAINER_RUNNING, 0);
  g_assert_false (ag_trainer_wait (trainer, 20000));
  ag_trainer_stop (trainer);
  g_assert_true (ag_trainer_wait (trainer, 10 * SECOND));
  g_assert_cmpint (ag_trainer_state (trainer), ==, AG_TRAINER_STOPPED);
}

static void
test_stop_while_waiting (void)
{
  AgRunSpec spec = make_run ("autograd");
  g_autoptr (AgTrainer) trainer = NULL;

  spec.pace = 0.01;
  trainer = fixture_trainer (&spec);
  ag_trainer_start (trainer);
  fixture_wait_for (trainer, AG_TRAINER_RUNNING, 0);
  ag_trainer_stop (trainer);
  g_assert_true (ag_trainer_wait (trainer, 10 * SECOND));
  g_assert_cmpint (ag_trainer_state (trainer), ==, AG_TRAINER_STOPPED);
}

static void
test_lr_live (void)
{
  AgRunSpec spec = make_run ("autograd");
  g_autoptr (AgTrainer) trainer = fixture_trainer (&spec);
  g_autoptr (AgSnapshot) before = NULL;
  AgSnapshot snapshot, after;

  ag_trainer_step (trainer);
  snapshot = fixture_wait_for (trainer, AG_TRAINER_PAUSED, 0);
  before = ag_snapshot_copy (&snapshot);
  ag_trainer_set_lr (trainer, 1e-7);
  ag_trainer_step (trainer);
  after = fixture_wait_for (trainer, AG_TRAINER_PAUSED, 0);
  for (guint i = 0; i < 4; i++)
    g_assert_cmpfloat_with_epsilon (after.coefficients[i],
                                    before->coefficients[i] - 1e-7 * after.gradients[i], 1e-6);
}

static void
assert_rate_change (AgTrainer *trainer,
                    guint index,
                    gint64 step,
                    double lr)
{
  const AgRateChange change = ag_rates_nth (ag_trainer_rates (trainer), index);

  g_assert_cmpint (change.step, ==, step);
  g_assert_cmpfloat (change.lr, ==, lr);
}

/* A rate counts from the first step that is taken with it; those that no step was
 * taken with were no change. */
static void
test_rate_changes (void)
{
  enum
  {
    N_CHANGES = 100
  };
  AgRunSpec spec = make_run ("autograd");
  g_autoptr (AgTrainer) trainer = fixture_trainer (&spec);

  ag_trainer_step (trainer);
  fixture_wait_for (trainer, AG_TRAINER_PAUSED, 0);
  ag_trainer_set_lr (trainer, 1e-3);
  ag_trainer_set_lr (trainer, spec.lr);
  ag_trainer_step (trainer);
  while (fixture_wait_for (trainer, AG_TRAINER_PAUSED, 0).step < 2)
    ;
  g_assert_cmpuint (ag_rates_n (ag_trainer_rates (trainer)), ==, 0);
  for (guint i = 0; i < N_CHANGES; i++)
    {
      ag_trainer_set_lr (trainer, 1e-9 * (i + 1));
      ag_trainer_step (trainer);
      while (fixture_wait_for (trainer, AG_TRAINER_PAUSED, 0).step < 3 + i)
        ;
    }
  g_assert_cmpuint (ag_rates_n (ag_trainer_rates (trainer)), ==, N_CHANGES);
  for (guint i = 0; i < N_CHANGES; i++)
    assert_rate_change (trainer, i, 2 + i, 1e-9 * (i + 1));
}

static gboolean
are_finite (const AgSnapshot *snapshot)
{
  for (guint i = 0; i < snapshot->n_coefficients; i++)
    if (!isfinite (snapshot->coefficients[i]))
      return FALSE;
  return TRUE;
}

static void
check_divergence (const char *optimizer,
                  double lr,
                  AgDType dtype)
{
  AgRunSpec spec = make_run ("module");
  g_autoptr (AgTrainer) trainer = NULL;
  AgHistoryEntry entry;
  AgSnapshot snapshot;

  ag_run_spec_set_optimizer (&spec, ag_optimizer_class_find (optimizer));
  spec.lr = lr;
  spec.dtype = dtype;
  trainer = fixture_trainer (&spec);
  ag_trainer_start (trainer);
  snapshot = fixture_wait_for (trainer, AG_TRAINER_DIVERGED, 0);
  g_assert_cmpint (snapshot.diverged_step, >=, 0);
  g_assert_cmpint (snapshot.step, ==, snapshot.diverged_step + 1);
  g_assert_true (are_finite (&snapshot));
  g_assert_cmpint (ag_history_n_steps (ag_trainer_history (trainer)), ==, snapshot.step);
  g_assert_cmpint (ag_history_read (ag_trainer_history (trainer), 0, snapshot.diverged_step,
                                    snapshot.diverged_step, 1, &entry),
                   ==, 1);
  g_assert_false (isfinite (entry.loss));
}

static void
test_divergence (void)
{
  check_divergence ("sgd", 1e-5, AG_DTYPE_FLOAT32);
  check_divergence ("sgd", 1e-5, AG_DTYPE_FLOAT64);
  check_divergence ("sgd", 1e30, AG_DTYPE_FLOAT32);
  check_divergence ("sgd", 1e300, AG_DTYPE_FLOAT64);
  check_divergence ("adam", 1e38, AG_DTYPE_FLOAT32);
}

static void
test_bad_run (void)
{
  g_autoptr (GError) error = NULL;
  AgRunSpec spec = make_run ("autograd");

  spec.lr = NAN;
  g_assert_null (ag_trainer_new (&spec, &error));
  g_assert_error (error, AG_ERROR, AG_ERROR_ARGUMENT);
}

static void
count_notifications (AgTrainer *trainer,
                     gpointer user_data)
{
  atomic_fetch_add ((atomic_int *) user_data, 1);
}

static void
test_notify (void)
{
  AgRunSpec spec = make_run ("autograd");
  g_autoptr (AgTrainer) trainer = fixture_trainer (&spec);
  atomic_int n_notifications = 0;

  fixture_wait_for (trainer, AG_TRAINER_IDLE, 0);
  ag_trainer_set_notify (trainer, count_notifications, &n_notifications);
  ag_trainer_start (trainer);
  g_assert_true (ag_trainer_wait (trainer, 20 * SECOND));
  for (gint i = 0; i < 1000 && atomic_load (&n_notifications) < 2; i++)
    g_usleep (1000);
  g_assert_cmpint (atomic_load (&n_notifications), ==, 2);
}

/* Freed in every state, and many at once. */
static void
test_free (void)
{
  for (guint i = 0; i < 20; i++)
    {
      AgRunSpec spec = make_run (ag_program_class_nth (i % ag_program_n_classes ())->id);
      AgTrainer *trainer;

      spec.steps = 100000000;
      trainer = fixture_trainer (&spec);
      if (i % 4 > 0)
        ag_trainer_start (trainer);
      if (i % 4 > 1)
        fixture_wait_for (trainer, AG_TRAINER_RUNNING, 0);
      if (i % 4 > 2)
        ag_trainer_pause (trainer);
      ag_trainer_free (trainer);
    }
}

/* Making this many points takes seconds, and a machine has room for them. */
#define MANY_POINTS 100000000

/* Stops a run whose data are being made, as soon as some are. */
static void
test_stop_preparing (void)
{
  AgRunSpec spec = make_run ("nn");
  g_autoptr (GError) error = NULL;
  g_autofree double *initial = g_new (double, spec.program->model->n_parameters);
  AgTrainer *trainer;
  AgSnapshot snapshot;

  spec.points = MANY_POINTS;
  if (!ag_run_check_points (&spec, &error))
    {
      g_test_skip (error->message);
      return;
    }
  g_assert_true (ag_run_spec_initial (&spec, initial, NULL));
  trainer = fixture_trainer (&spec);
  ag_trainer_start (trainer);
  while (ag_trainer_prepared (trainer) == 0)
    g_usleep (100);
  g_assert_false (ag_trainer_take_snapshot (trainer, &snapshot));
  ag_trainer_stop (trainer);
  snapshot = fixture_wait_for (trainer, AG_TRAINER_STOPPED, 0);
  g_assert_cmpfloat (ag_trainer_prepared (trainer), <, 0.9);
  g_assert_cmpint (snapshot.step, ==, 0);
  g_assert_cmpmem (snapshot.coefficients, sizeof (double) * snapshot.n_coefficients, initial,
                   sizeof (double) * snapshot.n_coefficients);
  g_assert_cmpmem (ag_trainer_initial (trainer), sizeof (double) * snapshot.n_coefficients,
                   initial, sizeof (double) * snapshot.n_coefficients);
  ag_trainer_free (trainer);
}

/* All that is computed for the points is counted, and beside it only the few elements
 * that are computed once. */
static void
test_prepared (void)
{
  for (guint i = 0; i < ag_program_n_classes (); i++)
    {
      AgRunSpec spec = make_run (ag_program_class_nth (i)->id);
      gint64 n_done, n_expected;
      AgTrainer *trainer;

      spec.points = 100000;
      trainer = fixture_trainer (&spec);
      fixture_wait_for (trainer, AG_TRAINER_IDLE, 0);
      g_assert_cmpfloat (ag_trainer_prepared (trainer), ==, 1);
      n_done = (gint64) atomic_load (&trainer->preparation.n_done);
      n_expected = (gint64) atomic_load (&trainer->preparation.n_expected);
      g_assert_cmpint (n_expected, >=, 2 * spec.points);
      g_assert_cmpint (n_done - n_expected, <, 100);
      ag_trainer_free (trainer);
    }
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/trainer/done", test_done);
  g_test_add_func ("/trainer/interrupted", test_interrupted);
  g_test_add_func ("/trainer/single-steps", test_single_steps);
  g_test_add_func ("/trainer/pace", test_pace);
  g_test_add_func ("/trainer/pace-live", test_pace_live);
  g_test_add_func ("/trainer/failed-wait", test_failed_wait);
  g_test_add_func ("/trainer/slowest-pace", test_slowest_pace);
  g_test_add_func ("/trainer/stop-while-waiting", test_stop_while_waiting);
  g_test_add_func ("/trainer/learning-rate-live", test_lr_live);
  g_test_add_func ("/trainer/rate-changes", test_rate_changes);
  g_test_add_func ("/trainer/divergence", test_divergence);
  g_test_add_func ("/trainer/bad-run", test_bad_run);
  g_test_add_func ("/trainer/notify", test_notify);
  g_test_add_func ("/trainer/free", test_free);
  g_test_add_func ("/trainer/prepared", test_prepared);
  g_test_add_func ("/trainer/stop-preparing", test_stop_preparing);
  return g_test_run ();
}
