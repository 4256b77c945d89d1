/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "nn/huber-loss.h"

#include "graph/function.h"
#include "graph/ops.h"

/* With the residual r and c, which is r cut off at −δ and δ, the loss is c (r − c/2): r²/2
 * within δ of the target, δ (|r| − δ/2) beyond it. Its derivative is c, which a Function
 * says, since the operations would find it by way of much that cancels. */

/* Loss: c (r − c/2). */
static AgTensor *
huber_forward (AgFunctionContext *context,
               AgTensor *const *inputs)
{
  AgTensor *residual = inputs[0], *delta = inputs[1];
  AgTensor *cut = ag_minimum (ag_maximum (residual, ag_neg (delta)), delta);

  ag_function_save_for_backward (context, cut);
  return ag_mul (cut, ag_sub (residual, ag_mul (ag_constant (0.5), cut)));
}

/* Gradient: c. */
static guint
huber_backward (AgFunctionContext *context,
                AgTensor *grad_output,
                AgTensor **grads)
{
  grads[0] = ag_mul (grad_output, ag_function_saved_tensor (context, 0));
  grads[1] = NULL;
  return 2;
}

static const AgFunction huber = {
  .name = "huber_loss",
  .forward = huber_forward,
  .backward = huber_backward,
};

/**
 * ag_huber_loss:
 * @prediction: a float tensor of any shape
 * @target: a tensor of the same shape
 * @reduction: what to make of the losses of the elements
 * @delta: how far from the target squares end and absolute values begin, above 0
 *
 * Huber's loss, elementwise, summed up or averaged: squares near the target, and absolute
 * values beyond, so that a few points far off do not draw the fit to them.
 *
 * See: <https://pytorch.org/docs/stable/generated/torch.nn.HuberLoss.html>
 *
 * Returns: (transfer none): the loss: a scalar, or with %AG_REDUCTION_NONE a
 *   tensor of the operands' shape
 */
AgTensor *
ag_huber_loss (AgTensor *prediction,
               AgTensor *target,
               AgReduction reduction,
               double delta)
{
  AgTensor *inputs[] = { ag_residual (prediction, target, "huber_loss"), ag_constant (delta) };

  /* Loss: that of each residual. */
  return ag_reduce (ag_function_apply (&huber, 2, inputs), reduction);
}
