/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "train/machine.h"

#include "train/initial.h"

static void
make_seat (AgMachine *machine,
           AgMachineSeat *seat,
           const AgOptimizerClass *klass)
{
  seat->optimizer = ag_optimizer_new (klass, machine->program->model->n_tensors,
                                      machine->program->model->tensors);
  seat->stepper = ag_stepper_new (machine->graph, machine->program, seat->optimizer);
}

/**
 * ag_machine_sit:
 * @machine: a machine
 * @seat: the number of a seat, less than %AG_REEL_MAX_AT_ONCE
 *
 * Lets the machine's optimizer and stepper be those of the seat, which are made if it has none yet,
 * with the optimizer's own options and rate. The program's tensors have the values that they had,
 * and it is the caller's business to load others. Where an optimizer was made, a step has to be
 * ended before one is taken.
 */
void
ag_machine_sit (AgMachine *machine,
                guint seat)
{
  AgMachineSeat *own = &machine->seats[seat];

  if (own->optimizer == NULL)
    make_seat (machine, own, ag_optimizer_class (machine->optimizer));
  machine->optimizer = own->optimizer;
  machine->stepper = own->stepper;
}

/**
 * ag_machine_set_up_program:
 * @program: a program that has taken no step
 * @spec: a specification of it
 *
 * Gives a program what the specification says of its loss, and holds the tensors whose
 * parameters are held.
 */
void
ag_machine_set_up_program (AgProgram *program,
                           const AgRunSpec *spec)
{
  program->loss = spec->loss;
  program->delta = spec->delta;
  for (guint i = 0; i < program->model->n_tensors; i++)
    if (ag_run_spec_is_held (spec, ag_model_class_tensor (spec->program->model, i).first))
      ag_program_hold (program, i);
}

static gboolean
make (AgMachine *machine,
      const AgRunSpec *spec,
      AgData *data,
      guint n_threads,
      AgWork *work,
      GError **error)
{
  g_autofree double *coefficients = g_new (double, spec->program->model->n_parameters);
  guint64 seed;

  if (!ag_run_spec_best_seed (spec, data, &seed, error))
    return FALSE;
  machine->device = ag_device_open (spec->device, n_threads, error);
  if (machine->device == NULL)
    return FALSE;
  machine->graph = ag_graph_new (machine->device);
  ag_graph_set_pytorch (machine->graph, spec->pytorch);
  ag_graph_enter (machine->graph);
  ag_device_set_work (machine->device, work);
  machine->program = ag_program_new (spec->program, spec->dtype, data, seed, error);
  ag_device_set_work (machine->device, NULL);
  if (machine->program != NULL)
    ag_machine_set_up_program (machine->program, spec);
  /* The points are the same however steps round. */
  ag_graph_set_rounding (machine->graph, spec->rounding);
  if (machine->program == NULL
      || !ag_run_spec_start (spec, machine->program->model, coefficients, error))
    return FALSE;
  make_seat (machine, &machine->seats[0], spec->optimizer);
  ag_machine_sit (machine, 0);
  for (guint i = 0; i < spec->optimizer->n_options; i++)
    ag_optimizer_set_option (machine->optimizer, i, spec->options[i]);
  ag_optimizer_set_lr (machine->optimizer, spec->lr);
  return ag_graph_end_step (machine->graph, error);
}

/**
 * ag_machine_new:
 * @spec: a specification that ag_run_spec_check() finds no fault with
 * @data: its points
 * @n_threads: CPU threads, 0 for as many as pay; no bit depends on it
 * @work: (nullable): where the making of the data is counted, and can be cancelled
 * @error: return location for a #GError
 *
 * Makes a run ready to take its first step. The calling thread must be in no graph;
 * it is in the machine's from then on.
 *
 * Returns: (transfer full) (nullable): the machine, or %NULL with @error set
 */
AgMachine *
ag_machine_new (const AgRunSpec *spec,
                AgData *data,
                guint n_threads,
                AgWork *work,
                GError **error)
{
  AgMachine *machine = g_new0 (AgMachine, 1);

  if (make (machine, spec, data, n_threads, work, error))
    return machine;
  ag_machine_free (machine);
  return NULL;
}

/**
 * ag_machine_free:
 * @machine: (transfer full): a machine whose losses nobody holds any more
 *
 * Leaves its graph and frees it.
 */
void
ag_machine_free (AgMachine *machine)
{
  for (guint i = 0; i < AG_REEL_MAX_AT_ONCE; i++)
    {
      g_clear_pointer (&machine->seats[i].stepper, ag_stepper_free);
      g_clear_pointer (&machine->seats[i].optimizer, ag_optimizer_free);
    }
  g_clear_pointer (&machine->program, ag_program_free);
  if (machine->graph != NULL)
    {
      ag_graph_leave (machine->graph);
      ag_graph_free (machine->graph);
    }
  g_clear_pointer (&machine->device, ag_device_unref);
  g_free (machine);
}
