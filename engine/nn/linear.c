/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "nn/linear.h"

#include "graph/create.h"
#include "graph/ops.h"
#include "nn/parameter.h"

#include <math.h>

/**
 * AgLinear:
 * @module: the module, which holds the parameters
 * @weight: the matrix, (out_features, in_features)
 * @bias: the bias, (out_features)
 *
 * A linear layer.
 */
typedef struct
{
  AgModule module;
  AgTensor *weight;
  AgTensor *bias;
} AgLinear;

/* Predict: x Wᵀ + b. */
static AgTensor *
linear_forward (AgModule *module,
                AgTensor *input)
{
  AgLinear *self = (AgLinear *) module;

  return ag_add (ag_matmul (input, ag_transpose (self->weight, 0, 1)), self->bias);
}

static const AgModuleClass linear_class = {
  .name = "Linear",
  .instance_size = sizeof (AgLinear),
  .forward = linear_forward,
};

static AgTensor *
add_parameter (AgLinear *self,
               const char *name,
               AgDType dtype,
               const AgLayout *shape,
               double bound,
               AgGenerator *generator)
{
  AgTensor *parameter = ag_parameter_new (ag_uniform (dtype, shape, -bound, bound, generator));

  ag_module_register_parameter (&self->module, name, parameter);
  ag_tensor_unref (parameter);
  return parameter;
}

/**
 * ag_linear_new:
 * @in_features: size of an input, at least 1
 * @out_features: size of an output, at least 1
 * @dtype: %AG_DTYPE_FLOAT32 or %AG_DTYPE_FLOAT64
 * @generator: where the initial values come from
 *
 * The layer y = x Wᵀ + b: takes an input of shape (n, in_features) to an
 * output of shape (n, out_features). W and then b are drawn uniform in
 * ±1 / √in_features.
 *
 * See: <https://pytorch.org/docs/stable/generated/torch.nn.Linear.html>
 *
 * Returns: (transfer full): a linear layer with parameters “weight” and “bias”
 */
AgModule *
ag_linear_new (gint64 in_features,
               gint64 out_features,
               AgDType dtype,
               AgGenerator *generator)
{
  AgLinear *self;
  double fan_in = (double) in_features;
  double slope = sqrt (5);
  /* PyTorch comes to 1 / √fan_in for the weight by way of kaiming_uniform_(),
   * which in double precision can be one bit off. */
  double weight_bound = sqrt (3) * (sqrt (2 / (1 + slope * slope)) / sqrt (fan_in));

  g_return_val_if_fail (in_features > 0 && out_features > 0, NULL);
  g_return_val_if_fail (generator != NULL, NULL);

  self = ag_module_new (&linear_class);
  self->weight = add_parameter (self, "weight", dtype, AG_SHAPE (out_features, in_features),
                                weight_bound, generator);
  self->bias = add_parameter (self, "bias", dtype, AG_SHAPE (out_features), 1 / sqrt (fan_in),
                              generator);
  return &self->module;
}

/**
 * ag_linear_weight:
 * @linear: a module made by ag_linear_new()
 *
 * Returns: (transfer none): its weight, (out_features, in_features)
 */
AgTensor *
ag_linear_weight (const AgModule *linear)
{
  g_return_val_if_fail (linear != NULL && linear->klass == &linear_class, NULL);

  return ((const AgLinear *) linear)->weight;
}

/**
 * ag_linear_bias:
 * @linear: a module made by ag_linear_new()
 *
 * Returns: (transfer none): its bias, (out_features)
 */
AgTensor *
ag_linear_bias (const AgModule *linear)
{
  g_return_val_if_fail (linear != NULL && linear->klass == &linear_class, NULL);

  return ((const AgLinear *) linear)->bias;
}
