/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fixture.h"

#include "graph/function.h"

/* Custom Functions. */

/* P3 (x) = ½ (5x³ − 3x), as the tutorial's LegendrePolynomial3 */
static AgTensor *
legendre_forward (AgFunctionContext *context,
                  AgTensor *const *inputs)
{
  ag_function_save_for_backward (context, inputs[0]);
  return ag_mul (ag_constant (0.5), ag_sub (ag_mul (ag_constant (5), ag_cube (inputs[0])),
                                            ag_mul (ag_constant (3), inputs[0])));
}

static guint
legendre_backward (AgFunctionContext *context,
                   AgTensor *grad_output,
                   AgTensor **grads)
{
  AgTensor *x = ag_function_saved_tensor (context, 0);

  grads[0] = ag_mul (grad_output, ag_mul (ag_constant (1.5),
                                          ag_sub (ag_mul (ag_constant (5), ag_square (x)),
                                                  ag_constant (1))));
  return 1;
}

static const AgFunction legendre = { "LegendrePolynomial3", legendre_forward, legendre_backward };

static void
test_legendre (void)
{
  fixture_enter (1);
  for (guint dtype = AG_DTYPE_FLOAT32; dtype <= AG_DTYPE_FLOAT64; dtype++)
    {
      AgTensor *x = fixture_parameter (fixture_tensor (dtype, AG_SHAPE (3),
                                                       (double[]){ -1, 0.5, 2 }));
      AgTensor *y = ag_function_apply (&legendre, 1, &x);

      g_assert_true (ag_tensor_requires_grad (y));
      g_assert_cmpint (ag_tensor_dtype (y), ==, dtype);
      fixture_assert_elements (y, 0, -1, -0.4375, 17);
      ag_backward (ag_sum (ag_square (y)), NULL);
      fixture_end_step ();
      fixture_assert_elements (ag_tensor_grad (x), 1e-6, 2 * -1 * 6, 2 * -0.4375 * 0.375,
                               2 * 17 * 28.5);
      ag_tensor_unref (x);
    }
  fixture_leave ();
}

/* The program of the tutorial: y = a + b · P3 (c + d x), twice in a row. */
static void
test_in_expression (void)
{
  fixture_enter (1);
  AgTensor *c = fixture_parameter (ag_full (AG_DTYPE_FLOAT64, ag_layout_scalar (), 0.25));
  AgTensor *d = fixture_parameter (ag_full (AG_DTYPE_FLOAT64, ag_layout_scalar (), 0.5));
  fixture_end_step ();

  for (guint t = 0; t < 2; t++)
    {
      AgTensor *x = fixture_tensor (AG_DTYPE_FLOAT64, AG_SHAPE (2), (double[]){ -1, 1 });
      AgTensor *inner = ag_add (c, ag_mul (d, x));

      ag_tensor_set_grad (c, NULL);
      ag_tensor_set_grad (d, NULL);
      ag_backward (ag_sum (ag_function_apply (&legendre, 1, &inner)), NULL);
      fixture_end_step ();
      /* P3' (−¼) = −1.03125, P3' (¾) = 2.71875 */
      fixture_assert_elements (ag_tensor_grad (c), 1e-15, 1.6875);
      fixture_assert_elements (ag_tensor_grad (d), 1e-15, 3.75);
    }
  g_assert_cmpint (ag_graph_n_plans (ag_graph_current ()), ==, 1);
  ag_tensor_unref (c);
  ag_tensor_unref (d);
  fixture_leave ();
}

static AgTensor *
scaled_forward (AgFunctionContext *context,
                AgTensor *const *inputs)
{
  ag_function_save_for_backward (context, inputs[1]);
  ag_function_save_for_backward (context, ag_exp (inputs[1]));
  return ag_mul (inputs[0], inputs[1]);
}

/* Not the true derivative: whose it is shows which one was asked. */
static guint
scaled_backward (AgFunctionContext *context,
                 AgTensor *grad_output,
                 AgTensor **grads)
{
  AgTensor *factor = ag_cast (ag_function_saved_tensor (context, 0), AG_DTYPE_FLOAT64);

  grads[0] = ag_mul (grad_output, ag_mul (factor, ag_constant (100)));
  grads[1] = NULL;
  grads[2] = ag_constant (5);
  return 3;
}

static const AgFunction scaled = { "Scaled", scaled_forward, scaled_backward };

static void
test_many_inputs (void)
{
  fixture_enter (1);
  AgTensor *inputs[] = {
    fixture_parameter (ag_full (AG_DTYPE_FLOAT32, AG_SHAPE (2), 2)),
    fixture_parameter (ag_full (AG_DTYPE_FLOAT32, AG_SHAPE (2), 3)),
    fixture_parameter (ag_full (AG_DTYPE_FLOAT64, AG_SHAPE (3), 4)),
  };
  AgTensor *y = ag_function_apply (&scaled, 3, inputs);

  fixture_assert_elements (y, 0, 6, 6);
  ag_backward (ag_sum (y), NULL);
  fixture_end_step ();
  fixture_assert_elements (ag_tensor_grad (inputs[0]), 0, 300, 300);
  g_assert_cmpint (ag_tensor_dtype (ag_tensor_grad (inputs[0])), ==, AG_DTYPE_FLOAT32);
  g_assert_null (ag_tensor_grad (inputs[1]));
  fixture_assert_elements (ag_tensor_grad (inputs[2]), 0, 5, 5, 5);
  for (guint i = 0; i < 3; i++)
    ag_tensor_unref (inputs[i]);
  fixture_leave ();
}

static void
test_no_grad (void)
{
  fixture_enter (1);
  AgTensor *x = fixture_parameter (ag_full (AG_DTYPE_FLOAT64, AG_SHAPE (1), 2));
  AgTensor *plain = ag_full (AG_DTYPE_FLOAT64, AG_SHAPE (1), 2);

  ag_no_grad_begin ();
  g_assert_false (ag_tensor_requires_grad (ag_function_apply (&legendre, 1, &x)));
  ag_no_grad_end ();
  g_assert_false (ag_tensor_requires_grad (ag_function_apply (&legendre, 1, &plain)));
  fixture_assert_elements (ag_function_apply (&legendre, 1, &plain), 0, 17);

  /* The gradient of a new value flows to the parameter through a Function too. */
  ag_no_grad_begin ();
  ag_assign (x, ag_constant (-1));
  ag_no_grad_end ();
  ag_backward (ag_function_apply (&legendre, 1, &x), NULL);
  fixture_end_step ();
  fixture_assert_elements (ag_tensor_grad (x), 0, 6);
  ag_tensor_unref (x);
  fixture_leave ();
}

static guint
backward_too_few (AgFunctionContext *context,
                  AgTensor *grad_output,
                  AgTensor **grads)
{
  grads[0] = grad_output;
  return 1;
}

static guint
backward_wrong_shape (AgFunctionContext *context,
                      AgTensor *grad_output,
                      AgTensor **grads)
{
  grads[0] = grad_output;
  grads[1] = ag_sum (grad_output);
  return 2;
}

static AgTensor *
forward_nothing (AgFunctionContext *context,
                 AgTensor *const *inputs)
{
  return NULL;
}

static void
test_errors (void)
{
  static const AgFunction too_few = { "Careless", scaled_forward, backward_too_few };
  static const AgFunction wrong_shape = { "Shapeless", scaled_forward, backward_wrong_shape };
  static const AgFunction nothing = { "Empty", forward_nothing, legendre_backward };

  fixture_enter (1);
  AgTensor *x = fixture_parameter (ag_ones (AG_DTYPE_FLOAT64, AG_SHAPE (2, 3)));

  ag_backward (ag_sum (ag_function_apply (&too_few, 2, (AgTensor *[]){ x, x })), NULL);
  fixture_expect_error (AG_ERROR_GRADIENT, "Careless", "1 gradients", "2 inputs", NULL);
  ag_backward (ag_sum (ag_function_apply (&wrong_shape, 2, (AgTensor *[]){ x, x })), NULL);
  fixture_expect_error (AG_ERROR_GRADIENT, "Shapeless", "shape ()", "input 1", "(2, 3)", NULL);
  ag_function_apply (&nothing, 1, &x);
  fixture_expect_error (AG_ERROR_GRADIENT, "Empty", "forward", NULL);

  /* And after that it goes on. */
  ag_tensor_set_grad (x, NULL);
  ag_backward (ag_sum (ag_function_apply (&legendre, 1, &x)), NULL);
  fixture_end_step ();
  fixture_assert_elements (ag_tensor_grad (x), 0, 6, 6, 6, 6, 6, 6);
  ag_tensor_unref (x);
  fixture_leave ();
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/function/legendre", test_legendre);
  g_test_add_func ("/function/in-expression", test_in_expression);
  g_test_add_func ("/function/many-inputs", test_many_inputs);
  g_test_add_func ("/function/no-grad", test_no_grad);
  g_test_add_func ("/function/errors", test_errors);

  return g_test_run ();
}
