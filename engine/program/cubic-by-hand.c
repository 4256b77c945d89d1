/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "program/cubic-by-hand.h"

#include "graph/ops.h"

/* Loss and gradients without ag_backward (), of a model whose tensors are the scalars a, b, c,
 * d. */
static AgTensor *
record (AgModel *model,
        const AgModelInput *input,
        AgTensor *prediction,
        AgTensor *y)
{
  AgTensor *x = input->x;
  /* Loss: Σ r², where r = prediction − y. */
  AgTensor *residual = ag_sub (prediction, y);
  /* Gradient: by the coefficient of xᵏ the derivative of Σ r² is Σ 2 r xᵏ. */
  AgTensor *slope = ag_mul (ag_constant (2), residual);

  ag_tensor_set_grad (model->tensors[0], ag_sum (slope));
  ag_tensor_set_grad (model->tensors[1], ag_sum (ag_mul (slope, x)));
  ag_tensor_set_grad (model->tensors[2], ag_sum (ag_mul (slope, ag_square (x))));
  ag_tensor_set_grad (model->tensors[3], ag_sum (ag_mul (slope, ag_cube (x))));
  /* Loss: the sum. */
  return ag_sum (ag_square (residual));
}

const AgByHand ag_cubic_by_hand = {
  .record = record,
  .script = "slope = 2 * (prediction - y)\n"
            "a.grad = slope.sum()\n"
            "b.grad = (slope * x).sum()\n"
            "c.grad = (slope * x**2).sum()\n"
            "d.grad = (slope * x**3).sum()",
  .sources = "program/cubic-by-hand.c",
};
