/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fixture.h"

#include "explain/eigen.h"

#include <math.h>
#include <string.h>

/* A matrix that is put together of known directions is taken apart into them. */
static void
test_symmetric (void)
{
  double matrix[9], values[3], vectors[9];
  static const double known[] = { 1e-3, 2, 1e6 };
  static const double rows[3][3] = {
    { 2 / 3., -1 / 3., 2 / 3. },
    { 2 / 3., 2 / 3., -1 / 3. },
    { -1 / 3., 2 / 3., 2 / 3. },
  };

  memset (matrix, 0, sizeof matrix);
  for (guint k = 0; k < 3; k++)
    for (guint i = 0; i < 3; i++)
      for (guint j = 0; j < 3; j++)
        matrix[3 * i + j] += known[k] * rows[k][i] * rows[k][j];
  ag_eigen_symmetric (3, matrix, values, vectors);
  for (guint k = 0; k < 3; k++)
    {
      double along = 0;

      for (guint i = 0; i < 3; i++)
        along += vectors[3 * k + i] * rows[k][i];
      /* As exact as the greatest of them allows. */
      g_assert_cmpfloat (fabs (values[k] - known[k]), <=, 1e-15 * known[2]);
      fixture_assert_near (fabs (along), 1, 1e-9);
    }
}

/* A matrix, of which only products are known. */
#define N_GREATEST 60

static gboolean
multiply (gpointer matrix,
          const double *vector,
          double *product,
          GError **error)
{
  for (guint i = 0; i < N_GREATEST; i++)
    {
      product[i] = 0;
      for (guint j = 0; j < N_GREATEST; j++)
        product[i] += ((const double *) matrix)[i * N_GREATEST + j] * vector[j];
    }
  return TRUE;
}

/* The greatest eigenvalue is found by products alone, and it is not the one farthest from 0. */
static void
test_greatest (void)
{
  g_autofree double *matrix = g_new (double, N_GREATEST *N_GREATEST);
  g_autofree double *copy = NULL;
  g_autofree double *vectors = g_new (double, N_GREATEST *N_GREATEST);
  double values[N_GREATEST], greatest;

  for (guint i = 0; i < N_GREATEST; i++)
    for (guint j = 0; j <= i; j++)
      matrix[i * N_GREATEST + j] = matrix[j * N_GREATEST + i]
        = i == j ? (i == 7 ? -90 : 0.1 * i * i / N_GREATEST) : sin (i * j) / (1 + i - j);
  copy = g_memdup2 (matrix, sizeof (double) * N_GREATEST * N_GREATEST);
  ag_eigen_symmetric (N_GREATEST, copy, values, vectors);
  g_assert_true (ag_eigen_greatest (N_GREATEST, multiply, matrix, &greatest, NULL));
  fixture_assert_near (greatest, values[N_GREATEST - 1], 1e-7);
  g_assert_cmpfloat (-values[0], >, greatest);

  memset (matrix, 0, sizeof (double) * N_GREATEST * N_GREATEST);
  g_assert_true (ag_eigen_greatest (N_GREATEST, multiply, matrix, &greatest, NULL));
  g_assert_cmpfloat (greatest, ==, 0);
  matrix[0] = INFINITY;
  g_assert_true (ag_eigen_greatest (N_GREATEST, multiply, matrix, &greatest, NULL));
  g_assert_true (isnan (greatest));
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/eigen/symmetric", test_symmetric);
  g_test_add_func ("/eigen/greatest", test_greatest);
  return g_test_run ();
}
