/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fixture.h"

#include <math.h>
#include <string.h>

/* Each derivative against central differences in double precision. */

#define MAX_INPUTS 3
#define MAX_ELEMENTS 32
#define STEP 1e-5

#define IS_GIVEN(rule) (strcmp (rule, "NULL") != 0)

/**
 * Expression:
 * @name: what it is
 * @n_inputs: how many inputs it has
 * @record: records it
 * @has_gradient: whether anything flows back to each input
 *
 * Something to differentiate.
 */
typedef struct
{
  const char *name;
  guint n_inputs;
  AgTensor *(*record) (AgTensor **inputs);
  gboolean has_gradient[MAX_INPUTS];
} Expression;

#define RECORD(name, ...)                   \
  static AgTensor *name (AgTensor **inputs) \
  {                                         \
    return __VA_ARGS__;                     \
  }
#define AG_UNARY(name, formula, da) RECORD (name##_record, ag_##name (inputs[0]))
#define AG_BINARY(name, formula, da, db)                   \
  RECORD (name##_record, ag_##name (inputs[0], inputs[1])) \
  RECORD (name##_record_same, ag_##name (inputs[0], inputs[0]))
#define AG_TERNARY(name, formula, da, db, dc)                         \
  RECORD (name##_record, ag_##name (inputs[0], inputs[1], inputs[2])) \
  RECORD (name##_record_same, ag_##name (inputs[0], inputs[0], inputs[0]))
#include "plan/ops.def"
#undef AG_UNARY
#undef AG_BINARY
#undef AG_TERNARY

typedef struct
{
  AgDType dtypes[MAX_INPUTS];
  const AgLayout *shapes[MAX_INPUTS];
  double values[MAX_INPUTS][MAX_ELEMENTS];
  gboolean weighted;
} Point;

/* The weights make the gradient that flows back differ from element to
 * element; without, it is a number until it meets one. */
static AgTensor *
record_loss (const Expression *expression,
             const Point *point,
             AgTensor **inputs)
{
  AgTensor *y = expression->record (inputs);

  if (point->weighted)
    y = ag_mul (y, fixture_random (ag_tensor_dtype (y), ag_tensor_shape (y), 0.5, 1.5, 99));
  return ag_sum (y);
}

static double
loss_at (const Expression *expression,
         const Point *point)
{
  AgTensor *inputs[MAX_INPUTS];
  double loss;

  for (guint i = 0; i < expression->n_inputs; i++)
    inputs[i] = fixture_tensor (AG_DTYPE_FLOAT64, point->shapes[i], point->values[i]);
  loss = fixture_item (record_loss (expression, point, inputs));
  fixture_end_step ();
  return loss;
}

static void
compare (const Expression *expression,
         const Point *point,
         guint input,
         AgTensor *grad)
{
  Point moved = *point;
  g_autofree double *grads = fixture_read (grad);
  double tolerance = 1e-8;

  for (guint i = 0; i < expression->n_inputs; i++)
    if (point->dtypes[i] == AG_DTYPE_FLOAT32)
      tolerance = 2e-5;

  g_assert_cmpint (ag_tensor_dtype (grad), ==, point->dtypes[input]);
  g_assert_true (ag_tensor_shape (grad) == point->shapes[input]);
  for (gint64 i = 0; i < point->shapes[input]->n_elements; i++)
    {
      double after, before, expected;

      moved.values[input][i] = point->values[input][i] + STEP;
      after = loss_at (expression, &moved);
      moved.values[input][i] = point->values[input][i] - STEP;
      before = loss_at (expression, &moved);
      moved.values[input][i] = point->values[input][i];

      expected = (after - before) / (2 * STEP);
      if (!fixture_is_near (grads[i], expected, tolerance))
        g_error ("%s, input %u (%s), element %d: the gradient is %.12g, not %.12g",
                 expression->name, input, ag_dtype_name (point->dtypes[input]), (gint) i,
                 grads[i], expected);
    }
}

/* Returns whether the expression has a value there. */
static gboolean
check_point (const Expression *expression,
             const Point *point)
{
  AgTensor *inputs[MAX_INPUTS] = { NULL };

  if (!isfinite (loss_at (expression, point)))
    return FALSE;

  for (guint i = 0; i < expression->n_inputs; i++)
    inputs[i] = fixture_parameter (fixture_tensor (point->dtypes[i], point->shapes[i],
                                                   point->values[i]));
  ag_backward (record_loss (expression, point, inputs), NULL);
  fixture_end_step ();

  for (guint i = 0; i < expression->n_inputs; i++)
    {
      AgTensor *grad = ag_tensor_grad (inputs[i]);

      if ((grad != NULL) != expression->has_gradient[i])
        g_error ("%s: input %u has %s gradient", expression->name, i, grad != NULL ? "a" : "no");
      if (grad != NULL)
        compare (expression, point, i, grad);
      ag_tensor_unref (inputs[i]);
    }
  return TRUE;
}

/* Which inputs are below zero, as bits. */
static const guint negative[] = { 0, 1, 2, 3 };

static void
set_values (const Expression *expression,
            Point *point,
            guint signs)
{
  g_autoptr (AgGenerator) generator = ag_generator_new (AG_GENERATOR_PYTHON, signs);

  for (guint i = 0; i < expression->n_inputs; i++)
    for (gint64 e = 0; e < point->shapes[i]->n_elements; e++)
      {
        double value = ag_dtype_round (AG_DTYPE_FLOAT32,
                                       0.3 + 1.4 * ag_generator_uniform (generator));

        point->values[i][e] = (signs >> i & 1) != 0 ? -value : value;
      }
}

static void
check_shapes (const Expression *expression,
              const AgLayout *first,
              const AgLayout *second,
              const AgLayout *third)
{
  Point point = { .shapes = { first, second, third } };
  guint n_checked = 0;

  for (guint i = 0; i < G_N_ELEMENTS (negative); i++)
    for (guint dtypes = 0; dtypes < 1u << expression->n_inputs; dtypes++)
      for (guint weighted = 0; weighted < 2; weighted++)
        {
          for (guint k = 0; k < expression->n_inputs; k++)
            point.dtypes[k] = (dtypes >> k & 1) != 0 ? AG_DTYPE_FLOAT32 : AG_DTYPE_FLOAT64;
          point.weighted = weighted == 1;
          set_values (expression, &point, negative[i]);
          n_checked += check_point (expression, &point);
        }
  g_test_message ("%s: %u points", expression->name, n_checked);
  /* Those above zero at the least. */
  g_assert_cmpuint (n_checked, >=, 2u << expression->n_inputs);
}

static void
check_unary (const Expression *expression)
{
  check_shapes (expression, ag_layout_scalar (), NULL, NULL);
  check_shapes (expression, AG_SHAPE (2, 3), NULL, NULL);
}

static void
check_row (const Expression *expression)
{
  const AgLayout *const shapes[][3] = {
    { AG_SHAPE (2, 3), AG_SHAPE (2, 3), AG_SHAPE (2, 3) },
    { AG_SHAPE (3, 1), AG_SHAPE (4), ag_layout_scalar () },
    { AG_SHAPE (4), AG_SHAPE (3, 1), AG_SHAPE (1) },
    { ag_layout_scalar (), AG_SHAPE (5), AG_SHAPE (2, 1) },
    { AG_SHAPE (5), ag_layout_scalar (), AG_SHAPE (5) },
    { ag_layout_scalar (), ag_layout_scalar (), ag_layout_scalar () },
    { AG_SHAPE (1), AG_SHAPE (3), AG_SHAPE (2, 3) },
    { AG_SHAPE (2, 1, 3), AG_SHAPE (4, 1), AG_SHAPE (2, 1, 1) },
  };

  if (expression->n_inputs == 1)
    check_unary (expression);
  else
    for (guint i = 0; i < G_N_ELEMENTS (shapes); i++)
      check_shapes (expression, shapes[i][0], shapes[i][1], shapes[i][2]);
}

static void
test_table (void)
{
  const Expression expressions[] = {
#define AG_UNARY(name, formula, da) \
  { #name, 1, name##_record, { IS_GIVEN (#da) } },
#define AG_BINARY(name, formula, da, db) \
  { #name, 2, name##_record, { IS_GIVEN (#da), IS_GIVEN (#db) } },
#define AG_TERNARY(name, formula, da, db, dc) \
  { #name, 3, name##_record, { IS_GIVEN (#da), IS_GIVEN (#db), IS_GIVEN (#dc) } },
#include "plan/ops.def"
#undef AG_UNARY
#undef AG_BINARY
#undef AG_TERNARY
  };

  fixture_enter (1);
  for (guint i = 0; i < G_N_ELEMENTS (expressions); i++)
    check_row (&expressions[i]);
  fixture_leave ();
}

/* The same tensor as every operand. */
static void
test_same (void)
{
  const Expression expressions[] = {
#define AG_UNARY(name, formula, da)
#define AG_BINARY(name, formula, da, db) \
  { #name " of the same", 1, name##_record_same, { IS_GIVEN (#da) } },
#define AG_TERNARY(name, formula, da, db, dc) AG_BINARY (name, formula, da, db)
#include "plan/ops.def"
#undef AG_UNARY
#undef AG_BINARY
#undef AG_TERNARY
  };

  fixture_enter (1);
  for (guint i = 0; i < G_N_ELEMENTS (expressions); i++)
    check_unary (&expressions[i]);
  fixture_leave ();
}

static AgTensor *
record_sum (AgTensor **inputs)
{
  return ag_square (ag_sum (inputs[0]));
}

static AgTensor *
record_mean (AgTensor **inputs)
{
  return ag_mul (ag_mean (inputs[0]), inputs[0]);
}

static AgTensor *
record_sum_dims (AgTensor **inputs)
{
  AgTensor *rows = ag_sum_dims (inputs[0], 1, (gint[]){ -1 }, TRUE);
  AgTensor *columns = ag_sum_dims (inputs[0], 2, (gint[]){ 0, 1 }, FALSE);

  return ag_mul (ag_square (rows), columns);
}

static AgTensor *
record_matmul (AgTensor **inputs)
{
  return ag_matmul (inputs[0], inputs[1]);
}

static AgTensor *
record_matmul_turned (AgTensor **inputs)
{
  return ag_matmul (ag_transpose (inputs[1], 0, 1), ag_transpose (inputs[0], 0, 1));
}

static AgTensor *
record_views (AgTensor **inputs)
{
  AgTensor *a = ag_transpose (inputs[0], 0, -1);
  AgTensor *b = ag_flatten (inputs[0], 0, -1);
  AgTensor *c = ag_reshape (ag_unsqueeze (a, 0), AG_SHAPE (12));

  return ag_mul (ag_exp (b), ag_expand (c, AG_SHAPE (2, 12)));
}

static AgTensor *
record_cast (AgTensor **inputs)
{
  return ag_square (ag_cast (ag_cast (inputs[0], AG_DTYPE_FLOAT64), AG_DTYPE_FLOAT64));
}

static AgTensor *
record_pow_scalar (AgTensor **inputs)
{
  static const double exponents[] = { -2, -1, 0, 0.5, 1, 2, 3, 4 };
  AgTensor *sum = ag_constant (0);

  for (guint i = 0; i < G_N_ELEMENTS (exponents); i++)
    if (exponents[i] != 0.5)
      sum = ag_add (sum, ag_pow_scalar (inputs[0], exponents[i]));
  return sum;
}

static AgTensor *
record_root (AgTensor **inputs)
{
  return ag_mul (ag_pow_scalar (inputs[0], 0.5), ag_pow_scalar (inputs[0], 1.5));
}

static AgTensor *
record_exponents (AgTensor **inputs)
{
  const gint64 exponents[] = { 1, 2, 3 };

  return ag_pow (ag_unsqueeze (inputs[0], -1),
                 ag_from_data (AG_DTYPE_INT64, AG_SHAPE (3), exponents));
}

static AgTensor *
record_number_base (AgTensor **inputs)
{
  return ag_div (ag_pow (ag_scalar (2), inputs[0]), ag_sub (ag_constant (3), inputs[0]));
}

static void
test_others (void)
{
  static const Expression sum = { "sum", 1, record_sum, { TRUE } };
  static const Expression mean = { "mean", 1, record_mean, { TRUE } };
  static const Expression sum_dims = { "sum_dims", 1, record_sum_dims, { TRUE } };
  static const Expression views = { "views", 1, record_views, { TRUE } };
  static const Expression cast = { "cast", 1, record_cast, { TRUE } };
  static const Expression powers = { "pow_scalar", 1, record_pow_scalar, { TRUE } };
  static const Expression root = { "roots", 1, record_root, { TRUE } };
  static const Expression exponents = { "exponents", 1, record_exponents, { TRUE } };
  static const Expression base = { "number as a base", 1, record_number_base, { TRUE } };
  static const Expression product = { "matmul", 2, record_matmul, { TRUE, TRUE } };
  static const Expression turned = { "turned matmul", 2, record_matmul_turned, { TRUE, TRUE } };

  fixture_enter (1);
  check_unary (&sum);
  check_unary (&mean);
  check_shapes (&sum_dims, AG_SHAPE (2, 3, 2), NULL, NULL);
  check_shapes (&views, AG_SHAPE (2, 3, 2), NULL, NULL);
  check_unary (&cast);
  check_unary (&powers);
  check_unary (&root);
  check_unary (&exponents);
  check_unary (&base);
  check_shapes (&product, AG_SHAPE (2, 3), AG_SHAPE (3, 4), NULL);
  check_shapes (&product, AG_SHAPE (5, 3), AG_SHAPE (3, 1), NULL);
  check_shapes (&product, AG_SHAPE (1, 3), AG_SHAPE (3, 2), NULL);
  check_shapes (&turned, AG_SHAPE (2, 3), AG_SHAPE (3, 4), NULL);
  /* These are part of a loop. */
  check_shapes (&product, AG_SHAPE (3, 9), AG_SHAPE (9, 1), NULL);
  check_shapes (&turned, AG_SHAPE (1, 3), AG_SHAPE (3, 9), NULL);
  fixture_leave ();
}

/* The rule alone would give 0 · ∞ here. PyTorch 1.13:
 * torch.pow (a, b).sum ().backward () */
static void
test_pow_at_zero (void)
{
  static const double bases[] = { 0, 0, 0, 0, -2, 3, 0, NAN };
  static const double exponents[] = { 0, 1, 2, 0.5, 0, 0, -1, 0 };
  static const double by_base[] = { 0, 1, 0, INFINITY, 0, 0, -INFINITY, 0 };
  static const double by_exponent[] = { 0, 0, 0, 0, NAN, 1.0986122886681098, -INFINITY, NAN };

  fixture_enter (1);
  for (guint dtype = AG_DTYPE_FLOAT32; dtype <= AG_DTYPE_FLOAT64; dtype++)
    for (guint i = 0; i < G_N_ELEMENTS (bases); i++)
      {
        AgTensor *a = fixture_parameter (ag_full (dtype, AG_SHAPE (2), bases[i]));
        AgTensor *b = fixture_parameter (ag_full (dtype, AG_SHAPE (2), exponents[i]));

        g_test_message ("0 and %g: base %g", exponents[i], bases[i]);
        ag_backward (ag_sum (ag_pow (a, b)), NULL);
        fixture_end_step ();
        fixture_assert_elements (ag_tensor_grad (a), 0, by_base[i], by_base[i]);
        fixture_assert_elements (ag_tensor_grad (b), 1e-7, by_exponent[i], by_exponent[i]);

        ag_tensor_set_grad (a, NULL);
        ag_backward (ag_sum (ag_pow_scalar (a, exponents[i])), NULL);
        fixture_end_step ();
        fixture_assert_elements (ag_tensor_grad (a), 0, by_base[i], by_base[i]);

        ag_tensor_unref (a);
        ag_tensor_unref (b);
      }
  fixture_leave ();
}

/* Equal operands share the gradient; at its corner a function has PyTorch's. */
static void
test_corners (void)
{
  fixture_enter (1);
  AgTensor *a = fixture_parameter (ag_full (AG_DTYPE_FLOAT64, AG_SHAPE (1), 2));
  AgTensor *b = fixture_parameter (ag_full (AG_DTYPE_FLOAT64, AG_SHAPE (1), 2));
  AgTensor *zero = fixture_parameter (ag_zeros (AG_DTYPE_FLOAT64, AG_SHAPE (1)));

  ag_backward (ag_maximum (a, b), NULL);
  ag_backward (ag_mul (ag_minimum (a, b), ag_constant (4)), NULL);
  ag_backward (ag_add (ag_relu (zero), ag_abs (zero)), NULL);
  fixture_end_step ();
  fixture_assert_elements (ag_tensor_grad (a), 0, 2.5);
  fixture_assert_elements (ag_tensor_grad (b), 0, 2.5);
  fixture_assert_elements (ag_tensor_grad (zero), 0, 0);
  ag_tensor_unref (a);
  ag_tensor_unref (b);
  ag_tensor_unref (zero);
  fixture_leave ();
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/gradients/table", test_table);
  g_test_add_func ("/gradients/same", test_same);
  g_test_add_func ("/gradients/others", test_others);
  g_test_add_func ("/gradients/pow-at-zero", test_pow_at_zero);
  g_test_add_func ("/gradients/corners", test_corners);

  return g_test_run ();
}
