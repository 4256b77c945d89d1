/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "optim/optimizer-private.h"

#include "graph/ops.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/* RMSprop: <https://pytorch.org/docs/stable/generated/torch.optim.RMSprop.html> */

enum
{
  ALPHA,
  EPS,
  WEIGHT_DECAY,
  MOMENTUM,
  CENTERED,
  N_OPTIONS
};

enum
{
  SQUARE_AVERAGE,
  GRAD_AVERAGE,
  BUFFER,
  N_STATES
};

/* Optimizer: the gradient over the root of the mean square. */
static void
rmsprop_update (AgOptimizer *optimizer,
                guint index,
                AgTensor *parameter,
                AgTensor *grad)
{
  double lr = ag_optimizer_lr (optimizer);
  double alpha = ag_optimizer_option (optimizer, ALPHA);
  double eps = ag_optimizer_option (optimizer, EPS);
  double momentum = ag_optimizer_option (optimizer, MOMENTUM);
  AgTensor *squares = ag_optimizer_state (optimizer, index, SQUARE_AVERAGE);
  AgTensor *variance = squares;
  AgTensor *root;

  grad = ag_optimizer_decay (grad, parameter, ag_optimizer_option (optimizer, WEIGHT_DECAY));
  ag_optimizer_update_mean_square (squares, alpha, grad);

  if (ag_optimizer_option (optimizer, CENTERED) != 0)
    {
      AgTensor *average = ag_optimizer_state (optimizer, index, GRAD_AVERAGE);

      ag_optimizer_update_mean (average, alpha, grad);
      /* The difference is rounded once, as PyTorch's is. Where the two are nearly equal its
       * sign depends on that, and with it whether there is a root. */
      variance = ag_addcmul (squares, ag_neg (average), average);
    }
  root = ag_add (ag_sqrt (variance), ag_scalar (eps));

  if (momentum != 0)
    {
      AgTensor *buffer = ag_optimizer_state (optimizer, index, BUFFER);

      ag_assign (buffer, ag_add (ag_mul (buffer, ag_scalar (momentum)), ag_div (grad, root)));
      /* Update: p − lr · buffer. */
      ag_optimizer_descend (parameter, lr, buffer);
    }
  else
    {
      /* Update: p − lr · g / root. */
      ag_assign (parameter, ag_sub (parameter, ag_div (ag_mul (ag_scalar (lr), grad), root)));
    }
}

static const AgOptimizerRule rules[] = {
  { "g", "g + weight_decay * p", "weight_decay" },
  { "square_avg", "alpha * square_avg + (1 - alpha) * g^2" },
  { "grad_avg", "grad_avg + (1 - alpha) * (g - grad_avg)", "centered" },
  { "root", "sqrt(square_avg - grad_avg^2) + eps", "centered" },
  { "root", "sqrt(square_avg) + eps", "!centered" },
  { "momentum_buffer", "momentum * momentum_buffer + g / root", "momentum" },
  { "p", "p - lr * momentum_buffer", "momentum" },
  { "p", "p - lr * g / root", "!momentum" },
  { NULL },
};

const AgOptimizerClass ag_rmsprop_class = {
  .id = "rmsprop",
  .title = N_ ("RMSprop"),
  .description = N_ ("Divides each step by the root mean square of the recent gradients."),
  .lr = 1e-2,
  .n_options = N_OPTIONS,
  .options = {
    [ALPHA] = { "alpha", N_ ("Smoothing constant α"), AG_SETTING_NUMBER, 0.99, 0, 1, TRUE },
    [EPS] = { "eps", N_ ("Epsilon"), AG_SETTING_NUMBER, 1e-8, 0, INFINITY, FALSE },
    [WEIGHT_DECAY] = { "weight-decay", N_ ("Weight decay"),
                       AG_SETTING_NUMBER, 0, 0, INFINITY, FALSE },
    [MOMENTUM] = { "momentum", N_ ("Momentum"), AG_SETTING_NUMBER, 0, 0, 1, TRUE },
    [CENTERED] = { "centered", N_ ("Centered"), AG_SETTING_FLAG, 0, 0, 1, FALSE },
  },
  .n_states = N_STATES,
  .states = {
    [SQUARE_AVERAGE] = "square_avg",
    [GRAD_AVERAGE] = "grad_avg",
    [BUFFER] = "momentum_buffer",
  },
  .rules = rules,
  .sources = "optim/rmsprop.c",
  .update = rmsprop_update,
};
