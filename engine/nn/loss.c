/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "nn/loss.h"

#include "nn/huber-loss.h"
#include "nn/l1-loss.h"
#include "nn/mse-loss.h"

#include <glib/gi18n-lib.h>

/* Each kind with PyTorch's reduction="sum" and with its default, "mean". */

static AgTensor *
record_sum_of_squares (AgTensor *prediction,
                       AgTensor *target,
                       double delta)
{
  return ag_mse_loss (prediction, target, AG_REDUCTION_SUM);
}

static AgTensor *
record_mean_of_squares (AgTensor *prediction,
                        AgTensor *target,
                        double delta)
{
  return ag_mse_loss (prediction, target, AG_REDUCTION_MEAN);
}

static AgTensor *
record_sum_of_absolute (AgTensor *prediction,
                        AgTensor *target,
                        double delta)
{
  return ag_l1_loss (prediction, target, AG_REDUCTION_SUM);
}

static AgTensor *
record_mean_of_absolute (AgTensor *prediction,
                         AgTensor *target,
                         double delta)
{
  return ag_l1_loss (prediction, target, AG_REDUCTION_MEAN);
}

static AgTensor *
record_sum_of_huber (AgTensor *prediction,
                     AgTensor *target,
                     double delta)
{
  return ag_huber_loss (prediction, target, AG_REDUCTION_SUM, delta);
}

static AgTensor *
record_mean_of_huber (AgTensor *prediction,
                      AgTensor *target,
                      double delta)
{
  return ag_huber_loss (prediction, target, AG_REDUCTION_MEAN, delta);
}

#define SQUARES .kind = AG_LOSS_MSE, .id = "MSELoss", .name = N_ ("Squares"), .sources = "nn/mse-loss.c"
#define ABSOLUTE .kind = AG_LOSS_L1, .id = "L1Loss", .name = N_ ("Absolute values"), .sources = "nn/l1-loss.c"
#define HUBER .kind = AG_LOSS_HUBER, .id = "HuberLoss", .name = N_ ("Huber"), .sources = "nn/huber-loss.c"

const AgLoss ag_sum_of_squares = {
  SQUARES,
  .title = N_ ("sum of squares"),
  .script = "(prediction - y).pow(2).sum()",
  .record = record_sum_of_squares,
};

const AgLoss ag_mean_of_squares = {
  SQUARES,
  .title = N_ ("mean of squares"),
  .is_mean = TRUE,
  .script = "(prediction - y).pow(2).mean()",
  .record = record_mean_of_squares,
};

static const AgLoss sum_of_absolute = {
  ABSOLUTE,
  .title = N_ ("sum of absolute errors"),
  .script = "(prediction - y).abs().sum()",
  .record = record_sum_of_absolute,
};

static const AgLoss mean_of_absolute = {
  ABSOLUTE,
  .title = N_ ("mean absolute error"),
  .is_mean = TRUE,
  .script = "(prediction - y).abs().mean()",
  .record = record_mean_of_absolute,
};

static const AgLoss sum_of_huber = {
  HUBER,
  .title = N_ ("sum of Huber losses"),
  .script = "torch.nn.functional.huber_loss(prediction, y, reduction='sum', delta=delta)",
  .record = record_sum_of_huber,
};

static const AgLoss mean_of_huber = {
  HUBER,
  .title = N_ ("mean Huber loss"),
  .is_mean = TRUE,
  .script = "torch.nn.functional.huber_loss(prediction, y, delta=delta)",
  .record = record_mean_of_huber,
};

/**
 * ag_loss_find:
 * @kind: what is made of each residual
 * @is_mean: whether their mean is meant, and not their sum
 *
 * Returns: (transfer none): the loss
 */
const AgLoss *
ag_loss_find (AgLossKind kind,
              gboolean is_mean)
{
  static const AgLoss *const losses[AG_N_LOSSES][2] = {
    [AG_LOSS_MSE] = { &ag_sum_of_squares, &ag_mean_of_squares },
    [AG_LOSS_L1] = { &sum_of_absolute, &mean_of_absolute },
    [AG_LOSS_HUBER] = { &sum_of_huber, &mean_of_huber },
  };

  return losses[kind][is_mean];
}
