/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "program/cubic.h"

#include "graph/create.h"
#include "nn/module.h"
#include "nn/parameter.h"

#include <glib/gi18n-lib.h>

/* The model: a Module of four scalar parameters. */
typedef struct
{
  AgModule module;
  AgTensor *p[AG_CUBIC_N_PARAMETERS];
} Polynomial3;

/* Predict: what the Module is called for. */
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

/* A model that is a Module. */
typedef struct
{
  AgModel model;
  AgModule *module;
} ModuleModel;

static void
init (AgModel *model,
      AgGeneratorKind kind,
      guint64 seed)
{
  g_autoptr (AgGenerator) generator = ag_generator_new (kind, seed);
  Polynomial3 *polynomial = ag_module_new (&polynomial3_class);

  for (guint i = 0; i < AG_CUBIC_N_PARAMETERS; i++)
    {
      AgTensor *p = ag_parameter_new (ag_randn (model->dtype, ag_layout_scalar (), generator));

      polynomial->p[i] = p;
      ag_module_register_parameter (&polynomial->module, ag_cubic_parameters[i], p);
      ag_model_add_tensor (model, p);
      ag_tensor_unref (p);
    }
  ((ModuleModel *) model)->module = &polynomial->module;
}

/* Predict: as people call a Module. */
static AgTensor *
predict (AgModel *model,
         const AgModelInput *input)
{
  return ag_module_forward (((ModuleModel *) model)->module, input->x);
}

static void
finalize (AgModel *model)
{
  g_clear_pointer (&((ModuleModel *) model)->module, ag_module_unref);
}

static const AgModelScript script = {
  .definitions = "class Cubic(torch.nn.Module):\n"
                 "    def __init__(self):\n"
                 "        super().__init__()\n"
                 "        for name in \"abcd\":\n"
                 "            setattr(self, name, torch.nn.Parameter(torch.randn(())))\n"
                 "\n"
                 "    # predict\n"
                 "    def forward(self, x):\n"
                 "        return self.a + self.b * x + self.c * x**2 + self.d * x**3",
  .make = "model = Cubic()\n"
          "a, b, c, d = model.parameters()",
  .predict = "return model(x)",
};

static const AgModelClass module_model = {
  .formula = AG_CUBIC_FORMULA,
  .n_parameters = AG_CUBIC_N_PARAMETERS,
  .parameters = ag_cubic_parameters,
  .is_linear = TRUE,
  .instance_size = sizeof (ModuleModel),
  .init = init,
  .predict = predict,
  .finalize = finalize,
  .script = &script,
  .sources = "program/cubic.c,program/module.c",
};

static const double published[] = {
  -1.3270119646310456,
  1.5964649815259033,
  -0.5022704548604621,
  -0.19854970616094159,
};

const AgProgramClass ag_module_class = {
  .id = "module",
  .title = N_ ("Custom Module"),
  .description = N_ ("The cubic as a Module of its own, with four scalar parameters."),
  .optimizer = "sgd",
  .lr = 1e-6,
  .rates = AG_CUBIC_RATES,
  .steps = 2000,
  .log_every = 100,
  .dtype = AG_DTYPE_FLOAT32,
  .model = &module_model,
  .loss = &ag_sum_of_squares,
  .published = published,
};
