/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "plan/plan.h"

G_BEGIN_DECLS

/**
 * AgCpuFactor:
 * @is_left_out: whether the instruction is a product with a power of two that is not formed:
 *   its other operand stands for it
 * @exponent: e, where what stands for the instruction's value is 2⁻ᵉ times that
 * @scalars: of each operand that is a scalar, the exponent of the power of two that it is
 *   multiplied with before the loop
 *
 * What a loop leaves out of an instruction, and makes good elsewhere.
 */
typedef struct
{
  gboolean is_left_out;
  gint exponent;
  gint scalars[AG_OP_MAX_OPERANDS];
} AgCpuFactor;

AgCpuFactor *ag_cpu_factors_new (const AgPlan *plan,
                                 const AgStage *stage);

/* Returns which operand stands for a product that is left out. */
static inline guint
ag_cpu_factors_operand (const AgInstruction *product)
{
  return product->operands[0].kind == AG_OPERAND_VALUE ? 0 : 1;
}

G_END_DECLS
