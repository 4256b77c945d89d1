/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "nn/reduction.h"

#include "graph/graph-private.h"
#include "graph/ops.h"

/**
 * ag_reduce:
 * @elements: a loss for each element, of any shape
 * @reduction: what to make of them
 *
 * Returns: (transfer none): the loss: a scalar, or with %AG_REDUCTION_NONE @elements
 */
AgTensor *
ag_reduce (AgTensor *elements,
           AgReduction reduction)
{
  switch (reduction)
    {
    case AG_REDUCTION_MEAN:
      return ag_mean (elements);
    case AG_REDUCTION_SUM:
      return ag_sum (elements);
    case AG_REDUCTION_NONE:
    default:
      return elements;
    }
}

/**
 * ag_residual:
 * @prediction: a float tensor of any shape
 * @target: a tensor of the same shape
 * @loss: name of the loss that needs it, for the error
 *
 * Shapes that differ are an error rather than broadcast: (n) beside (n, 1) would silently
 * make n² differences.
 *
 * Returns: (transfer none): prediction − target
 */
AgTensor *
ag_residual (AgTensor *prediction,
             AgTensor *target,
             const char *loss)
{
  g_return_val_if_fail (prediction != NULL && target != NULL, prediction);

  if (ag_tensor_shape (prediction) != ag_tensor_shape (target))
    {
      g_autofree char *have = ag_layout_to_string (ag_tensor_shape (prediction));
      g_autofree char *want = ag_layout_to_string (ag_tensor_shape (target));

      return ag_graph_fail (ag_graph_current (), AG_ERROR_SHAPE,
                            "%s: prediction %s and target %s must have the same shape; "
                            "reshape one of them",
                            loss, have, want);
    }
  return ag_sub (prediction, target);
}
