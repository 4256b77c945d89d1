/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "nn/l1-loss.h"

#include "graph/ops.h"

/**
 * ag_l1_loss:
 * @prediction: a float tensor of any shape
 * @target: a tensor of the same shape
 * @reduction: what to make of the errors
 *
 * The absolute error |prediction − target|, elementwise, summed up or averaged. Where the
 * target is met, its gradient is 0.
 *
 * See: <https://pytorch.org/docs/stable/generated/torch.nn.L1Loss.html>
 *
 * Returns: (transfer none): the loss: a scalar, or with %AG_REDUCTION_NONE a
 *   tensor of the operands' shape
 */
AgTensor *
ag_l1_loss (AgTensor *prediction,
            AgTensor *target,
            AgReduction reduction)
{
  /* Loss: the absolute values of the residuals. */
  return ag_reduce (ag_abs (ag_residual (prediction, target, "l1_loss")), reduction);
}
