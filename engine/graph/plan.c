/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "graph/plan.h"

/* Planning a recording.
 *
 * A loop holds nodes of one index space that can be computed in one pass. Two
 * nodes with as many elements share a loop if no value on a path between them
 * must be complete first (a sum, a matrix product, a value read in another
 * order). Counting such barriers gives each node a depth, and a loop is all
 * nodes of one depth and one number of elements. */

/**
 * Node:
 * @is_needed: whether anything wanted depends on it
 * @is_stored: whether its value goes to a buffer
 * @is_absorbed: whether the sum that uses it computes it on the way
 * @depth: number of barriers before it
 * @latest: the greatest depth that its users allow
 * @stage: the stage it belongs to, −1 for none
 * @instruction: its number in that stage
 * @buffer: the buffer of its value, −1 for none
 * @n_uses: how many operands read it
 */
typedef struct
{
  gboolean is_needed;
  gboolean is_stored;
  gboolean is_absorbed;
  gint depth;
  gint latest;
  gint stage;
  gint instruction;
  gint buffer;
  gint n_uses;
} Node;

typedef struct
{
  gint n_records;
  const AgRecord *records;
  Node *nodes;
  GArray *buffers;
  GArray *stages;
  GArray **instructions;
} Planner;

/**
 * Access:
 * @kind: how the operand's elements are reached
 * @base: the record whose value is read
 * @offset: first element
 * @layout: where its elements lie
 *
 * An operand with the views between it and its value resolved.
 */
typedef struct
{
  AgOperandKind kind;
  gint base;
  gint64 offset;
  const AgLayout *layout;
} Access;

static gboolean
repeats_one_element (const AgLayout *layout)
{
  for (gint i = 0; i < layout->n_dims; i++)
    if (layout->dims[i] != 1 && layout->strides[i] != 0)
      return FALSE;
  return TRUE;
}

static Access
resolve (const AgRecord *records,
         gint i,
         const AgLayout *shape)
{
  Access access = { .base = i };
  const AgRecord *base;

  if (records[i].op == AG_OP_view)
    access.base = records[i].operands[0];
  base = &records[access.base];
  if (base->op == AG_OP_number)
    {
      access.kind = AG_OPERAND_SCALAR;
      return access;
    }

  access.layout = ag_layout_expand (records[i].layout, shape);
  access.offset = access.layout->offset;
  if (ag_layout_is_contiguous (access.layout)
      && (base->op == AG_OP_input
          || (access.offset == 0 && base->layout->n_elements == access.layout->n_elements)))
    access.kind = AG_OPERAND_CONTIGUOUS;
  else if (repeats_one_element (access.layout))
    access.kind = AG_OPERAND_SCALAR;
  else
    access.kind = AG_OPERAND_STRIDED;
  return access;
}

static gboolean
is_leaf (const AgRecord *record)
{
  return record->op == AG_OP_input || record->op == AG_OP_number;
}

/* A view that must be in memory by itself is a copy of what it views. */
static gboolean
is_copy (const AgRecord *record)
{
  return record->op == AG_OP_view && record->is_wanted;
}

static gboolean
is_whole_sum (const AgRecord *record)
{
  return record->op == AG_OP_sum && record->layout->n_elements == 1;
}

static gboolean
is_map (const AgRecord *record)
{
  return ag_op_is_elementwise (record->op) || is_copy (record);
}

static gboolean
is_in_loop (const AgRecord *record)
{
  return is_map (record) || is_whole_sum (record);
}

static const AgLayout *
index_space (const Planner *planner,
             gint i)
{
  const AgRecord *record = &planner->records[i];

  if (record->op == AG_OP_sum)
    return planner->records[record->operands[0]].layout->shape;
  return record->layout->shape;
}

static guint
get_accesses (const Planner *planner,
              gint i,
              Access *accesses)
{
  const AgRecord *record = &planner->records[i];

  if (is_copy (record))
    {
      accesses[0] = resolve (planner->records, i, record->layout->shape);
      return 1;
    }
  for (guint k = 0; k < record->n_operands; k++)
    {
      gint operand = record->operands[k];
      const AgLayout *shape = record->op == AG_OP_matmul
                                ? planner->records[operand].layout->shape
                                : index_space (planner, i);

      accesses[k] = resolve (planner->records, operand, shape);
    }
  return record->n_operands;
}

static gboolean
can_share_loop (const Planner *planner,
                gint user,
                const Access *access)
{
  return is_in_loop (&planner->records[user])
         && is_map (&planner->records[access->base])
         && access->kind == AG_OPERAND_CONTIGUOUS
         && index_space (planner, user)->n_elements
              == index_space (planner, access->base)->n_elements;
}

static void
find_needed (Planner *planner)
{
  Access accesses[AG_OP_MAX_OPERANDS];

  for (gint i = planner->n_records - 1; i >= 0; i--)
    {
      Node *node = &planner->nodes[i];
      guint n;

      node->stage = node->buffer = node->instruction = -1;
      node->latest = G_MAXINT;
      node->is_needed |= planner->records[i].is_wanted;
      if (!node->is_needed || is_leaf (&planner->records[i]))
        continue;
      n = get_accesses (planner, i, accesses);
      for (guint k = 0; k < n; k++)
        planner->nodes[accesses[k].base].is_needed = TRUE;
    }
}

static void
find_depths (Planner *planner)
{
  Access accesses[AG_OP_MAX_OPERANDS];

  for (gint i = 0; i < planner->n_records; i++)
    {
      Node *node = &planner->nodes[i];
      guint n;

      if (!node->is_needed || is_leaf (&planner->records[i]))
        continue;
      n = get_accesses (planner, i, accesses);
      for (guint k = 0; k < n; k++)
        if (!is_leaf (&planner->records[accesses[k].base]))
          node->depth = MAX (node->depth,
                             planner->nodes[accesses[k].base].depth
                               + (can_share_loop (planner, i, &accesses[k]) ? 0 : 1));
    }

  /* A value that only later loops use is computed there rather than stored. */
  for (gint i = planner->n_records - 1; i >= 0; i--)
    {
      Node *node = &planner->nodes[i];
      guint n;

      if (!node->is_needed || is_leaf (&planner->records[i]))
        continue;
      if (is_map (&planner->records[i]) && node->latest != G_MAXINT)
        node->depth = MAX (node->depth, node->latest);
      n = get_accesses (planner, i, accesses);
      for (guint k = 0; k < n; k++)
        {
          Node *base = &planner->nodes[accesses[k].base];
          gint latest = node->depth - (can_share_loop (planner, i, &accesses[k]) ? 0 : 1);

          base->latest = MIN (base->latest, latest);
        }
    }
}

static gint
find_stage (Planner *planner,
            gint first,
            gint record)
{
  AgStage stage = { .kind = AG_STAGE_LOOP,
                    .n_elements = index_space (planner, record)->n_elements };

  if (is_in_loop (&planner->records[record]))
    {
      for (guint i = (guint) first; i < planner->stages->len; i++)
        {
          const AgStage *other = &g_array_index (planner->stages, AgStage, i);

          if (other->kind == AG_STAGE_LOOP && other->n_elements == stage.n_elements)
            return (gint) i;
        }
    }
  else
    {
      stage.kind = planner->records[record].op == AG_OP_sum ? AG_STAGE_SUM : AG_STAGE_MATMUL;
    }
  g_array_append_val (planner->stages, stage);
  return (gint) planner->stages->len - 1;
}

static void
make_stages (Planner *planner)
{
  gint last_depth = 0;

  for (gint i = 0; i < planner->n_records; i++)
    last_depth = MAX (last_depth, planner->nodes[i].depth);

  for (gint depth = 0; depth <= last_depth; depth++)
    {
      gint first = (gint) planner->stages->len;

      for (gint i = 0; i < planner->n_records; i++)
        {
          Node *node = &planner->nodes[i];
          const AgRecord *record = &planner->records[i];

          if (node->is_needed && node->depth == depth && !is_leaf (record)
              && (record->op != AG_OP_view || is_copy (record)))
            node->stage = find_stage (planner, first, i);
        }
    }
}

static void
find_stored (Planner *planner)
{
  Access accesses[AG_OP_MAX_OPERANDS];

  for (gint i = 0; i < planner->n_records; i++)
    {
      Node *node = &planner->nodes[i];
      guint n;

      if (node->stage < 0)
        continue;
      if (planner->records[i].is_wanted || !is_map (&planner->records[i]))
        node->is_stored = TRUE;
      n = get_accesses (planner, i, accesses);
      for (guint k = 0; k < n; k++)
        {
          Node *base = &planner->nodes[accesses[k].base];

          base->n_uses++;
          if (base->stage != node->stage || !can_share_loop (planner, i, &accesses[k]))
            base->is_stored = TRUE;
        }
    }

  for (gint i = 0; i < planner->n_records; i++)
    {
      Node *node = &planner->nodes[i];
      Node *base;

      if (node->stage < 0 || !is_whole_sum (&planner->records[i]))
        continue;
      get_accesses (planner, i, accesses);
      base = &planner->nodes[accesses[0].base];
      base->is_absorbed = base->stage == node->stage && base->n_uses == 1 && !base->is_stored
                          && ag_op_is_elementwise (planner->records[accesses[0].base].op)
                          && planner->records[accesses[0].base].n_operands < 3
                          && planner->records[accesses[0].base].op != AG_OP_cast;
    }
}

static gint
add_buffer (Planner *planner,
            AgBufferKind kind,
            AgDType dtype,
            gint64 n_elements,
            gint record)
{
  AgBuffer buffer = { kind, dtype, n_elements, record };

  g_array_append_val (planner->buffers, buffer);
  return (gint) planner->buffers->len - 1;
}

static gint
number_buffer (Planner *planner,
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

static void
make_buffers (Planner *planner)
{
  for (gint i = 0; i < planner->n_records; i++)
    {
      const AgRecord *record = &planner->records[i];
      Node *node = &planner->nodes[i];

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
make_operand (Planner *planner,
              gint user,
              AgDType dtype,
              const Access *access)
{
  const AgRecord *base = &planner->records[access->base];
  const Node *node = &planner->nodes[access->base];
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
  else if (node->stage == planner->nodes[user].stage && can_share_loop (planner, user, access))
    {
      operand.kind = AG_OPERAND_VALUE;
      operand.index = node->instruction;
      operand.offset = 0;
    }
  return operand;
}

static void
make_instruction (Planner *planner,
                  gint i)
{
  const AgRecord *record = &planner->records[i];
  Node *node = &planner->nodes[i];
  GArray *instructions = planner->instructions[node->stage];
  AgInstruction instruction = { .op = record->op,
                                .dtype = record->dtype,
                                .buffer = node->buffer,
                                .attribute = record->attribute };
  Access accesses[AG_OP_MAX_OPERANDS];
  gint source = i;

  if (node->is_absorbed)
    return;
  if (is_copy (record))
    instruction.op = AG_OP_identity;

  instruction.n_operands = get_accesses (planner, i, accesses);
  if (is_whole_sum (record))
    {
      instruction.sums = TRUE;
      instruction.op = AG_OP_identity;
      if (planner->nodes[accesses[0].base].is_absorbed)
        {
          source = accesses[0].base;
          instruction.op = planner->records[source].op;
          instruction.n_operands = get_accesses (planner, source, accesses);
        }
    }
  for (guint k = 0; k < instruction.n_operands; k++)
    instruction.operands[k] = make_operand (planner, source, record->dtype, &accesses[k]);

  node->instruction = (gint) instructions->len;
  g_array_append_val (instructions, instruction);
}

/**
 * ag_plan_new:
 * @n_records: number of @records
 * @records: (array length=n_records): a recording
 *
 * Plans how to compute everything wanted in a recording.
 *
 * Returns: (transfer full): the plan
 */
AgPlan *
ag_plan_new (gint n_records,
             const AgRecord *records)
{
  Planner planner = { .n_records = n_records, .records = records };
  AgPlan *plan = g_new0 (AgPlan, 1);

  planner.nodes = g_new0 (Node, n_records);
  planner.buffers = g_array_new (FALSE, TRUE, sizeof (AgBuffer));
  planner.stages = g_array_new (FALSE, TRUE, sizeof (AgStage));

  find_needed (&planner);
  find_depths (&planner);
  make_stages (&planner);
  find_stored (&planner);
  make_buffers (&planner);

  plan->n_stages = (gint) planner.stages->len;
  planner.instructions = g_new (GArray *, planner.stages->len);
  for (gint s = 0; s < plan->n_stages; s++)
    planner.instructions[s] = g_array_new (FALSE, TRUE, sizeof (AgInstruction));
  for (gint i = 0; i < n_records; i++)
    if (planner.nodes[i].stage >= 0)
      make_instruction (&planner, i);

  plan->stages = (AgStage *) (gpointer) g_array_free (planner.stages, FALSE);
  for (gint s = 0; s < plan->n_stages; s++)
    {
      plan->stages[s].n_instructions = (gint) planner.instructions[s]->len;
      plan->stages[s].instructions
        = (AgInstruction *) (gpointer) g_array_free (planner.instructions[s], FALSE);
    }
  plan->n_buffers = (gint) planner.buffers->len;
  plan->buffers = (AgBuffer *) (gpointer) g_array_free (planner.buffers, FALSE);
  g_free (planner.instructions);
  g_free (planner.nodes);
  return plan;
}

/**
 * ag_plan_free:
 * @plan: (transfer full): a plan
 */
void
ag_plan_free (AgPlan *plan)
{
  for (gint s = 0; s < plan->n_stages; s++)
    g_free (plan->stages[s].instructions);
  g_free (plan->stages);
  g_free (plan->buffers);
  g_free (plan);
}

static void
append_operand (GString *string,
                const AgOperand *operand)
{
  switch (operand->kind)
    {
    case AG_OPERAND_VALUE:
      g_string_append_printf (string, " %%%d", operand->index);
      break;
    case AG_OPERAND_CONTIGUOUS:
      g_string_append_printf (string, " b%d[i]", operand->index);
      break;
    case AG_OPERAND_STRIDED:
      g_string_append_printf (string, " b%d[…]", operand->index);
      break;
    case AG_OPERAND_SCALAR:
    default:
      g_string_append_printf (string, " b%d", operand->index);
      break;
    }
}

/**
 * ag_plan_to_string:
 * @plan: a plan
 *
 * Returns: (transfer full): the plan as a listing: loops, and in them
 *   instructions with values (%0), and buffers (b0)
 */
char *
ag_plan_to_string (const AgPlan *plan)
{
  static const char *const kinds[] = { "loop", "sum", "matmul" };
  GString *string = g_string_new (NULL);

  for (gint s = 0; s < plan->n_stages; s++)
    {
      const AgStage *stage = &plan->stages[s];

      g_string_append_printf (string, "%s over %" G_GINT64_FORMAT "\n", kinds[stage->kind],
                              stage->n_elements);
      for (gint i = 0; i < stage->n_instructions; i++)
        {
          const AgInstruction *instruction = &stage->instructions[i];

          g_string_append_printf (string, "  %%%d = %s%s", i, instruction->sums ? "sum of " : "",
                                  ag_op_info (instruction->op)->name);
          for (guint k = 0; k < instruction->n_operands; k++)
            append_operand (string, &instruction->operands[k]);
          if (instruction->buffer >= 0)
            g_string_append_printf (string, " -> b%d", instruction->buffer);
          g_string_append_c (string, '\n');
        }
    }
  return g_string_free (string, FALSE);
}
