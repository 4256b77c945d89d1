/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/number.h"

#include <errno.h>
#include <math.h>
#include <string.h>

static char *
not_finite (double value)
{
  return g_strdup (isnan (value) ? "nan" : value > 0 ? "inf"
                                                     : "-inf");
}

/**
 * ag_number_to_string:
 * @value: a number
 *
 * Writes a number as Python's `repr ()` does: with as few digits as tell it
 * from all others, with a point or an exponent, in every locale.
 *
 * See: <https://docs.python.org/3/library/functions.html#repr>
 *
 * Returns: (transfer full): "110.25", "1e-06", "2.0", "nan"
 */
char *
ag_number_to_string (double value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];
  char format[8];
  char digits[32];
  gsize n_digits = 0;
  GString *string;
  const char *c;
  gint exponent;

  if (!isfinite (value))
    return not_finite (value);

  for (gint precision = 0; precision <= 16; precision++)
    {
      g_snprintf (format, sizeof format, "%%.%de", precision);
      g_ascii_formatd (text, sizeof text, format, value);
      if (g_ascii_strtod (text, NULL) == value)
        break;
    }
  for (c = text; *c != 'e'; c++)
    if (g_ascii_isdigit (*c))
      digits[n_digits++] = *c;
  while (n_digits > 1 && digits[n_digits - 1] == '0')
    n_digits--;
  exponent = (gint) g_ascii_strtoll (c + 1, NULL, 10);

  string = g_string_new (signbit (value) ? "-" : NULL);
  if (exponent < -4 || exponent >= 16)
    {
      g_string_append_c (string, digits[0]);
      if (n_digits > 1)
        g_string_append_c (string, '.');
      g_string_append_len (string, digits + 1, (gssize) n_digits - 1);
      g_string_append_printf (string, "e%c%02d", exponent < 0 ? '-' : '+', ABS (exponent));
      return g_string_free (string, FALSE);
    }

  if (exponent < 0)
    {
      g_string_append (string, "0.");
      for (gint i = -1; i > exponent; i--)
        g_string_append_c (string, '0');
      g_string_append_len (string, digits, (gssize) n_digits);
      return g_string_free (string, FALSE);
    }
  for (gint i = 0; i < MAX ((gint) n_digits, exponent + 2); i++)
    {
      if (i == exponent + 1)
        g_string_append_c (string, '.');
      g_string_append_c (string, i < (gint) n_digits ? digits[i] : '0');
    }
  return g_string_free (string, FALSE);
}

/**
 * ag_number_to_csv:
 * @dtype: the type @value was computed in
 * @value: a number
 *
 * Writes a number for a file: with the digits that bring back the same bits
 * of @dtype, 9 for float32 and 17 for float64, and a point in every locale.
 *
 * Returns: (transfer full): the number, or "nan", "inf", "-inf"
 */
char *
ag_number_to_csv (AgDType dtype,
                  double value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  if (!isfinite (value))
    return not_finite (value);
  return g_strdup (g_ascii_formatd (text, sizeof text,
                                    dtype == AG_DTYPE_FLOAT32 ? "%.9g" : "%.17g", value));
}

/**
 * ag_number_parse:
 * @text: what somebody typed
 * @value: (out): the number
 *
 * Reads a finite decimal number that is all of @text, blanks around it left
 * out, with a point in every locale.
 *
 * Returns: whether @text was one
 */
gboolean
ag_number_parse (const char *text,
                 double *value)
{
  g_autofree char *stripped = g_strstrip (g_strdup (text));
  char *end;
  double number;

  /* Neither "inf" and "nan" nor hexadecimal numbers, which strtod() reads. */
  if (*stripped == '\0' || strspn (stripped, "0123456789+-.eE") != strlen (stripped))
    return FALSE;
  number = g_ascii_strtod (stripped, &end);
  if (*end != '\0' || end == stripped || !isfinite (number))
    return FALSE;
  *value = number;
  return TRUE;
}
