/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "converge-field.h"

#include "base/error.h"
#include "base/number.h"
#include "data/expression.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* "1e-06" as people write it: "1e-6". */
static char *
format_number (double value)
{
  g_autofree char *text = ag_number_to_string (value);
  GString *string = g_string_new (text);

  g_string_replace (string, "e-0", "e-", 1);
  if (g_str_has_suffix (string->str, ".0"))
    g_string_truncate (string, string->len - 2);
  return g_string_free (string, FALSE);
}

static char *
format_place (double x)
{
  if (fabs (x) == G_PI)
    return g_strdup (x < 0 ? "-π" : "π");
  return format_number (x);
}

static gboolean
fail (GError **error,
      const char *sentence)
{
  g_set_error_literal (error, AG_ERROR, AG_ERROR_ARGUMENT, sentence);
  return FALSE;
}

static gboolean
parse_count (const char *text,
             gint64 least,
             gint64 most,
             gint64 *count,
             GError **error)
{
  double value;

  if (ag_number_parse (text, &value) && value == floor (value) && value >= (double) least
      && value <= (double) most)
    {
      *count = (gint64) value;
      return TRUE;
    }
  g_set_error (error, AG_ERROR, AG_ERROR_ARGUMENT,
               _ ("Give a whole number from %lld to %lld."), (long long) least, (long long) most);
  return FALSE;
}

static char *
format_rate (const AgRun *run)
{
  return format_number (run->learning_rate);
}

static gboolean
parse_rate (const char *text,
            AgRun *run,
            GError **error)
{
  double value;

  if (!ag_number_parse (text, &value) || !isfinite (value) || value <= 0)
    return fail (error, _ ("Give a number above 0, such as 1e-6."));
  run->learning_rate = value;
  return TRUE;
}

static char *
format_steps (const AgRun *run)
{
  return g_strdup_printf ("%" G_GINT64_FORMAT, run->steps);
}

static gboolean
parse_steps (const char *text,
             AgRun *run,
             GError **error)
{
  return parse_count (text, 1, AG_RUN_MAX_STEPS, &run->steps, error);
}

static char *
format_target (const AgRun *run)
{
  return g_strdup (run->target);
}

static gboolean
parse_target (const char *text,
              AgRun *run,
              GError **error)
{
  return ag_run_set_target (run, text, error);
}

static char *
format_from (const AgRun *run)
{
  return format_place (run->x_minimum);
}

static gboolean
parse_from (const char *text,
            AgRun *run,
            GError **error)
{
  return ag_expression_parse_number (text, &run->x_minimum, error);
}

static char *
format_to (const AgRun *run)
{
  return format_place (run->x_maximum);
}

static gboolean
parse_to (const char *text,
          AgRun *run,
          GError **error)
{
  return ag_expression_parse_number (text, &run->x_maximum, error);
}

static char *
format_points (const AgRun *run)
{
  return g_strdup_printf ("%" G_GINT64_FORMAT, run->points);
}

static gboolean
parse_points (const char *text,
              AgRun *run,
              GError **error)
{
  return parse_count (text, 2, AG_RUN_MAX_POINTS, &run->points, error);
}

static char *
format_seed (const AgRun *run)
{
  return g_strdup_printf ("%" G_GUINT64_FORMAT, run->seed);
}

static gboolean
parse_seed (const char *text,
            AgRun *run,
            GError **error)
{
  g_autofree char *stripped = g_strstrip (g_strdup (text));
  const guint64 most = ag_generator_max_seed (run->program->generator);

  if (g_ascii_string_to_unsigned (stripped, 10, 0, most, &run->seed, NULL))
    return TRUE;
  g_set_error (error, AG_ERROR, AG_ERROR_ARGUMENT, _ ("Give a whole number from 0 to %llu."),
               (unsigned long long) most);
  return FALSE;
}

static char *
format_init (const AgRun *run)
{
  GString *text;

  if (run->init != AG_INIT_VALUES)
    return g_strdup (run->init == AG_INIT_SEED ? "seed" : "published");
  text = g_string_new (NULL);
  for (guint i = 0; i < run->program->n_parameters; i++)
    {
      g_autofree char *number = format_number (run->values[i]);

      if (!isnan (run->values[i]))
        g_string_append_printf (text, "%s%s=%s", text->len > 0 ? ", " : "",
                                run->program->parameters[i].name, number);
    }
  /* All of them may have been said to be drawn. */
  if (text->len == 0)
    g_string_append (text, "seed");
  return g_string_free (text, FALSE);
}

static gboolean
parse_init (const char *text,
            AgRun *run,
            GError **error)
{
  if (strchr (text, '=') == NULL && strcmp (text, "seed") != 0 && strcmp (text, "published") != 0)
    return fail (error, _ ("Give values, such as a=0.5, b=-1. Those left out are drawn."));
  return ag_run_parse_init (run, text, error);
}

static const struct
{
  const char *id;
  char *(*format) (const AgRun *run);
  gboolean (*parse) (const char *text,
                     AgRun *run,
                     GError **error);
  gboolean (*check) (const AgRun *run,
                     GError **error);
} fields[CONVERGE_FIELD_OPTION] = {
  [CONVERGE_FIELD_LEARNING_RATE]
  = { "learning-rate", format_rate, parse_rate, ag_run_check_learning_rate },
  [CONVERGE_FIELD_STEPS] = { "steps", format_steps, parse_steps, ag_run_check_steps },
  [CONVERGE_FIELD_TARGET] = { "target", format_target, parse_target, ag_run_check_target },
  [CONVERGE_FIELD_FROM] = { "from", format_from, parse_from, ag_run_check_interval },
  [CONVERGE_FIELD_TO] = { "to", format_to, parse_to, ag_run_check_interval },
  [CONVERGE_FIELD_POINTS] = { "points", format_points, parse_points, ag_run_check_points },
  [CONVERGE_FIELD_SEED] = { "seed", format_seed, parse_seed, ag_run_check_seed },
  [CONVERGE_FIELD_INIT] = { "init", format_init, parse_init, ag_run_check_init },
};

static gboolean
parse_option (guint option,
              const char *text,
              AgRun *run,
              GError **error)
{
  double value;

  if (!ag_number_parse (text, &value))
    return fail (error, _ ("Give a number, such as 0.9."));
  if (!ag_optimizer_option_check (run->optimizer, option, value, error))
    return FALSE;
  run->options[option] = value;
  return TRUE;
}

/* Options that are wrong together are the fault of one of them. */
static gboolean
check_option (guint option,
              const AgRun *run,
              GError **error)
{
  g_autoptr (GError) own = NULL;
  guint wrong;

  if (ag_optimizer_options_check (run->optimizer, run->options, &wrong, &own) || wrong != option)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&own));
  return FALSE;
}

/**
 * converge_field_n:
 * @run: a run
 *
 * Returns: how many fields it has; the last ones are its optimizer's options
 */
guint
converge_field_n (const AgRun *run)
{
  return CONVERGE_FIELD_OPTION + run->optimizer->n_options;
}

/**
 * converge_field_id:
 * @field: a field that @run has
 * @run: a run
 *
 * Returns: (transfer none): its name, under which it is kept
 */
const char *
converge_field_id (ConvergeField field,
                   const AgRun *run)
{
  return field < CONVERGE_FIELD_OPTION ? fields[field].id
                                       : run->optimizer->options[field - CONVERGE_FIELD_OPTION].id;
}

/**
 * converge_field_format:
 * @field: a field that @run has
 * @run: a run
 *
 * Returns: (transfer full): its value as it is typed
 */
char *
converge_field_format (ConvergeField field,
                       const AgRun *run)
{
  return field < CONVERGE_FIELD_OPTION ? fields[field].format (run)
                                       : format_number (run->options[field - CONVERGE_FIELD_OPTION]);
}

/**
 * converge_field_parse:
 * @field: a field that @run has
 * @text: what was typed
 * @run: (inout): the run
 * @error: return location for an %AG_ERROR_ARGUMENT that says what it accepts
 *
 * Sets a field to what was typed.
 *
 * Returns: whether it was understood; else @run stays as it was
 */
gboolean
converge_field_parse (ConvergeField field,
                      const char *text,
                      AgRun *run,
                      GError **error)
{
  AgRun changed = *run;
  gboolean is_understood = field < CONVERGE_FIELD_OPTION
                             ? fields[field].parse (text, &changed, error)
                             : parse_option (field - CONVERGE_FIELD_OPTION, text, &changed, error);

  if (is_understood)
    *run = changed;
  return is_understood;
}

/**
 * converge_field_check:
 * @field: a field that @run has
 * @run: a run
 * @error: return location for a sentence on what is wrong
 *
 * Fields that are wrong only together may all be the ones to change, as where an
 * interval begins and ends.
 *
 * Returns: whether a run can be made with the value of that field, as far as it is to
 *   blame
 */
gboolean
converge_field_check (ConvergeField field,
                      const AgRun *run,
                      GError **error)
{
  return field < CONVERGE_FIELD_OPTION ? fields[field].check (run, error)
                                       : check_option (field - CONVERGE_FIELD_OPTION, run, error);
}
