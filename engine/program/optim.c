/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "program/cubic.h"
#include "program/linear-model.h"

#include <glib/gi18n-lib.h>

const AgProgramClass ag_optim_class = {
  .id = "optim",
  .title = N_ ("optim"),
  .description = N_ ("The same layer, with the updates left to an optimizer, RMSprop."),
  .optimizer = "rmsprop",
  .learning_rate = 1e-3,
  .rates = AG_LINEAR_MODEL_RATES,
  .steps = 2000,
  .log_every = 100,
  .dtype = AG_DTYPE_FLOAT32,
  .formula = AG_CUBIC_FORMULA,
  AG_CUBIC_PARAMETERS (0.30041692, 0.20396541, -0.54964195, 0.54515109),
  .n_columns = AG_LINEAR_MODEL_N_POWERS,
  .instance_size = sizeof (AgLinearModel),
  .init = ag_linear_model_init,
  .step = ag_linear_model_step,
  .finalize = ag_linear_model_finalize,
};
