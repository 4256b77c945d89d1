/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "train/machine.h"

G_BEGIN_DECLS

/**
 * AgCheckpoint:
 * @optimizer: the run's optimizer
 * @n_parameters: number of the program's parameters
 * @n_states: how many states the optimizer keeps for each
 * @n_numbers: how many numbers a checkpoint has
 *
 * The layout of a checkpoint, which has all that a run needs to be taken up between two steps: how
 * many doubles there are, and which of them is what. A checkpoint itself is an array of so many.
 */
typedef struct
{
  const AgOptimizerClass *optimizer;
  guint n_parameters;
  guint n_states;
  guint n_numbers;
} AgCheckpoint;

/* The first numbers of a checkpoint. */
#define AG_CHECKPOINT_STEP 0
#define AG_CHECKPOINT_LOSS 1
#define AG_CHECKPOINT_COEFFICIENTS 2

void ag_checkpoint_init (AgCheckpoint *checkpoint,
                         const AgRunSpec *spec);
gboolean ag_checkpoint_save (const AgCheckpoint *checkpoint,
                             AgMachine *machine,
                             gint64 step,
                             double loss,
                             double *numbers,
                             GError **error);
gboolean ag_checkpoint_load (const AgCheckpoint *checkpoint,
                             AgMachine *machine,
                             const double *numbers,
                             GError **error);
void ag_checkpoint_load_counts (const AgCheckpoint *checkpoint,
                                AgMachine *machine,
                                const double *numbers);

void ag_checkpoint_read_counts (const AgCheckpoint *checkpoint,
                                const AgProgramClass *klass,
                                const double *numbers,
                                guint *structure,
                                double *n_updates,
                                double *schedule);

void ag_checkpoint_carry_over (const AgCheckpoint *from,
                               const double *numbers,
                               const AgCheckpoint *to,
                               const AgProgramClass *klass,
                               double *carried);

/**
 * ag_checkpoint_gradients:
 * @checkpoint: what a checkpoint is
 *
 * Returns: where the gradients of the last step begin in it
 */
static inline guint
ag_checkpoint_gradients (const AgCheckpoint *checkpoint)
{
  return AG_CHECKPOINT_COEFFICIENTS + checkpoint->n_parameters;
}

/**
 * ag_checkpoint_states:
 * @checkpoint: what a checkpoint is
 *
 * Returns: where the optimizer's states begin in it: the first of each parameter,
 *   then the second of each
 */
static inline guint
ag_checkpoint_states (const AgCheckpoint *checkpoint)
{
  return AG_CHECKPOINT_COEFFICIENTS + 2 * checkpoint->n_parameters;
}

G_END_DECLS
