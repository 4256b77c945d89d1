/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fixture.h"

#include "explain/why.h"
#include "explain/words.h"

#include <math.h>
#include <string.h>

/* How runs stand whose end is known, and what is said of it. */

#define PATIENCE_US (120 * G_USEC_PER_SEC)

static AgTrainer *
train (const AgRunSpec *spec)
{
  AgTrainer *trainer = fixture_trainer (spec);

  ag_trainer_start (trainer);
  g_assert_true (ag_trainer_wait (trainer, PATIENCE_US));
  return trainer;
}

static char *
explain (AgTrainer *trainer,
         AgWhyKind *kind)
{
  g_autoptr (GError) error = NULL;
  AgSnapshot snapshot;
  char *sentence;

  g_assert_true (ag_trainer_take_snapshot (trainer, &snapshot));
  sentence = ag_why_new (trainer, &snapshot, NULL, kind, &error);
  g_assert_no_error (error);
  return sentence;
}

typedef struct
{
  const char *program;
  const char *optimizer;
  double lr;
  gint64 steps;
  AgWhyKind kind;
  const char *says;
} Case;

/* Where the learning rate or the number of steps is 0, the program's. */
static void
test_cases (void)
{
  static const Case cases[] = {
    { "autograd", "sgd", 0, 0, AG_WHY_FALLING, "halves in 401 steps" },
    { "autograd", "sgd", 0, 20000, AG_WHY_ARRIVED, "8.82, is " },
    { "autograd", "sgd", 1e-5, 0, AG_WHY_DIVERGED, "along d: each step made the distance there 4.62" },
    { "autograd", "sgd", 3.6e-6, 20000, AG_WHY_DIVERGED, "stable there below 3.56e-06" },
    { "autograd", "sgd", 0, 1, AG_WHY_FALLING, "only begun" },
    { "autograd", "adam", 0, 0, AG_WHY_ARRIVED, "above the least" },
    { "optim", "rmsprop", 0, 0, AG_WHY_SWINGING, "to and fro, up to 0.001" },
    { "optim", "rmsprop", 0, 20000, AG_WHY_SWINGING, "to and fro, up to 0.001 at a time" },
    { "legendre", "sgd", 0, 0, AG_WHY_FALLING, "off it" },
    { "legendre", "sgd", 1e-5, 0, AG_WHY_SWINGING, "1.61 times as curved" },
    { "legendre", "sgd", 2e-5, 0, AG_WHY_SWINGING, "smaller learning rate" },
    { "legendre", "sgd", 1e-4, 0, AG_WHY_DIVERGED, "blew up along c and d" },
    { "mlp", "adam", 0, 0, AG_WHY_FALLING, "More steps" },
    { "dynamic", "sgd", 0, 3000, AG_WHY_FALLING, "off it" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const Case *c = &cases[i];
      g_autoptr (AgTrainer) trainer = NULL;
      g_autofree char *sentence = NULL;
      AgRunSpec spec;
      AgWhyKind kind;

      ag_run_spec_init (&spec, ag_program_class_find (c->program));
      if (strcmp (spec.optimizer->id, c->optimizer) != 0)
        ag_run_spec_set_optimizer (&spec, ag_optimizer_class_find (c->optimizer));
      spec.lr = c->lr > 0 ? c->lr : spec.lr;
      spec.steps = c->steps > 0 ? c->steps : spec.steps;
      trainer = train (&spec);
      sentence = explain (trainer, &kind);
      g_test_message ("%s %s %g: %s", c->program, c->optimizer, spec.lr, sentence);
      g_assert_cmpint (kind, ==, c->kind);
      g_assert_nonnull (strstr (sentence, c->says));
    }
}

/* RMSprop at its rate is half a step beside the bottom, in each parameter that swings. */
static void
test_half_a_step (void)
{
  g_autoptr (AgTrainer) trainer = NULL;
  g_autoptr (AgMoment) last = NULL;
  g_autoptr (AgMoment) before = NULL;
  guint n_swinging = 0;
  AgRunSpec spec;
  static const double optimum[] = { 0, 0.8567408, 0, -0.0933304 };

  ag_run_spec_init (&spec, ag_program_class_find ("optim"));
  spec.steps = 20000;
  trainer = train (&spec);
  before = ag_moments_at (ag_trainer_moments (trainer), spec.steps - 1, NULL, NULL);
  last = ag_moments_at (ag_trainer_moments (trainer), spec.steps, NULL, NULL);
  for (guint i = 0; i < last->n_parameters; i++)
    {
      const double change = last->coefficients[i] - before->coefficients[i];
      const double beside = last->coefficients[i] - optimum[i];

      g_test_message ("%s: a step of %.3g, %.3g beside", spec.program->model->parameters[i], change,
                      beside);
      n_swinging += fabs (fabs (beside) - fabs (change) / 2) < 0.1 * fabs (change);
    }
  g_assert_cmpuint (n_swinging, >=, 2);
}

/* If the loss was not finite from the beginning, the rate is not blamed. */
static void
test_start (void)
{
  g_autoptr (AgTrainer) trainer = NULL;
  g_autofree char *sentence = NULL;
  AgRunSpec spec;
  AgWhyKind kind;

  ag_run_spec_init (&spec, ag_program_class_find ("autograd"));
  g_assert_true (ag_run_spec_set_init (&spec, "a=1e30", NULL));
  trainer = train (&spec);
  sentence = explain (trainer, &kind);
  g_assert_cmpint (kind, ==, AG_WHY_DIVERGED);
  g_assert_nonnull (strstr (sentence, "before the first update"));
}

/* A step of a run, in words. */
static void
test_words (void)
{
  static const struct
  {
    const char *program;
    double lr;
    gint64 step;
    const char *says;
  } cases[] = {
    { "autograd", 1e-6, 37,
      "Falling fast along d, crawling along a and b: 578 steps to fall by e." },
    { "autograd", 1e-5, 3, "It overshoots along d: each step makes the distance there 4.62 times" },
    { "legendre", 1e-5, 1900, "It overshoots along" },
    { "mlp", 3e-3, 10, "and the loss fell by" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (AgTrainer) trainer = NULL;
      g_autoptr (AgLandscape) landscape = NULL;
      g_autoptr (AgAccount) account = NULL;
      g_autofree char *sentence = NULL;
      AgRunSpec spec;

      ag_run_spec_init (&spec, ag_program_class_find (cases[i].program));
      spec.lr = cases[i].lr;
      trainer = train (&spec);
      landscape = ag_landscape_new (&spec, ag_trainer_data (trainer), NULL, NULL);
      account = ag_account_new (&spec, ag_trainer_moments (trainer), landscape, cases[i].step, NULL,
                                NULL);
      sentence = ag_account_say (account);
      g_test_message ("%s", sentence);
      g_assert_nonnull (strstr (sentence, cases[i].says));
    }
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/why/cases", test_cases);
  g_test_add_func ("/why/half-a-step", test_half_a_step);
  g_test_add_func ("/why/start", test_start);
  g_test_add_func ("/why/words", test_words);
  return g_test_run ();
}
