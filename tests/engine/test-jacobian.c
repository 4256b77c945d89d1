/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fixture.h"

#include "model/jacobian.h"
#include "model/predictor.h"

#include <math.h>
#include <string.h>

static void
draw_coefficients (guint n,
                   guint64 seed,
                   double *coefficients)
{
  g_autoptr (AgGenerator) generator = ag_generator_new (AG_GENERATOR_TORCH, seed);

  for (guint i = 0; i < n; i++)
    coefficients[i] = 2 * ag_generator_uniform (generator) - 1;
}

/* Evaluates the mean over all structures of a model, which is what its predictor predicts. */
static void
evaluate_mean (AgJacobian *jacobian,
               const AgModelClass *klass,
               gsize n,
               const double *x,
               double *y,
               double *columns)
{
  const guint n_structures = MAX (1, klass->n_structures);
  const gsize n_numbers = klass->n_parameters * n;
  g_autofree double *part_y = g_new (double, n);
  g_autofree double *part = g_new (double, n_numbers);

  memset (y, 0, sizeof (double) * n);
  memset (columns, 0, sizeof (double) * n_numbers);
  for (guint s = 0; s < n_structures; s++)
    {
      g_assert_true (ag_jacobian_evaluate (jacobian, s, n, x, part_y, part, n, NULL));
      for (gsize i = 0; i < n; i++)
        y[i] += part_y[i] / n_structures;
      for (gsize i = 0; i < n_numbers; i++)
        columns[i] += part[i] / n_structures;
    }
}

static void
check_columns (const AgModelClass *klass,
               gsize n,
               const double *x)
{
  g_autoptr (AgJacobian) jacobian = ag_jacobian_new (klass, NULL);
  g_autoptr (AgPredictor) predictor = ag_predictor_new (klass, NULL);
  g_autofree double *coefficients = g_new (double, klass->n_parameters);
  g_autofree double *columns = g_new (double, klass->n_parameters *n);
  g_autofree double *y = g_new (double, n);
  g_autofree double *low = g_new (double, n);
  g_autofree double *high = g_new (double, n);
  const double h = 1e-5;

  for (guint64 seed = 0; seed < 3; seed++)
    {
      draw_coefficients (klass->n_parameters, seed, coefficients);
      ag_jacobian_move_to (jacobian, coefficients);
      evaluate_mean (jacobian, klass, n, x, y, columns);
      g_assert_true (ag_predictor_evaluate (predictor, coefficients, n, x, low, NULL));
      for (gsize i = 0; i < n; i++)
        fixture_assert_near (y[i], low[i], 1e-12);
      for (guint k = 0; k < klass->n_parameters; k++)
        {
          const double at = coefficients[k];

          coefficients[k] = at - h;
          g_assert_true (ag_predictor_evaluate (predictor, coefficients, n, x, low, NULL));
          coefficients[k] = at + h;
          g_assert_true (ag_predictor_evaluate (predictor, coefficients, n, x, high, NULL));
          coefficients[k] = at;
          for (gsize i = 0; i < n; i++)
            g_assert_cmpfloat_with_epsilon (columns[k * n + i], (high[i] - low[i]) / (2 * h),
                                            1e-6 * (1 + fabs (columns[k * n + i])));
        }
    }
}

/* The columns are what differences of the prediction come to, for any number of points. */
static void
test_jacobian (void)
{
  static const gsize sizes[] = { 1, 7, AG_JACOBIAN_POINTS, AG_JACOBIAN_POINTS + 1 };
  double x[AG_JACOBIAN_POINTS + 1];

  for (gsize i = 0; i < G_N_ELEMENTS (x); i++)
    x[i] = -2 + 4 * (double) i / (double) G_N_ELEMENTS (x);
  for (guint i = 0; i < ag_program_n_classes (); i++)
    for (guint k = 0; k < G_N_ELEMENTS (sizes); k++)
      check_columns (ag_program_class_nth (i)->model, sizes[k], x);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/jacobian/differences", test_jacobian);
  return g_test_run ();
}
