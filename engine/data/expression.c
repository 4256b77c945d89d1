/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "data/expression.h"

#include "base/error.h"
#include "graph/ops.h"
#include "plan/op.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#define MAX_LENGTH 256
#define MAX_DEPTH 64

/**
 * Item:
 * @op: %AG_OP_number, %AG_OP_input for x, or an operation of the items before
 * @number: the number
 *
 * A part of an expression in postfix order.
 */
typedef struct
{
  AgOp op;
  double number;
} Item;

/**
 * AgExpression:
 * @items: (element-type Item): the parts, operands before their operation
 *
 * A function of x. No more than %MAX_LENGTH items wait at a time.
 */
struct _AgExpression
{
  GArray *items;
};

/* Recursive descent, one function a level of precedence. */
typedef struct
{
  const char *text;
  const char *at;
  guint depth;
  GArray *items;
  GError *error;
} Parser;

static gboolean parse_sum (Parser *parser);

static gboolean
fail (Parser *parser,
      const char *format,
      ...) G_GNUC_PRINTF (2, 3);

static gboolean
fail (Parser *parser,
      const char *format,
      ...)
{
  va_list args;
  g_autofree char *reason = NULL;

  va_start (args, format);
  reason = g_strdup_vprintf (format, args);
  va_end (args);
  if (parser->error == NULL)
    g_set_error (&parser->error, AG_ERROR, AG_ERROR_ARGUMENT, _ ("“%s” is no formula in x: %s"),
                 parser->text, reason);
  return FALSE;
}

static void
skip_blanks (Parser *parser)
{
  while (*parser->at == ' ')
    parser->at++;
}

static gboolean
accept (Parser *parser,
        const char *token)
{
  skip_blanks (parser);
  if (!g_str_has_prefix (parser->at, token))
    return FALSE;
  parser->at += strlen (token);
  return TRUE;
}

static gboolean
expect (Parser *parser,
        const char *token)
{
  if (accept (parser, token))
    return TRUE;
  if (*parser->at == '\0')
    return fail (parser, _ ("a “%s” is missing at its end."), token);
  return fail (parser, _ ("a “%s” is missing before “%s”."), token, parser->at);
}

static gboolean
push (Parser *parser,
      AgOp op,
      double number)
{
  Item item = { op, number };

  g_array_append_val (parser->items, item);
  return TRUE;
}

static gboolean
is_function (AgOp op)
{
  return op > AG_OP_identity && op != AG_OP_neg && ag_op_info (op)->formula != NULL;
}

static char *
list_functions (void)
{
  GString *list = g_string_new (NULL);

  for (AgOp op = AG_OP_identity + 1; op < AG_N_OPS; op++)
    if (is_function (op) && ag_op_info (op)->n_operands == 1)
      g_string_append_printf (list, "%s%s", list->len > 0 ? ", " : "", ag_op_info (op)->name);
  return g_string_free (list, FALSE);
}

static gboolean
parse_call (Parser *parser,
            const char *name)
{
  AgOp op = AG_OP_identity + 1;
  g_autofree char *functions = list_functions ();

  while (op < AG_N_OPS && !(is_function (op) && g_str_equal (ag_op_info (op)->name, name)))
    op++;
  if (op == AG_N_OPS)
    return fail (parser, _ ("“%s” is not known. There are x, pi, e and the functions %s."), name,
                 functions);

  if (!expect (parser, "("))
    return FALSE;
  for (guint i = 0; i < ag_op_info (op)->n_operands; i++)
    if ((i > 0 && !expect (parser, ",")) || !parse_sum (parser))
      return FALSE;
  return expect (parser, ")") && push (parser, op, 0);
}

static gboolean
parse_primary (Parser *parser)
{
  const char *begin;
  char *end;

  skip_blanks (parser);
  begin = parser->at;
  if (*begin == '\0')
    return fail (parser, "%s",
                 parser->at == parser->text ? _ ("it is empty. Write one, such as “sin(x)”.")
                                            : _ ("it ends too early."));
  if (accept (parser, "("))
    return parse_sum (parser) && expect (parser, ")");
  if (g_ascii_isdigit (*begin) || *begin == '.')
    {
      double number = g_ascii_strtod (begin, &end);

      if (end == begin || !isfinite (number))
        return fail (parser, _ ("“%s” does not begin with a number."), begin);
      parser->at = end;
      return push (parser, AG_OP_number, number);
    }
  if (g_ascii_isalpha (*begin))
    {
      g_autofree char *name = NULL;

      while (g_ascii_isalnum (*parser->at) || *parser->at == '_')
        parser->at++;
      name = g_strndup (begin, (gsize) (parser->at - begin));
      if (g_str_equal (name, "x"))
        return push (parser, AG_OP_input, 0);
      if (g_str_equal (name, "pi"))
        return push (parser, AG_OP_number, G_PI);
      if (g_str_equal (name, "e"))
        return push (parser, AG_OP_number, G_E);
      return parse_call (parser, name);
    }
  if (accept (parser, "π"))
    return push (parser, AG_OP_number, G_PI);
  return fail (parser, _ ("“%s” was not expected there."), begin);
}

/* As in mathematics, −x² is −(x²), and a power's exponent may have a sign. */
static gboolean
parse_signed (Parser *parser)
{
  gboolean is_negative = FALSE;

  if (++parser->depth > MAX_DEPTH)
    return fail (parser, _ ("it is nested too deeply."));
  for (;;)
    {
      if (accept (parser, "-") || accept (parser, "−"))
        is_negative = !is_negative;
      else if (!accept (parser, "+"))
        break;
    }
  if (!parse_primary (parser))
    return FALSE;
  if (accept (parser, "²"))
    push (parser, AG_OP_square, 0);
  else if (accept (parser, "³"))
    push (parser, AG_OP_cube, 0);
  else if (accept (parser, "^") || accept (parser, "**"))
    {
      if (!parse_signed (parser))
        return FALSE;
      push (parser, AG_OP_pow, 0);
    }
  if (is_negative)
    push (parser, AG_OP_neg, 0);
  parser->depth--;
  return TRUE;
}

static gboolean
parse_product (Parser *parser)
{
  if (!parse_signed (parser))
    return FALSE;
  for (;;)
    {
      AgOp op;

      if (accept (parser, "*") || accept (parser, "·"))
        op = AG_OP_mul;
      else if (accept (parser, "/"))
        op = AG_OP_div;
      else
        return TRUE;
      if (!parse_signed (parser))
        return FALSE;
      push (parser, op, 0);
    }
}

static gboolean
parse_sum (Parser *parser)
{
  if (!parse_product (parser))
    return FALSE;
  for (;;)
    {
      AgOp op;

      if (accept (parser, "+"))
        op = AG_OP_add;
      else if (accept (parser, "-") || accept (parser, "−"))
        op = AG_OP_sub;
      else
        return TRUE;
      if (!parse_product (parser))
        return FALSE;
      push (parser, op, 0);
    }
}

/**
 * ag_expression_parse:
 * @text: a formula in x, such as "exp(-x^2) * cos(3*x)"
 * @error: return location for an %AG_ERROR_ARGUMENT
 *
 * Reads a formula: numbers, x, pi, e, the signs + - * / ^ and parentheses, and
 * the elementwise operations by their names, those of two operands too, as
 * "maximum(x, 0)".
 *
 * Returns: (transfer full) (nullable): the function, or %NULL with @error set
 */
AgExpression *
ag_expression_parse (const char *text,
                     GError **error)
{
  Parser parser = { .text = text, .at = text };
  AgExpression *expression = g_new0 (AgExpression, 1);

  g_return_val_if_fail (text != NULL, NULL);

  expression->items = parser.items = g_array_new (FALSE, FALSE, sizeof (Item));
  if (strlen (text) > MAX_LENGTH)
    g_set_error (&parser.error, AG_ERROR, AG_ERROR_ARGUMENT,
                 _ ("The formula is too long. Write one of at most %d characters."), MAX_LENGTH);
  else if (parse_sum (&parser) && *parser.at != '\0')
    fail (&parser, _ ("“%s” was not expected there."), parser.at);
  if (parser.error == NULL)
    return expression;

  g_propagate_error (error, parser.error);
  ag_expression_free (expression);
  return NULL;
}

/**
 * ag_expression_free:
 * @expression: (transfer full): a function
 */
void
ag_expression_free (AgExpression *expression)
{
  g_return_if_fail (expression != NULL);

  g_array_unref (expression->items);
  g_free (expression);
}

/**
 * ag_expression_evaluate:
 * @expression: a function
 * @x: where
 *
 * Returns: its value in double precision
 */
double
ag_expression_evaluate (const AgExpression *expression,
                        double x)
{
  double stack[MAX_LENGTH + AG_OP_MAX_OPERANDS];
  guint n = 0;

  for (guint i = 0; i < expression->items->len; i++)
    {
      const Item *item = &g_array_index (expression->items, Item, i);

      if (item->op == AG_OP_number)
        stack[n++] = item->number;
      else if (item->op == AG_OP_input)
        stack[n++] = x;
      else
        {
          n -= ag_op_info (item->op)->n_operands;
          stack[n] = ag_op_evaluate (item->op, &stack[n]);
          n++;
        }
    }
  return stack[0];
}

/**
 * ag_expression_record:
 * @expression: a function
 * @x: points, of any shape, float32 or float64
 *
 * Records the function's values.
 *
 * Returns: (transfer none): its values, of the shape and dtype of @x
 */
AgTensor *
ag_expression_record (const AgExpression *expression,
                      AgTensor *x)
{
  AgTensor *stack[MAX_LENGTH + AG_OP_MAX_OPERANDS];
  gboolean is_constant = TRUE;
  guint n = 0;

  for (guint i = 0; i < expression->items->len; i++)
    {
      const Item *item = &g_array_index (expression->items, Item, i);

      is_constant &= item->op != AG_OP_input;
      if (item->op == AG_OP_number)
        stack[n++] = ag_constant (item->number);
      else if (item->op == AG_OP_input)
        stack[n++] = x;
      else
        {
          n -= ag_op_info (item->op)->n_operands;
          stack[n] = ag_op_record (item->op, &stack[n]);
          n++;
        }
    }
  /* The same everywhere, but a value for each point all the same. */
  return is_constant ? ag_full_like (x, ag_expression_evaluate (expression, 0)) : stack[0];
}

/**
 * ag_expression_parse_number:
 * @text: a formula without x, such as "-pi" or "3/2"
 * @value: (out): its value
 * @error: return location for an %AG_ERROR_ARGUMENT
 *
 * Returns: whether @text is a finite number
 */
gboolean
ag_expression_parse_number (const char *text,
                            double *value,
                            GError **error)
{
  g_autoptr (AgExpression) expression = ag_expression_parse (text, NULL);
  gboolean is_number = expression != NULL;

  for (guint i = 0; is_number && i < expression->items->len; i++)
    is_number = g_array_index (expression->items, Item, i).op != AG_OP_input;
  if (is_number)
    {
      double number = ag_expression_evaluate (expression, 0);

      if (isfinite (number))
        {
          *value = number;
          return TRUE;
        }
    }
  g_set_error (error, AG_ERROR, AG_ERROR_ARGUMENT,
               _ ("“%s” is not a number. Write it as “3.5”, “-pi” or “pi/2”."), text);
  return FALSE;
}
