/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "optim/adam-private.h"

#include "graph/ops.h"

#include <glib/gi18n-lib.h>

/**
 * ag_adam_power:
 * @decay: the decay of a mean
 * @step: which step it is, counted from 1
 *
 * Runs that are made at once take the same step one after the other, and most have the same decays,
 * so that the last two powers are kept: to find one takes as long as the update of two parameters.
 *
 * Returns: @decay to the power of @step
 */
double
ag_adam_power (double decay,
               double step)
{
  static _Thread_local struct
  {
    double decay;
    double step;
    double power;
  } last[2];
  static _Thread_local guint oldest;
  const guint i = last[0].decay == decay && last[0].step == step ? 0 : 1;

  if (last[i].decay == decay && last[i].step == step)
    return last[i].power;
  oldest = 1 - oldest;
  last[oldest].decay = decay;
  last[oldest].step = step;
  last[oldest].power = pow (decay, step);
  return last[oldest].power;
}

/**
 * ag_adam_schedule:
 * @optimizer: an Adam or AdamW optimizer
 * @index: number of a parameter
 * @numbers: (out): the rate and the root of what corrects the mean square for
 *   having begun at zero
 */
void
ag_adam_schedule (const AgOptimizer *optimizer,
                  guint index,
                  double *numbers)
{
  double lr = ag_optimizer_lr (optimizer);
  double beta1 = ag_optimizer_option (optimizer, AG_ADAM_BETA1);
  double beta2 = ag_optimizer_option (optimizer, AG_ADAM_BETA2);
  double step = (double) ag_optimizer_parameter_step (optimizer, index);

  numbers[AG_ADAM_RATE] = lr / (1 - ag_adam_power (beta1, step));
  numbers[AG_ADAM_CORRECTION] = sqrt (1 - ag_adam_power (beta2, step));
}

/**
 * ag_adam_decay:
 * @optimizer: an optimizer with the options that Adam and its kin share
 * @is_decoupled: whether the weight decay shrinks the parameter itself, by the factor
 *   1 − lr λ, instead of adding λ p to the gradient
 * @parameter: the parameter
 * @grad: (inout): its gradient
 *
 * Records the weight decay.
 *
 * Returns: (transfer none): the value that the step starts from
 */
AgTensor *
ag_adam_decay (const AgOptimizer *optimizer,
               gboolean is_decoupled,
               AgTensor *parameter,
               AgTensor **grad)
{
  double lr = ag_optimizer_lr (optimizer);
  double weight_decay = ag_optimizer_option (optimizer, AG_ADAM_WEIGHT_DECAY);

  if (is_decoupled)
    return weight_decay != 0 ? ag_mul (parameter, ag_scalar (1 - lr * weight_decay)) : parameter;
  *grad = ag_optimizer_decay (*grad, parameter, weight_decay);
  return parameter;
}

/**
 * ag_adam_descend:
 * @optimizer: an optimizer of class Adam or AdamW
 * @index: number of the parameter
 * @is_decoupled: what its weight decay does, as ag_adam_decay() takes it
 * @parameter: the parameter
 * @grad: the gradient
 *
 * Records the update of the averages and of the parameter.
 *
 * See: <https://pytorch.org/docs/stable/generated/torch.optim.Adam.html>
 */
void
ag_adam_descend (AgOptimizer *optimizer,
                 guint index,
                 gboolean is_decoupled,
                 AgTensor *parameter,
                 AgTensor *grad)
{
  /* Optimizer: the mean of the gradients over the root of their mean square. */
  double beta1 = ag_optimizer_option (optimizer, AG_ADAM_BETA1);
  double beta2 = ag_optimizer_option (optimizer, AG_ADAM_BETA2);
  double eps = ag_optimizer_option (optimizer, AG_ADAM_EPS);
  AgTensor *rate = ag_optimizer_number (optimizer, index, AG_ADAM_RATE);
  AgTensor *correction = ag_optimizer_number (optimizer, index, AG_ADAM_CORRECTION);
  AgTensor *average = ag_optimizer_state (optimizer, index, AG_ADAM_AVERAGE);
  AgTensor *squares = ag_optimizer_state (optimizer, index, AG_ADAM_SQUARE_AVERAGE);
  AgTensor *start = ag_adam_decay (optimizer, is_decoupled, parameter, &grad);
  AgTensor *root;

  ag_optimizer_update_mean (average, beta1, grad);
  ag_optimizer_update_mean_square (squares, beta2, grad);
  if (ag_optimizer_option (optimizer, AG_ADAM_AMSGRAD) != 0)
    {
      AgTensor *max_squares = ag_optimizer_state (optimizer, index, AG_ADAM_MAX_SQUARE_AVERAGE);

      ag_assign (max_squares, ag_maximum (max_squares, squares));
      squares = max_squares;
    }

  root = ag_add (ag_div (ag_sqrt (squares), correction), ag_scalar (eps));
  /* Update: p − rate · mean / root. */
  ag_assign (parameter, ag_sub (start, ag_div (ag_mul (rate, average), root)));
}

static void
adam_update (AgOptimizer *optimizer,
             guint index,
             AgTensor *parameter,
             AgTensor *grad)
{
  ag_adam_descend (optimizer, index, FALSE, parameter, grad);
}

static const AgOptimizerRule rules[] = {
  { "g", "g + weight_decay * p", "weight_decay" },
  AG_ADAM_RULES,
  { NULL },
};

const AgOptimizerClass ag_adam_class = {
  .id = "adam",
  .title = N_ ("Adam"),
  .description = N_ ("Steps along the mean of the recent gradients, divided by their root mean "
                     "square."),
  .lr = 1e-3,
  .n_options = AG_ADAM_N_OPTIONS,
  .options = AG_ADAM_OPTIONS (0),
  .n_states = AG_ADAM_N_STATES,
  .states = AG_ADAM_STATES,
  .schedule = ag_adam_schedule,
  .rules = rules,
  .sources = "optim/adam.c",
  .update = adam_update,
};
