/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "program/program-private.h"

#include "graph/create.h"
#include "graph/function.h"
#include "graph/ops.h"

#include <glib/gi18n-lib.h>

/* Predict: the Legendre polynomial of degree 3, P₃(u) = ½ (5 u³ − 3 u). */
static AgTensor *
p3_forward (AgFunctionContext *context,
            AgTensor *const *inputs)
{
  AgTensor *u = inputs[0];
  AgTensor *twice = ag_sub (ag_mul (ag_constant (5), ag_cube (u)), ag_mul (ag_constant (3), u));

  ag_function_save_for_backward (context, u);
  return ag_mul (ag_constant (0.5), twice);
}

/* Gradient: P₃′(u) = 1½ (5 u² − 1). */
static guint
p3_backward (AgFunctionContext *context,
             AgTensor *grad_output,
             AgTensor **grads)
{
  AgTensor *u = ag_function_saved_tensor (context, 0);
  AgTensor *bracket = ag_sub (ag_mul (ag_constant (5), ag_square (u)), ag_constant (1));

  grads[0] = ag_mul (ag_mul (grad_output, ag_constant (1.5)), bracket);
  return 1;
}

static const AgFunction p3 = {
  .name = "LegendrePolynomial3",
  .forward = p3_forward,
  .backward = p3_backward,
};

static void
init (AgModel *model,
      AgGeneratorKind kind,
      guint64 seed)
{
  for (guint i = 0; i < model->klass->n_parameters; i++)
    ag_model_add_tensor (model,
                         ag_full (model->dtype, ag_layout_scalar (), model->klass->initial[i]));
}

/* Predict: a + b P₃(c + d x). */
static AgTensor *
predict (AgModel *model,
         const AgModelInput *input)
{
  AgTensor *const *p = model->tensors;
  AgTensor *u = ag_add (p[2], ag_mul (p[3], input->x));

  return ag_add (p[0], ag_mul (p[1], ag_function_apply (&p3, 1, &u)));
}

static const AgModelScript script = {
  .definitions = "class LegendrePolynomial3(torch.autograd.Function):\n"
                 "    # predict\n"
                 "    @staticmethod\n"
                 "    def forward(context, u):\n"
                 "        context.save_for_backward(u)\n"
                 "        return 0.5 * (5 * u**3 - 3 * u)\n"
                 "\n"
                 "    # gradient\n"
                 "    @staticmethod\n"
                 "    def backward(context, grad_output):\n"
                 "        (u,) = context.saved_tensors\n"
                 "        return grad_output * 1.5 * (5 * u**2 - 1)",
  .predict = "return a + b * LegendrePolynomial3.apply(c + d * x)",
};

static const char *const parameters[] = { "a", "b", "c", "d" };

/* The tutorial begins with these, and leaves nothing to chance. */
static const double initial[] = { 0, -1, 0, 0.3 };

static const AgModelClass legendre_model = {
  .formula = "y = {a} + {b} * P3({c} + {d} x)",
  .n_parameters = G_N_ELEMENTS (parameters),
  .parameters = parameters,
  .initial = initial,
  .instance_size = sizeof (AgModel),
  .init = init,
  .predict = predict,
  .script = &script,
  .sources = "program/legendre.c",
};

const AgProgramClass ag_legendre_class = {
  .id = "legendre",
  .title = N_ ("Custom Function"),
  .description = N_ ("Fits with the Legendre polynomial P3, an operation that brings its own "
                     "gradient."),
  .optimizer = "sgd",
  .lr = 5e-6,
  .rates = "adagrad=0.1,adadelta=0.2,rmsprop=1e-3,adam=2e-3,adamw=5e-3",
  .steps = 2000,
  .log_every = 100,
  .dtype = AG_DTYPE_FLOAT32,
  .model = &legendre_model,
  .loss = &ag_sum_of_squares,
  .published = initial,
};
