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
format_rate (const AgRunSpec *spec)
{
  return format_number (spec->learning_rate);
}

static gboolean
parse_rate (const char *text,
            AgRunSpec *spec,
            GError **error)
{
  double value;

  if (!ag_number_parse (text, &value) || !isfinite (value) || value <= 0)
    return fail (error, _ ("Give a number above 0, such as 1e-6."));
  spec->learning_rate = value;
  return TRUE;
}

static char *
format_steps (const AgRunSpec *spec)
{
  return g_strdup_printf ("%" G_GINT64_FORMAT, spec->steps);
}

static gboolean
parse_steps (const char *text,
             AgRunSpec *spec,
             GError **error)
{
  return parse_count (text, 1, AG_RUN_MAX_STEPS, &spec->steps, error);
}

static char *
format_target (const AgRunSpec *spec)
{
  return g_strdup (spec->target);
}

static gboolean
parse_target (const char *text,
              AgRunSpec *spec,
              GError **error)
{
  return ag_run_spec_set_target (spec, text, error);
}

static char *
format_from (const AgRunSpec *spec)
{
  return format_place (spec->x_minimum);
}

static gboolean
parse_from (const char *text,
            AgRunSpec *spec,
            GError **error)
{
  return ag_expression_parse_number (text, &spec->x_minimum, error);
}

static char *
format_to (const AgRunSpec *spec)
{
  return format_place (spec->x_maximum);
}

static gboolean
parse_to (const char *text,
          AgRunSpec *spec,
          GError **error)
{
  return ag_expression_parse_number (text, &spec->x_maximum, error);
}

static char *
format_points (const AgRunSpec *spec)
{
  return g_strdup_printf ("%" G_GINT64_FORMAT, spec->points);
}

static gboolean
parse_points (const char *text,
              AgRunSpec *spec,
              GError **error)
{
  return parse_count (text, 2, AG_RUN_MAX_POINTS, &spec->points, error);
}

static char *
format_seed (const AgRunSpec *spec)
{
  return g_strdup_printf ("%" G_GUINT64_FORMAT, spec->seed);
}

static gboolean
parse_seed (const char *text,
            AgRunSpec *spec,
            GError **error)
{
  g_autofree char *stripped = g_strstrip (g_strdup (text));
  const guint64 most = ag_generator_max_seed (spec->program->generator);

  if (g_ascii_string_to_unsigned (stripped, 10, 0, most, &spec->seed, NULL))
    return TRUE;
  g_set_error (error, AG_ERROR, AG_ERROR_ARGUMENT, _ ("Give a whole number from 0 to %llu."),
               (unsigned long long) most);
  return FALSE;
}

static char *
format_init (const AgRunSpec *spec)
{
  GString *text;

  if (spec->init != AG_INIT_VALUES)
    return g_strdup (spec->init == AG_INIT_SEED ? "seed" : "published");
  text = g_string_new (NULL);
  for (guint i = 0; i < spec->program->model->n_parameters; i++)
    {
      g_autofree char *number = format_number (spec->values[i]);

      if (!isnan (spec->values[i]))
        g_string_append_printf (text, "%s%s=%s", text->len > 0 ? ", " : "",
                                spec->program->model->parameters[i], number);
    }
  /* All of them may have been said to be drawn. */
  if (text->len == 0)
    g_string_append (text, "seed");
  return g_string_free (text, FALSE);
}

static gboolean
parse_init (const char *text,
            AgRunSpec *spec,
            GError **error)
{
  if (strchr (text, '=') == NULL && strcmp (text, "seed") != 0 && strcmp (text, "published") != 0)
    return fail (error, _ ("Give values, such as a=0.5, b=-1. Those left out are drawn."));
  return ag_run_spec_parse_init (spec, text, error);
}

static const struct
{
  const char *id;
  char *(*format) (const AgRunSpec *spec);
  gboolean (*parse) (const char *text,
                     AgRunSpec *spec,
                     GError **error);
  gboolean (*check) (const AgRunSpec *spec,
                     GError **error);
} fields[CONVERGE_FIELD_OPTION] = {
  [CONVERGE_FIELD_LEARNING_RATE]
  = { "learning-rate", format_rate, parse_rate, ag_run_spec_check_learning_rate },
  [CONVERGE_FIELD_STEPS] = { "steps", format_steps, parse_steps, ag_run_spec_check_steps },
  [CONVERGE_FIELD_TARGET] = { "target", format_target, parse_target, ag_run_spec_check_target },
  [CONVERGE_FIELD_FROM] = { "from", format_from, parse_from, ag_run_spec_check_interval },
  [CONVERGE_FIELD_TO] = { "to", format_to, parse_to, ag_run_spec_check_interval },
  [CONVERGE_FIELD_POINTS] = { "points", format_points, parse_points, ag_run_spec_check_points },
  [CONVERGE_FIELD_SEED] = { "seed", format_seed, parse_seed, ag_run_spec_check_seed },
  [CONVERGE_FIELD_INIT] = { "init", format_init, parse_init, ag_run_spec_check_init },
};

static gboolean
parse_option (guint option,
              const char *text,
              AgRunSpec *spec,
              GError **error)
{
  double value;

  if (!ag_number_parse (text, &value))
    return fail (error, _ ("Give a number, such as 0.9."));
  if (!ag_optimizer_option_check (spec->optimizer, option, value, error))
    return FALSE;
  spec->options[option] = value;
  return TRUE;
}

/* Options that are wrong together are the fault of one of them. */
static gboolean
check_option (guint option,
              const AgRunSpec *spec,
              GError **error)
{
  g_autoptr (GError) own = NULL;
  guint wrong;

  if (ag_optimizer_options_check (spec->optimizer, spec->options, &wrong, &own) || wrong != option)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&own));
  return FALSE;
}

/**
 * converge_field_n:
 * @spec: a specification
 *
 * Returns: how many fields it has; the last ones are its optimizer's options
 */
guint
converge_field_n (const AgRunSpec *spec)
{
  return CONVERGE_FIELD_OPTION + spec->optimizer->n_options;
}

/**
 * converge_field_id:
 * @field: a field that @spec has
 * @spec: a specification
 *
 * Returns: (transfer none): its name, under which it is kept
 */
const char *
converge_field_id (ConvergeField field,
                   const AgRunSpec *spec)
{
  return field < CONVERGE_FIELD_OPTION ? fields[field].id
                                       : spec->optimizer->options[field - CONVERGE_FIELD_OPTION].id;
}

/**
 * converge_field_format:
 * @field: a field that @spec has
 * @spec: a specification
 *
 * Returns: (transfer full): its value as it is typed
 */
char *
converge_field_format (ConvergeField field,
                       const AgRunSpec *spec)
{
  return field < CONVERGE_FIELD_OPTION ? fields[field].format (spec)
                                       : format_number (spec->options[field - CONVERGE_FIELD_OPTION]);
}

/**
 * converge_field_parse:
 * @field: a field that @spec has
 * @text: what was typed
 * @spec: (inout): the run
 * @error: return location for an %AG_ERROR_ARGUMENT that says what it accepts
 *
 * Sets a field to what was typed.
 *
 * Returns: whether it was understood; else @spec stays as it was
 */
gboolean
converge_field_parse (ConvergeField field,
                      const char *text,
                      AgRunSpec *spec,
                      GError **error)
{
  AgRunSpec changed = *spec;
  gboolean is_understood = field < CONVERGE_FIELD_OPTION
                             ? fields[field].parse (text, &changed, error)
                             : parse_option (field - CONVERGE_FIELD_OPTION, text, &changed, error);

  if (is_understood)
    *spec = changed;
  return is_understood;
}

/**
 * converge_field_check:
 * @field: a field that @spec has
 * @spec: a specification
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
                      const AgRunSpec *spec,
                      GError **error)
{
  return field < CONVERGE_FIELD_OPTION ? fields[field].check (spec, error)
                                       : check_option (field - CONVERGE_FIELD_OPTION, spec, error);
}
