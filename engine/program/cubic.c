/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "program/cubic.h"

#include "graph/ops.h"

/**
 * ag_cubic_evaluate:
 * @coefficients: a, b, c, d
 * @x: where
 *
 * Returns: a + b x + c x² + d x³
 */
double
ag_cubic_evaluate (const double *coefficients,
                   double x)
{
  return ((coefficients[3] * x + coefficients[2]) * x + coefficients[1]) * x + coefficients[0];
}

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
  AgTensor *line = ag_add (p[0], ag_mul (p[1], x));

  return ag_add (ag_add (line, ag_mul (p[2], ag_square (x))), ag_mul (p[3], ag_cube (x)));
}

/**
 * ag_cubic_step_by_hand:
 * @program: a program whose tensors are the scalars a, b, c, d
 *
 * Records a step without ag_backward(): with r = prediction − y the loss is
 * Σ r², and its derivative by the coefficient of xᵏ is Σ 2 r xᵏ.
 *
 * Returns: (transfer none): the loss
 */
AgTensor *
ag_cubic_step_by_hand (AgProgram *program)
{
  AgTensor *x = program->x;
  AgTensor *residual = ag_sub (ag_cubic_predict (program->tensors, x), program->y);
  AgTensor *slope = ag_mul (ag_constant (2), residual);

  ag_tensor_set_grad (program->tensors[0], ag_sum (slope));
  ag_tensor_set_grad (program->tensors[1], ag_sum (ag_mul (slope, x)));
  ag_tensor_set_grad (program->tensors[2], ag_sum (ag_mul (slope, ag_square (x))));
  ag_tensor_set_grad (program->tensors[3], ag_sum (ag_mul (slope, ag_cube (x))));
  return ag_sum (ag_square (residual));
}
