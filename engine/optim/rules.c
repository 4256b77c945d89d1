/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "optim/optimizer-private.h"

#include "graph/create.h"
#include "graph/graph.h"
#include "graph/ops.h"

/* Parts that the updates of several algorithms have in common, rounded as PyTorch rounds them. */

/**
 * ag_optimizer_decay:
 * @grad: a gradient
 * @parameter: its parameter
 * @weight_decay: factor λ of an L2 penalty λ/2 · p²
 *
 * Returns: (transfer none): the gradient with the penalty's, g + λ p
 */
AgTensor *
ag_optimizer_decay (AgTensor *grad,
                    AgTensor *parameter,
                    double weight_decay)
{
  if (weight_decay == 0)
    return grad;
  return ag_addcmul (grad, ag_scalar (weight_decay), parameter);
}

/**
 * ag_optimizer_lerp_mean:
 * @mean: a state that is a running mean
 * @decay: the share β of it that a step leaves
 * @value: what the step adds
 *
 * Records the update m += (1 − β) (v − m), rounded as PyTorch 2's `lerp_ ()` is: from the
 * nearer of m and v, with a weight that has the element type.
 */
void
ag_optimizer_lerp_mean (AgTensor *mean,
                        double decay,
                        AgTensor *value)
{
  double weight = ag_dtype_round (ag_tensor_dtype (mean), 1 - decay);
  AgTensor *difference = ag_sub (value, mean);

  if (weight < 0.5)
    ag_assign (mean, ag_addcmul (mean, ag_scalar (weight), difference));
  else
    ag_assign (mean, ag_addcmul (value, ag_scalar (weight - 1), difference));
}

/**
 * ag_optimizer_update_mean:
 * @mean: a state that is a running mean
 * @decay: the share β of it that a step leaves
 * @value: what the step adds
 *
 * Records the update of the mean, rounded as in the graph's PyTorch: in version 1 as
 * m = β m + (1 − β) v, whose sum is rounded once, in version 2 as ag_optimizer_lerp_mean().
 */
void
ag_optimizer_update_mean (AgTensor *mean,
                          double decay,
                          AgTensor *value)
{
  if (ag_graph_pytorch (ag_graph_current ()) == AG_PYTORCH_1)
    ag_assign (mean, ag_addcmul (ag_mul (mean, ag_scalar (decay)), ag_scalar (1 - decay), value));
  else
    ag_optimizer_lerp_mean (mean, decay, value);
}

/**
 * ag_optimizer_update_mean_square:
 * @mean: a state that is the running mean of a square
 * @decay: the share β of it that a step leaves
 * @value: what the step adds the square of
 *
 * Records the update m = β m + (1 − β) v², rounded as PyTorch's `addcmul_ ()` is.
 */
void
ag_optimizer_update_mean_square (AgTensor *mean,
                                 double decay,
                                 AgTensor *value)
{
  ag_assign (mean, ag_addcmul (ag_mul (mean, ag_scalar (decay)),
                               ag_mul (ag_scalar (1 - decay), value), value));
}

/**
 * ag_optimizer_descend:
 * @parameter: a parameter
 * @rate: how far to go
 * @direction: where from
 *
 * Records the update p = p − rate · direction.
 */
void
ag_optimizer_descend (AgTensor *parameter,
                      double rate,
                      AgTensor *direction)
{
  ag_assign (parameter, ag_addcmul (parameter, ag_scalar (-rate), direction));
}
