/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fused.h"

/* This measures a step of the cubic whose loop is written by hand: the measure of how much the
 * engine's generality costs. */

#define TILE 4096

enum
{
  LOSS,
  GRAD_A,
  GRAD_B,
  GRAD_C,
  GRAD_D,
  N_SUMS
};

#define T float
#define STEP fused_cubic_step
#include "fused-step.h"
#undef T
#undef STEP

#define T double
#define STEP fused_cubic_step_float64
#include "fused-step.h"
