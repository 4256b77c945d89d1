/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "nn/mse-loss.h"

#include "graph/graph-private.h"
#include "graph/ops.h"

/**
 * ag_mse_loss:
 * @prediction: a float tensor of any shape
 * @target: a tensor of the same shape
 * @reduction: what to make of the squares
 *
 * The squared error (prediction − target)², elementwise, summed up or
 * averaged. Shapes that differ are an error rather than broadcast: (n) beside
 * (n, 1) would silently make n² differences.
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
  AgTensor *squares;

  g_return_val_if_fail (prediction != NULL && target != NULL, prediction);

  if (ag_tensor_shape (prediction) != ag_tensor_shape (target))
    {
      g_autofree char *have = ag_layout_to_string (ag_tensor_shape (prediction));
      g_autofree char *want = ag_layout_to_string (ag_tensor_shape (target));

      return ag_graph_fail (ag_graph_current (), AG_ERROR_SHAPE,
                            "mse_loss: prediction %s and target %s must have the same shape; "
                            "reshape one of them",
                            have, want);
    }

  squares = ag_square (ag_sub (prediction, target));
  switch (reduction)
    {
    case AG_REDUCTION_MEAN:
      return ag_mean (squares);
    case AG_REDUCTION_SUM:
      return ag_sum (squares);
    case AG_REDUCTION_NONE:
    default:
      return squares;
    }
}
