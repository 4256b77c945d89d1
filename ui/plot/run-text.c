/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot/run-text.h"

#include "plot/plot-axis.h"

#include "data/table-text.h"
#include "model/formula-model.h"
#include "train/scale.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* A run in words: what it fits, and with which settings. */

static char *
number_to_string (double value)
{
  char number[32];

  converge_axis_format (value, 4, number, sizeof number);
  return g_strdup (number);
}

/* “x²” of “x^2”, but not of “x^2.5” or “x^20”. */
static void
raise_powers (GString *text)
{
  static const char *const raised[] = { "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹" };
  const char *at = text->str;

  while ((at = strstr (at, "x^")) != NULL)
    {
      const gsize sign = (gsize) (at - text->str) + 1;
      const char digit = text->str[sign + 1], next = digit != '\0' ? text->str[sign + 2] : '\0';

      if (digit >= '2' && digit <= '9' && !g_ascii_isdigit (next) && next != '.')
        {
          g_string_erase (text, (gssize) sign, 2);
          g_string_insert (text, (gssize) sign, raised[digit - '2']);
        }
      at = text->str + sign;
    }
}

/* Values that have a unit are told once more, with it: within the formula it could not be read. */
static void
append_units (GString *text,
              const AgRunSpec *spec,
              const double *coefficients)
{
  const char *separator = " (";

  for (guint i = 0; *spec->units != '\0' && i < spec->program->model->n_parameters; i++)
    {
      g_autofree char *unit = ag_run_spec_unit (spec, i);
      g_autofree char *number = unit != NULL ? number_to_string (coefficients[i]) : NULL;

      if (unit == NULL)
        continue;
      g_string_append_printf (text, "%s%s = %s %s", separator, spec->program->model->parameters[i],
                              number, unit);
      separator = ", ";
    }
  if (*spec->units != '\0')
    g_string_append_c (text, ')');
}

/**
 * converge_run_text_formula:
 * @spec: a specification
 * @coefficients: the values of its program's parameters
 *
 * Returns: (transfer full): what they are the coefficients of, as it is written by
 *   hand and in the units of a file: "y = 0.5 − 0.25 x²"
 */
char *
converge_run_text_formula (const AgRunSpec *spec,
                           const double *coefficients)
{
  static const char *const written[][2] = {
    { "**", "^" },
    { "*", "·" },
    { "-", "−" },
    { "+ −", "− " },
    { "W1", "W₁" },
    { "b1", "b₁" },
    { "W2", "W₂" },
    { "b2", "b₂" },
  };
  g_autoptr (AgData) data = ag_run_spec_find_data (spec);
  g_autofree char *formula
    = ag_run_spec_format (spec, data, coefficients, number_to_string);
  GString *text = g_string_new (formula);

  for (guint i = 0; i < G_N_ELEMENTS (written); i++)
    g_string_replace (text, written[i][0], written[i][1], 0);
  raise_powers (text);
  if (data == NULL || ag_data_scale (data) == NULL)
    append_units (text, spec, coefficients);
  return g_string_free (text, FALSE);
}

/* Whether a caption does not name a setting. */
static gboolean
leaves_out (const char *const *left_out,
            const char *id)
{
  return left_out != NULL && g_strv_contains (left_out, id);
}

/* The options that are not what the optimizer has by itself. */
static void
append_options (GString *text,
                const AgRunSpec *spec,
                const char *const *left_out)
{
  for (guint i = 0; i < spec->optimizer->n_options; i++)
    {
      const AgSetting *option = &spec->optimizer->options[i];
      char number[32];

      if (spec->options[i] == option->value || leaves_out (left_out, option->id))
        continue;
      converge_axis_format (spec->options[i], 4, number, sizeof number);
      if (option->kind == AG_SETTING_FLAG)
        g_string_append_printf (text, ", %s", _ (option->title));
      else
        g_string_append_printf (text, ", %s %s", _ (option->title), number);
    }
}

/* The points of a file are known only where it was read. */
static void
append_file (GString *text,
             const AgRunSpec *spec)
{
  g_autoptr (AgData) data = ag_run_spec_find_data (spec);
  g_autofree char *name = ag_data_file_name (spec->data);
  g_autofree char *described = data != NULL ? ag_table_describe (ag_data_table (data)) : NULL;

  g_string_append_printf (text, " · %s", name);
  if (described != NULL)
    g_string_append_printf (text, " · %s", described);
  if (spec->scale == AG_SCALING_STANDARD)
    g_string_append (text, _ (" · standardized"));
}

static void
append_rate (GString *text,
             const AgRunSpec *spec,
             double lr)
{
  char number[32];

  converge_axis_format (spec->lr, 4, number, sizeof number);
  g_string_append_printf (text, _ (" · learning rate %s"), number);
  if (lr == spec->lr)
    return;
  converge_axis_format (lr, 4, number, sizeof number);
  g_string_append_printf (text, _ (", then %s"), number);
}

static void
append_data (GString *text,
             const AgRunSpec *spec)
{
  AgRunSpec defaults;
  char from[32], to[32];

  if (ag_run_spec_has_file (spec))
    {
      append_file (text, spec);
      return;
    }
  ag_run_spec_init (&defaults, spec->program);
  if (strcmp (spec->target, defaults.target) != 0)
    g_string_append_printf (text, _ (" · target %s"), spec->target);
  if (spec->from == defaults.from && spec->to == defaults.to)
    return;
  converge_axis_format (spec->from, 4, from, sizeof from);
  converge_axis_format (spec->to, 4, to, sizeof to);
  g_string_append_printf (text, _ (" · x from %s to %s"), from, to);
}

static void
append_start (GString *text,
              const AgRunSpec *spec,
              const char *const *left_out)
{
  const char *separator = " · ";
  g_autofree double *values = ag_run_spec_init_values (spec);

  if (strcmp (spec->init, "published") == 0)
    {
      g_string_append (text, _ (" · begins as the printed run"));
      return;
    }
  for (guint i = 0; values != NULL && i < spec->program->model->n_parameters; i++)
    {
      char number[32];

      if (isnan (values[i]))
        continue;
      converge_axis_format (values[i], 4, number, sizeof number);
      g_string_append_printf (text, "%s%s = %s", separator, spec->program->model->parameters[i],
                              number);
      separator = ", ";
    }
  if (*spec->hold != '\0')
    g_string_append_printf (text, _ (" · %s held"), spec->hold);
  if (spec->tries > 1)
    g_string_append_printf (text, _ (" · best of %lld seeds"), (long long) spec->tries);
  if (!leaves_out (left_out, "seed"))
    g_string_append_printf (text, _ (" · seed %llu"), (unsigned long long) spec->seed);
}

static void
append_model (GString *text,
              const AgRunSpec *spec)
{
  const char *formula = ag_formula_model_text (spec->program->model);
  char delta[32];

  if (formula != NULL)
    g_string_append_printf (text, " · %s", formula);
  if (spec->loss != spec->program->loss)
    g_string_append_printf (text, " · %s", _ (spec->loss->title));
  converge_axis_format (spec->delta, 4, delta, sizeof delta);
  if (spec->loss->kind == AG_LOSS_HUBER)
    g_string_append_printf (text, ", δ = %s", delta);
}

/**
 * converge_run_text_settings_without:
 * @spec: a specification
 * @lr: the rate that it uses now
 * @left_out: (nullable) (array zero-terminated=1): ids of settings that are not named
 *
 * Returns: (transfer full): what converge_run_text_settings() says, but for those settings
 */
char *
converge_run_text_settings_without (const AgRunSpec *spec,
                                    double lr,
                                    const char *const *left_out)
{
  GString *text = g_string_new (_ (spec->program->title));

  append_model (text, spec);
  if (!leaves_out (left_out, "optimizer"))
    {
      g_string_append_printf (text, " · %s", spec->optimizer->title);
      append_options (text, spec, left_out);
    }
  if (!leaves_out (left_out, "lr"))
    append_rate (text, spec, lr);
  if (!leaves_out (left_out, "steps"))
    g_string_append_printf (text, _ (" · %lld steps"), (long long) spec->steps);
  if (!leaves_out (left_out, "points") && !ag_run_spec_has_file (spec))
    g_string_append_printf (text, _ (" · %lld points"), (long long) spec->points);
  append_data (text, spec);
  append_start (text, spec, left_out);
  g_string_append_printf (text, " · %s", ag_dtype_name (spec->dtype));
  if (strcmp (spec->device, "cpu") != 0)
    g_string_append (text, " · CUDA");
  return g_string_free (text, FALSE);
}

/**
 * converge_run_text_settings:
 * @spec: a specification
 * @lr: the rate that it uses now
 *
 * Returns: (transfer full): the settings that decide its numbers, in one line:
 *   "Autograd · SGD, Momentum 0.9 · learning rate 1e−6, then 2e−6 · 2000 steps · …"
 */
char *
converge_run_text_settings (const AgRunSpec *spec,
                            double lr)
{
  return converge_run_text_settings_without (spec, lr, NULL);
}

/* A coefficient that is less than this share of its error is 0 but for rounding. */
#define NOTHING 1e-9

/* More would not be read. */
#define MOST_PARAMETERS 12

/* A number without the digits that its error leaves open, but for one; and nothing but 0 of what
 * is no more than rounding. */
static void
format_estimate (double value,
                 double error,
                 char *text,
                 gsize size)
{
  double digits = 6;

  if (error > 0 && isfinite (error))
    {
      const double least = fabs (value) > NOTHING * error ? 0.01 * fabs (value) : INFINITY;
      const double quantum = pow (10, floor (log10 (fmin (error, least))) - 2);

      /* Adding 0 makes 0 of −0. */
      value = quantum * round (value / quantum) + 0.0;
      digits = value != 0 ? CLAMP (ceil (log10 (fabs (value) / quantum)), 1, 15) : 1;
    }
  converge_axis_format (value, (guint) digits, text, size);
}

static void
append_estimate (GString *text,
                 const char *name,
                 double value,
                 double error,
                 const char *unit)
{
  char number[32], deviation[32];

  format_estimate (value, error, number, sizeof number);
  converge_axis_format (error, 2, deviation, sizeof deviation);
  g_string_append_printf (text, isnan (error) || error == 0 ? "\n%s = %s" : "\n%s = %s ± %s", name, number,
                          deviation);
  if (unit != NULL)
    g_string_append_printf (text, " %s", unit);
}

static void
append_condition (GString *text,
                  const AgOptimum *optimum)
{
  const double condition = ag_optimum_condition (optimum);
  char number[32];

  if (isnan (condition))
    return;
  converge_axis_format (condition, 3, number, sizeof number);
  g_string_append_c (text, '\n');
  g_string_append_printf (text,
                          optimum->is_exact
                            ? _ ("Condition number %s")
                            : _ ("Condition number %s, of JᵀJ at the best fit found"),
                          number);
}

/**
 * converge_run_text_optimum:
 * @spec: a specification
 * @optimum: where a run of it converges to
 *
 * Returns: (transfer full): its loss, its coefficients with their standard errors if they are not
 *   too many, and how much it explains, a line each
 */
char *
converge_run_text_optimum (const AgRunSpec *spec,
                           const AgOptimum *optimum)
{
  const AgModelClass *model = spec->program->model;
  g_autoptr (AgData) data = ag_run_spec_find_data (spec);
  const AgScale *scale = data != NULL ? ag_data_scale (data) : NULL;
  g_autoptr (AgOptimum) expanded = scale != NULL ? ag_optimum_expand (optimum, scale, model) : NULL;
  const AgOptimum *shown = expanded != NULL ? expanded : optimum;
  GString *text = g_string_new (NULL);
  char number[32];

  converge_axis_format (optimum->loss, 6, number, sizeof number);
  g_string_printf (text,
                   optimum->is_exact ? _ ("Optimum, with standard errors: loss %s")
                                     : _ ("Best found, with standard errors: loss %s"),
                   number);
  for (guint i = 0; model->n_parameters <= MOST_PARAMETERS && i < model->n_parameters; i++)
    {
      g_autofree char *unit = scale == NULL ? ag_run_spec_unit (spec, i) : NULL;

      append_estimate (text, model->parameters[i], shown->coefficients[i],
                       shown->standard_errors[i], unit);
    }
  if (expanded != NULL)
    g_string_append (text, _ ("\nin the units of the file; the loss is that of standardized points"));
  else if (scale != NULL)
    g_string_append (text, _ ("\nof standardized x and y"));
  if (!isnan (optimum->r_squared))
    {
      converge_axis_format (optimum->r_squared, 5, number, sizeof number);
      g_string_append_printf (text, "\nR² = %s", number);
    }
  append_condition (text, optimum);
  return g_string_free (text, FALSE);
}

/**
 * converge_run_text_outcome:
 * @snapshot: (nullable): the state of a run
 *
 * Returns: (transfer full) (nullable): what the run has come to, to go on a caption
 *   with: "after 2000 steps: loss 8.816"; %NULL before its first step
 */
char *
converge_run_text_outcome (const AgSnapshot *snapshot)
{
  char loss[32];

  if (snapshot == NULL || snapshot->step == 0)
    return NULL;
  if (snapshot->state == AG_TRAINER_DIVERGED)
    return g_strdup_printf (_ ("diverged at step %lld"), (long long) snapshot->diverged_step);
  /* While the run is under way, only the loss before the last update is known. */
  converge_axis_format (isnan (snapshot->final_loss) ? snapshot->loss : snapshot->final_loss, 4,
                        loss, sizeof loss);
  return g_strdup_printf (isnan (snapshot->final_loss) ? _ ("after %lld steps: last loss %s")
                                                       : _ ("after %lld steps: loss %s"),
                          (long long) snapshot->step, loss);
}

/**
 * converge_run_text_duration:
 * @seconds: how long something took
 *
 * Returns: (transfer full): that in a few digits: "1.32 ms"
 */
char *
converge_run_text_duration (double seconds)
{
  char number[32];

  if (seconds < 1e-3)
    {
      converge_axis_format (1e6 * seconds, 3, number, sizeof number);
      return g_strdup_printf (_ ("%s µs"), number);
    }
  if (seconds < 1)
    {
      converge_axis_format (1e3 * seconds, 3, number, sizeof number);
      return g_strdup_printf (_ ("%s ms"), number);
    }
  if (seconds < 120)
    {
      converge_axis_format (seconds, 3, number, sizeof number);
      return g_strdup_printf (_ ("%s s"), number);
    }
  return g_strdup_printf (_ ("%lld min %lld s"), (long long) seconds / 60,
                          (long long) seconds % 60);
}

/**
 * converge_run_text_moment:
 * @moment: a moment of a run
 *
 * Returns: (transfer full): what the run had come to by then, as
 *   converge_run_text_outcome() says it of its newest moment
 */
char *
converge_run_text_moment (const AgMoment *moment)
{
  char loss[32];

  if (moment->step == 0)
    return g_strdup (_ ("before the first step"));
  converge_axis_format (moment->loss, 4, loss, sizeof loss);
  return g_strdup_printf (_ ("after %lld steps: last loss %s"), (long long) moment->step, loss);
}
