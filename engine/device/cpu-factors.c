/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "device/cpu-factors.h"

#include <math.h>
#include <string.h>

/* The derivative of a square has a factor of 2, which is a product for each element. A product
 * with a power of two is exact, so the factor may as well be taken out of what is computed of
 * it, products and sums, and brought in at the end, once: the bits are the same, unless a value
 * is too small or too large for all of its bits. */

/* Factors of values are no further from 1 than this, as an exponent of two. */
#define MAX_EXPONENT 8

/* Returns e if an instruction is the product of an earlier one's value and the constant 2ᵉ, and
 * 0 if it is anything else. */
static gint
power_of_two (const AgPlan *plan,
              const AgInstruction *instruction)
{
  for (guint k = 0; instruction->op == AG_OP_mul && !instruction->contracts && k < 2; k++)
    {
      const AgOperand *constant = &instruction->operands[k];
      gint exponent;

      if (constant->kind == AG_OPERAND_VALUE || instruction->operands[1 - k].kind != AG_OPERAND_VALUE
          || frexp (plan->buffers[constant->index].constant, &exponent) != 0.5)
        continue;
      return exponent - 1;
    }
  return 0;
}

static gint
operand_exponent (const AgInstruction *instruction,
                  const AgCpuFactor *factors,
                  guint k)
{
  const AgOperand *operand = &instruction->operands[k];

  return operand->kind == AG_OPERAND_VALUE ? factors[operand->index].exponent : 0;
}

/* Lets a scalar among the operands from @first on take a factor. Returns whether there is one. */
static gboolean
give_to_scalar (const AgInstruction *instruction,
                AgCpuFactor *factor,
                guint first,
                gint exponent)
{
  for (guint k = first; k < instruction->n_operands; k++)
    if (instruction->operands[k].kind == AG_OPERAND_SCALAR)
      {
        factor->scalars[k] = exponent;
        return TRUE;
      }
  return FALSE;
}

/* Finds the exponent of an instruction's value from those of its operands. Returns FALSE if it
 * needs them without their factors. */
static gboolean
find_exponent (const AgPlan *plan,
               const AgInstruction *instruction,
               AgCpuFactor *factors,
               AgCpuFactor *factor)
{
  gint of[AG_OP_MAX_OPERANDS] = { 0 };

  memset (factor->scalars, 0, sizeof factor->scalars);
  factor->exponent = 0;
  for (guint k = 0; k < instruction->n_operands; k++)
    of[k] = operand_exponent (instruction, factors, k);
  switch (instruction->op)
    {
    case AG_OP_identity:
    case AG_OP_neg:
      factor->exponent = of[0];
      break;
    case AG_OP_mul:
      factor->exponent = of[0] + of[1];
      if (factor->is_left_out)
        factor->exponent += power_of_two (plan, instruction);
      else if (give_to_scalar (instruction, factor, 0, factor->exponent))
        factor->exponent = 0;
      break;
    case AG_OP_square:
      factor->exponent = 2 * of[0];
      break;
    case AG_OP_add:
    case AG_OP_sub:
      if (of[0] != of[1])
        return FALSE;
      factor->exponent = of[0];
      break;
    case AG_OP_addcmul:
      factor->exponent = of[0];
      if (of[0] != of[1] + of[2]
          && !give_to_scalar (instruction, factor, 1, of[1] + of[2] - of[0]))
        return FALSE;
      break;
    default:
      if (of[0] != 0 || of[1] != 0 || of[2] != 0)
        return FALSE;
    }
  return ABS (factor->exponent) <= MAX_EXPONENT
         && (factor->exponent == 0 || instruction->sums || instruction->buffer < 0);
}

static gboolean
find_exponents (const AgPlan *plan,
                const AgStage *stage,
                AgCpuFactor *factors)
{
  for (gint at = 0; at < stage->n_instructions; at++)
    if (!find_exponent (plan, &stage->instructions[at], factors, &factors[at]))
      return FALSE;
  return TRUE;
}

/**
 * ag_cpu_factors_new:
 * @plan: a plan
 * @stage: a loop of it, over elements of one type
 *
 * Finds the products with powers of two that a loop need not form for each element, since what
 * is computed of them can take the factor: another product, and in the end a sum or a scalar.
 *
 * Returns: (transfer full): of each instruction, what is left out of it
 */
AgCpuFactor *
ag_cpu_factors_new (const AgPlan *plan,
                    const AgStage *stage)
{
  AgCpuFactor *factors = g_new0 (AgCpuFactor, stage->n_instructions);

  for (gint at = 0; at < stage->n_instructions; at++)
    {
      if (power_of_two (plan, &stage->instructions[at]) == 0)
        continue;
      factors[at].is_left_out = TRUE;
      if (!find_exponents (plan, stage, factors))
        factors[at].is_left_out = FALSE;
    }
  find_exponents (plan, stage, factors);
  return factors;
}
