/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "program/cubic-scalars.h"
#include "program/cubic.h"

#include <glib/gi18n-lib.h>

static const double published[] = {
  -0.35350383839727406,
  0.5985765768889733,
  -0.2909551424917851,
  -0.056608770290018644,
};

const AgProgramClass ag_autograd_class = {
  .id = "autograd",
  .title = N_ ("Autograd"),
  .description = N_ ("Only the prediction and the loss are written down; the gradients are found "
                     "by going back through what was recorded."),
  .optimizer = "sgd",
  .lr = 1e-6,
  .rates = AG_CUBIC_RATES,
  .steps = 2000,
  .log_every = 100,
  .dtype = AG_DTYPE_FLOAT32,
  .model = &ag_cubic_scalars_model,
  .loss = &ag_sum_of_squares,
  .published = published,
};
