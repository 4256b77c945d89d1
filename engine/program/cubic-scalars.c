/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "program/cubic-scalars.h"

#include "program/cubic.h"

/* Predict: the parameters are four scalars. */
static AgTensor *
predict (AgModel *model,
         const AgModelInput *input)
{
  return ag_cubic_predict (model->tensors, input->x);
}

static const AgModelScript script = {
  .predict = "return a + b * x + c * x**2 + d * x**3",
};

const AgModelClass ag_cubic_scalars_model = {
  .formula = AG_CUBIC_FORMULA,
  .n_parameters = AG_CUBIC_N_PARAMETERS,
  .parameters = ag_cubic_parameters,
  .is_linear = TRUE,
  .instance_size = sizeof (AgModel),
  .init = ag_model_add_scalars,
  .predict = predict,
  .script = &script,
  .sources = "program/cubic.c,program/cubic-scalars.c",
};
