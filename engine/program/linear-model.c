/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "program/linear-model.h"

#include "graph/graph.h"
#include "graph/ops.h"
#include "nn/flatten.h"
#include "nn/linear.h"
#include "nn/mse-loss.h"
#include "nn/sequential.h"

/**
 * ag_linear_model_init:
 * @program: an #AgLinearModel
 * @seed: seed of the layer's initial weights
 *
 * Makes the columns of powers and the model.
 */
void
ag_linear_model_init (AgProgram *program,
                      guint64 seed)
{
  static const gint64 exponents[AG_LINEAR_MODEL_N_POWERS] = { 1, 2, 3 };
  AgLinearModel *self = (AgLinearModel *) program;
  g_autoptr (AgGenerator) generator = ag_generator_new (program->klass->generator, seed);
  AgTensor *exponent = ag_from_data (AG_DTYPE_INT64, AG_SHAPE (AG_LINEAR_MODEL_N_POWERS, 1), exponents);
  AgModule *linear = ag_linear_new (AG_LINEAR_MODEL_N_POWERS, 1, program->dtype, generator);
  AgModule *layers[] = { linear, ag_flatten_new (0, 1) };

  self->powers = ag_tensor_ref (ag_pow (ag_unsqueeze (program->x, 0), exponent));
  ag_tensor_set_data (self->powers);
  self->model = ag_sequential_new (G_N_ELEMENTS (layers), layers);

  ag_program_add_tensor (program, ag_linear_weight (linear), 1);
  ag_program_add_tensor (program, ag_linear_bias (linear), 0);
}

/**
 * ag_linear_model_step:
 * @program: an #AgLinearModel
 *
 * Returns: (transfer none): the loss, its gradients recorded
 */
AgTensor *
ag_linear_model_step (AgProgram *program)
{
  AgLinearModel *self = (AgLinearModel *) program;
  AgTensor *columns = ag_transpose (self->powers, 0, 1);
  AgTensor *prediction = ag_module_forward (self->model, columns);
  AgTensor *loss = ag_mse_loss (prediction, program->y, AG_REDUCTION_SUM);

  ag_backward (loss, NULL);
  return loss;
}

/**
 * ag_linear_model_finalize:
 * @program: an #AgLinearModel
 *
 * Frees what ag_linear_model_init() made.
 */
void
ag_linear_model_finalize (AgProgram *program)
{
  AgLinearModel *self = (AgLinearModel *) program;

  ag_tensor_clear (&self->powers);
  g_clear_pointer (&self->model, ag_module_unref);
}
