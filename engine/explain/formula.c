/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "explain/formula.h"

#include "data/expression.h"

#include <math.h>
#include <string.h>

#define MAX_SYMBOLS 48

/**
 * Symbols:
 * @n: how many there are
 * @names: the name of each
 * @values: its value
 *
 * The values that the rules so far have given a name to.
 */
typedef struct
{
  guint n;
  char *names[MAX_SYMBOLS];
  double values[MAX_SYMBOLS];
} Symbols;

static gint
find (const Symbols *symbols,
      const char *name,
      gsize length)
{
  for (guint i = 0; i < symbols->n; i++)
    if (strlen (symbols->names[i]) == length && strncmp (symbols->names[i], name, length) == 0)
      return (gint) i;
  return -1;
}

static void
set (Symbols *symbols,
     const char *name,
     double value)
{
  gint index = find (symbols, name, strlen (name));

  if (index < 0)
    {
      g_return_if_fail (symbols->n < MAX_SYMBOLS);
      index = (gint) symbols->n++;
      symbols->names[index] = g_strdup (name);
    }
  symbols->values[index] = value;
}

static void
clear (Symbols *symbols)
{
  for (guint i = 0; i < symbols->n; i++)
    g_free (symbols->names[i]);
}

static void
set_beginning (Symbols *symbols,
               const AgRunSpec *spec,
               const AgMoment *before,
               const AgMoment *after,
               guint parameter)
{
  const AgOptimizerClass *klass = spec->optimizer;

  set (symbols, "p", before->coefficients[parameter]);
  set (symbols, "g", after->gradients[parameter]);
  set (symbols, "lr", after->lr);
  set (symbols, "t", after->n_updates[parameter]);
  set (symbols, "first", after->n_updates[parameter] == 1);
  for (guint i = 0; i < klass->n_options; i++)
    {
      g_autofree char *name = g_strdelimit (g_strdup (klass->options[i].id), "-", '_');

      set (symbols, name, spec->options[i]);
    }
  /* A run that branched off another one may have another optimizer, which begins anew. */
  for (guint i = 0; i < klass->n_states; i++)
    set (symbols, klass->states[i],
         before->optimizer == klass ? ag_moment_state (before, parameter, i) : 0);
  for (guint i = 0; i < AG_OPTIMIZER_MAX_NUMBERS; i++)
    if (klass->numbers[i] != NULL)
      set (symbols, klass->numbers[i],
           before->optimizer == klass ? before->schedule[i * before->n_parameters + parameter] : 0);
}

static gboolean
applies (const AgOptimizerRule *rule,
         const Symbols *symbols)
{
  g_auto (GStrv) conditions = rule->when != NULL ? g_strsplit (rule->when, ",", -1) : NULL;

  for (gsize i = 0; conditions != NULL && conditions[i] != NULL; i++)
    {
      const gboolean is_negated = conditions[i][0] == '!';
      const char *name = conditions[i] + is_negated;
      const gint index = find (symbols, name, strlen (name));

      if ((index >= 0 && symbols->values[index] != 0) == is_negated)
        return FALSE;
    }
  return TRUE;
}

/* Writes the formula with numbers for its symbols; negative ones are bracketed, unless they
 * begin it. */
static char *
substitute (const char *formula,
            const Symbols *symbols)
{
  GString *text = g_string_new (NULL);

  for (const char *c = formula; *c != '\0';)
    {
      gsize length = 0;
      char number[G_ASCII_DTOSTR_BUF_SIZE];
      gint index;

      while (g_ascii_isalpha (c[length]) || c[length] == '_'
             || (length > 0 && g_ascii_isdigit (c[length])))
        length++;
      index = length > 0 ? find (symbols, c, length) : -1;
      if (index < 0)
        {
          g_string_append_len (text, c, (gssize) MAX (length, 1));
          c += MAX (length, 1);
          continue;
        }
      g_ascii_formatd (number, sizeof number, "%.4g", symbols->values[index]);
      g_string_append_printf (text, symbols->values[index] < 0 ? "(%s)" : "%s", number);
      c += length;
    }
  return g_string_free (text, FALSE);
}

static double
evaluate (const char *formula,
          const Symbols *symbols)
{
  g_autoptr (AgExpression) expression
    = ag_expression_parse (formula, AG_EXPRESSION_OF_PARAMETERS, NULL);
  double values[AG_EXPRESSION_MAX_PARAMETERS];

  for (guint i = 0; i < ag_expression_n_parameters (expression); i++)
    {
      const char *name = ag_expression_parameters (expression)[i];
      const gint index = find (symbols, name, strlen (name));

      values[i] = index >= 0 ? symbols->values[index] : NAN;
    }
  return ag_expression_evaluate (expression, 0, values);
}

static void
clear_line (gpointer line)
{
  g_free (((AgFormulaLine *) line)->numbers);
}

/**
 * ag_formula_new:
 * @spec: the run
 * @before: its moment before a step
 * @after: the moment after it
 * @parameter: number of a parameter
 *
 * Computes in double precision, line by line, what the run's optimizer computed of a
 * parameter in that step, from its rules. The last line of each symbol is its new value;
 * "p" is the parameter's.
 *
 * Returns: (transfer full) (element-type AgFormulaLine): the lines; none if the step did
 *   not update the parameter
 */
GArray *
ag_formula_new (const AgRunSpec *spec,
                const AgMoment *before,
                const AgMoment *after,
                guint parameter)
{
  GArray *lines = g_array_new (FALSE, FALSE, sizeof (AgFormulaLine));
  Symbols symbols = { 0 };

  g_array_set_clear_func (lines, clear_line);
  if (before->optimizer == after->optimizer
      && after->n_updates[parameter] == before->n_updates[parameter])
    return lines;
  set_beginning (&symbols, spec, before, after, parameter);
  for (const AgOptimizerRule *rule = spec->optimizer->rules; rule->symbol != NULL; rule++)
    {
      AgFormulaLine line = { rule->symbol, rule->formula };

      if (!applies (rule, &symbols))
        continue;
      line.numbers = substitute (rule->formula, &symbols);
      line.value = evaluate (rule->formula, &symbols);
      set (&symbols, rule->symbol, line.value);
      g_array_append_val (lines, line);
    }
  clear (&symbols);
  return lines;
}
