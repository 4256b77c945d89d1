/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "program/cubic.h"

#include "graph/graph.h"
#include "graph/ops.h"
#include "nn/mse-loss.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/* Terms e x⁴ and e x⁵, with one weight e for both, come and go: before each
 * step a draw decides between none, the first, and both of them. */

#define FIRST_EXPONENT 4
#define LAST_EXPONENT 5
#define N_TERMS (LAST_EXPONENT - FIRST_EXPONENT + 1)

typedef struct
{
  AgProgram program;
  AgTensor *powers[N_TERMS];
} AgDynamicProgram;

static void
dynamic_init (AgProgram *program,
              guint64 seed)
{
  AgDynamicProgram *self = (AgDynamicProgram *) program;

  program->coin = ag_generator_new (AG_GENERATOR_PYTHON, seed);
  for (guint i = 0; i < N_TERMS; i++)
    {
      self->powers[i] = ag_tensor_ref (ag_pow_scalar (program->x, FIRST_EXPONENT + i));
      ag_tensor_set_data (self->powers[i]);
    }
  ag_program_add_scalars (program, seed, TRUE);
}

/* How many of the terms there are. */
static guint
dynamic_draw (AgProgram *program)
{
  return (guint) (ag_generator_randint (program->coin, FIRST_EXPONENT, LAST_EXPONENT + 1)
                  - FIRST_EXPONENT);
}

static AgTensor *
dynamic_step (AgProgram *program)
{
  AgTensor *prediction = ag_cubic_predict (program->tensors, program->x);
  AgTensor *e = program->tensors[4];
  AgTensor *loss;

  for (guint i = 0; i < program->structure; i++)
    prediction = ag_add (prediction, ag_mul (e, ((AgDynamicProgram *) program)->powers[i]));
  loss = ag_mse_loss (prediction, program->y, AG_REDUCTION_SUM);
  ag_backward (loss, NULL);
  return loss;
}

/* The mean over the draws: x⁴ is there in two of three, x⁵ in one. */
static double
dynamic_evaluate (const double *coefficients,
                  double x)
{
  double fourth = x * x * x * x;

  return ag_cubic_evaluate (coefficients, x) + coefficients[4] * fourth * (2 + x) / 3;
}

static void
dynamic_finalize (AgProgram *program)
{
  AgDynamicProgram *self = (AgDynamicProgram *) program;

  for (guint i = 0; i < N_TERMS; i++)
    ag_tensor_clear (&self->powers[i]);
}

const AgProgramClass ag_dynamic_class = {
  .id = "dynamic",
  .title = N_ ("Control Flow and Weight Sharing"),
  .description = N_ ("A net that changes at random from step to step and uses one weight twice."),
  .optimizer = "sgd",
  .options = "momentum=0.9",
  .learning_rate = 1e-8,
  .rates = "adagrad=0.2,adadelta=0.05,rmsprop=2e-4,adam=1e-3,adamw=1e-3",
  .steps = 30000,
  .log_every = 2000,
  .dtype = AG_DTYPE_FLOAT32,
  .formula = AG_CUBIC_FORMULA " + {e} x^4 ? + {e} x^5 ?",
  .formula_note = N_ ("Each step has the terms marked “?”, the first of them, or none, by chance."),
  .n_parameters = 5,
  .parameters = {
    { "a", NAN },
    { "b", NAN },
    { "c", NAN },
    { "d", NAN },
    { "e", NAN },
  },
  .n_columns = N_TERMS,
  .instance_size = sizeof (AgDynamicProgram),
  .init = dynamic_init,
  .draw = dynamic_draw,
  .step = dynamic_step,
  .evaluate = dynamic_evaluate,
  .finalize = dynamic_finalize,
};
