/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "train/scale.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <pthread.h>
#include <string.h>

/* Standardizing changes how well the problem is conditioned, and in which units the coefficients
 * are. */

/* A polynomial of a higher degree is left as it is. */
#define MAX_DEGREE 16

/* Eigenvalues that are smaller by as much are lost in the rounding of the others. */
#define MAX_CONDITION 1e15

/**
 * ag_optimum_condition:
 * @optimum: where a run converges to
 *
 * Returns: the condition number of its loss, or of the Jacobian's JᵀJ where it is the best that was
 *   found; infinite if it is too large to be told; NaN where it is not known
 */
double
ag_optimum_condition (const AgOptimum *optimum)
{
  const double condition = optimum->condition;

  if (isnan (condition))
    return NAN;
  return condition > 0 && condition < MAX_CONDITION ? condition : INFINITY;
}

static double
condition_of (const AgRunSpec *spec,
              AgScaling scale)
{
  AgRunSpec scaled = *spec;
  g_autoptr (AgOptimum) optimum = NULL;

  scaled.scale = scale;
  if (!ag_run_spec_has_exact_optimum (&scaled))
    return NAN;
  optimum = ag_run_spec_optimum (&scaled, NULL);
  return optimum != NULL ? ag_optimum_condition (optimum) : NAN;
}

/**
 * ag_run_spec_condition:
 * @spec: a specification with a file
 * @condition: (out): the condition numbers of its problem; infinite if they are too large
 *   to be told
 *
 * Finds out what standardizing would change. That looks at all points, which may take
 * longer than a frame.
 *
 * Returns: whether they are known: where the model is linear in its coefficients
 */
gboolean
ag_run_spec_condition (const AgRunSpec *spec,
                       AgCondition *condition)
{
  condition->plain = condition_of (spec, AG_SCALING_NONE);
  condition->standardized = condition_of (spec, AG_SCALING_STANDARD);
  return !isnan (condition->plain) && !isnan (condition->standardized);
}

/* The power of x that a coefficient is multiplied with, −1 if that is no power: what is
 * 1 at 1 and is multiplied by 2^k from 2 on. */
static gint
find_power (AgPredictor *predictor,
            guint n,
            guint coefficient)
{
  static const double x[] = { 1, 2, -1, 0.5, -3, 0 };
  g_autofree double *coefficients = g_new0 (double, n);
  double y[G_N_ELEMENTS (x)];
  gint power;

  coefficients[coefficient] = 1;
  if (!ag_predictor_evaluate (predictor, coefficients, G_N_ELEMENTS (x), x, y, NULL) || !(y[1] > 0))
    return -1;
  power = (gint) lrint (log2 (y[1]));
  if (power < 0 || power > MAX_DEGREE)
    return -1;
  for (gsize i = 0; i < G_N_ELEMENTS (x); i++)
    if (fabs (y[i] - pow (x[i], power)) > 1e-9 * fmax (1, fabs (y[i])))
      return -1;
  return power;
}

static guint
compute_powers (const AgModelClass *model,
                guint *coefficient_of)
{
  g_autoptr (AgPredictor) predictor = ag_predictor_new (model, NULL);
  const guint n = model->n_parameters;

  if (predictor == NULL || !model->is_linear || n > MAX_DEGREE + 1)
    return 0;
  for (guint i = 0; i < n; i++)
    coefficient_of[i] = G_MAXUINT;
  for (guint i = 0; i < n; i++)
    {
      const gint power = find_power (predictor, n, i);

      if (power < 0 || (guint) power >= n || coefficient_of[power] != G_MAXUINT)
        return 0;
      coefficient_of[power] = i;
    }
  return n;
}

/* Which coefficient each power of x up to a highest one has, if all have one. Returns the
 * number of powers, 0 if the model is no polynomial. A formula is written in each frame, so
 * that what was found last is kept. */
static guint
find_powers (const AgModelClass *model,
             guint *coefficient_of)
{
  static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
  static const AgModelClass *known;
  static guint n_known, coefficients_known[MAX_DEGREE + 1];
  guint n;

  pthread_mutex_lock (&mutex);
  if (known != model)
    {
      n_known = compute_powers (model, coefficients_known);
      known = model;
    }
  n = n_known;
  memcpy (coefficient_of, coefficients_known, sizeof coefficients_known);
  pthread_mutex_unlock (&mutex);
  return n;
}

/**
 * ag_scale_expand:
 * @scale: how the points were standardized
 * @model: what was fitted to them
 * @coefficients: its coefficients for the standardized points
 * @original: (out caller-allocates): those for the points as they were
 *
 * Multiplies a polynomial out, by Horner's rule with (x − mean) / deviation in place of x.
 *
 * Returns: whether the model is a polynomial with all powers of x; else @original is not
 *   touched
 */
gboolean
ag_scale_expand (const AgScale *scale,
                 const AgModelClass *model,
                 const double *coefficients,
                 double *original)
{
  guint coefficient_of[MAX_DEGREE + 1];
  const guint n = find_powers (model, coefficient_of);
  long double sum[MAX_DEGREE + 1] = { 0 };

  if (n == 0)
    return FALSE;
  for (guint i = n; i-- > 0;)
    {
      for (guint power = n - 1; power > 0; power--)
        sum[power] = (sum[power - 1] - scale->x_mean * sum[power]) / scale->x_deviation;
      sum[0] = -scale->x_mean * sum[0] / scale->x_deviation + coefficients[coefficient_of[i]];
    }
  for (guint power = 0; power < n; power++)
    original[coefficient_of[power]]
      = (double) (scale->y_deviation * sum[power] + (power == 0 ? scale->y_mean : 0));
  return TRUE;
}

/* The matrix by which coefficients for standardized points become those for the points as they
 * were, but for the mean of y. */
static double *
find_expansion (const AgScale *scale,
                const AgModelClass *model)
{
  const guint n = model->n_parameters;
  const AgScale linear = { scale->x_mean, scale->x_deviation, 0, scale->y_deviation };
  g_autofree double *unit = g_new0 (double, n);
  g_autofree double *column = g_new (double, n);
  double *matrix = g_new (double, n *n);

  for (guint j = 0; j < n; j++)
    {
      unit[j] = 1;
      ag_scale_expand (&linear, model, unit, column);
      unit[j] = 0;
      for (guint i = 0; i < n; i++)
        matrix[i * n + j] = column[i];
    }
  return matrix;
}

/* Where one coefficient's error is not known, none is known of those that it is a part of; of those
 * with the factor 0 it is no part. */
static double
sum_products (guint n,
              const double *a,
              gsize stride_a,
              const double *b,
              gsize stride_b)
{
  double sum = 0;

  for (guint k = 0; k < n; k++)
    if (a[k * stride_a] != 0)
      sum += a[k * stride_a] * b[k * stride_b];
  return sum;
}

/**
 * ag_optimum_expand:
 * @optimum: where a run with standardized points converges to
 * @scale: how they were standardized
 * @model: what is fitted
 *
 * Finds the same fit in the units that the points came in: coefficients, their errors and
 * covariance, and the residuals' deviation. Loss and condition number stay those of the run.
 *
 * Returns: (transfer full) (nullable): the optimum, %NULL if the model is no polynomial with all
 *   powers of x
 */
AgOptimum *
ag_optimum_expand (const AgOptimum *optimum,
                   const AgScale *scale,
                   const AgModelClass *model)
{
  const guint n = model->n_parameters;
  g_autofree double *original = g_new (double, n);
  g_autofree double *expansion = NULL;
  AgOptimum *expanded;

  if (!ag_scale_expand (scale, model, optimum->coefficients, original))
    return NULL;
  expansion = find_expansion (scale, model);
  expanded = ag_optimum_copy (optimum);
  memcpy (expanded->coefficients, original, sizeof (double) * n);
  expanded->residual_deviation *= scale->y_deviation;
  for (guint i = 0; i < n; i++)
    for (guint j = 0; j < n; j++)
      expanded->factor[i * n + j]
        = sum_products (n, expansion + i * n, 1, optimum->factor + j, n);
  for (guint i = 0; i < n; i++)
    {
      for (guint j = 0; j < n; j++)
        expanded->covariance[i * n + j]
          = sum_products (n, expanded->factor + i * n, 1, expanded->factor + j * n, 1);
      expanded->standard_errors[i] = sqrt (expanded->covariance[i * n + i]);
    }
  return expanded;
}

/**
 * ag_run_spec_format:
 * @spec: a specification
 * @data: (nullable): its points, %NULL if they are not standardized
 * @coefficients: values of its model's parameters
 * @number_to_string: writes a number
 *
 * Writes what a run has fitted, in the units that its points came in: a polynomial is
 * multiplied out, and of any other model it is said what stands for x and y.
 *
 * Returns: (transfer full): "y = 1.0 + 2.0 x"
 */
char *
ag_run_spec_format (const AgRunSpec *spec,
                    const AgData *data,
                    const double *coefficients,
                    char *(*number_to_string) (double) )
{
  const AgModelClass *model = spec->program->model;
  const AgScale *scale = data != NULL ? ag_data_scale (data) : NULL;
  g_autofree double *original = g_new (double, model->n_parameters);
  g_autofree char *fitted = NULL;
  g_autofree char *x_mean = NULL, *x_deviation = NULL, *y_mean = NULL, *y_deviation = NULL;

  if (scale == NULL)
    return ag_model_class_format (model, coefficients, number_to_string);
  if (ag_scale_expand (scale, model, coefficients, original))
    return ag_model_class_format (model, original, number_to_string);
  fitted = ag_model_class_format (model, coefficients, number_to_string);
  x_mean = number_to_string (scale->x_mean);
  x_deviation = number_to_string (scale->x_deviation);
  y_mean = number_to_string (scale->y_mean);
  y_deviation = number_to_string (scale->y_deviation);
  return g_strdup_printf (_ ("%s, with (x - %s)/%s for x and (y - %s)/%s for y"), fitted, x_mean,
                          x_deviation, y_mean, y_deviation);
}
