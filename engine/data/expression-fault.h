/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "data/expression.h"
#include "plan/op.h"

G_BEGIN_DECLS

/**
 * AgExpressionFault:
 * @op: the first operation whose result is not finite
 * @begin: where in the text it begins, with its operands, in bytes
 * @end: where it ends
 * @result: what it came to: infinity or NaN
 * @operands: what it was given
 * @uses: of each parameter, whether the operation depends on it
 *
 * Where a formula stops having a finite value.
 */
typedef struct
{
  AgOp op;
  gsize begin;
  gsize end;
  double result;
  double operands[AG_OP_MAX_OPERANDS];
  gboolean uses[AG_EXPRESSION_MAX_PARAMETERS];
} AgExpressionFault;

gboolean ag_expression_find_overflow (const AgExpression *expression,
                                      AgDType dtype,
                                      double x,
                                      const double *parameters,
                                      double *value,
                                      AgExpressionFault *fault);

G_END_DECLS
