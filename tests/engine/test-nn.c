/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fixture.h"

#include "nn/flatten.h"
#include "nn/huber-loss.h"
#include "nn/l1-loss.h"
#include "nn/linear.h"
#include "nn/mse-loss.h"
#include "nn/parameter.h"
#include "nn/sequential.h"

#include <string.h>

static AgModule *
new_linear (gint64 in_features,
            gint64 out_features,
            AgDType dtype)
{
  g_autoptr (AgGenerator) generator = ag_generator_new (AG_GENERATOR_TORCH, 0);

  return ag_linear_new (in_features, out_features, dtype, generator);
}

/* torch.manual_seed (0); torch.nn.Linear (…) of PyTorch 1.13, bit for bit */
static void
test_initial_values (void)
{
  fixture_enter (1);
  g_autoptr (AgModule) small = new_linear (3, 1, AG_DTYPE_FLOAT32);
  fixture_assert_shape (ag_linear_weight (small), 1, 3);
  fixture_assert_shape (ag_linear_bias (small), 1);
  fixture_assert_elements (ag_linear_weight (small), 0, -0x1.1b47dp-8, 0x1.3d2626p-2,
                           -0x1.e696fcp-2);
  fixture_assert_elements (ag_linear_bias (small), 0, -0x1.b31792p-2);

  g_autoptr (AgModule) small_double = new_linear (3, 1, AG_DTYPE_FLOAT64);
  fixture_assert_elements (ag_linear_weight (small_double), 0, 0x1.15e6024c8073dp-1,
                           0x1.eb753d2c145bp-3, -0x1.80358e4ec4c4dp-5);
  fixture_assert_elements (ag_linear_bias (small_double), 0, 0x1.f17f67e8041e1p-2);

  g_autoptr (AgModule) wide = new_linear (2, 3, AG_DTYPE_FLOAT32);
  fixture_assert_shape (ag_linear_weight (wide), 3, 2);
  fixture_assert_elements (ag_linear_weight (wide), 0, -0x1.5af244p-8, 0x1.846d38p-2,
                           -0x1.29f962p-1, -0x1.0a703ap-1, -0x1.16e1acp-2, 0x1.845556p-3);
  fixture_assert_elements (ag_linear_bias (wide), 0, -0x1.cb14aep-7, 0x1.1f0e8p-1,
                           -0x1.0107bcp-4);

  g_autoptr (AgModule) large = new_linear (20, 2, AG_DTYPE_FLOAT64);
  g_autofree double *weights = fixture_read (ag_linear_weight (large));
  g_assert_true (weights[0] == 0x1.ae84b9f535736p-3);
  g_assert_true (weights[16] == -0x1.53ae486bc3e81p-5);
  g_assert_true (weights[39] == -0x1.e3b36df9d6017p-5);
  fixture_assert_elements (ag_linear_bias (large), 0, -0x1.a14f969776dp-4, -0x1.a3fe18e9c8dfcp-3);
  fixture_leave ();
}

static void
set_value (AgTensor *parameter,
           const double *elements)
{
  ag_no_grad_begin ();
  ag_assign (parameter, fixture_tensor (ag_tensor_dtype (parameter), ag_tensor_shape (parameter),
                                        elements));
  ag_no_grad_end ();
}

/* The figures are PyTorch's. */
static void
test_linear (void)
{
  fixture_enter (1);
  for (guint dtype = AG_DTYPE_FLOAT32; dtype <= AG_DTYPE_FLOAT64; dtype++)
    {
      g_autoptr (AgModule) linear = new_linear (3, 2, dtype);
      AgTensor *weight = ag_linear_weight (linear);
      AgTensor *bias = ag_linear_bias (linear);
      AgTensor *x = fixture_parameter (fixture_tensor (dtype, AG_SHAPE (2, 3),
                                                       (double[]){ 1, 2, 3, 4, 5, 6 }));

      g_assert_cmpstr (linear->klass->name, ==, "Linear");
      g_assert_true (ag_tensor_requires_grad (weight));
      g_assert_true (ag_tensor_requires_grad (bias));
      set_value (weight, (double[]){ 1, -1, 0.5, 2, 0, -0.25 });
      set_value (bias, (double[]){ 0.5, -1 });
      fixture_end_step ();

      AgTensor *y = ag_module_forward (linear, x);
      fixture_assert_shape (y, 2, 2);
      fixture_assert_elements (y, 0, 1, 0.25, 2.5, 5.5);
      ag_backward (ag_sum (ag_square (y)), NULL);
      fixture_end_step ();
      fixture_assert_elements (ag_tensor_grad (weight), 0, 22, 29, 36, 44.5, 56, 67.5);
      fixture_assert_elements (ag_tensor_grad (bias), 0, 7, 11.5);
      fixture_assert_elements (ag_tensor_grad (x), 0, 3, -2, 0.875, 27, -5, -0.25);
      g_assert_cmpint (ag_tensor_dtype (ag_tensor_grad (weight)), ==, dtype);

      ag_module_forward (linear, ag_ones (dtype, AG_SHAPE (2, 2)));
      fixture_expect_error (AG_ERROR_SHAPE, "matmul", "(2, 2)", "(3, 2)", NULL);
      ag_tensor_unref (x);
    }
  fixture_leave ();
}

/* Rows turned into columns: the layer is part of the loop that its result is used
 * in. Of one to five columns, that is all but the last. */
static void
test_columns (void)
{
  enum
  {
    N = 700
  };

  fixture_enter (1);
  for (gint64 k = 1; k <= 5; k++)
    {
      g_autofree double *elements = g_new (double, (gsize) (k * N));
      g_autofree double *y = NULL, *grad = NULL;
      g_autoptr (AgModule) linear = new_linear (k, 1, AG_DTYPE_FLOAT64);
      const double weights[] = { 1, -0.5, 2, 0.25, -3 };
      const double bias = 0.75;
      double expected_grad[5] = { 0 };
      AgTensor *rows;

      for (gint64 i = 0; i < k * N; i++)
        elements[i] = (double) (i * 37 % 101) / 8 - 6;
      rows = ag_tensor_ref (fixture_tensor (AG_DTYPE_FLOAT64, AG_SHAPE (k, N), elements));
      set_value (ag_linear_weight (linear), weights);
      set_value (ag_linear_bias (linear), &bias);
      fixture_end_step ();

      AgTensor *result = ag_tensor_ref (ag_module_forward (linear, ag_transpose (rows, 0, 1)));
      ag_backward (ag_sum (ag_square (result)), NULL);
      fixture_end_step ();
      y = fixture_read (result);
      grad = fixture_read (ag_tensor_grad (ag_linear_weight (linear)));
      for (gint64 i = 0; i < N; i++)
        {
          double expected = bias;

          for (gint64 j = 0; j < k; j++)
            expected += elements[j * N + i] * weights[j];
          fixture_assert_near (y[i], expected, 1e-12);
          for (gint64 j = 0; j < k; j++)
            expected_grad[j] += 2 * expected * elements[j * N + i];
        }
      for (gint64 j = 0; j < k; j++)
        fixture_assert_near (grad[j], expected_grad[j], 1e-12);
      ag_tensor_unref (result);
      ag_tensor_unref (rows);
    }
  fixture_leave ();
}

static void
test_flatten (void)
{
  fixture_enter (1);
  g_autoptr (AgModule) flatten = ag_flatten_new (1, -1);
  g_autoptr (AgModule) all = ag_flatten_new (0, 1);

  g_assert_cmpstr (flatten->klass->name, ==, "Flatten");
  g_assert_cmpuint (ag_module_n_parameters (flatten), ==, 0);
  fixture_assert_shape (ag_module_forward (flatten, ag_ones (AG_DTYPE_FLOAT32,
                                                             AG_SHAPE (2, 3, 4))),
                        2, 12);
  fixture_assert_shape (ag_module_forward (all, ag_ones (AG_DTYPE_FLOAT32, AG_SHAPE (5, 1))), 5);
  fixture_leave ();
}

static void
append_name (const char *name,
             AgTensor *parameter,
             gpointer user_data)
{
  g_autofree char *shape = ag_layout_to_string (ag_tensor_shape (parameter));

  g_string_append_printf (user_data, "%s %s; ", name, shape);
}

static void
count_gradients (const char *name,
                 AgTensor *parameter,
                 gpointer user_data)
{
  *(guint *) user_data += ag_tensor_grad (parameter) != NULL;
}

static void
test_sequential (void)
{
  fixture_enter (1);
  AgModule *inner = ag_sequential_new (1, (AgModule *[]){ new_linear (2, 3, AG_DTYPE_FLOAT64) });
  AgModule *children[] = { new_linear (3, 2, AG_DTYPE_FLOAT64), inner, ag_flatten_new (0, 1) };
  AgModule *model = ag_sequential_new (G_N_ELEMENTS (children), children);
  g_autoptr (GString) names = g_string_new (NULL);
  AgTensor *x = fixture_random (AG_DTYPE_FLOAT64, AG_SHAPE (4, 3), -1, 1, 1);
  guint n_gradients = 0;

  g_assert_cmpuint (ag_module_n_children (model), ==, 3);
  g_assert_true (ag_module_nth_child (model, 1) == inner);
  g_assert_null (ag_module_nth_child (model, 3));
  g_assert_cmpuint (ag_module_n_parameters (model), ==, 4);
  ag_module_foreach_parameter (model, append_name, names);
  g_assert_cmpstr (names->str, ==,
                   "0.weight (2, 3); 0.bias (2,); 1.0.weight (3, 2); 1.0.bias (3,); ");

  AgTensor *y = ag_module_forward (model, x);
  fixture_assert_shape (y, 12);
  AgTensor *by_hand
    = ag_module_forward (ag_module_nth_child (inner, 0), ag_module_forward (children[0], x));
  g_assert_true (fixture_item (ag_sum (ag_square (ag_sub (y, ag_flatten (by_hand, 0, 1))))) == 0);

  ag_backward (ag_sum (y), NULL);
  fixture_end_step ();
  ag_module_foreach_parameter (model, count_gradients, &n_gradients);
  g_assert_cmpuint (n_gradients, ==, 4);
  fixture_assert_elements (ag_tensor_grad (ag_linear_bias (ag_module_nth_child (inner, 0))), 0, 4,
                           4, 4);
  ag_module_zero_grad (model);
  n_gradients = 0;
  ag_module_foreach_parameter (model, count_gradients, &n_gradients);
  g_assert_cmpuint (n_gradients, ==, 0);

  /* A child that is held lives on. */
  AgModule *held = ag_module_ref (children[0]);
  ag_module_unref (model);
  g_assert_cmpuint (ag_module_n_parameters (held), ==, 2);
  ag_module_unref (held);
  fixture_leave ();
}

/**
 * Scale:
 *
 * A module of one's own.
 */
typedef struct
{
  AgModule module;
  AgTensor *factor;
} Scale;

static gint n_finalized;

static AgTensor *
scale_forward (AgModule *module,
               AgTensor *input)
{
  return ag_mul (((Scale *) module)->factor, input);
}

static void
scale_finalize (AgModule *module)
{
  n_finalized++;
}

static void
test_own_module (void)
{
  static const AgModuleClass klass = { "Scale", sizeof (Scale), scale_forward, scale_finalize };

  fixture_enter (1);
  Scale *scale = ag_module_new (&klass);
  g_autoptr (GString) names = g_string_new (NULL);

  scale->factor = ag_parameter_new (ag_full (AG_DTYPE_FLOAT64, ag_layout_scalar (), 3));
  ag_module_register_parameter (&scale->module, "factor", scale->factor);
  ag_tensor_unref (scale->factor);
  ag_module_foreach_parameter (&scale->module, append_name, names);
  g_assert_cmpstr (names->str, ==, "factor (); ");
  ag_backward (ag_sum (ag_module_forward (&scale->module,
                                          ag_ones (AG_DTYPE_FLOAT64, AG_SHAPE (5)))),
               NULL);
  fixture_end_step ();
  fixture_assert_elements (ag_tensor_grad (scale->factor), 0, 5);
  ag_module_unref (scale);
  g_assert_cmpint (n_finalized, ==, 1);
  fixture_leave ();
}

static void
test_mse_loss (void)
{
  fixture_enter (1);
  for (guint dtype = AG_DTYPE_FLOAT32; dtype <= AG_DTYPE_FLOAT64; dtype++)
    {
      AgTensor *a = fixture_parameter (fixture_tensor (dtype, AG_SHAPE (2, 2),
                                                       (double[]){ 1, 2, 3, 4 }));
      AgTensor *target = ag_tensor_ref (fixture_tensor (dtype, AG_SHAPE (2, 2),
                                                        (double[]){ 1, 1, 5, 1 }));

      fixture_assert_elements (ag_mse_loss (a, target, AG_REDUCTION_NONE), 0, 0, 1, 4, 9);
      fixture_assert_elements (ag_mse_loss (a, target, AG_REDUCTION_SUM), 0, 14);
      fixture_assert_elements (ag_mse_loss (a, target, AG_REDUCTION_MEAN), 0, 3.5);
      ag_backward (ag_mse_loss (a, target, AG_REDUCTION_SUM), NULL);
      ag_backward (ag_mse_loss (a, target, AG_REDUCTION_MEAN), NULL);
      fixture_end_step ();
      fixture_assert_elements (ag_tensor_grad (a), 0, 0, 2.5, -5, 7.5);

      ag_mse_loss (a, ag_flatten (target, 0, 1), AG_REDUCTION_MEAN);
      fixture_expect_error (AG_ERROR_SHAPE, "mse_loss", "(2, 2)", "(4,)", NULL);
      ag_tensor_unref (a);
      ag_tensor_unref (target);
    }
  fixture_leave ();
}

/* Numbers of PyTorch 2.15. */
static void
test_absolute_losses (void)
{
  static const double residuals[] = { -2, -0.5, 0, 0.25, 0.5, 3 };

  fixture_enter (1);
  for (guint dtype = AG_DTYPE_FLOAT32; dtype <= AG_DTYPE_FLOAT64; dtype++)
    {
      const double sixth = ag_dtype_round (dtype, 1.0 / 6);
      AgTensor *a = fixture_parameter (fixture_tensor (dtype, AG_SHAPE (6), residuals));
      AgTensor *target = ag_tensor_ref (ag_zeros (dtype, AG_SHAPE (6)));

      fixture_assert_elements (ag_l1_loss (a, target, AG_REDUCTION_NONE), 0, 2, 0.5, 0, 0.25, 0.5, 3);
      fixture_assert_elements (ag_l1_loss (a, target, AG_REDUCTION_SUM), 0, 6.25);
      fixture_assert_elements (ag_huber_loss (a, target, AG_REDUCTION_NONE, 0.5), 0, 0.875, 0.125,
                               0, 0.03125, 0.125, 1.375);
      fixture_assert_elements (ag_huber_loss (a, target, AG_REDUCTION_MEAN, 0.5), 0, 0.421875);
      ag_backward (ag_l1_loss (a, target, AG_REDUCTION_MEAN), NULL);
      fixture_end_step ();
      fixture_assert_elements (ag_tensor_grad (a), 0, -sixth, -sixth, 0, sixth, sixth, sixth);
      ag_tensor_set_grad (a, NULL);
      ag_backward (ag_huber_loss (a, target, AG_REDUCTION_SUM, 0.5), NULL);
      fixture_end_step ();
      fixture_assert_elements (ag_tensor_grad (a), 0, -0.5, -0.5, 0, 0.25, 0.5, 0.5);

      ag_huber_loss (a, ag_zeros (dtype, AG_SHAPE (1, 6)), AG_REDUCTION_MEAN, 1);
      fixture_expect_error (AG_ERROR_SHAPE, "huber_loss", "(6,)", "(1, 6)", NULL);
      ag_tensor_unref (a);
      ag_tensor_unref (target);
    }
  fixture_leave ();
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/nn/initial-values", test_initial_values);
  g_test_add_func ("/nn/linear", test_linear);
  g_test_add_func ("/nn/columns", test_columns);
  g_test_add_func ("/nn/flatten", test_flatten);
  g_test_add_func ("/nn/sequential", test_sequential);
  g_test_add_func ("/nn/own-module", test_own_module);
  g_test_add_func ("/nn/mse-loss", test_mse_loss);
  g_test_add_func ("/nn/absolute-losses", test_absolute_losses);

  return g_test_run ();
}
