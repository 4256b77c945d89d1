/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fixture.h"

#include "base/error.h"
#include "train/remake.h"
#include "train/run-file.h"
#include "train/run.h"

#include <glib/gstdio.h>

#include <math.h>
#include <string.h>

/* Runs that go on from a step of another one. */

#define PATIENCE_US (120 * G_USEC_PER_SEC)
#define N_STEPS 90
#define CHANGED 20
#define POINTS 100

static void
finish (AgRun *run)
{
  ag_trainer_start (ag_run_trainer (run));
  g_assert_true (ag_trainer_wait (ag_run_trainer (run), PATIENCE_US));
  g_assert_no_error (ag_trainer_error (ag_run_trainer (run)));
}

/* A run whose rate was changed under way. */
static AgRun *
make_run (const AgRunSpec *spec,
          double lr)
{
  g_autoptr (GError) error = NULL;
  AgRunSpec beginning = *spec;
  AgRun *run;

  beginning.steps = CHANGED;
  run = ag_run_new (&beginning, &error);
  g_assert_no_error (error);
  finish (run);
  ag_trainer_set_lr (ag_run_trainer (run), lr);
  g_assert_true (ag_trainer_extend (ag_run_trainer (run), spec->steps, &error));
  finish (run);
  return run;
}

static AgRun *
branch (const AgRunSpec *spec,
        AgRun *origin,
        gint64 step)
{
  g_autoptr (GError) error = NULL;
  AgRun *run = ag_run_new_branch (spec, origin, step, &error);

  g_assert_no_error (error);
  return run;
}

static void
assert_same_losses (AgRun *a,
                    AgRun *b,
                    gint64 n_steps)
{
  for (gint64 step = 0; step < n_steps; step++)
    {
      AgHistoryEntry of_a, of_b;

      g_assert_cmpint (ag_history_read (ag_run_history (a), 0, step, step, 1, &of_a), ==, 1);
      g_assert_cmpint (ag_history_read (ag_run_history (b), 0, step, step, 1, &of_b), ==, 1);
      g_assert_cmpmem (&of_a.loss, sizeof of_a.loss, &of_b.loss, sizeof of_b.loss);
    }
}

static void
assert_same_moment_at (AgRun *a,
                       AgRun *b,
                       gint64 step)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AgMoment) of_a = ag_moments_at (ag_run_moments (a), step, NULL, &error);
  g_autoptr (AgMoment) of_b = NULL;

  g_assert_no_error (error);
  of_b = ag_moments_at (ag_run_moments (b), step, NULL, &error);
  g_assert_no_error (error);
  fixture_assert_same_moment (of_a, of_b);
}

static void
assert_same_end (AgRun *a,
                 AgRun *b)
{
  AgSnapshot of_a, of_b;

  g_assert_true (ag_trainer_take_snapshot (ag_run_trainer (a), &of_a));
  g_assert_true (ag_trainer_take_snapshot (ag_run_trainer (b), &of_b));
  g_assert_cmpint (of_a.step, ==, of_b.step);
  g_assert_cmpmem (of_a.coefficients, sizeof (double) * of_a.n_coefficients, of_b.coefficients,
                   sizeof (double) * of_b.n_coefficients);
  g_assert_cmpmem (&of_a.final_loss, sizeof of_a.final_loss, &of_b.final_loss,
                   sizeof of_b.final_loss);
}

/* Without a change it goes on as the other one did, to the bit, and so does a branch of it. */
static void
check_same (const AgRunSpec *spec)
{
  const double changed = spec->lr * 0.5;
  g_autoptr (AgRun) origin = make_run (spec, changed);
  g_autoptr (AgRun) first = NULL;
  g_autoptr (AgRun) second = NULL;
  AgRunSpec on = *spec;

  on.lr = changed;
  first = branch (&on, origin, 37);
  finish (first);
  assert_same_losses (origin, first, spec->steps);
  assert_same_moment_at (origin, first, 5);
  assert_same_moment_at (origin, first, 36);
  assert_same_moment_at (origin, first, 37);
  assert_same_moment_at (origin, first, 38);
  assert_same_moment_at (origin, first, spec->steps);
  g_assert_cmpuint (ag_rates_n (ag_run_rates (first)), ==, 1);

  second = branch (&on, first, 61);
  ag_run_unref (g_steal_pointer (&first));
  finish (second);
  assert_same_losses (origin, second, spec->steps);
  assert_same_moment_at (origin, second, 12);
  assert_same_moment_at (origin, second, 50);
  assert_same_moment_at (origin, second, 75);
  assert_same_end (origin, second);
}

static void
test_same (void)
{
  for (guint i = 0; i < ag_program_n_classes (); i++)
    for (guint k = 0; k < ag_optimizer_n_classes (); k++)
      for (guint version = 0; version < 2; version++)
        {
          AgRunSpec spec;

          ag_run_spec_init (&spec, ag_program_class_nth (i));
          ag_run_spec_set_optimizer (&spec, ag_optimizer_class_nth (k));
          spec.steps = N_STEPS;
          spec.points = POINTS;
          spec.pytorch = (AgPyTorch) version;
          check_same (&spec);
        }
}

/* From its very beginning, and from its end on. */
static void
test_ends (void)
{
  g_autoptr (AgRun) first = NULL;
  g_autoptr (AgRun) origin = NULL;
  g_autoptr (AgRun) again = NULL;
  g_autoptr (AgRun) further = NULL;
  g_autoptr (AgRun) whole = NULL;
  AgRunSpec spec;

  ag_run_spec_init (&spec, ag_program_class_find ("dynamic"));
  spec.steps = N_STEPS;
  first = make_run (&spec, spec.lr);
  origin = branch (&spec, first, 0);
  finish (origin);
  again = make_run (&spec, spec.lr);
  assert_same_losses (origin, again, N_STEPS);

  spec.steps = 2 * N_STEPS;
  further = branch (&spec, again, N_STEPS);
  finish (further);
  whole = make_run (&spec, spec.lr);
  assert_same_losses (further, whole, 2 * N_STEPS);
  assert_same_end (further, whole);
}

/* Settings that a branch changes change nothing before it begins. */
static void
test_other_rate (void)
{
  g_autoptr (AgRun) origin = NULL;
  g_autoptr (AgRun) other = NULL;
  g_autoptr (AgRun) live = NULL;
  g_autoptr (GError) error = NULL;
  double steps[AG_TRACE_MAX_POINTS], of_origin[AG_TRACE_MAX_POINTS], of_other[AG_TRACE_MAX_POINTS];
  AgRunSpec spec, until;

  ag_run_spec_init (&spec, ag_program_class_find ("autograd"));
  spec.steps = N_STEPS;
  origin = make_run (&spec, spec.lr);
  spec.lr *= 3;
  other = branch (&spec, origin, 37);
  finish (other);
  assert_same_losses (origin, other, 38);
  g_assert_cmpuint (ag_rates_n (ag_run_rates (other)), ==, 1);
  g_assert_cmpint (ag_rates_nth (ag_run_rates (other), 0).step, ==, 37);
  g_assert_cmpuint (ag_trace_read (ag_run_trace (origin), 1, steps, of_origin), ==, N_STEPS + 1);
  g_assert_cmpuint (ag_trace_read (ag_run_trace (other), 1, steps, of_other), ==, N_STEPS + 1);
  g_assert_cmpmem (of_origin, sizeof (double) * 38, of_other, sizeof (double) * 38);
  g_assert_cmpfloat (of_origin[39], !=, of_other[39]);

  /* As if the rate had been changed while the run was under way. */
  until = *ag_run_spec (origin);
  until.steps = 37;
  live = ag_run_new (&until, &error);
  finish (live);
  ag_trainer_set_lr (ag_run_trainer (live), spec.lr);
  g_assert_true (ag_trainer_extend (ag_run_trainer (live), N_STEPS, &error));
  finish (live);
  assert_same_losses (live, other, N_STEPS);
  assert_same_end (live, other);
}

/* Another optimizer goes on from the same coefficients, and begins anew. */
static void
test_other_optimizer (void)
{
  g_autoptr (AgRun) origin = NULL;
  g_autoptr (AgRun) other = NULL;
  g_autoptr (AgMoment) before = NULL;
  g_autoptr (AgMoment) after = NULL;
  AgRunSpec spec;

  ag_run_spec_init (&spec, ag_program_class_find ("module"));
  spec.steps = N_STEPS;
  origin = make_run (&spec, spec.lr);
  ag_run_spec_set_optimizer (&spec, ag_optimizer_class_find ("adam"));
  other = branch (&spec, origin, 37);
  finish (other);
  assert_same_moment_at (origin, other, 37);
  before = ag_moments_at (ag_run_moments (other), 37, NULL, NULL);
  after = ag_moments_at (ag_run_moments (other), 38, NULL, NULL);
  g_assert_cmpfloat (after->n_updates[0], ==, 1);
  /* Adam's first step has the length of the rate, whatever the gradient. */
  for (guint i = 0; i < after->n_parameters; i++)
    fixture_assert_near (fabs (after->coefficients[i] - before->coefficients[i]), spec.lr, 1e-4);
}

static void
expect_refusal (const AgRunSpec *spec,
                AgRun *origin,
                gint64 step,
                const char *sentence)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (ag_run_new_branch (spec, origin, step, &error));
  g_assert_error (error, AG_ERROR, AG_ERROR_ARGUMENT);
  g_assert_nonnull (strstr (error->message, sentence));
}

static void
test_refused (void)
{
  g_autoptr (AgRun) origin = NULL;
  AgRunSpec spec, other;

  ag_run_spec_init (&spec, ag_program_class_find ("module"));
  spec.steps = N_STEPS;
  origin = make_run (&spec, spec.lr);
  expect_refusal (&spec, origin, N_STEPS, "nothing to do");
  spec.steps = 10 * N_STEPS;
  expect_refusal (&spec, origin, N_STEPS + 1, "not come to step 91");
  ag_run_spec_init (&other, ag_program_class_find ("nn"));
  expect_refusal (&other, origin, 10, "same program");
}

static void
write_file (AgRun *run,
            const char *path,
            AgSnapshot *snapshot)
{
  g_autoptr (AgTransaction) transaction = ag_transaction_new ();
  g_autoptr (GError) error = NULL;

  g_assert_true (ag_trainer_take_snapshot (ag_run_trainer (run), snapshot));
  ag_run_file_write (transaction, path, ag_run_spec (run), snapshot, ag_run_rates (run), NULL, &error);
  g_assert_no_error (error);
  ag_transaction_commit (transaction, &error);
  g_assert_no_error (error);
}

/* A branch of a branch with other optimizers, options and rates is made again by its run file, to
 * the bit, and the file of that is the same again. */
static void
test_remade (void)
{
  g_autofree char *path = g_build_filename (g_get_tmp_dir (), "converge-branch.run.json", NULL);
  g_autoptr (GError) error = NULL;
  AgRunSpec spec = { 0 }, read, other;
  g_autoptr (AgRun) origin = NULL;
  g_autoptr (AgRun) first = NULL;
  g_autoptr (AgRun) second = NULL;
  g_autoptr (AgRates) changes = NULL;
  g_autoptr (AgTrainer) remade = NULL;
  AgSnapshot of_run, of_remade;

  ag_run_spec_init (&spec, ag_program_class_find ("autograd"));
  spec.steps = N_STEPS;
  spec.points = POINTS;
  origin = make_run (&spec, spec.lr * 0.5);
  other = spec;
  ag_run_spec_set_optimizer (&other, ag_optimizer_class_find ("rmsprop"));
  other.lr = 2e-3;
  first = branch (&other, origin, 37);
  finish (first);
  other.options[ag_optimizer_class_find_option (other.optimizer, "momentum")] = 0.5;
  other.steps = N_STEPS + 10;
  second = branch (&other, first, 60);
  finish (second);
  g_assert_cmpuint (ag_rates_n_optimizers (ag_run_rates (second)), ==, 2);

  write_file (second, path, &of_run);
  g_assert_true (ag_run_file_read (path, &read, &error));
  changes = ag_run_file_read_changes (path, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (ag_rates_n_optimizers (changes), ==, 2);
  g_assert_cmpuint (ag_rates_n (changes), ==, ag_rates_n (ag_run_rates (second)));
  remade = ag_trainer_remake (&read, changes, NULL, &error);
  g_assert_no_error (error);
  ag_trainer_start (remade);
  g_assert_true (ag_trainer_wait (remade, PATIENCE_US));
  for (gint64 step = 0; step < other.steps; step++)
    {
      AgHistoryEntry a, b;

      g_assert_cmpint (ag_history_read (ag_run_history (second), 0, step, step, 1, &a), ==, 1);
      g_assert_cmpint (ag_history_read (ag_trainer_history (remade), 0, step, step, 1, &b), ==, 1);
      g_assert_cmpmem (&a.loss, sizeof a.loss, &b.loss, sizeof b.loss);
    }
  g_assert_true (ag_trainer_take_snapshot (remade, &of_remade));
  g_assert_cmpmem (of_run.coefficients, sizeof (double) * of_run.n_coefficients,
                   of_remade.coefficients, sizeof (double) * of_remade.n_coefficients);
  g_assert_cmpuint (ag_rates_n_optimizers (ag_trainer_rates (remade)), ==, 2);
  g_assert_cmpuint (ag_rates_n (ag_trainer_rates (remade)), ==, ag_rates_n (changes));
  for (guint i = 0; i < ag_rates_n (changes); i++)
    {
      g_assert_cmpint (ag_rates_nth (ag_trainer_rates (remade), i).step, ==, ag_rates_nth (changes, i).step);
      g_assert_cmpfloat (ag_rates_nth (ag_trainer_rates (remade), i).lr, ==, ag_rates_nth (changes, i).lr);
    }

  /* Anything among the changes that is none is an error, and not passed over. */
  g_assert_true (g_file_set_contents (path, "{\"settings\": {\"program\": \"autograd\"}, "
                                            "\"optimizer_changes\": [{\"step\": 3, "
                                            "\"optimizer\": \"none\"}]}",
                                      -1, NULL));
  g_assert_null (ag_run_file_read_changes (path, &error));
  g_assert_error (error, AG_ERROR, AG_ERROR_ARGUMENT);
  g_assert_cmpint (g_unlink (path), ==, 0);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/branch/same", test_same);
  g_test_add_func ("/branch/ends", test_ends);
  g_test_add_func ("/branch/other-rate", test_other_rate);
  g_test_add_func ("/branch/other-optimizer", test_other_optimizer);
  g_test_add_func ("/branch/refused", test_refused);
  g_test_add_func ("/branch/remade", test_remade);
  return g_test_run ();
}
