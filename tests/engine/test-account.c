/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fixture.h"

#include "explain/account.h"
#include "explain/eigen.h"
#include "explain/formula.h"
#include "explain/sharpness-curve.h"
#include "explain/words.h"
#include "train/run.h"

#include <math.h>
#include <string.h>

/* The rules compute from numbers of single precision, which leaves this error, relative to the
 * greatest of what they add up. */
#define RULES_FLOAT32 2e-5
#define RULES_FLOAT64 1e-12

static AgLandscape *
make_landscape (AgRun *run)
{
  g_autoptr (GError) error = NULL;
  AgLandscape *landscape
    = ag_landscape_new (ag_run_spec (run), ag_trainer_data (ag_run_trainer (run)), NULL, &error);

  g_assert_no_error (error);
  return landscape;
}

static AgAccount *
explain (AgRun *run,
         AgLandscape *landscape,
         gint64 step)
{
  g_autoptr (GError) error = NULL;
  AgAccount *account = ag_account_new (ag_run_spec (run), ag_run_moments (run), landscape, step, NULL, &error);

  g_assert_no_error (error);
  return account;
}

/* The sharpness of a net, found with a few products of its Hessian with vectors, is that of its
 * whole Hessian. */
static void
test_sharpness (void)
{
  AgRunSpec spec;
  g_autoptr (AgRun) run = NULL;
  g_autoptr (AgLandscape) landscape = NULL;
  g_autoptr (AgMoment) before = NULL;
  g_autoptr (AgMoment) after = NULL;
  g_autofree double *hessian = NULL;
  g_autofree double *values = NULL;
  g_autofree double *vectors = NULL;
  AgSharpness sharpness;
  guint n;

  ag_run_spec_init (&spec, ag_program_class_find ("mlp"));
  ag_run_spec_set_optimizer (&spec, ag_optimizer_class_find ("sgd"));
  spec.points = 200;
  spec.steps = 100;
  run = fixture_run (&spec);
  landscape = make_landscape (run);
  n = ag_landscape_n (landscape);
  hessian = g_new (double, n *n);
  values = g_new (double, n);
  vectors = g_new (double, n *n);
  before = ag_moments_at (ag_run_moments (run), 99, NULL, NULL);
  after = ag_moments_at (ag_run_moments (run), 100, NULL, NULL);
  g_assert_true (ag_sharpness_find (&spec, landscape, before, after, &sharpness, NULL));
  g_assert_true (ag_landscape_hessian (landscape, after->coefficients, 0, hessian, NULL));
  ag_eigen_symmetric (n, hessian, values, vectors);
  fixture_assert_near (sharpness.value, values[n - 1], 1e-6);
  fixture_assert_near (sharpness.limit, 2 / spec.lr, 1e-12);
}

static const AgFormulaLine *
find_last (const GArray *lines,
           const char *symbol)
{
  for (guint i = lines->len; i > 0; i--)
    if (strcmp (g_array_index (lines, AgFormulaLine, i - 1).symbol, symbol) == 0)
      return &g_array_index (lines, AgFormulaLine, i - 1);
  return NULL;
}

static void
check_value (const AgRunSpec *spec,
             gint64 step,
             const char *what,
             double have,
             double want,
             double scale)
{
  const double tolerance = spec->dtype == AG_DTYPE_FLOAT32 ? RULES_FLOAT32 : RULES_FLOAT64;

  if (!(fabs (have - want) <= tolerance * fmax (fabs (want), scale)))
    g_error ("%s, %s, step %" G_GINT64_FORMAT ": the rules make %s %.17g instead of %.17g",
             spec->program->id, spec->optimizer->id, step, what, have, want);
}

/* The rules come to the same numbers as the steps that the optimizer recorded. */
static void
check_rules (AgRun *run,
             gint64 step)
{
  const AgRunSpec *spec = ag_run_spec (run);
  g_autoptr (GError) error = NULL;
  g_autoptr (AgMoment) before = ag_moments_at (ag_run_moments (run), step - 1, NULL, &error);
  g_autoptr (AgMoment) after = ag_moments_at (ag_run_moments (run), step, NULL, &error);

  g_assert_no_error (error);
  for (guint i = 0; i < after->n_parameters; i++)
    {
      g_autoptr (GArray) lines = ag_formula_new (spec, before, after, i);
      const AgFormulaLine *last = find_last (lines, "p");

      if (after->n_updates[i] == before->n_updates[i])
        {
          g_assert_cmpuint (lines->len, ==, 0);
          g_assert_cmpfloat (after->coefficients[i], ==, before->coefficients[i]);
          continue;
        }
      g_assert_nonnull (last);
      /* The tolerance is a share of the change, so that a change of nothing would fail. */
      check_value (spec, step, "the change",
                   last->value - before->coefficients[i],
                   after->coefficients[i] - before->coefficients[i],
                   1e-2 * fabs (before->coefficients[i]) + 1e-9);
      for (guint k = 0; k < spec->optimizer->n_states; k++)
        {
          const AgFormulaLine *line = find_last (lines, spec->optimizer->states[k]);

          if (line != NULL)
            check_value (spec, step, line->symbol, line->value, ag_moment_state (after, i, k),
                         fabs (after->gradients[i]));
          else
            g_assert_cmpfloat (ag_moment_state (after, i, k), ==, 0);
        }
    }
}

static void
check_rules_of (const AgRunSpec *spec)
{
  g_autoptr (AgRun) run = fixture_run (spec);

  for (gint64 step = 1; step <= spec->steps; step = step < 8 ? step + 1 : step * 2)
    check_rules (run, step);
}

static void
test_rules (void)
{
  static const char *const programs[] = { "module", "nn", "dynamic" };

  for (guint i = 0; i < ag_optimizer_n_classes (); i++)
    for (guint k = 0; k < G_N_ELEMENTS (programs); k++)
      for (AgDType dtype = AG_DTYPE_FLOAT32; dtype <= AG_DTYPE_FLOAT64; dtype++)
        {
          AgRunSpec spec;

          ag_run_spec_init (&spec, ag_program_class_find (programs[k]));
          ag_run_spec_set_optimizer (&spec, ag_optimizer_class_nth (i));
          spec.steps = 64;
          spec.points = 100;
          spec.dtype = dtype;
          /* NAdam keeps a product in single precision whatever the type is. */
          if (dtype == AG_DTYPE_FLOAT32 || strcmp (spec.optimizer->id, "nadam") != 0)
            check_rules_of (&spec);
        }
}

/* Every option at a value that is not its default, flags on and off. */
static void
test_rules_with_options (void)
{
  for (guint i = 0; i < ag_optimizer_n_classes (); i++)
    for (guint flags = 0; flags < 2; flags++)
      {
        AgRunSpec spec;

        ag_run_spec_init (&spec, ag_program_class_find ("module"));
        ag_run_spec_set_optimizer (&spec, ag_optimizer_class_nth (i));
        spec.steps = 64;
        spec.points = 100;
        for (guint k = 0; k < spec.optimizer->n_options; k++)
          {
            const AgSetting *option = &spec.optimizer->options[k];

            if (option->kind == AG_SETTING_FLAG)
              spec.options[k] = flags;
            else if (strcmp (option->id, "dampening") == 0)
              spec.options[k] = flags ? 0 : 0.3;
            else
              spec.options[k] = isfinite (option->maximum) ? 0.75 : 0.05;
          }
        check_rules_of (&spec);
      }
}

/* Numbers stand for the symbols. */
static void
test_text (void)
{
  AgRunSpec spec;
  g_autoptr (AgRun) run = NULL;
  g_autoptr (AgMoment) before = NULL;
  g_autoptr (AgMoment) after = NULL;
  g_autoptr (GArray) lines = NULL;
  const AgFormulaLine *line;

  ag_run_spec_init (&spec, ag_program_class_find ("autograd"));
  g_assert_true (ag_run_spec_set_init (&spec, "a=0.5,b=-1,c=0,d=0.25", NULL));
  spec.steps = 1;
  spec.lr = 0.001;
  spec.points = 2;
  run = fixture_run (&spec);
  before = ag_moments_at (ag_run_moments (run), 0, NULL, NULL);
  after = ag_moments_at (ag_run_moments (run), 1, NULL, NULL);
  lines = ag_formula_new (&spec, before, after, 1);
  g_assert_cmpuint (lines->len, ==, 1);
  line = &g_array_index (lines, AgFormulaLine, 0);
  g_assert_cmpstr (line->formula, ==, "p - lr * g");
  g_assert_true (g_str_has_prefix (line->numbers, "(-1) - 0.001 * "));
}

/* The change of the loss is what the slope promises and the curvature takes back, to 10⁻⁹,
 * where the loss still changes by more than its rounding. */
static void
check_ledger (AgRun *run)
{
  g_autoptr (AgLandscape) landscape = make_landscape (run);
  guint n_checked = 0;

  for (gint64 step = 1; step <= ag_run_spec (run)->steps; step = step * 3 / 2 + 1)
    {
      g_autoptr (AgAccount) account = explain (run, landscape, step);

      if (fabs (account->final_loss - account->loss) < 1e-5 * account->loss)
        continue;
      n_checked++;
      if (!(fabs (account->beyond)
            <= 1e-9 * (fabs (account->promised) + fabs (account->taken_back))))
        g_error ("%s, step %" G_GINT64_FORMAT ": %.17g + %.17g leaves %.3g of %.17g",
                 ag_run_spec (run)->program->id, step, account->promised, account->taken_back,
                 account->beyond, account->final_loss - account->loss);
      g_assert_cmpfloat (account->taken_back, >=, 0);
    }
  g_assert_cmpuint (n_checked, >, 5);
}

static void
test_ledger (void)
{
  guint n_linear = 0;

  for (guint i = 0; i < ag_program_n_classes (); i++)
    {
      g_autoptr (AgRun) run = NULL;
      AgRunSpec spec;

      ag_run_spec_init (&spec, ag_program_class_nth (i));
      if (!spec.program->model->is_linear)
        continue;
      spec.dtype = AG_DTYPE_FLOAT64;
      run = fixture_run (&spec);
      check_ledger (run);
      n_linear++;
    }
  g_assert_cmpuint (n_linear, >=, 6);
}

/* The numbers of the cubic's loss, and what follows for its rate. */
static void
test_directions (void)
{
  static const double curvatures[] = { 1727.50, 2065.98, 80355.8, 562121.9 };
  AgRunSpec spec;
  g_autoptr (AgRun) run = NULL;
  g_autoptr (AgLandscape) landscape = NULL;
  g_autoptr (AgAccount) account = NULL;

  ag_run_spec_init (&spec, ag_program_class_find ("autograd"));
  run = fixture_run (&spec);
  landscape = make_landscape (run);
  account = explain (run, landscape, 37);
  for (guint i = 0; i < account->n; i++)
    {
      fixture_assert_near (account->directions[i].curvature, curvatures[i], 1e-5);
      fixture_assert_near (account->directions[i].factor, 1 - 1e-6 * curvatures[i], 1e-6);
    }
  g_assert_cmpint (lround (ag_direction_half_life (&account->directions[0], exp (-1))), ==, 578);
  fixture_assert_near (account->edge, 1e-6 / 3.558e-6, 1e-3);
}

/* A run that blew up is explained at its last step, where its numbers are immense, with the same
 * landscape as at its first ones: the curvature is the same. */
static void
test_blown_up (void)
{
  AgRunSpec spec;
  g_autoptr (AgRun) run = NULL;
  g_autoptr (AgLandscape) landscape = NULL;
  g_autoptr (AgAccount) last = NULL;
  g_autoptr (AgAccount) early = NULL;
  AgSnapshot snapshot;

  ag_run_spec_init (&spec, ag_program_class_find ("autograd"));
  spec.lr = 4e-6;
  run = fixture_run (&spec);
  g_assert_true (ag_trainer_take_snapshot (ag_run_trainer (run), &snapshot));
  landscape = make_landscape (run);
  last = explain (run, landscape, snapshot.step);
  early = explain (run, landscape, 20);
  g_assert_cmpfloat (fabs (last->before->coefficients[3]), >, 1e9);
  fixture_assert_near (early->directions[3].curvature, 562121.9, 1e-5);
  fixture_assert_near (early->edge, 4e-6 / 3.558e-6, 1e-3);
  g_assert_cmpfloat (fabs (early->beyond), <=, 1e-6 * fabs (early->promised));
}

/* A momentum takes steps up the slope too, which promise nothing good. */
static void
test_uphill (void)
{
  AgRunSpec spec;
  g_autoptr (AgRun) run = NULL;
  g_autoptr (AgLandscape) landscape = NULL;
  guint n_uphill = 0;

  ag_run_spec_init (&spec, ag_program_class_find ("autograd"));
  spec.options[ag_optimizer_class_find_option (spec.optimizer, "momentum")] = 0.9;
  spec.steps = 40;
  run = fixture_run (&spec);
  landscape = make_landscape (run);
  for (gint64 step = 1; step <= spec.steps; step++)
    {
      g_autoptr (AgAccount) account = explain (run, landscape, step);
      g_autofree char *sentence = ag_account_say (account);

      g_assert_cmpint (g_str_has_prefix (sentence, "The step went up the slope"), ==,
                       account->promised > 0);
      g_assert_null (strstr (sentence, "take -"));
      n_uphill += account->promised > 0;
    }
  g_assert_cmpuint (n_uphill, >, 0);
}

/* The loss a hundred steps on, of gradient descent with and without momentum. */
static void
check_projection (const AgRunSpec *spec)
{
  g_autoptr (AgRun) run = fixture_run (spec);
  g_autoptr (AgLandscape) landscape = make_landscape (run);
  double coefficients[4], gradient[4];

  for (gint64 step = 1; step + 100 <= spec->steps; step += 97)
    {
      g_autoptr (AgAccount) account = explain (run, landscape, step);
      g_autoptr (AgAccount) later = explain (run, landscape, step + 100);
      double loss;

      g_assert_true (ag_account_project (account, spec, 100, coefficients));
      g_assert_true (ag_landscape_at (landscape, coefficients, 0, &loss, gradient, NULL));
      if (!(fabs (loss - later->final_loss) <= 1e-6 * later->final_loss))
        g_error ("step %" G_GINT64_FORMAT ": the loss becomes %.17g, not %.17g", step,
                 later->final_loss, loss);
    }
}

static void
test_projection (void)
{
  AgRunSpec spec;

  ag_run_spec_init (&spec, ag_program_class_find ("autograd"));
  spec.steps = 1000;
  check_projection (&spec);
  spec.dtype = AG_DTYPE_FLOAT64;
  check_projection (&spec);
  spec.options[ag_optimizer_class_find_option (spec.optimizer, "weight-decay")] = 100;
  check_projection (&spec);
  spec.options[ag_optimizer_class_find_option (spec.optimizer, "momentum")] = 0.9;
  check_projection (&spec);
  spec.options[ag_optimizer_class_find_option (spec.optimizer, "nesterov")] = 1;
  check_projection (&spec);
}

/* At this rate the curvature climbs until it is what the rate can stand, and goes beyond. */
static void
test_edge (void)
{
  AgRunSpec spec;
  g_autoptr (AgRun) run = NULL;
  g_autoptr (AgLandscape) landscape = NULL;
  g_autoptr (AgAccount) early = NULL;
  g_autoptr (AgAccount) middle = NULL;
  g_autoptr (AgAccount) late = NULL;

  ag_run_spec_init (&spec, ag_program_class_find ("legendre"));
  spec.lr = 1e-5;
  run = fixture_run (&spec);
  landscape = make_landscape (run);
  early = explain (run, landscape, 50);
  middle = explain (run, landscape, 500);
  late = explain (run, landscape, 1900);
  g_test_message ("edge %.3f, %.3f, %.3f", early->edge, middle->edge, late->edge);
  fixture_assert_near (early->edge, 0.39, 0.02);
  fixture_assert_near (middle->edge, 1.0, 0.1);
  fixture_assert_near (late->edge, 1.6, 0.1);
  g_assert_false (early->is_quadratic);
}

/* The curve has points everywhere, in their order, of which those far apart come first, and what
 * an account of the same step says. */
static void
test_curve (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AgRun) run = NULL;
  g_autoptr (AgLandscape) landscape = NULL;
  g_autoptr (AgSharpnessCurve) curve = NULL;
  const AgSharpnessPoint *points;
  AgRunSpec spec;
  gsize n, n_first;

  ag_run_spec_init (&spec, ag_program_class_find ("legendre"));
  spec.lr = 1e-5;
  run = fixture_run (&spec);
  landscape = make_landscape (run);
  curve = ag_sharpness_curve_new (&spec, ag_trainer_data (ag_run_trainer (run)),
                                  ag_run_moments (run));
  for (n_first = 0; n_first < 2;)
    {
      g_assert_true (ag_sharpness_curve_extend (curve, spec.steps, 0, NULL, &error));
      points = ag_sharpness_curve_points (curve, &n_first);
    }
  g_assert_cmpint (points[1].step - points[0].step, >=, spec.steps / 8);
  g_assert_false (ag_sharpness_curve_is_complete (curve, spec.steps));
  g_assert_true (ag_sharpness_curve_extend (curve, spec.steps, G_MAXINT64, NULL, &error));
  g_assert_no_error (error);
  g_assert_true (ag_sharpness_curve_is_complete (curve, spec.steps));
  g_assert_false (ag_sharpness_curve_is_complete (curve, 64 * spec.steps));
  points = ag_sharpness_curve_points (curve, &n);
  g_assert_cmpuint (n, >=, 64);
  for (gsize i = 0; i < n; i++)
    {
      g_autoptr (AgAccount) account = NULL;

      g_assert_cmpint (points[i].step, ==, (gint64) (i + 1) * points[0].step);
      if (i % 25 != 0)
        continue;
      account = explain (run, landscape, points[i].step);
      fixture_assert_near (points[i].sharpness.value / points[i].sharpness.limit, account->edge,
                           1e-6);
      fixture_assert_near (points[i].sharpness.limit, 2 / spec.lr, 1e-12);
    }
}

/* The parts of the loss that the directions still have, and the least loss, are the loss. */
static void
test_excess (void)
{
  AgRunSpec spec;
  g_autoptr (AgRun) run = NULL;
  g_autoptr (AgLandscape) landscape = NULL;
  g_autoptr (AgAccount) account = NULL;
  double rest;

  ag_run_spec_init (&spec, ag_program_class_find ("optim"));
  run = fixture_run (&spec);
  landscape = make_landscape (run);
  account = explain (run, landscape, 20);
  rest = account->final_loss;
  for (guint i = 0; i < account->n; i++)
    rest -= account->directions[i].excess;
  fixture_assert_near (rest, 8.817165, 1e-6);
  g_assert_true (isnan (account->directions[0].factor));
  g_assert_true (isfinite (account->edge));
}

/* Every program under every optimizer can be explained, from the first step on. */
static void
test_all (void)
{
  for (guint i = 0; i < ag_program_n_classes (); i++)
    for (guint k = 0; k < ag_optimizer_n_classes (); k++)
      {
        g_autoptr (AgRun) run = NULL;
        g_autoptr (AgLandscape) landscape = NULL;
        AgRunSpec spec;

        ag_run_spec_init (&spec, ag_program_class_nth (i));
        ag_run_spec_set_optimizer (&spec, ag_optimizer_class_nth (k));
        spec.steps = 30;
        spec.points = 50;
        run = fixture_run (&spec);
        landscape = make_landscape (run);
        for (gint64 step = 1; step <= spec.steps; step += 29)
          {
            g_autoptr (AgAccount) account = explain (run, landscape, step);

            g_assert_cmpint (account->after->step, ==, step);
            g_assert_cmpfloat (fabs (account->loss - account->after->loss), <=,
                               1e-4 * account->loss);
          }
      }
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/account/sharpness", test_sharpness);
  g_test_add_func ("/account/rules", test_rules);
  g_test_add_func ("/account/rules-with-options", test_rules_with_options);
  g_test_add_func ("/account/text", test_text);
  g_test_add_func ("/account/ledger", test_ledger);
  g_test_add_func ("/account/blown-up", test_blown_up);
  g_test_add_func ("/account/uphill", test_uphill);
  g_test_add_func ("/account/directions", test_directions);
  g_test_add_func ("/account/projection", test_projection);
  g_test_add_func ("/account/edge", test_edge);
  g_test_add_func ("/account/curve", test_curve);
  g_test_add_func ("/account/excess", test_excess);
  g_test_add_func ("/account/all", test_all);
  return g_test_run ();
}
