/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fixture.h"

#include "train/optimum.h"
#include "train/uncertainty.h"

#include <math.h>
#include <string.h>

#define PREDICT(name) static AgTensor *name (AgModel *model, const AgModelInput *input)

PREDICT (line)
{
  return ag_add (model->tensors[0], ag_mul (model->tensors[1], input->x));
}

/* Only the sum of a and b matters. */
PREDICT (undecided)
{
  return ag_mul (ag_add (model->tensors[0], model->tensors[1]), input->x);
}

PREDICT (decay)
{
  AgTensor *rate = ag_neg (ag_mul (model->tensors[1], input->x));

  return ag_mul (model->tensors[0], ag_exp (rate));
}

/* It is linear below a = 50 and not above. */
PREDICT (kinked)
{
  AgTensor *beyond = ag_relu (ag_sub (model->tensors[0], ag_constant (50)));

  return ag_add (line (model, input), ag_mul (ag_square (beyond), ag_square (input->x)));
}

PREDICT (logarithm)
{
  return ag_log (ag_mul (model->tensors[0], ag_add (input->x, model->tensors[1])));
}

static const char *const names[] = { "a", "b" };

#define MODEL(name)                              \
  static const AgModelClass name##_model = {     \
    .formula = "y = " #name " of {a} and {b}",   \
    .n_parameters = 2,                           \
    .parameters = names,                         \
    .instance_size = sizeof (AgModel),           \
    .init = ag_model_add_scalars,                \
    .predict = name,                             \
  };                                             \
  static const AgProgramClass name##_program = { \
    .model = &name##_model,                      \
  };

MODEL (line)
MODEL (undecided)
MODEL (decay)
MODEL (kinked)
MODEL (logarithm)

static AgOptimum *
find_for (const AgRunSpec *spec,
          const AgData *data,
          double a,
          double b)
{
  const double start[] = { a, b };
  const double *const starts[] = { start };

  return ag_optimum_new (spec, data, G_N_ELEMENTS (starts), starts, NULL);
}

static AgRunSpec
make_spec (const AgProgramClass *program)
{
  return (AgRunSpec){ .program = program, .loss = &ag_sum_of_squares, .hold = "" };
}

static AgOptimum *
find (const AgProgramClass *program,
      const AgData *data,
      double a,
      double b)
{
  const AgRunSpec spec = make_spec (program);

  return find_for (&spec, data, a, b);
}

/* Nobody said that the model is linear, and it is found out. The numbers are those of the line
 * above, by the formulas for a straight line. */
static void
test_line (void)
{
  static const double x[] = { 0, 1, 2, 3 }, y[] = { 1, 3, 2, 5 };
  g_autoptr (AgData) data = ag_data_new_values ("four", 4, x, y);
  g_autoptr (AgOptimum) optimum = find (&line_program, data, 0, 0);
  const double variance = 2.7 / 2;
  double predicted[4], errors[4];

  g_assert_nonnull (optimum);
  g_assert_true (optimum->is_exact);
  fixture_assert_near (optimum->coefficients[0], 1.1, 1e-13);
  fixture_assert_near (optimum->coefficients[1], 1.1, 1e-13);
  fixture_assert_near (optimum->loss, 2.7, 1e-13);
  fixture_assert_near (optimum->r_squared, 1 - 2.7 / 8.75, 1e-13);
  fixture_assert_near (optimum->residual_deviation, sqrt (variance), 1e-13);
  fixture_assert_near (optimum->standard_errors[0], sqrt (variance * 0.7), 1e-13);
  fixture_assert_near (optimum->standard_errors[1], sqrt (variance * 0.2), 1e-13);
  fixture_assert_near (optimum->covariance[1], variance * -0.3, 1e-13);
  fixture_assert_near (optimum->covariance[2], variance * -0.3, 1e-13);
  fixture_assert_near (optimum->greatest_curvature + optimum->least_curvature, 2 * 18, 1e-13);

  g_assert_true (ag_uncertainty_of_prediction (&line_model, optimum->coefficients,
                                               optimum->factor, 4, x, predicted, errors, NULL));
  for (guint i = 0; i < 4; i++)
    {
      const double distance = x[i] - 1.5;

      fixture_assert_near (predicted[i], 1.1 + 1.1 * x[i], 1e-13);
      fixture_assert_near (errors[i], sqrt (variance * (0.25 + distance * distance / 5)), 1e-13);
    }
}

static void
test_undecided (void)
{
  static const double x[] = { 1, 2, 3 }, y[] = { 2, 4, 7 };
  g_autoptr (AgData) data = ag_data_new_values ("three", 3, x, y);
  g_autoptr (AgOptimum) optimum = find (&undecided_program, data, 0, 0);
  double predicted, error;

  g_assert_nonnull (optimum);
  fixture_assert_near (optimum->coefficients[0] + optimum->coefficients[1], 31.0 / 14, 1e-13);
  fixture_assert_near (optimum->loss, 69 - 31.0 * 31 / 14, 1e-12);
  g_assert_true (isnan (optimum->standard_errors[0]) && isnan (optimum->standard_errors[1]));
  g_assert_true (ag_uncertainty_of_prediction (&undecided_model, optimum->coefficients,
                                               optimum->factor, 1, x, &predicted, &error,
                                               NULL));
  g_assert_true (isnan (error));

  /* Two points leave nothing to tell how certain a line is. */
  g_clear_pointer (&data, ag_data_unref);
  g_clear_pointer (&optimum, ag_optimum_unref);
  data = ag_data_new_values ("two", 2, x, y);
  optimum = find (&line_program, data, 0, 0);
  g_assert_nonnull (optimum);
  g_assert_cmpfloat (optimum->loss, <, 1e-28);
  g_assert_true (isnan (optimum->standard_errors[0]) && isnan (optimum->residual_deviation));
}

/* More points than are looked at while the place is searched, with noise: all count in the
 * end, whatever was begun with. */
static void
test_many_points (void)
{
  const gint64 n = 30000;
  g_autoptr (AgGenerator) generator = ag_generator_new (AG_GENERATOR_TORCH, 4);
  g_autofree double *x = g_new (double, n);
  g_autofree double *y = g_new (double, n);
  g_autoptr (AgData) data = NULL;
  double loss = 0, first_loss = NAN;

  for (gint64 i = 0; i < n; i++)
    {
      x[i] = 10 * ag_generator_uniform (generator);
      y[i] = 3 * exp (-0.7 * x[i]) + 0.1 * (ag_generator_uniform (generator) - 0.5);
    }
  data = ag_data_new_values ("many", n, x, y);
  for (gint power = -3; power <= 3; power++)
    {
      g_autoptr (AgOptimum) optimum = find (&decay_program, data, -5, pow (10, power));

      g_assert_nonnull (optimum);
      g_assert_false (optimum->is_exact);
      /* Uniform noise of that height has a deviation of 0.1 / √12. */
      g_assert_cmpfloat_with_epsilon (optimum->residual_deviation, 0.1 / sqrt (12), 3e-4);
      g_assert_cmpfloat_with_epsilon (optimum->coefficients[0], 3, 4 * optimum->standard_errors[0]);
      g_assert_cmpfloat_with_epsilon (optimum->coefficients[1], 0.7,
                                      4 * optimum->standard_errors[1]);
      loss = 0;
      for (gint64 i = 0; i < n; i++)
        loss += pow (y[i] - optimum->coefficients[0] * exp (-optimum->coefficients[1] * x[i]), 2);
      fixture_assert_near (optimum->loss, loss, 1e-11);
      if (!isnan (first_loss))
        fixture_assert_near (optimum->loss, first_loss, 1e-12);
      first_loss = optimum->loss;
    }
}

/* A model that looks linear near the start is not always linear. */
static void
test_kinked (void)
{
  double x[50], y[50];
  g_autoptr (AgData) data = NULL;
  g_autoptr (AgOptimum) optimum = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (x); i++)
    {
      x[i] = -1 + i / 24.5;
      y[i] = 60 - 2 * x[i] + 100 * x[i] * x[i];
    }
  data = ag_data_new_values ("kinked", G_N_ELEMENTS (x), x, y);
  optimum = find (&kinked_program, data, 1, 1);
  g_assert_nonnull (optimum);
  g_assert_false (optimum->is_exact);
  fixture_assert_near (optimum->coefficients[0], 60, 1e-10);
  fixture_assert_near (optimum->coefficients[1], -2, 1e-10);
  g_assert_cmpfloat (optimum->loss, <, 1e-18);
}

/* Where it is to begin there is no finite number, and a step may lead there. */
static void
test_not_finite (void)
{
  double x[40], y[40];
  g_autoptr (AgData) data = NULL;
  g_autoptr (AgOptimum) optimum = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (x); i++)
    {
      x[i] = i / 4.0;
      y[i] = log (2 * (x[i] + 0.3));
    }
  data = ag_data_new_values ("logarithm", G_N_ELEMENTS (x), x, y);
  optimum = find (&logarithm_program, data, -1, 1);
  g_assert_nonnull (optimum);
  fixture_assert_near (optimum->coefficients[0], 2, 1e-9);
  fixture_assert_near (optimum->coefficients[1], 0.3, 1e-9);
}

/* A coefficient that is held stays, is certain, and the others are as if it were a number. */
static void
test_held (void)
{
  static const double x[] = { 0, 1, 2, 3 }, y[] = { 1, 3, 2, 5 };
  g_autoptr (AgData) data = ag_data_new_values ("four", 4, x, y);
  AgRunSpec spec = make_spec (&line_program);
  g_autoptr (AgOptimum) optimum = NULL;
  double predicted, error;

  spec.hold = "a";
  optimum = find_for (&spec, data, 2, 7);
  g_assert_nonnull (optimum);
  g_assert_true (optimum->is_exact);
  g_assert_cmpfloat (optimum->coefficients[0], ==, 2);
  /* Through (0, 2): Σ x (y − 2) / Σ x² = 10 / 14, and Σ (y − 2)² = 11. */
  fixture_assert_near (optimum->coefficients[1], 10.0 / 14, 1e-13);
  fixture_assert_near (optimum->loss, 11 - 100.0 / 14, 1e-13);
  g_assert_cmpfloat (optimum->standard_errors[0], ==, 0);
  fixture_assert_near (optimum->standard_errors[1], sqrt ((11 - 100.0 / 14) / 3 / 14), 1e-13);
  fixture_assert_near (optimum->greatest_curvature, 2 * 14, 1e-13);
  g_assert_true (ag_uncertainty_of_prediction (&line_model, optimum->coefficients,
                                               optimum->factor, 1, x, &predicted, &error,
                                               NULL));
  g_assert_cmpfloat (error, ==, 0);

  spec = make_spec (&decay_program);
  spec.hold = "b";
  g_clear_pointer (&optimum, ag_optimum_unref);
  optimum = find_for (&spec, data, 7, -0.5);
  g_assert_nonnull (optimum);
  g_assert_cmpfloat (optimum->coefficients[1], ==, -0.5);
  fixture_assert_near (optimum->coefficients[0],
                       (y[0] + y[1] * exp (0.5) + y[2] * exp (1) + y[3] * exp (1.5))
                         / (1 + exp (1) + exp (2) + exp (3)),
                       1e-12);

  spec.hold = "a,b";
  g_clear_pointer (&optimum, ag_optimum_unref);
  optimum = find_for (&spec, data, 7, -0.5);
  g_assert_nonnull (optimum);
  g_assert_cmpfloat (optimum->coefficients[0], ==, 7);
}

/* The slope of the sum of Huber's losses, or of absolute values, by each coefficient is zero, or
 * changes its sign. */
static double
loss_of_line (const AgLoss *loss,
              double delta,
              gsize n,
              const double *x,
              const double *y,
              double a,
              double b)
{
  double sum = 0;

  for (gsize i = 0; i < n; i++)
    {
      const double distance = fabs (y[i] - a - b * x[i]);

      if (loss->kind == AG_LOSS_L1)
        sum += distance;
      else
        sum += distance <= delta ? distance * distance / 2 : delta * (distance - delta / 2);
    }
  return loss->is_mean ? sum / (double) n : sum;
}

static void
check_robust (const AgLoss *loss,
              double delta)
{
  enum
  {
    N = 60
  };
  g_autoptr (AgGenerator) generator = ag_generator_new (AG_GENERATOR_TORCH, 2);
  AgRunSpec spec = make_spec (&line_program);
  g_autoptr (AgOptimum) optimum = NULL;
  g_autoptr (AgData) data = NULL;
  double x[N], y[N];

  for (guint i = 0; i < N; i++)
    {
      x[i] = 4 * ag_generator_uniform (generator);
      y[i] = 1 + 2 * x[i] + 0.2 * (ag_generator_uniform (generator) - 0.5) + (i % 7 == 0 ? 30 : 0);
    }
  data = ag_data_new_values ("outliers", N, x, y);
  spec.loss = loss;
  spec.delta = delta;
  optimum = find_for (&spec, data, 0, 0);
  g_assert_nonnull (optimum);
  g_assert_false (optimum->is_exact);
  /* The points far off hardly count. */
  g_assert_cmpfloat_with_epsilon (optimum->coefficients[0], 1, 0.2);
  g_assert_cmpfloat_with_epsilon (optimum->coefficients[1], 2, 0.05);
  fixture_assert_near (optimum->loss,
                       loss_of_line (loss, delta, N, x, y, optimum->coefficients[0],
                                     optimum->coefficients[1]),
                       1e-12);
  g_assert_true (isnan (optimum->standard_errors[0]) && isnan (optimum->r_squared));
  /* It is least: both losses are convex, so it is enough to look around. */
  for (guint i = 0; i < 16; i++)
    for (double h = 1e-6; h < 1; h *= 10)
      g_assert_cmpfloat (loss_of_line (loss, delta, N, x, y,
                                       optimum->coefficients[0] + h * cos (i * G_PI / 8),
                                       optimum->coefficients[1] + h * sin (i * G_PI / 8)),
                         >=, optimum->loss * (1 - 1e-8));
}

static void
test_robust (void)
{
  for (gint is_mean = FALSE; is_mean <= TRUE; is_mean++)
    {
      check_robust (ag_loss_find (AG_LOSS_HUBER, is_mean), 0.05);
      check_robust (ag_loss_find (AG_LOSS_HUBER, is_mean), 0.5);
      check_robust (ag_loss_find (AG_LOSS_L1, is_mean), 0);
    }
}

static void
test_cancelled (void)
{
  g_autoptr (AgData) data = ag_data_new_formula ("exp(-x)", 0, 3, 100, NULL);
  const double start[] = { 1, 2 };
  const double *const starts[] = { start };
  const AgRunSpec decay = make_spec (&decay_program), line = make_spec (&line_program);
  AgWork work = { 0 };

  ag_work_set_cancelled (&work, TRUE);
  g_assert_null (ag_optimum_new (&decay, data, 1, starts, &work));
  g_assert_null (ag_optimum_new (&line, data, 1, starts, &work));
  ag_work_set_cancelled (&work, FALSE);
  ag_optimum_unref (ag_optimum_new (&decay, data, 1, starts, &work));
}

static gpointer
find_of_spec (gpointer spec)
{
  return ag_run_spec_optimum (spec, NULL);
}

/* Every program has one, and any thread finds the same to the bit. */
static void
test_programs (void)
{
  for (guint i = 0; i < ag_program_n_classes (); i++)
    {
      const AgProgramClass *program = ag_program_class_nth (i);
      g_autoptr (AgOptimum) optimum = NULL;
      g_autoptr (AgOptimum) other = NULL;
      AgRunSpec spec;
      GThread *thread;

      ag_run_spec_init (&spec, program);
      spec.points = 200;
      thread = g_thread_new ("optimum", find_of_spec, &spec);
      optimum = ag_run_spec_optimum (&spec, NULL);
      other = g_thread_join (thread);
      g_assert_nonnull (optimum);
      g_assert_cmpmem (optimum->coefficients, sizeof (double) * optimum->n_coefficients,
                       other->coefficients, sizeof (double) * other->n_coefficients);
      g_assert_cmpfloat (optimum->loss, ==, other->loss);
      g_assert_cmpfloat (optimum->r_squared, >, 0.99);
      g_assert_true (optimum->is_exact == other->is_exact);
      g_assert_true (!program->model->is_linear || optimum->is_exact);
    }
}

/* The cubic, the Legendre polynomial and the net that changes are the same family of curves, but
 * for the terms that the last has by chance. */
static void
test_same_curve (void)
{
  AgRunSpec spec;
  g_autoptr (AgOptimum) cubic = NULL;
  g_autoptr (AgOptimum) legendre = NULL;
  g_autoptr (AgOptimum) dynamic = NULL;

  ag_run_spec_init (&spec, ag_program_class_find ("autograd"));
  cubic = ag_run_spec_optimum (&spec, NULL);
  ag_run_spec_init (&spec, ag_program_class_find ("legendre"));
  legendre = ag_run_spec_optimum (&spec, NULL);
  ag_run_spec_init (&spec, ag_program_class_find ("dynamic"));
  dynamic = ag_run_spec_optimum (&spec, NULL);
  fixture_assert_near (legendre->loss, cubic->loss, 1e-12);
  g_assert_false (legendre->is_exact);
  g_assert_true (dynamic->is_exact);
  g_assert_cmpfloat (dynamic->loss, <, cubic->loss);
  g_assert_cmpfloat (dynamic->loss, >, 0.9 * cubic->loss);
  /* No bound of its rate is known. */
  g_assert_true (isnan (dynamic->greatest_curvature));
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/optimum/line", test_line);
  g_test_add_func ("/optimum/undecided", test_undecided);
  g_test_add_func ("/optimum/many-points", test_many_points);
  g_test_add_func ("/optimum/kinked", test_kinked);
  g_test_add_func ("/optimum/not-finite", test_not_finite);
  g_test_add_func ("/optimum/held", test_held);
  g_test_add_func ("/optimum/robust", test_robust);
  g_test_add_func ("/optimum/cancelled", test_cancelled);
  g_test_add_func ("/optimum/programs", test_programs);
  g_test_add_func ("/optimum/same-curve", test_same_curve);
  return g_test_run ();
}
