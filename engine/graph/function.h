/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "graph/tensor.h"

G_BEGIN_DECLS

#define AG_FUNCTION_MAX_INPUTS 8

typedef struct _AgFunctionContext AgFunctionContext;

/**
 * AgFunction:
 * @name: the name that error messages use
 * @forward: computes the output from the inputs, in tensor operations
 * @backward: computes the gradient of each input from that of the output and
 *   writes it to @grads, %NULL for an input that has none; returns how many
 *   it wrote, which must be the number of inputs
 *
 * An operation with a derivative of its own, as PyTorch's
 * `torch.autograd.Function`.
 *
 * See: <https://pytorch.org/docs/stable/autograd.html#torch.autograd.Function>
 */
typedef struct
{
  const char *name;
  AgTensor *(*forward) (AgFunctionContext *context,
                        AgTensor *const *inputs);
  guint (*backward) (AgFunctionContext *context,
                     AgTensor *grad_output,
                     AgTensor **grads);
} AgFunction;

AgTensor *ag_function_apply (const AgFunction *function,
                             guint n_inputs,
                             AgTensor *const *inputs);
void ag_function_save_for_backward (AgFunctionContext *context,
                                    AgTensor *tensor);
AgTensor *ag_function_saved_tensor (const AgFunctionContext *context,
                                    guint index);

G_END_DECLS
