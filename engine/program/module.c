/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "program/cubic.h"

#include "graph/graph.h"
#include "nn/module.h"
#include "nn/mse-loss.h"
#include "nn/parameter.h"

#include <glib/gi18n-lib.h>

/* The model: a Module of four scalar parameters. */
typedef struct
{
  AgModule module;
  AgTensor *p[4];
} Polynomial3;

static AgTensor *
polynomial3_forward (AgModule *module,
                     AgTensor *x)
{
  return ag_cubic_predict (((Polynomial3 *) module)->p, x);
}

static const AgModuleClass polynomial3_class = {
  .name = "Polynomial3",
  .instance_size = sizeof (Polynomial3),
  .forward = polynomial3_forward,
};

static AgModule *
polynomial3_new (AgDType dtype,
                 guint64 seed)
{
  static const char *const names[] = { "a", "b", "c", "d" };
  g_autoptr (AgGenerator) generator = ag_generator_new (AG_GENERATOR_TORCH, seed);
  Polynomial3 *self = ag_module_new (&polynomial3_class);

  for (guint i = 0; i < G_N_ELEMENTS (self->p); i++)
    {
      self->p[i] = ag_parameter_new (ag_randn (dtype, ag_layout_scalar (), generator));
      ag_module_register_parameter (&self->module, names[i], self->p[i]);
      ag_tensor_unref (self->p[i]);
    }
  return &self->module;
}

typedef struct
{
  AgProgram program;
  AgModule *model;
} AgModuleProgram;

static void
module_init (AgProgram *program,
             guint64 seed)
{
  AgModuleProgram *self = (AgModuleProgram *) program;

  self->model = polynomial3_new (program->dtype, seed);
  for (guint i = 0; i < program->klass->n_parameters; i++)
    ag_program_add_tensor (program, ((Polynomial3 *) self->model)->p[i], i);
}

static AgTensor *
module_step (AgProgram *program)
{
  AgModuleProgram *self = (AgModuleProgram *) program;
  AgTensor *prediction = ag_module_forward (self->model, program->x);
  AgTensor *loss = ag_mse_loss (prediction, program->y, AG_REDUCTION_SUM);

  ag_backward (loss, NULL);
  return loss;
}

static void
module_finalize (AgProgram *program)
{
  g_clear_pointer (&((AgModuleProgram *) program)->model, ag_module_unref);
}

const AgProgramClass ag_module_class = {
  .id = "module",
  .title = N_ ("Custom Module"),
  .description = N_ ("The cubic as a Module of its own, with four scalar parameters."),
  .optimizer = "sgd",
  .learning_rate = 1e-6,
  .rates = AG_CUBIC_RATES,
  .steps = 2000,
  .log_every = 100,
  .dtype = AG_DTYPE_FLOAT32,
  .formula = AG_CUBIC_FORMULA,
  AG_CUBIC_PARAMETERS (-1.3270119646310456, 1.5964649815259033, -0.5022704548604621, -0.19854970616094159),
  .instance_size = sizeof (AgModuleProgram),
  .init = module_init,
  .step = module_step,
  .finalize = module_finalize,
};
