/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "optim/optimizer-private.h"

#include "graph/create.h"
#include "graph/graph.h"
#include "graph/ops.h"

#include <string.h>

/**
 * Parameter:
 * @tensor: its value
 * @states: what the algorithm keeps for it
 * @step: how often it was updated
 * @is_zeroed: whether its gradient was zeroed, rather than never computed
 * @is_updated: whether the last step updated it
 * @numbers: what differs from step to step; a step's may depend on those of the one before
 *
 * A parameter with the states that an optimizer keeps of it.
 */
typedef struct
{
  AgTensor *tensor;
  AgTensor *states[AG_OPTIMIZER_MAX_STATES];
  gint64 step;
  gboolean is_zeroed;
  gboolean is_updated;
  double numbers[AG_OPTIMIZER_MAX_NUMBERS];
} Parameter;

/**
 * AgOptimizer:
 * @klass: the algorithm
 * @pytorch: whose manner of zeroing gradients and of rounding it has
 * @lr: its rate
 * @options: the values of the class's options
 * @step: number of steps taken
 * @n_changes: how often the rate or an option was set
 * @n_parameters: number of @parameters
 * @parameters: what it trains, with their states
 *
 * An algorithm at work on parameters.
 */
struct _AgOptimizer
{
  const AgOptimizerClass *klass;
  AgPyTorch pytorch;
  double lr;
  double options[AG_OPTIMIZER_MAX_OPTIONS];
  gint64 step;
  guint n_changes;
  guint n_parameters;
  Parameter *parameters;
};

/**
 * ag_optimizer_new:
 * @klass: the algorithm
 * @n_parameters: number of @parameters
 * @parameters: (array length=n_parameters): the tensors to train; held by the
 *   optimizer
 *
 * Makes an optimizer with PyTorch's defaults; its states belong to the current
 * graph and are zero.
 *
 * See: <https://pytorch.org/docs/stable/optim.html>
 *
 * Returns: (transfer full): the optimizer
 */
AgOptimizer *
ag_optimizer_new (const AgOptimizerClass *klass,
                  guint n_parameters,
                  AgTensor *const *parameters)
{
  AgOptimizer *optimizer;

  g_return_val_if_fail (klass != NULL, NULL);
  g_return_val_if_fail (n_parameters == 0 || parameters != NULL, NULL);

  optimizer = g_new0 (AgOptimizer, 1);
  optimizer->klass = klass;
  optimizer->pytorch = ag_graph_pytorch (ag_graph_current ());
  optimizer->lr = klass->lr;
  for (guint i = 0; i < klass->n_options; i++)
    optimizer->options[i] = klass->options[i].value;

  optimizer->n_parameters = n_parameters;
  optimizer->parameters = g_new0 (Parameter, n_parameters);
  for (guint i = 0; i < n_parameters; i++)
    {
      Parameter *parameter = &optimizer->parameters[i];

      parameter->tensor = ag_tensor_ref (parameters[i]);
      for (guint j = 0; j < klass->n_states; j++)
        parameter->states[j] = ag_tensor_ref (ag_zeros_like (parameters[i]));
    }
  return optimizer;
}

/**
 * ag_optimizer_free:
 * @optimizer: (transfer full): an optimizer
 *
 * Frees an optimizer and lets go of its parameters.
 */
void
ag_optimizer_free (AgOptimizer *optimizer)
{
  g_return_if_fail (optimizer != NULL);

  for (guint i = 0; i < optimizer->n_parameters; i++)
    {
      Parameter *parameter = &optimizer->parameters[i];

      ag_tensor_clear (&parameter->tensor);
      for (guint j = 0; j < optimizer->klass->n_states; j++)
        ag_tensor_clear (&parameter->states[j]);
    }
  g_free (optimizer->parameters);
  g_free (optimizer);
}

/**
 * ag_optimizer_class:
 * @optimizer: an optimizer
 *
 * Returns: its algorithm
 */
const AgOptimizerClass *
ag_optimizer_class (const AgOptimizer *optimizer)
{
  g_return_val_if_fail (optimizer != NULL, NULL);

  return optimizer->klass;
}

/**
 * ag_optimizer_lr:
 * @optimizer: an optimizer
 *
 * Returns: its learning rate
 */
double
ag_optimizer_lr (const AgOptimizer *optimizer)
{
  g_return_val_if_fail (optimizer != NULL, 0);

  return optimizer->lr;
}

/**
 * ag_optimizer_set_lr:
 * @optimizer: an optimizer
 * @lr: its rate from the next step on
 */
void
ag_optimizer_set_lr (AgOptimizer *optimizer,
                     double lr)
{
  g_return_if_fail (optimizer != NULL);

  optimizer->lr = lr;
  optimizer->n_changes++;
}

/**
 * ag_optimizer_option:
 * @optimizer: an optimizer
 * @option: index of one of its class's options
 *
 * Returns: the value of the option
 */
double
ag_optimizer_option (const AgOptimizer *optimizer,
                     guint option)
{
  g_return_val_if_fail (optimizer != NULL, 0);
  g_return_val_if_fail (option < optimizer->klass->n_options, 0);

  return optimizer->options[option];
}

/**
 * ag_optimizer_set_option:
 * @optimizer: an optimizer that has not taken a step
 * @option: index of one of its class's options
 * @value: its value, within the option's limits
 */
void
ag_optimizer_set_option (AgOptimizer *optimizer,
                         guint option,
                         double value)
{
  g_return_if_fail (optimizer != NULL);
  g_return_if_fail (option < optimizer->klass->n_options);

  optimizer->options[option] = value;
  optimizer->n_changes++;
}

/**
 * ag_optimizer_step_count:
 * @optimizer: an optimizer
 *
 * Returns: how often ag_optimizer_step() was called
 */
gint64
ag_optimizer_step_count (const AgOptimizer *optimizer)
{
  g_return_val_if_fail (optimizer != NULL, 0);

  return optimizer->step;
}

/**
 * ag_optimizer_state:
 * @optimizer: an optimizer
 * @index: number of the parameter
 * @state: index of one of its class's states
 *
 * Returns: (transfer none): the tensor it keeps for that parameter
 */
AgTensor *
ag_optimizer_state (const AgOptimizer *optimizer,
                    guint index,
                    guint state)
{
  g_return_val_if_fail (optimizer != NULL, NULL);
  g_return_val_if_fail (index < optimizer->n_parameters, NULL);
  g_return_val_if_fail (state < optimizer->klass->n_states, NULL);

  return optimizer->parameters[index].states[state];
}

/* For each parameter these are counted: its updates, whether its gradient was zeroed, and its
 * numbers. */
#define N_PARAMETER_COUNTS (2 + AG_OPTIMIZER_MAX_NUMBERS)

/**
 * ag_optimizer_n_counts:
 * @n_parameters: of an optimizer
 *
 * Returns: how many numbers ag_optimizer_save_counts() takes
 */
guint
ag_optimizer_n_counts (guint n_parameters)
{
  return 1 + n_parameters * N_PARAMETER_COUNTS;
}

/**
 * ag_optimizer_save_counts:
 * @optimizer: an optimizer between two steps
 * @counts: (out caller-allocates): room for as many as ag_optimizer_n_counts() says
 *
 * Notes all that an optimizer goes by beside its options and its states: how many
 * steps it took, how often each parameter was updated and whether it has had a
 * gradient, and what is computed from step to step.
 */
void
ag_optimizer_save_counts (const AgOptimizer *optimizer,
                          double *counts)
{
  *counts++ = (double) optimizer->step;
  for (guint i = 0; i < optimizer->n_parameters; i++)
    {
      const Parameter *parameter = &optimizer->parameters[i];

      *counts++ = (double) parameter->step;
      *counts++ = parameter->is_zeroed || ag_tensor_grad (parameter->tensor) != NULL;
      for (guint k = 0; k < AG_OPTIMIZER_MAX_NUMBERS; k++)
        *counts++ = parameter->numbers[k];
    }
}

/**
 * ag_optimizer_read_counts:
 * @counts: what ag_optimizer_save_counts() noted
 * @index: number of a parameter
 * @n_updates: (out): how often it was updated
 * @numbers: (out caller-allocates): room for the %AG_OPTIMIZER_MAX_NUMBERS numbers that
 *   its class's schedule computed for the last update
 *
 * Looks up what is counted of a parameter.
 */
void
ag_optimizer_read_counts (const double *counts,
                          guint index,
                          double *n_updates,
                          double *numbers)
{
  const double *own = counts + 1 + index * N_PARAMETER_COUNTS;

  *n_updates = own[0];
  for (guint k = 0; k < AG_OPTIMIZER_MAX_NUMBERS; k++)
    numbers[k] = own[2 + k];
}

/**
 * ag_optimizer_load_counts:
 * @optimizer: an optimizer between two steps
 * @counts: what ag_optimizer_save_counts() noted of one of the same class and
 *   parameters
 *
 * Lets it go on as that one did, once its states and parameters have the values of
 * that one's too. There are no gradients then. Steps have to be recorded anew.
 */
void
ag_optimizer_load_counts (AgOptimizer *optimizer,
                          const double *counts)
{
  optimizer->step = (gint64) *counts++;
  optimizer->n_changes++;
  for (guint i = 0; i < optimizer->n_parameters; i++)
    {
      Parameter *parameter = &optimizer->parameters[i];

      parameter->step = (gint64) *counts++;
      parameter->is_zeroed = *counts++ != 0;
      for (guint k = 0; k < AG_OPTIMIZER_MAX_NUMBERS; k++)
        parameter->numbers[k] = *counts++;
      ag_tensor_set_grad (parameter->tensor, NULL);
    }
}

/**
 * ag_optimizer_zero_grad:
 * @optimizer: an optimizer
 *
 * Lets its parameters be without gradients before a step, as the graph's PyTorch does.
 * PyTorch 2 sets them to none: a parameter that takes no part in the next step is not
 * updated there. PyTorch 1 sets them to zero: its momentum carries such a parameter on,
 * and one that never took part is left alone.
 *
 * See: <https://pytorch.org/docs/stable/generated/torch.optim.Optimizer.zero_grad.html>,
 * <https://pytorch.org/docs/1.13/generated/torch.optim.Optimizer.zero_grad.html>
 */
void
ag_optimizer_zero_grad (AgOptimizer *optimizer)
{
  g_return_if_fail (optimizer != NULL);

  for (guint i = 0; i < optimizer->n_parameters; i++)
    {
      Parameter *parameter = &optimizer->parameters[i];

      if (optimizer->pytorch == AG_PYTORCH_1)
        parameter->is_zeroed |= ag_tensor_grad (parameter->tensor) != NULL;
      ag_tensor_set_grad (parameter->tensor, NULL);
    }
}

/* A parameter whose numbers were computed in this step, and what they were before. */
typedef struct
{
  const Parameter *parameter;
  double before[AG_OPTIMIZER_MAX_NUMBERS];
} Scheduled;

/* A schedule goes by the options, by how often the parameter was updated and by its numbers
 * before. So those for which these are the same, as they mostly are for all, share one
 * computation. */
static void
begin_update (AgOptimizer *optimizer,
              guint index,
              Scheduled *last)
{
  Parameter *parameter = &optimizer->parameters[index];

  parameter->step++;
  if (optimizer->klass->schedule == NULL)
    return;
  if (last->parameter != NULL && last->parameter->step == parameter->step
      && memcmp (last->before, parameter->numbers, sizeof last->before) == 0)
    {
      memcpy (parameter->numbers, last->parameter->numbers, sizeof parameter->numbers);
      return;
    }
  last->parameter = parameter;
  memcpy (last->before, parameter->numbers, sizeof last->before);
  optimizer->klass->schedule (optimizer, index, parameter->numbers);
}

/**
 * ag_optimizer_step:
 * @optimizer: an optimizer
 *
 * Records the update of each parameter that has a gradient, be it one that was zeroed.
 *
 * See: <https://pytorch.org/docs/stable/generated/torch.optim.Optimizer.step.html>
 *
 * Returns: whether another step with the same gradients updates the same parameters; if
 *   not, one that had no gradient so far may have a zeroed one by then
 */
gboolean
ag_optimizer_step (AgOptimizer *optimizer)
{
  Scheduled last = { .parameter = NULL };
  gboolean is_final = TRUE;

  g_return_val_if_fail (optimizer != NULL, FALSE);

  optimizer->step++;
  ag_no_grad_begin ();
  for (guint i = 0; i < optimizer->n_parameters; i++)
    {
      Parameter *parameter = &optimizer->parameters[i];
      AgTensor *grad = ag_tensor_grad (parameter->tensor);

      if (grad == NULL && parameter->is_zeroed && optimizer->pytorch == AG_PYTORCH_1)
        grad = ag_full_like (parameter->tensor, 0);
      parameter->is_updated = grad != NULL;
      if (grad == NULL)
        {
          is_final &= optimizer->pytorch != AG_PYTORCH_1
                      || !ag_tensor_requires_grad (parameter->tensor);
          continue;
        }
      begin_update (optimizer, i, &last);
      optimizer->klass->update (optimizer, i, parameter->tensor, grad);
    }
  ag_no_grad_end ();
  return is_final;
}

/**
 * ag_optimizer_get_updated:
 * @optimizer: an optimizer
 * @is_updated: (out caller-allocates): of each parameter, whether the step that was
 *   recorded last updates it
 */
void
ag_optimizer_get_updated (const AgOptimizer *optimizer,
                          gboolean *is_updated)
{
  for (guint i = 0; i < optimizer->n_parameters; i++)
    is_updated[i] = optimizer->parameters[i].is_updated;
}

/**
 * ag_optimizer_advance:
 * @optimizer: an optimizer
 * @is_updated: what ag_optimizer_get_updated() said when the step was recorded
 *
 * Does what ag_optimizer_zero_grad() and ag_optimizer_step() do but for recording, for a
 * tape that is played: counts the step and computes its numbers, and takes the gradients
 * of earlier steps from parameters that have none in this one.
 */
void
ag_optimizer_advance (AgOptimizer *optimizer,
                      const gboolean *is_updated)
{
  Scheduled last = { .parameter = NULL };

  g_return_if_fail (optimizer != NULL);

  optimizer->step++;
  for (guint i = 0; i < optimizer->n_parameters; i++)
    {
      if (is_updated[i])
        begin_update (optimizer, i, &last);
      else
        ag_tensor_set_grad (optimizer->parameters[i].tensor, NULL);
    }
}

/**
 * ag_optimizer_advance_by:
 * @optimizer: an optimizer whose class has no schedule
 * @is_updated: what ag_optimizer_get_updated() said when the steps were recorded
 * @n_steps: how many
 *
 * Does what so many calls of ag_optimizer_advance() do, which may be said after the steps where no
 * number differs between them.
 */
void
ag_optimizer_advance_by (AgOptimizer *optimizer,
                         const gboolean *is_updated,
                         gint64 n_steps)
{
  g_return_if_fail (optimizer->klass->schedule == NULL);

  if (n_steps == 0)
    return;
  ag_optimizer_advance (optimizer, is_updated);
  optimizer->step += n_steps - 1;
  for (guint i = 0; i < optimizer->n_parameters; i++)
    if (is_updated[i])
      optimizer->parameters[i].step += n_steps - 1;
}

/**
 * ag_optimizer_n_changes:
 * @optimizer: an optimizer
 *
 * Returns: how often its learning rate or an option was set; another number
 *   than before says that steps may have to be recorded anew
 */
guint
ag_optimizer_n_changes (const AgOptimizer *optimizer)
{
  g_return_val_if_fail (optimizer != NULL, 0);

  return optimizer->n_changes;
}

/**
 * ag_optimizer_number:
 * @optimizer: an optimizer
 * @index: number of a parameter
 * @number: which of the numbers that its schedule computes
 *
 * Returns: (transfer none): the number as an operand
 */
AgTensor *
ag_optimizer_number (const AgOptimizer *optimizer,
                     guint index,
                     guint number)
{
  return ag_scalar_at (&optimizer->parameters[index].numbers[number]);
}

/**
 * ag_optimizer_parameter_step:
 * @optimizer: an optimizer
 * @index: number of a parameter
 *
 * Returns: which update of that parameter this is, counted from 1
 */
gint64
ag_optimizer_parameter_step (const AgOptimizer *optimizer,
                             guint index)
{
  return optimizer->parameters[index].step;
}
