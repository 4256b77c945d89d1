/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "program/program-private.h"

#include "base/number.h"
#include "graph/graph.h"

#include <math.h>

/* Every program has two columns of numbers, x and y. */
#define N_DATA_COLUMNS 2

static void
record_data (AgProgram *program,
             AgDType dtype,
             const AgData *data)
{
  ag_data_record (data, dtype, &program->input.x, &program->y);
  ag_tensor_ref (program->input.x);
  ag_tensor_ref (program->y);
  ag_tensor_set_data (program->input.x);
  ag_tensor_set_data (program->y);
}

/* Columns that depend on nothing but data are data too. */
static void
prepare_input (AgProgram *program)
{
  AgTensor *x = program->input.x;

  ag_model_prepare (program->model, x, &program->input);
  ag_tensor_unref (x);
  for (guint i = 0; i < AG_MODEL_MAX_FEATURES && program->input.features[i] != NULL; i++)
    ag_tensor_set_data (program->input.features[i]);
}

/**
 * ag_program_new:
 * @klass: what program
 * @dtype: element type of data and parameters
 * @data: what it is to fit
 * @seed: seed of the random generators
 * @error: return location for a #GError
 *
 * Makes a program: its data and its parameters, in the current graph, which must not be
 * recording a step; it begins a new one. With many points that takes long, and is work of the graph's
 * device that others can watch and cancel: see ag_device_set_work().
 *
 * Returns: (transfer full) (nullable): the program, or %NULL with @error set
 */
AgProgram *
ag_program_new (const AgProgramClass *klass,
                AgDType dtype,
                const AgData *data,
                guint64 seed,
                GError **error)
{
  AgProgram *program;

  g_return_val_if_fail (klass != NULL && ag_graph_current () != NULL, NULL);

  program = g_new0 (AgProgram, 1);
  program->klass = klass;
  program->loss = klass->loss;
  program->delta = 1;
  if (klass->choose_structure != NULL)
    program->coin = ag_generator_new (AG_GENERATOR_PYTHON, seed);
  ag_work_expect (ag_device_work (ag_graph_device (ag_graph_current ())),
                  ag_data_n_points (data) * ag_program_class_n_columns (klass));
  record_data (program, dtype, data);
  program->model = ag_model_new (klass->model, dtype, klass->generator, seed);
  for (guint i = 0; i < program->model->n_tensors; i++)
    ag_tensor_set_requires_grad (program->model->tensors[i], klass->by_hand == NULL);
  program->is_held = g_new0 (gboolean, program->model->n_tensors);
  program->past = ag_past_values_new (program->model);
  prepare_input (program);

  if (!ag_graph_end_step (ag_graph_current (), error))
    {
      ag_program_free (program);
      return NULL;
    }
  return program;
}

/**
 * ag_program_class_n_columns:
 * @klass: a program
 *
 * Returns: how many values it holds for each point
 */
guint
ag_program_class_n_columns (const AgProgramClass *klass)
{
  return N_DATA_COLUMNS + klass->model->n_columns;
}

/**
 * ag_program_class_published:
 * @klass: a program
 * @parameter: number of a parameter of its model
 *
 * Returns: the initial value recovered from the tutorial's printed run; NaN where it
 *   cannot be known
 */
double
ag_program_class_published (const AgProgramClass *klass,
                            guint parameter)
{
  return klass->published != NULL ? klass->published[parameter] : NAN;
}

/**
 * ag_program_free:
 * @program: (transfer full): a program
 *
 * Frees the program and lets go of its tensors.
 */
void
ag_program_free (AgProgram *program)
{
  g_return_if_fail (program != NULL);

  ag_past_values_free (program->past);
  g_free (program->is_held);
  ag_model_free (program->model);
  ag_model_input_clear (&program->input);
  ag_tensor_clear (&program->y);
  g_clear_pointer (&program->coin, ag_generator_free);
  g_free (program);
}

/**
 * ag_program_choose_structure:
 * @program: a program
 *
 * Chooses by chance what differs from step to step. To be called once before each step.
 *
 * Returns: which of the program's structures the step has, less than
 *   %AG_MODEL_MAX_STRUCTURES
 */
guint
ag_program_choose_structure (AgProgram *program)
{
  program->input.structure = 0;
  if (program->klass->choose_structure != NULL)
    program->input.structure = program->klass->choose_structure (program);
  return program->input.structure;
}

/**
 * ag_program_class_n_coin_numbers:
 * @klass: a program
 *
 * Returns: how many numbers ag_program_save_coin() takes
 */
guint
ag_program_class_n_coin_numbers (const AgProgramClass *klass)
{
  const gsize size = ag_generator_state_size ();

  return klass->choose_structure == NULL ? 0 : 1 + (guint) ((size + sizeof (double) - 1) / sizeof (double));
}

/**
 * ag_program_save_coin:
 * @program: a program
 * @numbers: (out caller-allocates): room for as many as
 *   ag_program_class_n_coin_numbers() says; some are bytes and no numbers
 *
 * Notes which structure was chosen last, and the state of the coin.
 */
void
ag_program_save_coin (const AgProgram *program,
                      double *numbers)
{
  if (program->klass->choose_structure == NULL)
    return;
  numbers[0] = program->input.structure;
  ag_generator_save (program->coin, numbers + 1);
}

/**
 * ag_program_load_coin:
 * @program: a program
 * @numbers: what ag_program_save_coin() noted of one of the same class
 *
 * Lets it choose from then on what that one chose.
 */
void
ag_program_load_coin (AgProgram *program,
                      const double *numbers)
{
  if (program->klass->choose_structure == NULL)
    return;
  program->input.structure = (guint) numbers[0];
  ag_generator_load (program->coin, numbers + 1);
}

/**
 * ag_program_hold:
 * @program: a program that has taken no step
 * @tensor: number of one of its model's tensors
 *
 * Leaves a tensor as it is: it has no gradient, so that no step updates it.
 */
void
ag_program_hold (AgProgram *program,
                 guint tensor)
{
  program->is_held[tensor] = TRUE;
  ag_tensor_set_requires_grad (program->model->tensors[tensor], FALSE);
}

/* Programs whose gradients are worked out by hand do not know which parameters are held. */
static AgTensor *
record_by_hand (AgProgram *program,
                AgTensor *prediction)
{
  AgTensor *loss = program->klass->by_hand->record (program->model, &program->input,
                                                    prediction, program->y);

  for (guint i = 0; i < program->model->n_tensors; i++)
    if (program->is_held[i])
      ag_tensor_set_grad (program->model->tensors[i], NULL);
  return loss;
}

/**
 * ag_program_record:
 * @program: a program whose structure was chosen
 *
 * Records a step: prediction, loss, gradients. The update is the optimizer's.
 *
 * Returns: (transfer none): the loss, a scalar
 */
AgTensor *
ag_program_record (AgProgram *program)
{
  AgTensor *loss;
  /* Predict: with the points, and the structure of the step. */
  AgTensor *prediction = ag_model_predict (program->model, &program->input);

  program->prediction = prediction;
  /* Loss and gradient: of a program that has them derived by hand. */
  if (program->klass->by_hand != NULL)
    return record_by_hand (program, prediction);
  /* Loss: what the prediction is compared with the target by. */
  loss = program->loss->record (prediction, program->y, program->delta);
  /* Gradient: by going back through what was recorded. */
  ag_backward (loss, NULL);
  return loss;
}

/**
 * ag_program_step:
 * @program: a program
 *
 * Chooses the structure of a step and records it.
 *
 * Returns: (transfer none): the loss, a scalar
 */
AgTensor *
ag_program_step (AgProgram *program)
{
  ag_program_choose_structure (program);
  return ag_program_record (program);
}

/**
 * ag_program_record_loss:
 * @program: a program that has taken a step
 *
 * Records prediction and loss in the structure that was chosen last, and no gradients.
 *
 * Returns: (transfer full): the loss, a scalar
 */
AgTensor *
ag_program_record_loss (AgProgram *program)
{
  AgTensor *loss;

  ag_no_grad_begin ();
  loss = ag_tensor_ref (program->loss->record (ag_model_predict (program->model, &program->input),
                                               program->y, program->delta));
  ag_no_grad_end ();
  return loss;
}

/**
 * ag_program_evaluate_loss:
 * @program: a program that has taken a step
 * @loss: (out): the loss
 * @error: return location for a #GError
 *
 * Computes the loss of the coefficients as they are now, in the structure that was
 * chosen last. Neither coefficients and gradients nor what is chosen next change.
 *
 * Returns: whether all went well
 */
gboolean
ag_program_evaluate_loss (AgProgram *program,
                          double *loss,
                          GError **error)
{
  AgTensor *result = ag_program_record_loss (program);
  const gboolean is_computed = ag_graph_end_step (ag_graph_current (), error)
                               && ag_tensor_item (result, loss, error);

  ag_tensor_unref (result);
  return is_computed;
}

/**
 * ag_program_read:
 * @program: a program
 * @coefficients: (out caller-allocates): room for the class's parameters
 * @error: return location for a #GError
 *
 * Reads the coefficients as they are now.
 *
 * Returns: whether all went well
 */
gboolean
ag_program_read (AgProgram *program,
                 double *coefficients,
                 GError **error)
{
  return ag_model_read (program->model, coefficients, error);
}

/**
 * ag_program_read_gradients:
 * @program: a program
 * @gradients: (out caller-allocates): room for the class's parameters
 * @error: return location for a #GError
 *
 * Reads the gradient of each coefficient in the last step; NaN where there is
 * none.
 *
 * Returns: whether all went well
 */
gboolean
ag_program_read_gradients (AgProgram *program,
                           double *gradients,
                           GError **error)
{
  return ag_model_read_gradients (program->model, gradients, error);
}

/**
 * ag_program_write:
 * @program: a program
 * @coefficients: a value for each of the class's parameters
 * @error: return location for a #GError
 *
 * Sets the coefficients, rounded to the program's dtype.
 *
 * Returns: whether all went well
 */
gboolean
ag_program_write (AgProgram *program,
                  const double *coefficients,
                  GError **error)
{
  ag_model_write (program->model, coefficients);
  return ag_graph_end_step (ag_graph_current (), error);
}

/**
 * ag_program_restore:
 * @program: a program
 * @n_back: how many steps were taken after the one to be taken back
 * @coefficients: (out caller-allocates): room for the class's parameters
 * @error: return location for a #GError
 *
 * Takes back a step, those after it, and as many before it as it takes for all
 * coefficients to be finite, as far as @program's past values reach, and
 * reads the coefficients.
 *
 * Returns: whether all went well
 */
gboolean
ag_program_restore (AgProgram *program,
                    guint n_back,
                    double *coefficients,
                    GError **error)
{
  while (ag_past_values_go_back (program->past, n_back++))
    {
      if (!ag_program_read (program, coefficients, error))
        return FALSE;
      if (ag_numbers_are_finite (coefficients, program->klass->model->n_parameters))
        return TRUE;
    }
  return ag_program_read (program, coefficients, error);
}
