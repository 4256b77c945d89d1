/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "optimum-table.h"

#include "table.h"

#include <math.h>

/* Digits of estimates, and of what says how certain they are. */
#define N_DIGITS "%.10g"
#define N_ERROR_DIGITS "%.4g"
#define N_CONDITION_DIGITS "%.3g"

static const char *
format (double value,
        const char *digits,
        char text[G_ASCII_DTOSTR_BUF_SIZE])
{
  return isnan (value) ? "unknown" : g_ascii_formatd (text, G_ASCII_DTOSTR_BUF_SIZE, digits, value);
}

static void
append_figure (GString *text,
               const char *name,
               double value,
               const char *digits)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE];

  if (!isnan (value))
    g_string_append_printf (text, "%s %s", name, format (value, digits, number));
}

/**
 * converge_optimum_table:
 * @spec: a specification
 * @data: its points
 * @optimum: (nullable): where a run of it converges to
 *
 * Returns: (transfer full): what is known of it, in lines: each parameter with its standard error,
 *   which is unknown where the data do not decide all parameters or the loss is not one of squares,
 *   the loss, and what it explains. Of standardized points the parameters are in the units of the
 *   file where the model allows, and the heading says of which x and y they are
 */
char *
converge_optimum_table (const AgRunSpec *spec,
                        const AgData *data,
                        const AgOptimum *optimum)
{
  const AgModelClass *model = spec->program->model;
  const AgScale *scale = ag_data_scale (data);
  g_autoptr (AgOptimum) expanded = NULL;
  g_autoptr (ConvergeTable) table = converge_table_new (3);
  GString *text;

  if (optimum == NULL)
    return g_strdup ("Optimum: none was found.");
  if (scale != NULL)
    expanded = ag_optimum_expand (optimum, scale, model);
  text = g_string_new (optimum->is_exact ? "Optimum" : "Best found");
  if (expanded != NULL)
    g_string_append (text, ", in the units of the file");
  else if (scale != NULL)
    g_string_append (text, ", of standardized x and y");
  g_string_append (text, ":\n");
  converge_table_add (table, "parameter", "value", "standard error", NULL);
  for (guint i = 0; i < model->n_parameters; i++)
    {
      const AgOptimum *shown = expanded != NULL ? expanded : optimum;
      char value[G_ASCII_DTOSTR_BUF_SIZE], error[G_ASCII_DTOSTR_BUF_SIZE];
      g_autofree char *unit = scale == NULL ? ag_run_spec_unit (spec, i) : NULL;
      g_autofree char *name = unit != NULL
                                ? g_strdup_printf ("%s in %s", model->parameters[i], unit)
                                : g_strdup (model->parameters[i]);

      converge_table_add (table, name,
                          format (shown->coefficients[i], N_DIGITS, value),
                          expanded == NULL && ag_run_spec_is_held (spec, i)
                            ? "held"
                            : format (shown->standard_errors[i], N_ERROR_DIGITS, error),
                          NULL);
    }
  converge_table_append_to (table, text, 0);
  append_figure (text, scale != NULL ? "Loss of standardized points" : "Loss", optimum->loss,
                 N_DIGITS);
  append_figure (text, ", residual standard deviation",
                 (expanded != NULL ? expanded : optimum)->residual_deviation, N_ERROR_DIGITS);
  append_figure (text, ", R²", optimum->r_squared, N_DIGITS);
  append_figure (text, optimum->is_exact ? ", condition number" : ", condition number of JᵀJ",
                 ag_optimum_condition (optimum), N_CONDITION_DIGITS);
  return g_string_free (text, FALSE);
}
