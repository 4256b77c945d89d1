/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fixture.h"

static AgTensor *
new_parameter (double value)
{
  return fixture_parameter (ag_full (AG_DTYPE_FLOAT64, ag_layout_scalar (), value));
}

static void
test_requires_grad (void)
{
  fixture_enter (1);
  AgTensor *a = new_parameter (3);
  AgTensor *x = ag_full (AG_DTYPE_FLOAT64, ag_layout_scalar (), 2);

  g_assert_true (ag_tensor_requires_grad (a));
  g_assert_false (ag_tensor_requires_grad (x));
  g_assert_true (ag_tensor_requires_grad (ag_mul (a, x)));
  g_assert_true (ag_tensor_requires_grad (ag_sum (ag_unsqueeze (a, 0))));
  g_assert_false (ag_tensor_requires_grad (ag_mul (x, x)));
  g_assert_false (ag_tensor_requires_grad (ag_scalar (1)));

  ag_backward (ag_mul (a, x), NULL);
  fixture_assert_elements (ag_tensor_grad (a), 0, 2);
  g_assert_null (ag_tensor_grad (x));
  fixture_end_step ();

  ag_tensor_set_requires_grad (a, FALSE);
  g_assert_false (ag_tensor_requires_grad (ag_mul (a, a)));
  ag_tensor_unref (a);
  fixture_leave ();
}

static void
test_accumulate (void)
{
  fixture_enter (1);
  AgTensor *a = new_parameter (3);

  /* Twice in a step, and once more in the next. */
  ag_backward (ag_square (a), NULL);
  ag_backward (ag_cube (a), NULL);
  fixture_assert_elements (ag_tensor_grad (a), 0, 33);
  fixture_end_step ();
  ag_backward (ag_mul (a, ag_scalar (4)), NULL);
  fixture_end_step ();
  fixture_assert_elements (ag_tensor_grad (a), 0, 37);

  ag_tensor_set_grad (a, NULL);
  g_assert_null (ag_tensor_grad (a));
  ag_backward (ag_mul (a, ag_scalar (4)), NULL);
  fixture_end_step ();
  fixture_assert_elements (ag_tensor_grad (a), 0, 4);

  ag_tensor_set_grad (a, ag_full (AG_DTYPE_FLOAT64, ag_layout_scalar (), 10));
  ag_backward (a, NULL);
  fixture_end_step ();
  fixture_assert_elements (ag_tensor_grad (a), 0, 11);
  ag_tensor_unref (a);
  fixture_leave ();
}

static void
test_no_grad (void)
{
  fixture_enter (1);
  AgTensor *a = new_parameter (3);

  ag_no_grad_begin ();
  g_assert_false (ag_tensor_requires_grad (ag_square (a)));
  ag_no_grad_begin ();
  ag_no_grad_end ();
  AgTensor *factor = ag_square (a);
  g_assert_false (ag_tensor_requires_grad (factor));
  ag_no_grad_end ();

  ag_backward (ag_mul (a, factor), NULL);
  fixture_end_step ();
  fixture_assert_elements (ag_tensor_grad (a), 0, 9);
  ag_tensor_unref (a);
  fixture_leave ();
}

static void
test_detach (void)
{
  fixture_enter (1);
  AgTensor *a = new_parameter (3);
  AgTensor *square = ag_square (a);
  AgTensor *detached = ag_detach (square);

  g_assert_false (ag_tensor_requires_grad (detached));
  ag_backward (ag_add (ag_mul (a, detached), square), NULL);
  fixture_end_step ();
  fixture_assert_elements (ag_tensor_grad (a), 0, 9 + 6);
  ag_tensor_unref (a);
  fixture_leave ();
}

/* As in the tutorial's dynamic net, e is used for every power from the fourth. */
static void
test_shared_weights (void)
{
  fixture_enter (1);
  AgTensor *e = new_parameter (0.5);
  AgTensor *x = fixture_tensor (AG_DTYPE_FLOAT64, AG_SHAPE (2), (double[]){ 1, 2 });
  AgTensor *y = ag_add (ag_mul (e, ag_pow_scalar (x, 4)), ag_mul (e, ag_pow_scalar (x, 5)));

  fixture_assert_elements (y, 0, 1, 24);
  ag_backward (ag_sum (y), NULL);
  fixture_end_step ();
  fixture_assert_elements (ag_tensor_grad (e), 0, 1 + 16 + 1 + 32);
  ag_tensor_unref (e);
  fixture_leave ();
}

/* The ways between two uses have different lengths. */
static void
test_used_twice (void)
{
  fixture_enter (1);
  AgTensor *a = new_parameter (2);
  AgTensor *b = ag_square (a);
  AgTensor *c = ag_mul (b, a);
  AgTensor *d = ag_add (ag_mul (c, b), ag_neg (b));

  ag_backward (d, NULL);
  fixture_end_step ();
  /* d = a⁵ − a² */
  fixture_assert_elements (ag_tensor_grad (a), 1e-15, 5 * 16 - 4);
  ag_tensor_unref (a);
  fixture_leave ();
}

/* Gradients that are numbers meet at a tensor that has dimensions. */
static void
test_numbers_meet (void)
{
  fixture_enter (1);
  for (guint dtype = AG_DTYPE_FLOAT32; dtype <= AG_DTYPE_FLOAT64; dtype++)
    {
      AgTensor *a = fixture_parameter (ag_ones ((AgDType) dtype, AG_SHAPE (2, 3)));
      AgTensor *flat = ag_flatten (a, 0, 1);
      AgTensor *rows = ag_sum_dims (a, 1, (gint[]){ 1 }, FALSE);
      AgTensor *turned = ag_transpose (a, 0, 1);

      ag_backward (ag_add (ag_add (ag_add (ag_sum (flat), ag_sum (flat)),
                                   ag_add (ag_sum (rows), ag_sum (rows))),
                           ag_sub (ag_sum (turned), ag_mul (ag_sum (turned), ag_scalar (3)))),
                   NULL);
      fixture_end_step ();
      fixture_assert_elements (ag_tensor_grad (a), 0, 2, 2, 2, 2, 2, 2);
      g_assert_cmpint (ag_tensor_dtype (ag_tensor_grad (a)), ==, dtype);
      ag_tensor_unref (a);
    }
  fixture_leave ();
}

static void
test_changing_graph (void)
{
  fixture_enter (1);
  AgTensor *a = new_parameter (2);
  gint64 n_plans = 0;

  for (guint t = 0; t < 30; t++)
    {
      AgTensor *y = a;

      ag_tensor_set_grad (a, NULL);
      for (guint i = 0; i < t % 3; i++)
        y = ag_mul (y, a);
      ag_backward (y, NULL);
      fixture_end_step ();
      fixture_assert_elements (ag_tensor_grad (a), 0, t % 3 == 0 ? 1 : t % 3 == 1 ? 4
                                                                                  : 12);
      if (t == 2)
        n_plans = ag_graph_n_plans (ag_graph_current ());
    }
  /* Three structures, each planned once. */
  g_assert_cmpint (n_plans, ==, 3);
  g_assert_cmpint (ag_graph_n_plans (ag_graph_current ()), ==, 3);
  ag_tensor_unref (a);
  fixture_leave ();
}

static void
test_explicit_gradient (void)
{
  fixture_enter (1);
  for (guint dtype = AG_DTYPE_FLOAT32; dtype <= AG_DTYPE_FLOAT64; dtype++)
    {
      AgTensor *a = fixture_parameter (fixture_tensor (dtype, AG_SHAPE (3), (double[]){ 1, 2, 3 }));
      AgTensor *weights = fixture_tensor (AG_DTYPE_FLOAT64, AG_SHAPE (3),
                                          (double[]){ 1, 10, 100 });

      ag_backward (ag_square (a), weights);
      fixture_end_step ();
      fixture_assert_elements (ag_tensor_grad (a), 0, 2, 40, 600);
      g_assert_cmpint (ag_tensor_dtype (ag_tensor_grad (a)), ==, dtype);

      ag_tensor_set_grad (a, NULL);
      ag_backward (ag_sum (a), ag_scalar (0.25));
      fixture_end_step ();
      fixture_assert_elements (ag_tensor_grad (a), 0, 0.25, 0.25, 0.25);
      ag_tensor_unref (a);
    }
  fixture_leave ();
}

static void
test_assign (void)
{
  fixture_enter (1);
  AgTensor *a = new_parameter (2);
  AgTensor *x = ag_tensor_ref (fixture_tensor (AG_DTYPE_FLOAT32, AG_SHAPE (2),
                                               (double[]){ 1, 2 }));

  ag_no_grad_begin ();
  ag_assign (a, ag_mul (a, ag_scalar (5)));
  ag_no_grad_end ();
  /* What follows sees the new value, and its gradient flows to the parameter. */
  AgTensor *y = ag_square (a);
  fixture_assert_elements (y, 0, 100);
  ag_backward (y, NULL);
  fixture_end_step ();
  fixture_assert_elements (a, 0, 10);
  g_assert_true (ag_tensor_requires_grad (a));
  fixture_assert_elements (ag_tensor_grad (a), 0, 20);

  /* Twice in a step; from another dtype and from a shape that broadcasts. */
  ag_assign (x, ag_add (x, ag_scalar (1)));
  ag_assign (x, ag_mul (x, x));
  fixture_end_step ();
  fixture_assert_elements (x, 0, 4, 9);
  ag_assign (x, a);
  fixture_end_step ();
  fixture_assert_elements (x, 0, 10, 10);
  ag_assign (x, ag_scalar (7));
  fixture_end_step ();
  fixture_assert_elements (x, 0, 7, 7);
  g_assert_cmpint (ag_tensor_dtype (x), ==, AG_DTYPE_FLOAT32);
  g_assert_false (ag_tensor_requires_grad (x));

  /* An exchange, in one step. */
  AgTensor *other = ag_tensor_ref (ag_ones (AG_DTYPE_FLOAT32, AG_SHAPE (2)));
  AgTensor *before = ag_neg (ag_neg (x));
  ag_assign (x, other);
  ag_assign (other, before);
  fixture_end_step ();
  fixture_assert_elements (x, 0, 1, 1);
  fixture_assert_elements (other, 0, 7, 7);

  ag_tensor_unref (a);
  ag_tensor_unref (x);
  ag_tensor_unref (other);
  fixture_leave ();
}

/* A parameter trained for some steps, by hand. */
static void
test_training (void)
{
  fixture_enter (1);
  AgTensor *a = new_parameter (0);
  double expected = 0;

  fixture_end_step ();
  for (guint t = 0; t < 50; t++)
    {
      ag_tensor_set_grad (a, NULL);
      ag_backward (ag_square (ag_sub (a, ag_constant (3))), NULL);
      ag_no_grad_begin ();
      ag_assign (a, ag_sub (a, ag_mul (ag_scalar (0.1), ag_tensor_grad (a))));
      ag_no_grad_end ();
      fixture_end_step ();
      expected -= 0.1 * (2 * (expected - 3));
      fixture_assert_elements (a, 0, expected);
    }
  g_assert_cmpint (ag_graph_n_plans (ag_graph_current ()), ==, 1);
  ag_tensor_unref (a);
  fixture_leave ();
}

/* What is kept beyond a step is a value: nothing flows back through it. */
static void
test_held_result (void)
{
  fixture_enter (1);
  AgTensor *a = new_parameter (3);
  AgTensor *square = ag_tensor_ref (ag_square (a));

  fixture_end_step ();
  g_assert_false (ag_tensor_requires_grad (square));
  ag_backward (ag_mul (square, a), NULL);
  fixture_end_step ();
  fixture_assert_elements (ag_tensor_grad (a), 0, 9);
  ag_tensor_unref (square);
  ag_tensor_unref (a);
  fixture_leave ();
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/autograd/requires-grad", test_requires_grad);
  g_test_add_func ("/autograd/accumulate", test_accumulate);
  g_test_add_func ("/autograd/no-grad", test_no_grad);
  g_test_add_func ("/autograd/detach", test_detach);
  g_test_add_func ("/autograd/shared-weights", test_shared_weights);
  g_test_add_func ("/autograd/used-twice", test_used_twice);
  g_test_add_func ("/autograd/numbers-meet", test_numbers_meet);
  g_test_add_func ("/autograd/changing-graph", test_changing_graph);
  g_test_add_func ("/autograd/explicit-gradient", test_explicit_gradient);
  g_test_add_func ("/autograd/assign", test_assign);
  g_test_add_func ("/autograd/training", test_training);
  g_test_add_func ("/autograd/held-result", test_held_result);

  return g_test_run ();
}
