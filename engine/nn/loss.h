/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "graph/tensor.h"

G_BEGIN_DECLS

/**
 * AgLoss:
 * @title: what it is of the residuals: "sum of squares"
 * @is_mean: whether it is divided by the number of points
 * @script: the same in the words of PyTorch, of `prediction` and `y`
 * @record: records the loss of a prediction for a target, both (n); returns a scalar
 *
 * What a prediction is compared with its target by.
 */
typedef struct
{
  const char *title;
  gboolean is_mean;
  const char *script;
  AgTensor *(*record) (AgTensor *prediction,
                       AgTensor *target);
} AgLoss;

extern const AgLoss ag_sum_of_squares;
extern const AgLoss ag_mean_of_squares;

G_END_DECLS
