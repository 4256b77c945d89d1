/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "nn/module.h"
#include "program/program-private.h"

G_BEGIN_DECLS

#define AG_LINEAR_MODEL_N_POWERS 3

/* Rates that get near the optimum in 2,000 steps, of a layer, which begins nearer to
 * it than scalars do. */
#define AG_LINEAR_MODEL_RATES \
  "sgd=1e-6,adagrad=0.5,adadelta=0.1,rmsprop=1e-3,adam=0.02,adamw=0.05,radam=2e-6"

/**
 * AgLinearModel:
 * @program: the program
 * @powers: x, x², x³ as rows, (%AG_LINEAR_MODEL_N_POWERS, n); a column of the layer's input lies in memory
 *   one behind the other
 * @model: a linear layer and a flattening
 *
 * A program whose cubic is a linear layer over the powers of x.
 */
typedef struct
{
  AgProgram program;
  AgTensor *powers;
  AgModule *model;
} AgLinearModel;

void ag_linear_model_init (AgProgram *program,
                           guint64 seed);
AgTensor *ag_linear_model_step (AgProgram *program);
void ag_linear_model_finalize (AgProgram *program);

G_END_DECLS
