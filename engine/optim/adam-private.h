/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "optim/optimizer-private.h"

#include <math.h>

G_BEGIN_DECLS

/* Adam and its kin share the first options, states and rules, and how a weight decay is applied. */

enum
{
  AG_ADAM_BETA1,
  AG_ADAM_BETA2,
  AG_ADAM_EPS,
  AG_ADAM_WEIGHT_DECAY,
  AG_ADAM_N_SHARED_OPTIONS
};

enum
{
  AG_ADAM_AVERAGE,
  AG_ADAM_SQUARE_AVERAGE,
  AG_ADAM_N_SHARED_STATES
};

#define AG_ADAM_SHARED_OPTIONS(weight_decay)                                                               \
  [AG_ADAM_BETA1] = { "beta1", N_ ("Decay of the mean β₁"), AG_SETTING_NUMBER, 0.9, 0, 1, TRUE },          \
  [AG_ADAM_BETA2] = { "beta2", N_ ("Decay of the mean square β₂"), AG_SETTING_NUMBER, 0.999, 0, 1, TRUE }, \
  [AG_ADAM_EPS] = { "eps", N_ ("Epsilon"), AG_SETTING_NUMBER, 1e-8, 0, INFINITY, FALSE },                  \
  [AG_ADAM_WEIGHT_DECAY] = { "weight-decay", N_ ("Weight decay"), AG_SETTING_NUMBER, weight_decay, 0,      \
                             INFINITY, FALSE }

/* Some optimizers leave the choice whether a weight decay is a part of the loss or shrinks the
 * parameters themselves. */
#define AG_ADAM_DECOUPLED_OPTION                                                             \
  {                                                                                          \
    "decoupled-weight-decay", N_ ("Decoupled weight decay"), AG_SETTING_FLAG, 0, 0, 1, FALSE \
  }

#define AG_ADAM_SHARED_STATES    \
  [AG_ADAM_AVERAGE] = "exp_avg", \
  [AG_ADAM_SQUARE_AVERAGE] = "exp_avg_sq"

#define AG_ADAM_SHARED_RULES                               \
  { "exp_avg", "beta1 * exp_avg + (1 - beta1) * g" },      \
  {                                                        \
    "exp_avg_sq", "beta2 * exp_avg_sq + (1 - beta2) * g^2" \
  }

AgTensor *ag_adam_decay (const AgOptimizer *optimizer,
                         gboolean is_decoupled,
                         AgTensor *parameter,
                         AgTensor **grad);

/* Adam and AdamW share these functions too, since only their weight decay differs. */

enum
{
  AG_ADAM_AMSGRAD = AG_ADAM_N_SHARED_OPTIONS,
  AG_ADAM_N_OPTIONS
};

enum
{
  AG_ADAM_MAX_SQUARE_AVERAGE = AG_ADAM_N_SHARED_STATES,
  AG_ADAM_N_STATES
};

enum
{
  AG_ADAM_RATE,
  AG_ADAM_CORRECTION
};

#define AG_ADAM_OPTIONS(weight_decay)                                                     \
  {                                                                                       \
    AG_ADAM_SHARED_OPTIONS (weight_decay),                                                \
      [AG_ADAM_AMSGRAD] = { "amsgrad", N_ ("AMSGrad"), AG_SETTING_FLAG, 0, 0, 1, FALSE }, \
  }

#define AG_ADAM_STATES                                 \
  {                                                    \
    AG_ADAM_SHARED_STATES,                             \
      [AG_ADAM_MAX_SQUARE_AVERAGE] = "max_exp_avg_sq", \
  }

/* Behind what the weight decay does. */
#define AG_ADAM_RULES                                                       \
  AG_ADAM_SHARED_RULES,                                                     \
    { "max_exp_avg_sq", "maximum(max_exp_avg_sq, exp_avg_sq)", "amsgrad" }, \
    { "mean", "exp_avg / (1 - beta1^t)" },                                  \
    { "root", "sqrt(max_exp_avg_sq / (1 - beta2^t)) + eps", "amsgrad" },    \
    { "root", "sqrt(exp_avg_sq / (1 - beta2^t)) + eps", "!amsgrad" },       \
  {                                                                         \
    "p", "p - lr * mean / root"                                             \
  }

double ag_adam_power (double decay,
                      double step);
void ag_adam_schedule (const AgOptimizer *optimizer,
                       guint index,
                       double *numbers);
void ag_adam_descend (AgOptimizer *optimizer,
                      guint index,
                      gboolean is_decoupled,
                      AgTensor *parameter,
                      AgTensor *grad);

G_END_DECLS
