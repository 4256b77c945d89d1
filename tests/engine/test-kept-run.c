/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/error.h"
#include "train/run.h"
#include "train/session-file.h"
#include "train/setting.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

/* A run that was read from a file goes on as if it had never been written: with the bits of one
 * that was not interrupted. */

#define N_STEPS 700
#define N_BEFORE 300

static AgRunSpec
make_spec (const char *program,
           const char *optimizer,
           gint64 steps)
{
  AgRunSpec spec;

  ag_run_spec_init (&spec, ag_program_class_find (program));
  ag_run_spec_set_optimizer (&spec, ag_optimizer_class_find (optimizer));
  spec.steps = steps;
  spec.points = 200;
  return spec;
}

static void
wait_for (AgRun *run)
{
  g_assert_true (ag_trainer_wait (ag_run_trainer (run), -1));
}

static void
take_steps (AgRun *run)
{
  ag_trainer_start (ag_run_trainer (run));
  wait_for (run);
}

/* A run that is over has published its last snapshot, and gives it away once. */
static void
take_snapshot (AgRun *run,
               AgSnapshot *snapshot)
{
  static GHashTable *taken = NULL;

  if (taken == NULL)
    taken = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  if (ag_trainer_take_snapshot (ag_run_trainer (run), snapshot))
    g_hash_table_insert (taken, run, g_memdup2 (snapshot, sizeof *snapshot));
  *snapshot = *(const AgSnapshot *) g_hash_table_lookup (taken, run);
}

/* Writes a run and reads it again. */
static AgKeptRun *
keep (AgRun *run)
{
  g_autoptr (AgTransaction) transaction = ag_transaction_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = g_dir_make_tmp (NULL, &error);
  g_autofree char *path = g_build_filename (folder, "run" AG_SESSION_SUFFIX, NULL);
  g_autoptr (GPtrArray) runs = NULL;
  AgSnapshot snapshot;
  AgSessionRun written;
  AgKeptRun *kept;

  take_snapshot (run, &snapshot);
  written = (AgSessionRun){
    .name = "run",
    .spec = ag_run_spec (run),
    .snapshot = &snapshot,
    .initial = ag_trainer_initial (ag_run_trainer (run)),
    .history = ag_run_history (run),
    .trace = ag_run_trace (run),
    .clock = ag_run_clock (run),
    .rates = ag_run_rates (run),
  };
  g_assert_true (ag_session_file_write (transaction, path, 1, &written, &error));
  g_assert_true (ag_transaction_commit (transaction, &error));
  runs = ag_session_file_read (path, &error);
  g_assert_no_error (error);
  kept = ag_kept_run_ref (g_ptr_array_index (runs, 0));
  g_unlink (path);
  g_rmdir (folder);
  return kept;
}

static AgRun *
make_again (const AgKeptRun *kept)
{
  g_autoptr (GError) error = NULL;
  AgRun *run = ag_run_new_kept (kept, &error);

  g_assert_no_error (error);
  return run;
}

static void
assert_same (AgRun *have,
             AgRun *want)
{
  AgSnapshot have_snapshot, want_snapshot;
  AgHistoryEntry have_entry, want_entry;

  take_snapshot (have, &have_snapshot);
  take_snapshot (want, &want_snapshot);
  g_assert_cmpint (have_snapshot.state, ==, want_snapshot.state);
  g_assert_cmpint (have_snapshot.step, ==, want_snapshot.step);
  g_assert_cmpmem (have_snapshot.coefficients, sizeof (double) * have_snapshot.n_coefficients,
                   want_snapshot.coefficients, sizeof (double) * want_snapshot.n_coefficients);
  for (gint64 step = 0; step < want_snapshot.step; step++)
    {
      ag_history_read (ag_run_history (have), 0, step, step, 1, &have_entry);
      ag_history_read (ag_run_history (want), 0, step, step, 1, &want_entry);
      g_assert_cmpmem (&have_entry.loss, sizeof (double), &want_entry.loss, sizeof (double));
    }
}

/* With a rate that is changed on the way. */
static void
test_goes_on (void)
{
  static const char *const programs[] = { "numpy", "tensors", "autograd", "legendre",
                                          "nn", "optim", "module", "dynamic" };
  static const char *const optimizers[] = { "sgd", "adam", "rmsprop" };

  for (guint i = 0; i < G_N_ELEMENTS (programs); i++)
    for (guint k = 0; k < G_N_ELEMENTS (optimizers); k++)
      {
        const AgRunSpec spec = make_spec (programs[i], optimizers[k], N_BEFORE);
        g_autoptr (GError) error = NULL;
        g_autoptr (AgKeptRun) kept = NULL;
        AgRun *whole = ag_run_new (&spec, &error), *again;

        g_assert_no_error (error);
        ag_trainer_set_lr (ag_run_trainer (whole), 0.9 * spec.lr);
        take_steps (whole);
        kept = keep (whole);
        again = make_again (kept);
        g_assert_cmpint (ag_trainer_state (ag_run_trainer (again)), ==, AG_TRAINER_DONE);
        assert_same (again, whole);
        g_assert_true (ag_trainer_extend (ag_run_trainer (whole), N_STEPS, &error));
        take_steps (whole);
        g_assert_true (ag_trainer_extend (ag_run_trainer (again), N_STEPS, &error));
        take_steps (again);
        assert_same (again, whole);
        g_assert_null (ag_trainer_refusal (ag_run_trainer (again)));
        ag_run_unref (again);
        ag_run_unref (whole);
      }
}

/* Every moment of it is there, and another run can branch off. */
static void
test_moments (void)
{
  AgRunSpec spec = make_spec ("dynamic", "sgd", N_BEFORE);
  g_autoptr (GError) error = NULL;
  g_autoptr (AgKeptRun) kept = NULL;
  AgRun *run = ag_run_new (&spec, &error), *again, *branches[2];

  take_steps (run);
  kept = keep (run);
  again = make_again (kept);
  for (gint64 step = 0; step <= N_BEFORE; step += 37)
    {
      g_autoptr (AgMoment) want = ag_moments_at (ag_run_moments (run), step, NULL, &error);
      g_autoptr (AgMoment) have = ag_moments_at (ag_run_moments (again), step, NULL, &error);

      g_assert_no_error (error);
      g_assert_cmpmem (have->coefficients, sizeof (double) * kept->snapshot->n_coefficients,
                       want->coefficients, sizeof (double) * kept->snapshot->n_coefficients);
    }
  spec.steps = N_STEPS;
  spec.lr *= 0.5;
  branches[0] = ag_run_new_branch (&spec, run, 150, &error);
  branches[1] = ag_run_new_branch (&spec, again, 150, &error);
  g_assert_no_error (error);
  take_steps (branches[0]);
  take_steps (branches[1]);
  assert_same (branches[1], branches[0]);
  for (guint i = 0; i < 2; i++)
    ag_run_unref (branches[i]);
  ag_run_unref (again);
  ag_run_unref (run);
}

/* The options of an optimizer are changed at one step, the optimizer at another, and the rate in
 * between: all of it is in the file. */
static AgRun *
make_branches (const char *program)
{
  AgRunSpec spec = make_spec (program, "sgd", N_BEFORE);
  g_autoptr (GError) error = NULL;
  AgRun *runs[3];

  runs[0] = ag_run_new (&spec, &error);
  g_assert_no_error (error);
  take_steps (runs[0]);
  spec.options[ag_optimizer_class_find_option (spec.optimizer, "momentum")] = 0.5;
  spec.lr *= 0.5;
  runs[1] = ag_run_new_branch (&spec, runs[0], 70, &error);
  g_assert_no_error (error);
  take_steps (runs[1]);
  ag_run_spec_set_optimizer (&spec, ag_optimizer_class_find ("adam"));
  runs[2] = ag_run_new_branch (&spec, runs[1], 160, &error);
  g_assert_no_error (error);
  take_steps (runs[2]);
  ag_run_unref (runs[1]);
  ag_run_unref (runs[0]);
  return runs[2];
}

static void
test_branches (void)
{
  static const char *const programs[] = { "numpy", "autograd", "module", "dynamic", "mlp" };

  for (guint i = 0; i < G_N_ELEMENTS (programs); i++)
    {
      g_autoptr (AgRun) run = make_branches (programs[i]);
      g_autoptr (AgKeptRun) kept = keep (run);
      g_autoptr (AgRun) again = make_again (kept);
      g_autoptr (AgKeptRun) kept_again = NULL;
      g_autoptr (AgRun) thrice = NULL;
      g_autoptr (GError) error = NULL;

      g_assert_cmpuint (ag_rates_n_optimizers (ag_run_rates (again)), ==, 2);
      for (gint64 step = 0; step <= N_BEFORE; step += 10)
        {
          g_autoptr (AgMoment) want = ag_moments_at (ag_run_moments (run), step, NULL, &error);
          g_autoptr (AgMoment) have = ag_moments_at (ag_run_moments (again), step, NULL, &error);

          g_assert_no_error (error);
          g_assert_cmpmem (have->coefficients, sizeof (double) * have->n_parameters,
                           want->coefficients, sizeof (double) * want->n_parameters);
        }
      g_assert_true (ag_trainer_extend (ag_run_trainer (run), N_STEPS, &error));
      take_steps (run);
      g_assert_true (ag_trainer_extend (ag_run_trainer (again), N_STEPS, &error));
      take_steps (again);
      assert_same (again, run);
      g_assert_null (ag_trainer_refusal (ag_run_trainer (again)));

      /* What goes on is written and read once more, and takes its first step at once. */
      kept_again = keep (again);
      thrice = make_again (kept_again);
      for (guint k = 0; k < 2; k++)
        {
          AgRun *const each = k == 0 ? thrice : run;

          g_assert_true (ag_trainer_extend (ag_run_trainer (each), 2 * N_STEPS, &error));
          take_steps (each);
        }
      assert_same (thrice, run);
    }
}

/* One that was stopped is taken up by a single step, and one that diverged has its moments. */
static void
test_stopped (void)
{
  AgRunSpec spec = make_spec ("autograd", "sgd", N_STEPS);
  g_autoptr (GError) error = NULL;
  g_autoptr (AgKeptRun) kept = NULL, lost = NULL;
  AgRun *run = ag_run_new (&spec, &error), *again;

  for (guint i = 0; i < 3; i++)
    {
      ag_trainer_step (ag_run_trainer (run));
      while (ag_history_n_steps (ag_run_history (run)) < i + 1)
        g_usleep (1000);
    }
  ag_trainer_stop (ag_run_trainer (run));
  wait_for (run);
  kept = keep (run);
  again = make_again (kept);
  g_assert_cmpint (ag_trainer_state (ag_run_trainer (again)), ==, AG_TRAINER_STOPPED);
  ag_trainer_step (ag_run_trainer (again));
  while (ag_history_n_steps (ag_run_history (again)) < 4)
    g_usleep (1000);
  take_steps (again);
  take_steps (run);
  assert_same (again, run);
  ag_run_unref (again);
  ag_run_unref (run);

  spec.lr = 1e-4;
  run = ag_run_new (&spec, &error);
  take_steps (run);
  lost = keep (run);
  again = make_again (lost);
  g_assert_cmpint (ag_trainer_state (ag_run_trainer (again)), ==, AG_TRAINER_DIVERGED);
  {
    g_autoptr (AgMoment) moment = ag_moments_at (ag_run_moments (again), 5, NULL, &error);

    g_assert_no_error (error);
    g_assert_cmpint (moment->step, ==, 5);
  }
  ag_run_unref (again);
  ag_run_unref (run);
}

/* A run that gives its checkpoints back has its moments all the same, and goes on. */
static void
test_given_back (void)
{
  const AgRunSpec spec = make_spec ("dynamic", "adam", N_STEPS);
  g_autoptr (GError) error = NULL;
  AgRun *runs[2];
  gsize n_bytes;

  for (guint i = 0; i < 2; i++)
    {
      runs[i] = ag_run_new (&spec, &error);
      g_assert_no_error (error);
      take_steps (runs[i]);
    }
  n_bytes = ag_run_n_bytes (runs[0]);
  g_assert_cmpuint (n_bytes, >, 0);
  /* It has its thread until it is laid down. */
  ag_run_lay_down (runs[0]);
  while (!ag_run_give_back (runs[0]))
    g_usleep (1000);
  g_assert_cmpuint (ag_run_n_bytes (runs[0]), <, n_bytes);
  for (gint64 step = 0; step <= N_STEPS; step += 70)
    {
      g_autoptr (AgMoment) have = ag_moments_at (ag_run_moments (runs[0]), step, NULL, &error);
      g_autoptr (AgMoment) want = ag_moments_at (ag_run_moments (runs[1]), step, NULL, &error);

      g_assert_no_error (error);
      g_assert_cmpmem (have->coefficients, sizeof (double) * have->n_parameters, want->coefficients,
                       sizeof (double) * want->n_parameters);
      if (step > 0)
        g_assert_cmpmem (have->gradients, sizeof (double) * have->n_parameters, want->gradients,
                         sizeof (double) * want->n_parameters);
    }
  for (guint i = 0; i < 2; i++)
    {
      g_assert_true (ag_trainer_extend (ag_run_trainer (runs[i]), 2 * N_STEPS, &error));
      take_steps (runs[i]);
    }
  assert_same (runs[0], runs[1]);
  for (guint i = 0; i < 2; i++)
    ag_run_unref (runs[i]);
}

/* What the file's settings do not make rests as it was, and says why. */
static void
test_refused (void)
{
  const AgRunSpec spec = make_spec ("autograd", "sgd", N_BEFORE);
  g_autoptr (GError) error = NULL;
  g_autoptr (AgKeptRun) kept = NULL;
  AgRun *run = ag_run_new (&spec, &error), *again;
  AgSnapshot snapshot;

  take_steps (run);
  kept = keep (run);
  kept->spec.seed++;
  again = make_again (kept);
  g_assert_null (ag_moments_at (ag_run_moments (again), 5, NULL, &error));
  g_assert_error (error, AG_ERROR, AG_ERROR_ARGUMENT);
  g_assert_true (g_str_has_prefix (error->message, "The run was read from a file, and its settings"));
  g_assert_true (ag_trainer_extend (ag_run_trainer (again), N_STEPS, NULL));
  take_steps (again);
  take_snapshot (again, &snapshot);
  g_assert_cmpint (snapshot.state, ==, AG_TRAINER_STOPPED);
  g_assert_cmpint (snapshot.step, ==, N_BEFORE);
  g_assert_nonnull (ag_trainer_refusal (ag_run_trainer (again)));
  g_assert_null (ag_trainer_error (ag_run_trainer (again)));
  /* Once more, and it still says so. */
  take_steps (again);
  g_assert_nonnull (ag_trainer_refusal (ag_run_trainer (again)));
  ag_run_unref (again);
  ag_run_unref (run);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/kept-run/goes-on", test_goes_on);
  g_test_add_func ("/kept-run/moments", test_moments);
  g_test_add_func ("/kept-run/branches", test_branches);
  g_test_add_func ("/kept-run/stopped", test_stopped);
  g_test_add_func ("/kept-run/given-back", test_given_back);
  g_test_add_func ("/kept-run/refused", test_refused);
  return g_test_run ();
}
