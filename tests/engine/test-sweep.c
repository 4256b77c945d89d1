/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "graph/reel.h"
#include "train/setting.h"
#include "train/sweep.h"

#include "fixture.h"

#include <math.h>
#include <string.h>

/* A sweep's runs are those that are made one by one, to the bit. CONVERGE_TEST_DEVICE can name
 * another device. */

static const char *
find_device (void)
{
  return g_getenv ("CONVERGE_TEST_DEVICE") != NULL ? g_getenv ("CONVERGE_TEST_DEVICE") : "cpu";
}

static AgRunSpec
make_spec (const char *program,
           gint64 steps)
{
  AgRunSpec spec;

  ag_run_spec_init (&spec, ag_program_class_find (program));
  spec.steps = steps;
  spec.points = 200;
  spec.device = find_device ();
  return spec;
}

static AgSweepAxis *
make_axis (const AgRunSpec *spec,
           const char *id,
           const char *range,
           guint n)
{
  g_autoptr (GError) error = NULL;
  AgSweepAxis *axis = ag_sweep_axis_new (spec, id, range, n, &error);

  g_assert_no_error (error);
  return axis;
}

static void
assert_same_number (double have,
                    double want)
{
  if (isnan (want))
    g_assert_true (isnan (have));
  else
    g_assert_cmpfloat (have, ==, want);
}

static gint64
find_near (AgTrainer *trainer,
           const AgSnapshot *snapshot,
           const AgOptimum *optimum)
{
  const gint64 n_steps = ag_history_n_steps (ag_trainer_history (trainer));
  AgHistoryEntry entry;

  for (gint64 step = 0; optimum != NULL && step < n_steps; step++)
    if (ag_history_read (ag_trainer_history (trainer), 0, step, step, 1, &entry) == 1
        && entry.loss <= 1.01 * optimum->loss)
      return step;
  return optimum != NULL && snapshot->final_loss <= 1.01 * optimum->loss ? n_steps : -1;
}

/* Makes the run alone and compares. */
static AgTrainerState
compare (AgSweep *sweep,
         guint run)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AgTrainer) trainer = NULL;
  g_autoptr (AgOptimum) optimum = NULL;
  AgHistoryEntry last = { .loss = NAN }, first = last;
  AgSweepResult result;
  AgSnapshot snapshot;
  AgRunSpec spec;
  gint64 n_steps;

  g_assert_true (ag_sweep_read (sweep, run, &result));
  ag_sweep_get_run (sweep, run, &spec, &error);
  g_assert_no_error (error);
  if (ag_sweep_optimum (sweep) != NULL)
    optimum = ag_optimum_ref ((AgOptimum *) ag_sweep_optimum (sweep));
  else if (ag_run_spec_has_exact_optimum (&spec))
    optimum = ag_run_spec_optimum (&spec, NULL);
  trainer = ag_trainer_new (&spec, &error);
  g_assert_no_error (error);
  ag_trainer_start (trainer);
  g_assert_true (ag_trainer_wait (trainer, -1));
  g_assert_true (ag_trainer_take_snapshot (trainer, &snapshot));
  n_steps = ag_history_n_steps (ag_trainer_history (trainer));
  ag_history_read (ag_trainer_history (trainer), 0, n_steps - 1, n_steps - 1, 1, &last);
  ag_history_read (ag_trainer_history (trainer), 0, 0, 0, 1, &first);

  g_assert_cmpint (result.state, ==, snapshot.state);
  assert_same_number (result.first_loss, first.loss);
  assert_same_number (result.loss, last.loss);
  assert_same_number (result.final_loss, snapshot.final_loss);
  g_assert_cmpint (result.steps_to_1_percent, ==, find_near (trainer, &snapshot, optimum));
  if (result.state == AG_TRAINER_DONE)
    for (guint i = 0; i < snapshot.n_coefficients; i++)
      assert_same_number (ag_sweep_coefficients (sweep, run)[i], snapshot.coefficients[i]);
  return result.state;
}

/* Returns how many runs diverged. */
static guint
make_and_compare (const AgRunSpec *specs,
                  guint n_specs,
                  AgSweepAxis *const *axes,
                  guint n_axes)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AgSweep) sweep = ag_sweep_new (specs, n_specs, axes, n_axes, 0, AG_SWEEP_PLAIN, &error);
  guint n_diverged = 0;

  g_assert_no_error (error);
  g_assert_true (ag_sweep_wait (sweep, -1));
  g_assert_no_error (ag_sweep_error (sweep));
  g_assert_cmpuint (ag_sweep_n_done (sweep), ==, ag_sweep_n_runs (sweep));
  for (guint run = 0; run < ag_sweep_n_runs (sweep); run++)
    n_diverged += compare (sweep, run) == AG_TRAINER_DIVERGED;
  return n_diverged;
}

static guint
sweep_one (const AgRunSpec *spec,
           const char *id,
           const char *range,
           guint n)
{
  g_autoptr (AgSweepAxis) axis = make_axis (spec, id, range, n);

  return make_and_compare (spec, 1, &axis, 1);
}

static void
test_rates (void)
{
  const guint n_programs = ag_program_n_classes ();

  for (guint i = 0; i < n_programs; i++)
    {
      AgRunSpec spec = make_spec (ag_program_class_nth (i)->id, 60);
      const guint n_diverged = sweep_one (&spec, "lr", "1e-7..1e3", 17);

      g_assert_cmpuint (n_diverged, <, 17);
      if (strcmp (spec.optimizer->id, "sgd") == 0)
        g_assert_cmpuint (n_diverged, >, 0);
    }
}

/* Enough runs for batches that are full, which some leave early, since they diverge, and others join. */
static void
test_many (void)
{
  static const char *const programs[] = { "tensors", "legendre", "dynamic" };

  for (guint i = 0; i < G_N_ELEMENTS (programs); i++)
    {
      AgRunSpec spec = make_spec (programs[i], 150);
      const guint n_diverged = sweep_one (&spec, "lr", "1e-7..10", 75);

      g_assert_cmpuint (n_diverged, >, 10);
      g_assert_cmpuint (n_diverged, <, 75);
    }
}

static void
test_optimizers (void)
{
  AgRunSpec specs[16];
  guint n_specs = 0;
  g_autoptr (AgSweepAxis) axis = NULL;

  for (; n_specs < ag_optimizer_n_classes (); n_specs++)
    {
      specs[n_specs] = make_spec ("module", 60);
      fixture_set (&specs[n_specs], "optimizer", ag_optimizer_class_nth (n_specs)->id);
    }
  axis = make_axis (&specs[0], "lr", "1e-6..10", 9);
  make_and_compare (specs, n_specs, &axis, 1);
}

/* Runs that go on from another's machine, and such as do not. */
static void
test_settings (void)
{
  AgRunSpec spec = make_spec ("autograd", 50);

  sweep_one (&spec, "momentum", "0..0.9", 7);
  sweep_one (&spec, "weight-decay", "0..1000", 5);
  sweep_one (&spec, "steps", "1..12", 12);
  sweep_one (&spec, "points", "2..40", 9);
  sweep_one (&spec, "to", "1..9", 5);
  sweep_one (&spec, "seed", "0..6", 7);
  sweep_one (&spec, "init.b", "-2..2", 7);
  fixture_set (&spec, "tries", "5");
  sweep_one (&spec, "lr", "1e-8..1e-5", 5);
  sweep_one (&spec, "seed", "0..6", 7);
  sweep_one (&spec, "tries", "1..6", 6);
  fixture_set (&spec, "hold", "a,c");
  sweep_one (&spec, "lr", "1e-8..1e-5", 5);
  sweep_one (&spec, "init.a", "-1..1", 5);
  spec = make_spec ("formula", 50);
  fixture_set (&spec, "loss", "HuberLoss");
  sweep_one (&spec, "delta", "0.01..1", 5);
  sweep_one (&spec, "lr", "1e-6..1e-2", 5);
  spec = make_spec ("dynamic", 50);
  sweep_one (&spec, "seed", "0..6", 7);
  sweep_one (&spec, "init.e", "-1e-3..1e-3", 5);
  sweep_one (&spec, "lr", "1e-9..1e-3", 9);
  fixture_set (&spec, "pytorch", "1");
  sweep_one (&spec, "momentum", "0..0.95", 5);
  spec = make_spec ("mlp", 30);
  sweep_one (&spec, "seed", "0..4", 5);
}

static void
test_map (void)
{
  AgRunSpec spec = make_spec ("legendre", 60);
  g_autoptr (AgSweepAxis) b = make_axis (&spec, "init.b", "-3..3", 9);
  g_autoptr (AgSweepAxis) d = make_axis (&spec, "init.d", "-3..3", 11);
  g_autoptr (AgSweepAxis) rate = make_axis (&spec, "lr", "1e-6..1e-2", 6);
  g_autoptr (AgSweepAxis) seed = make_axis (&spec, "seed", "1..5", 5);

  fixture_set (&spec, "init", "a=0,c=0");
  fixture_set (&spec, "lr", "1e-3");
  make_and_compare (&spec, 1, (AgSweepAxis *[]){ b, d }, 2);
  make_and_compare (&spec, 1, (AgSweepAxis *[]){ rate, seed }, 2);
  make_and_compare (&spec, 1, (AgSweepAxis *[]){ b, seed }, 2);
}

/* An update may make a coefficient infinite while no loss ever was. */
static void
test_last_update (void)
{
  AgRunSpec spec = make_spec ("autograd", 1);

  g_assert_cmpuint (sweep_one (&spec, "lr", "1e-6..1e36", 5), >, 0);
}

static void
test_cancel (void)
{
  AgRunSpec spec = make_spec ("autograd", AG_RUN_MAX_STEPS / 1000);
  g_autoptr (AgSweepAxis) axis = make_axis (&spec, "lr", "1e-8..1e-7", 9);
  g_autoptr (AgSweep) sweep = ag_sweep_new (&spec, 1, &axis, 1, 0, AG_SWEEP_PLAIN, NULL);
  AgSweepResult result;

  g_assert_false (ag_sweep_wait (sweep, 20000));
  ag_sweep_cancel (sweep);
  g_assert_true (ag_sweep_wait (sweep, -1));
  g_assert_no_error (ag_sweep_error (sweep));
  g_assert_cmpuint (ag_sweep_n_done (sweep), ==, 0);
  g_assert_false (ag_sweep_read (sweep, 0, &result));
}

/* With no thread it waits, also in the middle of a run, and then goes on as if nothing
 * had been. */
static void
test_threads (void)
{
  /* The sweep takes much longer than its first runs. */
  enum
  {
    N_RUNS = 1000
  };
  AgRunSpec spec = make_spec ("autograd", 5000);
  g_autoptr (AgSweepAxis) axis = make_axis (&spec, "lr", "1e-8..1e-5", N_RUNS);
  g_autoptr (AgSweep) sweep = ag_sweep_new (&spec, 1, &axis, 1, 1, AG_SWEEP_BACKGROUND, NULL);
  guint n_done;

  if (strcmp (find_device (), "cpu") != 0)
    {
      g_test_skip ("on a GPU all of them are over at the same time");
      return;
    }
  while (ag_sweep_n_done (sweep) < 3)
    g_assert_false (ag_sweep_wait (sweep, 100));
  ag_sweep_set_n_threads (sweep, 0);
  n_done = ag_sweep_n_done (sweep);
  g_assert_false (ag_sweep_wait (sweep, 50000));
  /* Runs that were just ending when that was said may still be told. */
  g_assert_cmpuint (ag_sweep_n_done (sweep), <=, n_done + AG_REEL_MAX_AT_ONCE);
  for (guint i = 0; !ag_sweep_wait (sweep, 1000); i++)
    ag_sweep_set_n_threads (sweep, 1 + i % 3);
  g_assert_cmpuint (ag_sweep_n_done (sweep), ==, N_RUNS);
  for (guint run = 0; run < N_RUNS; run += 167)
    compare (sweep, run);
}

/* Optima that must be searched for are left out where nobody wants to wait for them. */
static void
test_manners (void)
{
  AgRunSpec spec = make_spec ("legendre", 20);
  g_autoptr (AgSweepAxis) axis = make_axis (&spec, "lr", "1e-8..1e-6", 3);
  g_autoptr (AgSweep) hurried
    = ag_sweep_new (&spec, 1, &axis, 1, 0, AG_SWEEP_BACKGROUND | AG_SWEEP_WITHOUT_SEARCH, NULL);
  g_autoptr (AgSweep) plain = ag_sweep_new (&spec, 1, &axis, 1, 0, AG_SWEEP_PLAIN, NULL);

  g_assert_true (ag_sweep_wait (hurried, -1));
  g_assert_true (ag_sweep_wait (plain, -1));
  g_assert_null (ag_sweep_optimum (hurried));
  g_assert_nonnull (ag_sweep_optimum (plain));
  for (guint run = 0; run < 3; run++)
    {
      AgSweepResult one, other;

      g_assert_true (ag_sweep_read (hurried, run, &one) && ag_sweep_read (plain, run, &other));
      g_assert_cmpfloat (one.final_loss, ==, other.final_loss);
      g_assert_cmpint (one.steps_to_1_percent, ==, -1);
    }
}

static void
assert_values (const char *id,
               const char *range,
               guint n,
               guint n_expected,
               const char *first,
               const char *second,
               const char *last)
{
  AgRunSpec spec = make_spec ("autograd", 10);
  g_autoptr (AgSweepAxis) axis = make_axis (&spec, id, range, n);
  const char *expected[] = { first, second, last };

  g_assert_cmpuint (axis->n, ==, n_expected);
  for (guint i = 0; i < 3; i++)
    {
      g_autofree char *text = ag_sweep_axis_format (axis, i < 2 ? i : n_expected - 1);

      g_assert_cmpstr (text, ==, expected[i]);
    }
  for (guint i = 1; i < axis->n; i++)
    g_assert_cmpfloat (axis->values[i], >, axis->values[i - 1]);
}

static void
test_ranges (void)
{
  assert_values ("lr", "1e-8..1e-4", 5, 5, "1e-08", "1e-07", "0.0001");
  assert_values ("lr", "1e-8..1e-4:linear", 5, 5, "1e-08", "2.50075e-05", "0.0001");
  assert_values ("lr", "1e-6..2e-6", 3, 3, "1e-06", "1.5e-06", "2e-06");
  assert_values ("lr", "1e-6..2e-6:log", 3, 3, "1e-06", "1.41421e-06", "2e-06");
  assert_values ("momentum", "0..0.9", 4, 4, "0.0", "0.3", "0.9");
  assert_values ("from", "-pi..1", 3, 3, "-3.141592653589793", "-1.0708", "1.0");
  assert_values ("seed", "0..3", 200, 4, "0", "1", "3");
  assert_values ("points", "2..2000", 4, 4, "2", "20", "2000");
  assert_values ("lr", "1..1.0000001", 3, 3, "1.0", "1.0000000500000001", "1.0000001");
  assert_values ("init.d", "-1..1", 3, 3, "-1.0", "0.0", "1.0");
}

/* A run that was made for other axes may have no place on this one. */
static void
test_now (void)
{
  static const struct
  {
    const char *id;
    const char *range;
    double expected;
    double of_other;
  } axes[] = {
    { "momentum", "0..0.9", 0.25, NAN },
    { "lr", "1e-8..1e-4", 1e-6, 0.003 },
    { "init.d", "-1..1", 2, NAN },
  };
  AgRunSpec spec, other;

  ag_run_spec_init (&spec, ag_program_class_find ("autograd"));
  g_assert_true (ag_setting_parse (ag_setting_find (&spec, "init"), "d=2", &spec, NULL));
  g_assert_true (ag_setting_parse (ag_setting_find (&spec, "momentum"), "0.25", &spec, NULL));
  ag_run_spec_init (&other, ag_program_class_find ("mlp"));
  for (guint i = 0; i < G_N_ELEMENTS (axes); i++)
    {
      g_autoptr (AgSweepAxis) axis = make_axis (&spec, axes[i].id, axes[i].range, 3);

      assert_same_number (ag_sweep_axis_now (axis, &spec), axes[i].expected);
      assert_same_number (ag_sweep_axis_now (axis, &other), axes[i].of_other);
    }
}

/* Every suggested axis can be swept. */
static void
test_suggestions (void)
{
  AgRunSpec spec = make_spec ("autograd", 2000);
  g_autofree char *rates = ag_sweep_suggest (&spec, 1, "lr");

  g_assert_cmpstr (rates, ==, "1e-8..0.0001");
  for (guint i = 0; i < ag_program_n_classes (); i++)
    for (guint k = 0; k < ag_optimizer_n_classes (); k++)
      {
        g_autoptr (GPtrArray) ids = NULL;

        spec = make_spec (ag_program_class_nth (i)->id, 2000);
        fixture_set (&spec, "optimizer", ag_optimizer_class_nth (k)->id);
        ids = ag_sweep_subjects (&spec);
        for (guint j = 0; j < ids->len; j++)
          {
            const char *id = g_ptr_array_index (ids, j);
            g_autofree char *range = ag_sweep_suggest (&spec, 1, id);
            g_autoptr (AgSweepAxis) axis = make_axis (&spec, id, range, 3);

            for (guint n = 0; n < axis->n; n++)
              {
                g_autoptr (GError) error = NULL;

                ag_sweep_axis_apply (axis, n, &spec, &error);
                g_assert_no_error (error);
              }
          }
      }
}

static void
assert_refused (const char *id,
                const char *range,
                const char *reason)
{
  AgRunSpec spec = make_spec ("autograd", 10);
  g_autoptr (GError) error = NULL;
  g_autoptr (AgSweepAxis) axis = ag_sweep_axis_new (&spec, id, range, 5, &error);
  g_autoptr (AgSweep) sweep = axis != NULL ? ag_sweep_new (&spec, 1, &axis, 1, 0, AG_SWEEP_PLAIN, &error) : NULL;

  g_assert_null (sweep);
  g_assert_nonnull (error);
  if (strstr (error->message, reason) == NULL)
    g_error ("“%s” says nothing of “%s”", error->message, reason);
}

static void
test_errors (void)
{
  assert_refused ("lr", "1e-6", "two dots");
  assert_refused ("lr", "1e-4..1e-8", "smaller number");
  assert_refused ("lr", "1e-8..", "“”");
  assert_refused ("lr", "1e-8..1e-4:cubic", ":linear");
  assert_refused ("lr", "-1..1:log", "logarithms");
  assert_refused ("lr", "-1..1", "above 0");
  assert_refused ("momentum", "0..1", "below 1");
  assert_refused ("seed", "0.5..4", "whole numbers");
  assert_refused ("alpha", "0..0.9", "has no option");
  assert_refused ("init.z", "0..1", "no parameter");
  assert_refused ("dtype", "0..1", "no number");
  assert_refused ("nesterov", "0..1", "no number");
  assert_refused ("threads", "1..2", "no number");
  assert_refused ("from", "0..9", "smaller number");
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sweep/rates", test_rates);
  g_test_add_func ("/sweep/many", test_many);
  g_test_add_func ("/sweep/optimizers", test_optimizers);
  g_test_add_func ("/sweep/settings", test_settings);
  g_test_add_func ("/sweep/map", test_map);
  g_test_add_func ("/sweep/last-update", test_last_update);
  g_test_add_func ("/sweep/cancel", test_cancel);
  g_test_add_func ("/sweep/threads", test_threads);
  g_test_add_func ("/sweep/manners", test_manners);
  g_test_add_func ("/sweep/ranges", test_ranges);
  g_test_add_func ("/sweep/now", test_now);
  g_test_add_func ("/sweep/suggestions", test_suggestions);
  g_test_add_func ("/sweep/errors", test_errors);
  return g_test_run ();
}
