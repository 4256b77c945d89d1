/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "surface/quadratic.h"

#include <math.h>
#include <string.h>

/* The square root of the rounding of double precision: the stride of a difference to one side. */
#define ASIDE 1.5e-8

/* How much of a diagonal element is left, relatively, where its parameter depends on those
 * before. */
#define DEPENDENT 1e-12

/* Second derivatives this small beside those of the same two parameters are none. */
#define NO_COUPLING 1e-9

static gboolean
fill_hessian (AgQuadratic *quadratic,
              AgLandscape *landscape,
              GError **error)
{
  const guint n = quadratic->n;
  const gboolean is_exact = ag_landscape_is_quadratic (landscape);
  g_autofree double *at = g_memdup2 (quadratic->center, sizeof (double) * n);
  g_autofree double *aside = g_new (double, n);

  for (guint i = 0; i < n; i++)
    {
      const double here = at[i], stride = is_exact ? 1 : ASIDE * fmax (1, fabs (here));

      at[i] = here + stride;
      if (!ag_landscape_slope (landscape, at, aside, error))
        return FALSE;
      at[i] = here;
      for (guint j = 0; j < n; j++)
        quadratic->hessian[i * n + j] = (aside[j] - quadratic->slope[j]) / stride;
    }
  for (guint i = 0; i < n; i++)
    for (guint j = 0; j < i; j++)
      quadratic->hessian[i * n + j] = quadratic->hessian[j * n + i]
        = (quadratic->hessian[i * n + j] + quadratic->hessian[j * n + i]) / 2;
  return TRUE;
}

/**
 * ag_quadratic_new:
 * @landscape: the loss
 * @spec: what says which coefficients are held
 * @center: (array length=n): a place
 * @error: return location for a #GError
 *
 * Finds out what the loss is near a place, from a gradient for each coefficient. Of a model with
 * several structures it is the mean over them.
 *
 * Returns: (transfer full) (nullable): that, or %NULL with @error set
 */
AgQuadratic *
ag_quadratic_new (AgLandscape *landscape,
                  const AgRunSpec *spec,
                  const double *center,
                  GError **error)
{
  AgQuadratic *quadratic = g_new0 (AgQuadratic, 1);
  const guint n = ag_landscape_n (landscape);

  quadratic->n = n;
  quadratic->is_held = g_new (gboolean, n);
  quadratic->center = g_memdup2 (center, sizeof (double) * n);
  quadratic->slope = g_new (double, n);
  quadratic->hessian = g_new (double, (gsize) n *n);
  for (guint i = 0; i < n; i++)
    quadratic->is_held[i] = ag_run_spec_is_held (spec, i);
  if (ag_landscape_loss (landscape, center, &quadratic->loss, error)
      && ag_landscape_slope (landscape, center, quadratic->slope, error)
      && fill_hessian (quadratic, landscape, error))
    return quadratic;
  ag_quadratic_free (quadratic);
  return NULL;
}

/**
 * ag_quadratic_free:
 * @quadratic: (transfer full): a quadratic
 */
void
ag_quadratic_free (AgQuadratic *quadratic)
{
  g_free (quadratic->is_held);
  g_free (quadratic->center);
  g_free (quadratic->slope);
  g_free (quadratic->hessian);
  g_free (quadratic);
}

/**
 * ag_quadratic_at:
 * @quadratic: a quadratic
 * @coefficients: (array length=n): a place
 *
 * Returns: what it has there
 */
double
ag_quadratic_at (const AgQuadratic *quadratic,
                 const double *coefficients)
{
  const guint n = quadratic->n;
  double sum = 0;

  for (guint i = 0; i < n; i++)
    {
      const double distance = coefficients[i] - quadratic->center[i];
      double along = quadratic->slope[i];

      for (guint j = 0; j < n; j++)
        along += quadratic->hessian[i * n + j] * (coefficients[j] - quadratic->center[j]) / 2;
      sum += distance * along;
    }
  return quadratic->loss + sum;
}

/* L Lᵀ = matrix, over its lower half. What depends on the parameters before it, which have nothing
 * left to say, stays where it is. */
static void
decompose (guint n,
           double *matrix)
{
  for (guint i = 0; i < n; i++)
    {
      const double whole = matrix[i * n + i];

      for (guint j = 0; j <= i; j++)
        {
          double sum = matrix[i * n + j];

          for (guint k = 0; k < j; k++)
            sum -= matrix[i * n + k] * matrix[j * n + k];
          if (j < i)
            matrix[i * n + j] = isinf (matrix[j * n + j]) ? 0 : sum / matrix[j * n + j];
          else
            matrix[i * n + i] = sum > DEPENDENT * fabs (whole) ? sqrt (sum) : INFINITY;
        }
    }
}

static void
solve (guint n,
       const double *matrix,
       double *vector)
{
  for (guint i = 0; i < n; i++)
    {
      for (guint k = 0; k < i; k++)
        vector[i] -= matrix[i * n + k] * vector[k];
      vector[i] /= matrix[i * n + i];
    }
  for (guint i = n; i-- > 0;)
    {
      for (guint k = i + 1; k < n; k++)
        vector[i] -= matrix[k * n + i] * vector[k];
      vector[i] /= matrix[i * n + i];
    }
}

/**
 * ag_quadratic_respond:
 * @quadratic: a quadratic
 * @parameters: two parameters that are not held
 * @response: (out caller-allocates): of each coefficient, (2, n), how it changes with the first of
 *   them, then with the second
 *
 * Finds out what the others are to change by so that they stay where they are best while two
 * parameters change: − H_oo⁻¹ H_op, which makes of the curvature Schur's complement.
 */
void
ag_quadratic_respond (const AgQuadratic *quadratic,
                      const guint parameters[2],
                      double *response)
{
  const guint n = quadratic->n;
  g_autofree guint *others = g_new (guint, n);
  g_autofree double *matrix = g_new (double, (gsize) n *n);
  g_autofree double *change = g_new (double, n);
  guint n_others = 0;

  for (guint i = 0; i < n; i++)
    if (i != parameters[0] && i != parameters[1] && !quadratic->is_held[i])
      others[n_others++] = i;
  for (guint i = 0; i < n_others; i++)
    for (guint j = 0; j < n_others; j++)
      matrix[i * n_others + j] = quadratic->hessian[others[i] * n + others[j]];
  decompose (n_others, matrix);
  memset (response, 0, sizeof (double) * 2 * n);
  for (guint k = 0; k < 2; k++)
    {
      for (guint i = 0; i < n_others; i++)
        change[i] = -quadratic->hessian[others[i] * n + parameters[k]];
      solve (n_others, matrix, change);
      for (guint i = 0; i < n_others; i++)
        response[k * n + others[i]] = change[i];
      response[k * n + parameters[k]] = 1;
    }
}

static double
product (const AgQuadratic *quadratic,
         const double *a,
         const double *b)
{
  const guint n = quadratic->n;
  double sum = 0;

  for (guint i = 0; i < n; i++)
    for (guint j = 0; j < n; j++)
      sum += a[i] * quadratic->hessian[i * n + j] * b[j];
  return sum;
}

/**
 * ag_quadratic_curvature:
 * @quadratic: a quadratic
 * @a: (array length=n): a direction
 * @b: (array length=n): another one
 * @curvature: (out): the second derivatives by the distances along them, (2, 2)
 */
void
ag_quadratic_curvature (const AgQuadratic *quadratic,
                        const double *a,
                        const double *b,
                        double curvature[4])
{
  curvature[0] = product (quadratic, a, a);
  curvature[1] = curvature[2] = product (quadratic, a, b);
  curvature[3] = product (quadratic, b, b);
}

/**
 * ag_quadratic_splits:
 * @quadratic: a quadratic
 * @parameters: two parameters
 * @others: (out): all the others that are not held, if these are two
 *
 * Finds out whether the loss is a sum of what two parameters add to it and of what two others do,
 * as that of a cubic over a symmetric interval is: then two pictures show all of it.
 *
 * Returns: whether it is
 */
gboolean
ag_quadratic_splits (const AgQuadratic *quadratic,
                     const guint parameters[2],
                     guint others[2])
{
  const guint n = quadratic->n;
  guint n_others = 0;

  for (guint i = 0; i < n; i++)
    {
      if (quadratic->is_held[i] || i == parameters[0] || i == parameters[1])
        continue;
      if (n_others == 2)
        return FALSE;
      others[n_others++] = i;
    }
  for (guint i = 0; i < n_others; i++)
    for (guint k = 0; k < 2; k++)
      {
        const guint a = others[i], b = parameters[k];
        const double size = sqrt (fabs (quadratic->hessian[a * n + a])
                                  * fabs (quadratic->hessian[b * n + b]));

        if (fabs (quadratic->hessian[a * n + b]) > NO_COUPLING * size)
          return FALSE;
      }
  return n_others == 2;
}
