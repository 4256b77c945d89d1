/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "train/phases.h"

#include "graph/graph.h"

/* Records a step and does not take it. There is no tape if the step cannot be played, or another
 * one may update other tensors. */
static gboolean
record_step (AgMachine *machine,
             AgTape **tape,
             gboolean *is_updated,
             GError **error)
{
  gboolean is_final, is_recorded;
  AgTensor *loss;

  ag_optimizer_zero_grad (machine->optimizer);
  loss = ag_tensor_ref (ag_program_step (machine->program));
  is_final = ag_optimizer_step (machine->optimizer);
  ag_optimizer_get_updated (machine->optimizer, is_updated);
  is_recorded = ag_graph_end_step_untaken (machine->graph, loss, tape, error);
  ag_tensor_unref (loss);
  if (!is_final)
    g_clear_pointer (tape, ag_tape_free);
  return is_recorded;
}

/* Records the next step. It is a phase of its own unless it is like the one before. Returns FALSE
 * with @error set, or without if there are no more to be recorded: either @is_known or never. */
static gboolean
record_next (AgPhases *phases,
             AgMachine *machine,
             gboolean *is_known,
             GError **error)
{
  g_autofree gboolean *is_updated = g_new0 (gboolean, machine->program->model->n_tensors);
  g_autoptr (AgTape) tape = NULL;

  if (!record_step (machine, &tape, is_updated, error) || tape == NULL)
    return FALSE;
  *is_known = phases->n > 0 && ag_tape_equal (tape, phases->tapes[phases->n - 1]);
  if (*is_known || phases->n == AG_PHASES_MAX)
    return FALSE;
  phases->tapes[phases->n] = g_steal_pointer (&tape);
  phases->is_updated[phases->n++] = g_steal_pointer (&is_updated);
  return TRUE;
}

/**
 * ag_phases_record:
 * @phases: (out): the phases, to be cleared
 * @machine: a machine that is where a run begins, but for the values of its tensors
 * @error: return location for a #GError
 *
 * Records steps until one is like the one before.
 *
 * Returns: whether all went well
 */
gboolean
ag_phases_record (AgPhases *phases,
                  AgMachine *machine,
                  GError **error)
{
  GError *own_error = NULL;
  gboolean is_known = FALSE;

  *phases = (AgPhases){ 0 };
  while (record_next (phases, machine, &is_known, &own_error))
    ;
  if (own_error == NULL && is_known)
    return TRUE;
  ag_phases_clear (phases);
  if (own_error == NULL)
    return TRUE;
  g_propagate_error (error, own_error);
  return FALSE;
}

/**
 * ag_phases_are_like:
 * @phases: the phases of a run
 * @others: those of another on the same machine
 *
 * Returns: whether all steps of both are the same but for the values of numbers
 */
gboolean
ag_phases_are_like (const AgPhases *phases,
                    const AgPhases *others)
{
  if (phases->n != others->n)
    return FALSE;
  for (guint i = 0; i < phases->n; i++)
    if (!ag_tape_is_like (phases->tapes[i], others->tapes[i]))
      return FALSE;
  return TRUE;
}

/**
 * ag_phases_clear:
 * @phases: phases, of whose tapes there are no fleets
 */
void
ag_phases_clear (AgPhases *phases)
{
  for (guint i = 0; i < AG_PHASES_MAX; i++)
    {
      g_clear_pointer (&phases->tapes[i], ag_tape_free);
      g_clear_pointer (&phases->is_updated[i], g_free);
    }
  phases->n = 0;
}
