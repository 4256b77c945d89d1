/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "data/expression.h"
#include "plan/op.h"

G_BEGIN_DECLS

/* In bytes. As many items wait at a time at most. */
#define AG_EXPRESSION_MAX_LENGTH 1000

/**
 * AgExpressionItem:
 * @op: %AG_OP_number, %AG_OP_input for x or a parameter, or an operation of the items
 *   before
 * @number: the number
 * @parameter: of %AG_OP_input, which parameter it is, −1 for x
 * @begin: where in the text it begins, with its operands, in bytes
 * @end: where it ends
 *
 * A part of an expression in postfix order.
 */
typedef struct
{
  AgOp op;
  double number;
  gint parameter;
  gsize begin;
  gsize end;
} AgExpressionItem;

/**
 * AgExpression:
 * @items: (element-type AgExpressionItem): the parts, operands before their operation
 * @names: (element-type utf8): the names of the parameters, as they come in the text, and
 *   a %NULL
 *
 * A function of x and of parameters. No more than %AG_EXPRESSION_MAX_LENGTH items wait at
 * a time.
 */
struct _AgExpression
{
  GArray *items;
  GPtrArray *names;
};

/* expression-functions.c */
AgOp ag_expression_find_function (const char *name);
char *ag_expression_list_functions (void);
const char *ag_expression_suggest_function (const char *name);

static inline const AgExpressionItem *
ag_expression_item (const AgExpression *expression,
                    guint i)
{
  return &g_array_index (expression->items, AgExpressionItem, i);
}

G_END_DECLS
