/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "program/program-private.h"

G_BEGIN_DECLS

/* What the programs share that fit y = a + b x + c x² + d x³. */

#define AG_CUBIC_FORMULA "y = {a} + {b} x + {c} x^2 + {d} x^3"

/* Rates that get near the optimum in 2,000 steps, of scalars of their own. */
#define AG_CUBIC_RATES "adagrad=0.5,adadelta=0.5,rmsprop=5e-3,adam=0.05,adamw=0.05,radam=2e-6"

/**
 * AG_CUBIC_PARAMETERS:
 * @pa: value of a that the tutorial's printed run began with
 * @pb: that of b
 * @pc: that of c
 * @pd: that of d
 *
 * The coefficients of a cubic, for #AgProgramClass.
 */
#define AG_CUBIC_PARAMETERS(pa, pb, pc, pd) \
  .n_parameters = 4,                        \
  .parameters = {                           \
    { "a", pa },                            \
    { "b", pb },                            \
    { "c", pc },                            \
    { "d", pd },                            \
  },                                        \
  .is_linear = TRUE, .evaluate = ag_cubic_evaluate

double ag_cubic_evaluate (const double *coefficients,
                          double x);
AgTensor *ag_cubic_predict (AgTensor *const *p,
                            AgTensor *x);
AgTensor *ag_cubic_step_by_hand (AgProgram *program);

G_END_DECLS
