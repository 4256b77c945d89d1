/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fixture.h"

#include "base/number.h"
#include "model/predictor.h"
#include "optim/optimizer.h"
#include "program/program.h"

#include <math.h>

static double
cubic (const double *c,
       double x)
{
  return c[0] + c[1] * x + c[2] * x * x + c[3] * x * x * x;
}

static double
legendre (const double *c,
          double x)
{
  const double u = c[2] + c[3] * x;

  return c[0] + c[1] * (5 * u * u * u - 3 * u) / 2;
}

/* The mean over the structures: x⁴ is there in two of three, x⁵ in one. */
static double
dynamic (const double *c,
         double x)
{
  return cubic (c, x) + c[4] * (2 * pow (x, 4) + pow (x, 5)) / 3;
}

typedef struct
{
  const char *program;
  double (*formula) (const double *coefficients,
                     double x);
} Expected;

static const Expected expected[] = {
  { "numpy", cubic },
  { "tensors", cubic },
  { "autograd", cubic },
  { "legendre", legendre },
  { "nn", cubic },
  { "optim", cubic },
  { "module", cubic },
  { "dynamic", dynamic },
};

/* The curves in plots are those that the names of the coefficients promise. */
static void
test_predictor (void)
{
  static const double coefficients[] = { 0.3, -0.7, 0.2, 0.15, 0.01 };
  double x[401], y[401];

  for (guint i = 0; i < G_N_ELEMENTS (x); i++)
    x[i] = -3 + i / 57.0;
  for (guint p = 0; p < G_N_ELEMENTS (expected); p++)
    {
      const AgProgramClass *program = ag_program_class_find (expected[p].program);
      g_autoptr (GError) error = NULL;
      g_autoptr (AgPredictor) predictor = ag_predictor_new (program->model, &error);

      g_assert_no_error (error);
      /* The second time nothing is recorded that was not before. */
      for (guint n = G_N_ELEMENTS (x); n > 100; n -= 200)
        {
          g_assert_true (ag_predictor_evaluate (predictor, coefficients, n, x, y, &error));
          g_assert_no_error (error);
          for (guint i = 0; i < n; i++)
            fixture_assert_near (y[i], expected[p].formula (coefficients, x[i]), 1e-13);
        }
    }
}

/* A thread that has a graph of its own goes on with it. */
static void
test_predictor_in_graph (void)
{
  const double coefficients[] = { 1, 2, 0, 0 }, x[] = { 0, 1 };
  g_autoptr (AgPredictor) predictor = NULL;
  AgTensor *one, *sum;
  double y[2];

  fixture_enter (1);
  predictor = ag_predictor_new (ag_program_class_find ("module")->model, NULL);
  one = ag_full (AG_DTYPE_FLOAT64, AG_SHAPE (2), 1);
  g_assert_true (ag_predictor_evaluate (predictor, coefficients, 2, x, y, NULL));
  sum = ag_add (one, one);
  fixture_assert_elements (sum, 0, 2, 2);
  g_assert_cmpfloat (y[0], ==, 1);
  g_assert_cmpfloat (y[1], ==, 3);
  fixture_leave ();
}

/* A model made while the program runs: a polynomial of any degree, beginning at 0. Its
 * parameters have names that no built-in one has, and are more than any of them has. */
typedef struct
{
  AgModelClass klass;
  char **names;
} Polynomial;

static void
polynomial_init (AgModel *model,
                 AgGeneratorKind kind,
                 guint64 seed)
{
  for (guint i = 0; i < model->klass->n_parameters; i++)
    ag_model_add_tensor (model, ag_zeros (model->dtype, ag_layout_scalar ()));
}

static AgTensor *
polynomial_predict (AgModel *model,
                    const AgModelInput *input)
{
  const Polynomial *polynomial = (const Polynomial *) model->klass;
  guint i = polynomial->klass.n_parameters - 1;
  AgTensor *sum = ag_mul (model->tensors[i], input->x);

  while (--i > 0)
    sum = ag_mul (ag_add (sum, model->tensors[i]), input->x);
  return ag_add (sum, model->tensors[0]);
}

static Polynomial *
polynomial_new (guint n_parameters)
{
  Polynomial *polynomial = g_new0 (Polynomial, 1);

  polynomial->names = g_new0 (char *, n_parameters + 1);
  for (guint i = 0; i < n_parameters; i++)
    polynomial->names[i] = i == 4 ? g_strdup ("e") : g_strdup_printf ("coefficient %u", i);
  polynomial->klass = (AgModelClass){
    .formula = "y = {coefficient 0} + {coefficient 1} x + …",
    .n_parameters = n_parameters,
    .parameters = (const char *const *) polynomial->names,
    .is_linear = TRUE,
    .instance_size = sizeof (AgModel),
    .init = polynomial_init,
    .predict = polynomial_predict,
  };
  return polynomial;
}

static void
polynomial_free (Polynomial *polynomial)
{
  g_strfreev (polynomial->names);
  g_free (polynomial);
}

static void
take_steps (AgProgram *program,
            guint n_steps)
{
  AgOptimizer *optimizer = ag_optimizer_new (ag_optimizer_class_find ("adam"),
                                             program->model->n_tensors, program->model->tensors);

  ag_optimizer_set_lr (optimizer, 0.01);
  for (guint i = 0; i < n_steps; i++)
    {
      ag_optimizer_zero_grad (optimizer);
      ag_program_step (program);
      ag_optimizer_step (optimizer);
      fixture_end_step ();
    }
  ag_optimizer_free (optimizer);
}

static void
test_made_at_run_time (void)
{
  const guint n = 20;
  Polynomial *polynomial = polynomial_new (n);
  const AgProgramClass klass = {
    .id = "polynomial",
    .model = &polynomial->klass,
    .loss = &ag_mean_of_squares,
  };
  g_autoptr (AgData) data = ag_data_new_formula ("1/2 - x^3", -1, 1, 200, NULL);
  double coefficients[20], gradients[20], loss, begun_with;
  g_autofree char *formula = NULL;
  AgProgram *program;

  fixture_enter (1);
  program = ag_program_new (&klass, AG_DTYPE_FLOAT64, data, 0, NULL);
  g_assert_nonnull (program);
  g_assert_cmpuint (program->model->n_tensors, ==, n);
  g_assert_cmpint (ag_model_class_find_parameter (&polynomial->klass, "e"), ==, 4);
  g_assert_cmpint (ag_model_class_find_parameter (&polynomial->klass, "coefficient 19"), ==, 19);
  g_assert_cmpint (ag_model_class_find_parameter (&polynomial->klass, "coefficient"), ==, -1);

  take_steps (program, 1);
  g_assert_true (ag_program_evaluate_loss (program, &begun_with, NULL));
  take_steps (program, 600);
  g_assert_true (ag_program_evaluate_loss (program, &loss, NULL));
  g_assert_cmpfloat (loss, <, begun_with / 100);
  g_assert_true (ag_program_read (program, coefficients, NULL));
  g_assert_true (ag_program_read_gradients (program, gradients, NULL));
  g_assert_cmpfloat_with_epsilon (coefficients[0], 0.5, 0.05);
  for (guint i = 0; i < n; i++)
    g_assert_true (isfinite (gradients[i]));

  formula = ag_model_class_format (&polynomial->klass, (const double[20]){ 0.5, -2 },
                                   ag_number_to_string);
  g_assert_cmpstr (formula, ==, "y = 0.5 + -2.0 x + …");
  ag_program_free (program);
  fixture_leave ();
  polynomial_free (polynomial);
}

/* The loss that is evaluated is that of the step that would be next. */
static void
test_evaluate_loss (void)
{
  g_autoptr (AgData) data = ag_data_new_formula ("sin(x)", -3, 3, 500, NULL);

  for (guint i = 0; i < ag_program_n_classes (); i++)
    {
      AgProgram *program;
      double evaluated;

      fixture_enter (1);
      program = ag_program_new (ag_program_class_nth (i), AG_DTYPE_FLOAT32, data, 1, NULL);
      ag_program_step (program);
      fixture_end_step ();
      g_assert_true (ag_program_evaluate_loss (program, &evaluated, NULL));
      g_assert_cmpfloat (fixture_item (ag_program_record (program)), ==, evaluated);
      fixture_end_step ();
      ag_program_free (program);
      fixture_leave ();
    }
}

/* Parameters are where the class says, whichever tensor holds them. */
static void
test_tensors (void)
{
  for (guint i = 0; i < ag_program_n_classes (); i++)
    {
      const AgModelClass *klass = ag_program_class_nth (i)->model;
      g_autofree double *written = g_new (double, klass->n_parameters);
      g_autofree double *read = g_new0 (double, klass->n_parameters);
      guint n_elements = 0;
      AgModel *model;

      for (guint k = 0; k < klass->n_parameters; k++)
        written[k] = k + 0.5;
      fixture_enter (1);
      model = ag_model_new (klass, AG_DTYPE_FLOAT32, AG_GENERATOR_TORCH, 0);
      fixture_end_step ();
      ag_model_write (model, written);
      fixture_end_step ();
      g_assert_true (ag_model_read (model, read, NULL));
      g_assert_cmpmem (written, sizeof (double) * klass->n_parameters, read,
                       sizeof (double) * klass->n_parameters);
      g_assert_cmpuint (model->n_tensors, ==, ag_model_class_n_tensors (klass));
      for (guint t = 0; t < model->n_tensors; t++)
        {
          g_assert_cmpint (ag_tensor_n_elements (model->tensors[t]), ==,
                           ag_model_class_tensor (klass, t).n_elements);
          n_elements += ag_model_class_tensor (klass, t).n_elements;
        }
      g_assert_cmpuint (n_elements, ==, klass->n_parameters);
      ag_model_free (model);
      fixture_leave ();
    }
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/model/predictor", test_predictor);
  g_test_add_func ("/model/predictor-in-graph", test_predictor_in_graph);
  g_test_add_func ("/model/made-at-run-time", test_made_at_run_time);
  g_test_add_func ("/model/evaluate-loss", test_evaluate_loss);
  g_test_add_func ("/model/tensors", test_tensors);
  return g_test_run ();
}
