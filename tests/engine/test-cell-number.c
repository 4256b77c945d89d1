/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "data/cell-number.h"

#include <glib.h>
#include <math.h>
#include <string.h>

/* Numbers as bits, so that −0 is not 0. */
static guint64
bits_of (double value)
{
  guint64 bits;

  memcpy (&bits, &value, sizeof bits);
  return bits;
}

static void
assert_same (const char *text)
{
  double value = NAN;
  const char *end = ag_cell_number (text, text + strlen (text), '.', &value);

  g_assert_nonnull (end);
  g_assert_cmpstr (end, ==, "");
  if (bits_of (value) != bits_of (g_ascii_strtod (text, NULL)))
    g_error ("“%s” was read as %.17g", text, value);
}

static void
test_plain (void)
{
  static const char *const texts[] = {
    "0",
    "-0",
    "1",
    "-1",
    "+1",
    "007",
    "1.",
    ".5",
    "-.5",
    "0.1",
    "1e5",
    "1E-5",
    "1.5e+3",
    "9007199254740993",
    "9007199254740992.5",
    "123456789012345678",
    "1e22",
    "1e23",
    "8.5e-23",
    "3.141592653589793",
    "2.2250738585072014e-308",
    "4.9e-324",
    "1e-400",
    "1.7976931348623157e308",
    "1e400",
    "-1e400",
    "0.1000000000000000055511151231257827",
    "0e999999999999",
    "1e-99999999999",
    "00000000000000000000000000000000001.5",
    "18446744073709551615",
    "9999999999999999999e-27",
    "9999999999999999999e27",
    "1e-27",
    "1e-28",
    "7e27",
    "7e28",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    assert_same (texts[i]);
}

/* Each is rounded to the nearest double: like strtod (), which is slow and right. */
static void
test_random (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (1);
  char text[64];

  for (gint i = 0; i < 200000; i++)
    {
      const guint64 digits = ((guint64) g_rand_int (random) << 32 | g_rand_int (random))
                             >> g_rand_int_range (random, 0, 64);
      const double value = (g_rand_double (random) - 0.5) * pow (10, g_rand_int_range (random, -30, 30));

      g_snprintf (text, sizeof text, "%" G_GUINT64_FORMAT "e%d", digits,
                  g_rand_int_range (random, -40, 40));
      assert_same (text);
      g_snprintf (text, sizeof text, "%.*g", g_rand_int_range (random, 1, 20), value);
      assert_same (text);
    }
}

/* The middle of two doubles goes to the even one; what is a little above it goes up. */
static void
test_middle (void)
{
  char text[64];

  for (gint i = 1; i < 2000; i++)
    {
      const guint64 odd = (G_GUINT64_CONSTANT (1) << 53) + 2 * (guint64) i + 1;

      g_snprintf (text, sizeof text, "%" G_GUINT64_FORMAT, odd);
      assert_same (text);
      g_snprintf (text, sizeof text, "%" G_GUINT64_FORMAT ".00", odd);
      assert_same (text);
      g_snprintf (text, sizeof text, "%" G_GUINT64_FORMAT ".01", odd);
      assert_same (text);
      g_snprintf (text, sizeof text, "%" G_GUINT64_FORMAT "e-7", odd);
      assert_same (text);
    }
}

static void
assert_rest (const char *text,
             char decimal,
             double expected,
             const char *rest)
{
  double value = NAN;
  const char *end = ag_cell_number (text, text + strlen (text), decimal, &value);

  if (rest == NULL)
    {
      g_assert_null (end);
      return;
    }
  g_assert_cmpstr (end, ==, rest);
  g_assert_cmpfloat (value, ==, expected);
}

static void
test_ends (void)
{
  assert_rest ("1.5,2", '.', 1.5, ",2");
  assert_rest ("1,5;2", ',', 1.5, ";2");
  assert_rest ("1,;2", ',', 1, ",;2");
  assert_rest ("1,", ',', 1, ",");
  assert_rest ("1.5", ',', 1, ".5");
  assert_rest ("1e", '.', 1, "e");
  assert_rest ("1e+", '.', 1, "e+");
  assert_rest ("1.5D+02x", '.', 150, "x");
  assert_rest ("1,25D1", ',', 12.5, "");
  assert_rest ("12345678901234567890,5d1", ',', 123456789012345678905.0, "");
  assert_rest ("-", '.', 0, NULL);
  assert_rest ("", '.', 0, NULL);
  assert_rest (".", '.', 0, NULL);
  assert_rest ("nan", '.', 0, NULL);
  assert_rest ("inf", '.', 0, NULL);
  assert_rest ("e5", '.', 0, NULL);
  assert_rest ("0x10", '.', 0, "x10");
  assert_rest (" 1", '.', 0, NULL);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cell-number/plain", test_plain);
  g_test_add_func ("/cell-number/random", test_random);
  g_test_add_func ("/cell-number/middle", test_middle);
  g_test_add_func ("/cell-number/ends", test_ends);
  return g_test_run ();
}
