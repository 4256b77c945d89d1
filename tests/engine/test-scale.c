/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fixture.h"

#include "base/number.h"
#include "program/program.h"
#include "train/scale.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

static AgRunSpec
make_run (const char *program,
          const char *data)
{
  AgRunSpec spec;

  ag_run_spec_init (&spec, ag_program_class_find (program));
  g_assert_true (ag_run_spec_set_data (&spec, data, NULL));
  return spec;
}

static double
cubic (const double *c,
       double x)
{
  return c[0] + x * (c[1] + x * (c[2] + x * c[3]));
}

/* Standardized points have mean 0 and deviation 1, and their scale leads back. */
static void
test_data (void)
{
  static const double x[] = { 1000, 1001, 1003, 1008 }, y[] = { 5, 5, 5, 5 };
  g_autoptr (AgData) original = ag_data_new_values ("points", 4, x, y);
  g_autoptr (AgData) data = ag_data_new_standardized (original);
  const AgScale *scale = ag_data_scale (data);
  double sum = 0, squares = 0;

  g_assert_null (ag_data_scale (original));
  for (gint64 i = 0; i < 4; i++)
    {
      double x_now, y_now;

      ag_data_read (data, i, 1, &x_now, &y_now);
      g_assert_cmpfloat_with_epsilon (scale->x_mean + scale->x_deviation * x_now, x[i], 1e-12);
      g_assert_cmpfloat (y_now, ==, 0);
      sum += x_now;
      squares += x_now * x_now;
    }
  g_assert_cmpfloat_with_epsilon (sum, 0, 1e-12);
  g_assert_cmpfloat_with_epsilon (squares / 4, 1, 1e-12);
  g_assert_cmpfloat (scale->y_deviation, ==, 1);
}

/* A cubic in standardized units is one in those of the file. */
static void
test_expand (void)
{
  static const char *const programs[] = { "numpy", "autograd", "nn", "optim", "module" };
  const AgScale scale = { 3, 0.5, -7, 4 };
  const double fitted[] = { 0.25, -1, 2, 0.125 };
  double original[4];

  for (gsize p = 0; p < G_N_ELEMENTS (programs); p++)
    {
      const AgModelClass *model = ag_program_class_find (programs[p])->model;
      g_autoptr (AgPredictor) predictor = ag_predictor_new (model, NULL);

      g_assert_true (ag_scale_expand (&scale, model, fitted, original));
      for (double x = -2; x <= 8; x += 0.5)
        {
          const double scaled = (x - 3) / 0.5;
          double now, then;

          ag_predictor_evaluate (predictor, fitted, 1, &scaled, &now, NULL);
          ag_predictor_evaluate (predictor, original, 1, &x, &then, NULL);
          g_assert_cmpfloat_with_epsilon (then, -7 + 4 * now, 1e-9);
        }
    }
  g_assert_false (ag_scale_expand (&scale, ag_program_class_find ("legendre")->model, fitted, original));
  g_assert_false (ag_scale_expand (&scale, ag_program_class_find ("mlp")->model, fitted, original));
}

/* The optimum is the same fit, standardized or not. */
static void
test_optimum (void)
{
  AgRunSpec spec = make_run ("autograd", "sample:step");
  g_autoptr (AgOptimum) plain = ag_run_spec_optimum (&spec, NULL);
  g_autoptr (AgOptimum) standardized = NULL;
  g_autoptr (AgData) data = NULL;
  double original[4];

  spec.scale = AG_SCALING_STANDARD;
  data = ag_run_spec_data (&spec, NULL);
  standardized = ag_run_spec_optimum (&spec, NULL);
  g_assert_true (ag_scale_expand (ag_data_scale (data), spec.program->model,
                                  standardized->coefficients, original));
  for (double x = 0; x <= 12; x += 0.25)
    g_assert_cmpfloat_with_epsilon (cubic (original, x), cubic (plain->coefficients, x), 1e-6);
}

/* So are its errors, in the units of the points as they were. */
static void
test_expanded_optimum (void)
{
  AgRunSpec spec = make_run ("autograd", "sample:step");
  g_autoptr (AgOptimum) plain = ag_run_spec_optimum (&spec, NULL);
  g_autoptr (AgOptimum) standardized = NULL;
  g_autoptr (AgOptimum) expanded = NULL;
  g_autoptr (AgData) data = NULL;

  spec.scale = AG_SCALING_STANDARD;
  data = ag_run_spec_data (&spec, NULL);
  standardized = ag_run_spec_optimum (&spec, NULL);
  expanded = ag_optimum_expand (standardized, ag_data_scale (data), spec.program->model);
  g_assert_nonnull (expanded);
  for (guint i = 0; i < 4; i++)
    {
      fixture_assert_near (expanded->coefficients[i], plain->coefficients[i], 1e-8);
      fixture_assert_near (expanded->standard_errors[i], plain->standard_errors[i], 1e-8);
      for (guint j = 0; j < 4; j++)
        fixture_assert_near (expanded->covariance[4 * i + j], plain->covariance[4 * i + j], 1e-8);
    }
  fixture_assert_near (expanded->residual_deviation, plain->residual_deviation, 1e-10);
  fixture_assert_near (expanded->r_squared, plain->r_squared, 1e-10);
  g_assert_cmpfloat (expanded->loss, ==, standardized->loss);
  spec = make_run ("legendre", "sample:step");
  g_assert_null (ag_optimum_expand (standardized, ag_data_scale (data), spec.program->model));
}

/* Where the model is not linear, the number is that of JᵀJ. Of a exp(−b x) at three points it is
 * found by hand from the two columns exp(−b x) and −a x exp(−b x). */
static void
test_condition_of_jacobian (void)
{
  static const double x[] = { 0, 1, 2 };
  const double a = 3, b = 0.5;
  double y[3], p = 0, q = 0, r = 0, root;
  g_autoptr (AgData) data = NULL;
  g_autoptr (AgOptimum) optimum = NULL;
  const double start[] = { 1, 1 };
  const double *const starts[] = { start };
  AgRunSpec spec;

  for (guint i = 0; i < 3; i++)
    {
      const double e = exp (-b * x[i]);

      y[i] = a * e;
      p += e * e;
      q += -a * x[i] * e * e;
      r += a * x[i] * e * a * x[i] * e;
    }
  root = sqrt ((p - r) * (p - r) + 4 * q * q);
  data = ag_data_new_values ("three", 3, x, y);
  ag_run_spec_init (&spec, ag_program_class_find ("formula"));
  g_assert_true (ag_run_spec_set_model (&spec, "a*exp(-b*x)", NULL));
  optimum = ag_optimum_new (&spec, data, 1, starts, NULL);
  g_assert_nonnull (optimum);
  g_assert_false (optimum->is_exact);
  fixture_assert_near (ag_optimum_condition (optimum), (p + r + root) / (p + r - root), 1e-6);
  g_assert_true (isnan (optimum->greatest_curvature));
  g_clear_pointer (&optimum, ag_optimum_unref);
  spec.loss = ag_loss_find (AG_LOSS_HUBER, TRUE);
  optimum = ag_optimum_new (&spec, data, 1, starts, NULL);
  g_assert_true (isnan (ag_optimum_condition (optimum)));
}

static void
test_condition (void)
{
  AgRunSpec spec = make_run ("autograd", "sample:growth");
  AgCondition condition;

  g_assert_true (ag_run_spec_condition (&spec, &condition));
  g_assert_cmpfloat (condition.plain, >, 1e11);
  g_assert_cmpfloat (condition.standardized, <, 100);
  spec = make_run ("mlp", "sample:growth");
  g_assert_false (ag_run_spec_condition (&spec, &condition));
}

static void
test_format (void)
{
  static const double x[] = { 1, 3 }, y[] = { 10, 30 };
  g_autoptr (AgData) original = ag_data_new_values ("points", 2, x, y);
  g_autoptr (AgData) data = ag_data_new_standardized (original);
  const double line[] = { 0, 1, 0, 0 }, legendre[] = { 0, 1, 0, 0 };
  AgRunSpec spec = make_run ("autograd", "sample:step");
  g_autofree char *plain = ag_run_spec_format (&spec, original, line, ag_number_to_string);
  g_autofree char *expanded = ag_run_spec_format (&spec, data, line, ag_number_to_string);
  g_autofree char *told = NULL;

  g_assert_cmpstr (plain, ==, "y = 0.0 + 1.0 x + 0.0 x^2 + 0.0 x^3");
  g_assert_cmpstr (expanded, ==, "y = 0.0 + 10.0 x + 0.0 x^2 + 0.0 x^3");
  spec = make_run ("legendre", "sample:step");
  told = ag_run_spec_format (&spec, data, legendre, ag_number_to_string);
  g_assert_nonnull (strstr (told, ", with (x - 2.0)/1.0 for x and (y - 20.0)/10.0 for y"));
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/scale/data", test_data);
  g_test_add_func ("/scale/expand", test_expand);
  g_test_add_func ("/scale/optimum", test_optimum);
  g_test_add_func ("/scale/expanded-optimum", test_expanded_optimum);
  g_test_add_func ("/scale/condition", test_condition);
  g_test_add_func ("/scale/condition-of-jacobian", test_condition_of_jacobian);
  g_test_add_func ("/scale/format", test_format);
  return g_test_run ();
}
