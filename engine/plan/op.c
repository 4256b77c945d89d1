/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plan/op.h"

#include <tgmath.h>

static const AgOpInfo infos[AG_N_OPS] = {
  [AG_OP_input] = { "input", 0, NULL },
  [AG_OP_number] = { "number", 0, NULL },
  [AG_OP_cast] = { "cast", 1, "a" },
  [AG_OP_view] = { "view", 1, NULL },
  [AG_OP_sum] = { "sum", 1, NULL },
  [AG_OP_matmul] = { "matmul", 2, NULL },
  [AG_OP_identity] = { "identity", 1, "a" },
#define AG_UNARY(name, formula, da) \
  [AG_OP_##name] = { #name, 1, #formula },
#define AG_BINARY(name, formula, da, db) \
  [AG_OP_##name] = { #name, 2, #formula },
#define AG_TERNARY(name, formula, da, db, dc) \
  [AG_OP_##name] = { #name, 3, #formula },
#include "plan/ops.def"
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
#include "plan/ops.def"
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
