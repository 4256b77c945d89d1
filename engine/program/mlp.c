/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "program/program-private.h"

#include "graph/ops.h"
#include "nn/linear.h"
#include "nn/sequential.h"
#include "nn/tanh.h"

#include <glib/gi18n-lib.h>

#define N_UNITS 16

/**
 * Mlp:
 * @model: the model
 * @net: Sequential (Linear (1, 16), Tanh (), Linear (16, 1))
 *
 * A multilayer perceptron of one hidden layer.
 */
typedef struct
{
  AgModel model;
  AgModule *net;
} Mlp;

static void
init (AgModel *model,
      AgGeneratorKind kind,
      guint64 seed)
{
  g_autoptr (AgGenerator) generator = ag_generator_new (kind, seed);
  AgModule *hidden = ag_linear_new (1, N_UNITS, model->dtype, generator);
  AgModule *output = ag_linear_new (N_UNITS, 1, model->dtype, generator);
  AgModule *layers[] = { hidden, ag_tanh_module_new (), output };

  ((Mlp *) model)->net = ag_sequential_new (G_N_ELEMENTS (layers), layers);
  ag_model_add_tensor (model, ag_linear_weight (hidden));
  ag_model_add_tensor (model, ag_linear_bias (hidden));
  ag_model_add_tensor (model, ag_linear_weight (output));
  ag_model_add_tensor (model, ag_linear_bias (output));
}

/* Predict: sixteen units of tanh between two linear layers. */
static AgTensor *
predict (AgModel *model,
         const AgModelInput *input)
{
  AgTensor *column = ag_unsqueeze (input->x, 1);

  return ag_flatten (ag_module_forward (((Mlp *) model)->net, column), 0, 1);
}

static void
finalize (AgModel *model)
{
  g_clear_pointer (&((Mlp *) model)->net, ag_module_unref);
}

static const AgModelScript script = {
  .make = "model = torch.nn.Sequential(torch.nn.Linear(1, 16), torch.nn.Tanh(), "
          "torch.nn.Linear(16, 1))\n"
          "weight1, bias1, weight2, bias2 = model.parameters()",
  .tensors = "weight1, bias1, weight2, bias2",
  .predict = "return model(x.unsqueeze(1)).flatten()",
};

static const AgModelTensor tensors[] = {
  { "0.weight", 0, N_UNITS },
  { "0.bias", N_UNITS, N_UNITS },
  { "2.weight", 2 * N_UNITS, N_UNITS },
  { "2.bias", 3 * N_UNITS, 1 },
};

#define FOUR(name, a, b, c, d) name "[" #a "]", name "[" #b "]", name "[" #c "]", name "[" #d "]"
#define SIXTEEN(name)                               \
  FOUR (name, 0, 1, 2, 3), FOUR (name, 4, 5, 6, 7), \
    FOUR (name, 8, 9, 10, 11), FOUR (name, 12, 13, 14, 15)

static const char *const parameters[] = {
  SIXTEEN ("0.weight"),
  SIXTEEN ("0.bias"),
  SIXTEEN ("2.weight"),
  "2.bias",
};

static const AgModelClass mlp_model = {
  .formula = "y = W2 tanh(W1 x + b1) + b2, |W1| = {|0.weight|}, |b1| = {|0.bias|}, "
             "|W2| = {|2.weight|}, b2 = {2.bias}",
  .formula_note = N_ ("W₁, b₁ and W₂ have 16 elements each, of which |…| is the norm."),
  .n_parameters = G_N_ELEMENTS (parameters),
  .parameters = parameters,
  .n_tensors = G_N_ELEMENTS (tensors),
  .tensors = tensors,
  .n_intermediates = 6 * N_UNITS,
  .instance_size = sizeof (Mlp),
  .init = init,
  .predict = predict,
  .finalize = finalize,
  .script = &script,
  .sources = "nn/linear.c,nn/tanh.c,program/mlp.c",
};

const AgProgramClass ag_mlp_class = {
  .id = "mlp",
  .title = N_ ("MLP"),
  .description = N_ ("Sixteen units of tanh between two linear layers, trained by Adam: a net that "
                     "can fit any curve."),
  .optimizer = "adam",
  .lr = 3e-3,
  .rates = "sgd=0.1,adagrad=0.1,adadelta=0.5,rmsprop=2e-3,adamw=3e-3,radam=0.01",
  .steps = 2000,
  .log_every = 100,
  .dtype = AG_DTYPE_FLOAT32,
  .model = &mlp_model,
  .loss = &ag_mean_of_squares,
};
