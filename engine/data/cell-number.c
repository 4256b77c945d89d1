/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "data/cell-number.h"

#include <float.h>
#include <string.h>

/* Decimal numbers of tables, read as fast as a file comes from the disk, and each as the
 * double that is nearest to it: where the steps below do not know that for sure, strtod ()
 * is asked. */

/* A whole number of so many digits fits into 64 bits. */
#define MAX_DIGITS 19

/* 5^27 is the greatest power of five that fits into 64 bits. */
#define MAX_POWER 27

/* Powers of ten up to this one are doubles. */
#define MAX_EXACT_POWER 22
#define MAX_EXACT_WHOLE (G_GUINT64_CONSTANT (1) << DBL_MANT_DIG)

/* No exponent beyond it tells numbers from 0 or from infinity. */
#define MAX_EXPONENT 100000

/**
 * Decimal:
 * @is_negative: whether a minus is before it
 * @digits: its digits as a whole number, if they are at most %MAX_DIGITS
 * @n_digits: how many there are
 * @exponent: of the power of ten that @digits are multiplied with
 *
 * A decimal number as it is written.
 */
typedef struct
{
  gboolean is_negative;
  guint64 digits;
  gsize n_digits;
  int exponent;
} Decimal;

static const char *
take_digits (const char *c,
             const char *end,
             Decimal *decimal)
{
  const char *first = c;
  guint64 digits = decimal->digits;

  /* The digits may overflow here; they are not used then. */
  for (; c < end && (guchar) (*c - '0') < 10; c++)
    digits = 10 * digits + (guchar) (*c - '0');
  decimal->digits = digits;
  decimal->n_digits += (gsize) (c - first);
  return c;
}

/* Returns: behind the exponent, which may be Fortran's, as in “1.0D+00”; @c where there is none */
static const char *
take_exponent (const char *c,
               const char *end,
               Decimal *decimal)
{
  const char *digits = c + 1;
  gboolean is_negative = FALSE;
  int exponent = 0;

  if (c == end || ((*c | 0x20) != 'e' && (*c | 0x20) != 'd'))
    return c;
  if (digits < end && (*digits == '-' || *digits == '+'))
    is_negative = *digits++ == '-';
  if (digits == end || !g_ascii_isdigit (*digits))
    return c;
  for (; digits < end && g_ascii_isdigit (*digits); digits++)
    exponent = MIN (10 * exponent + (*digits - '0'), MAX_EXPONENT);
  decimal->exponent += is_negative ? -exponent : exponent;
  return digits;
}

#ifdef __SIZEOF_INT128__

__extension__ typedef unsigned __int128 Wide;

static double
power_of_two (int exponent)
{
  const guint64 bits = (guint64) (exponent + DBL_MAX_EXP - 1) << (DBL_MANT_DIG - 1);
  double value;

  memcpy (&value, &bits, sizeof value);
  return value;
}

/* The double nearest to @wide · 2^@exponent, or to a little more if @is_more; of two that
 * are as near the even one. */
static double
round_wide (Wide wide,
            int exponent,
            gboolean is_more)
{
  const guint64 high = (guint64) (wide >> 64), low = (guint64) wide;
  const int n_bits = high != 0 ? 128 - __builtin_clzll (high) : 64 - __builtin_clzll (low);
  const int n_lost = n_bits - DBL_MANT_DIG;
  guint64 kept;
  Wide rest, half;

  if (n_lost <= 0)
    return (double) low * power_of_two (exponent);
  kept = (guint64) (wide >> n_lost);
  rest = wide - ((Wide) kept << n_lost);
  half = (Wide) 1 << (n_lost - 1);
  if (rest > half || (rest == half && (is_more || (kept & 1) != 0)))
    kept++;
  return (double) kept * power_of_two (exponent + n_lost);
}

static guint64
power_of_five (int exponent)
{
  static const guint64 powers[MAX_POWER + 1] = {
    G_GUINT64_CONSTANT (1),
    G_GUINT64_CONSTANT (5),
    G_GUINT64_CONSTANT (25),
    G_GUINT64_CONSTANT (125),
    G_GUINT64_CONSTANT (625),
    G_GUINT64_CONSTANT (3125),
    G_GUINT64_CONSTANT (15625),
    G_GUINT64_CONSTANT (78125),
    G_GUINT64_CONSTANT (390625),
    G_GUINT64_CONSTANT (1953125),
    G_GUINT64_CONSTANT (9765625),
    G_GUINT64_CONSTANT (48828125),
    G_GUINT64_CONSTANT (244140625),
    G_GUINT64_CONSTANT (1220703125),
    G_GUINT64_CONSTANT (6103515625),
    G_GUINT64_CONSTANT (30517578125),
    G_GUINT64_CONSTANT (152587890625),
    G_GUINT64_CONSTANT (762939453125),
    G_GUINT64_CONSTANT (3814697265625),
    G_GUINT64_CONSTANT (19073486328125),
    G_GUINT64_CONSTANT (95367431640625),
    G_GUINT64_CONSTANT (476837158203125),
    G_GUINT64_CONSTANT (2384185791015625),
    G_GUINT64_CONSTANT (11920928955078125),
    G_GUINT64_CONSTANT (59604644775390625),
    G_GUINT64_CONSTANT (298023223876953125),
    G_GUINT64_CONSTANT (1490116119384765625),
    G_GUINT64_CONSTANT (7450580596923828125),
  };

  return powers[exponent];
}

/* @digits · 10^@exponent as a product or a quotient of whole numbers, whose rest says on
 * which side of two doubles' middle it is. */
static gboolean
find_by_whole_numbers (guint64 digits,
                       int exponent,
                       double *value)
{
  guint64 divisor, dividend;
  int shift, n_zeros;
  Wide wide, quotient;

  if (exponent < -MAX_POWER || exponent > MAX_POWER)
    return FALSE;
  if (exponent >= 0)
    {
      *value = round_wide ((Wide) digits * power_of_five (exponent), exponent, FALSE);
      return TRUE;
    }
  divisor = power_of_five (-exponent);
  n_zeros = __builtin_clzll (divisor);
  shift = __builtin_clzll (digits);
  divisor <<= n_zeros;
  dividend = digits << shift;
  /* Both have 64 bits now, so that the quotient has 63 or 64. */
  wide = (Wide) dividend << 63;
  quotient = wide / divisor;
  *value = round_wide (quotient, exponent + n_zeros - shift - 63, quotient * divisor != wide);
  return TRUE;
}

#else

static gboolean
find_by_whole_numbers (guint64 digits,
                       int exponent,
                       double *value)
{
  return FALSE;
}

#endif

/* Both operands are doubles, so that the one rounding is that of the result.
 * See: Clinger, "How to Read Floating Point Numbers Accurately", 1990. */
static gboolean
find_by_doubles (guint64 digits,
                 int exponent,
                 double *value)
{
  static const double powers[MAX_EXACT_POWER + 1] = {
    1e0,
    1e1,
    1e2,
    1e3,
    1e4,
    1e5,
    1e6,
    1e7,
    1e8,
    1e9,
    1e10,
    1e11,
    1e12,
    1e13,
    1e14,
    1e15,
    1e16,
    1e17,
    1e18,
    1e19,
    1e20,
    1e21,
    1e22,
  };

  if (FLT_EVAL_METHOD != 0 || digits > MAX_EXACT_WHOLE || exponent < -MAX_EXACT_POWER
      || exponent > MAX_EXACT_POWER)
    return FALSE;
  *value = exponent < 0 ? (double) digits / powers[-exponent] : (double) digits * powers[exponent];
  return TRUE;
}

static double
ask_strtod (const char *begin,
            const char *end,
            char decimal)
{
  g_autofree char *text = g_strndup (begin, (gsize) (end - begin));

  for (char *c = text; *c != '\0'; c++)
    if (*c == decimal)
      *c = '.';
    else if ((*c | 0x20) == 'd')
      *c = 'e';
  return g_ascii_strtod (text, NULL);
}

/**
 * ag_cell_number:
 * @begin: a text, of which nothing is changed
 * @end: where it ends; no zero byte need be there
 * @decimal: the decimal sign, '.' or ','
 * @value: (out): the number that is nearest to what is written, infinite if that is
 *   greater than any
 *
 * Reads the decimal number that a text begins with, in every locale alike. Neither blanks
 * nor words such as “nan” are one.
 *
 * Returns: (transfer none) (nullable): where the number ends, %NULL if there is none
 */
const char *
ag_cell_number (const char *begin,
                const char *end,
                char decimal,
                double *value)
{
  Decimal number = { .exponent = 0 };
  const char *c = begin;
  double size;

  if (c < end && (*c == '-' || *c == '+'))
    number.is_negative = *c++ == '-';
  c = take_digits (c, end, &number);
  /* A comma may be the sign behind the number as well. */
  if (c < end && *c == decimal && (decimal == '.' || (c + 1 < end && g_ascii_isdigit (c[1]))))
    {
      const char *fraction = c + 1;

      c = take_digits (fraction, end, &number);
      number.exponent = -(int) MIN (c - fraction, MAX_EXPONENT);
    }
  if (number.n_digits == 0)
    return NULL;
  c = take_exponent (c, end, &number);
  if (number.n_digits > MAX_DIGITS)
    {
      *value = ask_strtod (begin, c, decimal);
      return c;
    }
  if (number.digits == 0)
    size = 0;
  else if (!find_by_doubles (number.digits, number.exponent, &size)
           && !find_by_whole_numbers (number.digits, number.exponent, &size))
    {
      *value = ask_strtod (begin, c, decimal);
      return c;
    }
  *value = number.is_negative ? -size : size;
  return c;
}
