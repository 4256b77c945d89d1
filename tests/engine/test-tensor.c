/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fixture.h"

#include <math.h>
#include <string.h>

static const AgDType floats[] = { AG_DTYPE_FLOAT32, AG_DTYPE_FLOAT64 };

static void
test_dtypes (void)
{
  AgDType dtype = AG_DTYPE_INT64;

  g_assert_cmpuint (ag_dtype_size (AG_DTYPE_FLOAT32), ==, 4);
  g_assert_cmpuint (ag_dtype_size (AG_DTYPE_FLOAT64), ==, 8);
  g_assert_cmpuint (ag_dtype_size (AG_DTYPE_INT64), ==, 8);
  for (guint i = 0; i < AG_N_DTYPES; i++)
    {
      g_assert_true (ag_dtype_from_name (ag_dtype_name ((AgDType) i), &dtype));
      g_assert_cmpint (dtype, ==, i);
    }
  g_assert_false (ag_dtype_from_name ("float16", &dtype));
  g_assert_false (ag_dtype_from_name (NULL, &dtype));
  g_assert_false (ag_dtype_is_float (AG_DTYPE_INT64));
  g_assert_true (ag_dtype_round (AG_DTYPE_FLOAT32, 0.1) == (double) 0.1f);
  g_assert_true (ag_dtype_round (AG_DTYPE_FLOAT64, 0.1) == 0.1);
  g_assert_true (ag_dtype_round (AG_DTYPE_INT64, -1.9) == -1);
}

static void
test_create (void)
{
  const gint64 big = G_GINT64_CONSTANT (9007199254740993);
  gint64 elements[2];
  float singles[3];

  fixture_enter (1);
  for (guint i = 0; i < G_N_ELEMENTS (floats); i++)
    {
      fixture_assert_elements (ag_zeros (floats[i], AG_SHAPE (3)), 0, 0, 0, 0);
      fixture_assert_elements (ag_ones (floats[i], AG_SHAPE (1, 2)), 0, 1, 1);
      fixture_assert_elements (ag_full (floats[i], AG_SHAPE (2, 1), -2.5), 0, -2.5, -2.5);
      fixture_assert_elements (ag_zeros_like (ag_ones (floats[i], AG_SHAPE (2))), 0, 0, 0);
      g_assert_cmpint (ag_tensor_dtype (ag_zeros_like (ag_ones (floats[i], AG_SHAPE (2)))), ==,
                       floats[i]);
    }
  fixture_assert_elements (ag_full (AG_DTYPE_INT64, AG_SHAPE (2), 7), 0, 7, 7);

  /* An integer that no double can be. */
  g_assert_true (ag_tensor_read (ag_from_data (AG_DTYPE_INT64, AG_SHAPE (2),
                                               (gint64[]){ big, -big }),
                                 AG_DTYPE_INT64, elements, NULL));
  g_assert_cmpint (elements[0], ==, big);
  g_assert_cmpint (elements[1], ==, -big);

  g_assert_true (ag_tensor_read (ag_from_data (AG_DTYPE_FLOAT64, AG_SHAPE (3),
                                               (double[]){ 0.1, -0.0, INFINITY }),
                                 AG_DTYPE_FLOAT32, singles, NULL));
  g_assert_true (singles[0] == 0.1f && signbit (singles[1]) && isinf (singles[2]));
  fixture_leave ();
}

/* torch.linspace (-math.pi, math.pi, n)[i], in both types */
typedef struct
{
  gint64 n, i;
  double values[2];
} LinspaceReference;

#define N_LINSPACE_REFERENCES 10

static const LinspaceReference linspace_references[][N_LINSPACE_REFERENCES] = {
  [AG_PYTORCH_1] = {
    { 2000, 1, { -0x1.91b8b8p+1, -0x1.91b8b67e763bbp+1 } },
    { 2000, 999, { -0x1.9bfacp-10, -0x1.9bfb1732572d8p-10 } },
    { 2000, 1000, { 0x1.9bfabp-10, 0x1.9bfb1732572dap-10 } },
    { 2000, 1998, { 0x1.91b8b6p+1, 0x1.91b8b67e763bbp+1 } },
    { 2001, 1, { -0x1.91b8c4p+1, -0x1.91b8c3ad68a3cp+1 } },
    { 2001, 999, { -0x1.9bc7p-9, -0x1.9bc65b68b700cp-9 } },
    { 2001, 1999, { 0x1.91b8c6p+1, 0x1.91b8c3ad68a3bp+1 } },
    { 10, 1, { -0x1.38c354p+1, -0x1.38c35418a5bf6p+1 } },
    { 10, 4, { -0x1.657180p-2, -0x1.657184ae74488p-2 } },
    { 10, 8, { 0x1.38c354p+1, 0x1.38c35418a5bf6p+1 } },
  },
  [AG_PYTORCH_2] = {
    { 2000, 1, { -0x1.91b8b80000000p+1, -0x1.91b8b67e763bbp+1 } },
    { 2000, 999, { -0x1.9bfab00000000p-10, -0x1.9bfb1732572dap-10 } },
    { 2000, 1000, { 0x1.9bfab00000000p-10, 0x1.9bfb1732572dap-10 } },
    { 2000, 1998, { 0x1.91b8b80000000p+1, 0x1.91b8b67e763bbp+1 } },
    { 2001, 1, { -0x1.91b8c40000000p+1, -0x1.91b8c3ad68a3cp+1 } },
    { 2001, 999, { -0x1.9bc6fc0000000p-9, -0x1.9bc65b68b700bp-9 } },
    { 2001, 1999, { 0x1.91b8c40000000p+1, 0x1.91b8c3ad68a3cp+1 } },
    { 10, 1, { -0x1.38c3540000000p+1, -0x1.38c35418a5bf6p+1 } },
    { 10, 4, { -0x1.6571800000000p-2, -0x1.657184ae74488p-2 } },
    { 10, 8, { 0x1.38c3540000000p+1, 0x1.38c35418a5bf6p+1 } },
  },
};

static void
check_linspace_references (AgPyTorch pytorch)
{
  ag_graph_set_pytorch (ag_graph_current (), pytorch);
  for (guint j = 0; j < G_N_ELEMENTS (floats); j++)
    for (guint i = 0; i < N_LINSPACE_REFERENCES; i++)
      {
        const LinspaceReference *reference = &linspace_references[pytorch][i];
        g_autofree double *elements = fixture_read (ag_linspace (floats[j], -G_PI, G_PI,
                                                                 reference->n));

        fixture_assert_near (elements[reference->i], reference->values[j], 0);
      }
}

static void
test_linspace (void)
{
  const gint64 sizes[] = { 2, 3, 1000, 2001 };

  fixture_enter (1);
  fixture_assert_elements (ag_linspace (AG_DTYPE_FLOAT64, 3, 5, 1), 0, 3);
  fixture_assert_elements (ag_linspace (AG_DTYPE_FLOAT32, 3, 5, 1), 0, 3);
  fixture_assert_elements (ag_linspace (AG_DTYPE_FLOAT32, 0, 1, 5), 0, 0, 0.25, 0.5, 0.75, 1);
  g_assert_cmpint (ag_tensor_n_elements (ag_linspace (AG_DTYPE_FLOAT64, 0, 1, 0)), ==, 0);

  for (guint j = 0; j < G_N_ELEMENTS (floats); j++)
    {
      for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
        {
          gint64 n = sizes[i];
          AgTensor *points = ag_linspace (floats[j], -G_PI, G_PI, n);
          g_autofree double *elements = fixture_read (points);

          fixture_assert_shape (points, n);
          g_assert_true (elements[0] == ag_dtype_round (floats[j], -G_PI));
          g_assert_true (elements[n - 1] == ag_dtype_round (floats[j], G_PI));
          for (gint64 k = 0; k < n; k++)
            fixture_assert_near (elements[k], -G_PI + 2 * G_PI * (double) k / (double) (n - 1),
                                 j == 0 ? 5e-7 : 1e-15);
        }
    }
  check_linspace_references (AG_PYTORCH_1);
  check_linspace_references (AG_PYTORCH_2);
  fixture_leave ();
}

static void
test_random (void)
{
  g_autoptr (AgGenerator) generator = ag_generator_new (AG_GENERATOR_TORCH, 0);

  fixture_enter (1);
  /* torch.manual_seed (0); torch.randn (()), torch.rand (2) */
  fixture_assert_elements (ag_randn (AG_DTYPE_FLOAT32, ag_layout_scalar (), generator), 0,
                           0x1.8a7eb8p0);
  ag_generator_seed (generator, 0);
  fixture_assert_elements (ag_rand (AG_DTYPE_FLOAT32, AG_SHAPE (2), generator), 0,
                           0x1.fc2abp-2, 0x1.89545ep-1);
  for (guint i = 0; i < G_N_ELEMENTS (floats); i++)
    {
      g_autofree double *uniform = fixture_read (ag_uniform (floats[i], AG_SHAPE (100, 100), -2,
                                                             3, generator));
      g_autofree double *normal = fixture_read (ag_randn (floats[i], AG_SHAPE (100, 100),
                                                          generator));
      double mean = 0, variance = 0;

      for (guint k = 0; k < 10000; k++)
        {
          g_assert_true (uniform[k] >= -2 && uniform[k] <= 3);
          mean += normal[k] / 10000;
          variance += normal[k] * normal[k] / 10000;
        }
      fixture_assert_near (mean, 0, 0.05);
      fixture_assert_near (variance, 1, 0.06);
    }
  fixture_leave ();
}

static void
test_scalars (void)
{
  fixture_enter (1);
  AgTensor *a = ag_full (AG_DTYPE_FLOAT64, ag_layout_scalar (), 3);
  AgTensor *sum = ag_add (a, ag_scalar (0.5));

  g_assert_cmpint (ag_tensor_n_dims (a), ==, 0);
  g_assert_cmpint (ag_tensor_n_elements (a), ==, 1);
  g_assert_cmpint (ag_tensor_n_dims (sum), ==, 0);
  g_assert_true (fixture_item (sum) == 3.5);
  g_assert_true (fixture_item (ag_scalar (2.5)) == 2.5);
  g_assert_true (fixture_item (ag_mul (ag_constant (2), ag_scalar (4))) == 8);
  g_assert_true (fixture_item (ag_mul (ag_constant (1), a)) == 3);
  g_assert_true (fixture_item (ag_full (AG_DTYPE_INT64, AG_SHAPE (1, 1), 3)) == 3);
  fixture_assert_elements (ag_add (a, ag_ones (AG_DTYPE_FLOAT64, AG_SHAPE (2))), 0, 4, 4);
  fixture_assert_elements (ag_sum (a), 0, 3);
  fixture_assert_elements (ag_mean (a), 0, 3);
  fixture_assert_elements (ag_flatten (a, 0, -1), 0, 3);
  fixture_assert_shape (ag_unsqueeze (a, 0), 1);

  g_autofree char *scalar = ag_tensor_to_string (a);
  g_assert_cmpstr (scalar, ==, "3");
  g_autofree char *matrix = ag_tensor_to_string (ag_full (AG_DTYPE_FLOAT32, AG_SHAPE (1, 2), .5));
  g_assert_cmpstr (matrix, ==, "[[0.5, 0.5]]");
  g_autofree char *shape = ag_layout_to_string (AG_SHAPE (2000, 3));
  g_assert_cmpstr (shape, ==, "(2000, 3)");
  fixture_leave ();
}

/* A scalar may be evaluated anywhere; what was recorded goes on from there. */
static void
test_item_in_between (void)
{
  fixture_enter (1);
  AgTensor *x = ag_linspace (AG_DTYPE_FLOAT64, 0, 3, 4);
  AgTensor *y = ag_square (x);
  AgTensor *first = ag_sum (y);

  g_assert_true (fixture_item (first) == 14);
  fixture_assert_elements (ag_add (y, first), 0, 14, 15, 18, 23);
  AgTensor *kept = ag_tensor_ref (ag_mul (first, x));
  fixture_end_step ();
  fixture_assert_elements (kept, 0, 0, 14, 28, 42);
  fixture_assert_elements (ag_neg (kept), 0, 0, -14, -28, -42);
  ag_tensor_unref (kept);
  fixture_leave ();
}

static void
test_promotion (void)
{
  const gint64 three = 3;

  fixture_enter (1);
  AgTensor *f32 = ag_ones (AG_DTYPE_FLOAT32, AG_SHAPE (2));
  AgTensor *f64 = ag_ones (AG_DTYPE_FLOAT64, AG_SHAPE (2));
  AgTensor *f64_scalar = ag_full (AG_DTYPE_FLOAT64, ag_layout_scalar (), 0.1);
  AgTensor *integer = ag_from_data (AG_DTYPE_INT64, ag_layout_scalar (), &three);

  g_assert_cmpint (ag_tensor_dtype (ag_add (f32, f64)), ==, AG_DTYPE_FLOAT64);
  g_assert_cmpint (ag_tensor_dtype (ag_add (f32, f64_scalar)), ==, AG_DTYPE_FLOAT32);
  g_assert_cmpint (ag_tensor_dtype (ag_add (f64_scalar, f32)), ==, AG_DTYPE_FLOAT32);
  g_assert_cmpint (ag_tensor_dtype (ag_add (f32, ag_scalar (1))), ==, AG_DTYPE_FLOAT32);
  g_assert_cmpint (ag_tensor_dtype (ag_mul (ag_constant (2), f32)), ==, AG_DTYPE_FLOAT32);
  g_assert_cmpint (ag_tensor_dtype (ag_mul (integer, f32)), ==, AG_DTYPE_FLOAT32);
  g_assert_cmpint (ag_tensor_dtype (ag_cast (integer, AG_DTYPE_FLOAT64)), ==, AG_DTYPE_FLOAT64);
  fixture_assert_elements (ag_mul (integer, f32), 0, 3, 3);
  fixture_assert_elements (ag_mul (f32, integer), 0, 3, 3);
  fixture_assert_elements (ag_cast (integer, AG_DTYPE_FLOAT32), 0, 3);
  fixture_assert_elements (ag_cast (ag_expand (integer, AG_SHAPE (3)), AG_DTYPE_FLOAT32), 0, 3, 3,
                           3);
  fixture_assert_elements (ag_cast (f64_scalar, AG_DTYPE_FLOAT32), 0, (double) 0.1f);
  fixture_assert_elements (ag_add (f32, f64_scalar), 0, (double) (1 + 0.1f), (double) (1 + 0.1f));
  fixture_leave ();
}

static void
test_broadcast (void)
{
  const gint64 exponents[] = { 1, 2, 3 };

  fixture_enter (1);
  for (guint i = 0; i < G_N_ELEMENTS (floats); i++)
    {
      AgTensor *x = fixture_tensor (floats[i], AG_SHAPE (2), (double[]){ 2, -3 });
      AgTensor *powers = ag_pow (ag_unsqueeze (x, -1),
                                 ag_from_data (AG_DTYPE_INT64, AG_SHAPE (3), exponents));
      AgTensor *row = fixture_tensor (floats[i], AG_SHAPE (1, 2), (double[]){ 10, 20 });
      AgTensor *column = fixture_tensor (floats[i], AG_SHAPE (3, 1), (double[]){ 1, 2, 3 });

      fixture_assert_shape (powers, 2, 3);
      g_assert_cmpint (ag_tensor_dtype (powers), ==, floats[i]);
      fixture_assert_elements (powers, 0, 2, 4, 8, -3, 9, -27);
      fixture_assert_elements (ag_sub (row, column), 0, 9, 19, 8, 18, 7, 17);
      fixture_assert_elements (ag_sub (column, row), 0, -9, -19, -8, -18, -7, -17);
      fixture_assert_shape (ag_add (ag_ones (floats[i], AG_SHAPE (5, 1, 2)), column), 5, 3, 2);
      fixture_assert_elements (ag_sum (ag_mul (row, column)), 0, 180);
      g_assert_cmpint (ag_tensor_n_elements (ag_add (ag_zeros (floats[i], AG_SHAPE (0)),
                                                     ag_ones (floats[i], AG_SHAPE (1)))),
                       ==, 0);
      g_assert_true (fixture_item (ag_sum (ag_zeros (floats[i], AG_SHAPE (0, 3)))) == 0);
    }
  fixture_leave ();
}

static void
test_views (void)
{
  const gint64 big = G_GINT64_CONSTANT (9007199254740993);
  const gint64 integers[] = { big, 2, 3, 4 };
  gint64 read[4];

  fixture_enter (1);
  for (guint i = 0; i < G_N_ELEMENTS (floats); i++)
    {
      const double numbers[] = { 0, 1, 2, 3, 4, 5 };
      AgTensor *data = fixture_tensor (floats[i], AG_SHAPE (2, 3), numbers);
      /* Once of a value in memory, once of a recorded one. */
      AgTensor *sources[] = { data, ag_add (data, ag_scalar (0)) };

      for (guint k = 0; k < 2; k++)
        {
          AgTensor *a = sources[k];
          AgTensor *transposed = ag_transpose (a, 0, 1);

          fixture_assert_shape (ag_unsqueeze (a, 0), 1, 2, 3);
          fixture_assert_shape (ag_unsqueeze (a, 1), 2, 1, 3);
          fixture_assert_shape (ag_unsqueeze (a, -1), 2, 3, 1);
          fixture_assert_shape (ag_flatten (a, 0, -1), 6);
          fixture_assert_shape (ag_flatten (ag_unsqueeze (a, 0), 0, 1), 2, 3);
          fixture_assert_shape (transposed, 3, 2);
          fixture_assert_elements (ag_transpose (a, -2, -1), 0, 0, 3, 1, 4, 2, 5);
          fixture_assert_elements (ag_transpose (transposed, 0, 1), 0, 0, 1, 2, 3, 4, 5);
          fixture_assert_elements (ag_reshape (a, AG_SHAPE (3, 2)), 0, 0, 1, 2, 3, 4, 5);
          fixture_assert_elements (ag_reshape (transposed, AG_SHAPE (6)), 0, 0, 3, 1, 4, 2, 5);
          fixture_assert_elements (ag_flatten (transposed, 0, 1), 0, 0, 3, 1, 4, 2, 5);
          fixture_assert_elements (ag_add (transposed, ag_reshape (a, AG_SHAPE (3, 2))), 0, 0, 4,
                                   3, 7, 6, 10);
          fixture_assert_elements (ag_neg (ag_transpose (ag_square (transposed), 0, 1)), 0, 0, -1,
                                   -4, -9, -16, -25);
          fixture_assert_elements (ag_expand (ag_reshape (a, AG_SHAPE (6, 1)), AG_SHAPE (6, 2)),
                                   0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5);
          fixture_assert_elements (ag_expand (ag_sum (a), AG_SHAPE (2, 1)), 0, 15, 15);
          fixture_assert_elements (ag_reshape (ag_expand (ag_sum (a), AG_SHAPE (2, 2)),
                                               AG_SHAPE (4)),
                                   0, 15, 15, 15, 15);
          fixture_assert_elements (ag_detach (transposed), 0, 0, 3, 1, 4, 2, 5);
        }
    }

  /* Integers are seen in other shapes too, and lose nothing by it. */
  AgTensor *matrix = ag_from_data (AG_DTYPE_INT64, AG_SHAPE (2, 2), integers);
  AgTensor *transposed = ag_transpose (matrix, 0, 1);
  fixture_assert_elements (ag_cast (transposed, AG_DTYPE_FLOAT32), 0, 0x1p53, 3, 2, 4);
  g_assert_true (ag_tensor_read (transposed, AG_DTYPE_INT64, read, NULL));
  g_assert_cmpint (read[0], ==, big);
  g_assert_cmpint (read[1], ==, 3);
  g_assert_true (ag_tensor_read (ag_reshape (transposed, AG_SHAPE (4)), AG_DTYPE_INT64, read,
                                 NULL));
  g_assert_cmpint (read[0], ==, big);
  g_assert_cmpint (read[1], ==, 3);
  g_assert_cmpint (read[2], ==, 2);
  fixture_leave ();
}

/* Views that are held live on as values of their own. */
static void
test_held_views (void)
{
  fixture_enter (1);
  AgTensor *data = ag_tensor_ref (fixture_tensor (AG_DTYPE_FLOAT32, AG_SHAPE (2, 2),
                                                  (double[]){ 1, 2, 3, 4 }));
  AgTensor *transposed = ag_tensor_ref (ag_transpose (data, 0, 1));
  AgTensor *squares = ag_square (data);
  AgTensor *flat = ag_tensor_ref (ag_flatten (squares, 0, 1));
  AgTensor *other = ag_tensor_ref (ag_transpose (squares, 0, 1));

  fixture_end_step ();
  fixture_assert_elements (ag_add (transposed, data), 0, 2, 5, 5, 8);
  fixture_assert_elements (ag_transpose (transposed, 0, 1), 0, 1, 2, 3, 4);
  fixture_assert_elements (flat, 0, 1, 4, 9, 16);
  fixture_assert_elements (ag_sub (other, transposed), 0, 0, 6, 2, 12);
  fixture_end_step ();
  fixture_assert_elements (ag_flatten (other, 0, 1), 0, 1, 9, 4, 16);

  ag_tensor_clear (&data);
  ag_tensor_clear (&transposed);
  ag_tensor_clear (&flat);
  ag_tensor_clear (&other);
  g_assert_null (other);
  fixture_leave ();
}

static void
test_layouts (void)
{
  g_assert_true (AG_SHAPE (2, 3) == AG_SHAPE (2, 3));
  g_assert_true (ag_layout_broadcast (AG_SHAPE (3, 1), AG_SHAPE (4)) == AG_SHAPE (3, 4));
  g_assert_true (ag_layout_broadcast (ag_layout_scalar (), AG_SHAPE (4)) == AG_SHAPE (4));
  g_assert_true (ag_layout_broadcast (AG_SHAPE (1), AG_SHAPE (0)) == AG_SHAPE (0));
  g_assert_null (ag_layout_broadcast (AG_SHAPE (3), AG_SHAPE (4)));
  g_assert_null (ag_layout_broadcast (AG_SHAPE (2, 3), AG_SHAPE (2)));
  g_assert_null (ag_layout_expand (AG_SHAPE (2, 3), AG_SHAPE (3)));
  g_assert_null (ag_layout_expand (AG_SHAPE (2), AG_SHAPE (3)));
  g_assert_true (ag_layout_reduce (AG_SHAPE (2, 3, 4), 2, TRUE) == AG_SHAPE (2, 1, 4));
  g_assert_true (ag_layout_reduce (AG_SHAPE (2, 3, 4), 5, FALSE) == AG_SHAPE (3));
  g_assert_false (ag_layout_is_contiguous (ag_layout_transpose (AG_SHAPE (2, 3), 0, 1)));
  g_assert_true (ag_layout_is_contiguous (ag_layout_transpose (AG_SHAPE (1, 3), 0, 1)));
  g_assert_cmpint (ag_layout_index (ag_layout_transpose (AG_SHAPE (2, 3), 0, 1), 3), ==, 4);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/tensor/dtypes", test_dtypes);
  g_test_add_func ("/tensor/create", test_create);
  g_test_add_func ("/tensor/linspace", test_linspace);
  g_test_add_func ("/tensor/random", test_random);
  g_test_add_func ("/tensor/scalars", test_scalars);
  g_test_add_func ("/tensor/item-in-between", test_item_in_between);
  g_test_add_func ("/tensor/promotion", test_promotion);
  g_test_add_func ("/tensor/broadcast", test_broadcast);
  g_test_add_func ("/tensor/views", test_views);
  g_test_add_func ("/tensor/held-views", test_held_views);
  g_test_add_func ("/tensor/layouts", test_layouts);

  return g_test_run ();
}
