/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "graph/tensor.h"

G_BEGIN_DECLS

/**
 * AgLossKind:
 * @AG_LOSS_MSE: squares
 * @AG_LOSS_L1: absolute values
 * @AG_LOSS_HUBER: squares near the target, absolute values beyond
 *
 * The ways in which a loss counts a residual.
 */
typedef enum
{
  AG_LOSS_MSE,
  AG_LOSS_L1,
  AG_LOSS_HUBER,
  AG_N_LOSSES
} AgLossKind;

/**
 * AgLoss:
 * @kind: what is made of each residual
 * @id: PyTorch's name of that: "MSELoss"
 * @name: what people know it by
 * @title: what is made of them all: "sum of squares"
 * @is_mean: whether it is divided by the number of points
 * @script: the same in the words of PyTorch, of `prediction` and `y`
 * @sources: where that is computed, as a model's sources are named
 * @record: records the loss of a prediction for a target, both (n), with δ where squares
 *   end, if it has one; returns a scalar
 *
 * The loss by which a prediction is compared with its target.
 */
typedef struct
{
  AgLossKind kind;
  const char *id;
  const char *name;
  const char *title;
  gboolean is_mean;
  const char *script;
  const char *sources;
  AgTensor *(*record) (AgTensor *prediction,
                       AgTensor *target,
                       double delta);
} AgLoss;

extern const AgLoss ag_sum_of_squares;
extern const AgLoss ag_mean_of_squares;

const AgLoss *ag_loss_find (AgLossKind kind,
                            gboolean is_mean);

G_END_DECLS
