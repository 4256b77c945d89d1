/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "optim/optimizer.h"

G_BEGIN_DECLS

/* What the algorithms see of their optimizer. */

extern const AgOptimizerClass ag_adadelta_class;
extern const AgOptimizerClass ag_adagrad_class;
extern const AgOptimizerClass ag_adam_class;
extern const AgOptimizerClass ag_adamw_class;
extern const AgOptimizerClass ag_rmsprop_class;
extern const AgOptimizerClass ag_sgd_class;

gint64 ag_optimizer_parameter_step (const AgOptimizer *optimizer,
                                    guint index);
AgTensor *ag_optimizer_number (const AgOptimizer *optimizer,
                               guint index,
                               guint number);
AgTensor *ag_optimizer_decay (AgTensor *grad,
                              AgTensor *parameter,
                              double weight_decay);
void ag_optimizer_descend (AgTensor *parameter,
                           double rate,
                           AgTensor *direction);

G_END_DECLS
