/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "train/optimum.h"

#include "model/formula-model.h"
#include "model/predictor.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#define MAX_SWEEPS 50

/* Points that are looked at in one go. */
#define POINTS_AT_A_TIME 1024

/**
 * Points:
 * @n: how many there are
 * @x: where they are
 * @y: what is to be fitted there
 * @weights: how many of the data's points each stands for
 *
 * A part of the data.
 */
typedef struct
{
  gsize n;
  double x[POINTS_AT_A_TIME];
  double y[POINTS_AT_A_TIME];
  double weights[POINTS_AT_A_TIME];
} Points;

/* Reads the next part. Returns whether there was one. */
static gboolean
read_points (const AgData *data,
             gint64 *at,
             Points *points)
{
  const gint64 left = ag_data_n_representatives (data) - *at;

  points->n = (gsize) MIN (left, POINTS_AT_A_TIME);
  if (points->n == 0)
    return FALSE;
  ag_data_read_representatives (data, *at, points->n, points->x, points->y, points->weights);
  *at += (gint64) points->n;
  return TRUE;
}

/**
 * Problem:
 * @predictor: what is fitted
 * @n: number of its coefficients
 * @normal: the matrix of the normal equations, (n, n), and then its eigenvalues on
 *   the diagonal
 * @vectors: its eigenvectors as columns, (n, n)
 * @projection: the right side of the normal equations, (n)
 * @coefficients: room for coefficients, (n)
 * @columns: what each coefficient is multiplied with at each point, (n, %POINTS_AT_A_TIME)
 *
 * A least squares problem.
 */
typedef struct
{
  AgPredictor *predictor;
  guint n;
  double *normal;
  double *vectors;
  double *projection;
  double *coefficients;
  double *columns;
} Problem;

static void
problem_init (Problem *problem,
              AgPredictor *predictor,
              guint n)
{
  problem->predictor = predictor;
  problem->n = n;
  problem->normal = g_new0 (double, n *n);
  problem->vectors = g_new0 (double, n *n);
  problem->projection = g_new0 (double, n);
  problem->coefficients = g_new0 (double, n);
  problem->columns = g_new0 (double, n *POINTS_AT_A_TIME);
}

static void
problem_clear (Problem *problem)
{
  g_free (problem->normal);
  g_free (problem->vectors);
  g_free (problem->projection);
  g_free (problem->coefficients);
  g_free (problem->columns);
}

/* The model is linear: with one coefficient 1 and the others 0 it predicts what that one
 * is multiplied with. */
static gboolean
find_columns (Problem *problem,
              const Points *points)
{
  for (guint i = 0; i < problem->n; i++)
    {
      gboolean is_found;

      problem->coefficients[i] = 1;
      is_found = ag_predictor_evaluate (problem->predictor, problem->coefficients, points->n,
                                        points->x, problem->columns + i * POINTS_AT_A_TIME, NULL);
      problem->coefficients[i] = 0;
      if (!is_found)
        return FALSE;
    }
  return TRUE;
}

static gboolean
add_points (Problem *problem,
            const Points *points)
{
  const guint n = problem->n;

  if (!find_columns (problem, points))
    return FALSE;
  for (guint j = 0; j < n; j++)
    {
      const double *column = problem->columns + j * POINTS_AT_A_TIME;

      for (gsize i = 0; i < points->n; i++)
        problem->projection[j] += points->weights[i] * column[i] * points->y[i];
      for (guint k = 0; k < n; k++)
        for (gsize i = 0; i < points->n; i++)
          problem->normal[j * n + k]
            += points->weights[i] * column[i] * problem->columns[k * POINTS_AT_A_TIME + i];
    }
  return TRUE;
}

/* Jacobi's method: turns a symmetric matrix until it is diagonal.
 * See: Golub and Van Loan, Matrix Computations, 8.5 */
static void
rotate (Problem *problem,
        guint p,
        guint q)
{
  const guint n = problem->n;
  double *a = problem->normal, *vectors = problem->vectors;
  double theta = (a[q * n + q] - a[p * n + p]) / (2 * a[p * n + q]);
  double t = (theta >= 0 ? 1 : -1) / (fabs (theta) + sqrt (theta * theta + 1));
  double c = 1 / sqrt (t * t + 1), s = t * c;

  for (guint k = 0; k < n; k++)
    {
      double kp = a[k * n + p], kq = a[k * n + q];

      a[k * n + p] = c * kp - s * kq;
      a[k * n + q] = s * kp + c * kq;
    }
  for (guint k = 0; k < n; k++)
    {
      double pk = a[p * n + k], qk = a[q * n + k];
      double kp = vectors[k * n + p], kq = vectors[k * n + q];

      a[p * n + k] = c * pk - s * qk;
      a[q * n + k] = s * pk + c * qk;
      vectors[k * n + p] = c * kp - s * kq;
      vectors[k * n + q] = s * kp + c * kq;
    }
}

static void
diagonalize (Problem *problem)
{
  const guint n = problem->n;
  const double *a = problem->normal;

  for (guint i = 0; i < n; i++)
    problem->vectors[i * n + i] = 1;

  for (guint sweep = 0; sweep < MAX_SWEEPS; sweep++)
    {
      gboolean is_diagonal = TRUE;

      for (guint p = 0; p < n; p++)
        for (guint q = p + 1; q < n; q++)
          if (fabs (a[p * n + q]) > 1e-15 * sqrt (fabs (a[p * n + p] * a[q * n + q])))
            {
              rotate (problem, p, q);
              is_diagonal = FALSE;
            }
      if (is_diagonal)
        return;
    }
}

/* Solves the equations along each eigenvector. */
static void
solve (Problem *problem,
       gint64 n_points,
       AgOptimum *optimum)
{
  const guint n = problem->n;

  diagonalize (problem);
  for (guint v = 0; v < n; v++)
    {
      const double value = problem->normal[v * n + v];
      double along = 0;

      for (guint j = 0; j < n; j++)
        along += problem->vectors[j * n + v] * problem->projection[j];
      /* With fewer points than coefficients some directions do not matter. */
      if (value > 1e-12 * (double) n_points)
        for (guint j = 0; j < n; j++)
          optimum->coefficients[j] += problem->vectors[j * n + v] * along / value;
      optimum->least_curvature = fmin (optimum->least_curvature, 2 * value);
      optimum->greatest_curvature = fmax (optimum->greatest_curvature, 2 * value);
    }
}

static gboolean
add_loss (Problem *problem,
          const Points *points,
          AgOptimum *optimum)
{
  double *predicted = problem->columns;

  if (!ag_predictor_evaluate (problem->predictor, optimum->coefficients, points->n, points->x,
                              predicted, NULL))
    return FALSE;
  for (gsize i = 0; i < points->n; i++)
    {
      const double residual = predicted[i] - points->y[i];

      optimum->loss += points->weights[i] * residual * residual;
    }
  return TRUE;
}

/* A loss that is the mean of the squares is flatter by the number of points. */
static void
scale (AgOptimum *optimum,
       double factor)
{
  optimum->loss *= factor;
  optimum->least_curvature *= factor;
  optimum->greatest_curvature *= factor;
}

static gboolean
find_optimum (Problem *problem,
              const AgRunSpec *spec,
              const AgData *data,
              AgOptimum *optimum)
{
  g_autofree Points *points = g_new (Points, 1);

  for (gint64 at = 0; read_points (data, &at, points);)
    if (!add_points (problem, points))
      return FALSE;
  solve (problem, ag_data_n_points (data), optimum);
  for (gint64 at = 0; read_points (data, &at, points);)
    if (!add_loss (problem, points, optimum))
      return FALSE;
  if (spec->loss->is_mean)
    scale (optimum, 1 / (double) ag_data_n_points (data));
  return TRUE;
}

/**
 * ag_run_spec_has_optimum:
 * @spec: a specification
 *
 * Returns: whether it can be said where its runs converge to: those of a model that is
 *   linear in its coefficients, all of which are free, by least squares
 */
gboolean
ag_run_spec_has_optimum (const AgRunSpec *spec)
{
  return spec->program->model->is_linear && spec->loss->kind == AG_LOSS_MSE
         && *spec->hold == '\0';
}

/**
 * ag_optimum_new:
 * @spec: what is fitted
 * @data: to what
 *
 * Solves the least squares problem that a run descends to, in double precision, by the
 * normal equations; the Hessian of the sum of squares is twice their matrix. It looks
 * at each of the data's representatives twice, which may take longer than a frame.
 *
 * Returns: (transfer full) (nullable): the optimum, %NULL if ag_run_spec_has_optimum() says
 *   that there is none, or there is no memory for it
 */
AgOptimum *
ag_optimum_new (const AgRunSpec *spec,
                const AgData *data)
{
  g_autoptr (AgPredictor) predictor = NULL;
  AgOptimum *optimum;
  Problem problem;

  g_return_val_if_fail (spec != NULL && data != NULL, NULL);

  if (!ag_run_spec_has_optimum (spec))
    return NULL;
  predictor = ag_predictor_new (spec->program->model, NULL);
  if (predictor == NULL)
    return NULL;
  problem_init (&problem, predictor, spec->program->model->n_parameters);
  optimum = g_malloc0 (sizeof *optimum + sizeof (double) * problem.n);
  g_atomic_ref_count_init (&optimum->ref_count);
  optimum->n_coefficients = problem.n;
  optimum->least_curvature = INFINITY;
  if (!find_optimum (&problem, spec, data, optimum))
    g_clear_pointer (&optimum, ag_optimum_unref);
  problem_clear (&problem);
  return optimum;
}

/**
 * ag_optimum_ref:
 * @optimum: an optimum
 *
 * Returns: (transfer full): @optimum, held once more
 */
AgOptimum *
ag_optimum_ref (AgOptimum *optimum)
{
  g_return_val_if_fail (optimum != NULL, NULL);

  g_atomic_ref_count_inc (&optimum->ref_count);
  return optimum;
}

/**
 * ag_optimum_unref:
 * @optimum: (transfer full): an optimum
 */
void
ag_optimum_unref (AgOptimum *optimum)
{
  g_return_if_fail (optimum != NULL);

  if (g_atomic_ref_count_dec (&optimum->ref_count))
    g_free (optimum);
}

/**
 * ag_run_spec_optimum:
 * @spec: a specification
 *
 * Does what ag_optimum_new() does, for the data of a specification.
 *
 * Returns: (transfer full) (nullable): where a run of it converges to, if that is known
 */
AgOptimum *
ag_run_spec_optimum (const AgRunSpec *spec)
{
  g_autoptr (AgData) data = NULL;

  if (!ag_run_spec_has_optimum (spec))
    return NULL;
  data = ag_run_spec_data (spec, NULL);
  return data != NULL ? ag_optimum_new (spec, data) : NULL;
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
 * @optimum: (nullable): where a run of it converges to, if that is known
 * @lr: (out): the rate at which it just does not converge
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
                         const AgOptimum *optimum,
                         double *lr)
{
  double momentum = option (spec, "momentum");
  double curvature;

  if (optimum == NULL || strcmp (spec->optimizer->id, "sgd") != 0
      || option (spec, "dampening") != 0)
    return FALSE;
  curvature = optimum->greatest_curvature + option (spec, "weight-decay");
  *lr = 2 * (1 + momentum) / curvature;
  if (option (spec, "nesterov") != 0)
    *lr /= 1 + 2 * momentum;
  return TRUE;
}

/**
 * ag_run_spec_explain_start:
 * @spec: the run that diverged
 * @snapshot: its last snapshot
 *
 * Finds out whether the loss was not finite from the start, before any update was
 * made, which no other learning rate would help against. What part of a formula is to blame
 * is for ag_run_spec_explain_failure() to say.
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
  if (ag_formula_model_text (spec->program->model) != NULL)
    return g_strdup (_ ("The loss was not finite before the first update."));
  return g_strdup_printf (spec->dtype == AG_DTYPE_FLOAT32
                            ? _ ("The loss was not finite before the first update: the initial "
                                 "values, x or the target are too large for %s. Choose smaller "
                                 "ones, or float64.")
                            : _ ("The loss was not finite before the first update: the initial "
                                 "values, x or the target are too large for %s. Choose smaller "
                                 "ones."),
                          ag_dtype_name (spec->dtype));
}
