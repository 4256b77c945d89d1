/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * AgOp:
 * @AG_OP_input: a tensor whose value is in memory
 * @AG_OP_number: a number given by the program, taken in the consumer's dtype
 * @AG_OP_cast: the same elements in another dtype
 * @AG_OP_view: the same elements in another layout
 * @AG_OP_sum: the sum over some or all dimensions
 * @AG_OP_matmul: the product of two matrices
 * @AG_OP_identity: a copy; the first elementwise operation, which the rows of
 *   ops.def follow in their order
 *
 * The operation that a node records.
 */
typedef enum
{
  AG_OP_input,
  AG_OP_number,
  AG_OP_cast,
  AG_OP_view,
  AG_OP_sum,
  AG_OP_matmul,
  AG_OP_identity,
#define AG_UNARY(name, formula, da) AG_OP_##name,
#define AG_BINARY(name, formula, da, db) AG_OP_##name,
#define AG_TERNARY(name, formula, da, db, dc) AG_OP_##name,
#include "plan/ops.def"
#undef AG_UNARY
#undef AG_BINARY
#undef AG_TERNARY
  AG_N_OPS
} AgOp;

#define AG_OP_MAX_OPERANDS 3

/**
 * AgOpInfo:
 * @name: the operation's name
 * @n_operands: how many operands it has
 * @formula: (nullable): its formula in a, b and c as text; %NULL for operations
 *   that are not elementwise
 *
 * A row of the operation table.
 */
typedef struct
{
  const char *name;
  guint n_operands;
  const char *formula;
} AgOpInfo;

const AgOpInfo *ag_op_info (AgOp op);
double ag_op_evaluate (AgOp op,
                       const double *operands);

static inline gboolean
ag_op_is_elementwise (AgOp op)
{
  return op == AG_OP_cast || op >= AG_OP_identity;
}

G_END_DECLS
