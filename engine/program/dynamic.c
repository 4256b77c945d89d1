/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "program/cubic.h"

#include "graph/ops.h"

#include <glib/gi18n-lib.h>

/* Terms e x⁴ and e x⁵, with one weight e for both, come and go: before each
 * step a coin decides between none, the first, and both of them. */

#define FIRST_EXPONENT 4
#define LAST_EXPONENT 5
#define N_TERMS (LAST_EXPONENT - FIRST_EXPONENT + 1)

static void
prepare (AgModel *model,
         AgTensor *x,
         AgTensor **features)
{
  for (guint i = 0; i < N_TERMS; i++)
    features[i] = ag_pow_scalar (x, FIRST_EXPONENT + i);
}

/* Predict: the structure is how many of the terms there are. */
static AgTensor *
predict (AgModel *model,
         const AgModelInput *input)
{
  AgTensor *prediction = ag_cubic_predict (model->tensors, input->x);

  for (guint i = 0; i < input->structure; i++)
    prediction = ag_add (prediction, ag_mul (model->tensors[4], input->features[i]));
  return prediction;
}

static const AgModelScript script = {
  .predict = "prediction = a + b * x + c * x**2 + d * x**3\n"
             "for exponent in range(4, random.randint(4, 6)):\n"
             "    prediction = prediction + e * x**exponent\n"
             "return prediction",
};

static const char *const parameters[] = { "a", "b", "c", "d", "e" };

static const AgModelClass dynamic_model = {
  .formula = AG_CUBIC_FORMULA " + {e} x^4 ? + {e} x^5 ?",
  .formula_note = N_ ("Each step has the terms marked “?”, the first of them, or none, by chance."),
  .n_parameters = G_N_ELEMENTS (parameters),
  .parameters = parameters,
  .n_structures = N_TERMS + 1,
  .n_columns = N_TERMS,
  .instance_size = sizeof (AgModel),
  .init = ag_model_add_scalars,
  .prepare = prepare,
  .features = { "x⁴", "x⁵" },
  .predict = predict,
  .script = &script,
  .sources = "program/cubic.c,program/dynamic.c",
};

static guint
choose_structure (AgProgram *program)
{
  return (guint) (ag_generator_randint (program->coin, FIRST_EXPONENT, LAST_EXPONENT + 1)
                  - FIRST_EXPONENT);
}

const AgProgramClass ag_dynamic_class = {
  .id = "dynamic",
  .title = N_ ("Control Flow and Weight Sharing"),
  .description = N_ ("A net that changes at random from step to step and uses one weight twice."),
  .optimizer = "sgd",
  .options = "momentum=0.9",
  .lr = 1e-8,
  .rates = "adagrad=0.2,adadelta=0.05,rmsprop=2e-4,adam=1e-3,adamw=1e-3",
  .steps = 30000,
  .log_every = 2000,
  .dtype = AG_DTYPE_FLOAT32,
  .model = &dynamic_model,
  .loss = &ag_sum_of_squares,
  .choose_structure = choose_structure,
};
