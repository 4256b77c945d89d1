/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "train/sweep-axis.h"

#include "base/error.h"
#include "base/number.h"
#include "data/expression.h"
#include "train/setting.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* A range is written with dots between its ends; how its values are spaced may follow. */
#define DOTS ".."
#define LOG ":log"
#define LINEAR ":linear"

/* A range whose end is so many times its beginning goes by the logarithm where nothing
 * else is said. */
#define LOG_RATIO 20

/**
 * Range:
 *
 * The parts of a range as they were typed.
 */
typedef struct
{
  double from;
  double to;
  gboolean is_log;
} Range;

/**
 * ag_sweep_can_have:
 * @setting: a setting
 *
 * Returns: whether it is a number that a run's losses depend on, of which a sweep can go
 *   through a range
 */
gboolean
ag_sweep_can_have (const AgSetting *setting)
{
  switch (setting->kind)
    {
    case AG_SETTING_NUMBER:
    case AG_SETTING_COUNT:
    case AG_SETTING_SEED:
      return setting->group != AG_SETTING_OF_MACHINE;
    case AG_SETTING_FLAG:
    case AG_SETTING_CHOICE:
    case AG_SETTING_TEXT:
    default:
      return FALSE;
    }
}

/**
 * ag_sweep_is_range:
 * @text: what was typed for a setting
 *
 * Returns: whether it is meant as a range of values, as "1e-8..1e-4" is
 */
gboolean
ag_sweep_is_range (const char *text)
{
  return strstr (text, DOTS) != NULL;
}

static gboolean
refuse (const char *id,
        const char *range,
        const char *instead,
        GError **error)
{
  g_set_error (error, AG_ERROR, AG_ERROR_ARGUMENT, _ ("“%s” cannot go through “%s”. %s"), id, range,
               instead);
  return FALSE;
}

static gboolean
parse_range (const char *id,
             const char *text,
             Range *range,
             GError **error)
{
  const char *dots = strstr (text, DOTS);
  g_autofree char *first = NULL;
  g_autofree char *last = NULL;
  const char *how;

  if (dots == NULL)
    return refuse (id, text, _ ("Give two numbers with two dots between them: “1e-8..1e-4”."), error);
  first = g_strndup (text, (gsize) (dots - text));
  dots += strlen (DOTS);
  last = g_strndup (dots, strcspn (dots, ":"));
  how = dots + strlen (last);
  if (*how != '\0' && strcmp (how, LOG) != 0 && strcmp (how, LINEAR) != 0)
    return refuse (id, text, _ ("Only “:log” or “:linear” may follow a range."), error);
  if (!ag_expression_parse_number (first, &range->from, error)
      || !ag_expression_parse_number (last, &range->to, error))
    return FALSE;
  if (!(range->from < range->to) || !isfinite (range->to - range->from))
    return refuse (id, text, _ ("Let it begin at a smaller number than the one it ends at."), error);
  if (strcmp (how, LOG) == 0 && range->from <= 0)
    return refuse (id, text, _ ("Only numbers above 0 have logarithms. Write “:linear” behind it."),
                   error);
  range->is_log = *how != '\0' ? strcmp (how, LOG) == 0
                               : range->from > 0 && range->to >= LOG_RATIO * range->from;
  return TRUE;
}

/* People type a value that they have found, so that six digits are better than
 * seventeen. */
static double
round_value (double value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  return g_ascii_strtod (g_ascii_formatd (text, sizeof text, "%.6g", value), NULL);
}

static double
find_value (const Range *range,
            double share)
{
  return range->is_log ? range->from * pow (range->to / range->from, share)
                       : range->from + (range->to - range->from) * share;
}

static void
fill (AgSweepAxis *axis,
      const Range *range,
      guint n,
      double (*round) (double value))
{
  axis->n = 0;
  for (guint i = 0; i < n; i++)
    {
      double value = round (find_value (range, (double) i / (n - 1)));

      /* The ends are those that were typed. */
      if (i == 0 || i == n - 1)
        value = i == 0 ? range->from : range->to;
      if (axis->n == 0 || value > axis->values[axis->n - 1])
        axis->values[axis->n++] = value;
    }
}

static double
keep_value (double value)
{
  return value;
}

static gboolean
is_whole (const AgSweepAxis *axis)
{
  return axis->setting != NULL
         && (axis->setting->kind == AG_SETTING_COUNT || axis->setting->kind == AG_SETTING_SEED);
}

/* Whole numbers are so many as there are; of other numbers all are there, if need be with
 * more digits. */
static gboolean
find_values (AgSweepAxis *axis,
             const char *text,
             guint n,
             GError **error)
{
  Range range;

  if (!parse_range (axis->id, text, &range, error))
    return FALSE;
  if (is_whole (axis) && (range.from != floor (range.from) || range.to != floor (range.to)))
    return refuse (axis->id, text, _ ("Give whole numbers."), error);
  axis->is_log = range.is_log;
  axis->values = g_new (double, n);
  if (is_whole (axis))
    {
      fill (axis, &range, n, rint);
      return TRUE;
    }
  fill (axis, &range, n, round_value);
  if (axis->n < n)
    fill (axis, &range, n, keep_value);
  return TRUE;
}

static gboolean
find_parameter (const char *name,
                const AgRunSpec *spec,
                guint *parameter,
                GError **error)
{
  const gint found = ag_model_class_find_parameter (spec->program->model, name);

  *parameter = (guint) MAX (found, 0);
  if (found >= 0)
    return TRUE;
  g_set_error (error, AG_ERROR, AG_ERROR_ARGUMENT, _ ("The program “%s” has no parameter “%s”."),
               spec->program->id, name);
  return FALSE;
}

static gboolean
find_setting (const char *id,
              const AgRunSpec *spec,
              const AgSetting **setting,
              GError **error)
{
  *setting = ag_setting_find (spec, id);
  if (*setting != NULL)
    return TRUE;
  g_set_error (error, AG_ERROR, AG_ERROR_ARGUMENT, _ ("The optimizer %s has no option “%s”."),
               spec->optimizer->title, id);
  return FALSE;
}

static gboolean
find_subject (AgSweepAxis *axis,
              const AgRunSpec *spec,
              GError **error)
{
  if (g_str_has_prefix (axis->id, AG_SWEEP_INIT))
    return find_parameter (axis->id + strlen (AG_SWEEP_INIT), spec, &axis->parameter, error);
  if (!find_setting (axis->id, spec, &axis->setting, error))
    return FALSE;
  if (ag_sweep_can_have (axis->setting))
    return TRUE;
  g_set_error (error, AG_ERROR, AG_ERROR_ARGUMENT,
               _ ("“%s” is no number that a run's losses depend on, and has no range. Give a range "
                  "for the learning rate, say: “1e-8..1e-4”."),
               axis->id);
  return FALSE;
}

/**
 * ag_sweep_axis_new:
 * @spec: a run that is made with each value
 * @id: a setting's id, or "init." and the name of a parameter
 * @range: what was typed: "1e-8..1e-4". What goes from a positive number to one twenty
 *   times as great goes by the logarithm, else in even steps, unless “:log” or
 *   “:linear” follows
 * @n: how many values are wanted, from %AG_SWEEP_MIN_VALUES to %AG_SWEEP_MAX_VALUES
 * @error: return location for an %AG_ERROR_ARGUMENT
 *
 * Finds the values of a range, its ends among them. They are rounded to six digits, and
 * what is counted to whole numbers, of which there may be fewer than @n.
 *
 * Returns: (transfer full) (nullable): the axis, or %NULL with a sentence in @error
 */
AgSweepAxis *
ag_sweep_axis_new (const AgRunSpec *spec,
                   const char *id,
                   const char *range,
                   guint n,
                   GError **error)
{
  g_autoptr (AgSweepAxis) axis = g_new0 (AgSweepAxis, 1);

  g_return_val_if_fail (n >= AG_SWEEP_MIN_VALUES && n <= AG_SWEEP_MAX_VALUES, NULL);

  axis->id = g_strdup (id);
  if (!find_subject (axis, spec, error) || !find_values (axis, range, n, error))
    return NULL;
  return g_steal_pointer (&axis);
}

/**
 * ag_sweep_axis_copy:
 * @axis: an axis
 *
 * Returns: (transfer full): another one that is the same
 */
AgSweepAxis *
ag_sweep_axis_copy (const AgSweepAxis *axis)
{
  AgSweepAxis *copy = g_new (AgSweepAxis, 1);

  *copy = *axis;
  copy->id = g_strdup (axis->id);
  copy->values = g_memdup2 (axis->values, sizeof (double) * axis->n);
  return copy;
}

/**
 * ag_sweep_axis_free:
 * @axis: (transfer full): an axis
 */
void
ag_sweep_axis_free (AgSweepAxis *axis)
{
  g_free (axis->id);
  g_free (axis->values);
  g_free (axis);
}

/**
 * ag_sweep_axis_format:
 * @axis: an axis
 * @index: which of its values
 *
 * Returns: (transfer full): the value as files and command lines have it
 */
char *
ag_sweep_axis_format (const AgSweepAxis *axis,
                      guint index)
{
  if (is_whole (axis))
    return g_strdup_printf ("%.0f", axis->values[index]);
  return ag_number_to_string (axis->values[index]);
}

/**
 * ag_sweep_axis_is_of:
 * @axis: an axis
 * @spec: a specification
 * @error: return location for an %AG_ERROR_ARGUMENT
 *
 * Returns: whether such a run has what the axis gives values to
 */
gboolean
ag_sweep_axis_is_of (const AgSweepAxis *axis,
                     const AgRunSpec *spec,
                     GError **error)
{
  const AgSetting *setting;
  guint parameter;

  if (axis->setting == NULL)
    return find_parameter (axis->id + strlen (AG_SWEEP_INIT), spec, &parameter, error);
  return find_setting (axis->id, spec, &setting, error);
}

/**
 * ag_sweep_axis_now:
 * @axis: an axis
 * @spec: a specification
 *
 * Returns: the value that it has there of what the axis gives values to; NaN for an initial
 *   value that is drawn, and where the specification has no such setting or parameter
 */
double
ag_sweep_axis_now (const AgSweepAxis *axis,
                   const AgRunSpec *spec)
{
  g_autofree double *values = NULL;
  g_autofree char *text = NULL;
  const AgSetting *setting;
  guint parameter;

  if (axis->setting == NULL)
    {
      if (find_parameter (axis->id + strlen (AG_SWEEP_INIT), spec, &parameter, NULL))
        values = ag_run_spec_init_values (spec);
      return values != NULL ? values[parameter] : NAN;
    }
  if (!find_setting (axis->id, spec, &setting, NULL))
    return NAN;
  text = ag_setting_write (setting, spec);
  return g_ascii_strtod (text, NULL);
}

/**
 * ag_sweep_axis_apply:
 * @axis: an axis
 * @index: which of its values
 * @spec: (inout): a specification that has what the axis gives values to
 * @error: return location for an %AG_ERROR_ARGUMENT
 *
 * Gives a run one of the values. Whether it can be made so says ag_run_spec_check().
 *
 * Returns: whether the setting can have the value; else @spec stays as it was
 */
gboolean
ag_sweep_axis_apply (const AgSweepAxis *axis,
                     guint index,
                     AgRunSpec *spec,
                     GError **error)
{
  g_autofree char *text = ag_sweep_axis_format (axis, index);

  if (axis->setting != NULL)
    return ag_setting_parse (ag_setting_find (spec, axis->id), text, spec, error);
  ag_run_spec_set_init_value (spec, axis->parameter, axis->values[index]);
  return TRUE;
}
