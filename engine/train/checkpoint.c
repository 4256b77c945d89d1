/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "train/checkpoint.h"

#include "graph/create.h"
#include "graph/graph.h"
#include "graph/ops.h"

#include <math.h>
#include <string.h>

/* Behind the states come the state of the program's coin and what the optimizer counts. */

static guint
find_coin (const AgCheckpoint *checkpoint)
{
  return ag_checkpoint_states (checkpoint) + checkpoint->n_states * checkpoint->n_parameters;
}

static guint
find_counts (const AgCheckpoint *checkpoint,
             const AgProgramClass *klass)
{
  return find_coin (checkpoint) + ag_program_class_n_coin_numbers (klass);
}

/**
 * ag_checkpoint_init:
 * @checkpoint: (out): what a checkpoint of such a run is
 * @spec: a specification
 */
void
ag_checkpoint_init (AgCheckpoint *checkpoint,
                    const AgRunSpec *spec)
{
  checkpoint->optimizer = spec->optimizer;
  checkpoint->n_parameters = spec->program->model->n_parameters;
  checkpoint->n_states = spec->optimizer->n_states;
  /* There are no more tensors than parameters. */
  checkpoint->n_numbers = find_counts (checkpoint, spec->program)
                          + ag_optimizer_n_counts (checkpoint->n_parameters);
}

static double *
find_state (const AgCheckpoint *checkpoint,
            const AgProgram *program,
            double *numbers,
            guint tensor,
            guint state)
{
  return numbers + ag_checkpoint_states (checkpoint) + state * checkpoint->n_parameters
         + ag_model_class_tensor (program->klass->model, tensor).first;
}

/**
 * ag_checkpoint_save:
 * @checkpoint: what a checkpoint is
 * @machine: what takes the run's steps, all of which are computed
 * @step: how many it took
 * @loss: loss of the last one; NaN if there was none
 * @numbers: (out caller-allocates): room for a checkpoint
 * @error: return location for a #GError
 *
 * Notes where a run is. float32 is noted as float64, which has all of its values.
 *
 * Returns: whether all went well
 */
gboolean
ag_checkpoint_save (const AgCheckpoint *checkpoint,
                    AgMachine *machine,
                    gint64 step,
                    double loss,
                    double *numbers,
                    GError **error)
{
  AgProgram *program = machine->program;

  numbers[AG_CHECKPOINT_STEP] = (double) step;
  numbers[AG_CHECKPOINT_LOSS] = loss;
  if (!ag_program_read (program, numbers + AG_CHECKPOINT_COEFFICIENTS, error)
      || !ag_program_read_gradients (program, numbers + ag_checkpoint_gradients (checkpoint), error))
    return FALSE;
  for (guint i = 0; i < program->model->n_tensors; i++)
    for (guint k = 0; k < checkpoint->n_states; k++)
      if (!ag_tensor_read (ag_optimizer_state (machine->optimizer, i, k), AG_DTYPE_FLOAT64,
                           find_state (checkpoint, program, numbers, i, k), error))
        return FALSE;
  ag_program_save_coin (program, numbers + find_coin (checkpoint));
  ag_optimizer_save_counts (machine->optimizer,
                            numbers + find_counts (checkpoint, program->klass));
  return TRUE;
}

static void
assign (AgProgram *program,
        AgTensor *tensor,
        const double *elements)
{
  AgTensor *value = ag_from_data (AG_DTYPE_FLOAT64, ag_tensor_shape (tensor), elements);

  ag_assign (tensor, ag_cast (value, program->model->dtype));
}

/**
 * ag_checkpoint_load_counts:
 * @checkpoint: what a checkpoint is
 * @machine: what takes the steps of such a run
 * @numbers: a checkpoint
 *
 * Lets the coin fall, and the optimizer count, as they would when the checkpoint was noted. The
 * tensors stay as they are, but have no gradients until the next step.
 */
void
ag_checkpoint_load_counts (const AgCheckpoint *checkpoint,
                           AgMachine *machine,
                           const double *numbers)
{
  AgProgram *program = machine->program;

  ag_program_load_coin (program, numbers + find_coin (checkpoint));
  ag_optimizer_load_counts (machine->optimizer,
                            numbers + find_counts (checkpoint, program->klass));
}

/**
 * ag_checkpoint_load:
 * @checkpoint: what a checkpoint is
 * @machine: what takes the steps of such a run, its graph entered and between two steps
 * @numbers: a checkpoint
 * @error: return location for a #GError
 *
 * Takes a run up where it was when the checkpoint was noted: its next steps have the
 * same bits. The learning rate is the caller's business. There are no gradients until
 * the next step.
 *
 * Returns: whether all went well
 */
gboolean
ag_checkpoint_load (const AgCheckpoint *checkpoint,
                    AgMachine *machine,
                    const double *numbers,
                    GError **error)
{
  AgProgram *program = machine->program;

  ag_no_grad_begin ();
  for (guint i = 0; i < program->model->n_tensors; i++)
    {
      assign (program, program->model->tensors[i],
              numbers + AG_CHECKPOINT_COEFFICIENTS + ag_model_class_tensor (program->klass->model, i).first);
      for (guint k = 0; k < checkpoint->n_states; k++)
        assign (program, ag_optimizer_state (machine->optimizer, i, k),
                find_state (checkpoint, program, (double *) numbers, i, k));
    }
  ag_no_grad_end ();
  ag_checkpoint_load_counts (checkpoint, machine, numbers);
  return ag_graph_end_step (machine->graph, error);
}

/**
 * ag_checkpoint_read_counts:
 * @checkpoint: what a checkpoint is
 * @klass: the run's program
 * @numbers: a checkpoint
 * @structure: (out): which of the model's structures the last step had
 * @n_updates: (out caller-allocates): for each parameter, how often it was updated
 * @schedule: (out caller-allocates): the first of the numbers that the optimizer's schedule
 *   computed, for each parameter, then the second for each, and so on
 *
 * Looks up what a checkpoint has beside coefficients, gradients and states.
 */
void
ag_checkpoint_read_counts (const AgCheckpoint *checkpoint,
                           const AgProgramClass *klass,
                           const double *numbers,
                           guint *structure,
                           double *n_updates,
                           double *schedule)
{
  *structure = klass->model->n_structures > 1 ? (guint) numbers[find_coin (checkpoint)] : 0;
  for (guint i = 0; i < ag_model_class_n_tensors (klass->model); i++)
    {
      const AgModelTensor tensor = ag_model_class_tensor (klass->model, i);
      double own[AG_OPTIMIZER_MAX_NUMBERS], updates;

      ag_optimizer_read_counts (numbers + find_counts (checkpoint, klass), i, &updates, own);
      for (guint j = tensor.first; j < tensor.first + tensor.n_elements; j++)
        {
          n_updates[j] = updates;
          for (guint k = 0; k < AG_OPTIMIZER_MAX_NUMBERS; k++)
            schedule[k * checkpoint->n_parameters + j] = own[k];
        }
    }
}

/**
 * ag_checkpoint_carry_over:
 * @from: what a checkpoint of one run is
 * @numbers: one of it
 * @to: what a checkpoint of another run of the same program is
 * @klass: that program
 * @carried: (out caller-allocates): room for a checkpoint of the other run
 *
 * Says where the other run is if it goes on from there. If its optimizer keeps other states,
 * that one begins with none of them.
 */
void
ag_checkpoint_carry_over (const AgCheckpoint *from,
                          const double *numbers,
                          const AgCheckpoint *to,
                          const AgProgramClass *klass,
                          double *carried)
{
  const guint n_coin_numbers = ag_program_class_n_coin_numbers (klass);

  if (from->optimizer == to->optimizer)
    {
      memcpy (carried, numbers, sizeof (double) * to->n_numbers);
      return;
    }
  memset (carried, 0, sizeof (double) * to->n_numbers);
  memcpy (carried, numbers, sizeof (double) * ag_checkpoint_states (from));
  memcpy (carried + find_coin (to), numbers + find_coin (from), sizeof (double) * n_coin_numbers);
}
