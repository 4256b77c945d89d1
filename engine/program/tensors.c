/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "program/cubic-by-hand.h"
#include "program/cubic-scalars.h"
#include "program/cubic.h"

#include <glib/gi18n-lib.h>

static const double published[] = {
  0.5493512813345592,
  -0.12259858983743821,
  -1.319208601351297,
  0.04597211712820885,
};

const AgProgramClass ag_tensors_class = {
  .id = "tensors",
  .title = N_ ("Tensors"),
  .description = N_ ("The same fit in tensors, which could be on a GPU, still with gradients "
                     "derived by hand."),
  .optimizer = "sgd",
  .lr = 1e-6,
  .rates = AG_CUBIC_RATES,
  .steps = 2000,
  .log_every = 100,
  .dtype = AG_DTYPE_FLOAT32,
  .model = &ag_cubic_scalars_model,
  .loss = &ag_sum_of_squares,
  .published = published,
  .by_hand = &ag_cubic_by_hand,
};
