/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "train/what-if.h"

#include "fixture.h"

#include <math.h>
#include <string.h>

/* What a run would do is what it then does, to the bit. */

#define PATIENCE_US (120 * G_USEC_PER_SEC)

static AgRunSpec
make_spec (const char *program,
           gint64 steps)
{
  AgRunSpec spec;

  ag_run_spec_init (&spec, ag_program_class_find (program));
  spec.steps = steps;
  spec.points = 200;
  return spec;
}

/* The last answer to what was asked last. */
static AgFuture *
wait_for_answer (AgWhatIf *what_if)
{
  const gint64 until_us = g_get_monotonic_time () + PATIENCE_US;
  AgFuture *last = NULL;

  while (ag_what_if_is_busy (what_if))
    {
      AgFuture *future = ag_what_if_take (what_if);

      g_assert_cmpint (g_get_monotonic_time (), <, until_us);
      if (future == NULL)
        {
          g_usleep (100);
          continue;
        }
      g_clear_pointer (&last, ag_future_unref);
      last = future;
    }
  g_assert_nonnull (last);
  return last;
}

static double
loss_at (const AgHistory *history,
         gint64 step)
{
  AgHistoryEntry entry = { .loss = NAN };

  g_assert_cmpuint (ag_history_read (history, 0, step, step, 1, &entry), ==, 1);
  return entry.loss;
}

static void
assert_same_bits (double have,
                  double want)
{
  g_assert_cmpmem (&have, sizeof have, &want, sizeof want);
}

static void
assert_same_number (double have,
                    double want)
{
  if (isnan (want))
    g_assert_true (isnan (have));
  else
    assert_same_bits (have, want);
}

static void
assert_same_losses (const AgFuture *future,
                    AgTrainer *trainer)
{
  for (gint64 i = 0; i < future->n_steps; i++)
    assert_same_number (loss_at (future->history, i),
                        loss_at (ag_trainer_history (trainer), future->first_step + i));
}

/* The run has ended. */
static void
assert_came_true (const AgFuture *future,
                  AgTrainer *trainer,
                  const AgSnapshot *snapshot)
{
  g_assert_true (future->is_whole);
  g_assert_cmpint (future->state, ==, snapshot->state);
  g_assert_cmpint (future->first_step + future->n_steps, ==,
                   ag_history_n_steps (ag_trainer_history (trainer)));
  assert_same_losses (future, trainer);
  assert_same_number (future->final_loss, snapshot->final_loss);
  g_assert_true ((future->coefficients != NULL) == (snapshot->state == AG_TRAINER_DONE));
  for (guint i = 0; future->coefficients != NULL && i < snapshot->n_coefficients; i++)
    assert_same_bits (future->coefficients[i], snapshot->coefficients[i]);
}

/* Takes the steps that are left, however that ends. */
static AgSnapshot
finish (AgTrainer *trainer)
{
  AgSnapshot snapshot;

  ag_trainer_start (trainer);
  g_assert_true (ag_trainer_wait (trainer, PATIENCE_US));
  g_assert_true (ag_trainer_take_snapshot (trainer, &snapshot));
  return snapshot;
}

/* Returns how it ends. */
static AgTrainerState
ask_and_compare (AgWhatIf *what_if,
                 const AgRunSpec *spec)
{
  g_autoptr (AgTrainer) trainer = NULL;
  g_autoptr (AgFuture) future = NULL;
  AgSnapshot snapshot;

  ag_what_if_ask (what_if, spec, NULL, 0);
  future = wait_for_answer (what_if);
  trainer = fixture_trainer (spec);
  snapshot = finish (trainer);
  assert_came_true (future, trainer, &snapshot);
  return snapshot.state;
}

static void
test_programs (void)
{
  g_autoptr (AgWhatIf) what_if = ag_what_if_new ();

  for (guint i = 0; i < ag_program_n_classes (); i++)
    {
      AgRunSpec spec = make_spec (ag_program_class_nth (i)->id, 300);

      ask_and_compare (what_if, &spec);
      spec.lr *= 0.3;
      ask_and_compare (what_if, &spec);
      spec.seed++;
      ask_and_compare (what_if, &spec);
    }
}

static void
test_optimizers (void)
{
  g_autoptr (AgWhatIf) what_if = ag_what_if_new ();
  guint n_diverged = 0;

  for (guint i = 0; i < ag_optimizer_n_classes (); i++)
    {
      AgRunSpec spec = make_spec ("module", 200);

      ag_run_spec_set_optimizer (&spec, ag_optimizer_class_nth (i));
      for (double rate = 1e-7; rate < 1e8; rate *= 1e3)
        {
          spec.lr = rate;
          n_diverged += ask_and_compare (what_if, &spec) == AG_TRAINER_DIVERGED;
        }
    }
  g_assert_cmpuint (n_diverged, >, 0);
}

/* One after the other on what is kept of the one before. */
static void
test_settings (void)
{
  static const char *const changes[][2]
    = { { "momentum", "0.9" }, { "lr", "2e-6" }, { "points", "300" }, { "init", "a=1,d=-1" }, { "momentum", "0" }, { "hold", "a" }, { "seed", "7" }, { "init", "seed" }, { "dtype", "float64" }, { "steps", "77" }, { "target", "cos(x)" }, { "tries", "4" }, { "seed", "8" }, { "init", "b=0.5" }, { "loss", "HuberLoss" }, { "delta", "0.2" }, { "optimizer", "adam" }, { "beta1", "0.5" } };
  g_autoptr (AgWhatIf) what_if = ag_what_if_new ();
  AgRunSpec spec = make_spec ("autograd", 150);

  for (guint i = 0; i < G_N_ELEMENTS (changes); i++)
    {
      fixture_set (&spec, changes[i][0], changes[i][1]);
      ask_and_compare (what_if, &spec);
    }
  spec = make_spec ("dynamic", 150);
  for (guint seed = 0; seed < 4; seed++)
    {
      spec.seed = seed;
      ask_and_compare (what_if, &spec);
    }
}

/* A run that rests after some steps goes on with another rate. */
static void
go_on (const char *program,
       const char *optimizer,
       double factor)
{
  g_autoptr (AgWhatIf) what_if = ag_what_if_new ();
  g_autoptr (AgTrainer) trainer = NULL;
  g_autoptr (AgFuture) future = NULL;
  AgRunSpec spec = make_spec (program, 400);
  AgSnapshot snapshot;

  if (optimizer != NULL)
    fixture_set (&spec, "optimizer", optimizer);
  trainer = fixture_trainer (&spec);
  for (guint i = 1; i <= 37; i++)
    {
      ag_trainer_step (trainer);
      snapshot = fixture_wait_for (trainer, AG_TRAINER_PAUSED, i);
    }
  for (guint i = 0; i < 3; i++)
    {
      spec.lr *= factor;
      ag_what_if_ask (what_if, &spec, ag_trainer_moments (trainer), snapshot.step);
    }
  future = wait_for_answer (what_if);
  g_assert_cmpint (future->first_step, ==, 37);
  ag_trainer_set_lr (trainer, spec.lr);
  ag_trainer_resume (trainer);
  snapshot = finish (trainer);
  assert_came_true (future, trainer, &snapshot);
}

static void
test_going_on (void)
{
  go_on ("autograd", NULL, 1.2);
  go_on ("autograd", NULL, 4);
  go_on ("module", "adam", 0.7);
  go_on ("optim", NULL, 0.7);
  go_on ("dynamic", NULL, 0.7);
  go_on ("mlp", NULL, 1.1);
}

/* Only the newest wish counts, and what is told in between is one of those before. */
static void
test_latest (void)
{
  g_autoptr (AgWhatIf) what_if = ag_what_if_new ();
  g_autoptr (AgFuture) last = NULL;
  AgRunSpec spec = make_spec ("autograd", 500);
  double told = 0;

  for (guint i = 1; i <= 2000; i++)
    {
      g_autoptr (AgFuture) future = NULL;

      spec.lr = 1e-9 * i;
      ag_what_if_ask (what_if, &spec, NULL, 0);
      future = ag_what_if_take (what_if);
      if (future == NULL)
        continue;
      g_assert_cmpfloat (future->spec.lr, >, told);
      told = future->spec.lr;
    }
  last = wait_for_answer (what_if);
  g_assert_cmpfloat (last->spec.lr, ==, spec.lr);
  g_assert_true (last->is_whole);
}

static gboolean
is_round (gint64 n)
{
  while (n % 10 == 0)
    n /= 10;
  return n == 1 || n == 2 || n == 4 || n == 6 || n == 8;
}

/* A future that takes longer than a frame is known up to a round number of steps first, and farther
 * later. */
static void
test_horizon (void)
{
  g_autoptr (AgWhatIf) what_if = ag_what_if_new ();
  g_autoptr (AgTrainer) trainer = NULL;
  g_autoptr (AgMoment) moment = NULL;
  g_autoptr (AgFuture) first = NULL;
  g_autoptr (AgFuture) later = NULL;
  g_autoptr (GError) error = NULL;
  AgRunSpec spec = make_spec ("autograd", AG_RUN_MAX_STEPS);

  ag_what_if_ask (what_if, &spec, NULL, 0);
  while ((first = ag_what_if_take (what_if)) == NULL)
    g_usleep (100);
  while ((later = ag_what_if_take (what_if)) == NULL)
    g_usleep (100);
  g_assert_cmpint (first->state, ==, AG_TRAINER_RUNNING);
  g_assert_false (first->is_whole);
  g_assert_true (is_round (first->n_steps));
  g_assert_true (is_round (later->n_steps));
  g_assert_cmpint (later->n_steps, >, first->n_steps);
  spec.steps = first->n_steps;
  trainer = fixture_trainer (&spec);
  fixture_finish (trainer);
  assert_same_losses (first, trainer);
  moment = ag_moments_at (ag_trainer_moments (trainer), first->n_steps, NULL, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < moment->n_parameters; i++)
    assert_same_bits (first->coefficients[i], moment->coefficients[i]);
  /* It is at once there for the next wish. */
  spec.steps = 10;
  ask_and_compare (what_if, &spec);
}

/* A run that cannot be made has no future, and those after it have. */
static void
test_failure (void)
{
  g_autoptr (AgWhatIf) what_if = ag_what_if_new ();
  g_autoptr (AgFuture) future = NULL;
  AgRunSpec spec = make_spec ("autograd", 100);

  spec.points = 1;
  ag_what_if_ask (what_if, &spec, NULL, 0);
  future = wait_for_answer (what_if);
  g_assert_cmpint (future->state, ==, AG_TRAINER_FAILED);
  g_assert_cmpint (future->n_steps, ==, 0);
  g_assert_null (future->coefficients);
  spec.points = 200;
  ask_and_compare (what_if, &spec);
}

/* It can be let go of in the middle of anything. */
static void
test_leaving (void)
{
  AgRunSpec spec = make_spec ("autograd", AG_RUN_MAX_STEPS);

  for (guint i = 0; i < 20; i++)
    {
      AgWhatIf *what_if = ag_what_if_new ();

      spec.points = i % 2 == 0 ? 200 : 5000000;
      ag_what_if_ask (what_if, &spec, NULL, 0);
      g_usleep (1000 * i);
      ag_what_if_free (what_if);
    }
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/what-if/programs", test_programs);
  g_test_add_func ("/what-if/optimizers", test_optimizers);
  g_test_add_func ("/what-if/settings", test_settings);
  g_test_add_func ("/what-if/going-on", test_going_on);
  g_test_add_func ("/what-if/latest", test_latest);
  g_test_add_func ("/what-if/horizon", test_horizon);
  g_test_add_func ("/what-if/failure", test_failure);
  g_test_add_func ("/what-if/leaving", test_leaving);
  return g_test_run ();
}
