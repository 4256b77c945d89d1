/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "graph/tensor.h"
#include "plan/op.h"

G_BEGIN_DECLS

/**
 * AgDerivative:
 * @g: the gradient of the result
 * @a: the first operand
 * @b: (nullable): the second operand
 * @c: (nullable): the third operand
 * @y: the result
 *
 * Records what flows back to one operand of an elementwise operation.
 *
 * Returns: (transfer none): the gradient of the operand, which may have to be summed
 *   to its shape
 */
typedef AgTensor *(*AgDerivative) (AgTensor *g,
                                   AgTensor *a,
                                   AgTensor *b,
                                   AgTensor *c,
                                   AgTensor *y);

AgDerivative ag_op_derivative (AgOp op,
                               guint operand);

G_END_DECLS
