/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "train/stepper.h"

#include "graph/tape.h"

/* A structure that was recorded so often without being the same twice is not
 * tried any longer. */
#define MAX_TRIES 16

/**
 * AgStepper:
 * @graph: the graph that steps are recorded in
 * @tapes: of each of the program's structures, its last recording; %NULL if
 *   there is none that can be played
 * @is_sure: of each, whether it was recorded twice, and alike
 * @updated: of each, which of the program's tensors its steps update
 * @n_tries: of each, how often it was recorded
 * @n_changes: the optimizer's, when the tapes were made
 */
struct _AgStepper
{
  AgGraph *graph;
  AgProgram *program;
  AgOptimizer *optimizer;
  AgTape *tapes[AG_MODEL_MAX_STRUCTURES];
  gboolean is_sure[AG_MODEL_MAX_STRUCTURES];
  gboolean *updated[AG_MODEL_MAX_STRUCTURES];
  guint n_tries[AG_MODEL_MAX_STRUCTURES];
  guint n_changes;
};

/**
 * ag_stepper_new:
 * @graph: the current graph
 * @program: a program; the caller keeps it longer than the stepper
 * @optimizer: the optimizer of its tensors, kept as long
 *
 * Returns: (transfer full): a stepper
 */
AgStepper *
ag_stepper_new (AgGraph *graph,
                AgProgram *program,
                AgOptimizer *optimizer)
{
  AgStepper *stepper = g_new0 (AgStepper, 1);

  stepper->graph = graph;
  stepper->program = program;
  stepper->optimizer = optimizer;
  stepper->n_changes = ag_optimizer_n_changes (optimizer);
  for (guint i = 0; i < AG_MODEL_MAX_STRUCTURES; i++)
    stepper->updated[i] = g_new0 (gboolean, program->model->n_tensors);
  return stepper;
}

static void
forget (AgStepper *stepper)
{
  for (guint i = 0; i < AG_MODEL_MAX_STRUCTURES; i++)
    {
      g_clear_pointer (&stepper->tapes[i], ag_tape_free);
      stepper->is_sure[i] = FALSE;
      stepper->n_tries[i] = 0;
    }
}

/**
 * ag_stepper_free:
 * @stepper: (transfer full): a stepper, whose graph is still there
 */
void
ag_stepper_free (AgStepper *stepper)
{
  forget (stepper);
  for (guint i = 0; i < AG_MODEL_MAX_STRUCTURES; i++)
    g_free (stepper->updated[i]);
  g_free (stepper);
}

static gboolean
end_step (AgStepper *stepper,
          guint structure,
          AgTensor *loss,
          gboolean is_final,
          GError **error)
{
  AgTape **tape = &stepper->tapes[structure];
  AgTape *again = NULL;

  if (stepper->n_tries[structure] == MAX_TRIES)
    return ag_graph_end_step (stepper->graph, error);
  stepper->n_tries[structure]++;
  if (!ag_graph_end_step_taped (stepper->graph, loss, &again, error))
    return FALSE;
  if (!is_final)
    g_clear_pointer (&again, ag_tape_free);
  stepper->is_sure[structure] = *tape != NULL && again != NULL && ag_tape_equal (*tape, again);
  g_clear_pointer (tape, ag_tape_free);
  *tape = again;
  return TRUE;
}

static AgTensor *
record (AgStepper *stepper,
        guint structure,
        GError **error)
{
  gboolean is_final;
  AgTensor *loss;

  ag_optimizer_zero_grad (stepper->optimizer);
  loss = ag_tensor_ref (ag_program_record (stepper->program));
  is_final = ag_optimizer_step (stepper->optimizer);
  ag_optimizer_get_updated (stepper->optimizer, stepper->updated[structure]);
  if (!end_step (stepper, structure, loss, is_final, error))
    ag_tensor_clear (&loss);
  return loss;
}

/**
 * ag_stepper_take:
 * @stepper: a stepper
 * @error: return location for a #GError
 *
 * Takes a step: zeroes the gradients, computes prediction, loss and gradients,
 * and updates the program's tensors. A step of a structure that was recorded
 * twice in the same way is not recorded again until an option of the optimizer
 * changes.
 *
 * Returns: (transfer full) (nullable): the loss before the update
 */
AgTensor *
ag_stepper_take (AgStepper *stepper,
                 GError **error)
{
  const guint structure = ag_program_choose_structure (stepper->program);
  const guint n_changes = ag_optimizer_n_changes (stepper->optimizer);

  if (n_changes != stepper->n_changes)
    forget (stepper);
  stepper->n_changes = n_changes;

  if (!stepper->is_sure[structure])
    return record (stepper, structure, error);
  ag_optimizer_advance (stepper->optimizer, stepper->updated[structure]);
  return ag_tape_play (stepper->tapes[structure], error);
}
