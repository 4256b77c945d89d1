/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot/code-values.h"

#include "plot/plot-axis.h"
#include "plot/run-text.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/* Beside a line there is room for what a few parameters have. */
#define MOST_PARAMETERS 4

static void
append_number (GString *text,
               double value)
{
  char number[32];

  converge_axis_format (value, 4, number, sizeof number);
  g_string_append (text, number);
}

static void
append_separator (GString *text)
{
  if (text->len > 0)
    g_string_append (text, ", ");
}

static const char *
name_of (const AgAccount *account,
         guint parameter)
{
  return account->after->program->model->parameters[parameter];
}

static void
append_gradient (GString *text,
                 const AgAccount *account,
                 guint parameter)
{
  append_separator (text);
  g_string_append_printf (text, "∂L/∂%s = ", name_of (account, parameter));
  if (isnan (account->after->gradients[parameter]))
    g_string_append (text, _ ("none"));
  else
    append_number (text, account->after->gradients[parameter]);
}

static void
append_states (GString *text,
               const AgAccount *account,
               guint parameter)
{
  const AgOptimizerClass *optimizer = account->after->optimizer;

  for (guint i = 0; i < optimizer->n_states; i++)
    {
      const double state = ag_moment_state (account->after, parameter, i);

      if (state == 0)
        continue;
      append_separator (text);
      g_string_append_printf (text, "%s(%s) = ", optimizer->states[i],
                              name_of (account, parameter));
      append_number (text, state);
    }
}

static void
append_value (GString *text,
              const AgAccount *account,
              guint parameter)
{
  append_separator (text);
  g_string_append_printf (text, "%s = ", name_of (account, parameter));
  append_number (text, account->after->coefficients[parameter]);
}

/* Tells the first parameters only if a model has many. */
static char *
tell_parameters (const AgAccount *account,
                 void (*append) (GString *text,
                                 const AgAccount *account,
                                 guint parameter))
{
  const guint n = account->after->n_parameters;
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < MIN (n, MOST_PARAMETERS + 1); i++)
    append (text, account, i);
  if (n > MOST_PARAMETERS + 1)
    g_string_append (text, ", …");
  return g_string_free (text, FALSE);
}

/**
 * converge_stop_value:
 * @spec: a run
 * @account: the account of one of its steps
 * @stop: a part of the step
 *
 * Returns: (transfer full): what the part came to, in a line: "L = 23.4"
 */
char *
converge_stop_value (const AgRunSpec *spec,
                     const AgAccount *account,
                     AgStop stop)
{
  g_autofree char *states = NULL;
  GString *text = g_string_new (NULL);

  switch (stop)
    {
    case AG_STOP_PREDICT:
      g_string_free (text, TRUE);
      return converge_run_text_formula (spec, account->before->coefficients);
    case AG_STOP_LOSS:
      g_string_append (text, "L = ");
      append_number (text, account->loss);
      break;
    case AG_STOP_GRADIENT:
      g_string_free (text, TRUE);
      return tell_parameters (account, append_gradient);
    case AG_STOP_OPTIMIZER:
      g_string_append (text, "lr = ");
      append_number (text, account->after->lr);
      states = tell_parameters (account, append_states);
      if (states[0] != '\0')
        g_string_append_printf (text, ", %s", states);
      break;
    case AG_STOP_UPDATE:
    case AG_N_STOPS:
    default:
      g_string_free (text, TRUE);
      return tell_parameters (account, append_value);
    }
  return g_string_free (text, FALSE);
}

/**
 * converge_code_value:
 * @spec: a run
 * @account: the account of one of its steps
 * @line: a line of what computes it
 *
 * Returns: (transfer full) (nullable): what there is once the line has run; %NULL if no part of
 *   the step comes to its result with it
 */
char *
converge_code_value (const AgRunSpec *spec,
                     const AgAccount *account,
                     const AgListingLine *line)
{
  GString *text;

  if (line->results == 0)
    return NULL;
  text = g_string_new (NULL);
  for (guint i = 0; i < AG_N_STOPS; i++)
    if ((line->results & 1u << i) != 0)
      {
        g_autofree char *value = NULL;

        if (i == AG_STOP_GRADIENT && line->parameter >= 0)
          {
            append_gradient (text, account, (guint) line->parameter);
            continue;
          }
        value = converge_stop_value (spec, account, (AgStop) i);
        if (text->len > 0)
          g_string_append (text, " · ");
        g_string_append (text, value);
      }
  return g_string_free (text, FALSE);
}
