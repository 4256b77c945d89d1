/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/number.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Numbers that are read, written and read again have the same bits. */

int LLVMFuzzerTestOneInput (const uint8_t *data,
                            size_t size);

static void
expect (const char *text,
        double value)
{
  double again;

  if (ag_number_parse (text, &again) && memcmp (&again, &value, sizeof value) == 0)
    return;
  g_printerr ("%a is written as “%s”\n", value, text);
  abort ();
}

static void
check_round_trip (double value)
{
  g_autofree char *text = ag_number_to_string (value);
  g_autofree char *csv = ag_number_to_csv (AG_DTYPE_FLOAT64, value);
  const double rounded = (float) value;
  g_autofree char *single = ag_number_to_csv (AG_DTYPE_FLOAT32, rounded);
  double again;

  if (!isfinite (value))
    return;
  expect (text, value);
  expect (csv, value);
  /* The digits of a float32 are enough for it, but not for the double of that value. */
  if (isfinite (rounded)
      && (!ag_number_parse (single, &again) || (float) again != (float) rounded))
    {
      g_printerr ("%a is written as “%s” in float32\n", rounded, single);
      abort ();
    }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  double value;

  if (ag_number_parse (text, &value))
    {
      if (!isfinite (value))
        abort ();
      check_round_trip (value);
    }
  if (size >= sizeof value)
    {
      memcpy (&value, data, sizeof value);
      check_round_trip (value);
    }
  return 0;
}
