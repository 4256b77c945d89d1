/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fixture.h"

#include "optim-bits.h"
#include "optim-reference.h"
#include "optim/optimizer.h"

#include <math.h>
#include <string.h>

static AgTensor *
record_loss (AgTensor *p,
             AgTensor *q)
{
  AgTensor *k = fixture_tensor (AG_DTYPE_FLOAT64, AG_SHAPE (3), (double[]){ 0.5, 2, 4 });
  AgTensor *t = fixture_tensor (AG_DTYPE_FLOAT64, AG_SHAPE (3), (double[]){ -0.3, 0.7, 0.1 });
  AgTensor *product = ag_mul (q, ag_sum (p));

  return ag_add (ag_sum (ag_mul (k, ag_square (ag_sub (p, t)))),
                 ag_square (ag_sub (product, ag_constant (1))));
}

static AgOptimizer *
new_optimizer (const OptimReference *reference,
               AgTensor *const *parameters)
{
  const AgOptimizerClass *klass = ag_optimizer_class_find (reference->optimizer);
  AgOptimizer *optimizer = ag_optimizer_new (klass, 2, parameters);

  ag_optimizer_set_lr (optimizer, reference->lr);
  for (guint i = 0; reference->options[i].id != NULL; i++)
    {
      gint option = ag_optimizer_class_find_option (klass, reference->options[i].id);

      g_assert_cmpint (option, >=, 0);
      ag_optimizer_set_option (optimizer, (guint) option, reference->options[i].value);
    }
  return optimizer;
}

static void
check_near (const OptimReference *reference,
            gint step,
            double actual,
            double expected)
{
  if (fabs (actual - expected) <= 1e-12 * fabs (expected))
    return;
  g_error ("%s, rate %g, %s %g …, step %d: %.17g, not %.17g", reference->optimizer,
           reference->lr,
           reference->options[0].id != NULL ? reference->options[0].id : "no option",
           reference->options[0].value, step, actual, expected);
}

static void
check_reference (const OptimReference *reference)
{
  guint row = 0;

  fixture_enter (1);
  AgTensor *parameters[] = {
    fixture_parameter (fixture_tensor (AG_DTYPE_FLOAT64, AG_SHAPE (3), (double[]){ 1, -2, 0.5 })),
    fixture_parameter (ag_full (AG_DTYPE_FLOAT64, ag_layout_scalar (), 0.25)),
  };
  g_autoptr (AgOptimizer) optimizer = new_optimizer (reference, parameters);

  for (gint step = 1; step <= 20; step++)
    {
      ag_optimizer_zero_grad (optimizer);
      ag_backward (record_loss (parameters[0], parameters[1]), NULL);
      ag_optimizer_step (optimizer);
      fixture_end_step ();
      if (step != optim_reference_steps[row])
        continue;

      g_autofree double *p = fixture_read (parameters[0]);
      for (guint i = 0; i < 3; i++)
        check_near (reference, step, p[i], reference->values[row][i]);
      check_near (reference, step, fixture_item (parameters[1]), reference->values[row][3]);
      row++;
    }
  g_assert_cmpuint (row, ==, G_N_ELEMENTS (optim_reference_steps));
  g_assert_cmpint (ag_optimizer_step_count (optimizer), ==, 20);

  g_clear_pointer (&optimizer, ag_optimizer_free);
  ag_tensor_unref (parameters[0]);
  ag_tensor_unref (parameters[1]);
  fixture_leave ();
}

static void
test_references (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (optim_references); i++)
    check_reference (&optim_references[i]);

  /* None was forgotten. */
  for (guint i = 0; i < ag_optimizer_n_classes (); i++)
    {
      gboolean is_there = FALSE;

      for (guint j = 0; j < G_N_ELEMENTS (optim_references); j++)
        is_there |= strcmp (optim_references[j].optimizer, ag_optimizer_class_nth (i)->id) == 0;
      g_assert_true (is_there);
    }
}

static gboolean
is_same (double actual,
         double expected)
{
  return actual == expected || (isnan (actual) && isnan (expected));
}

static void
check_bits (const OptimBits *bits,
            AgPyTorch pytorch,
            AgDType dtype)
{
  const double *expected = dtype == AG_DTYPE_FLOAT32 ? bits->float32 : bits->float64;
  const AgOptimizerClass *klass = ag_optimizer_class_find (bits->optimizer);

  fixture_enter (1);
  ag_graph_set_pytorch (ag_graph_current (), pytorch);
  AgTensor *p = fixture_parameter (fixture_tensor (dtype, AG_SHAPE (3), (double[]){ 1, -2, 0.5 }));
  g_autoptr (AgOptimizer) optimizer = ag_optimizer_new (klass, 1, &p);

  ag_optimizer_set_lr (optimizer, bits->lr);
  for (guint i = 0; bits->options[i].id != NULL; i++)
    ag_optimizer_set_option (optimizer,
                             (guint) ag_optimizer_class_find_option (klass, bits->options[i].id),
                             bits->options[i].value);
  for (gint t = 1; t <= 20; t++)
    {
      double g[3];

      for (gint i = 0; i < 3; i++)
        g[i] = (((7 * t + 13 * i) % 31) - 11) / 16.0;
      ag_optimizer_zero_grad (optimizer);
      ag_backward (ag_sum (ag_mul (fixture_tensor (dtype, AG_SHAPE (3), g), p)), NULL);
      ag_optimizer_step (optimizer);
      fixture_end_step ();
    }

  g_autofree double *values = fixture_read (p);
  for (guint i = 0; i < 3; i++)
    if (!is_same (values[i], ag_dtype_round (dtype, expected[i])))
      g_test_fail_printf ("%s, %s %g …, %s, element %u: %.17g, not %.17g", bits->optimizer,
                          bits->options[0].id != NULL ? bits->options[0].id : "no option",
                          bits->options[0].value, ag_dtype_name (dtype), i, values[i],
                          expected[i]);

  g_clear_pointer (&optimizer, ag_optimizer_free);
  ag_tensor_unref (p);
  fixture_leave ();
}

/* An update is rounded where that PyTorch rounds it. What is recorded from version 2 is what
 * version 1 has not, and so the same whichever is chosen. */
static void
test_bits (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (optim_bits); i++)
    for (AgPyTorch pytorch = AG_PYTORCH_1; pytorch <= optim_bits[i].pytorch; pytorch++)
      for (AgDType dtype = AG_DTYPE_FLOAT32; dtype <= AG_DTYPE_FLOAT64; dtype++)
        check_bits (&optim_bits[i], pytorch, dtype);
}

/* PyTorch's signatures. */
static void
test_defaults (void)
{
  static const struct
  {
    const char *optimizer;
    double lr;
    struct
    {
      const char *id;
      double value;
    } options[AG_OPTIMIZER_MAX_OPTIONS + 1];
  } defaults[] = {
    { "sgd",
      1e-6,
      { { "momentum", 0 },
        { "dampening", 0 },
        { "weight-decay", 0 },
        { "nesterov", 0 } } },
    { "adagrad",
      1e-2,
      { { "lr-decay", 0 },
        { "weight-decay", 0 },
        { "initial-accumulator-value", 0 },
        { "eps", 1e-10 } } },
    { "rmsprop",
      1e-2,
      { { "alpha", 0.99 },
        { "eps", 1e-8 },
        { "weight-decay", 0 },
        { "momentum", 0 },
        { "centered", 0 } } },
    { "adam",
      1e-3,
      { { "beta1", 0.9 },
        { "beta2", 0.999 },
        { "eps", 1e-8 },
        { "weight-decay", 0 },
        { "amsgrad", 0 } } },
    { "adamw",
      1e-3,
      { { "beta1", 0.9 },
        { "beta2", 0.999 },
        { "eps", 1e-8 },
        { "weight-decay", 1e-2 },
        { "amsgrad", 0 } } },
    { "nadam",
      2e-3,
      { { "beta1", 0.9 },
        { "beta2", 0.999 },
        { "eps", 1e-8 },
        { "weight-decay", 0 },
        { "momentum-decay", 4e-3 },
        { "decoupled-weight-decay", 0 } } },
    { "radam",
      1e-3,
      { { "beta1", 0.9 },
        { "beta2", 0.999 },
        { "eps", 1e-8 },
        { "weight-decay", 0 },
        { "decoupled-weight-decay", 0 } } },
    { "adadelta", 1, { { "rho", 0.9 }, { "eps", 1e-6 }, { "weight-decay", 0 } } },
  };

  g_assert_cmpuint (ag_optimizer_n_classes (), ==, G_N_ELEMENTS (defaults));
  for (guint i = 0; i < G_N_ELEMENTS (defaults); i++)
    {
      const AgOptimizerClass *klass = ag_optimizer_class_find (defaults[i].optimizer);
      guint n = 0;

      g_assert_true (klass == ag_optimizer_class_nth (i));
      g_assert_true (klass->lr == defaults[i].lr);
      for (; defaults[i].options[n].id != NULL; n++)
        {
          gint option = ag_optimizer_class_find_option (klass, defaults[i].options[n].id);

          g_assert_cmpint (option, >=, 0);
          g_assert_true (klass->options[option].value == defaults[i].options[n].value);
          g_assert_true (klass->options[option].minimum <= klass->options[option].value);
          g_assert_true (klass->options[option].value <= klass->options[option].maximum);
        }
      g_assert_cmpuint (klass->n_options, ==, n);
    }
  g_assert_null (ag_optimizer_class_find ("lion"));
  g_assert_null (ag_optimizer_class_nth (ag_optimizer_n_classes ()));
  g_assert_cmpint (ag_optimizer_class_find_option (ag_optimizer_class_nth (0), "eps"), ==, -1);
}

/* A parameter that has no gradient is left out of a step, weight decay and all,
 * and counts its own steps. */
static void
test_without_gradient (void)
{
  for (guint i = 0; i < ag_optimizer_n_classes (); i++)
    {
      fixture_enter (1);
      AgTensor *parameters[] = {
        fixture_parameter (ag_full (AG_DTYPE_FLOAT64, ag_layout_scalar (), 2)),
        fixture_parameter (ag_full (AG_DTYPE_FLOAT64, ag_layout_scalar (), 2)),
      };
      AgOptimizer *optimizer = ag_optimizer_new (ag_optimizer_class_nth (i), 2, parameters);
      gint decay = ag_optimizer_class_find_option (ag_optimizer_class (optimizer), "weight-decay");
      double first = NAN;

      ag_optimizer_set_option (optimizer, (guint) decay, 0.1);
      for (guint t = 0; t < 3; t++)
        {
          ag_optimizer_zero_grad (optimizer);
          ag_backward (ag_square (parameters[0]), NULL);
          ag_optimizer_step (optimizer);
          fixture_end_step ();
          if (t == 0)
            first = fixture_item (parameters[0]);
        }
      g_assert_true (first < 2);
      g_assert_true (fixture_item (parameters[1]) == 2);

      ag_optimizer_zero_grad (optimizer);
      g_assert_null (ag_tensor_grad (parameters[0]));
      ag_backward (ag_square (parameters[1]), NULL);
      ag_optimizer_step (optimizer);
      fixture_end_step ();
      g_assert_true (fixture_item (parameters[1]) == first);
      g_assert_cmpint (ag_optimizer_step_count (optimizer), ==, 4);

      ag_optimizer_free (optimizer);
      ag_tensor_unref (parameters[0]);
      ag_tensor_unref (parameters[1]);
      fixture_leave ();
    }
}

/* Parameters and what is kept of them stay of the parameter's type. */
static void
test_float32 (void)
{
  for (guint i = 0; i < ag_optimizer_n_classes (); i++)
    {
      fixture_enter (1);
      AgTensor *a = fixture_parameter (ag_ones (AG_DTYPE_FLOAT32, AG_SHAPE (2)));
      AgOptimizer *optimizer = ag_optimizer_new (ag_optimizer_class_nth (i), 1, &a);
      guint n_states = ag_optimizer_class (optimizer)->n_states;

      for (guint t = 0; t < 20; t++)
        {
          ag_optimizer_zero_grad (optimizer);
          ag_backward (ag_sum (ag_square (a)), NULL);
          ag_optimizer_step (optimizer);
          fixture_end_step ();
          if (t == 5)
            ag_optimizer_set_lr (optimizer, 1e-2);
        }
      g_assert_cmpint (ag_tensor_dtype (a), ==, AG_DTYPE_FLOAT32);
      for (guint j = 0; j < n_states; j++)
        g_assert_cmpint (ag_tensor_dtype (ag_optimizer_state (optimizer, 0, j)), ==,
                         AG_DTYPE_FLOAT32);
      g_assert_true (fixture_item (ag_sum (a)) < 2);
      /* A rate that changes is no new structure, nor is a bias correction. */
      g_assert_cmpint (ag_graph_n_plans (ag_graph_current ()), <=, 4);

      ag_optimizer_free (optimizer);
      ag_tensor_unref (a);
      fixture_leave ();
    }
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/optim/references", test_references);
  g_test_add_func ("/optim/bits", test_bits);
  g_test_add_func ("/optim/defaults", test_defaults);
  g_test_add_func ("/optim/without-gradient", test_without_gradient);
  g_test_add_func ("/optim/float32", test_float32);

  return g_test_run ();
}
