/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "nn/flatten.h"

#include "graph/ops.h"

/**
 * AgFlatten:
 * @module: the module
 * @start_dim: first dimension to flatten
 * @end_dim: last one
 *
 * A layer that flattens.
 */
typedef struct
{
  AgModule module;
  gint start_dim;
  gint end_dim;
} AgFlatten;

static AgTensor *
flatten_forward (AgModule *module,
                 AgTensor *input)
{
  AgFlatten *self = (AgFlatten *) module;

  return ag_flatten (input, self->start_dim, self->end_dim);
}

static const AgModuleClass flatten_class = {
  .name = "Flatten",
  .instance_size = sizeof (AgFlatten),
  .forward = flatten_forward,
};

/**
 * ag_flatten_new:
 * @start_dim: first dimension to flatten; PyTorch's default is 1
 * @end_dim: last one; negative ones count from the last; PyTorch's default
 *   is −1
 *
 * The layer that makes those dimensions of its input one.
 *
 * See: <https://pytorch.org/docs/stable/generated/torch.nn.Flatten.html>
 *
 * Returns: (transfer full): a layer without parameters
 */
AgModule *
ag_flatten_new (gint start_dim,
                gint end_dim)
{
  AgFlatten *self = ag_module_new (&flatten_class);

  self->start_dim = start_dim;
  self->end_dim = end_dim;
  return &self->module;
}
