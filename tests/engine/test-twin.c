/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fixture.h"

#include "explain/twin.h"
#include "train/run.h"

#include <math.h>

/* A twin takes the step of a run with another program. */

#define PATIENCE_US (120 * G_USEC_PER_SEC)

static AgRun *
make_run (const char *program,
          const char *optimizer)
{
  g_autoptr (GError) error = NULL;
  AgRunSpec spec;
  AgRun *run;

  ag_run_spec_init (&spec, ag_program_class_find (program));
  ag_run_spec_set_optimizer (&spec, ag_optimizer_class_find (optimizer));
  spec.steps = 50;
  spec.points = 200;
  spec.dtype = AG_DTYPE_FLOAT64;
  run = ag_run_new (&spec, &error);
  g_assert_no_error (error);
  ag_trainer_start (ag_run_trainer (run));
  g_assert_true (ag_trainer_wait (ag_run_trainer (run), PATIENCE_US));
  return run;
}

static AgAccount *
take_step (AgRun *run,
           const char *program,
           gint64 step)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AgTwin) twin
    = ag_twin_new (ag_run_spec (run), ag_program_class_find (program),
                   ag_trainer_data (ag_run_trainer (run)), NULL, &error);
  AgAccount *account;

  g_assert_no_error (error);
  account = ag_twin_step (twin, ag_run_moments (run), step, NULL, &error);
  g_assert_no_error (error);
  return account;
}

static void
assert_near (double a,
             double b,
             double scale)
{
  g_assert_cmpfloat (fabs (a - b), <=, 1e-10 * fmax (scale, 1));
}

/* Programs that are the same model find the same gradients, each in its own way, and so the same
 * new values. */
static void
test_agree (void)
{
  static const char *const programs[] = { "numpy", "tensors", "autograd", "module" };
  static const char *const optimizers[] = { "sgd", "rmsprop", "adam" };

  for (guint k = 0; k < G_N_ELEMENTS (optimizers); k++)
    {
      g_autoptr (AgRun) run = make_run ("numpy", optimizers[k]);
      g_autoptr (AgMoment) moment = ag_moments_at (ag_run_moments (run), 37, NULL, NULL);

      for (guint i = 0; i < G_N_ELEMENTS (programs); i++)
        {
          g_autoptr (AgAccount) account = take_step (run, programs[i], 37);

          g_assert_cmpint (account->after->step, ==, 37);
          assert_near (account->loss, moment->loss, moment->loss);
          for (guint p = 0; p < moment->n_parameters; p++)
            {
              assert_near (account->after->gradients[p], moment->gradients[p], moment->loss);
              assert_near (account->after->coefficients[p], moment->coefficients[p], 1);
            }
        }
    }
}

/* Another model has its own loss and gradients there. */
static void
test_other_model (void)
{
  g_autoptr (AgRun) run = make_run ("autograd", "sgd");
  g_autoptr (AgMoment) moment = ag_moments_at (ag_run_moments (run), 10, NULL, NULL);
  g_autoptr (AgAccount) account = take_step (run, "legendre", 10);

  g_assert_true (isfinite (account->loss));
  g_assert_cmpfloat (fabs (account->loss - moment->loss), >, 1e-3);
}

/* A program of other parameters is no twin, nor one that cannot have the loss. */
static void
test_impossible (void)
{
  AgRunSpec spec;

  ag_run_spec_init (&spec, ag_program_class_find ("autograd"));
  g_assert_true (ag_twin_is_possible (&spec, ag_program_class_find ("numpy")));
  g_assert_false (ag_twin_is_possible (&spec, ag_program_class_find ("mlp")));
  g_assert_false (ag_twin_is_possible (&spec, ag_program_class_find ("dynamic")));
  spec.loss = ag_loss_find (AG_LOSS_HUBER, FALSE);
  g_assert_false (ag_twin_is_possible (&spec, ag_program_class_find ("numpy")));
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/twin/agree", test_agree);
  g_test_add_func ("/twin/other-model", test_other_model);
  g_test_add_func ("/twin/impossible", test_impossible);
  return g_test_run ();
}
