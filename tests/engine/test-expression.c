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
  g_autoptr (AgExpression) expression = ag_expression_parse (text, AG_EXPRESSION_OF_X, &error);

  g_assert_no_error (error);
  return ag_expression_evaluate (expression, x, NULL);
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
      g_autoptr (AgExpression) expression = ag_expression_parse (text, AG_EXPRESSION_OF_X, NULL);
      AgTensor *x = ag_linspace (AG_DTYPE_FLOAT64, -3, 3, 101);
      AgTensor *y = ag_expression_record (expression, x, NULL);
      g_autofree double *points = fixture_read (x);
      g_autofree double *elements = fixture_read (y);

      g_assert_true (ag_tensor_shape (y) == ag_tensor_shape (x));
      g_assert_cmpint (ag_tensor_dtype (y), ==, AG_DTYPE_FLOAT64);
      for (guint k = 0; k < 101; k++)
        fixture_assert_near (elements[k], ag_expression_evaluate (expression, points[k], NULL),
                             1e-13);
    }
  fixture_leave ();
}

static void
assert_refused (const char *text,
                const char *part)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (ag_expression_parse (text, AG_EXPRESSION_OF_X, &error));
  g_assert_error (error, AG_ERROR, AG_ERROR_ARGUMENT);
  if (strstr (error->message, part) == NULL)
    g_error ("“%s” is not in “%s”", part, error->message);
}

static void
test_errors (void)
{
  char *deep = g_strnfill (200, '(');
  char *longest = g_strnfill (1001, '1');

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
assert_model_refused (const char *text,
                      const char *part,
                      gsize begin,
                      gsize end)
{
  g_autoptr (GError) error = NULL;
  gsize fault_begin = 0, fault_end = 0;

  g_assert_null (ag_expression_parse (text, AG_EXPRESSION_OF_PARAMETERS, &error));
  g_assert_error (error, AG_ERROR, AG_ERROR_ARGUMENT);
  if (strstr (error->message, part) == NULL)
    g_error ("“%s” is not in “%s”", part, error->message);
  g_assert_true (ag_expression_find_fault (text, AG_EXPRESSION_OF_PARAMETERS, &fault_begin,
                                           &fault_end));
  g_assert_cmpuint (fault_begin, ==, begin);
  g_assert_cmpuint (fault_end, ==, end);
}

/* Each faulty model is refused with a sentence, and the bytes that are to blame are marked. */
static void
test_model_errors (void)
{
  g_autofree char *many = NULL;
  GString *names = g_string_new ("p0");

  for (guint i = 1; i <= AG_EXPRESSION_MAX_PARAMETERS; i++)
    g_string_append_printf (names, "+p%u", i);
  many = g_string_free (names, FALSE);

  assert_model_refused ("", "empty", 0, 0);
  assert_model_refused ("a*", "ends too early", 2, 2);
  assert_model_refused ("a*(x", "“)” is missing at its end", 4, 4);
  assert_model_refused ("a*sinn(x)", "Did you mean “sin”?", 2, 6);
  assert_model_refused ("a*ln(x)", "Did you mean “log”?", 2, 4);
  assert_model_refused ("β(x + 1)", "“β*(…)”", 0, 2);
  assert_model_refused ("a*sin*x", "“(” is missing before “*x”", 5, 6);
  assert_model_refused ("a x", "a sign is missing before “x”", 2, 3);
  assert_model_refused ("2a*x", "a sign is missing before “a*x”", 1, 2);
  assert_model_refused ("a*x + $", "“$” was not expected", 6, 7);
  assert_model_refused ("α·x − é€", "“€” was not expected", 12, 15);
  assert_model_refused ("sin(2*pi*x)", "no parameter", 0, 11);
  assert_model_refused ("a*\xff", "no text", 2, 2);
  assert_model_refused (many, "one parameter too many", strlen (many) - 3, strlen (many));
  g_assert_false (ag_expression_find_fault ("a*x", AG_EXPRESSION_OF_PARAMETERS, &(gsize){ 0 },
                                            &(gsize){ 0 }));
}

static AgExpression *
parse_model (const char *text)
{
  g_autoptr (GError) error = NULL;
  AgExpression *expression = ag_expression_parse (text, AG_EXPRESSION_OF_PARAMETERS, &error);

  g_assert_no_error (error);
  return expression;
}

static void
assert_parameters (const char *text,
                   const char *names)
{
  g_autoptr (AgExpression) expression = parse_model (text);
  g_autofree char *list = g_strjoinv (" ", (char **) ag_expression_parameters (expression));

  g_assert_cmpstr (list, ==, names);
}

/* In the order in which the text has them; e is one of them, pi is not. */
static void
test_parameters (void)
{
  assert_parameters ("a*sin(b*x + c) + d", "a b c d");
  assert_parameters ("L/(1 + exp(-k*(x - x0)))", "L k x0");
  assert_parameters ("amplitude*tanh(rate_2*x) + amplitude", "amplitude rate_2");
  assert_parameters ("α*x^β₁ + π*x₀", "α β₁ x₀");
  assert_parameters ("a*e^x + pi", "a e");
}

static void
test_evaluate_model (void)
{
  g_autoptr (AgExpression) logistic = parse_model ("L/(1 + exp(-k*(x - x0)))");
  g_autoptr (AgExpression) signs = parse_model ("-a^2 + 2^-1*b**2");
  g_autoptr (AgExpression) ternary = parse_model ("addcmul(a, x, pow(b, 3))");

  g_assert_cmpfloat (ag_expression_evaluate (logistic, 2, (double[]){ 3, 0.5, 1 }), ==,
                     3 / (1 + exp (-0.5 * (2 - 1))));
  g_assert_cmpfloat (ag_expression_evaluate (signs, 0, (double[]){ 3, 4 }), ==, -9 + 0.5 * 16);
  g_assert_cmpfloat (ag_expression_evaluate (ternary, 2, (double[]){ 1, 3 }), ==, 1 + 2 * 27);
}

static gboolean
is_linear (const char *text)
{
  g_autoptr (AgExpression) expression = parse_model (text);

  return ag_expression_is_linear (expression);
}

static void
test_linear (void)
{
  g_assert_true (is_linear ("a + b*x + c*x^2 + d*x³"));
  g_assert_true (is_linear ("-a*sin(x)/2 - (b - c)*exp(2*x)"));
  g_assert_true (is_linear ("a/x"));
  g_assert_false (is_linear ("a*x + 1"));
  g_assert_false (is_linear ("a*b*x"));
  g_assert_false (is_linear ("x/a"));
  g_assert_false (is_linear ("a*exp(-b*x) + c"));
  g_assert_false (is_linear ("abs(a)*x"));
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
  g_test_add_func ("/expression/model-errors", test_model_errors);
  g_test_add_func ("/expression/parameters", test_parameters);
  g_test_add_func ("/expression/evaluate-model", test_evaluate_model);
  g_test_add_func ("/expression/linear", test_linear);
  return g_test_run ();
}
