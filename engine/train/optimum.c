/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "train/optimum.h"

#include "data/expression.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#define MAX_SWEEPS 50
#define MAX_POINTS 65537

typedef double Matrix[AG_PROGRAM_MAX_PARAMETERS][AG_PROGRAM_MAX_PARAMETERS];

/**
 * Sample:
 * @data: the points that are looked at
 * @weight: how many of the run's points one inside stands for; those at the
 *   ends stand for themselves
 * @target: what to fit
 *
 * Sums over very many evenly spaced points are found from fewer: both are
 * trapezoid rules of one integral, up to what counts at the ends, and differ by
 * the square of their spacing.
 */
typedef struct
{
  AgProgramData data;
  double weight;
  AgExpression *target;
} Sample;

static void
sample_init (Sample *sample,
             const AgRunSpec *spec)
{
  sample->data = ag_run_spec_data (spec);
  sample->data.n_points = MIN (spec->points, MAX_POINTS);
  sample->weight = (double) (spec->points - 1) / (double) (sample->data.n_points - 1);
  sample->target = ag_expression_parse (spec->target, NULL);
}

/* The ends have the half of an inner one's weight in the integral, and the
 * other half of their own in the sum. */
static double
get_weight (const Sample *sample,
            gint64 i)
{
  return i == 0 || i == sample->data.n_points - 1 ? (sample->weight + 1) / 2 : sample->weight;
}

/* What each coefficient is multiplied with at @x: the model is linear. */
static void
get_row (const AgProgramClass *program,
         double x,
         double *row)
{
  double unit[AG_PROGRAM_MAX_PARAMETERS] = { 0 };

  for (guint i = 0; i < program->n_parameters; i++)
    {
      unit[i] = 1;
      row[i] = program->evaluate (unit, x);
      unit[i] = 0;
    }
}

/* Jacobi's method: turns a symmetric matrix until it is diagonal.
 * See: Golub and Van Loan, Matrix Computations, 8.5 */
static void
rotate (Matrix a,
        Matrix vectors,
        guint n,
        guint p,
        guint q)
{
  double theta = (a[q][q] - a[p][p]) / (2 * a[p][q]);
  double t = (theta >= 0 ? 1 : -1) / (fabs (theta) + sqrt (theta * theta + 1));
  double c = 1 / sqrt (t * t + 1), s = t * c;

  for (guint k = 0; k < n; k++)
    {
      double kp = a[k][p], kq = a[k][q];

      a[k][p] = c * kp - s * kq;
      a[k][q] = s * kp + c * kq;
    }
  for (guint k = 0; k < n; k++)
    {
      double pk = a[p][k], qk = a[q][k];
      double kp = vectors[k][p], kq = vectors[k][q];

      a[p][k] = c * pk - s * qk;
      a[q][k] = s * pk + c * qk;
      vectors[k][p] = c * kp - s * kq;
      vectors[k][q] = s * kp + c * kq;
    }
}

static void
diagonalize (Matrix a,
             Matrix vectors,
             guint n)
{
  for (guint i = 0; i < n; i++)
    for (guint j = 0; j < n; j++)
      vectors[i][j] = i == j;

  for (guint sweep = 0; sweep < MAX_SWEEPS; sweep++)
    {
      gboolean is_diagonal = TRUE;

      for (guint p = 0; p < n; p++)
        for (guint q = p + 1; q < n; q++)
          if (fabs (a[p][q]) > 1e-15 * sqrt (fabs (a[p][p] * a[q][q])))
            {
              rotate (a, vectors, n, p, q);
              is_diagonal = FALSE;
            }
      if (is_diagonal)
        return;
    }
}

/**
 * ag_run_spec_optimum:
 * @spec: a specification
 * @optimum: (out): where it would converge to
 *
 * Solves the least squares problem that the run descends to, in double
 * precision, by the normal equations. The Hessian of the sum of squares is
 * twice their matrix. Of more than 65,537 points the sums are interpolated.
 *
 * Returns: whether the program's model is linear in its coefficients, and
 *   @optimum was set
 */
gboolean
ag_run_spec_optimum (const AgRunSpec *spec,
                     AgOptimum *optimum)
{
  const guint n = spec->program->n_parameters;
  Matrix normal = { { 0 } };
  Matrix vectors;
  double projection[AG_PROGRAM_MAX_PARAMETERS] = { 0 };
  double row[AG_PROGRAM_MAX_PARAMETERS];
  Sample sample;

  if (!spec->program->is_linear)
    return FALSE;

  sample_init (&sample, spec);
  if (sample.target == NULL)
    return FALSE;
  for (gint64 i = 0; i < sample.data.n_points; i++)
    {
      double x = ag_program_data_point (&sample.data, i);
      double weight = get_weight (&sample, i);
      double y = ag_expression_evaluate (sample.target, x);

      get_row (spec->program, x, row);
      for (guint j = 0; j < n; j++)
        {
          projection[j] += weight * row[j] * y;
          for (guint k = 0; k < n; k++)
            normal[j][k] += weight * row[j] * row[k];
        }
    }

  diagonalize (normal, vectors, n);
  *optimum = (AgOptimum){ .least_curvature = INFINITY };
  for (guint v = 0; v < n; v++)
    {
      double along = 0;

      for (guint j = 0; j < n; j++)
        along += vectors[j][v] * projection[j];
      /* With fewer points than coefficients some directions do not matter. */
      if (normal[v][v] > 1e-12 * (double) spec->points)
        for (guint j = 0; j < n; j++)
          optimum->coefficients[j] += vectors[j][v] * along / normal[v][v];
      optimum->least_curvature = fmin (optimum->least_curvature, 2 * normal[v][v]);
      optimum->greatest_curvature = fmax (optimum->greatest_curvature, 2 * normal[v][v]);
    }

  for (gint64 i = 0; i < sample.data.n_points; i++)
    {
      double x = ag_program_data_point (&sample.data, i);
      double residual = spec->program->evaluate (optimum->coefficients, x)
                        - ag_expression_evaluate (sample.target, x);

      optimum->loss += get_weight (&sample, i) * residual * residual;
    }
  ag_expression_free (sample.target);
  return TRUE;
}

static double
option (const AgRunSpec *spec,
        const char *id)
{
  gint index = ag_optimizer_class_find_option (spec->optimizer, id);

  return index >= 0 ? spec->options[index] : 0;
}

/**
 * ag_run_spec_stable_rate:
 * @spec: a specification
 * @learning_rate: (out): the rate at which it just does not converge
 *
 * Finds the bound of stable learning rates, which is known where the model is
 * linear and the optimizer is gradient descent: 2 (1 + μ) / λ with momentum μ,
 * and 2 (1 + μ) / ((1 + 2 μ) λ) with Nesterov's, λ being the greatest curvature
 * of the loss and of the weight decay.
 *
 * See: Polyak, "Some methods of speeding up the convergence of iteration
 * methods", 1964; Goh, "Why Momentum Really Works", 2017,
 * <https://distill.pub/2017/momentum>
 *
 * Returns: whether the bound is known
 */
gboolean
ag_run_spec_stable_rate (const AgRunSpec *spec,
                         double *learning_rate)
{
  double momentum = option (spec, "momentum");
  double curvature;
  AgOptimum optimum;

  if (g_strcmp0 (spec->optimizer->id, "sgd") != 0 || option (spec, "dampening") != 0
      || !ag_run_spec_optimum (spec, &optimum))
    return FALSE;
  curvature = optimum.greatest_curvature + option (spec, "weight-decay");
  *learning_rate = 2 * (1 + momentum) / curvature;
  if (option (spec, "nesterov") != 0)
    *learning_rate /= 1 + 2 * momentum;
  return TRUE;
}

/**
 * ag_run_spec_explain_start:
 * @spec: the run that diverged
 * @snapshot: its last snapshot
 *
 * Finds out whether the loss was not finite from the start, before any update was
 * made, which no other learning rate would help against.
 *
 * Returns: (transfer full) (nullable): a sentence that says so and what to do,
 *   %NULL if an update was to blame
 */
char *
ag_run_spec_explain_start (const AgRunSpec *spec,
                           const AgSnapshot *snapshot)
{
  if (snapshot->diverged_step != 0 || isfinite (snapshot->loss))
    return NULL;
  return g_strdup_printf (spec->dtype == AG_DTYPE_FLOAT32
                            ? _ ("The loss was not finite before the first update: the initial "
                                 "values, x or the target are too large for %s. Choose smaller "
                                 "ones, or float64.")
                            : _ ("The loss was not finite before the first update: the initial "
                                 "values, x or the target are too large for %s. Choose smaller "
                                 "ones."),
                          ag_dtype_name (spec->dtype));
}
