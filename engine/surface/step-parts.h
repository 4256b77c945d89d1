/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "train/moment.h"
#include "train/run-spec.h"

G_BEGIN_DECLS

/**
 * AgStepPart:
 * @AG_STEP_PART_SLOPE: against the gradient, times the learning rate
 * @AG_STEP_PART_MOMENTUM: what the steps before left
 * @AG_STEP_PART_ALL: what the optimizer made of it: the step
 * @AG_N_STEP_PARTS: how many there are
 *
 * The parts of a step.
 */
typedef enum
{
  AG_STEP_PART_SLOPE,
  AG_STEP_PART_MOMENTUM,
  AG_STEP_PART_ALL,
  AG_N_STEP_PARTS,
} AgStepPart;

gboolean ag_step_part (const AgRunSpec *spec,
                       const AgMoment *before,
                       const AgMoment *after,
                       AgStepPart part,
                       double *change);

G_END_DECLS
