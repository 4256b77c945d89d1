/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/number.h"

#include <math.h>
#include <string.h>

/* Figures of Python's repr(). */
static void
test_repr (void)
{
  static const struct
  {
    double value;
    const char *text;
  } cases[] = {
    { 0, "0.0" },
    { -0.0, "-0.0" },
    { 1, "1.0" },
    { -2.5, "-2.5" },
    { 100, "100.0" },
    { 110.25, "110.25" },
    { 0.1, "0.1" },
    { 0.0001, "0.0001" },
    { 0.00001, "1e-05" },
    { 1e-6, "1e-06" },
    { 1.5e-7, "1.5e-07" },
    { 123456789012345680.0, "1.2345678901234568e+17" },
    { 1e15, "1000000000000000.0" },
    { 1e16, "1e+16" },
    { 1e22, "1e+22" },
    { 5e-324, "5e-324" },
    { 1.7976931348623157e308, "1.7976931348623157e+308" },
    { 1.0 / 3, "0.3333333333333333" },
    { (double) 0.1f, "0.10000000149011612" },
    { -1.765793067320942e-11, "-1.765793067320942e-11" },
    { INFINITY, "inf" },
    { -INFINITY, "-inf" },
    { NAN, "nan" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = ag_number_to_string (cases[i].value);

      g_assert_cmpstr (text, ==, cases[i].text);
    }
}

static void
test_csv (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (1);

  for (guint i = 0; i < 10000; i++)
    {
      union
      {
        guint64 bits;
        double value;
      } d = { .bits = (guint64) g_rand_int (rand) << 32 | g_rand_int (rand) };
      union
      {
        guint32 bits;
        float value;
      } f = { .bits = g_rand_int (rand) };
      g_autofree char *text64 = ag_number_to_csv (AG_DTYPE_FLOAT64, d.value);
      g_autofree char *text32 = ag_number_to_csv (AG_DTYPE_FLOAT32, (double) f.value);

      if (isfinite (d.value))
        g_assert_cmpfloat (g_ascii_strtod (text64, NULL), ==, d.value);
      if (isfinite (f.value))
        g_assert_cmpfloat ((float) g_ascii_strtod (text32, NULL), ==, f.value);
      g_assert_null (strchr (text64, ','));
    }
}

static void
test_parse (void)
{
  static const char *const bad[] = { "", " ", "x", "1x", "nan", "inf", "1e999", "0x10", "1,5",
                                     "--1", "1 2", "e5" };
  double value = 0;

  g_assert_true (ag_number_parse ("1e-6", &value));
  g_assert_cmpfloat (value, ==, 1e-6);
  g_assert_true (ag_number_parse (" -0.5 ", &value));
  g_assert_cmpfloat (value, ==, -0.5);
  g_assert_true (ag_number_parse ("+.5", &value));
  g_assert_cmpfloat (value, ==, 0.5);
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_assert_false (ag_number_parse (bad[i], &value));
      g_assert_cmpfloat (value, ==, 0.5);
    }
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/number/repr", test_repr);
  g_test_add_func ("/number/csv", test_csv);
  g_test_add_func ("/number/parse", test_parse);
  return g_test_run ();
}
