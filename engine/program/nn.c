/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "program/cubic.h"
#include "program/linear-model.h"

#include <glib/gi18n-lib.h>

const AgProgramClass ag_nn_class = {
  .id = "nn",
  .title = N_ ("nn"),
  .description = N_ ("The cubic as a linear layer over the columns x, x², x³, with MSELoss."),
  .optimizer = "sgd",
  .learning_rate = 1e-6,
  .rates = AG_LINEAR_MODEL_RATES,
  .steps = 2000,
  .log_every = 100,
  .dtype = AG_DTYPE_FLOAT32,
  .formula = AG_CUBIC_FORMULA,
  AG_CUBIC_PARAMETERS (0.574300548825002, -0.5571997334274368, -0.0990764010746947, 0.1077903452638312),
  .n_columns = AG_LINEAR_MODEL_N_POWERS,
  .instance_size = sizeof (AgLinearModel),
  .init = ag_linear_model_init,
  .step = ag_linear_model_step,
  .finalize = ag_linear_model_finalize,
};
