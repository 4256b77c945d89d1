/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fixture.h"

#include <math.h>
#include <string.h>

/* Around the size of a tile (4096 bytes), of a part (32 tiles), and well
 * beyond; see device/cpu-loop.c. */
static const gint64 sizes[] = {
  1,
  2,
  63,
  64,
  65,
  511,
  512,
  513,
  1023,
  1024,
  1025,
  16383,
  16384,
  16385,
  32767,
  32768,
  32769,
  65536,
  98321,
  200003,
};

static const AgDType floats[] = { AG_DTYPE_FLOAT32, AG_DTYPE_FLOAT64 };

static double
tolerance_of (AgDType dtype)
{
  return dtype == AG_DTYPE_FLOAT32 ? 1e-6 : 1e-14;
}

static double
sum_of (gint64 n,
        const double *elements)
{
  long double sum = 0;

  for (gint64 i = 0; i < n; i++)
    sum += (long double) elements[i];
  return (double) sum;
}

static void
check_sums (AgDType dtype,
            gint64 n)
{
  AgTensor *x = fixture_random (dtype, AG_SHAPE (n), -1, 2, (guint64) n);
  AgTensor *weights = fixture_random (dtype, AG_SHAPE (n), 0, 1, (guint64) n + 1);
  g_autofree double *xs = fixture_read (x);
  g_autofree double *ws = fixture_read (weights);
  double tolerance = tolerance_of (dtype);
  double plain = sum_of (n, xs);
  long double product = 0, distance = 0;

  for (gint64 i = 0; i < n; i++)
    {
      product += (long double) (xs[i] * ws[i]);
      distance += (long double) ((xs[i] - 0.5) * (xs[i] - 0.5));
    }
  fixture_assert_near (fixture_item (ag_sum (x)), plain, tolerance);
  fixture_assert_near (fixture_item (ag_mean (x)), plain / (double) n, tolerance);
  fixture_assert_near (fixture_item (ag_sum (ag_mul (x, weights))), (double) product, tolerance);
  fixture_assert_near (fixture_item (ag_sum (ag_square (ag_sub (x, ag_scalar (0.5))))),
                       (double) distance, tolerance);
  /* One number is expanded to all elements, before and after an addition. */
  fixture_assert_near (fixture_item (ag_sum (ag_expand (ag_full (dtype, ag_layout_scalar (), 0.5),
                                                        AG_SHAPE (n)))),
                       0.5 * (double) n, 0);
}

static void
test_sums (void)
{
  fixture_enter (2);
  for (guint i = 0; i < G_N_ELEMENTS (floats); i++)
    for (guint j = 0; j < G_N_ELEMENTS (sizes); j++)
      check_sums (floats[i], sizes[j]);
  fixture_leave ();
}

/* Elementwise results of every size, contiguous, broadcast and transposed. */
static void
test_loops (void)
{
  fixture_enter (2);
  for (guint i = 0; i < G_N_ELEMENTS (floats); i++)
    for (guint j = 0; j < G_N_ELEMENTS (sizes); j++)
      {
        gint64 n = sizes[j];
        AgTensor *a = fixture_random (floats[i], AG_SHAPE (n, 3), -1, 1, 1);
        AgTensor *b = fixture_random (floats[i], AG_SHAPE (3, n), -1, 1, 2);
        AgTensor *row = fixture_random (floats[i], AG_SHAPE (3), -1, 1, 3);
        AgTensor *column = fixture_random (floats[i], AG_SHAPE (n, 1), -1, 1, 4);
        AgTensor *result = ag_add (ag_mul (a, ag_transpose (b, 0, 1)), ag_sub (row, column));
        g_autofree double *as = fixture_read (a);
        g_autofree double *bs = fixture_read (b);
        g_autofree double *rows = fixture_read (row);
        g_autofree double *columns = fixture_read (column);
        g_autofree double *results = fixture_read (result);
        double tolerance = floats[i] == AG_DTYPE_FLOAT32 ? 3e-7 : 1e-15;

        fixture_assert_shape (result, n, 3);
        for (gint64 k = 0; k < n; k++)
          for (gint64 l = 0; l < 3; l++)
            fixture_assert_near (results[k * 3 + l],
                                 as[k * 3 + l] * bs[l * n + k] + (rows[l] - columns[k]),
                                 tolerance);
      }
  fixture_leave ();
}

static void
test_sum_dims (void)
{
  fixture_enter (1);
  for (guint i = 0; i < G_N_ELEMENTS (floats); i++)
    {
      AgTensor *a = fixture_tensor (floats[i], AG_SHAPE (2, 3, 2),
                                    (double[]){ 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 });

      fixture_assert_elements (ag_sum_dims (a, 1, (gint[]){ 0 }, FALSE), 0, 8, 10, 12, 14, 16, 18);
      fixture_assert_elements (ag_sum_dims (a, 1, (gint[]){ 1 }, FALSE), 0, 9, 12, 27, 30);
      fixture_assert_elements (ag_sum_dims (a, 1, (gint[]){ -1 }, FALSE), 0, 3, 7, 11, 15, 19, 23);
      fixture_assert_elements (ag_sum_dims (a, 2, (gint[]){ 0, 2 }, FALSE), 0, 18, 26, 34);
      fixture_assert_elements (ag_sum_dims (a, 2, (gint[]){ -1, 1 }, FALSE), 0, 21, 57);
      fixture_assert_elements (ag_sum_dims (a, 3, (gint[]){ 0, 1, 2 }, FALSE), 0, 78);
      fixture_assert_elements (ag_sum_dims (a, 0, NULL, FALSE), 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10,
                               11, 12);
      fixture_assert_shape (ag_sum_dims (a, 1, (gint[]){ 1 }, TRUE), 2, 1, 2);
      fixture_assert_shape (ag_sum_dims (a, 2, (gint[]){ 0, 2 }, FALSE), 3);
      fixture_assert_elements (ag_sum_dims (ag_transpose (a, 0, 2), 1, (gint[]){ 0 }, FALSE), 0,
                               3, 15, 7, 19, 11, 23);
      fixture_assert_elements (ag_sum_dims (ag_square (ag_transpose (a, 0, 1)), 2,
                                            (gint[]){ 0, 2 }, FALSE),
                               0, 91, 559);
      fixture_assert_elements (ag_sum_dims (ag_zeros (floats[i], AG_SHAPE (2, 0)), 1,
                                            (gint[]){ 1 }, FALSE),
                               0, 0, 0);
    }
  fixture_leave ();
}

static void
check_matmul (AgDType dtype,
              gint64 n,
              gint64 k,
              gint64 m,
              gboolean transposes_a,
              gboolean transposes_b)
{
  AgTensor *a = transposes_a
                  ? ag_transpose (fixture_random (dtype, AG_SHAPE (k, n), -1, 1, 1), 0, 1)
                  : fixture_random (dtype, AG_SHAPE (n, k), -1, 1, 1);
  AgTensor *b = transposes_b
                  ? ag_transpose (fixture_random (dtype, AG_SHAPE (m, k), -1, 1, 2), 0, 1)
                  : fixture_random (dtype, AG_SHAPE (k, m), -1, 1, 2);
  g_autofree double *as = fixture_read (a);
  g_autofree double *bs = fixture_read (b);
  AgTensor *product = ag_matmul (a, b);
  g_autofree double *products = fixture_read (product);

  fixture_assert_shape (product, n, m);
  g_assert_cmpint (ag_tensor_dtype (product), ==, dtype);
  for (gint64 i = 0; i < n; i++)
    for (gint64 j = 0; j < m; j++)
      {
        double expected = 0;

        for (gint64 l = 0; l < k; l++)
          expected += as[i * k + l] * bs[l * m + j];
        fixture_assert_near (products[i * m + j], expected,
                             dtype == AG_DTYPE_FLOAT32 ? 1e-5 : 1e-13);
      }
}

static void
test_matmul (void)
{
  const gint64 shapes[][3] = {
    { 1, 1, 1 },
    { 1, 3, 1 },
    { 3, 1, 5 },
    { 1, 7, 4 },
    { 7, 3, 1 },
    { 5, 4, 3 },
    { 33, 65, 17 },
    { 127, 3, 1 },
    { 2000, 3, 1 },
    { 3, 2000, 1 },
  };

  fixture_enter (1);
  for (guint i = 0; i < G_N_ELEMENTS (floats); i++)
    {
      for (guint j = 0; j < G_N_ELEMENTS (shapes); j++)
        for (guint k = 0; k < 4; k++)
          check_matmul (floats[i], shapes[j][0], shapes[j][1], shapes[j][2], k & 1, k >> 1);

      AgTensor *a = fixture_tensor (floats[i], AG_SHAPE (2, 2), (double[]){ 1, 2, 3, 4 });
      AgTensor *stretched = ag_expand (fixture_tensor (floats[i], AG_SHAPE (2, 1),
                                                       (double[]){ 5, 6 }),
                                       AG_SHAPE (2, 3));
      /* Operands that are computed or repeat elements. */
      fixture_assert_elements (ag_matmul (ag_square (a), ag_transpose (ag_neg (a), 0, 1)), 0, -9,
                               -19, -41, -91);
      fixture_assert_elements (ag_matmul (a, stretched), 0, 17, 17, 17, 39, 39, 39);
      /* Products of nothing are 0. */
      fixture_assert_elements (ag_matmul (ag_ones (floats[i], AG_SHAPE (2, 0)),
                                          ag_ones (floats[i], AG_SHAPE (0, 2))),
                               0, 0, 0, 0, 0);
      fixture_assert_elements (ag_matmul (ag_ones (floats[i], AG_SHAPE (2, 0)),
                                          ag_ones (floats[i], AG_SHAPE (0, 1))),
                               0, 0, 0);
    }
  fixture_leave ();
}

/* The same recording on 1, 2 and 3 threads. */
static double *
run_on_threads (guint n_threads,
                AgDType dtype,
                gint64 n,
                gint64 *n_numbers)
{
  fixture_enter (n_threads);
  AgTensor *x = fixture_random (dtype, AG_SHAPE (n), -3, 3, 7);
  AgTensor *y = fixture_random (dtype, AG_SHAPE (n, 1), -1, 1, 8);
  AgTensor *wave = ag_tensor_ref (ag_mul (ag_sin (x), ag_exp (ag_flatten (y, 0, 1))));
  AgTensor *sums[] = {
    ag_tensor_ref (ag_sum (wave)),
    ag_tensor_ref (ag_sum (ag_square (ag_sub (wave, x)))),
    ag_tensor_ref (ag_sum (ag_mul (ag_sub (wave, ag_sum (wave)), x))),
    ag_tensor_ref (ag_mean (ag_cube (x))),
    ag_tensor_ref (ag_sum (ag_sum_dims (ag_mul (y, ag_ones (dtype, AG_SHAPE (2))), 1,
                                        (gint[]){ 0 }, FALSE))),
  };
  double *numbers;

  fixture_end_step ();
  numbers = g_new (double, n + (gint64) G_N_ELEMENTS (sums));
  g_assert_true (ag_tensor_read (wave, AG_DTYPE_FLOAT64, numbers, NULL));
  for (guint i = 0; i < G_N_ELEMENTS (sums); i++)
    {
      numbers[n + i] = fixture_item (sums[i]);
      ag_tensor_unref (sums[i]);
    }
  ag_tensor_unref (wave);
  fixture_leave ();
  *n_numbers = n + (gint64) G_N_ELEMENTS (sums);
  return numbers;
}

static void
test_threads (void)
{
  const gint64 n_points[] = { 1000, 32769, 300007 };

  for (guint i = 0; i < G_N_ELEMENTS (floats); i++)
    for (guint j = 0; j < G_N_ELEMENTS (n_points); j++)
      {
        gint64 n;
        g_autofree double *one = run_on_threads (1, floats[i], n_points[j], &n);

        for (guint k = 2; k <= 3; k++)
          {
            g_autofree double *many = run_on_threads (k, floats[i], n_points[j], &n);

            g_assert_cmpint (memcmp (one, many, sizeof (double) * (gsize) n), ==, 0);
          }
      }
}

static void
test_precision (void)
{
  const gint64 n = 1000000;

  fixture_enter (1);
  AgTensor *positive = fixture_random (AG_DTYPE_FLOAT32, AG_SHAPE (n), 0, 1, 3);
  AgTensor *spread = ag_exp (fixture_random (AG_DTYPE_FLOAT32, AG_SHAPE (n), -20, 10, 4));
  AgTensor *tensors[] = { positive, ag_square (positive), ag_tensor_ref (spread) };

  for (guint i = 0; i < G_N_ELEMENTS (tensors); i++)
    {
      g_autofree double *elements = fixture_read (tensors[i]);
      double expected = sum_of (n, elements);

      fixture_assert_near (fixture_item (ag_sum (tensors[i])) / expected, 1, 1e-6);
    }
  ag_tensor_unref (spread);
  fixture_leave ();
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/reductions/sums", test_sums);
  g_test_add_func ("/reductions/loops", test_loops);
  g_test_add_func ("/reductions/sum-dims", test_sum_dims);
  g_test_add_func ("/reductions/matmul", test_matmul);
  g_test_add_func ("/reductions/threads", test_threads);
  g_test_add_func ("/reductions/precision", test_precision);

  return g_test_run ();
}
