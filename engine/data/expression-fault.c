/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "data/expression-fault.h"

#include "data/expression-private.h"

#include <math.h>
#include <string.h>

static void
describe (const AgExpression *expression,
          const AgExpressionItem *item,
          double result,
          const double *operands,
          AgExpressionFault *fault)
{
  memset (fault, 0, sizeof *fault);
  fault->op = item->op;
  fault->begin = item->begin;
  fault->end = item->end;
  fault->result = result;
  memcpy (fault->operands, operands, sizeof (double) * ag_op_info (item->op)->n_operands);
  for (guint i = 0; i < expression->items->len; i++)
    {
      const AgExpressionItem *part = ag_expression_item (expression, i);

      if (part->op == AG_OP_input && part->parameter >= 0 && part->begin >= item->begin
          && part->end <= item->end)
        fault->uses[part->parameter] = TRUE;
    }
}

/**
 * ag_expression_find_overflow:
 * @expression: a function
 * @dtype: in which numbers to compute
 * @x: where
 * @parameters: (nullable): the value of each parameter
 * @value: (out): what the function comes to
 * @fault: (out caller-allocates): the first operation whose result is not finite
 *
 * Computes the function as a run does, each result rounded to @dtype.
 *
 * Returns: whether a result was not finite, so that @fault was set
 */
gboolean
ag_expression_find_overflow (const AgExpression *expression,
                             AgDType dtype,
                             double x,
                             const double *parameters,
                             double *value,
                             AgExpressionFault *fault)
{
  double stack[AG_EXPRESSION_MAX_LENGTH + AG_OP_MAX_OPERANDS];
  gboolean is_found = FALSE;
  guint n = 0;

  for (guint i = 0; i < expression->items->len; i++)
    {
      const AgExpressionItem *item = ag_expression_item (expression, i);
      double result;

      if (item->op == AG_OP_number)
        result = item->number;
      else if (item->op == AG_OP_input)
        result = item->parameter >= 0 ? parameters[item->parameter] : x;
      else
        {
          n -= ag_op_info (item->op)->n_operands;
          result = ag_dtype_round (dtype, ag_op_evaluate (item->op, &stack[n]));
          if (!isfinite (result) && !is_found)
            {
              is_found = TRUE;
              describe (expression, item, result, &stack[n], fault);
            }
        }
      stack[n++] = result;
    }
  *value = stack[0];
  return is_found;
}
