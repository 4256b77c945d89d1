/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fixture.h"

#include "base/error.h"
#include "train/optimum.h"
#include "train/run-spec.h"

#include <math.h>
#include <string.h>
#include <unistd.h>

static AgRunSpec
make_run (const char *program)
{
  AgRunSpec spec;

  ag_run_spec_init (&spec, ag_program_class_find (program));
  return spec;
}

static guint
option (const AgRunSpec *spec,
        const char *id)
{
  gint index = ag_optimizer_class_find_option (spec->optimizer, id);

  g_assert_cmpint (index, >=, 0);
  return (guint) index;
}

/* The tutorial's settings. */
static void
test_defaults (void)
{
  AgRunSpec spec = make_run ("numpy");

  g_assert_cmpint (spec.dtype, ==, AG_DTYPE_FLOAT64);
  g_assert_cmpint (spec.points, ==, 2000);
  spec = make_run ("legendre");
  g_assert_cmpfloat (spec.lr, ==, 5e-6);
  spec = make_run ("optim");
  g_assert_cmpstr (spec.optimizer->id, ==, "rmsprop");
  g_assert_cmpfloat (spec.lr, ==, 1e-3);
  spec = make_run ("dynamic");
  g_assert_cmpint (spec.steps, ==, 30000);
  g_assert_cmpfloat (spec.lr, ==, 1e-8);
  g_assert_cmpfloat (spec.options[option (&spec, "momentum")], ==, 0.9);

  for (guint i = 0; i < ag_program_n_classes (); i++)
    {
      g_autoptr (GError) error = NULL;

      spec = make_run (ag_program_class_nth (i)->id);
      g_assert_true (ag_run_spec_check (&spec, &error));
      g_assert_no_error (error);
    }
}

static void
test_set_optimizer (void)
{
  AgRunSpec spec = make_run ("dynamic");

  ag_run_spec_set_optimizer (&spec, ag_optimizer_class_find ("adam"));
  g_assert_cmpfloat (spec.lr, ==, ag_run_spec_default_rate (spec.program, spec.optimizer));
  g_assert_cmpfloat (spec.options[option (&spec, "beta1")], ==, 0.9);
  ag_run_spec_set_optimizer (&spec, ag_optimizer_class_find ("sgd"));
  g_assert_cmpfloat (spec.lr, ==, 1e-8);
  g_assert_cmpfloat (spec.options[option (&spec, "momentum")], ==, 0);
}

static void
test_parse_init (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree double *given = NULL;
  g_autofree double *published = NULL;
  AgRunSpec spec = make_run ("autograd");

  g_assert_true (ag_run_spec_set_init (&spec, "d=-1e-3, a=0.50", &error));
  g_assert_cmpstr (spec.init, ==, "a=0.5,d=-0.001");
  given = ag_run_spec_init_values (&spec);
  g_assert_cmpfloat (given[0], ==, 0.5);
  g_assert_true (isnan (given[1]));
  g_assert_cmpfloat (given[3], ==, -1e-3);
  g_assert_true (ag_run_spec_set_init (&spec, "published", &error));
  published = ag_run_spec_init_values (&spec);
  g_assert_cmpfloat (published[0], ==, ag_program_class_published (spec.program, 0));
  g_assert_true (ag_run_spec_set_init (&spec, "seed", &error));
  g_assert_null (ag_run_spec_init_values (&spec));
}

static void
test_parse_init_errors (void)
{
  static const struct
  {
    const char *text;
    const char *says;
  } cases[] = {
    { "publised", "“published”?" },
    { "", "Write “seed”" },
    { "a=1,b", "“b” has no “=”" },
    { "e=1", "no parameter “e”" },
    { "a=x", "“x”, is not a number" },
    { "a=1,a=2", "given twice" },
    { "a=nan", "not a number" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      AgRunSpec spec = make_run ("autograd");

      g_assert_false (ag_run_spec_set_init (&spec, cases[i].text, &error));
      g_assert_error (error, AG_ERROR, AG_ERROR_ARGUMENT);
      if (strstr (error->message, cases[i].says) == NULL)
        g_error ("“%s” gives: %s", cases[i].text, error->message);
    }
}

static void
expect_error (const AgRunSpec *spec,
              const char *says)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (ag_run_spec_check (spec, &error));
  g_assert_error (error, AG_ERROR, AG_ERROR_ARGUMENT);
  if (strstr (error->message, says) == NULL)
    g_error ("not “%s” but: %s", says, error->message);
}

static void
test_check (void)
{
  static const double rates[] = { 0, -1, NAN, INFINITY };
  AgRunSpec spec;

  for (guint i = 0; i < G_N_ELEMENTS (rates); i++)
    {
      spec = make_run ("autograd");
      spec.lr = rates[i];
      expect_error (&spec, "“Learning rate” cannot be");
    }
  spec = make_run ("autograd");
  spec.steps = 0;
  expect_error (&spec, "“Steps” cannot be “0”. Give a whole number from 1");
  spec = make_run ("autograd");
  spec.points = 1;
  expect_error (&spec, "“Points” cannot be “1”. Give a whole number from 2");
  spec.points = AG_RUN_MAX_POINTS + 1;
  expect_error (&spec, "“Points” cannot be");
  spec = make_run ("numpy");
  spec.seed = G_MAXUINT32;
  fixture_expect_valid (&spec);
  spec.seed = G_GUINT64_CONSTANT (4294967296);
  expect_error (&spec, "seed of the program “numpy” cannot be “4294967296”");
  spec = make_run ("dynamic");
  spec.seed = G_MAXUINT64;
  fixture_expect_valid (&spec);
  spec = make_run ("autograd");
  spec.pace = -1;
  expect_error (&spec, "“Pace” cannot be “-1”");
  spec.pace = 1e-14;
  expect_error (&spec, "at least 1e-06");
  spec.pace = INFINITY;
  expect_error (&spec, "“Pace” cannot be “inf”");
  spec = make_run ("autograd");
  spec.n_threads = AG_DEVICE_MAX_THREADS + 1;
  expect_error (&spec, "“Threads” cannot be “257”. Give a whole number from 0 to 256.");
  spec = make_run ("autograd");
  spec.dtype = AG_DTYPE_INT64;
  expect_error (&spec, "Choose one of these: float32, float64.");
  spec = make_run ("autograd");
  spec.device = "abacus";
  expect_error (&spec, "no device “abacus”");
  spec = make_run ("dynamic");
  spec.options[option (&spec, "momentum")] = -0.5;
  expect_error (&spec, "“Momentum” cannot be “-0.5”. Give a number from 0 to below 1.");
  spec.options[option (&spec, "momentum")] = 0;
  spec.options[option (&spec, "nesterov")] = 1;
  expect_error (&spec, "Nesterov momentum needs a momentum");
  spec.options[option (&spec, "momentum")] = 0.5;
  fixture_expect_valid (&spec);
  spec.options[option (&spec, "dampening")] = 0.5;
  expect_error (&spec, "Nesterov momentum needs a momentum");
  spec.options[option (&spec, "nesterov")] = 0;
  fixture_expect_valid (&spec);
  spec = make_run ("dynamic");
  spec.init = "published";
  expect_error (&spec, "not known");
  spec = make_run ("autograd");
  spec.from = spec.to;
  expect_error (&spec, "x cannot go from");
  spec = make_run ("autograd");
  spec.to = INFINITY;
  expect_error (&spec, "x cannot go from");
  spec = make_run ("numpy");
  spec.target = "1";
  spec.from = -1.797e308;
  spec.to = 1.797e308;
  expect_error (&spec, "farther than float64 reaches");
  spec.from = 0;
  fixture_expect_valid (&spec);
  spec.dtype = AG_DTYPE_FLOAT32;
  expect_error (&spec, "farther than float32 reaches");
  spec = make_run ("autograd");
  spec.target = "log(x)";
  expect_error (&spec, "“log(x)” has no finite value at x = -3.14");
  spec = make_run ("autograd");
  spec.target = "exp(100*x)";
  expect_error (&spec, "no finite value at x = 0.88");
  /* Six columns of 8 GB. */
  spec = make_run ("nn");
  spec.points = AG_RUN_MAX_POINTS;
  spec.dtype = AG_DTYPE_FLOAT64;
  if (sysconf (_SC_PHYS_PAGES) * sysconf (_SC_PAGESIZE) < 40000000000)
    expect_error (&spec, "of memory");
}

static void
test_set_target (void)
{
  g_autoptr (GError) error = NULL;
  AgRunSpec spec = make_run ("autograd");

  g_assert_true (ag_run_spec_set_target (&spec, " x^2 ", &error));
  g_assert_no_error (error);
  g_assert_cmpstr (spec.target, ==, "x^2");
  g_assert_false (ag_run_spec_set_target (&spec, "x^", &error));
  g_assert_error (error, AG_ERROR, AG_ERROR_ARGUMENT);
  g_assert_cmpstr (spec.target, ==, "x^2");
}

static void
test_command (void)
{
  AgRunSpec spec = make_run ("dynamic");
  g_autofree char *plain = ag_run_spec_to_command (&spec);
  g_autofree char *changed = NULL;

  g_assert_cmpstr (plain, ==,
                   "converge train dynamic --optimizer sgd --lr 1e-08 --momentum 0.9 --steps 30000 "
                   "--points 2000 --seed 0 --dtype float32 --pytorch 2 --device cpu");
  spec.options[option (&spec, "momentum")] = 0.5;
  spec.options[option (&spec, "nesterov")] = 1;
  g_assert_true (ag_run_spec_set_init (&spec, "a=1,e=-0.25", NULL));
  spec.target = "x^2";
  spec.from = -2;
  changed = ag_run_spec_to_command (&spec);
  g_assert_nonnull (strstr (changed, " --momentum 0.5 --nesterov "));
  g_assert_nonnull (strstr (changed, " --target 'x^2' --from -2.0 --points 2000 --init a=1,e=-0.25 "));
}

/* The figures of the problem at 2,000 points, known from elsewhere. */
static void
test_optimum (void)
{
  AgRunSpec spec = make_run ("autograd");
  AgOptimum *optimum = ag_run_spec_optimum (&spec, NULL);

  g_assert_nonnull (optimum);
  g_assert_cmpfloat_with_epsilon (optimum->coefficients[0], 0, 1e-12);
  g_assert_cmpfloat_with_epsilon (optimum->coefficients[1], 0.8567408, 1e-7);
  g_assert_cmpfloat_with_epsilon (optimum->coefficients[2], 0, 1e-12);
  g_assert_cmpfloat_with_epsilon (optimum->coefficients[3], -0.0933304, 1e-7);
  g_assert_cmpfloat_with_epsilon (optimum->loss, 8.817165, 1e-6);
  g_assert_cmpfloat_with_epsilon (optimum->least_curvature, 1727.50, 0.01);
  g_assert_cmpfloat_with_epsilon (optimum->greatest_curvature, 562121.9, 0.1);
  ag_optimum_unref (optimum);

  /* A cubic is fitted exactly. */
  spec = make_run ("autograd");
  spec.target = "1 - 2*x + 3*x^2 - 4*x^3";
  spec.from = -1;
  spec.to = 2;
  optimum = ag_run_spec_optimum (&spec, NULL);
  g_assert_nonnull (optimum);
  for (guint i = 0; i < 4; i++)
    g_assert_cmpfloat_with_epsilon (optimum->coefficients[i], (i % 2 == 0 ? 1.0 : -1.0) * (i + 1),
                                    1e-9);
  g_assert_cmpfloat_with_epsilon (optimum->loss, 0, 1e-12);
  ag_optimum_unref (optimum);
}

static double
cubic (const double *c,
       double x)
{
  return c[0] + c[1] * x + c[2] * x * x + c[3] * x * x * x;
}

/* Sums over very many points are interpolated from fewer; the trapezoid rule
 * errs by h² / 12 times the slope at the ends, here 2e-8 of the sum. */
static void
test_optimum_of_many (void)
{
  AgRunSpec spec = make_run ("autograd");
  g_autoptr (AgOptimum) optimum = NULL;
  g_autoptr (AgData) data = NULL;
  double loss = 0;

  spec.points = 1000003;
  data = ag_run_spec_data (&spec, NULL);
  optimum = ag_run_spec_optimum (&spec, NULL);
  g_assert_nonnull (optimum);
  for (gint64 i = 0; i < spec.points; i++)
    {
      double x, y, residual;

      ag_data_read (data, i, 1, &x, &y);
      g_assert_cmpfloat (y, ==, sin (x));
      residual = cubic (optimum->coefficients, x) - y;
      loss += residual * residual;
    }
  g_assert_cmpfloat_with_epsilon (optimum->loss / loss, 1, 1e-7);
}

/* Two specifications share plots, an optimum and an initial fit where they have the same data and
 * model. */
static void
test_same (void)
{
  AgRunSpec a, b;

  ag_run_spec_init (&a, ag_program_class_find ("autograd"));
  b = a;
  b.lr *= 2;
  b.steps++;
  ag_run_spec_set_optimizer (&b, ag_optimizer_class_find ("adam"));
  g_assert_true (ag_run_spec_has_same_data (&a, &b) && ag_run_spec_has_same_start (&a, &b));
  b.seed++;
  g_assert_true (ag_run_spec_has_same_data (&a, &b));
  g_assert_false (ag_run_spec_has_same_start (&a, &b));
  b = a;
  b.dtype = AG_DTYPE_FLOAT64;
  g_assert_false (ag_run_spec_has_same_start (&a, &b));
  b = a;
  b.points++;
  g_assert_true (ag_run_spec_has_same_start (&a, &b));
  g_assert_false (ag_run_spec_has_same_data (&a, &b));
  b = a;
  b.program = ag_program_class_find ("legendre");
  g_assert_false (ag_run_spec_has_same_data (&a, &b));
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/run/defaults", test_defaults);
  g_test_add_func ("/run/set-optimizer", test_set_optimizer);
  g_test_add_func ("/run/parse-init", test_parse_init);
  g_test_add_func ("/run/parse-init-errors", test_parse_init_errors);
  g_test_add_func ("/run/check", test_check);
  g_test_add_func ("/run/same", test_same);
  g_test_add_func ("/run/command", test_command);
  g_test_add_func ("/run/set-target", test_set_target);
  g_test_add_func ("/run/optimum", test_optimum);
  g_test_add_func ("/run/optimum-of-many", test_optimum_of_many);
  return g_test_run ();
}
