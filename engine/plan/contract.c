/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plan/plan.h"

/* Contraction is the matter of a plan, not of a compiler, so that it is the same for all that
 * run the plan. */

static gboolean
is_product (const AgInstruction *instruction)
{
  return instruction->op == AG_OP_mul || instruction->op == AG_OP_square;
}

/* A square is the product of its operand and itself. */
static AgOperand
second_factor (const AgInstruction *product)
{
  return product->operands[product->n_operands - 1];
}

/* Lets the sum compute its product itself, if nobody else needs that. Returns whether it does. */
static gboolean
absorb (AgStage *stage,
        gint at,
        guint k,
        const gint *n_uses)
{
  AgInstruction *sum = &stage->instructions[at];
  const AgOperand operand = sum->operands[k], other = sum->operands[1 - k];
  const AgInstruction *product;

  if (operand.kind != AG_OPERAND_VALUE)
    return FALSE;
  product = &stage->instructions[operand.index];
  if (!is_product (product) || product->sums || product->buffer >= 0 || n_uses[operand.index] > 1
      || product->dtype != sum->dtype)
    return FALSE;
  sum->op = AG_OP_addcmul;
  sum->n_operands = 3;
  sum->operands[0] = other;
  sum->operands[1] = product->operands[0];
  sum->operands[2] = second_factor (product);
  return TRUE;
}

/* Removes what was absorbed. */
static void
remove_instructions (AgStage *stage,
                     const gboolean *is_absorbed)
{
  g_autofree gint *numbers = g_new (gint, stage->n_instructions);
  gint n = 0;

  for (gint at = 0; at < stage->n_instructions; at++)
    {
      AgInstruction instruction = stage->instructions[at];

      numbers[at] = n;
      if (is_absorbed[at])
        continue;
      for (guint k = 0; k < instruction.n_operands; k++)
        if (instruction.operands[k].kind == AG_OPERAND_VALUE)
          instruction.operands[k].index = numbers[instruction.operands[k].index];
      stage->instructions[n++] = instruction;
    }
  stage->n_instructions = n;
}

static void
contract_stage (AgStage *stage)
{
  g_autofree gint *n_uses = g_new0 (gint, stage->n_instructions);
  g_autofree gboolean *is_absorbed = g_new0 (gboolean, stage->n_instructions);

  for (gint at = 0; at < stage->n_instructions; at++)
    for (guint k = 0; k < stage->instructions[at].n_operands; k++)
      if (stage->instructions[at].operands[k].kind == AG_OPERAND_VALUE)
        n_uses[stage->instructions[at].operands[k].index]++;

  for (gint at = 0; at < stage->n_instructions; at++)
    {
      AgInstruction *instruction = &stage->instructions[at];

      if (instruction->sums && is_product (instruction))
        {
          instruction->operands[1] = second_factor (instruction);
          instruction->n_operands = 2;
          instruction->op = AG_OP_mul;
          instruction->contracts = TRUE;
        }
      for (gint k = 1; k >= 0 && instruction->op == AG_OP_add && !instruction->sums; k--)
        {
          const gint index = instruction->operands[k].index;

          if (absorb (stage, at, (guint) k, n_uses))
            is_absorbed[index] = TRUE;
        }
    }
  remove_instructions (stage, is_absorbed);
}

/**
 * ag_plan_contract:
 * @plan: a plan that nobody runs yet
 *
 * Makes of each product and the sum that follows it, in loops over more than one element, one
 * operation that rounds once. Then a loop has fewer operations, and other bits. What a loop
 * sums up is added in the same order as before, each product rounded only with the sum.
 */
void
ag_plan_contract (AgPlan *plan)
{
  for (gint s = 0; s < plan->n_stages; s++)
    if (plan->stages[s].kind == AG_STAGE_LOOP && plan->stages[s].n_elements > 1)
      contract_stage (&plan->stages[s]);
}
