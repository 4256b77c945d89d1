/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "nn/tanh.h"

#include "graph/ops.h"

/* Predict: the hyperbolic tangent of each element. */
static AgTensor *
tanh_forward (AgModule *module,
              AgTensor *input)
{
  return ag_tanh (input);
}

static const AgModuleClass tanh_class = {
  .name = "Tanh",
  .instance_size = sizeof (AgModule),
  .forward = tanh_forward,
};

/**
 * ag_tanh_module_new:
 *
 * The hyperbolic tangent of each element of an input of any shape.
 *
 * See: <https://pytorch.org/docs/stable/generated/torch.nn.Tanh.html>
 *
 * Returns: (transfer full): a layer without parameters
 */
AgModule *
ag_tanh_module_new (void)
{
  return ag_module_new (&tanh_class);
}
