/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "program/cubic-layer.h"

#include <glib/gi18n-lib.h>

static const double published[] = {
  0.574300548825002,
  -0.5571997334274368,
  -0.0990764010746947,
  0.1077903452638312,
};

const AgProgramClass ag_nn_class = {
  .id = "nn",
  .title = N_ ("nn"),
  .description = N_ ("The cubic as a linear layer over the columns x, x², x³, with MSELoss."),
  .optimizer = "sgd",
  .lr = 1e-6,
  .rates = AG_CUBIC_LAYER_RATES,
  .steps = 2000,
  .log_every = 100,
  .dtype = AG_DTYPE_FLOAT32,
  .model = &ag_cubic_layer_model,
  .loss = &ag_sum_of_squares,
  .published = published,
};
