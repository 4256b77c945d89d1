/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "program/cubic.h"

#include <glib/gi18n-lib.h>

static void
tensors_init (AgProgram *program,
              guint64 seed)
{
  ag_program_add_scalars (program, seed, FALSE);
}

const AgProgramClass ag_tensors_class = {
  .id = "tensors",
  .title = N_ ("Tensors"),
  .description = N_ ("The same fit in tensors, which could be on a GPU, still with gradients "
                     "derived by hand."),
  .optimizer = "sgd",
  .learning_rate = 1e-6,
  .rates = AG_CUBIC_RATES,
  .steps = 2000,
  .log_every = 100,
  .dtype = AG_DTYPE_FLOAT32,
  .formula = AG_CUBIC_FORMULA,
  AG_CUBIC_PARAMETERS (0.5493512813345592, -0.12259858983743821, -1.319208601351297, 0.04597211712820885),
  .instance_size = sizeof (AgProgram),
  .init = tensors_init,
  .step = ag_cubic_step_by_hand,
};
