/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "nn/module.h"
#include "program/program-private.h"

G_BEGIN_DECLS

/**
 * AgLinearModel:
 * @program: the program
 * @powers: the columns x, x², x³, (n, 3)
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
