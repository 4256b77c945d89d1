/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "program/cubic.h"

#include "graph/ops.h"

const char *const ag_cubic_parameters[AG_CUBIC_N_PARAMETERS] = { "a", "b", "c", "d" };

/**
 * ag_cubic_predict:
 * @p: (array fixed-size=4): the scalars a, b, c, d
 * @x: points, (n)
 *
 * Returns: (transfer none): a + b x + c x² + d x³, (n)
 */
AgTensor *
ag_cubic_predict (AgTensor *const *p,
                  AgTensor *x)
{
  /* Predict: a + b x + c x² + d x³. */
  AgTensor *line = ag_add (p[0], ag_mul (p[1], x));

  return ag_add (ag_add (line, ag_mul (p[2], ag_square (x))), ag_mul (p[3], ag_cube (x)));
}
