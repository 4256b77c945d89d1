/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "train/triangle.h"

#include "base/error.h"
#include "device/cpu-blas.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* A singular value that is less than the greatest one by more than this factor is taken for zero.
 * Columns have been scaled to the same length by then. */
#define LEAST_RATIO 1e-14

/**
 * AgTriangle:
 * @blas: who computes
 * @n: number of unknowns; there is one column more, the right side
 * @stride: numbers from a column to the next
 * @columns: (n + 1, @stride): the triangle in the first n + 1 rows, then the rows to be added
 * @tau: what LAPACK says of its reflections
 * @work: what it works in
 * @n_work: numbers in @work
 *
 * A least squares problem of any number of rows, as the triangle that a QR factorization makes
 * of its matrix and right side: it has the same solutions. Rows are added some at a time, and
 * the triangle of all so far is factorized together with them; so nothing but the triangle is
 * kept, and the normal equations, which lose half of the digits, are not needed.
 *
 * See: Golub and Van Loan, Matrix Computations, 5.3 and 6.5
 */
struct _AgTriangle
{
  const AgCpuBlas *blas;
  guint n;
  gsize stride;
  double *columns;
  double *tau;
  double *work;
  blasint n_work;
};

/* dgelsd needs so many numbers to work in, by its documentation, with subproblems of at most 25
 * rows. */
static blasint
n_work_numbers (guint n)
{
  return (blasint) (12 * n + 2 * n * 25 + 8 * n * 32 + n * n + 26 * 26 + 1024);
}

/**
 * ag_triangle_new:
 * @n: number of unknowns
 * @most_rows: how many rows are added at a time at most
 * @error: return location for an %AG_ERROR_DEVICE
 *
 * Makes a problem without rows.
 *
 * Returns: (transfer full) (nullable): the problem, or %NULL with a sentence in @error that
 *   says why there is no LAPACK
 */
AgTriangle *
ag_triangle_new (guint n,
                 gsize most_rows,
                 GError **error)
{
  const AgCpuBlas *blas = ag_cpu_blas_load (error);
  AgTriangle *triangle;

  if (blas == NULL)
    return NULL;
  if (blas->dgeqrf == NULL || blas->dgelsd == NULL)
    {
      g_set_error_literal (error, AG_ERROR, AG_ERROR_DEVICE,
                           _ ("OpenBLAS was built without LAPACK. Install one with it to find the "
                              "best fit."));
      return NULL;
    }
  triangle = g_new0 (AgTriangle, 1);
  triangle->blas = blas;
  triangle->n = n;
  triangle->stride = n + 1 + most_rows;
  triangle->columns = g_new0 (double, (n + 1) * triangle->stride);
  triangle->tau = g_new (double, n + 1);
  triangle->n_work = n_work_numbers (2 * (n + 1));
  triangle->work = g_new (double, triangle->n_work);
  return triangle;
}

/**
 * ag_triangle_free:
 * @triangle: (transfer full): a problem
 */
void
ag_triangle_free (AgTriangle *triangle)
{
  g_free (triangle->columns);
  g_free (triangle->tau);
  g_free (triangle->work);
  g_free (triangle);
}

/**
 * ag_triangle_clear:
 * @triangle: a problem
 *
 * Forgets all rows.
 */
void
ag_triangle_clear (AgTriangle *triangle)
{
  for (guint i = 0; i <= triangle->n; i++)
    memset (triangle->columns + i * triangle->stride, 0, sizeof (double) * (triangle->n + 1));
}

/**
 * ag_triangle_column:
 * @triangle: a problem
 * @column: an unknown, or the number of unknowns for the right side
 *
 * Returns: where the elements of rows to be added go
 */
double *
ag_triangle_column (AgTriangle *triangle,
                    guint column)
{
  return triangle->columns + column * triangle->stride + triangle->n + 1;
}

/**
 * ag_triangle_stride:
 * @triangle: a problem
 *
 * Returns: how many numbers a column is after the one before
 */
gsize
ag_triangle_stride (const AgTriangle *triangle)
{
  return triangle->stride;
}

/**
 * ag_triangle_add:
 * @triangle: a problem
 * @n_rows: how many rows were written into its columns
 *
 * Adds rows.
 *
 * Returns: whether all elements are finite
 */
gboolean
ag_triangle_add (AgTriangle *triangle,
                 gsize n_rows)
{
  const guint n_columns = triangle->n + 1;
  const blasint m = (blasint) (n_columns + n_rows), n = (blasint) n_columns;
  const blasint stride = (blasint) triangle->stride;
  blasint info;

  triangle->blas->dgeqrf (&m, &n, triangle->columns, &stride, triangle->tau, triangle->work,
                          &triangle->n_work, &info);
  for (guint column = 0; column < n_columns; column++)
    {
      double *elements = triangle->columns + column * triangle->stride;

      for (guint row = 0; row <= column; row++)
        if (!isfinite (elements[row]))
          return FALSE;
      /* LAPACK leaves its reflections there. */
      memset (elements + column + 1, 0, sizeof (double) * (n_columns - column - 1));
    }
  return info == 0;
}

/**
 * ag_triangle_at:
 * @triangle: a problem
 * @row: a row of the triangle
 * @column: an unknown, or the number of unknowns for the right side
 *
 * Returns: the element
 */
double
ag_triangle_at (const AgTriangle *triangle,
                guint row,
                guint column)
{
  return triangle->columns[column * triangle->stride + row];
}

/**
 * ag_triangle_norm:
 * @triangle: a problem
 * @column: an unknown, or the number of unknowns for the right side
 * @first_row: the first row of the triangle that counts: 0, or as many as there are unknowns to
 *   be left out, for the part that is orthogonal to theirs
 *
 * Returns: the root of the sum of squares of a column's elements
 */
double
ag_triangle_norm (const AgTriangle *triangle,
                  guint column,
                  guint first_row)
{
  double norm = 0;

  for (guint row = first_row; row <= column; row++)
    norm = hypot (norm, ag_triangle_at (triangle, row, column));
  return norm;
}

/* Solves a problem whose columns are scaled to length 1. */
static gboolean
solve_scaled (const AgTriangle *triangle,
              guint n_rows,
              guint n,
              guint n_right_sides,
              double *a,
              double *b,
              double *values,
              guint *rank)
{
  const blasint m = (blasint) n_rows, columns = (blasint) n, sides = (blasint) n_right_sides;
  const double least_ratio = LEAST_RATIO;
  g_autofree blasint *integers = g_new (blasint, 64 * (n + 1));
  blasint found = 0, info = 0;
  gsize n_finite = 0;

  for (gsize i = 0; i < (gsize) n_rows * n; i++)
    n_finite += isfinite (a[i]) != 0;
  if (n_finite < (gsize) n_rows * n)
    return FALSE;
  triangle->blas->dgelsd (&m, &columns, &sides, a, &m, b, &m, values, &least_ratio, &found,
                          triangle->work, &triangle->n_work, integers, &info);
  *rank = (guint) found;
  return info == 0;
}

static double
inverse_length (double length)
{
  return length > 0 && isfinite (length) ? 1 / length : 1;
}

/**
 * ag_triangle_solve:
 * @triangle: a problem
 * @first: the first unknown to solve for; what the ones before it can reach of the right side is
 *   taken as reached
 * @n: how many unknowns to solve for, from @first on; those after them are taken as 0
 * @damping: (nullable) (array length=n): what each unknown is multiplied with in a further row
 *   of its own, whose right side is 0
 * @solution: (out caller-allocates) (array length=n): the unknowns
 * @rank: (out) (optional): how many of them the rows decide
 *
 * Finds the unknowns of least squares, and where the rows do not decide, those of least length
 * relative to their columns'.
 *
 * Returns: whether they were found
 */
gboolean
ag_triangle_solve (const AgTriangle *triangle,
                   guint first,
                   guint n,
                   const double *damping,
                   double *solution,
                   guint *rank)
{
  const guint n_rows = damping != NULL ? 2 * n : n;
  g_autofree double *a = g_new0 (double, n_rows *n);
  g_autofree double *b = g_new0 (double, n_rows);
  g_autofree double *values = g_new (double, n);
  g_autofree double *scales = g_new (double, n);
  guint found = 0;

  if (rank != NULL)
    *rank = 0;
  if (n == 0)
    return TRUE;
  for (guint column = 0; column < n; column++)
    {
      double length = ag_triangle_norm (triangle, first + column, first);

      if (damping != NULL)
        length = hypot (length, damping[column]);
      scales[column] = inverse_length (length);
      for (guint row = 0; row <= column; row++)
        a[column * n_rows + row]
          = scales[column] * ag_triangle_at (triangle, first + row, first + column);
      if (damping != NULL)
        a[column * n_rows + n + column] = scales[column] * damping[column];
      b[column] = ag_triangle_at (triangle, first + column, triangle->n);
    }
  if (!solve_scaled (triangle, n_rows, n, 1, a, b, values, &found))
    return FALSE;
  for (guint i = 0; i < n; i++)
    solution[i] = scales[i] * b[i];
  if (rank != NULL)
    *rank = found;
  return TRUE;
}

/**
 * ag_triangle_invert:
 * @triangle: a problem
 * @inverse: (out caller-allocates): the inverse of its triangle without the right side, (n, n),
 *   column by column
 * @rank: (out): how many of the unknowns the rows decide; if that is not all of them, there is
 *   no inverse
 *
 * Returns: whether that succeeded
 */
gboolean
ag_triangle_invert (const AgTriangle *triangle,
                    double *inverse,
                    guint *rank)
{
  const guint n = triangle->n;
  g_autofree double *a = g_new0 (double, n *n);
  g_autofree double *values = g_new (double, n);
  g_autofree double *scales = g_new (double, n);

  /* Where every parameter is held nothing is unknown. */
  *rank = 0;
  if (n == 0)
    return TRUE;
  memset (inverse, 0, sizeof (double) * n * n);
  for (guint column = 0; column < n; column++)
    {
      scales[column] = inverse_length (ag_triangle_norm (triangle, column, 0));
      for (guint row = 0; row <= column; row++)
        a[column * n + row] = scales[column] * ag_triangle_at (triangle, row, column);
      inverse[column * n + column] = 1;
    }
  if (!solve_scaled (triangle, n, n, n, a, inverse, values, rank))
    return FALSE;
  for (guint column = 0; column < n; column++)
    for (guint row = 0; row < n; row++)
      inverse[column * n + row] *= scales[row];
  return TRUE;
}

/**
 * ag_triangle_singular_values:
 * @triangle: a problem
 * @values: (out caller-allocates): the singular values of its matrix, the greatest first, (n)
 *
 * Returns: whether they were found
 */
gboolean
ag_triangle_singular_values (const AgTriangle *triangle,
                             double *values)
{
  const guint n = triangle->n;
  g_autofree double *a = g_new0 (double, n *n);
  g_autofree double *b = g_new0 (double, n);
  guint rank;

  for (guint column = 0; column < n; column++)
    for (guint row = 0; row <= column; row++)
      a[column * n + row] = ag_triangle_at (triangle, row, column);
  return solve_scaled (triangle, n, n, 1, a, b, values, &rank);
}
