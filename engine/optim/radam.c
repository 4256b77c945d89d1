/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "optim/adam-private.h"

#include "graph/ops.h"

#include <glib/gi18n-lib.h>

/* RAdam, as PyTorch 2 has it:
 * <https://pytorch.org/docs/stable/generated/torch.optim.RAdam.html> */

enum
{
  DECOUPLED = AG_ADAM_N_SHARED_OPTIONS,
  N_OPTIONS
};

enum
{
  AVERAGE_CORRECTION,
  ROOT_FLOOR,
  ROOT_CEILING,
  ROOT_CORRECTION,
  RECTIFICATION
};

/* The first steps do not divide by the root of the mean square, since that is the mean of too
 * few gradients. A recorded step is played again with other numbers, not with other operations:
 * so these steps divide as well, but hold the root between 1 and 1, and the factors behind it
 * are 1. */
static void
radam_schedule (const AgOptimizer *optimizer,
                guint index,
                double *numbers)
{
  double beta1 = ag_optimizer_option (optimizer, AG_ADAM_BETA1);
  double beta2 = ag_optimizer_option (optimizer, AG_ADAM_BETA2);
  double step = (double) ag_optimizer_parameter_step (optimizer, index);
  double correction = 1 - ag_adam_power (beta2, step);
  /* The number of gradients that the mean square amounts to, after endless steps and now. */
  double most = 2 / (1 - beta2) - 1;
  double length = most - 2 * step * ag_adam_power (beta2, step) / correction;
  gboolean is_rectified = length > 5;

  numbers[AVERAGE_CORRECTION] = 1 - ag_adam_power (beta1, step);
  numbers[ROOT_FLOOR] = is_rectified ? 0 : 1;
  numbers[ROOT_CEILING] = is_rectified ? INFINITY : 1;
  numbers[ROOT_CORRECTION] = is_rectified ? pow (correction, 0.5) : 1;
  numbers[RECTIFICATION] = is_rectified ? pow ((length - 4) * (length - 2) * most
                                                 / ((most - 4) * (most - 2) * length),
                                               0.5)
                                        : 1;
}

/* Optimizer: the mean of the gradients over the root of their mean square, once that is the
 * mean of enough of them. */
static void
radam_update (AgOptimizer *optimizer,
              guint index,
              AgTensor *parameter,
              AgTensor *grad)
{
  gboolean is_decoupled = ag_optimizer_option (optimizer, DECOUPLED) != 0;
  AgTensor *floor = ag_optimizer_number (optimizer, index, ROOT_FLOOR);
  AgTensor *ceiling = ag_optimizer_number (optimizer, index, ROOT_CEILING);
  AgTensor *average = ag_optimizer_state (optimizer, index, AG_ADAM_AVERAGE);
  AgTensor *squares = ag_optimizer_state (optimizer, index, AG_ADAM_SQUARE_AVERAGE);
  AgTensor *start = ag_adam_decay (optimizer, is_decoupled, parameter, &grad);
  AgTensor *root;
  AgTensor *adaptive;
  AgTensor *direction;

  ag_optimizer_lerp_mean (average, ag_optimizer_option (optimizer, AG_ADAM_BETA1), grad);
  ag_optimizer_update_mean_square (squares, ag_optimizer_option (optimizer, AG_ADAM_BETA2), grad);

  root = ag_add (ag_sqrt (squares), ag_scalar (ag_optimizer_option (optimizer, AG_ADAM_EPS)));
  root = ag_maximum (ag_minimum (root, ceiling), floor);
  /* PyTorch makes of a number divided by a tensor the number times the tensor's reciprocal. */
  adaptive = ag_mul (ag_div (ag_scalar (1), root),
                     ag_optimizer_number (optimizer, index, ROOT_CORRECTION));
  direction = ag_div (average, ag_optimizer_number (optimizer, index, AVERAGE_CORRECTION));
  direction = ag_mul (direction, ag_scalar (ag_optimizer_lr (optimizer)));
  direction = ag_mul (ag_mul (direction, adaptive),
                      ag_optimizer_number (optimizer, index, RECTIFICATION));
  /* Update: p − direction. */
  ag_assign (parameter, ag_sub (start, direction));
}

static const AgOptimizerRule rules[] = {
  { "p", "p * (1 - lr * weight_decay)", "weight_decay,decoupled_weight_decay" },
  { "g", "g + weight_decay * p", "weight_decay,!decoupled_weight_decay" },
  AG_ADAM_SHARED_RULES,
  { "mean", "exp_avg / (1 - beta1^t)" },
  { "most", "2 / (1 - beta2) - 1" },
  { "length", "most - 2 * t * beta2^t / (1 - beta2^t)" },
  { "rectified", "heaviside(length - 5, 0)" },
  { "rectification", "sqrt((length - 4) * (length - 2) * most / ((most - 4) * (most - 2) * length))", "rectified" },
  { "root", "(sqrt(exp_avg_sq) + eps) / sqrt(1 - beta2^t)", "rectified" },
  { "p", "p - lr * mean / root * rectification", "rectified" },
  { "p", "p - lr * mean", "!rectified" },
  { NULL },
};

const AgOptimizerClass ag_radam_class = {
  .id = "radam",
  .title = N_ ("RAdam"),
  .description = N_ ("Adam that begins without its root mean square, until that is the mean of "
                     "enough gradients."),
  .lr = 1e-3,
  /* Its first steps are SGD's, and diverge where that does. */
  .rates_of = "sgd",
  .n_options = N_OPTIONS,
  .options = {
    AG_ADAM_SHARED_OPTIONS (0),
    [DECOUPLED] = AG_ADAM_DECOUPLED_OPTION,
  },
  .n_states = AG_ADAM_N_SHARED_STATES,
  .states = { AG_ADAM_SHARED_STATES },
  .schedule = radam_schedule,
  .rules = rules,
  .sources = "optim/radam.c",
  .update = radam_update,
};
