/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "program/cubic.h"

#include <glib/gi18n-lib.h>

static void
numpy_init (AgProgram *program,
            guint64 seed)
{
  ag_program_add_scalars (program, seed, FALSE);
}

const AgProgramClass ag_numpy_class = {
  .id = "numpy",
  .title = N_ ("NumPy"),
  .description = N_ ("Fits a cubic with gradients derived by hand, in double precision."),
  .optimizer = "sgd",
  .learning_rate = 1e-6,
  .rates = AG_CUBIC_RATES,
  .steps = 2000,
  .log_every = 100,
  .dtype = AG_DTYPE_FLOAT64,
  .generator = AG_GENERATOR_NUMPY,
  .formula = AG_CUBIC_FORMULA,
  AG_CUBIC_PARAMETERS (-0.013805545005845632, -0.03350960849707729, -0.23214835028257266, 0.03329998532621771),
  .instance_size = sizeof (AgProgram),
  .init = numpy_init,
  .step = ag_cubic_step_by_hand,
};
