/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plan/plan-private.h"

#include <string.h>

static gint
add_buffer (AgPlanner *planner,
            AgBufferKind kind,
            AgDType dtype,
            gint64 n_elements,
            gint record)
{
  AgBuffer buffer = { kind, dtype, n_elements, record, 0 };

  if (kind == AG_BUFFER_NUMBER)
    memcpy (&buffer.constant, &planner->records[record].constant_bits, sizeof buffer.constant);
  g_array_append_val (planner->buffers, buffer);
  return (gint) planner->buffers->len - 1;
}

static gint
number_buffer (AgPlanner *planner,
               gint record,
               AgDType dtype)
{
  for (guint i = 0; i < planner->buffers->len; i++)
    {
      const AgBuffer *buffer = &g_array_index (planner->buffers, AgBuffer, i);

      if (buffer->record == record && buffer->dtype == dtype)
        return (gint) i;
    }
  return add_buffer (planner, AG_BUFFER_NUMBER, dtype, 1, record);
}

/**
 * ag_planner_make_buffers:
 * @planner: a planner that knows its stages
 *
 * Makes the buffers of all values that must be in memory.
 */
void
ag_planner_make_buffers (AgPlanner *planner)
{
  for (gint i = 0; i < planner->n_records; i++)
    {
      const AgRecord *record = &planner->records[i];
      AgPlanNode *node = &planner->nodes[i];

      if (record->op == AG_OP_input && node->is_needed)
        node->buffer = add_buffer (planner, AG_BUFFER_INPUT, record->dtype,
                                   record->layout->n_elements, i);
      else if (node->stage >= 0 && node->is_stored)
        node->buffer = add_buffer (planner,
                                   record->is_wanted ? AG_BUFFER_OUTPUT : AG_BUFFER_TEMPORARY,
                                   record->dtype, record->layout->n_elements, i);
    }
}

static AgOperand
make_operand (AgPlanner *planner,
              gint user,
              AgDType dtype,
              const AgPlanAccess *access)
{
  const AgRecord *base = &planner->records[access->base];
  const AgPlanNode *node = &planner->nodes[access->base];
  AgOperand operand = { .kind = access->kind,
                        .dtype = base->dtype,
                        .index = node->buffer,
                        .offset = access->offset,
                        .layout = access->layout };

  if (base->op == AG_OP_number)
    {
      operand.dtype = dtype;
      operand.index = number_buffer (planner, access->base, dtype);
    }
  else if (node->stage == planner->nodes[user].stage && ag_planner_can_share_loop (planner, user, access))
    {
      operand.kind = AG_OPERAND_VALUE;
      operand.index = node->instruction;
      operand.offset = 0;
    }
  return operand;
}

/* Row or column j of the matrix, which is one vector. */
static AgOperand
make_thin_operand (AgPlanner *planner,
                   gint i,
                   gint64 j)
{
  const AgRecord *record = &planner->records[i];
  const gint matrix = record->operands[0];
  const AgLayout *layout = planner->records[matrix].layout;
  const gint dim = planner->nodes[i].thin == AG_PLAN_THIN_MAP ? 1 : 0;
  AgPlanAccess access = ag_plan_resolve (planner->records, matrix, layout->shape);

  access.kind = AG_OPERAND_CONTIGUOUS;
  access.offset = layout->offset + j * layout->strides[dim];
  return make_operand (planner, i, record->dtype, &access);
}

/* Products with the vector's elements, added up one after the other. */
static void
make_thin_map (AgPlanner *planner,
               gint i)
{
  const AgRecord *record = &planner->records[i];
  const AgLayout *vector = planner->records[record->operands[1]].layout;
  const gint64 n_columns = planner->records[record->operands[0]].layout->dims[1];
  AgPlanNode *node = &planner->nodes[i];
  GArray *instructions = planner->instructions[node->stage];
  gint sum = -1;

  for (gint64 j = 0; j < n_columns; j++)
    {
      AgInstruction product = { .op = AG_OP_mul,
                                .dtype = record->dtype,
                                .n_operands = 2,
                                .buffer = n_columns == 1 ? node->buffer : -1 };
      AgPlanAccess factor = ag_plan_resolve (planner->records, record->operands[1], vector->shape);

      factor.kind = AG_OPERAND_SCALAR;
      factor.offset += j * vector->strides[0];
      product.operands[0] = make_thin_operand (planner, i, j);
      product.operands[1] = make_operand (planner, i, record->dtype, &factor);
      g_array_append_val (instructions, product);
      if (j > 0)
        {
          const AgOperand before = { .kind = AG_OPERAND_VALUE, .dtype = record->dtype, .index = sum };
          const AgOperand term = { .kind = AG_OPERAND_VALUE,
                                   .dtype = record->dtype,
                                   .index = (gint) instructions->len - 1 };
          const AgInstruction add = { .op = AG_OP_add,
                                      .dtype = record->dtype,
                                      .n_operands = 2,
                                      .operands = { before, term },
                                      .buffer = j == n_columns - 1 ? node->buffer : -1 };

          g_array_append_val (instructions, add);
        }
      sum = (gint) instructions->len - 1;
    }
  node->instruction = sum;
}

static void
make_thin_sums (AgPlanner *planner,
                gint i)
{
  const AgRecord *record = &planner->records[i];
  const AgLayout *vector = planner->records[record->operands[1]].layout;
  const AgPlanAccess access = ag_plan_resolve (planner->records, record->operands[1], vector->shape);
  AgPlanNode *node = &planner->nodes[i];

  for (gint64 j = 0; j < record->layout->dims[0]; j++)
    {
      AgInstruction sum = { .op = AG_OP_mul,
                            .dtype = record->dtype,
                            .sums = TRUE,
                            .n_operands = 2,
                            .buffer = node->buffer,
                            .offset = j };

      sum.operands[0] = make_thin_operand (planner, i, j);
      sum.operands[1] = make_operand (planner, i, record->dtype, &access);
      g_array_append_val (planner->instructions[node->stage], sum);
    }
}

/**
 * ag_planner_make_instruction:
 * @planner: a planner that has its buffers
 * @i: a record that belongs to a stage
 *
 * Makes its instruction, or the instructions of a thin product.
 */
void
ag_planner_make_instruction (AgPlanner *planner,
                             gint i)
{
  const AgRecord *record = &planner->records[i];
  AgPlanNode *node = &planner->nodes[i];
  GArray *instructions = planner->instructions[node->stage];
  AgInstruction instruction = { .op = record->op,
                                .dtype = record->dtype,
                                .buffer = node->buffer,
                                .summed_dims = record->summed_dims };
  AgPlanAccess accesses[AG_OP_MAX_OPERANDS];
  gint source = i;

  if (node->is_absorbed)
    return;
  if (node->thin == AG_PLAN_THIN_MAP)
    {
      make_thin_map (planner, i);
      return;
    }
  if (node->thin == AG_PLAN_THIN_SUMS)
    {
      make_thin_sums (planner, i);
      return;
    }
  if (ag_plan_is_copy (record))
    instruction.op = AG_OP_identity;

  instruction.n_operands = ag_planner_accesses (planner, i, accesses);
  if (ag_plan_is_whole_sum (record))
    {
      instruction.sums = TRUE;
      instruction.op = AG_OP_identity;
      if (planner->nodes[accesses[0].base].is_absorbed)
        {
          source = accesses[0].base;
          instruction.op = planner->records[source].op;
          instruction.n_operands = ag_planner_accesses (planner, source, accesses);
        }
    }
  for (guint k = 0; k < instruction.n_operands; k++)
    instruction.operands[k] = make_operand (planner, source, record->dtype, &accesses[k]);

  node->instruction = (gint) instructions->len;
  g_array_append_val (instructions, instruction);
}
