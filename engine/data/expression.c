/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "data/expression-private.h"

#include "graph/ops.h"

/* Room for the operands that wait for their operation. */
#define MAX_STACK (AG_EXPRESSION_MAX_LENGTH + AG_OP_MAX_OPERANDS)

/**
 * ag_expression_free:
 * @expression: (transfer full): a function
 */
void
ag_expression_free (AgExpression *expression)
{
  g_return_if_fail (expression != NULL);

  g_array_unref (expression->items);
  g_ptr_array_unref (expression->names);
  g_free (expression);
}

/**
 * ag_expression_n_parameters:
 * @expression: a function
 *
 * Returns: how many parameters it has, at most %AG_EXPRESSION_MAX_PARAMETERS
 */
guint
ag_expression_n_parameters (const AgExpression *expression)
{
  return expression->names->len - 1;
}

/**
 * ag_expression_parameters:
 * @expression: a function
 *
 * Returns: (transfer none) (array zero-terminated=1): the names of its parameters, in the
 *   order in which the text has them first
 */
const char *const *
ag_expression_parameters (const AgExpression *expression)
{
  return (const char *const *) expression->names->pdata;
}

/* How a part depends on the parameters: not at all, as a sum of parameters each with a
 * factor, or in another way. */
typedef enum
{
  CONSTANT,
  LINEAR,
  OTHER,
} Dependence;

static Dependence
combine (AgOp op,
         const Dependence *operands)
{
  const Dependence a = operands[0];
  const Dependence b = ag_op_info (op)->n_operands > 1 ? operands[1] : CONSTANT;

  switch (op)
    {
    case AG_OP_neg:
      return a;
    case AG_OP_add:
    case AG_OP_sub:
      return a == b ? a : OTHER;
    case AG_OP_mul:
      return a == CONSTANT ? b : (b == CONSTANT ? a : OTHER);
    case AG_OP_div:
      return b == CONSTANT ? a : OTHER;
    default:
      for (guint i = 0; i < ag_op_info (op)->n_operands; i++)
        if (operands[i] != CONSTANT)
          return OTHER;
      return CONSTANT;
    }
}

/**
 * ag_expression_is_linear:
 * @expression: a function
 *
 * Finds out from the formula as it is written whether the value is a sum of the
 * parameters, each with a factor that depends on x alone. "(a + b)^2 - a*a" is not
 * multiplied out, and "a*x + 1", which has a part without a parameter, is not linear in
 * this sense.
 *
 * Returns: whether it is linear
 */
gboolean
ag_expression_is_linear (const AgExpression *expression)
{
  Dependence stack[MAX_STACK];
  guint n = 0;

  for (guint i = 0; i < expression->items->len; i++)
    {
      const AgExpressionItem *item = ag_expression_item (expression, i);

      if (item->op == AG_OP_number || item->op == AG_OP_input)
        {
          stack[n++] = item->op == AG_OP_input && item->parameter >= 0 ? LINEAR : CONSTANT;
          continue;
        }
      n -= ag_op_info (item->op)->n_operands;
      stack[n] = combine (item->op, &stack[n]);
      n++;
    }
  return stack[0] == LINEAR;
}

/**
 * ag_expression_evaluate:
 * @expression: a function
 * @x: where
 * @parameters: (nullable): the value of each parameter
 *
 * Returns: its value in double precision
 */
double
ag_expression_evaluate (const AgExpression *expression,
                        double x,
                        const double *parameters)
{
  double stack[MAX_STACK];
  guint n = 0;

  for (guint i = 0; i < expression->items->len; i++)
    {
      const AgExpressionItem *item = ag_expression_item (expression, i);

      if (item->op == AG_OP_number)
        stack[n++] = item->number;
      else if (item->op == AG_OP_input)
        stack[n++] = item->parameter >= 0 ? parameters[item->parameter] : x;
      else
        {
          n -= ag_op_info (item->op)->n_operands;
          stack[n] = ag_op_evaluate (item->op, &stack[n]);
          n++;
        }
    }
  return stack[0];
}

/* A power whose exponent is known is what PyTorch makes of it: a root, a quotient. That of a
 * formula in x alone was never looked at. */
static AgTensor *
record_op (const AgExpression *expression,
           guint i,
           AgTensor *const *operands)
{
  const AgOp op = ag_expression_item (expression, i)->op;

  if (op == AG_OP_pow && ag_expression_n_parameters (expression) > 0
      && ag_expression_item (expression, i - 1)->op == AG_OP_number)
    return ag_pow_scalar (operands[0], ag_expression_item (expression, i - 1)->number);
  return ag_op_record (op, operands);
}

/**
 * ag_expression_record:
 * @expression: a function
 * @x: points, of any shape, float32 or float64
 * @parameters: (nullable): each of the parameters, a scalar of the same dtype
 *
 * Records the function's values.
 *
 * Returns: (transfer none): its values, of the shape and dtype of @x
 */
AgTensor *
ag_expression_record (const AgExpression *expression,
                      AgTensor *x,
                      AgTensor *const *parameters)
{
  AgTensor *stack[MAX_STACK];
  gboolean has_x = FALSE;
  guint n = 0;

  /* Predict: operands are laid on a stack, and each operation takes its own from there. */
  for (guint i = 0; i < expression->items->len; i++)
    {
      const AgExpressionItem *item = ag_expression_item (expression, i);

      has_x |= item->op == AG_OP_input && item->parameter < 0;
      if (item->op == AG_OP_number)
        stack[n++] = ag_constant (item->number);
      else if (item->op == AG_OP_input)
        stack[n++] = item->parameter >= 0 ? parameters[item->parameter] : x;
      else
        {
          n -= ag_op_info (item->op)->n_operands;
          stack[n] = record_op (expression, i, &stack[n]);
          n++;
        }
    }
  if (has_x)
    return stack[0];
  /* The same everywhere, but a value for each point all the same. */
  return ag_expression_n_parameters (expression) > 0
           ? ag_expand (stack[0], ag_tensor_shape (x))
           : ag_full_like (x, ag_expression_evaluate (expression, 0, NULL));
}
