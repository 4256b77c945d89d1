/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "data/expression.h"
#include "data/target.h"
#include "fixture.h"
#include "plan/op.h"

#include <math.h>
#include <string.h>

static double
evaluate (const char *text,
          double x)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AgExpression) expression = ag_expression_parse (text, &error);

  g_assert_no_error (error);
  return ag_expression_evaluate (expression, x);
}

static void
test_precedence (void)
{
  g_assert_cmpfloat (evaluate ("1 + 2 * 3", 0), ==, 7);
  g_assert_cmpfloat (evaluate ("(1 + 2) * 3", 0), ==, 9);
  g_assert_cmpfloat (evaluate ("8 / 4 / 2", 0), ==, 1);
  g_assert_cmpfloat (evaluate ("8 - 4 - 2", 0), ==, 2);
  g_assert_cmpfloat (evaluate ("2 ^ 3 ^ 2", 0), ==, 512);
  g_assert_cmpfloat (evaluate ("2 ** -1", 0), ==, 0.5);
  g_assert_cmpfloat (evaluate ("-x^2", 3), ==, -9);
  g_assert_cmpfloat (evaluate ("--x", 3), ==, 3);
  g_assert_cmpfloat (evaluate ("x² + x³", 2), ==, 12);
  g_assert_cmpfloat (evaluate ("1.5e2·x", 2), ==, 300);
  g_assert_cmpfloat (evaluate ("2*pi − π", 0), ==, G_PI);
  g_assert_cmpfloat (evaluate ("log(e)", 0), ==, 1);
}

static void
test_functions (void)
{
  g_assert_cmpfloat (evaluate ("sin(x) + cos(2*x)", 0.3), ==, sin (0.3) + cos (0.6));
  g_assert_cmpfloat (evaluate ("exp(-x^2)", 1.5), ==, exp (-2.25));
  g_assert_cmpfloat (evaluate ("sqrt(abs(x))", -4), ==, 2);
  g_assert_cmpfloat (evaluate ("maximum(x, 0) - minimum(x, 0)", -4), ==, 4);
  g_assert_cmpfloat (evaluate ("sign(x) * relu(x)", 4), ==, 4);
}

/* The program's tensors and the plots' curves are the same function. */
static void
test_record (void)
{
  static const char *const texts[] = { "sin(x)", "3", "x", "2^x - tanh(3)*x/(1 + square(x))" };

  fixture_enter (1);
  for (guint i = 0; i < ag_target_n () + G_N_ELEMENTS (texts); i++)
    {
      const char *text = i < ag_target_n () ? ag_target_nth (i)->formula
                                            : texts[i - ag_target_n ()];
      g_autoptr (AgExpression) expression = ag_expression_parse (text, NULL);
      AgTensor *x = ag_linspace (AG_DTYPE_FLOAT64, -3, 3, 101);
      AgTensor *y = ag_expression_record (expression, x);
      g_autofree double *points = fixture_read (x);
      g_autofree double *elements = fixture_read (y);

      g_assert_true (ag_tensor_shape (y) == ag_tensor_shape (x));
      g_assert_cmpint (ag_tensor_dtype (y), ==, AG_DTYPE_FLOAT64);
      for (guint k = 0; k < 101; k++)
        fixture_assert_near (elements[k], ag_expression_evaluate (expression, points[k]),
                             1e-13);
    }
  fixture_leave ();
}

static void
assert_refused (const char *text,
                const char *part)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (ag_expression_parse (text, &error));
  g_assert_error (error, AG_ERROR, AG_ERROR_ARGUMENT);
  if (strstr (error->message, part) == NULL)
    g_error ("“%s” is not in “%s”", part, error->message);
}

static void
test_errors (void)
{
  char *deep = g_strnfill (200, '(');
  char *longest = g_strnfill (300, '1');

  assert_refused ("", "empty");
  assert_refused ("  ", "ends too early");
  assert_refused ("2 *", "ends too early");
  assert_refused ("sin(x", "“)” is missing at its end");
  assert_refused ("sin x", "“(” is missing before “x”");
  assert_refused ("sine(x)", "“sine” is not known");
  assert_refused ("neg(x)", "“neg” is not known");
  assert_refused ("sum(x)", "“sum” is not known");
  assert_refused ("x y", "“y” was not expected");
  assert_refused ("x $ 2", "“$ 2” was not expected");
  assert_refused ("1e999", "does not begin with a number");
  assert_refused ("maximum(x)", "“,” is missing before “)”");
  assert_refused (deep, "nested too deeply");
  assert_refused (longest, "too long");
  g_free (deep);
  g_free (longest);
}

static void
test_numbers (void)
{
  g_autoptr (GError) error = NULL;
  double value = 0;

  g_assert_true (ag_expression_parse_number ("-pi/2", &value, &error));
  g_assert_cmpfloat (value, ==, -G_PI / 2);
  g_assert_false (ag_expression_parse_number ("x", &value, &error));
  g_assert_error (error, AG_ERROR, AG_ERROR_ARGUMENT);
  g_clear_error (&error);
  g_assert_false (ag_expression_parse_number ("1/0", &value, &error));
  g_assert_error (error, AG_ERROR, AG_ERROR_ARGUMENT);
  g_assert_cmpfloat (value, ==, -G_PI / 2);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/expression/precedence", test_precedence);
  g_test_add_func ("/expression/functions", test_functions);
  g_test_add_func ("/expression/record", test_record);
  g_test_add_func ("/expression/errors", test_errors);
  g_test_add_func ("/expression/numbers", test_numbers);
  return g_test_run ();
}
