/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "data/expression-private.h"

#include "base/suggest.h"

#include <string.h>

/* The operations of the table that a formula may call, by their names there. */

/* Names that other tools have for them. One is understood as well, since it is what textbooks
 * write; the others may be names of parameters, and are suggested where they are called. */
static const struct
{
  const char *name;
  const char *here;
  gboolean is_understood;
} elsewhere[] = {
  { "arctan", "atan", TRUE },
  { "ln", "log", FALSE },
  { "max", "maximum", FALSE },
  { "min", "minimum", FALSE },
  { "logistic", "sigmoid", FALSE },
};

static gboolean
is_function (AgOp op)
{
  return op > AG_OP_identity && op != AG_OP_neg && ag_op_info (op)->formula != NULL;
}

/**
 * ag_expression_find_function:
 * @name: a name
 *
 * Returns: the operation that a formula calls by that name, %AG_N_OPS if there is none
 */
AgOp
ag_expression_find_function (const char *name)
{
  AgOp op = AG_OP_identity + 1;

  for (guint i = 0; i < G_N_ELEMENTS (elsewhere); i++)
    if (elsewhere[i].is_understood && strcmp (elsewhere[i].name, name) == 0)
      name = elsewhere[i].here;
  while (op < AG_N_OPS && !(is_function (op) && g_str_equal (ag_op_info (op)->name, name)))
    op++;
  return op;
}

/**
 * ag_expression_list_functions:
 *
 * Returns: (transfer full): the functions of one operand: "square, cube, …"
 */
char *
ag_expression_list_functions (void)
{
  GString *list = g_string_new (NULL);

  for (AgOp op = AG_OP_identity + 1; op < AG_N_OPS; op++)
    if (is_function (op) && ag_op_info (op)->n_operands == 1)
      g_string_append_printf (list, "%s%s", list->len > 0 ? ", " : "", ag_op_info (op)->name);
  return g_string_free (list, FALSE);
}

/**
 * ag_expression_suggest_function:
 * @name: a name that no function has
 *
 * Returns: (nullable): the function that may have been meant
 */
const char *
ag_expression_suggest_function (const char *name)
{
  const char *names[AG_N_OPS + 1] = { NULL };
  guint n = 0;

  for (guint i = 0; i < G_N_ELEMENTS (elsewhere); i++)
    if (strcmp (elsewhere[i].name, name) == 0)
      name = elsewhere[i].here;
  for (AgOp op = AG_OP_identity + 1; op < AG_N_OPS; op++)
    if (is_function (op))
      names[n++] = ag_op_info (op)->name;
  return ag_suggest (name, names);
}
