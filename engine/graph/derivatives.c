/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "graph/derivatives.h"

#include "graph/ops.h"

/* The derivatives of the operation table, as functions that record them. */

/* A rule uses the names it needs; the others stay unused. */
#define DERIVATIVE(name, operand, rule)                          \
  static AgTensor *name##_d##operand (G_GNUC_UNUSED AgTensor *g, \
                                      G_GNUC_UNUSED AgTensor *a, \
                                      G_GNUC_UNUSED AgTensor *b, \
                                      G_GNUC_UNUSED AgTensor *c, \
                                      G_GNUC_UNUSED AgTensor *y) \
  {                                                              \
    return rule;                                                 \
  }

#define AG_UNARY(name, formula, da) DERIVATIVE (name, a, da)
#define AG_BINARY(name, formula, da, db) \
  DERIVATIVE (name, a, da)               \
  DERIVATIVE (name, b, db)
#define AG_TERNARY(name, formula, da, db, dc) \
  DERIVATIVE (name, a, da)                    \
  DERIVATIVE (name, b, db)                    \
  DERIVATIVE (name, c, dc)
#include "plan/ops.def"
#undef AG_UNARY
#undef AG_BINARY
#undef AG_TERNARY

static const AgDerivative derivatives[AG_N_OPS][AG_OP_MAX_OPERANDS] = {
#define AG_UNARY(name, formula, da) [AG_OP_##name] = { name##_da },
#define AG_BINARY(name, formula, da, db) [AG_OP_##name] = { name##_da, name##_db },
#define AG_TERNARY(name, formula, da, db, dc) \
  [AG_OP_##name] = { name##_da, name##_db, name##_dc },
#include "plan/ops.def"
#undef AG_UNARY
#undef AG_BINARY
#undef AG_TERNARY
};

/**
 * ag_op_derivative:
 * @op: an operation
 * @operand: which of its operands
 *
 * Returns: (nullable): the rule of the operation table; %NULL for operations that are
 *   not in it
 */
AgDerivative
ag_op_derivative (AgOp op,
                  guint operand)
{
  return derivatives[op][operand];
}
