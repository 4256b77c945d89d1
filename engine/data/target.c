/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "data/target.h"

#include <glib/gi18n-lib.h>

/* A new one is a row. */
static const AgTarget targets[] = {
  { N_ ("Sine"), AG_TARGET_SINE },
  { N_ ("Cosine"), "cos(x)" },
  { N_ ("Cubic, which fits exactly"), "x^3/8 - x^2/4 - x/2 + 1/2" },
  { N_ ("Absolute value"), "abs(x) - 1" },
  { N_ ("Step"), "sign(x)" },
  { N_ ("Sigmoid"), "2*sigmoid(3*x) - 1" },
  { N_ ("Bell"), "exp(-x^2)" },
  { N_ ("Ripple"), "cos(3*x) * exp(-x^2/4)" },
};

/**
 * ag_target_n:
 *
 * Returns: how many there are
 */
guint
ag_target_n (void)
{
  return G_N_ELEMENTS (targets);
}

/**
 * ag_target_nth:
 * @index: number of a target, the default's is 0
 *
 * Returns: (transfer none): the target
 */
const AgTarget *
ag_target_nth (guint index)
{
  g_return_val_if_fail (index < G_N_ELEMENTS (targets), NULL);

  return &targets[index];
}
