/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "graph/tensor.h"

G_BEGIN_DECLS

/**
 * AgReduction:
 * @AG_REDUCTION_NONE: a loss for each element
 * @AG_REDUCTION_MEAN: the mean of them
 * @AG_REDUCTION_SUM: their sum
 *
 * The ways in which a loss adds up the losses of its elements.
 */
typedef enum
{
  AG_REDUCTION_NONE,
  AG_REDUCTION_MEAN,
  AG_REDUCTION_SUM,
} AgReduction;

AgTensor *ag_reduce (AgTensor *elements,
                     AgReduction reduction);
AgTensor *ag_residual (AgTensor *prediction,
                       AgTensor *target,
                       const char *loss);

G_END_DECLS
