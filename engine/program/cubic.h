/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "program/program-private.h"

G_BEGIN_DECLS

/* The programs that fit y = a + b x + c x² + d x³ share its model. */

#define AG_CUBIC_FORMULA "y = {a} + {b} x + {c} x^2 + {d} x^3"
#define AG_CUBIC_N_PARAMETERS 4

/* Rates that get near the optimum in 2,000 steps, of scalars of their own. */
#define AG_CUBIC_RATES "adagrad=0.5,adadelta=0.5,rmsprop=5e-3,adam=0.05,adamw=0.05,radam=2e-6"

extern const char *const ag_cubic_parameters[AG_CUBIC_N_PARAMETERS];

AgTensor *ag_cubic_predict (AgTensor *const *p,
                            AgTensor *x);

G_END_DECLS
