/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fixture.h"

#include "plan/op.h"

#include <string.h>
#include <tgmath.h>

#define MAX_OPERANDS 3

/* The table's formulas in double precision, as the compiler sees them. */
#define REFERENCE(name, formula)                                 \
  static double name##_reference (G_GNUC_UNUSED const double *x) \
  {                                                              \
    G_GNUC_UNUSED const double a = x[0], b = x[1], c = x[2];     \
    return formula;                                              \
  }
#define RECORD(name, ...)                       \
  static AgTensor *name##_record (AgTensor **x) \
  {                                             \
    return ag_##name (__VA_ARGS__);             \
  }
#define AG_UNARY(name, formula, da) \
  REFERENCE (name, formula)         \
  RECORD (name, x[0])
#define AG_BINARY(name, formula, da, db) \
  REFERENCE (name, formula)              \
  RECORD (name, x[0], x[1])
#define AG_TERNARY(name, formula, da, db, dc) \
  REFERENCE (name, formula)                   \
  RECORD (name, x[0], x[1], x[2])
#include "plan/ops.def"
#undef AG_UNARY
#undef AG_BINARY
#undef AG_TERNARY

typedef struct
{
  const char *name;
  guint n_operands;
  double (*reference) (const double *x);
  AgTensor *(*record) (AgTensor **x);
} Row;

static const Row rows[] = {
#define AG_UNARY(name, formula, da) { #name, 1, name##_reference, name##_record },
#define AG_BINARY(name, formula, da, db) { #name, 2, name##_reference, name##_record },
#define AG_TERNARY(name, formula, da, db, dc) { #name, 3, name##_reference, name##_record },
#include "plan/ops.def"
#undef AG_UNARY
#undef AG_BINARY
#undef AG_TERNARY
};

static const double points[] = {
  -INFINITY,
  -2.5,
  -2,
  -1,
  -0.3125,
  -0.0,
  0.0,
  0.25,
  0.5,
  1,
  1.75,
  3,
  INFINITY,
  NAN,
};

#define N_POINTS ((gint64) G_N_ELEMENTS (points))

/* How an operand lies: an element for each of the result's, one for each place
 * along one dimension, or one for all. */
typedef enum
{
  FORM_FULL,
  FORM_LINE,
  FORM_SCALAR,
  FORM_NUMBER,
  N_FORMS
} Form;

static double
tolerance_of (AgDType dtype)
{
  return dtype == AG_DTYPE_FLOAT32 ? 1e-6 : 1e-15;
}

/* The point that operand @k has at an element of the grid. */
static double
point_at (guint k,
          gint64 element,
          guint n_operands)
{
  for (guint i = n_operands - 1; i > k; i--)
    element /= N_POINTS;
  return points[element % N_POINTS];
}

static double
scalar_of (guint k,
           guint turn)
{
  return points[(turn + 5 * k) % G_N_ELEMENTS (points)];
}

static const AgLayout *
grid_shape (guint n_operands)
{
  const gint64 dims[MAX_OPERANDS] = { N_POINTS, N_POINTS, N_POINTS };

  return ag_layout_contiguous ((gint) n_operands, dims);
}

static AgTensor *
make_operand (AgDType dtype,
              guint n_operands,
              guint k,
              Form form,
              guint turn)
{
  const AgLayout *grid = grid_shape (n_operands);
  g_autofree double *elements = g_new (double, grid->n_elements);
  gint64 dims[MAX_OPERANDS] = { 1, 1, 1 };

  switch (form)
    {
    case FORM_FULL:
      for (gint64 i = 0; i < grid->n_elements; i++)
        elements[i] = point_at (k, i, n_operands);
      return fixture_tensor (dtype, grid, elements);
    case FORM_LINE:
      dims[k] = N_POINTS;
      return fixture_tensor (dtype, ag_layout_contiguous ((gint) n_operands, dims), points);
    case FORM_SCALAR:
      return ag_full (dtype, ag_layout_scalar (), scalar_of (k, turn));
    case FORM_NUMBER:
    default:
      return ag_scalar (scalar_of (k, turn));
    }
}

static void
check_forms (const Row *row,
             AgDType dtype,
             const Form *forms,
             guint turn)
{
  const AgLayout *grid = grid_shape (row->n_operands);
  AgTensor *operands[MAX_OPERANDS];
  gboolean is_tensor = FALSE;

  for (guint k = 0; k < row->n_operands; k++)
    {
      operands[k] = make_operand (dtype, row->n_operands, k, forms[k], turn);
      is_tensor |= forms[k] != FORM_NUMBER;
    }
  AgTensor *result = row->record (operands);
  g_autofree double *results = fixture_read (ag_expand (result, grid));

  if (is_tensor)
    g_assert_cmpint (ag_tensor_dtype (result), ==, dtype);
  for (gint64 i = 0; i < grid->n_elements; i++)
    {
      double x[MAX_OPERANDS] = { 0 };

      for (guint k = 0; k < row->n_operands; k++)
        x[k] = forms[k] >= FORM_SCALAR ? scalar_of (k, turn) : point_at (k, i, row->n_operands);
      double expected = ag_dtype_round (ag_tensor_dtype (result), row->reference (x));

      if (!fixture_is_near (results[i], expected, tolerance_of (dtype)))
        g_error ("%s (%g, %g, %g), forms %d %d %d, %s: %.17g, not %.17g", row->name, x[0], x[1],
                 x[2], forms[0], forms[1], forms[2], ag_dtype_name (dtype), results[i], expected);
    }
}

static void
check_row (const Row *row,
           AgDType dtype)
{
  guint n_combinations = 1;

  for (guint k = 0; k < row->n_operands; k++)
    n_combinations *= N_FORMS;
  for (guint i = 0; i < n_combinations; i++)
    {
      const Form forms[] = { i % N_FORMS, i / N_FORMS % N_FORMS, i / N_FORMS / N_FORMS };
      gboolean has_scalar = FALSE;

      for (guint k = 0; k < row->n_operands; k++)
        has_scalar |= forms[k] >= FORM_SCALAR;
      for (guint turn = 0; turn < (has_scalar ? G_N_ELEMENTS (points) : 1); turn++)
        check_forms (row, dtype, forms, turn);
      fixture_end_step ();
    }
}

static void
test_values (void)
{
  fixture_enter (1);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      check_row (&rows[i], AG_DTYPE_FLOAT32);
      check_row (&rows[i], AG_DTYPE_FLOAT64);
    }
  fixture_leave ();
}

/* A sum has a kernel of its own for each operation. */
static void
check_sums (const Row *row,
            AgDType dtype)
{
  const gint64 n = 2500;
  double tolerance = dtype == AG_DTYPE_FLOAT32 ? 1e-6 : 1e-13;

  g_test_message ("%s, %s", row->name, ag_dtype_name (dtype));
  /* With one of the operands a scalar, or none. */
  for (guint scalar = 0; scalar <= row->n_operands; scalar++)
    {
      AgTensor *operands[MAX_OPERANDS];
      double *elements[MAX_OPERANDS];
      double expected = 0;

      if (scalar == 0 && row->n_operands == 1)
        continue;
      for (guint k = 0; k < row->n_operands; k++)
        {
          operands[k] = scalar == k ? ag_full (dtype, ag_layout_scalar (), 0.75)
                                    : fixture_random (dtype, AG_SHAPE (n), 0.5, 1.5, k + 1);
          elements[k] = fixture_read (operands[k]);
        }
      for (gint64 i = 0; i < n; i++)
        {
          double x[MAX_OPERANDS] = { 0 };

          for (guint k = 0; k < row->n_operands; k++)
            x[k] = elements[k][scalar == k ? 0 : i];
          expected += row->reference (x);
        }
      fixture_assert_near (fixture_item (ag_sum (row->record (operands))), expected, tolerance);
      for (guint k = 0; k < row->n_operands; k++)
        g_free (elements[k]);
    }
}

static void
test_sums (void)
{
  fixture_enter (1);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      check_sums (&rows[i], AG_DTYPE_FLOAT32);
      check_sums (&rows[i], AG_DTYPE_FLOAT64);
    }
  fixture_leave ();
}

/* The operations' formulas, written down once more by hand, are what the table is compared with. */
static void
test_known_values (void)
{
  static const struct
  {
    AgOp op;
    double a, b, expected;
  } known[] = {
    { AG_OP_add, 0.1, 0.2, 0.30000000000000004 },
    { AG_OP_sub, 1, 0.25, 0.75 },
    { AG_OP_mul, -3, 0.5, -1.5 },
    { AG_OP_div, 1, 3, 0.33333333333333331 },
    { AG_OP_div, 1, 0, INFINITY },
    { AG_OP_div, 0, 0, NAN },
    { AG_OP_pow, 0, 0, 1 },
    { AG_OP_pow, 0, -1, INFINITY },
    { AG_OP_pow, -2, 3, -8 },
    { AG_OP_pow, -2, 0.5, NAN },
    { AG_OP_pow, NAN, 0, 1 },
    { AG_OP_xlogy, 0, 0, 0 },
    { AG_OP_xlogy, 0, INFINITY, 0 },
    { AG_OP_xlogy, 2, G_E, 2 },
    { AG_OP_xlogy, 2, 0, -INFINITY },
    { AG_OP_maximum, NAN, 1, NAN },
    { AG_OP_maximum, 1, NAN, NAN },
    { AG_OP_maximum, -INFINITY, 1, 1 },
    { AG_OP_minimum, NAN, 1, NAN },
    { AG_OP_minimum, 1, NAN, NAN },
    { AG_OP_minimum, 2, 1, 1 },
    { AG_OP_heaviside, 0, 0.5, 0.5 },
    { AG_OP_heaviside, -2, 0.5, 0 },
    { AG_OP_heaviside, 2, 0.5, 1 },
    { AG_OP_neg, 2, 0, -2 },
    { AG_OP_square, -3, 0, 9 },
    { AG_OP_cube, -3, 0, -27 },
    { AG_OP_sqrt, 2, 0, G_SQRT2 },
    { AG_OP_sqrt, -1, 0, NAN },
    { AG_OP_exp, 1, 0, G_E },
    { AG_OP_exp, 1000, 0, INFINITY },
    { AG_OP_log, 2, 0, G_LN2 },
    { AG_OP_log, 0, 0, -INFINITY },
    { AG_OP_sin, G_PI_2, 0, 1 },
    { AG_OP_cos, G_PI, 0, -1 },
    { AG_OP_atan, 1, 0, G_PI_4 },
    { AG_OP_atan, -INFINITY, 0, -G_PI_2 },
    { AG_OP_tanh, 0.5, 0, 0.46211715726000979 },
    { AG_OP_tanh, -1000, 0, -1 },
    { AG_OP_relu, -2, 0, 0 },
    { AG_OP_relu, 2, 0, 2 },
    { AG_OP_relu, NAN, 0, NAN },
    { AG_OP_sigmoid, 0, 0, 0.5 },
    { AG_OP_sigmoid, -1000, 0, 0 },
    { AG_OP_sigmoid, 2, 0, 0.88079707797788243 },
    { AG_OP_abs, -2, 0, 2 },
    { AG_OP_sign, -2, 0, -1 },
    { AG_OP_sign, 0, 0, 0 },
    { AG_OP_sign, 7, 0, 1 },
  };

  fixture_enter (1);
  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    {
      const Row *row = &rows[known[i].op - AG_OP_identity - 1];

      g_assert_cmpstr (row->name, ==, ag_op_info (known[i].op)->name);
      for (guint dtype = AG_DTYPE_FLOAT32; dtype <= AG_DTYPE_FLOAT64; dtype++)
        {
          AgTensor *operands[] = { ag_full (dtype, AG_SHAPE (1), known[i].a),
                                   ag_full (dtype, AG_SHAPE (1), known[i].b), NULL };
          double actual = fixture_item (row->record (operands));

          if (!fixture_is_near (actual, known[i].expected, tolerance_of (dtype)))
            g_error ("%s (%g, %g), %s: %.17g, not %.17g", row->name, known[i].a, known[i].b,
                     ag_dtype_name (dtype), actual, known[i].expected);
        }
    }
  fixture_leave ();
}

static void
test_pow_scalar (void)
{
  const double exponents[] = { -2, -1, -0.5, 0, 0.5, 1, 2, 3, 4, 2.5 };

  fixture_enter (1);
  for (guint i = 0; i < G_N_ELEMENTS (exponents); i++)
    {
      double e = exponents[i];
      AgTensor *a = fixture_tensor (AG_DTYPE_FLOAT64, AG_SHAPE (3), (double[]){ 0.5, 1, 3 });

      fixture_assert_elements (ag_pow_scalar (a, e), 1e-15, pow (0.5, e), 1, pow (3, e));
    }
  fixture_assert_elements (ag_pow_scalar (ag_full (AG_DTYPE_FLOAT32, AG_SHAPE (1), -2), 3), 0, -8);
  fixture_leave ();
}

/* Of all magnitudes, on both sides of the places where the function goes another way. */
static void
test_tanh (void)
{
  const guint n = 1 << 16;
  g_autofree double *x = g_new (double, n), *y = NULL;

  fixture_enter (1);
  for (guint i = 0; i < n; i++)
    {
      const guint32 bits = i << 16 | (i * 40503 & 0xffff);
      float single;

      memcpy (&single, &bits, sizeof single);
      x[i] = (double) single;
    }
  y = fixture_read (ag_tanh (fixture_tensor (AG_DTYPE_FLOAT32, AG_SHAPE (n), x)));
  for (guint i = 0; i < n; i++)
    {
      const double expected = tanh (x[i]);
      const double last_bit = ldexp (1, MAX (ilogb (expected) - 23, -149));

      if (isnan (x[i]) ? !isnan (y[i]) : !(fabs (y[i] - expected) <= 2 * last_bit))
        g_error ("tanh (%.9g) is %.9g, not %.9g", x[i], y[i], expected);
      g_assert_cmpint (signbit (y[i]), ==, signbit (x[i]));
    }
  fixture_leave ();
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/ops/values", test_values);
  g_test_add_func ("/ops/sums", test_sums);
  g_test_add_func ("/ops/known-values", test_known_values);
  g_test_add_func ("/ops/pow-scalar", test_pow_scalar);
  g_test_add_func ("/ops/tanh", test_tanh);

  return g_test_run ();
}
