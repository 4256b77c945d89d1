/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "train/run-spec.h"
#include "train/stepper.h"

G_BEGIN_DECLS

/**
 * AgMachine:
 * @device: what computes
 * @graph: where steps are recorded; the current one as long as there is the machine
 * @program: the program, with its initial coefficients
 * @optimizer: the optimizer of its tensors, with the run's options and rate
 * @stepper: what takes the steps
 *
 * All that takes the steps of a run, whoever wants them. It belongs to the thread
 * that made it.
 */
typedef struct
{
  AgDevice *device;
  AgGraph *graph;
  AgProgram *program;
  AgOptimizer *optimizer;
  AgStepper *stepper;
} AgMachine;

AgMachine *ag_machine_new (const AgRunSpec *spec,
                           AgData *data,
                           guint n_threads,
                           AgWork *work,
                           GError **error);
void ag_machine_set_up_program (AgProgram *program,
                                const AgRunSpec *spec);
void ag_machine_free (AgMachine *machine);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AgMachine, ag_machine_free)

G_END_DECLS
