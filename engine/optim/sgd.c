/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "optim/optimizer-private.h"

#include "base/error.h"
#include "graph/ops.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/* Stochastic gradient descent:
 * <https://pytorch.org/docs/stable/generated/torch.optim.SGD.html> */

enum
{
  MOMENTUM,
  DAMPENING,
  WEIGHT_DECAY,
  NESTEROV,
  N_OPTIONS
};

enum
{
  BUFFER,
  N_STATES
};

static gboolean
sgd_check (const double *options,
           guint *wrong,
           GError **error)
{
  if (options[NESTEROV] == 0 || (options[MOMENTUM] != 0 && options[DAMPENING] == 0))
    return TRUE;
  *wrong = options[MOMENTUM] == 0 ? MOMENTUM : DAMPENING;
  g_set_error_literal (error, AG_ERROR, AG_ERROR_ARGUMENT,
                       _ ("Nesterov momentum needs a momentum above 0 and a dampening of 0. Give "
                          "these, such as 0.9 and 0, or turn it off."));
  return FALSE;
}

/* Optimizer: against the gradient, or along the momentum. */
static void
sgd_update (AgOptimizer *optimizer,
            guint index,
            AgTensor *parameter,
            AgTensor *grad)
{
  double momentum = ag_optimizer_option (optimizer, MOMENTUM);
  double dampening = ag_optimizer_option (optimizer, DAMPENING);
  AgTensor *direction;

  grad = ag_optimizer_decay (grad, parameter, ag_optimizer_option (optimizer, WEIGHT_DECAY));
  direction = grad;

  if (momentum != 0)
    {
      AgTensor *buffer = ag_optimizer_state (optimizer, index, BUFFER);

      if (ag_optimizer_parameter_step (optimizer, index) == 1)
        {
          ag_assign (buffer, grad);
        }
      else
        {
          AgTensor *slowed = ag_mul (buffer, ag_scalar (momentum));

          if (dampening != 0)
            ag_assign (buffer, ag_addcmul (slowed, ag_scalar (1 - dampening), grad));
          else
            ag_assign (buffer, ag_add (slowed, grad));
        }

      if (ag_optimizer_option (optimizer, NESTEROV) != 0)
        direction = ag_addcmul (grad, ag_scalar (momentum), buffer);
      else
        direction = buffer;
    }

  /* Update: p − lr · direction. */
  ag_optimizer_descend (parameter, ag_optimizer_lr (optimizer), direction);
}

static const AgOptimizerRule rules[] = {
  { "g", "g + weight_decay * p", "weight_decay" },
  { "momentum_buffer", "g", "momentum,first" },
  { "momentum_buffer", "momentum * momentum_buffer + (1 - dampening) * g", "momentum,dampening,!first" },
  { "momentum_buffer", "momentum * momentum_buffer + g", "momentum,!dampening,!first" },
  { "p", "p - lr * (g + momentum * momentum_buffer)", "momentum,nesterov" },
  { "p", "p - lr * momentum_buffer", "momentum,!nesterov" },
  { "p", "p - lr * g", "!momentum" },
  { NULL },
};

const AgOptimizerClass ag_sgd_class = {
  .id = "sgd",
  .title = N_ ("SGD"),
  .description = N_ ("Steps against the gradient, with momentum if wanted."),
  .lr = 1e-6,
  .n_options = N_OPTIONS,
  .options = {
    [MOMENTUM] = { "momentum", N_ ("Momentum"), AG_SETTING_NUMBER, 0, 0, 1, TRUE },
    [DAMPENING] = { "dampening", N_ ("Dampening"), AG_SETTING_NUMBER, 0, 0, 1, FALSE },
    [WEIGHT_DECAY] = { "weight-decay", N_ ("Weight decay"),
                       AG_SETTING_NUMBER, 0, 0, INFINITY, FALSE },
    [NESTEROV] = { "nesterov", N_ ("Nesterov momentum"), AG_SETTING_FLAG, 0, 0, 1, FALSE },
  },
  .check = sgd_check,
  .n_states = N_STATES,
  .states = { [BUFFER] = "momentum_buffer" },
  .rules = rules,
  .sources = "optim/sgd.c",
  .update = sgd_update,
};
