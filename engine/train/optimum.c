/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "train/optimum.h"

#include <math.h>

#define MAX_SWEEPS 50

typedef double Matrix[AG_PROGRAM_MAX_PARAMETERS][AG_PROGRAM_MAX_PARAMETERS];

static double
point (const AgRun *run,
       gint64 i)
{
  return -G_PI + 2 * G_PI * (double) i / (double) (run->points - 1);
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
 * ag_run_optimum:
 * @run: a run
 * @optimum: (out): where it would converge to
 *
 * Solves the least squares problem that the run descends to, in double
 * precision, by the normal equations. The Hessian of the sum of squares is
 * twice their matrix.
 *
 * Returns: whether the program's model is linear in its coefficients, and
 *   @optimum was set
 */
gboolean
ag_run_optimum (const AgRun *run,
                AgOptimum *optimum)
{
  const guint n = run->program->n_parameters;
  Matrix normal = { { 0 } };
  Matrix vectors;
  double projection[AG_PROGRAM_MAX_PARAMETERS] = { 0 };
  double row[AG_PROGRAM_MAX_PARAMETERS];

  if (!run->program->is_linear)
    return FALSE;

  for (gint64 i = 0; i < run->points; i++)
    {
      double x = point (run, i);

      get_row (run->program, x, row);
      for (guint j = 0; j < n; j++)
        {
          projection[j] += row[j] * sin (x);
          for (guint k = 0; k < n; k++)
            normal[j][k] += row[j] * row[k];
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
      if (normal[v][v] > 1e-12 * (double) run->points)
        for (guint j = 0; j < n; j++)
          optimum->coefficients[j] += vectors[j][v] * along / normal[v][v];
      optimum->least_curvature = fmin (optimum->least_curvature, 2 * normal[v][v]);
      optimum->greatest_curvature = fmax (optimum->greatest_curvature, 2 * normal[v][v]);
    }

  for (gint64 i = 0; i < run->points; i++)
    {
      double x = point (run, i);
      double residual = run->program->evaluate (optimum->coefficients, x) - sin (x);

      optimum->loss += residual * residual;
    }
  return TRUE;
}

static double
option (const AgRun *run,
        const char *id)
{
  gint index = ag_optimizer_class_find_option (run->optimizer, id);

  return index >= 0 ? run->options[index] : 0;
}

/**
 * ag_run_stable_rate:
 * @run: a run
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
ag_run_stable_rate (const AgRun *run,
                    double *learning_rate)
{
  double momentum = option (run, "momentum");
  double curvature;
  AgOptimum optimum;

  if (g_strcmp0 (run->optimizer->id, "sgd") != 0 || option (run, "dampening") != 0
      || !ag_run_optimum (run, &optimum))
    return FALSE;
  curvature = optimum.greatest_curvature + option (run, "weight-decay");
  *learning_rate = 2 * (1 + momentum) / curvature;
  if (option (run, "nesterov") != 0)
    *learning_rate /= 1 + 2 * momentum;
  return TRUE;
}
