/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "graph/op.h"

#include "graph/ops.h"

#include <tgmath.h>

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
#include "graph/ops.def"
#undef AG_UNARY
#undef AG_BINARY
#undef AG_TERNARY

static const AgOpInfo infos[AG_N_OPS] = {
  [AG_OP_input] = { "input", 0, NULL, { NULL } },
  [AG_OP_number] = { "number", 0, NULL, { NULL } },
  [AG_OP_cast] = { "cast", 1, "a", { NULL } },
  [AG_OP_view] = { "view", 1, NULL, { NULL } },
  [AG_OP_sum] = { "sum", 1, NULL, { NULL } },
  [AG_OP_matmul] = { "matmul", 2, NULL, { NULL } },
  [AG_OP_identity] = { "identity", 1, "a", { NULL } },
#define AG_UNARY(name, formula, da) \
  [AG_OP_##name] = { #name, 1, #formula, { name##_da } },
#define AG_BINARY(name, formula, da, db) \
  [AG_OP_##name] = { #name, 2, #formula, { name##_da, name##_db } },
#define AG_TERNARY(name, formula, da, db, dc) \
  [AG_OP_##name] = { #name, 3, #formula, { name##_da, name##_db, name##_dc } },
#include "graph/ops.def"
#undef AG_UNARY
#undef AG_BINARY
#undef AG_TERNARY
};

/**
 * ag_op_info:
 * @op: an operation
 *
 * Returns: (transfer none): its row of the operation table
 */
const AgOpInfo *
ag_op_info (AgOp op)
{
  return &infos[op];
}

/**
 * ag_op_evaluate:
 * @op: an operation of the table
 * @operands: as many numbers as it has operands
 *
 * Computes an operation's formula for one element, in double precision.
 *
 * Returns: the result
 */
double
ag_op_evaluate (AgOp op,
                const double *operands)
{
  const double a = operands[0];
  const double b = infos[op].n_operands > 1 ? operands[1] : 0;
  const double c = infos[op].n_operands > 2 ? operands[2] : 0;

  switch (op)
    {
#define AG_UNARY(name, formula, da) \
  case AG_OP_##name:                \
    return formula;
#define AG_BINARY(name, formula, da, db) AG_UNARY (name, formula, da)
#define AG_TERNARY(name, formula, da, db, dc) AG_UNARY (name, formula, da)
#include "graph/ops.def"
#undef AG_UNARY
#undef AG_BINARY
#undef AG_TERNARY
    case AG_OP_input:
    case AG_OP_number:
    case AG_OP_cast:
    case AG_OP_view:
    case AG_OP_sum:
    case AG_OP_matmul:
    case AG_OP_identity:
    case AG_N_OPS:
    default:
      g_return_val_if_reached (a);
    }
}
