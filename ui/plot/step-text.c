/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot/step-text.h"

#include "explain/formula.h"
#include "explain/words.h"
#include "plot/plot-axis.h"
#include "plot/run-text.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* This writes what a step did in lines of text. Of a model with many parameters the first are
 * shown. */
#define MOST_PARAMETERS 8

static void
append_number (GString *text,
               double value)
{
  char number[32];

  converge_axis_format (value, 4, number, sizeof number);
  g_string_append (text, number);
}

/* As it is written by hand. */
static char *
typeset (const char *formula)
{
  static const char *const written[][2] = {
    { " * ", " · " },
    { " - ", " − " },
    { "^2", "²" },
    { "sqrt", "√" },
    { "-", "−" },
  };
  GString *text = g_string_new (formula);

  for (guint i = 0; i < G_N_ELEMENTS (written); i++)
    g_string_replace (text, written[i][0], written[i][1], 0);
  return g_string_free (text, FALSE);
}

static guint
count_shown (const AgAccount *account)
{
  return MIN (account->after->n_parameters, MOST_PARAMETERS);
}

static void
append_rest (GString *text,
             const AgAccount *account)
{
  const guint n = account->after->n_parameters;

  if (n > MOST_PARAMETERS)
    g_string_append_printf (text, _ ("… and %u more parameters\n"), n - MOST_PARAMETERS);
}

/* A formula marks the terms that come and go with “?”. Of these the first @n are there. */
static void
keep_terms (GString *formula,
            guint n)
{
  char *mark;

  for (guint i = 0; (mark = strstr (formula->str, " ?")) != NULL; i++)
    {
      const gsize end = (gsize) (mark - formula->str) + strlen (" ?");
      char *plus = g_strrstr_len (formula->str, mark - formula->str, " + ");
      char *minus = g_strrstr_len (formula->str, mark - formula->str, " − ");
      const gsize begin = (gsize) (MAX (plus, minus) - formula->str);

      if (i < n)
        g_string_erase (formula, (gssize) (end - strlen (" ?")), (gssize) strlen (" ?"));
      else
        g_string_erase (formula, (gssize) begin, (gssize) (end - begin));
    }
}

/* With the terms that chance has left in the step. */
static void
append_prediction (GString *text,
                   const AgRunSpec *spec,
                   const AgAccount *account)
{
  g_autofree char *formula = converge_run_text_formula (spec, account->before->coefficients);
  const guint n_terms = MAX (spec->program->model->n_structures, 1) - 1;
  GString *terms = g_string_new (formula);

  if (n_terms > 0)
    keep_terms (terms, account->after->structure);
  g_string_append_printf (text, "%s\n", terms->str);
  g_string_free (terms, TRUE);
  if (n_terms > 0 && account->before->step > 0)
    g_string_append_printf (text, _ ("terms by chance: %u of %u, in the step before %u\n"),
                            account->after->structure, n_terms, account->before->structure);
}

static void
append_gradients (GString *text,
                  const AgAccount *account)
{
  const char *const *names = account->after->program->model->parameters;

  for (guint i = 0; i < count_shown (account); i++)
    {
      const double gradient = account->after->gradients[i];

      g_string_append_printf (text, "∂L/∂%s = ", names[i]);
      if (isnan (gradient))
        g_string_append (text, _ ("none in this step"));
      else
        append_number (text, gradient);
      g_string_append_c (text, '\n');
    }
  append_rest (text, account);
}

/* The first rule of a symbol of one parameter is told apart from those of others by its
 * heading. */
static void
append_rules (GString *text,
              const AgRunSpec *spec,
              const AgAccount *account)
{
  const char *const *names = account->after->program->model->parameters;

  for (guint i = 0; i < count_shown (account); i++)
    {
      g_autoptr (GArray) lines = ag_formula_new (spec, account->before, account->after, i);

      g_string_append_printf (text, "p = %s\n", names[i]);
      for (guint k = 0; k < lines->len; k++)
        {
          const AgFormulaLine *line = &g_array_index (lines, AgFormulaLine, k);
          g_autofree char *formula = typeset (line->formula);
          g_autofree char *numbers = typeset (line->numbers);

          g_string_append_printf (text, "  %s ← %s = %s = ", line->symbol, formula, numbers);
          append_number (text, line->value);
          g_string_append_c (text, '\n');
        }
      if (lines->len == 0)
        g_string_append_printf (text, "  %s\n", _ ("not updated in this step"));
    }
  append_rest (text, account);
}

static void
append_update (GString *text,
               const AgAccount *account)
{
  const AgMoment *before = account->before, *after = account->after;

  for (guint i = 0; i < count_shown (account); i++)
    {
      g_string_append_printf (text, "%s: ", after->program->model->parameters[i]);
      append_number (text, before->coefficients[i]);
      g_string_append (text, " → ");
      append_number (text, after->coefficients[i]);
      g_string_append (text, "  (Δ = ");
      append_number (text, after->coefficients[i] - before->coefficients[i]);
      g_string_append (text, ")\n");
    }
  append_rest (text, account);
}

/* Writes what the slope promised, what the curvature took back, and what came of it. */
static void
append_ledger (GString *text,
               const AgAccount *account)
{
  g_string_append (text, "L = ");
  append_number (text, account->loss);
  g_string_append (text, " → ");
  append_number (text, account->final_loss);
  g_string_append (text, "\nΔL = gᵀΔ + ½ ΔᵀHΔ");
  g_string_append (text, account->is_quadratic ? " = " : " + … = ");
  append_number (text, account->promised);
  g_string_append (text, " + ");
  append_number (text, account->taken_back);
  if (!account->is_quadratic)
    {
      g_string_append (text, " + ");
      append_number (text, account->beyond);
    }
  g_string_append (text, " = ");
  append_number (text, account->final_loss - account->loss);
  g_string_append_c (text, '\n');
}

/* The directions of a loss that is a parabola along each, the slowest first: how curved it is,
 * and what a step makes of the distance to the bottom, 1 − η λ without momentum. */
static void
append_directions (GString *text,
                   const AgAccount *account)
{
  for (guint i = 0; i < account->n && account->is_quadratic; i++)
    {
      const AgDirection *direction = &account->directions[i];
      g_autofree gboolean *is_meant = g_new0 (gboolean, account->n);
      g_autofree char *names = NULL;
      char curvature[32], factor[32];

      if (isnan (direction->factor))
        return;
      is_meant[i] = TRUE;
      names = ag_words_directions (account, is_meant);
      converge_axis_format (direction->curvature, 4, curvature, sizeof curvature);
      converge_axis_format (direction->factor, 4, factor, sizeof factor);
      g_string_append_printf (text, _ ("along %s: λ = %s, distance × %s\n"),
                              names, curvature, factor);
    }
}

/* How near the steps are to the edge of stability. */
static void
append_edge (GString *text,
             const AgAccount *account)
{
  char share[32];

  if (!isfinite (account->edge))
    return;
  converge_axis_format (100 * account->edge, 3, share, sizeof share);
  g_string_append_printf (text, _ ("sharpness: %s %% of the edge\n"), share);
}

/**
 * converge_step_text:
 * @spec: a run
 * @account: the account of one of its steps
 * @stop: a part of the step
 *
 * Returns: (transfer full): what that part did, in lines of text with the step's numbers
 */
char *
converge_step_text (const AgRunSpec *spec,
                    const AgAccount *account,
                    AgStop stop)
{
  GString *text = g_string_new (NULL);

  switch (stop)
    {
    case AG_STOP_PREDICT:
      append_prediction (text, spec, account);
      break;
    case AG_STOP_LOSS:
      g_string_append_printf (text, "L = %s = ", _ (spec->loss->title));
      append_number (text, account->loss);
      break;
    case AG_STOP_GRADIENT:
      append_gradients (text, account);
      break;
    case AG_STOP_OPTIMIZER:
      append_rules (text, spec, account);
      break;
    case AG_STOP_UPDATE:
    case AG_N_STOPS:
    default:
      append_update (text, account);
      append_ledger (text, account);
      append_directions (text, account);
      append_edge (text, account);
    }
  g_strchomp (text->str);
  return g_string_free (text, FALSE);
}
