/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "program/program.h"

G_BEGIN_DECLS

/* What the programs are made with. */

extern const AgProgramClass ag_numpy_class;
extern const AgProgramClass ag_tensors_class;
extern const AgProgramClass ag_autograd_class;
extern const AgProgramClass ag_legendre_class;
extern const AgProgramClass ag_nn_class;
extern const AgProgramClass ag_optim_class;
extern const AgProgramClass ag_module_class;
extern const AgProgramClass ag_dynamic_class;
extern const AgProgramClass ag_mlp_class;

G_END_DECLS
