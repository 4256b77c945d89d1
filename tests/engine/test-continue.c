/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fixture.h"

#include <math.h>
#include <string.h>

/* Runs that go on after they were done or stopped, and the loss that they rest at. */

#define PATIENCE_US (120 * G_USEC_PER_SEC)
#define FIRST_STEPS 300
#define ALL_STEPS 1500

static AgRunSpec
make_run (const AgProgramClass *program,
          gint64 n_steps)
{
  AgRunSpec spec;

  ag_run_spec_init (&spec, program);
  spec.steps = n_steps;
  spec.points = 200;
  spec.lr = program->lr;
  return spec;
}

/* With @rate from the step on at which the first run was done. */
static void
check_extended (const AgProgramClass *program,
                const AgOptimizerClass *optimizer,
                double factor)
{
  AgRunSpec spec = make_run (program, FIRST_STEPS);
  g_autoptr (AgTrainer) extended = NULL;
  g_autoptr (AgTrainer) plain = NULL;
  AgSnapshot have, want;

  if (optimizer != NULL)
    ag_run_spec_set_optimizer (&spec, optimizer);
  extended = fixture_trainer (&spec);
  have = fixture_finish (extended);
  g_assert_cmpint (have.step, ==, FIRST_STEPS);
  fixture_extend (extended, ALL_STEPS);
  ag_trainer_set_lr (extended, factor * spec.lr);
  have = fixture_finish (extended);

  spec.steps = ALL_STEPS;
  plain = fixture_trainer (&spec);
  if (factor != 1)
    {
      for (guint i = 0; i < FIRST_STEPS; i++)
        ag_trainer_step (plain);
      fixture_wait_for (plain, AG_TRAINER_PAUSED, FIRST_STEPS);
      ag_trainer_set_lr (plain, factor * spec.lr);
    }
  want = fixture_finish (plain);
  fixture_assert_same_run (extended, &have, plain, &want);
}

static void
test_programs (void)
{
  for (guint i = 0; i < ag_program_n_classes (); i++)
    {
      check_extended (ag_program_class_nth (i), NULL, 1);
      check_extended (ag_program_class_nth (i), NULL, 0.5);
    }
}

static void
test_optimizers (void)
{
  for (guint i = 0; i < ag_optimizer_n_classes (); i++)
    check_extended (ag_program_class_find ("module"), ag_optimizer_class_nth (i), 0.5);
}

/* Stopped anywhere, and taken up again. */
static void
test_stopped (void)
{
  for (guint i = 0; i < ag_program_n_classes (); i++)
    {
      AgRunSpec spec = make_run (ag_program_class_nth (i), ALL_STEPS);
      g_autoptr (AgTrainer) stopped = NULL;
      g_autoptr (AgTrainer) plain = fixture_trainer (&spec);
      AgSnapshot have, want = fixture_finish (plain);

      spec.pace = 2000;
      stopped = fixture_trainer (&spec);
      ag_trainer_start (stopped);
      fixture_wait_for (stopped, AG_TRAINER_RUNNING, 1);
      ag_trainer_stop (stopped);
      g_assert_true (ag_trainer_wait (stopped, PATIENCE_US));
      have = fixture_wait_for (stopped, AG_TRAINER_STOPPED, 1);
      ag_trainer_step (stopped);
      g_assert_cmpint (ag_trainer_state (stopped), ==, AG_TRAINER_PAUSED);
      g_assert_cmpint (fixture_wait_for (stopped, AG_TRAINER_PAUSED, 0).step, ==, have.step + 1);
      ag_trainer_stop (stopped);
      fixture_wait_for (stopped, AG_TRAINER_STOPPED, have.step + 1);
      ag_trainer_set_pace (stopped, 0);
      have = fixture_finish (stopped);
      fixture_assert_same_run (stopped, &have, plain, &want);
    }
}

/* There is no step left, until there is. */
static void
test_done (void)
{
  AgRunSpec spec = make_run (ag_program_class_find ("autograd"), 10);
  g_autoptr (AgTrainer) trainer = fixture_trainer (&spec);
  AgSnapshot snapshot;

  fixture_finish (trainer);
  ag_trainer_step (trainer);
  ag_trainer_start (trainer);
  ag_trainer_stop (trainer);
  fixture_extend (trainer, 10);
  g_usleep (5000);
  g_assert_cmpint (ag_trainer_state (trainer), ==, AG_TRAINER_DONE);
  g_assert_false (ag_trainer_take_snapshot (trainer, &snapshot));

  /* Then it is paused, whatever was asked for before. */
  fixture_extend (trainer, 12);
  g_assert_false (ag_trainer_wait (trainer, 5000));
  g_assert_cmpint (fixture_wait_for (trainer, AG_TRAINER_PAUSED, 0).step, ==, 10);
  ag_trainer_step (trainer);
  g_assert_cmpint (fixture_wait_for (trainer, AG_TRAINER_PAUSED, 11).step, ==, 11);
  ag_trainer_step (trainer);
  g_assert_true (ag_trainer_wait (trainer, PATIENCE_US));
  g_assert_cmpint (ag_trainer_state (trainer), ==, AG_TRAINER_DONE);
}

/* More steps while it runs, many times and far beyond what it was made for. */
static void
test_under_way (void)
{
  AgRunSpec spec = make_run (ag_program_class_find ("autograd"), 100);
  g_autoptr (AgTrainer) trainer = NULL;
  gint64 n_steps = 100;

  spec.points = 2;
  trainer = fixture_trainer (&spec);
  for (guint i = 0; i < 2000; i++)
    {
      n_steps += 37;
      fixture_extend (trainer, n_steps);
      ag_trainer_start (trainer);
    }
  g_assert_true (ag_trainer_wait (trainer, PATIENCE_US));
  g_assert_cmpint (fixture_wait_for (trainer, AG_TRAINER_DONE, n_steps).step, ==, n_steps);
  g_assert_cmpint (ag_history_n_steps (ag_trainer_history (trainer)), ==, n_steps);
}

/* The loss at which a run rests is, to the bit, the one that its next step begins with. */
static void
test_final_loss (void)
{
  for (guint i = 0; i < ag_program_n_classes (); i++)
    for (AgDType dtype = AG_DTYPE_FLOAT32; dtype <= AG_DTYPE_FLOAT64; dtype++)
      {
        const AgProgramClass *program = ag_program_class_nth (i);
        AgRunSpec spec = make_run (program, 20);
        g_autoptr (AgTrainer) trainer = NULL;
        AgSnapshot snapshot;
        double final_loss;

        spec.dtype = dtype;
        trainer = fixture_trainer (&spec);
        g_assert_true (isnan (fixture_wait_for (trainer, AG_TRAINER_IDLE, 0).final_loss));
        final_loss = fixture_finish (trainer).final_loss;
        fixture_extend (trainer, 21);
        snapshot = fixture_finish (trainer);
        g_assert_true (isfinite (final_loss));
        g_assert_true (isfinite (snapshot.final_loss));
        /* A step whose structure is chosen may have other terms than the one before. */
        if (program->choose_structure == NULL)
          g_assert_true (final_loss == snapshot.loss);
      }
}

static void
test_final_loss_states (void)
{
  AgRunSpec spec = make_run (ag_program_class_find ("module"), 100000);
  g_autoptr (AgTrainer) trainer = NULL;
  g_autoptr (AgTrainer) diverging = NULL;
  AgSnapshot snapshot;

  spec.pace = 100;
  trainer = fixture_trainer (&spec);
  ag_trainer_start (trainer);
  g_assert_true (isnan (fixture_wait_for (trainer, AG_TRAINER_RUNNING, 2).final_loss));
  ag_trainer_pause (trainer);
  snapshot = fixture_wait_for (trainer, AG_TRAINER_PAUSED, 2);
  g_assert_cmpfloat (snapshot.final_loss, <, snapshot.loss);
  ag_trainer_start (trainer);
  g_assert_true (isnan (fixture_wait_for (trainer, AG_TRAINER_RUNNING, 2).final_loss));
  ag_trainer_stop (trainer);
  snapshot = fixture_wait_for (trainer, AG_TRAINER_STOPPED, 2);
  g_assert_cmpfloat (snapshot.final_loss, <, snapshot.loss);

  spec.pace = 0;
  spec.lr = 1;
  diverging = fixture_trainer (&spec);
  ag_trainer_start (diverging);
  g_assert_true (isnan (fixture_wait_for (diverging, AG_TRAINER_DIVERGED, 0).final_loss));
}

/* It looks, and touches nothing: loop engine and gradients are those of the last step. */
static void
test_final_loss_loop_engine (void)
{
  AgRunSpec spec = make_run (ag_program_class_find ("autograd"), 5000);
  g_autoptr (AgTrainer) trainer = fixture_trainer (&spec);
  AgSnapshot snapshot = fixture_finish (trainer);

  g_assert_cmpint (snapshot.loop_engine, ==, AG_LOOP_ENGINE_BUILT_IN);
  for (guint i = 0; i < snapshot.n_coefficients; i++)
    g_assert_true (isfinite (snapshot.gradients[i]));
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/continue/programs", test_programs);
  g_test_add_func ("/continue/optimizers", test_optimizers);
  g_test_add_func ("/continue/stopped", test_stopped);
  g_test_add_func ("/continue/done", test_done);
  g_test_add_func ("/continue/under-way", test_under_way);
  g_test_add_func ("/continue/final-loss", test_final_loss);
  g_test_add_func ("/continue/final-loss-states", test_final_loss_states);
  g_test_add_func ("/continue/final-loss-loop-engine", test_final_loss_loop_engine);
  return g_test_run ();
}
