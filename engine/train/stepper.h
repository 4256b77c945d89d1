/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "graph/batch.h"
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
gboolean ag_stepper_set_apart (AgStepper *stepper,
                               gboolean *is_apart,
                               GError **error);
gboolean ag_stepper_is_like (const AgStepper *stepper,
                             const AgStepper *other);
gboolean ag_stepper_join (AgStepper *const *steppers,
                          guint n_steppers,
                          AgBatch **batch);
void ag_stepper_leave (AgStepper *const *steppers,
                       guint n_steppers,
                       const AgBatch *batch);
gint64 ag_stepper_take_at_once (AgStepper *const *steppers,
                                guint n_steppers,
                                AgBatch *batch,
                                gint64 n_steps,
                                double *losses);
void ag_stepper_take_back (AgStepper *stepper);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AgStepper, ag_stepper_free)

G_END_DECLS
