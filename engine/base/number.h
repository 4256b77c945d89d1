/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/dtype.h"

#include <math.h>

G_BEGIN_DECLS

char *ag_number_to_string (double value);
char *ag_number_to_csv (AgDType dtype,
                        double value);
gboolean ag_number_parse (const char *text,
                          double *value);

/**
 * ag_numbers_are_finite:
 * @values: (array length=n): numbers
 * @n: how many
 *
 * Returns: whether none of them is infinite or no number
 */
static inline gboolean
ag_numbers_are_finite (const double *values,
                       gsize n)
{
  for (gsize i = 0; i < n; i++)
    if (!isfinite (values[i]))
      return FALSE;
  return TRUE;
}

G_END_DECLS
