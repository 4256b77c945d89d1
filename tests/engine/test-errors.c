/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fixture.h"

#include <math.h>
#include <string.h>

/* A mistake in a recording is said in a sentence, and the next step goes well. */

static AgTensor *
new_ones (gint64 n)
{
  return ag_ones (AG_DTYPE_FLOAT64, AG_SHAPE (n));
}

static void
test_shapes (void)
{
  fixture_enter (1);
  AgTensor *a = ag_tensor_ref (ag_ones (AG_DTYPE_FLOAT32, AG_SHAPE (2, 3)));
  AgTensor *b = ag_tensor_ref (ag_ones (AG_DTYPE_FLOAT32, AG_SHAPE (4)));

  ag_add (a, b);
  fixture_expect_error (AG_ERROR_SHAPE, "add", "(2, 3)", "(4,)", NULL);
  ag_pow (b, a);
  fixture_expect_error (AG_ERROR_SHAPE, "pow", "(4,)", "(2, 3)", NULL);
  ag_matmul (a, a);
  fixture_expect_error (AG_ERROR_SHAPE, "matmul", "(2, 3) and (2, 3)", "(n, k)", NULL);
  ag_matmul (a, b);
  fixture_expect_error (AG_ERROR_SHAPE, "matmul", "(2, 3)", "(4,)", NULL);
  ag_reshape (a, AG_SHAPE (4));
  fixture_expect_error (AG_ERROR_SHAPE, "reshape", "(2, 3)", "(4,)", NULL);
  ag_expand (a, AG_SHAPE (4, 3));
  fixture_expect_error (AG_ERROR_SHAPE, "expand", "(2, 3)", "(4, 3)", NULL);
  ag_unsqueeze (a, 4);
  fixture_expect_error (AG_ERROR_SHAPE, "unsqueeze", "(2, 3)", "4", NULL);
  ag_flatten (a, 0, 2);
  fixture_expect_error (AG_ERROR_SHAPE, "flatten", "(2, 3)", "2", NULL);
  ag_transpose (a, 0, -3);
  fixture_expect_error (AG_ERROR_SHAPE, "transpose", "(2, 3)", "-3", NULL);
  ag_sum_dims (a, 1, (gint[]){ 2 }, FALSE);
  fixture_expect_error (AG_ERROR_SHAPE, "sum", "(2, 3)", "2", NULL);
  ag_assign (b, a);
  fixture_expect_error (AG_ERROR_SHAPE, "assign:", "(4,)", "(2, 3)", NULL);
  ag_tensor_set_grad (a, b);
  fixture_expect_error (AG_ERROR_SHAPE, "grad", "(2, 3)", "(4,)", NULL);
  g_assert_null (ag_tensor_grad (a));

  fixture_assert_elements (ag_sum (a), 0, 6);
  ag_tensor_unref (a);
  ag_tensor_unref (b);
  fixture_leave ();
}

static void
test_dtypes (void)
{
  const gint64 numbers[] = { 1, 2 };

  fixture_enter (1);
  AgTensor *integers = ag_tensor_ref (ag_from_data (AG_DTYPE_INT64, AG_SHAPE (2), numbers));

  ag_add (integers, integers);
  fixture_expect_error (AG_ERROR_DTYPE, "add", "int64", "(2,)", "cast", NULL);
  ag_mul (ag_scalar (2), integers);
  fixture_expect_error (AG_ERROR_DTYPE, "mul", "int64", "(2,)", NULL);
  ag_sin (integers);
  fixture_expect_error (AG_ERROR_DTYPE, "sin", "int64", NULL);
  ag_sum (integers);
  fixture_expect_error (AG_ERROR_DTYPE, "sum", "int64", NULL);
  ag_cast (new_ones (2), AG_DTYPE_INT64);
  fixture_expect_error (AG_ERROR_DTYPE, "cast", "float64", "int64", NULL);
  ag_tensor_set_requires_grad (integers, TRUE);
  fixture_expect_error (AG_ERROR_DTYPE, "requires_grad", "int64", NULL);
  g_assert_false (ag_tensor_requires_grad (integers));

  fixture_assert_elements (ag_mul (integers, new_ones (2)), 0, 1, 2);
  ag_tensor_unref (integers);
  fixture_leave ();
}

static void
test_backward (void)
{
  fixture_enter (1);
  AgTensor *a = fixture_parameter (new_ones (3));
  AgTensor *loss = ag_sum (ag_square (a));

  ag_backward (loss, NULL);
  ag_backward (loss, NULL);
  fixture_expect_error (AG_ERROR_GRADIENT, "backward", "before", "“sum”", "again", NULL);
  ag_backward (ag_square (a), NULL);
  fixture_expect_error (AG_ERROR_GRADIENT, "backward", "scalars only", "(3,)", NULL);
  ag_backward (ag_square (a), new_ones (2));
  fixture_expect_error (AG_ERROR_GRADIENT, "backward", "(2,)", "(3,)", NULL);
  ag_backward (ag_sum (new_ones (3)), NULL);
  fixture_expect_error (AG_ERROR_GRADIENT, "backward", "requires a gradient", NULL);
  ag_tensor_set_requires_grad (ag_square (a), TRUE);
  fixture_expect_error (AG_ERROR_GRADIENT, "requires_grad", "“square”", NULL);

  ag_tensor_set_grad (a, NULL);
  ag_backward (ag_sum (ag_square (a)), NULL);
  fixture_end_step ();
  fixture_assert_elements (ag_tensor_grad (a), 0, 2, 2, 2);
  ag_tensor_unref (a);
  fixture_leave ();
}

static void
test_assign (void)
{
  fixture_enter (1);
  AgTensor *a = fixture_parameter (new_ones (3));
  AgTensor *data = ag_tensor_ref (ag_full (AG_DTYPE_FLOAT64, AG_SHAPE (3), 2));
  AgTensor *state = ag_tensor_ref (new_ones (3));

  ag_assign (a, ag_scalar (2));
  fixture_expect_error (AG_ERROR_GRADIENT, "assign", "no_grad", NULL);
  ag_assign (ag_neg (data), ag_scalar (2));
  fixture_expect_error (AG_ERROR_ARGUMENT, "assign", "“neg”", NULL);

  /* A step that fails assigns nothing, and what it would have assigned stays
   * what it was. */
  ag_assign (state, data);
  ag_no_grad_begin ();
  ag_assign (a, ag_add (a, data));
  ag_no_grad_end ();
  ag_add (new_ones (2), new_ones (3));
  fixture_expect_error (AG_ERROR_SHAPE, "add", "(2,)", "(3,)", NULL);
  fixture_assert_elements (a, 0, 1, 1, 1);
  fixture_assert_elements (state, 0, 1, 1, 1);
  fixture_assert_elements (data, 0, 2, 2, 2);
  ag_assign (state, data);
  fixture_end_step ();
  fixture_assert_elements (state, 0, 2, 2, 2);

  ag_tensor_unref (a);
  ag_tensor_unref (data);
  ag_tensor_unref (state);
  fixture_leave ();
}

/* The first error is the one that is told. */
static void
test_first_error (void)
{
  fixture_enter (1);
  AgTensor *wrong = ag_mul (new_ones (2), new_ones (3));

  ag_backward (ag_sum (ag_sin (wrong)), NULL);
  ag_add (ag_reshape (wrong, AG_SHAPE (7)), new_ones (5));
  fixture_expect_error (AG_ERROR_SHAPE, "mul", "(2,)", "(3,)", NULL);
  fixture_leave ();
}

static void
test_item (void)
{
  g_autoptr (GError) error = NULL;
  double value = 5;

  fixture_enter (1);
  g_assert_false (ag_tensor_item (ag_square (new_ones (3)), &value, &error));
  g_assert_error (error, AG_ERROR, AG_ERROR_SHAPE);
  g_assert_nonnull (strstr (error->message, "item"));
  g_assert_nonnull (strstr (error->message, "(3,)"));
  g_clear_error (&error);
  fixture_end_step ();

  /* A wrong operation is told where its value is read, and no other value of its step can be read. */
  AgTensor *wrong = ag_tensor_ref (ag_mul (new_ones (2), new_ones (3)));
  g_assert_false (ag_tensor_item (wrong, &value, &error));
  g_assert_error (error, AG_ERROR, AG_ERROR_SHAPE);
  g_assert_nonnull (strstr (error->message, "mul"));
  g_clear_error (&error);
  g_assert_false (ag_tensor_item (ag_sum (new_ones (2)), &value, NULL));
  g_assert_cmpfloat (value, ==, 5);
  g_autofree char *text = ag_tensor_to_string (ag_sum (new_ones (2)));
  g_assert_nonnull (strstr (text, "mul"));
  fixture_expect_error (AG_ERROR_SHAPE, "mul", NULL);
  g_assert_true (isnan (fixture_item (wrong)));
  ag_tensor_unref (wrong);
  fixture_leave ();
}

static void
test_failed_step (void)
{
  g_autoptr (GError) error = NULL;
  double values[3];

  fixture_enter (1);
  AgTensor *square = ag_tensor_ref (ag_square (new_ones (3)));
  AgTensor *target = ag_tensor_ref (new_ones (3));

  ag_add (new_ones (2), new_ones (3));
  fixture_expect_error (AG_ERROR_SHAPE, "add", NULL);

  g_assert_false (ag_tensor_read (square, AG_DTYPE_FLOAT64, values, &error));
  g_assert_error (error, AG_ERROR, AG_ERROR_ARGUMENT);
  g_assert_nonnull (strstr (error->message, "no value"));

  AgTensor *cube = ag_tensor_ref (ag_mul (square, target));
  fixture_expect_error (AG_ERROR_ARGUMENT, "(3,)", "no value", NULL);
  ag_tensor_unref (cube);
  AgTensor *view = ag_tensor_ref (ag_unsqueeze (square, 0));
  fixture_expect_error (AG_ERROR_ARGUMENT, "(3,)", "no value", NULL);
  ag_tensor_unref (view);
  ag_assign (target, square);
  fixture_expect_error (AG_ERROR_ARGUMENT, "(3,)", "no value", NULL);
  fixture_assert_elements (target, 0, 1, 1, 1);

  /* It can get a value again. */
  ag_assign (square, target);
  fixture_end_step ();
  fixture_assert_elements (ag_mul (square, ag_scalar (2)), 0, 2, 2, 2);

  ag_tensor_unref (square);
  ag_tensor_unref (target);
  fixture_leave ();
}

static void
test_device (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (ag_device_open ("abacus", 1, &error));
  g_assert_error (error, AG_ERROR, AG_ERROR_DEVICE);
  g_assert_nonnull (strstr (error->message, "abacus"));
  g_clear_error (&error);
  g_assert_null (ag_device_open ("cpu", 1000, &error));
  g_assert_error (error, AG_ERROR, AG_ERROR_ARGUMENT);
  g_assert_nonnull (strstr (error->message, "1000"));
}

/* A held tensor outlives its graph, and can be let go of. */
static void
test_freed_graph (void)
{
  fixture_enter (1);
  AgTensor *a = fixture_parameter (new_ones (3));
  AgTensor *b = ag_tensor_ref (ag_square (a));

  ag_backward (ag_sum (b), NULL);
  fixture_leave ();
  ag_tensor_unref (a);
  ag_tensor_unref (b);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/errors/shapes", test_shapes);
  g_test_add_func ("/errors/dtypes", test_dtypes);
  g_test_add_func ("/errors/backward", test_backward);
  g_test_add_func ("/errors/assign", test_assign);
  g_test_add_func ("/errors/first-error", test_first_error);
  g_test_add_func ("/errors/item", test_item);
  g_test_add_func ("/errors/failed-step", test_failed_step);
  g_test_add_func ("/errors/device", test_device);
  g_test_add_func ("/errors/freed-graph", test_freed_graph);

  return g_test_run ();
}
