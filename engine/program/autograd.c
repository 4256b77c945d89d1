/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "program/cubic.h"

#include "graph/graph.h"
#include "graph/ops.h"

#include <glib/gi18n-lib.h>

static void
autograd_init (AgProgram *program,
               guint64 seed)
{
  ag_program_add_scalars (program, seed, TRUE);
}

static AgTensor *
autograd_step (AgProgram *program)
{
  AgTensor *prediction = ag_cubic_predict (program->tensors, program->x);
  AgTensor *loss = ag_sum (ag_square (ag_sub (prediction, program->y)));

  ag_backward (loss, NULL);
  return loss;
}

const AgProgramClass ag_autograd_class = {
  .id = "autograd",
  .title = N_ ("Autograd"),
  .description = N_ ("Only the prediction and the loss are written down; the gradients are found "
                     "by going back through what was recorded."),
  .optimizer = "sgd",
  .learning_rate = 1e-6,
  .rates = AG_CUBIC_RATES,
  .steps = 2000,
  .log_every = 100,
  .dtype = AG_DTYPE_FLOAT32,
  .formula = AG_CUBIC_FORMULA,
  AG_CUBIC_PARAMETERS (-0.35350383839727406, 0.5985765768889733, -0.2909551424917851, -0.056608770290018644),
  .instance_size = sizeof (AgProgram),
  .init = autograd_init,
  .step = autograd_step,
};
