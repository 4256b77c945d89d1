/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "program/program-private.h"

G_BEGIN_DECLS

/* Rates that get near the optimum in 2,000 steps, of a layer, which begins nearer to
 * it than scalars do. */
#define AG_CUBIC_LAYER_RATES \
  "sgd=1e-6,adagrad=0.5,adadelta=0.1,rmsprop=1e-3,adam=0.02,adamw=0.05,nadam=0.01,radam=2e-6"

extern const AgModelClass ag_cubic_layer_model;

G_END_DECLS
