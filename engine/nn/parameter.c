/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "nn/parameter.h"

/**
 * ag_parameter_new:
 * @value: a float tensor that was made from nothing (see create.h), not
 *   computed in this step
 *
 * Makes a parameter of a tensor: a leaf that requires a gradient and lives on
 * when the step ends.
 *
 * See: <https://pytorch.org/docs/stable/generated/torch.nn.parameter.Parameter.html>
 *
 * Returns: (transfer full): @value, now a parameter
 */
AgTensor *
ag_parameter_new (AgTensor *value)
{
  g_return_val_if_fail (value != NULL, NULL);

  ag_tensor_set_requires_grad (value, TRUE);
  return ag_tensor_ref (value);
}
