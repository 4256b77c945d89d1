/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot/run-text.h"

#include "plot/plot-axis.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* A run in words: what it fits, and with which settings. */

/**
 * converge_run_formula:
 * @run: a run
 * @coefficients: the values of its program's parameters
 *
 * Returns: (transfer full): what they are the coefficients of, as it is written by
 *   hand: "y = 0.5 − 0.25 x²"
 */
char *
converge_run_formula (const AgRun *run,
                      const double *coefficients)
{
  static const char *const written[][2] = {
    { "x^2", "x²" },
    { "x^3", "x³" },
    { "x^4", "x⁴" },
    { "x^5", "x⁵" },
    { "+ −", "− " },
  };
  GString *text = g_string_new (run->program->formula);

  for (guint i = 0; i < run->program->n_parameters; i++)
    {
      g_autofree char *place = g_strdup_printf ("{%s}", run->program->parameters[i].name);
      char number[32];

      converge_axis_format (coefficients[i], 4, number, sizeof number);
      g_string_replace (text, place, number, 0);
    }
  for (guint i = 0; i < G_N_ELEMENTS (written); i++)
    g_string_replace (text, written[i][0], written[i][1], 0);
  return g_string_free (text, FALSE);
}

/* The options that are not what the optimizer has by itself. */
static void
append_options (GString *text,
                const AgRun *run)
{
  for (guint i = 0; i < run->optimizer->n_options; i++)
    {
      const AgOptimizerOption *option = &run->optimizer->options[i];
      char number[32];

      if (run->options[i] == option->value)
        continue;
      converge_axis_format (run->options[i], 4, number, sizeof number);
      if (option->is_switch)
        g_string_append_printf (text, ", %s", _ (option->title));
      else
        g_string_append_printf (text, ", %s %s", _ (option->title), number);
    }
}

/**
 * converge_run_caption:
 * @run: a run
 * @learning_rate: the rate that it uses now
 *
 * Returns: (transfer full): the settings that decide its numbers, in one line:
 *   "Autograd · SGD, Momentum 0.9 · learning rate 1e−6 · 2000 steps · …"
 */
char *
converge_run_caption (const AgRun *run,
                      double learning_rate)
{
  GString *text = g_string_new (_ (run->program->title));
  char number[32];

  g_string_append_printf (text, " · %s", run->optimizer->title);
  append_options (text, run);
  converge_axis_format (learning_rate, 4, number, sizeof number);
  g_string_append_printf (text, _ (" · learning rate %s"), number);
  g_string_append_printf (text, _ (" · %lld steps"), (long long) run->steps);
  g_string_append_printf (text, _ (" · %lld points"), (long long) run->points);
  if (run->init == AG_INIT_SEED)
    g_string_append_printf (text, _ (" · seed %llu"), (unsigned long long) run->seed);
  g_string_append_printf (text, " · %s", ag_dtype_name (run->dtype));
  if (strcmp (run->device, "cpu") != 0)
    g_string_append (text, " · CUDA");
  return g_string_free (text, FALSE);
}
