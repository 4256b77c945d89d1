/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "optim/adam-private.h"

#include "graph/ops.h"

#include <glib/gi18n-lib.h>

/* NAdam, as PyTorch 2 has it:
 * <https://pytorch.org/docs/stable/generated/torch.optim.NAdam.html> */

enum
{
  MOMENTUM_DECAY = AG_ADAM_N_SHARED_OPTIONS,
  DECOUPLED,
  N_OPTIONS
};

enum
{
  MOMENTUM_PRODUCT,
  GRAD_RATE,
  AVERAGE_RATE,
  CORRECTION
};

/* How much of the mean step @step takes; this grows from half of β₁ to all of it. */
static double
momentum_at (const AgOptimizer *optimizer,
             double step)
{
  double beta1 = ag_optimizer_option (optimizer, AG_ADAM_BETA1);
  double decay = ag_optimizer_option (optimizer, MOMENTUM_DECAY);

  return beta1 * (1 - 0.5 * pow (0.96, step * decay));
}

static void
nadam_schedule (const AgOptimizer *optimizer,
                guint index,
                double *numbers)
{
  double lr = ag_optimizer_lr (optimizer);
  double beta2 = ag_optimizer_option (optimizer, AG_ADAM_BETA2);
  double step = (double) ag_optimizer_parameter_step (optimizer, index);
  double momentum = momentum_at (optimizer, step);
  double next = momentum_at (optimizer, step + 1);
  double before = step == 1 ? 1 : numbers[MOMENTUM_PRODUCT];
  /* PyTorch keeps the product of all momenta in single precision, whatever the parameters'. */
  double product = (float) before * (float) momentum;

  numbers[MOMENTUM_PRODUCT] = product;
  numbers[GRAD_RATE] = lr * (1 - momentum) / (1 - product);
  numbers[AVERAGE_RATE] = lr * next / (1 - product * next);
  numbers[CORRECTION] = 1 - ag_adam_power (beta2, step);
}

/* Optimizer: the mean of the gradients, looking ahead, over the root of their mean square. */
static void
nadam_update (AgOptimizer *optimizer,
              guint index,
              AgTensor *parameter,
              AgTensor *grad)
{
  gboolean is_decoupled = ag_optimizer_option (optimizer, DECOUPLED) != 0;
  AgTensor *grad_rate = ag_optimizer_number (optimizer, index, GRAD_RATE);
  AgTensor *average_rate = ag_optimizer_number (optimizer, index, AVERAGE_RATE);
  AgTensor *correction = ag_optimizer_number (optimizer, index, CORRECTION);
  AgTensor *average = ag_optimizer_state (optimizer, index, AG_ADAM_AVERAGE);
  AgTensor *squares = ag_optimizer_state (optimizer, index, AG_ADAM_SQUARE_AVERAGE);
  AgTensor *start = ag_adam_decay (optimizer, is_decoupled, parameter, &grad);
  AgTensor *root;

  ag_optimizer_lerp_mean (average, ag_optimizer_option (optimizer, AG_ADAM_BETA1), grad);
  ag_optimizer_update_mean_square (squares, ag_optimizer_option (optimizer, AG_ADAM_BETA2), grad);
  root = ag_add (ag_sqrt (ag_div (squares, correction)),
                 ag_scalar (ag_optimizer_option (optimizer, AG_ADAM_EPS)));
  /* Update: p less a part for the gradient and one for the mean. */
  start = ag_sub (start, ag_div (ag_mul (grad_rate, grad), root));
  ag_assign (parameter, ag_sub (start, ag_div (ag_mul (average_rate, average), root)));
}

static const AgOptimizerRule rules[] = {
  { "p", "p * (1 - lr * weight_decay)", "weight_decay,decoupled_weight_decay" },
  { "g", "g + weight_decay * p", "weight_decay,!decoupled_weight_decay" },
  { "mu", "beta1 * (1 - 0.5 * 0.96^(t * momentum_decay))" },
  { "mu_next", "beta1 * (1 - 0.5 * 0.96^((t + 1) * momentum_decay))" },
  { "mu_product", "mu", "first" },
  { "mu_product", "mu_product * mu", "!first" },
  AG_ADAM_SHARED_RULES,
  { "root", "sqrt(exp_avg_sq / (1 - beta2^t)) + eps" },
  { "g_part", "lr * (1 - mu) / (1 - mu_product) * g" },
  { "mean_part", "lr * mu_next / (1 - mu_product * mu_next) * exp_avg" },
  { "p", "p - g_part / root - mean_part / root" },
  { NULL },
};

const AgOptimizerClass ag_nadam_class = {
  .id = "nadam",
  .title = N_ ("NAdam"),
  .description = N_ ("Adam that looks ahead: its steps have the momentum of the next one already."),
  .lr = 2e-3,
  .rates_of = "adam",
  .n_options = N_OPTIONS,
  .options = {
    AG_ADAM_SHARED_OPTIONS (0),
    [MOMENTUM_DECAY] = { "momentum-decay", N_ ("Momentum decay ψ"),
                         AG_SETTING_NUMBER, 4e-3, 0, INFINITY, FALSE },
    [DECOUPLED] = AG_ADAM_DECOUPLED_OPTION,
  },
  .script = "# This is the NAdam of PyTorch 2; PyTorch 1 has another one. The product of its momenta\n"
            "# has the default type, which is single precision as a rule.\n"
            "torch.set_default_dtype(torch.float32)",
  .n_states = AG_ADAM_N_SHARED_STATES,
  .states = { AG_ADAM_SHARED_STATES },
  .schedule = nadam_schedule,
  .numbers = { [MOMENTUM_PRODUCT] = "mu_product" },
  .rules = rules,
  .sources = "optim/nadam.c",
  .update = nadam_update,
};
