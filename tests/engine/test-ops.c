/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fixture.h"

#include "graph/op.h"

#include <tgmath.h>

/* The table's formulas in double precision, as the compiler sees them. */
#define AG_UNARY(name, formula, da)                     \
  static double name##_reference (double a,             \
                                  G_GNUC_UNUSED double b) \
  {                                                     \
    return formula;                                     \
  }                                                     \
  static AgTensor *name##_record (AgTensor *a,          \
                                  G_GNUC_UNUSED AgTensor *b) \
  {                                                     \
    return ag_##name (a);                               \
  }
#define AG_BINARY(name, formula, da, db)                \
  static double name##_reference (double a,             \
                                  double b)             \
  {                                                     \
    return formula;                                     \
  }                                                     \
  static AgTensor *name##_record (AgTensor *a,          \
                                  AgTensor *b)          \
  {                                                     \
    return ag_##name (a, b);                            \
  }
#include "graph/ops.def"
#undef AG_UNARY
#undef AG_BINARY

typedef struct
{
  const char *name;
  guint n_operands;
  double (*reference) (double a,
                       double b);
  AgTensor *(*record) (AgTensor *a,
                       AgTensor *b);
} Row;

static const Row rows[] = {
#define AG_UNARY(name, formula, da) { #name, 1, name##_reference, name##_record },
#define AG_BINARY(name, formula, da, db) { #name, 2, name##_reference, name##_record },
#include "graph/ops.def"
#undef AG_UNARY
#undef AG_BINARY
};

static const double points[] = {
  -INFINITY, -2.5, -2, -1, -0.3125, -0.0, 0.0, 0.25, 0.5, 1, 1.75, 2, 3, INFINITY, NAN,
};

#define N_POINTS ((gint64) G_N_ELEMENTS (points))

static double
tolerance_of (AgDType dtype)
{
  return dtype == AG_DTYPE_FLOAT32 ? 1e-6 : 1e-15;
}

static void
check (const Row *row,
       AgDType    dtype,
       const char *form,
       double     a,
       double     b,
       double     actual)
{
  double expected = ag_dtype_round (dtype, row->reference (a, b));

  if (!fixture_is_near (actual, expected, tolerance_of (dtype)))
    g_error ("%s (%g, %g), %s, %s: %.17g, not %.17g", row->name, a, b, form,
             ag_dtype_name (dtype), actual, expected);
}

/* Every operation on a grid of points, its operands being tensors or one
 * element for all. */
static void
check_row (const Row *row,
           AgDType    dtype)
{
  AgTensor *column = fixture_tensor (dtype, AG_SHAPE (N_POINTS, 1), points);
  AgTensor *line = fixture_tensor (dtype, AG_SHAPE (N_POINTS), points);
  AgTensor *columns = ag_mul (column, ag_ones (dtype, AG_SHAPE (N_POINTS)));
  g_autofree double *grid = fixture_read (row->record (columns, line));
  g_autofree double *pairs = fixture_read (row->record (line, line));

  for (gint64 i = 0; i < N_POINTS; i++)
    {
      AgTensor *scalar = ag_full (dtype, ag_layout_scalar (), points[i]);
      g_autofree double *with_right = fixture_read (row->record (line, scalar));
      g_autofree double *with_left = fixture_read (row->record (scalar, line));
      g_autofree double *with_number = fixture_read (row->record (line, ag_scalar (points[i])));
      gboolean is_unary = row->n_operands == 1;

      check (row, dtype, "pairs", points[i], points[i], pairs[i]);
      check (row, dtype, "two scalars", points[i], points[i],
             fixture_item (row->record (scalar, scalar)));
      for (gint64 j = 0; j < N_POINTS; j++)
        {
          check (row, dtype, "grid", points[i], points[j], grid[i * N_POINTS + j]);
          check (row, dtype, "tensor and scalar", points[j], points[i], with_right[j]);
          check (row, dtype, "tensor and number", points[j], points[i], with_number[j]);
          if (!is_unary)
            check (row, dtype, "scalar and tensor", points[i], points[j], with_left[j]);
        }
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
            AgDType    dtype)
{
  const gint64 n = 2500;
  AgTensor *a = fixture_random (dtype, AG_SHAPE (n), 0.5, 1.5, 1);
  AgTensor *b = fixture_random (dtype, AG_SHAPE (n), 0.5, 1.5, 2);
  AgTensor *scalar = ag_full (dtype, ag_layout_scalar (), 0.75);
  g_autofree double *as = fixture_read (a);
  g_autofree double *bs = fixture_read (b);
  double pairs = 0, right = 0, left = 0;
  double tolerance = dtype == AG_DTYPE_FLOAT32 ? 1e-6 : 1e-13;

  for (gint64 i = 0; i < n; i++)
    {
      pairs += row->reference (as[i], bs[i]);
      right += row->reference (as[i], 0.75);
      left += row->reference (0.75, as[i]);
    }
  g_test_message ("%s, %s", row->name, ag_dtype_name (dtype));
  fixture_assert_near (fixture_item (ag_sum (row->record (a, b))), pairs, tolerance);
  fixture_assert_near (fixture_item (ag_sum (row->record (a, scalar))), right, tolerance);
  if (row->n_operands == 2)
    fixture_assert_near (fixture_item (ag_sum (row->record (scalar, a))), left, tolerance);
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

/* What the formulas should be, written down once more by hand. */
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
          double actual = fixture_item (row->record (ag_full (dtype, AG_SHAPE (1), known[i].a),
                                                     ag_full (dtype, AG_SHAPE (1), known[i].b)));

          if (!fixture_is_near (actual, known[i].expected, dtype == AG_DTYPE_FLOAT32 ? 1e-6 : 1e-15))
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

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/ops/values", test_values);
  g_test_add_func ("/ops/sums", test_sums);
  g_test_add_func ("/ops/known-values", test_known_values);
  g_test_add_func ("/ops/pow-scalar", test_pow_scalar);

  return g_test_run ();
}
