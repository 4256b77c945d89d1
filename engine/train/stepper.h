/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "graph/graph.h"
#include "optim/optimizer.h"
#include "program/program.h"

G_BEGIN_DECLS

/**
 * AgStepper:
 *
 * Takes the steps of a program with an optimizer, and records them no more than
 * it must.
 */
typedef struct _AgStepper AgStepper;

AgStepper *ag_stepper_new (AgGraph *graph,
                           AgProgram *program,
                           AgOptimizer *optimizer);
void ag_stepper_free (AgStepper *stepper);
AgTensor *ag_stepper_take (AgStepper *stepper,
                           GError **error);
gint64 ag_stepper_take_many (AgStepper *stepper,
                             gint64 n_steps,
                             double *losses,
                             GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AgStepper, ag_stepper_free)

G_END_DECLS
