/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "optim/optimizer.h"

G_BEGIN_DECLS

/* The algorithms see this part of their optimizer. */

#define AG_OPTIMIZER(id) extern const AgOptimizerClass ag_##id##_class;
#include "optim/optimizers.def"
#undef AG_OPTIMIZER

gint64 ag_optimizer_parameter_step (const AgOptimizer *optimizer,
                                    guint index);
AgTensor *ag_optimizer_number (const AgOptimizer *optimizer,
                               guint index,
                               guint number);
AgTensor *ag_optimizer_decay (AgTensor *grad,
                              AgTensor *parameter,
                              double weight_decay);
void ag_optimizer_update_mean (AgTensor *mean,
                               double decay,
                               AgTensor *value);
void ag_optimizer_lerp_mean (AgTensor *mean,
                             double decay,
                             AgTensor *value);
void ag_optimizer_update_mean_square (AgTensor *mean,
                                      double decay,
                                      AgTensor *value);
void ag_optimizer_descend (AgTensor *parameter,
                           double rate,
                           AgTensor *direction);

G_END_DECLS
