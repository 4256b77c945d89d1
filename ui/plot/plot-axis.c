/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot/plot-axis.h"

#include <math.h>
#include <string.h>

/* How far a quotient may be from a whole number, or a value from an end, for it
 * to be meant. */
#define ROUNDING 1e-9

/* A range that ends at round numbers is about so many round steps long. */
#define ROUND_PARTS 5

/* The exponent of the greatest power of ten that is a double. */
#define GREATEST_STEP 1e308

/**
 * converge_axis_format:
 * @value: a number
 * @digits: significant digits, at least 1
 * @text: (out caller-allocates): where it is written
 * @size: room there
 *
 * Writes a number for reading: "0.25", "2000", "1e-6", with a point in every
 * locale and a true minus sign.
 */
void
converge_axis_format (double value,
                      guint digits,
                      char *text,
                      gsize size)
{
  char format[8], number[G_ASCII_DTOSTR_BUF_SIZE];
  GString *string;
  char *exponent;

  if (value == 0)
    value = 0;
  if (fabs (value) >= 1 && fabs (value) < 1e6)
    digits = MAX (digits, (guint) floor (log10 (fabs (value))) + 1);
  g_snprintf (format, sizeof format, "%%.%ug", MIN (digits, 17));
  g_ascii_formatd (number, sizeof number, format, value);

  string = g_string_new (number);
  exponent = strchr (number, 'e');
  if (exponent != NULL)
    {
      g_string_truncate (string, (gsize) (exponent - number));
      g_string_append_printf (string, "e%d", (gint) g_ascii_strtoll (exponent + 1, NULL, 10));
    }
  g_string_replace (string, "-", "−", 0);
  g_strlcpy (text, string->str, size);
  g_string_free (string, TRUE);
}

/* Returns a step of 1, 2 or 5 times a power of ten. Both ends are divided before they are
 * subtracted, because the difference of the greatest and the least number is not finite. */
static double
nice_step (ConvergeRange range,
           guint n_wanted)
{
  double rough = fmin (range.maximum / n_wanted - range.minimum / n_wanted, GREATEST_STEP);
  double power = pow (10, floor (log10 (rough)));

  if (rough <= power)
    return power;
  if (rough <= 2 * power)
    return 2 * power;
  return rough <= 5 * power ? 5 * power : 10 * power;
}

/* 1, 2 or 5 times a power of ten, the next one beyond a value or the value itself. */
static double
round_log (double value,
           gboolean is_up)
{
  static const double nice[] = { 1, 2, 5, 10 };
  const double power = pow (10, floor (log10 (value) + ROUNDING));
  guint i = is_up ? 0 : G_N_ELEMENTS (nice) - 1;

  while (is_up ? i + 1 < G_N_ELEMENTS (nice) && nice[i] * power < value * (1 - ROUNDING)
               : i > 0 && nice[i] * power > value * (1 + ROUNDING))
    i += is_up ? 1 : -1;
  return nice[i] * power;
}

/**
 * converge_axis_round_out:
 * @axis: an axis
 * @range: what it is to show; it can, see converge_axis_can_show()
 *
 * Finds round numbers for an axis to end at.
 *
 * Returns: a range around @range that ends at them, or @range itself where the axis
 *   cannot reach those
 */
ConvergeRange
converge_axis_round_out (const ConvergeAxis *axis,
                         ConvergeRange range)
{
  const double step = nice_step (range, ROUND_PARTS);
  ConvergeRange rounded;

  if (axis->is_log)
    rounded = (ConvergeRange){ round_log (range.minimum, FALSE), round_log (range.maximum, TRUE) };
  else
    rounded = (ConvergeRange){ floor (range.minimum / step + ROUNDING) * step,
                               ceil (range.maximum / step - ROUNDING) * step };
  return converge_axis_can_show (axis, rounded) ? rounded : range;
}

static void
add_tick (ConvergeTick *ticks,
          guint *n_ticks,
          double value,
          gboolean is_minor,
          guint digits)
{
  ConvergeTick *tick;

  if (*n_ticks == CONVERGE_AXIS_MAX_TICKS)
    return;
  tick = &ticks[(*n_ticks)++];
  tick->value = value;
  tick->is_minor = is_minor;
  tick->label[0] = '\0';
  if (!is_minor)
    converge_axis_format (value, digits, tick->label, sizeof tick->label);
}

/* Multiples of a step. They are counted, not reached by adding, so that there
 * is an end to them. */
static guint
multiples (ConvergeRange range,
           double step,
           ConvergeTick *ticks)
{
  double largest = fmax (fabs (range.minimum), fabs (range.maximum));
  double first = ceil (range.minimum / step - ROUNDING);
  double last = floor (range.maximum / step + ROUNDING);
  double n_digits = floor (log10 (largest)) - floor (log10 (step) + ROUNDING) + 1;
  guint n_ticks = 0;

  for (guint i = 0; i < CONVERGE_AXIS_MAX_TICKS && first + i <= last; i++)
    add_tick (ticks, &n_ticks, (first + i) * step, FALSE,
              (guint) CLAMP (n_digits, 1, CONVERGE_AXIS_MAX_DIGITS));
  return n_ticks;
}

/* A single label would say nothing of the scale. A step of a fifth of the length, rounded up to a
 * round number, fits into the length at least twice. */
static guint
linear_ticks (ConvergeRange range,
              guint n_wanted,
              ConvergeTick *ticks)
{
  guint n_ticks;

  do
    n_ticks = multiples (range, nice_step (range, n_wanted), ticks);
  while (n_ticks < 2 && n_wanted++ < 5);
  return n_ticks;
}

/* Decades, or every second or fifth of them, and what is between two; where
 * less than two decades are seen, also two and five times a power of ten. */
static guint
log_ticks (ConvergeRange range,
           gint step,
           ConvergeTick *ticks)
{
  gint first = (gint) floor (log10 (range.minimum)), last = (gint) ceil (log10 (range.maximum));
  gboolean labels_between = log10 (range.maximum) - log10 (range.minimum) < 2;
  guint n_ticks = 0;

  for (gint decade = first; decade <= last; decade++)
    for (gint times = 1; times < 10; times++)
      {
        double value = times * pow (10, decade);
        gboolean is_label = times == 1 ? (decade - first) % step == 0
                                       : labels_between && (times == 2 || times == 5);

        if (value < range.minimum * (1 - ROUNDING) || value > range.maximum * (1 + ROUNDING))
          continue;
        if (is_label)
          add_tick (ticks, &n_ticks, value, FALSE, 1);
        else if (step == 1 && last - first <= 7)
          add_tick (ticks, &n_ticks, value, TRUE, 0);
      }
  return n_ticks;
}

static gboolean
has_two_labels (const ConvergeTick *ticks,
                guint n_ticks)
{
  guint n_labels = 0;

  for (guint i = 0; i < n_ticks; i++)
    n_labels += !ticks[i].is_minor;
  return n_labels >= 2;
}

/**
 * converge_axis_ticks:
 * @axis: an axis
 * @minimum: one end of what it shows
 * @maximum: the other, greater one
 * @n_wanted: about how many labels there is room for
 * @ticks: (out caller-allocates): room for %CONVERGE_AXIS_MAX_TICKS
 *
 * Finds round values along an axis; ends that it cannot go between become what
 * converge_axis_range() makes of them.
 *
 * Returns: how many
 */
guint
converge_axis_ticks (const ConvergeAxis *axis,
                     double minimum,
                     double maximum,
                     guint n_wanted,
                     ConvergeTick *ticks)
{
  ConvergeRange range = converge_axis_range (axis, minimum, maximum, 0);
  gint n_decades;

  n_wanted = CLAMP (n_wanted, 1, CONVERGE_AXIS_MAX_TICKS / 2);
  if (!axis->is_log)
    return linear_ticks (range, n_wanted, ticks);

  n_decades = (gint) ceil (log10 (range.maximum)) - (gint) floor (log10 (range.minimum));
  for (gint step = MAX (1, (n_decades + (gint) n_wanted - 1) / (gint) n_wanted); step >= 1;
       step /= 2)
    {
      guint n_ticks = log_ticks (range, step, ticks);

      if (has_two_labels (ticks, n_ticks))
        return n_ticks;
    }
  /* Where less than a decade is seen, ticks are placed as on a linear axis, since a logarithm is
   * nearly straight there. */
  return linear_ticks (range, n_wanted, ticks);
}
