/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "graph/reel.h"
#include "train/run-spec.h"
#include "train/stepper.h"

G_BEGIN_DECLS

/**
 * AgMachineSeat:
 * @optimizer: (nullable): an optimizer of the program's tensors
 * @stepper: (nullable): what takes the steps with it
 *
 * What each of several runs on one machine has for itself.
 */
typedef struct
{
  AgOptimizer *optimizer;
  AgStepper *stepper;
} AgMachineSeat;

/**
 * AgMachine:
 * @device: what computes
 * @graph: where steps are recorded; the current one as long as there is the machine
 * @program: the program, with its initial coefficients
 * @optimizer: the optimizer of its tensors, with the run's options and rate
 * @stepper: what takes the steps
 * @seats: those of the runs that are made at once, of which one has @optimizer and @stepper
 *
 * All that takes the steps of a run, whoever wants them. It belongs to the thread
 * that made it. Runs that differ in nothing but what their optimizers are told and where they
 * begin can be made at once on it (ag_machine_sit ()).
 */
typedef struct
{
  AgDevice *device;
  AgGraph *graph;
  AgProgram *program;
  AgOptimizer *optimizer;
  AgStepper *stepper;
  AgMachineSeat seats[AG_REEL_MAX_AT_ONCE];
} AgMachine;

AgMachine *ag_machine_new (const AgRunSpec *spec,
                           AgData *data,
                           guint n_threads,
                           AgWork *work,
                           GError **error);
void ag_machine_set_up_program (AgProgram *program,
                                const AgRunSpec *spec);
void ag_machine_sit (AgMachine *machine,
                     guint seat);
void ag_machine_free (AgMachine *machine);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AgMachine, ag_machine_free)

G_END_DECLS
