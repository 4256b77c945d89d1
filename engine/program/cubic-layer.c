/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "program/cubic-layer.h"

#include "graph/create.h"
#include "graph/ops.h"
#include "nn/flatten.h"
#include "nn/linear.h"
#include "nn/sequential.h"
#include "program/cubic.h"

#define N_POWERS 3

/**
 * CubicLayer:
 * @model: the model
 * @net: a linear layer and a flattening
 *
 * A cubic as a linear layer over the powers of x.
 */
typedef struct
{
  AgModel model;
  AgModule *net;
} CubicLayer;

static void
init (AgModel *model,
      AgGeneratorKind kind,
      guint64 seed)
{
  g_autoptr (AgGenerator) generator = ag_generator_new (kind, seed);
  AgModule *linear = ag_linear_new (N_POWERS, 1, model->dtype, generator);
  AgModule *layers[] = { linear, ag_flatten_new (0, 1) };

  ((CubicLayer *) model)->net = ag_sequential_new (G_N_ELEMENTS (layers), layers);
  ag_model_add_tensor (model, ag_linear_weight (linear));
  ag_model_add_tensor (model, ag_linear_bias (linear));
}

/* x, x², x³ as rows, (3, n): a column of the layer's input lies in memory one behind the
 * other. */
static void
prepare (AgModel *model,
         AgTensor *x,
         AgTensor **features)
{
  static const gint64 exponents[N_POWERS] = { 1, 2, 3 };
  AgTensor *exponent = ag_from_data (AG_DTYPE_INT64, AG_SHAPE (N_POWERS, 1), exponents);

  features[0] = ag_pow (ag_unsqueeze (x, 0), exponent);
}

/* Predict: a linear layer over x, x², x³. */
static AgTensor *
predict (AgModel *model,
         const AgModelInput *input)
{
  return ag_module_forward (((CubicLayer *) model)->net, ag_transpose (input->features[0], 0, 1));
}

static void
finalize (AgModel *model)
{
  g_clear_pointer (&((CubicLayer *) model)->net, ag_module_unref);
}

static const AgModelScript script = {
  .make = "model = torch.nn.Sequential(torch.nn.Linear(3, 1), torch.nn.Flatten(0, 1))\n"
          "weight, bias = model.parameters()",
  .tensors = "weight, bias",
  .predict = "powers = x.unsqueeze(1) ** torch.tensor([1, 2, 3])\n"
             "return model(powers)",
};

static const AgModelTensor tensors[] = {
  { "weight", 1, N_POWERS },
  { "bias", 0, 1 },
};

const AgModelClass ag_cubic_layer_model = {
  .formula = AG_CUBIC_FORMULA,
  .n_parameters = AG_CUBIC_N_PARAMETERS,
  .parameters = ag_cubic_parameters,
  .n_tensors = G_N_ELEMENTS (tensors),
  .tensors = tensors,
  .is_linear = TRUE,
  .n_columns = N_POWERS,
  .instance_size = sizeof (CubicLayer),
  .init = init,
  .prepare = prepare,
  .features = { "x, x², x³" },
  .predict = predict,
  .finalize = finalize,
  .script = &script,
  .sources = "nn/linear.c,program/cubic-layer.c",
};
