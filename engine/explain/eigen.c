/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "explain/eigen.h"

#include <math.h>
#include <string.h>

#define MAX_SWEEPS 60

/* An eigenvalue is better known than its vector: its error is of the order of the square. */
#define NEAR_ENOUGH 1e-4
#define MAX_PRODUCTS 40

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

/**
 * ag_dot:
 * @n: how long the vectors are
 * @a: (array length=n): a vector
 * @b: (array length=n): another one
 *
 * Returns: their scalar product
 */
double
ag_dot (guint n,
        const double *a,
        const double *b)
{
  double sum = 0;

  for (guint i = 0; i < n; i++)
    sum += a[i] * b[i];
  return sum;
}

/* Takes from a vector what it has of others, which are rows of length 1. Twice, since rounding
 * leaves some of it the first time. */
static void
make_orthogonal (guint n,
                 guint n_rows,
                 const double *rows,
                 double *vector)
{
  for (guint k = 0; k < 2 * n_rows; k++)
    {
      const double *row = rows + (k % n_rows) * n;
      const double share = ag_dot (n, vector, row);

      for (guint i = 0; i < n; i++)
        vector[i] -= share * row[i];
    }
}

/* The greatest eigenvalue of what is known of the matrix, and how much of its eigenvector is
 * in the last row. */
static double
find_greatest (guint n,
               const double *diagonal,
               const double *beside,
               double *last)
{
  g_autofree double *matrix = g_new0 (double, n *n);
  g_autofree double *values = g_new (double, n);
  g_autofree double *vectors = g_new (double, n *n);

  for (guint i = 0; i < n; i++)
    {
      matrix[i * n + i] = diagonal[i];
      if (i > 0)
        matrix[i * n + i - 1] = matrix[(i - 1) * n + i] = beside[i - 1];
    }
  ag_eigen_symmetric (n, matrix, values, vectors);
  *last = vectors[n * n - 1];
  return values[n - 1];
}

/**
 * ag_eigen_greatest:
 * @n: number of rows
 * @multiply: a symmetric matrix, (n, n)
 * @user_data: for @multiply
 * @value: (out): its greatest eigenvalue; NaN where its elements are not finite
 * @error: return location for a #GError
 *
 * Finds an eigenvalue by Lanczos' method: like the power iteration it needs nothing but
 * products of the matrix and a vector, and makes more of each of them.
 *
 * See: Golub and Van Loan, Matrix Computations, 10.1
 *
 * Returns: whether all went well
 */
gboolean
ag_eigen_greatest (guint n,
                   AgEigenProduct multiply,
                   gpointer user_data,
                   double *value,
                   GError **error)
{
  const guint most = MIN (n, MAX_PRODUCTS);
  g_autofree double *rows = g_new (double, (most + 1) * n);
  g_autofree double *diagonal = g_new (double, most);
  g_autofree double *beside = g_new (double, most);
  double length, last;

  /* Any vector will do that is no eigenvector by its symmetry. */
  for (guint i = 0; i < n; i++)
    rows[i] = cos (1.0 + i * i);
  length = sqrt (ag_dot (n, rows, rows));
  for (guint k = 0; k < most; k++)
    {
      double *row = rows + k * n, *next = row + n;

      for (guint i = 0; i < n; i++)
        row[i] /= length;
      if (!multiply (user_data, row, next, error))
        return FALSE;
      diagonal[k] = ag_dot (n, row, next);
      *value = NAN;
      if (!isfinite (diagonal[k]))
        return TRUE;
      make_orthogonal (n, k + 1, rows, next);
      beside[k] = length = sqrt (ag_dot (n, next, next));
      *value = find_greatest (k + 1, diagonal, beside, &last);
      if (!(length * fabs (last) > NEAR_ENOUGH * fabs (*value)))
        return TRUE;
    }
  return TRUE;
}
