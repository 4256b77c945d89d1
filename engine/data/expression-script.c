/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "data/expression-script.h"

#include "base/number.h"
#include "data/expression-private.h"

#include <string.h>

/* How firmly the sign of a part holds its operands together in Python. */
typedef enum
{
  BINDING_SUM,
  BINDING_PRODUCT,
  BINDING_SIGN,
  BINDING_POWER,
  BINDING_ALL,
} Binding;

/**
 * Part:
 * @text: (owned): what it is in Python
 * @binding: how firmly its outermost sign binds
 * @is_tensor: whether it is a tensor there, or a number
 *
 * A part of a formula, said in Python.
 */
typedef struct
{
  char *text;
  Binding binding;
  gboolean is_tensor;
} Part;

/* The operations that have a sign in Python. What is on a sum's or product's right side
 * is put in parentheses where it binds no firmer, and so is what a power is of. */
static const struct
{
  AgOp op;
  const char *sign;
  Binding left;
  Binding binding;
  Binding right;
} signs[] = {
  { AG_OP_add, " + ", BINDING_SUM, BINDING_SUM, BINDING_PRODUCT },
  { AG_OP_sub, " - ", BINDING_SUM, BINDING_SUM, BINDING_PRODUCT },
  { AG_OP_mul, " * ", BINDING_PRODUCT, BINDING_PRODUCT, BINDING_SIGN },
  { AG_OP_div, " / ", BINDING_PRODUCT, BINDING_PRODUCT, BINDING_SIGN },
  { AG_OP_pow, "**", BINDING_ALL, BINDING_POWER, BINDING_SIGN },
};

static void
clear_part (gpointer data)
{
  Part *part = data;

  g_free (part->text);
}

static char *
format_number (double number)
{
  char *text;

  if (number == G_PI)
    return g_strdup ("math.pi");
  if (number == G_E)
    return g_strdup ("math.e");
  text = ag_number_to_string (number);
  /* Whole numbers are easier to read as such; they compute the same. */
  if (g_str_has_suffix (text, ".0"))
    text[strlen (text) - 2] = '\0';
  return text;
}

/**
 * ag_expression_script_name:
 * @name: the name of a parameter
 *
 * Python's names have no subscripts, and its own words are no names.
 *
 * Returns: (transfer full): what the parameter is called in Python: "x0" for "x₀"
 */
char *
ag_expression_script_name (const char *name)
{
  static const char *const words[] = { "and", "as", "assert", "async", "await", "break",
                                       "class", "def", "del", "elif", "else", "except",
                                       "for", "from", "global", "if", "import", "in",
                                       "is", "lambda", "not", "or", "pass", "raise",
                                       "return", "try", "while", "with", "yield", "math",
                                       "torch", "y", "None", "True", "False", "continue",
                                       "finally", "nonlocal" };
  GString *python = g_string_new (NULL);

  for (const char *c = name; *c != '\0'; c = g_utf8_next_char (c))
    {
      const gunichar character = g_utf8_get_char (c);

      if (character >= 0x2080 && character <= 0x2089)
        g_string_append_c (python, (char) ('0' + (character - 0x2080)));
      else
        g_string_append_unichar (python, character);
    }
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    if (strcmp (python->str, words[i]) == 0)
      {
        g_string_append_c (python, '_');
        break;
      }
  return g_string_free (python, FALSE);
}

static void
append_operand (GString *python,
                const Part *part,
                Binding binding)
{
  g_string_append_printf (python, part->binding < binding ? "(%s)" : "%s", part->text);
}

static Part
make_power (const Part *base,
            const char *exponent)
{
  GString *python = g_string_new (NULL);

  append_operand (python, base, BINDING_ALL);
  g_string_append (python, exponent);
  return (Part){ g_string_free (python, FALSE), BINDING_POWER, base->is_tensor };
}

/* PyTorch's functions take tensors, and numbers only beside a tensor: a number alone is
 * made one. */
static Part
make_call (AgOp op,
           const Part *operands)
{
  GString *python = g_string_new (NULL);

  g_string_append_printf (python, "torch.%s(", ag_op_info (op)->name);
  for (guint i = 0; i < ag_op_info (op)->n_operands; i++)
    {
      g_string_append (python, i > 0 ? ", " : "");
      if (operands[i].is_tensor)
        g_string_append (python, operands[i].text);
      else
        g_string_append_printf (python, "torch.tensor(%s, dtype=x.dtype)", operands[i].text);
    }
  g_string_append_c (python, ')');
  return (Part){ g_string_free (python, FALSE), BINDING_ALL, TRUE };
}

static Part
make_operation (AgOp op,
                const Part *operands)
{
  GString *python;

  if (op == AG_OP_square)
    return make_power (&operands[0], "**2");
  if (op == AG_OP_cube)
    return make_power (&operands[0], "**3");
  if (op == AG_OP_neg)
    {
      python = g_string_new ("-");
      append_operand (python, &operands[0], BINDING_SIGN);
      return (Part){ g_string_free (python, FALSE), BINDING_SIGN, operands[0].is_tensor };
    }
  for (guint i = 0; i < G_N_ELEMENTS (signs); i++)
    if (signs[i].op == op)
      {
        python = g_string_new (NULL);
        append_operand (python, &operands[0], signs[i].left);
        g_string_append (python, signs[i].sign);
        append_operand (python, &operands[1], signs[i].right);
        return (Part){ g_string_free (python, FALSE), signs[i].binding,
                       operands[0].is_tensor || operands[1].is_tensor };
      }
  return make_call (op, operands);
}

static Part
make_part (const AgExpression *expression,
           const AgExpressionItem *item,
           const Part *operands)
{
  if (item->op == AG_OP_number)
    return (Part){ format_number (item->number), BINDING_ALL, FALSE };
  if (item->op != AG_OP_input)
    return make_operation (item->op, operands);
  if (item->parameter < 0)
    return (Part){ g_strdup ("x"), BINDING_ALL, TRUE };
  return (Part){ ag_expression_script_name (
                   ag_expression_parameters (expression)[item->parameter]),
                 BINDING_ALL, TRUE };
}

/**
 * ag_expression_script:
 * @expression: a formula
 *
 * Says the formula in Python, with PyTorch's functions: x and the parameters are tensors
 * there, these with the names of ag_expression_script_name().
 *
 * Returns: (transfer full): "torch.exp(-x**2) * torch.cos(3 * x)"
 */
char *
ag_expression_script (const AgExpression *expression)
{
  g_autoptr (GArray) parts = g_array_new (FALSE, FALSE, sizeof (Part));
  g_autofree char *value = NULL;
  gboolean has_variable = FALSE;

  g_return_val_if_fail (expression != NULL, NULL);

  g_array_set_clear_func (parts, clear_part);
  for (guint i = 0; i < expression->items->len; i++)
    {
      const AgExpressionItem *item = ag_expression_item (expression, i);
      const guint n = item->op == AG_OP_number || item->op == AG_OP_input
                        ? 0
                        : ag_op_info (item->op)->n_operands;
      const Part part = make_part (expression, item,
                                   &g_array_index (parts, Part, parts->len - n));

      has_variable |= item->op == AG_OP_input;
      g_array_set_size (parts, parts->len - n);
      g_array_append_val (parts, part);
    }
  if (has_variable)
    return g_strdup (g_array_index (parts, Part, 0).text);
  /* The same everywhere, but a value for each point all the same. */
  value = ag_number_to_string (ag_expression_evaluate (expression, 0, NULL));
  return g_strdup_printf ("torch.full_like(x, %s)", value);
}
