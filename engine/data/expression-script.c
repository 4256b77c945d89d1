/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "data/expression-script.h"

#include "base/number.h"
#include "data/expression-private.h"

#include <math.h>
#include <string.h>

/* How tightly an operator of Python binds its operands. */
typedef enum
{
  SUM = 1,
  PRODUCT,
  SIGN,
  POWER,
  ATOM,
} Binding;

/**
 * Part:
 * @text: Python
 * @binding: how tightly it holds together
 * @is_tensor: whether it is a tensor, and no number
 *
 * A part of an expression.
 */
typedef struct
{
  char *text;
  Binding binding;
  gboolean is_tensor;
} Part;

/* How an operation of two operands is written between them. Of equal ones the left is computed
 * first, but for powers. */
static const struct
{
  AgOp op;
  const char *sign;
  Binding binding;
  Binding left;
  Binding right;
} between[] = {
  { AG_OP_add, " + ", SUM, SUM, PRODUCT },
  { AG_OP_sub, " - ", SUM, SUM, PRODUCT },
  { AG_OP_mul, " * ", PRODUCT, PRODUCT, SIGN },
  { AG_OP_div, " / ", PRODUCT, PRODUCT, SIGN },
  { AG_OP_pow, "**", POWER, ATOM, SIGN },
};

static char *
write_number (double value)
{
  char *text;

  if (fabs (value) == G_PI || fabs (value) == G_E)
    return g_strdup_printf ("%smath.%s", value < 0 ? "-" : "", fabs (value) == G_PI ? "pi" : "e");
  text = ag_number_to_string (value);
  /* Whole numbers are easier to read as such; they compute the same. */
  if (g_str_has_suffix (text, ".0"))
    text[strlen (text) - 2] = '\0';
  return text;
}

/* Brackets what would be torn apart. */
static char *
bracket (const Part *part,
         Binding least)
{
  return part->binding >= least ? g_strdup (part->text) : g_strdup_printf ("(%s)", part->text);
}

static char *
write_between (AgOp op,
               const Part *operands,
               Binding *binding)
{
  for (guint i = 0; i < G_N_ELEMENTS (between); i++)
    if (between[i].op == op)
      {
        g_autofree char *left = bracket (&operands[0], between[i].left);
        g_autofree char *right = bracket (&operands[1], between[i].right);

        *binding = between[i].binding;
        return g_strconcat (left, between[i].sign, right, NULL);
      }
  return NULL;
}

/* PyTorch's functions take tensors, and numbers only beside a tensor: a number alone is made
 * one. */
static char *
write_call (AgOp op,
            const Part *operands)
{
  GString *text = g_string_new (NULL);

  g_string_append_printf (text, "torch.%s(", ag_op_info (op)->name);
  for (guint i = 0; i < ag_op_info (op)->n_operands; i++)
    g_string_append_printf (text,
                            operands[i].is_tensor ? "%s%s" : "%storch.tensor(%s, dtype=x.dtype)",
                            i > 0 ? ", " : "", operands[i].text);
  g_string_append_c (text, ')');
  return g_string_free (text, FALSE);
}

static Part
combine (AgOp op,
         const Part *operands)
{
  Part part = { NULL, ATOM, operands[0].is_tensor };

  for (guint i = 1; i < ag_op_info (op)->n_operands; i++)
    part.is_tensor |= operands[i].is_tensor;
  part.text = ag_op_info (op)->n_operands == 2 ? write_between (op, operands, &part.binding) : NULL;
  if (part.text != NULL)
    return part;
  if (op == AG_OP_neg || op == AG_OP_square || op == AG_OP_cube)
    {
      g_autofree char *operand = bracket (&operands[0], op == AG_OP_neg ? SIGN : ATOM);

      part.binding = op == AG_OP_neg ? SIGN : POWER;
      part.text = op == AG_OP_neg ? g_strconcat ("-", operand, NULL)
                                  : g_strconcat (operand, op == AG_OP_square ? "**2" : "**3", NULL);
      return part;
    }
  part.text = write_call (op, operands);
  part.is_tensor = TRUE;
  return part;
}

static Part
write_item (const AgExpressionItem *item,
            const char *const *variables)
{
  if (item->op == AG_OP_input)
    return (Part){ g_strdup (item->parameter >= 0 ? variables[item->parameter] : "x"), ATOM, TRUE };
  return (Part){ write_number (item->number), signbit (item->number) ? SIGN : ATOM, FALSE };
}

/**
 * ag_expression_script:
 * @expression: a function
 * @variables: (nullable): a variable of Python for each of its parameters, a scalar tensor
 *
 * Says the function in the words of PyTorch, of a tensor x.
 *
 * Returns: (transfer full): its values at x: "torch.exp(-x**2) * torch.cos(b * x)"
 */
char *
ag_expression_script (const AgExpression *expression,
                      const char *const *variables)
{
  Part stack[AG_EXPRESSION_MAX_LENGTH + AG_OP_MAX_OPERANDS];
  gboolean has_x = FALSE;
  g_autofree char *text = NULL, *value = NULL;
  guint n = 0;

  stack[0].text = NULL;
  for (guint i = 0; i < expression->items->len; i++)
    {
      const AgExpressionItem *item = ag_expression_item (expression, i);
      Part part;

      has_x |= item->op == AG_OP_input && item->parameter < 0;
      if (item->op == AG_OP_number || item->op == AG_OP_input)
        {
          stack[n++] = write_item (item, variables);
          continue;
        }
      n -= ag_op_info (item->op)->n_operands;
      part = combine (item->op, &stack[n]);
      for (guint k = 0; k < ag_op_info (item->op)->n_operands; k++)
        g_free (stack[n + k].text);
      stack[n++] = part;
    }
  text = stack[0].text;
  if (has_x)
    return g_steal_pointer (&text);
  /* The same everywhere, but a value for each point all the same. */
  if (ag_expression_n_parameters (expression) > 0)
    return g_strdup_printf ("(%s).expand(x.shape)", text);
  value = write_number (ag_expression_evaluate (expression, 0, NULL));
  return g_strdup_printf ("torch.full_like(x, %s)", value);
}
