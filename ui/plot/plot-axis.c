/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot/plot-axis.h"

#include <math.h>
#include <string.h>

/* The least and greatest values a logarithmic axis can be asked for. */
#define LOG_LIMIT 307

/**
 * converge_axis_scale:
 * @axis: an axis
 * @value: a value; above 0 if the axis is logarithmic
 *
 * Returns: the value on a scale that is even along the axis
 */
double
converge_axis_scale (const ConvergeAxis *axis,
                     double value)
{
  return axis->is_log ? log10 (value) : value;
}

/**
 * converge_axis_unscale:
 * @axis: an axis
 * @scaled: what converge_axis_scale() returned
 *
 * Returns: the value
 */
double
converge_axis_unscale (const ConvergeAxis *axis,
                       double scaled)
{
  return axis->is_log ? pow (10, CLAMP (scaled, -LOG_LIMIT, LOG_LIMIT)) : scaled;
}

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

/* 1, 2 or 5 times a power of ten. */
static double
nice_step (double length,
           guint n_wanted)
{
  double rough = length / MAX (1, n_wanted);
  double power = pow (10, floor (log10 (rough)));

  if (rough <= power)
    return power;
  if (rough <= 2 * power)
    return 2 * power;
  return rough <= 5 * power ? 5 * power : 10 * power;
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

static guint
linear_ticks (double minimum,
              double maximum,
              guint n_wanted,
              ConvergeTick *ticks)
{
  double step = nice_step (maximum - minimum, n_wanted);
  double largest = fmax (fabs (minimum), fabs (maximum));
  guint digits = (guint) CLAMP (floor (log10 (largest)) - floor (log10 (step)) + 1, 1, 15);
  guint n_ticks = 0;

  for (double i = ceil (minimum / step - 1e-9); i * step <= maximum + 1e-9 * step; i++)
    add_tick (ticks, &n_ticks, i * step, FALSE, digits);
  return n_ticks;
}

/* Decades, or every second or fifth of them, and what is between two; where
 * less than two decades are seen, also two and five times a power of ten. */
static guint
log_ticks (double minimum,
           double maximum,
           guint n_wanted,
           ConvergeTick *ticks)
{
  gint first = (gint) floor (log10 (minimum)), last = (gint) ceil (log10 (maximum));
  gint step = MAX (1, (gint) ceil ((double) (last - first) / MAX (1, n_wanted)));
  gboolean labels_between = log10 (maximum / minimum) < 2;
  guint n_ticks = 0;

  for (gint decade = first; decade <= last; decade++)
    for (gint times = 1; times < 10; times++)
      {
        double value = times * pow (10, decade);
        gboolean is_label = times == 1 ? (decade - first) % step == 0
                                       : labels_between && (times == 2 || times == 5);

        if (value < minimum * (1 - 1e-9) || value > maximum * (1 + 1e-9))
          continue;
        if (is_label)
          add_tick (ticks, &n_ticks, value, FALSE, 1);
        else if (step == 1 && last - first <= 7)
          add_tick (ticks, &n_ticks, value, TRUE, 0);
      }
  return n_ticks;
}

/**
 * converge_axis_ticks:
 * @axis: an axis
 * @minimum: one end of what it shows
 * @maximum: the other, greater one
 * @n_wanted: about how many labels there is room for
 * @ticks: (out caller-allocates): room for %CONVERGE_AXIS_MAX_TICKS
 *
 * Finds round values along an axis.
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
  guint n_ticks;

  if (!axis->is_log)
    return linear_ticks (minimum, maximum, n_wanted, ticks);

  n_ticks = log_ticks (minimum, maximum, n_wanted, ticks);
  for (guint i = 0, n_labels = 0; i < n_ticks; i++)
    if (!ticks[i].is_minor && ++n_labels == 2)
      return n_ticks;
  /* Within a fraction of a decade a logarithm is nearly straight. */
  return linear_ticks (minimum, maximum, n_wanted, ticks);
}
