/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "optim/optimizer-private.h"

#include "graph/ops.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/* Adagrad: <https://pytorch.org/docs/stable/generated/torch.optim.Adagrad.html> */

enum
{
  LR_DECAY,
  WEIGHT_DECAY,
  INITIAL_ACCUMULATOR_VALUE,
  EPS,
  N_OPTIONS
};

enum
{
  SUM,
  N_STATES
};

enum
{
  RATE
};

static void
adagrad_schedule (const AgOptimizer *optimizer,
                  guint index,
                  double *numbers)
{
  double lr = ag_optimizer_lr (optimizer);
  double lr_decay = ag_optimizer_option (optimizer, LR_DECAY);
  gint64 step = ag_optimizer_parameter_step (optimizer, index);

  numbers[RATE] = lr / (1 + (double) (step - 1) * lr_decay);
}

/* Optimizer: the gradient over the root of all squares so far. */
static void
adagrad_update (AgOptimizer *optimizer,
                guint index,
                AgTensor *parameter,
                AgTensor *grad)
{
  double initial = ag_optimizer_option (optimizer, INITIAL_ACCUMULATOR_VALUE);
  double eps = ag_optimizer_option (optimizer, EPS);
  AgTensor *rate = ag_optimizer_number (optimizer, index, RATE);
  AgTensor *sum = ag_optimizer_state (optimizer, index, SUM);
  AgTensor *before = sum;
  AgTensor *root;

  grad = ag_optimizer_decay (grad, parameter, ag_optimizer_option (optimizer, WEIGHT_DECAY));
  if (ag_optimizer_parameter_step (optimizer, index) == 1 && initial != 0)
    before = ag_scalar (initial);
  ag_assign (sum, ag_addcmul (before, grad, grad));
  root = ag_add (ag_sqrt (sum), ag_scalar (eps));
  /* Update: p − rate · g / root. */
  ag_assign (parameter, ag_sub (parameter, ag_div (ag_mul (rate, grad), root)));
}

static const AgOptimizerRule rules[] = {
  { "g", "g + weight_decay * p", "weight_decay" },
  { "rate", "lr / (1 + (t - 1) * lr_decay)", "lr_decay" },
  { "sum", "initial_accumulator_value + g^2", "initial_accumulator_value,first" },
  { "sum", "sum + g^2", "!initial_accumulator_value,first" },
  { "sum", "sum + g^2", "!first" },
  { "root", "sqrt(sum) + eps" },
  { "p", "p - rate * g / root", "lr_decay" },
  { "p", "p - lr * g / root", "!lr_decay" },
  { NULL },
};

const AgOptimizerClass ag_adagrad_class = {
  .id = "adagrad",
  .title = N_ ("Adagrad"),
  .description = N_ ("Divides each step by the root of all squared gradients so far."),
  .lr = 1e-2,
  .n_options = N_OPTIONS,
  .options = {
    [LR_DECAY] = { "lr-decay", N_ ("Learning rate decay"),
                   AG_SETTING_NUMBER, 0, 0, INFINITY, FALSE },
    [WEIGHT_DECAY] = { "weight-decay", N_ ("Weight decay"),
                       AG_SETTING_NUMBER, 0, 0, INFINITY, FALSE },
    [INITIAL_ACCUMULATOR_VALUE] = { "initial-accumulator-value", N_ ("Initial sum of squares"),
                                    AG_SETTING_NUMBER, 0, 0, INFINITY, FALSE },
    [EPS] = { "eps", N_ ("Epsilon"), AG_SETTING_NUMBER, 1e-10, 0, INFINITY, FALSE },
  },
  .n_states = N_STATES,
  .states = { [SUM] = "sum" },
  .schedule = adagrad_schedule,
  .rules = rules,
  .sources = "optim/adagrad.c",
  .update = adagrad_update,
};
