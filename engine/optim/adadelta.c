/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "optim/optimizer-private.h"

#include "graph/ops.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/* Adadelta: <https://pytorch.org/docs/stable/generated/torch.optim.Adadelta.html> */

enum
{
  RHO,
  EPS,
  WEIGHT_DECAY,
  N_OPTIONS
};

enum
{
  SQUARE_AVERAGE,
  DELTA_AVERAGE,
  N_STATES
};

/* Optimizer: the gradient, as long as the steps before. */
static void
adadelta_update (AgOptimizer *optimizer,
                 guint index,
                 AgTensor *parameter,
                 AgTensor *grad)
{
  double rho = ag_optimizer_option (optimizer, RHO);
  double eps = ag_optimizer_option (optimizer, EPS);
  AgTensor *squares = ag_optimizer_state (optimizer, index, SQUARE_AVERAGE);
  AgTensor *deltas = ag_optimizer_state (optimizer, index, DELTA_AVERAGE);
  AgTensor *root;
  AgTensor *delta;

  grad = ag_optimizer_decay (grad, parameter, ag_optimizer_option (optimizer, WEIGHT_DECAY));
  ag_optimizer_update_mean_square (squares, rho, grad);
  root = ag_sqrt (ag_add (squares, ag_scalar (eps)));
  delta = ag_mul (ag_div (ag_sqrt (ag_add (deltas, ag_scalar (eps))), root), grad);
  ag_optimizer_update_mean_square (deltas, rho, delta);
  /* Update: p − lr · δ. */
  ag_optimizer_descend (parameter, ag_optimizer_lr (optimizer), delta);
}

static const AgOptimizerRule rules[] = {
  { "g", "g + weight_decay * p", "weight_decay" },
  { "square_avg", "rho * square_avg + (1 - rho) * g^2" },
  { "delta", "sqrt(acc_delta + eps) / sqrt(square_avg + eps) * g" },
  { "acc_delta", "rho * acc_delta + (1 - rho) * delta^2" },
  { "p", "p - lr * delta" },
  { NULL },
};

const AgOptimizerClass ag_adadelta_class = {
  .id = "adadelta",
  .title = N_ ("Adadelta"),
  .description = N_ ("Sizes its steps by the root mean square of the steps before, so that the "
                     "learning rate hardly matters."),
  .lr = 1,
  .n_options = N_OPTIONS,
  .options = {
    [RHO] = { "rho", N_ ("Decay of the averages ρ"), AG_SETTING_NUMBER, 0.9, 0, 1, FALSE },
    [EPS] = { "eps", N_ ("Epsilon"), AG_SETTING_NUMBER, 1e-6, 0, INFINITY, FALSE },
    [WEIGHT_DECAY] = { "weight-decay", N_ ("Weight decay"),
                       AG_SETTING_NUMBER, 0, 0, INFINITY, FALSE },
  },
  .n_states = N_STATES,
  .states = { [SQUARE_AVERAGE] = "square_avg", [DELTA_AVERAGE] = "acc_delta" },
  .rules = rules,
  .sources = "optim/adadelta.c",
  .update = adadelta_update,
};
