/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "nn/mse-loss.h"

#include "graph/ops.h"

/**
 * ag_mse_loss:
 * @prediction: a float tensor of any shape
 * @target: a tensor of the same shape
 * @reduction: what to make of the squares
 *
 * The squared error (prediction − target)², elementwise, summed up or averaged.
 *
 * See: <https://pytorch.org/docs/stable/generated/torch.nn.MSELoss.html>
 *
 * Returns: (transfer none): the loss: a scalar, or with %AG_REDUCTION_NONE a
 *   tensor of the operands' shape
 */
AgTensor *
ag_mse_loss (AgTensor *prediction,
             AgTensor *target,
             AgReduction reduction)
{
  /* Loss: the squares of the residuals. */
  return ag_reduce (ag_square (ag_residual (prediction, target, "mse_loss")), reduction);
}
