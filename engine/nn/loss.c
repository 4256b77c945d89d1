/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "nn/loss.h"

#include "nn/mse-loss.h"

#include <glib/gi18n-lib.h>

static AgTensor *
record_sum_of_squares (AgTensor *prediction,
                       AgTensor *target)
{
  return ag_mse_loss (prediction, target, AG_REDUCTION_SUM);
}

static AgTensor *
record_mean_of_squares (AgTensor *prediction,
                        AgTensor *target)
{
  return ag_mse_loss (prediction, target, AG_REDUCTION_MEAN);
}

/* MSELoss (reduction="sum") */
const AgLoss ag_sum_of_squares = {
  .title = N_ ("sum of squares"),
  .script = "(prediction - y).pow(2).sum()",
  .record = record_sum_of_squares,
};

/* MSELoss () */
const AgLoss ag_mean_of_squares = {
  .title = N_ ("mean of squares"),
  .is_mean = TRUE,
  .script = "(prediction - y).pow(2).mean()",
  .record = record_mean_of_squares,
};
