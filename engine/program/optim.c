/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "program/cubic-layer.h"

#include <glib/gi18n-lib.h>

static const double published[] = {
  0.30041692,
  0.20396541,
  -0.54964195,
  0.54515109,
};

const AgProgramClass ag_optim_class = {
  .id = "optim",
  .title = N_ ("optim"),
  .description = N_ ("The same layer, with the updates left to an optimizer, RMSprop."),
  .optimizer = "rmsprop",
  .lr = 1e-3,
  .rates = AG_CUBIC_LAYER_RATES,
  .steps = 2000,
  .log_every = 100,
  .dtype = AG_DTYPE_FLOAT32,
  .model = &ag_cubic_layer_model,
  .loss = &ag_sum_of_squares,
  .published = published,
};
