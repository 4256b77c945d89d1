/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot/step-recent.h"

#include "plot/plot-axis.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Shows side by side what chance changed in the last steps of a net. */

/* "{e} x^4" as it is written by hand: "e x⁴". */
static char *
typeset (const char *term,
         gsize length)
{
  static const char *const raised[] = { "⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹" };
  GString *text = g_string_new (NULL);

  for (gsize i = 0; i < length; i++)
    if (term[i] == '^' && i + 1 < length && g_ascii_isdigit (term[i + 1]))
      g_string_append (text, raised[term[++i] - '0']);
    else if (term[i] != '{' && term[i] != '}')
      g_string_append_c (text, term[i]);
  return g_string_free (text, FALSE);
}

/**
 * converge_step_recent_terms:
 * @model: a model in whose formula the terms that come and go are marked with “?”
 * @structure: how many of these a step has
 *
 * Returns: (transfer full): these terms: "+ e x⁴ + e x⁵"
 */
char *
converge_step_recent_terms (const AgModelClass *model,
                            guint structure)
{
  g_auto (GStrv) terms = g_strsplit (model->formula, " + ", -1);
  GString *text = g_string_new (NULL);
  guint n = 0;

  for (guint i = 0; terms[i] != NULL && n < structure; i++)
    {
      g_autofree char *term = NULL;

      if (!g_str_has_suffix (terms[i], " ?"))
        continue;
      term = typeset (terms[i], strlen (terms[i]) - strlen (" ?"));
      g_string_append_printf (text, "%s+ %s", n > 0 ? " " : "", term);
      n++;
    }
  if (n == 0)
    g_string_append (text, _ ("none of the terms"));
  return g_string_free (text, FALSE);
}

/**
 * converge_step_recent_text:
 * @account: the account of a step
 * @nth: 0 for the step before the one before it, 1 for the one before it, 2 for itself
 *
 * Returns: (transfer full) (nullable): what that step did, in a few lines; %NULL if there was none,
 *   or the model is always the same
 */
char *
converge_step_recent_text (const AgAccount *account,
                           guint nth)
{
  const AgMoment *const moments[] = { account->earlier, account->before, account->after };
  const AgMoment *moment = moments[nth];
  g_autofree char *terms = NULL;
  char loss[32];

  if (moment == NULL || moment->step == 0 || moment->program->model->n_structures < 2
      || (nth == 1 && moment->step == account->after->step))
    return NULL;
  terms = converge_step_recent_terms (moment->program->model, moment->structure);
  converge_axis_format (moment->loss, 4, loss, sizeof loss);
  /* Translators: number of a step, the terms that it had, its loss. */
  return g_strdup_printf (_ ("step %lld\n%s\nloss %s"), (long long) moment->step, terms, loss);
}
