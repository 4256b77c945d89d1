/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot/run-text.h"

#include <math.h>
#include <string.h>

static void
assert_caption (const AgRunSpec *spec,
                const char *expected)
{
  g_autofree char *caption = converge_run_text_settings (spec, spec->lr);

  g_assert_cmpstr (caption, ==, expected);
}

/* A caption has all that decides the numbers, as far as it is not the default. */
static void
test_caption (void)
{
  AgRunSpec spec;

  ag_run_spec_init (&spec, ag_program_class_find ("autograd"));
  assert_caption (&spec, "Autograd · SGD · learning rate 1e−6 · 2000 steps · 2000 points · seed 0 · "
                         "float32");
  spec.options[ag_optimizer_class_find_option (spec.optimizer, "momentum")] = 0.9;
  g_assert_true (ag_run_spec_set_target (&spec, "exp(-x^2)", NULL));
  spec.from = -2;
  spec.to = 1;
  g_assert_true (ag_run_spec_set_init (&spec, "a=0.5,c=-1", NULL));
  assert_caption (&spec, "Autograd · SGD, Momentum 0.9 · learning rate 1e−6 · 2000 steps · 2000 "
                         "points · target exp(-x^2) · x from −2 to 1 · a = 0.5, c = −1 · seed 0 · "
                         "float32");
  ag_run_spec_init (&spec, ag_program_class_find ("formula"));
  g_assert_true (ag_run_spec_set_model (&spec, "a*exp(-b*x)", NULL));
  g_assert_true (ag_run_spec_set_hold (&spec, "b=2", NULL));
  spec.loss = ag_loss_find (AG_LOSS_HUBER, FALSE);
  spec.delta = 0.5;
  spec.tries = 10;
  assert_caption (&spec, "Formula · a*exp(-b*x) · sum of Huber losses, δ = 0.5 · Adam · learning rate "
                         "0.05 · 2000 steps · 2000 points · b = 2 · b held · best of 10 seeds · seed "
                         "0 · float32");
  ag_run_spec_init (&spec, ag_program_class_find ("numpy"));
  g_assert_true (ag_run_spec_set_init (&spec, "published", NULL));
  assert_caption (&spec, "NumPy · SGD · learning rate 1e−6 · 2000 steps · 2000 points · begins as "
                         "the printed run · float64");
}

/* A formula is written as by hand, with one sign for each operation, however it was typed. */
static void
test_formula (void)
{
  static const struct
  {
    const char *model;
    double coefficients[3];
    const char *text;
  } cases[] = {
    { "a*exp(-b*x) - c", { 2, -0.5, 1e-6 }, "y = 2·exp(−(−0.5)·x) − 1e−6" },
    { "a*x**2+b*x^2.5-c*x^20", { 1, 2, 3 }, "y = 1·x²+2·x^2.5−3·x^20" },
    { "a + b*(x-c)^3*x^3", { -1, 2, 3 }, "y = −1 + 2·(x−3)^3·x³" },
  };
  AgRunSpec spec;
  g_autofree char *cubic = NULL, *told = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = NULL;

      ag_run_spec_init (&spec, ag_program_class_find ("formula"));
      g_assert_true (ag_run_spec_set_model (&spec, cases[i].model, NULL));
      text = converge_run_text_formula (&spec, cases[i].coefficients);
      g_assert_cmpstr (text, ==, cases[i].text);
    }
  ag_run_spec_init (&spec, ag_program_class_find ("formula"));
  g_assert_true (ag_run_spec_set_model (&spec, "a*exp(-b*x)", NULL));
  g_assert_true (ag_run_spec_set_units (&spec, "b=1/s,a=m", NULL));
  told = converge_run_text_formula (&spec, (double[]){ 2, -0.5 });
  g_assert_cmpstr (told, ==, "y = 2·exp(−(−0.5)·x) (a = 2 m, b = −0.5 1/s)");
  ag_run_spec_init (&spec, ag_program_class_find ("autograd"));
  cubic = converge_run_text_formula (&spec, (double[]){ 1, -2, 0.5, -1e-5 });
  g_assert_cmpstr (cubic, ==, "y = 1 − 2 x + 0.5 x² − 1e−5 x³");
}

/* Who looks at a picture shall not take the last rate for the only one. */
static void
test_changed_rate (void)
{
  g_autofree char *caption = NULL;
  AgRunSpec spec;

  ag_run_spec_init (&spec, ag_program_class_find ("autograd"));
  caption = converge_run_text_settings (&spec, 2e-6);
  g_assert_nonnull (strstr (caption, " · learning rate 1e−6, then 2e−6 · 2000 steps"));
}

static void
assert_outcome (const AgSnapshot *snapshot,
                const char *expected)
{
  g_autofree char *outcome = converge_run_text_outcome (snapshot);

  g_assert_cmpstr (outcome, ==, expected);
}

static void
test_outcome (void)
{
  AgSnapshot snapshot = { .state = AG_TRAINER_RUNNING, .diverged_step = -1, .final_loss = NAN };

  assert_outcome (NULL, NULL);
  assert_outcome (&snapshot, NULL);
  snapshot.step = 2000;
  snapshot.loss = 8.81643;
  assert_outcome (&snapshot, "after 2000 steps: last loss 8.816");
  snapshot.state = AG_TRAINER_DONE;
  snapshot.final_loss = 8.81512;
  assert_outcome (&snapshot, "after 2000 steps: loss 8.815");
  snapshot.state = AG_TRAINER_DIVERGED;
  snapshot.step = 8;
  snapshot.diverged_step = 7;
  snapshot.loss = INFINITY;
  assert_outcome (&snapshot, "diverged at step 7");
}

/* Each coefficient has its standard error, as far as there is one. */
static void
test_optimum (void)
{
  AgRunSpec spec;
  g_autoptr (AgOptimum) optimum = NULL;
  g_autofree char *text = NULL;

  ag_run_spec_init (&spec, ag_program_class_find ("autograd"));
  optimum = ag_run_spec_optimum (&spec, NULL);
  text = converge_run_text_optimum (&spec, optimum);
  g_assert_true (g_str_has_prefix (text, "Optimum, with standard errors: loss 8.81717\na = 0 ± 0.0022\n"));
  g_assert_nonnull (strstr (text, "\nb = 0.85674 ± 0.002\n"));
  g_assert_nonnull (strstr (text, "\nd = −0.09333 ± 0.00032\n"));
  g_assert_true (g_str_has_suffix (text, "\nR² = 0.99118\nCondition number 325"));

  optimum->is_exact = FALSE;
  optimum->coefficients[2] = -31234;
  optimum->standard_errors[2] = 7.2e9;
  optimum->standard_errors[1] = NAN;
  g_free (text);
  text = converge_run_text_optimum (&spec, optimum);
  g_assert_true (g_str_has_prefix (text, "Best found, with standard errors: loss 8.81717\na = "));
  g_assert_nonnull (strstr (text, "\nb = 0.856741\n"));
  g_assert_nonnull (strstr (text, "\nc = −31234 ± 7.2e9\n"));
  g_assert_true (g_str_has_suffix (text, "\nCondition number 325, of JᵀJ at the best fit found"));
}

static void
test_moment (void)
{
  const AgMoment first = { .loss = NAN }, later = { .step = 37, .loss = 123.456 };
  g_autofree char *before = converge_run_text_moment (&first);
  g_autofree char *after = converge_run_text_moment (&later);

  g_assert_cmpstr (before, ==, "before the first step");
  g_assert_cmpstr (after, ==, "after 37 steps: last loss 123.5");
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/run-text/caption", test_caption);
  g_test_add_func ("/run-text/formula", test_formula);
  g_test_add_func ("/run-text/changed-rate", test_changed_rate);
  g_test_add_func ("/run-text/outcome", test_outcome);
  g_test_add_func ("/run-text/optimum", test_optimum);
  g_test_add_func ("/run-text/moment", test_moment);
  return g_test_run ();
}
