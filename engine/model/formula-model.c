/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/formula-model.h"

#include "data/expression-private.h"

#include <glib/gi18n-lib.h>
#include <pthread.h>
#include <string.h>

/**
 * FormulaClass:
 * @klass: the kind of model
 * @text: the formula as it was typed, without blanks around it
 * @expression: what it means
 *
 * A kind of model whose prediction somebody typed. Each parameter is a scalar.
 */
typedef struct
{
  AgModelClass klass;
  const char *text;
  AgExpression *expression;
} FormulaClass;

/* Every class that was made, by its text; they are there as long as the process, so that
 * whoever has one need not say so. */
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static GHashTable *classes;

/* Predict: the operations of the formula, one after the other. */
static AgTensor *
predict (AgModel *model,
         const AgModelInput *input)
{
  return ag_expression_record (((const FormulaClass *) model->klass)->expression, input->x,
                               model->tensors);
}

static const FormulaClass *
get_formula (const AgModelClass *klass)
{
  return klass->predict == predict ? (const FormulaClass *) klass : NULL;
}

/* The text with a place for the value of each parameter where its name is. */
static char *
write_formula (const char *text,
               const AgExpression *expression)
{
  const char *const *names = ag_expression_parameters (expression);
  GString *formula = g_string_new ("y = ");
  gsize at = 0;

  for (guint i = 0; i < expression->items->len; i++)
    {
      const AgExpressionItem *item = ag_expression_item (expression, i);

      /* Operands come in the order of the text. */
      if (item->op != AG_OP_input || item->parameter < 0)
        continue;
      g_string_append_len (formula, text + at, (gssize) (item->begin - at));
      g_string_append_printf (formula, item->begin == 0 ? "{%s}" : "{(%s)}",
                              names[item->parameter]);
      at = item->end;
    }
  g_string_append (formula, text + at);
  return g_string_free (formula, FALSE);
}

/* How many of its parts depend on x alone and are no plain sums and products: each may be
 * computed once and kept (graph/precomputed.c). */
static guint
count_columns (const AgExpression *expression)
{
  gboolean is_data[AG_EXPRESSION_MAX_LENGTH + AG_OP_MAX_OPERANDS];
  guint n = 0, n_columns = 0;

  for (guint i = 0; i < expression->items->len; i++)
    {
      const AgExpressionItem *item = ag_expression_item (expression, i);
      const guint n_operands = ag_op_info (item->op)->n_operands;
      gboolean all = item->parameter < 0;

      n -= n_operands;
      for (guint k = 0; k < n_operands; k++)
        all &= is_data[n + k];
      is_data[n++] = all;
      n_columns += all && n_operands > 0;
    }
  return n_columns;
}

static FormulaClass *
make_class (const char *text,
            AgExpression *expression)
{
  FormulaClass *formula = g_new0 (FormulaClass, 1);

  formula->text = text;
  formula->expression = expression;
  formula->klass = (AgModelClass){
    .formula = write_formula (text, expression),
    .n_parameters = ag_expression_n_parameters (expression),
    .parameters = ag_expression_parameters (expression),
    .is_linear = ag_expression_is_linear (expression),
    .n_columns = count_columns (expression),
    .instance_size = sizeof (AgModel),
    .init = ag_model_add_scalars,
    .predict = predict,
    .sources = "data/expression.c,model/formula-model.c",
  };
  if (ag_model_class_find_parameter (&formula->klass, "e") >= 0)
    formula->klass.formula_note = N_ ("“e” is a parameter here. Euler's number is exp(1).");
  return formula;
}

/**
 * ag_formula_model_class:
 * @text: a formula in x and parameters, such as "a*exp(-b*x) + c"
 * @error: return location for an %AG_ERROR_ARGUMENT
 *
 * Makes a kind of model of a formula; see ag_expression_parse(). The same text, blanks around
 * it aside, gives the same class. Any thread may ask.
 *
 * Returns: (transfer none) (nullable): the class, which lives as long as the process, or
 *   %NULL with @error set
 */
const AgModelClass *
ag_formula_model_class (const char *text,
                        GError **error)
{
  g_autofree char *stripped = g_strstrip (g_strdup (text));
  AgExpression *expression = ag_expression_parse (stripped, AG_EXPRESSION_OF_PARAMETERS, error);
  FormulaClass *formula;

  if (expression == NULL)
    return NULL;
  pthread_mutex_lock (&mutex);
  if (classes == NULL)
    classes = g_hash_table_new (g_str_hash, g_str_equal);
  formula = g_hash_table_lookup (classes, stripped);
  if (formula == NULL)
    {
      formula = make_class (g_intern_string (stripped), g_steal_pointer (&expression));
      g_hash_table_insert (classes, (gpointer) formula->text, formula);
    }
  pthread_mutex_unlock (&mutex);
  g_clear_pointer (&expression, ag_expression_free);
  return &formula->klass;
}

/**
 * ag_formula_model_text:
 * @klass: a kind of model
 *
 * Returns: (transfer none) (nullable): the formula that it was made of, %NULL if it was made
 *   of none
 */
const char *
ag_formula_model_text (const AgModelClass *klass)
{
  const FormulaClass *formula = get_formula (klass);

  return formula != NULL ? formula->text : NULL;
}

/**
 * ag_formula_model_expression:
 * @klass: a kind of model
 *
 * Returns: (transfer none) (nullable): what it predicts, %NULL if it was made of no formula
 */
const AgExpression *
ag_formula_model_expression (const AgModelClass *klass)
{
  const FormulaClass *formula = get_formula (klass);

  return formula != NULL ? formula->expression : NULL;
}
