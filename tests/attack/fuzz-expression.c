/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/expression-fault.h"
#include "data/expression-script.h"
#include "data/expression.h"
#include "device/device.h"
#include "graph/create.h"
#include "graph/graph.h"
#include "graph/ops.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Any text that is typed as a formula, of x alone or of parameters too, is either refused with a
 * sentence and a place in the text, or can be evaluated, recorded in both types, differentiated and
 * written in Python. */

#define N_POINTS 7

int LLVMFuzzerTestOneInput (const uint8_t *data,
                            size_t size);

static AgDevice *device;

static double
nth_value (guint i)
{
  return i % 3 == 0 ? -0.5 : 0.75 * i;
}

static void
assert_that (gboolean holds)
{
  if (!holds)
    abort ();
}

static void
record (const AgExpression *expression,
        AgDType dtype)
{
  const guint n = ag_expression_n_parameters (expression);
  AgTensor *parameters[AG_EXPRESSION_MAX_PARAMETERS];
  AgGraph *graph = ag_graph_new (device);
  double elements[N_POINTS];
  AgTensor *x, *y, *sum;

  ag_graph_enter (graph);
  x = ag_tensor_ref (ag_linspace (dtype, -3, 3, N_POINTS));
  ag_tensor_set_requires_grad (x, n == 0);
  for (guint i = 0; i < n; i++)
    {
      parameters[i] = ag_tensor_ref (ag_full (dtype, ag_layout_scalar (), nth_value (i)));
      ag_tensor_set_requires_grad (parameters[i], TRUE);
    }
  y = ag_tensor_ref (ag_expression_record (expression, x, parameters));
  sum = ag_tensor_ref (ag_sum (y));
  if (ag_tensor_requires_grad (sum))
    ag_backward (sum, NULL);
  assert_that (ag_tensor_shape (y) == ag_tensor_shape (x) && ag_graph_end_step (graph, NULL)
               && ag_tensor_read (y, AG_DTYPE_FLOAT64, elements, NULL));
  assert_that (ag_tensor_grad (x) == NULL
               || ag_tensor_read (ag_tensor_grad (x), AG_DTYPE_FLOAT64, elements, NULL));
  for (guint i = 0; i < n; i++)
    {
      assert_that (ag_tensor_grad (parameters[i]) == NULL
                   || ag_tensor_read (ag_tensor_grad (parameters[i]), AG_DTYPE_FLOAT64, elements,
                                      NULL));
      ag_tensor_unref (parameters[i]);
    }
  ag_tensor_unref (sum);
  ag_tensor_unref (y);
  ag_tensor_unref (x);
  ag_graph_leave (graph);
  ag_graph_free (graph);
}

static void
check_number (const char *text)
{
  g_autoptr (GError) error = NULL;
  double value;

  assert_that (ag_expression_parse_number (text, &value, &error) ? isfinite (value)
                                                                 : error != NULL);
}

/* The marked place lies within the text and covers whole characters. */
static void
check_fault (const char *text,
             AgExpressionKind kind,
             gboolean is_refused)
{
  gsize begin = 0, end = 0;

  assert_that (ag_expression_find_fault (text, kind, &begin, &end) == is_refused);
  assert_that (begin <= end && end <= strlen (text));
  assert_that (!g_utf8_validate (text, -1, NULL)
               || (g_utf8_validate (text + begin, (gssize) (end - begin), NULL)
                   && g_utf8_validate (text, (gssize) begin, NULL)));
}

static void
check_values (const AgExpression *expression,
              const char *text)
{
  double parameters[AG_EXPRESSION_MAX_PARAMETERS];

  for (guint i = 0; i < AG_EXPRESSION_MAX_PARAMETERS; i++)
    parameters[i] = nth_value (i);
  for (gint i = -8; i <= 8; i++)
    {
      const double value = ag_expression_evaluate (expression, i / 3.0, parameters);
      AgExpressionFault fault = { 0 };
      double again;

      if (ag_expression_find_overflow (expression, AG_DTYPE_FLOAT64, i / 3.0, parameters, &again,
                                       &fault))
        assert_that (fault.begin < fault.end && fault.end <= strlen (text)
                     && !isfinite (fault.result));
      assert_that (memcmp (&again, &value, sizeof value) == 0 || (isnan (again) && isnan (value)));
    }
}

/* A formula that is linear in its parameters doubles with each of them. */
static void
check_linear (const AgExpression *expression)
{
  double parameters[AG_EXPRESSION_MAX_PARAMETERS], value, twice;

  if (!ag_expression_is_linear (expression))
    return;
  for (guint i = 0; i < AG_EXPRESSION_MAX_PARAMETERS; i++)
    parameters[i] = i + 1;
  value = ag_expression_evaluate (expression, 0.75, parameters);
  for (guint i = 0; i < AG_EXPRESSION_MAX_PARAMETERS; i++)
    parameters[i] *= 2;
  twice = ag_expression_evaluate (expression, 0.75, parameters);
  assert_that (!isfinite (2 * value) || !isfinite (twice) || twice == 2 * value
               || fabs (value) < 1e-290);
}

static void
check (const char *text,
       AgExpressionKind kind)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AgExpression) expression = ag_expression_parse (text, kind, &error);
  g_autofree char *python = NULL;

  assert_that ((expression == NULL) == (error != NULL));
  assert_that (error == NULL || *error->message != '\0');
  check_fault (text, kind, expression == NULL);
  if (expression == NULL)
    return;
  assert_that (kind == AG_EXPRESSION_OF_PARAMETERS
                 ? ag_expression_n_parameters (expression) > 0
                 : ag_expression_n_parameters (expression) == 0);
  check_values (expression, text);
  check_linear (expression);
  record (expression, AG_DTYPE_FLOAT64);
  record (expression, AG_DTYPE_FLOAT32);
  python = ag_expression_script (expression, ag_expression_parameters (expression));
  assert_that (*python != '\0');
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);

  if (device == NULL)
    device = ag_device_open ("cpu", 1, NULL);
  check_number (text);
  check (text, AG_EXPRESSION_OF_X);
  check (text, AG_EXPRESSION_OF_PARAMETERS);
  return 0;
}
