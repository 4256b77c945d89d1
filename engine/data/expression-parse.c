/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "data/expression-private.h"

#include "base/error.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#define MAX_DEPTH 64

/* Recursive descent, one function a level of precedence.
 *
 * @end is where the last word, number or sign that was taken ends; @fault_begin and
 * @fault_end are what an error is about. */
typedef struct
{
  const char *text;
  AgExpressionKind kind;
  const char *at;
  const char *end;
  guint depth;
  AgExpression *expression;
  GError *error;
  const char *fault_begin;
  const char *fault_end;
} Parser;

static gboolean parse_sum (Parser *parser);

static gboolean
fail (Parser *parser,
      const char *begin,
      const char *end,
      const char *format,
      ...) G_GNUC_PRINTF (4, 5);

static gboolean
fail (Parser *parser,
      const char *begin,
      const char *end,
      const char *format,
      ...)
{
  va_list args;
  g_autofree char *reason = NULL;

  va_start (args, format);
  reason = g_strdup_vprintf (format, args);
  va_end (args);
  if (parser->error != NULL)
    return FALSE;
  g_set_error (&parser->error, AG_ERROR, AG_ERROR_ARGUMENT,
               parser->kind == AG_EXPRESSION_OF_X ? _ ("“%s” is no formula in x: %s")
                                                  : _ ("“%s” is no formula: %s"),
               parser->text, reason);
  parser->fault_begin = begin;
  parser->fault_end = end;
  return FALSE;
}

/* The first character that the parser could not use is the one to blame. */
static gboolean
fail_unexpected (Parser *parser)
{
  return fail (parser, parser->at, g_utf8_find_next_char (parser->at, NULL),
               _ ("“%s” was not expected there."), parser->at);
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
  parser->end = parser->at;
  return TRUE;
}

static gboolean
expect (Parser *parser,
        const char *token)
{
  const char *next;

  if (accept (parser, token))
    return TRUE;
  if (*parser->at == '\0')
    return fail (parser, parser->at, parser->at, _ ("a “%s” is missing at its end."), token);
  next = g_utf8_find_next_char (parser->at, NULL);
  return fail (parser, parser->at, next, _ ("a “%s” is missing before “%s”."), token, parser->at);
}

static gboolean
push (Parser *parser,
      AgOp op,
      double number,
      gint parameter,
      const char *begin)
{
  const AgExpressionItem item = { op, number, parameter, (gsize) (begin - parser->text),
                                  (gsize) (parser->end - parser->text) };

  g_array_append_val (parser->expression->items, item);
  return TRUE;
}

/* In a model, what numbers alone come to is a number, as in Python: it is computed once, and
 * in double precision. */
static gboolean
fold (Parser *parser,
      AgOp op,
      const char *begin)
{
  const guint n_operands = ag_op_info (op)->n_operands;
  GArray *items = parser->expression->items;
  const guint first = items->len - n_operands;
  double operands[AG_OP_MAX_OPERANDS], number;

  for (guint i = 0; i < n_operands; i++)
    {
      const AgExpressionItem *item = ag_expression_item (parser->expression, first + i);

      if (item->op != AG_OP_number)
        return FALSE;
      operands[i] = item->number;
    }
  number = ag_op_evaluate (op, operands);
  if (!isfinite (number))
    return FALSE;
  g_array_set_size (items, first);
  return push (parser, AG_OP_number, number, -1, begin);
}

static gboolean
push_op (Parser *parser,
         AgOp op,
         const char *begin)
{
  if (parser->kind == AG_EXPRESSION_OF_PARAMETERS && fold (parser, op, begin))
    return TRUE;
  return push (parser, op, 0, -1, begin);
}

static gboolean
fail_unknown (Parser *parser,
              const char *begin,
              const char *name)
{
  g_autofree char *functions = ag_expression_list_functions ();
  const char *meant = ag_expression_suggest_function (name);

  if (parser->kind == AG_EXPRESSION_OF_X && meant == NULL)
    return fail (parser, begin, parser->end,
                 _ ("“%s” is not known. There are x, pi, e and the functions %s."), name,
                 functions);
  if (parser->kind == AG_EXPRESSION_OF_X)
    return fail (parser, begin, parser->end,
                 _ ("“%s” is not known. Did you mean “%s”? There are x, pi, e and the functions "
                    "%s."),
                 name, meant, functions);
  if (meant != NULL)
    return fail (parser, begin, parser->end,
                 _ ("“%s” is no function. Did you mean “%s”? A product is written “%s*(…)”."), name,
                 meant, name);
  return fail (parser, begin, parser->end,
               _ ("“%s” is no function. A product is written “%s*(…)”; the functions are %s."), name,
               name, functions);
}

static gboolean
parse_call (Parser *parser,
            AgOp op,
            const char *begin)
{
  if (!expect (parser, "("))
    return FALSE;
  for (guint i = 0; i < ag_op_info (op)->n_operands; i++)
    if ((i > 0 && !expect (parser, ",")) || !parse_sum (parser))
      return FALSE;
  return expect (parser, ")") && push_op (parser, op, begin);
}

static gboolean
push_parameter (Parser *parser,
                const char *name,
                const char *begin)
{
  GPtrArray *names = parser->expression->names;
  guint i = 0;

  while (i < names->len && strcmp (g_ptr_array_index (names, i), name) != 0)
    i++;
  if (i == AG_EXPRESSION_MAX_PARAMETERS)
    return fail (parser, begin, parser->end,
                 _ ("“%s” is one parameter too many. It may have %d of them."), name,
                 AG_EXPRESSION_MAX_PARAMETERS);
  if (i == names->len)
    g_ptr_array_add (names, g_strdup (name));
  return push (parser, AG_OP_input, 0, (gint) i, begin);
}

/* Subscripts are digits that do not look like factors: x₀. */
static gboolean
is_subscript (gunichar c)
{
  return c >= 0x2080 && c <= 0x2089;
}

/* Returns: how long the name is that begins here, in bytes; 0 if none does */
static gsize
measure_name (const char *text)
{
  const char *c = text;

  if (!g_unichar_isalpha (g_utf8_get_char (text)))
    return 0;
  while (g_unichar_isalpha (g_utf8_get_char (c)) || g_ascii_isdigit (*c) || *c == '_'
         || is_subscript (g_utf8_get_char (c)))
    c = g_utf8_next_char (c);
  return (gsize) (c - text);
}

static gboolean
parse_name (Parser *parser,
            gsize length)
{
  const char *begin = parser->at;
  g_autofree char *name = g_strndup (begin, length);
  const AgOp function = ag_expression_find_function (name);

  parser->at = parser->end = begin + length;
  if (g_str_equal (name, "x"))
    return push (parser, AG_OP_input, 0, -1, begin);
  if (g_str_equal (name, "pi") || g_str_equal (name, "π"))
    return push (parser, AG_OP_number, G_PI, -1, begin);
  if (parser->kind == AG_EXPRESSION_OF_X && g_str_equal (name, "e"))
    return push (parser, AG_OP_number, G_E, -1, begin);
  if (function < AG_N_OPS)
    return parse_call (parser, function, begin);
  skip_blanks (parser);
  if (parser->kind == AG_EXPRESSION_OF_X || *parser->at == '(')
    return fail_unknown (parser, begin, name);
  return push_parameter (parser, name, begin);
}

/* Returns: how long the number is that begins here, in bytes; 0 if none does */
static gsize
measure_number (const char *text)
{
  const char *c = text;
  gsize n_digits = 0;

  for (; g_ascii_isdigit (*c); c++)
    n_digits++;
  if (*c == '.')
    for (c++; g_ascii_isdigit (*c); c++)
      n_digits++;
  if (n_digits == 0)
    return 0;
  if (*c == 'e' || *c == 'E')
    {
      const char *exponent = c + 1 + (c[1] == '-' || c[1] == '+');

      if (g_ascii_isdigit (*exponent))
        for (c = exponent; g_ascii_isdigit (*c);)
          c++;
    }
  return (gsize) (c - text);
}

static gboolean
parse_number (Parser *parser)
{
  const char *begin = parser->at;
  const gsize length = measure_number (begin);
  g_autofree char *digits = g_strndup (begin, length);
  const double number = g_ascii_strtod (digits, NULL);

  if (length == 0 || !isfinite (number))
    return fail (parser, begin, begin + MAX (length, 1), _ ("“%s” does not begin with a number."),
                 begin);
  parser->at = parser->end = begin + length;
  return push (parser, AG_OP_number, number, -1, begin);
}

static gboolean
parse_primary (Parser *parser)
{
  const char *begin;
  gsize length;

  skip_blanks (parser);
  begin = parser->at;
  if (*begin == '\0')
    return fail (parser, begin, begin, "%s",
                 parser->at == parser->text ? _ ("it is empty. Write one, such as “sin(x)”.")
                                            : _ ("it ends too early."));
  if (accept (parser, "("))
    return parse_sum (parser) && expect (parser, ")");
  if (g_ascii_isdigit (*begin) || *begin == '.')
    return parse_number (parser);
  length = measure_name (begin);
  if (length > 0)
    return parse_name (parser, length);
  return fail_unexpected (parser);
}

/* A square or a cube is a product, as in PyTorch, where that is known; the exponent of a
 * formula that data are made of is not looked at, so that these keep their bits. */
static gboolean
push_power (Parser *parser,
            const char *begin)
{
  GArray *items = parser->expression->items;
  const AgExpressionItem *exponent = ag_expression_item (parser->expression, items->len - 1);
  const gboolean is_whole = parser->kind == AG_EXPRESSION_OF_PARAMETERS
                            && exponent->op == AG_OP_number
                            && (exponent->number == 2 || exponent->number == 3);

  if (!is_whole)
    return push_op (parser, AG_OP_pow, begin);
  const AgOp op = exponent->number == 2 ? AG_OP_square : AG_OP_cube;
  g_array_set_size (items, items->len - 1);
  return push_op (parser, op, begin);
}

/* As in mathematics, −x² is −(x²), and a power's exponent may have a sign. */
static gboolean
parse_signed (Parser *parser)
{
  gboolean is_negative = FALSE;
  const char *begin, *base;

  skip_blanks (parser);
  begin = base = parser->at;
  if (++parser->depth > MAX_DEPTH)
    return fail (parser, begin, begin, _ ("it is nested too deeply."));
  for (;;)
    {
      if (accept (parser, "-") || accept (parser, "−"))
        is_negative = !is_negative;
      else if (!accept (parser, "+"))
        break;
      skip_blanks (parser);
      base = parser->at;
    }
  if (!parse_primary (parser))
    return FALSE;
  if (accept (parser, "²"))
    push_op (parser, AG_OP_square, base);
  else if (accept (parser, "³"))
    push_op (parser, AG_OP_cube, base);
  else if (accept (parser, "^") || accept (parser, "**"))
    {
      if (!parse_signed (parser))
        return FALSE;
      push_power (parser, base);
    }
  if (is_negative)
    push_op (parser, AG_OP_neg, begin);
  parser->depth--;
  return TRUE;
}

static gboolean
parse_product (Parser *parser)
{
  const char *begin;

  skip_blanks (parser);
  begin = parser->at;
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
      push_op (parser, op, begin);
    }
}

static gboolean
parse_sum (Parser *parser)
{
  const char *begin;

  skip_blanks (parser);
  begin = parser->at;
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
      push_op (parser, op, begin);
    }
}

/* Where a factor follows without its sign, it is the sign that is missing. */
static gboolean
fail_rest (Parser *parser)
{
  const char *next = g_utf8_find_next_char (parser->at, NULL);

  if (parser->kind == AG_EXPRESSION_OF_PARAMETERS
      && (*parser->at == '(' || measure_name (parser->at) > 0 || measure_number (parser->at) > 0))
    return fail (parser, parser->at, next,
                 _ ("a sign is missing before “%s”. A product is written with “*”."), parser->at);
  return fail_unexpected (parser);
}

static gboolean
parse_all (Parser *parser)
{
  const gsize length = strlen (parser->text);

  if (length > AG_EXPRESSION_MAX_LENGTH)
    {
      g_set_error (&parser->error, AG_ERROR, AG_ERROR_ARGUMENT,
                   _ ("The formula is too long. Write one of at most %d characters."),
                   AG_EXPRESSION_MAX_LENGTH);
      parser->fault_begin = parser->text;
      parser->fault_end = parser->text + length;
      return FALSE;
    }
  if (!g_utf8_validate (parser->text, -1, &parser->at))
    {
      g_set_error_literal (&parser->error, AG_ERROR, AG_ERROR_ARGUMENT,
                           _ ("The formula has a byte that is no text. Write it in UTF-8."));
      parser->fault_begin = parser->fault_end = parser->at;
      return FALSE;
    }
  parser->at = parser->text;
  if (!parse_sum (parser))
    return FALSE;
  if (*parser->at != '\0')
    return fail_rest (parser);
  if (parser->kind == AG_EXPRESSION_OF_PARAMETERS && parser->expression->names->len == 0)
    return fail (parser, parser->text, parser->end,
                 _ ("it has no parameter. Put a name for each number that is to be found, as in "
                    "“a*sin(b*x)”."));
  return TRUE;
}

static AgExpression *
parse (Parser *parser)
{
  AgExpression *expression = g_new0 (AgExpression, 1);

  expression->items = g_array_new (FALSE, FALSE, sizeof (AgExpressionItem));
  expression->names = g_ptr_array_new_with_free_func (g_free);
  parser->expression = expression;
  parser->at = parser->end = parser->text;
  if (!parse_all (parser))
    {
      ag_expression_free (expression);
      return NULL;
    }
  g_ptr_array_add (expression->names, NULL);
  return expression;
}

/**
 * ag_expression_parse:
 * @text: a formula, such as "exp(-x^2) * cos(3*x)" or "a*exp(-b*x) + c"
 * @kind: what the names in it mean
 * @error: return location for an %AG_ERROR_ARGUMENT
 *
 * Reads a formula: numbers, names, the signs + - * / ^ and parentheses, and the elementwise
 * operations by their names, those of two operands too, as "maximum(x, 0)". A name is a
 * letter of any alphabet, and letters, digits, subscripts and “_” behind it.
 *
 * Returns: (transfer full) (nullable): the function, or %NULL with @error set
 */
AgExpression *
ag_expression_parse (const char *text,
                     AgExpressionKind kind,
                     GError **error)
{
  Parser parser = { .text = text, .kind = kind };
  AgExpression *expression;

  g_return_val_if_fail (text != NULL, NULL);

  expression = parse (&parser);
  if (expression == NULL)
    g_propagate_error (error, parser.error);
  return expression;
}

/**
 * ag_expression_find_fault:
 * @text: a text that may be no formula
 * @kind: what the names in it mean
 * @begin: (out): where what is wrong begins, in bytes
 * @end: (out): where it ends; the same where something is missing
 *
 * Finds out what of a text the error of ag_expression_parse() is about, to mark it.
 *
 * Returns: whether @text is no such formula
 */
gboolean
ag_expression_find_fault (const char *text,
                          AgExpressionKind kind,
                          gsize *begin,
                          gsize *end)
{
  Parser parser = { .text = text, .kind = kind };
  AgExpression *expression = parse (&parser);

  if (expression != NULL)
    {
      ag_expression_free (expression);
      return FALSE;
    }
  *begin = (gsize) (parser.fault_begin - text);
  *end = (gsize) (parser.fault_end - text);
  g_clear_error (&parser.error);
  return TRUE;
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
  g_autoptr (AgExpression) expression = ag_expression_parse (text, AG_EXPRESSION_OF_X, NULL);
  gboolean is_number = expression != NULL;

  for (guint i = 0; is_number && i < expression->items->len; i++)
    is_number = ag_expression_item (expression, i)->op != AG_OP_input;
  if (is_number)
    {
      double number = ag_expression_evaluate (expression, 0, NULL);

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
