/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "explain/eigen.h"

#include <math.h>
#include <string.h>

#define MAX_SWEEPS 60

/* Turns the plane of @p and @q so that their element vanishes; the rows of @vectors turn
 * with it. */
static void
rotate (guint n,
        double *a,
        double *vectors,
        guint p,
        guint q)
{
  const double theta = (a[q * n + q] - a[p * n + p]) / (2 * a[p * n + q]);
  const double t = (theta >= 0 ? 1 : -1) / (fabs (theta) + sqrt (theta * theta + 1));
  const double c = 1 / sqrt (t * t + 1), s = t * c;

  for (guint k = 0; k < n; k++)
    {
      const double kp = a[k * n + p], kq = a[k * n + q];

      a[k * n + p] = c * kp - s * kq;
      a[k * n + q] = s * kp + c * kq;
    }
  for (guint k = 0; k < n; k++)
    {
      const double pk = a[p * n + k], qk = a[q * n + k];
      const double vp = vectors[p * n + k], vq = vectors[q * n + k];

      a[p * n + k] = c * pk - s * qk;
      a[q * n + k] = s * pk + c * qk;
      vectors[p * n + k] = c * vp - s * vq;
      vectors[q * n + k] = s * vp + c * vq;
    }
}

static gboolean
sweep (guint n,
       double *a,
       double *vectors)
{
  gboolean is_diagonal = TRUE;

  for (guint p = 0; p < n; p++)
    for (guint q = p + 1; q < n; q++)
      if (fabs (a[p * n + q]) > 1e-16 * (fabs (a[p * n + p]) + fabs (a[q * n + q])))
        {
          rotate (n, a, vectors, p, q);
          is_diagonal = FALSE;
        }
  return is_diagonal;
}

static void
swap_rows (guint n,
           double *values,
           double *vectors,
           guint i,
           guint j)
{
  const double value = values[i];

  values[i] = values[j];
  values[j] = value;
  for (guint k = 0; k < n; k++)
    {
      const double element = vectors[i * n + k];

      vectors[i * n + k] = vectors[j * n + k];
      vectors[j * n + k] = element;
    }
}

/**
 * ag_eigen_symmetric:
 * @n: number of rows
 * @matrix: (inout): a symmetric matrix, (n, n), whose elements are finite; overwritten
 * @values: (out caller-allocates): its eigenvalues, the least first
 * @vectors: (out caller-allocates): an eigenvector of length 1 for each, as rows, (n, n)
 *
 * Finds eigenvalues and eigenvectors by Jacobi's method.
 *
 * See: Golub and Van Loan, Matrix Computations, 8.5
 */
void
ag_eigen_symmetric (guint n,
                    double *matrix,
                    double *values,
                    double *vectors)
{
  memset (vectors, 0, sizeof (double) * n * n);
  for (guint i = 0; i < n; i++)
    vectors[i * n + i] = 1;
  for (guint i = 0; i < MAX_SWEEPS && !sweep (n, matrix, vectors); i++)
    ;
  for (guint i = 0; i < n; i++)
    values[i] = matrix[i * n + i];
  for (guint i = 0; i < n; i++)
    for (guint j = i + 1; j < n; j++)
      if (values[j] < values[i])
        swap_rows (n, values, vectors, i, j);
}
