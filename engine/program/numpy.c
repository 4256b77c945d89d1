/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "program/cubic-by-hand.h"
#include "program/cubic-scalars.h"
#include "program/cubic.h"

#include <glib/gi18n-lib.h>

static const double published[] = {
  -0.013805545005845632,
  -0.03350960849707729,
  -0.23214835028257266,
  0.03329998532621771,
};

const AgProgramClass ag_numpy_class = {
  .id = "numpy",
  .title = N_ ("NumPy"),
  .description = N_ ("Fits a cubic with gradients derived by hand, in double precision."),
  .optimizer = "sgd",
  .lr = 1e-6,
  .rates = AG_CUBIC_RATES,
  .steps = 2000,
  .log_every = 100,
  .dtype = AG_DTYPE_FLOAT64,
  .generator = AG_GENERATOR_NUMPY,
  .model = &ag_cubic_scalars_model,
  .loss = &ag_sum_of_squares,
  .published = published,
  .by_hand = &ag_cubic_by_hand,
};
