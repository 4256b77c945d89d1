/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/expression.h"
#include "device/device.h"
#include "graph/create.h"
#include "graph/graph.h"
#include "graph/ops.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

/* Whatever is typed as a formula is refused with a sentence, or else can be evaluated,
 * recorded in both types, and differentiated. */

#define N_POINTS 7

int LLVMFuzzerTestOneInput (const uint8_t *data,
                            size_t size);

static AgDevice *device;

static void
record (const AgExpression *expression,
        AgDType dtype)
{
  AgGraph *graph = ag_graph_new (device);
  double elements[N_POINTS];
  AgTensor *x, *y, *sum;

  ag_graph_enter (graph);
  x = ag_tensor_ref (ag_linspace (dtype, -3, 3, N_POINTS));
  ag_tensor_set_requires_grad (x, TRUE);
  y = ag_tensor_ref (ag_expression_record (expression, x, NULL));
  sum = ag_tensor_ref (ag_sum (y));
  if (ag_tensor_requires_grad (sum))
    ag_backward (sum, NULL);
  if (!ag_graph_end_step (graph, NULL)
      || !ag_tensor_read (y, AG_DTYPE_FLOAT64, elements, NULL)
      || (ag_tensor_grad (x) != NULL
          && !ag_tensor_read (ag_tensor_grad (x), AG_DTYPE_FLOAT64, elements, NULL)))
    abort ();
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

  if (ag_expression_parse_number (text, &value, &error) ? !isfinite (value) : error == NULL)
    abort ();
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (AgExpression) expression = ag_expression_parse (text, AG_EXPRESSION_OF_X, &error);

  if (device == NULL)
    device = ag_device_open ("cpu", 1, NULL);
  if ((expression == NULL) != (error != NULL) || (error != NULL && *error->message == '\0'))
    abort ();
  check_number (text);
  if (expression == NULL)
    return 0;
  for (gint i = -8; i <= 8; i++)
    ag_expression_evaluate (expression, i / 3.0, NULL);
  record (expression, AG_DTYPE_FLOAT64);
  record (expression, AG_DTYPE_FLOAT32);
  return 0;
}
