/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plan/plan-private.h"

/* Products of at most so many columns that lie one behind the other with a
 * vector, and of as many rows, are no work for BLAS: they become part of a loop,
 * with whatever else is done to its elements. */
#define MAX_THIN 4

static gboolean
repeats_one_element (const AgLayout *layout)
{
  for (gint i = 0; i < layout->n_dims; i++)
    if (layout->dims[i] != 1 && layout->strides[i] != 0)
      return FALSE;
  return TRUE;
}

/**
 * ag_plan_resolve:
 * @records: a recording
 * @i: an operand in it
 * @shape: the index space in which it is read
 *
 * Returns: how its elements are reached
 */
AgPlanAccess
ag_plan_resolve (const AgRecord *records,
                 gint i,
                 const AgLayout *shape)
{
  AgPlanAccess access = { .base = i };
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

/**
 * ag_plan_find_thin:
 * @records: a recording
 * @i: a record in it
 *
 * Returns: whether it is a product that a loop can take in
 */
AgPlanThin
ag_plan_find_thin (const AgRecord *records,
                   gint i)
{
  const AgLayout *a, *b;
  gint source;

  if (records[i].op != AG_OP_matmul)
    return AG_PLAN_THIN_NOT;
  a = records[records[i].operands[0]].layout;
  b = records[records[i].operands[1]].layout;
  source = records[i].operands[0];
  if (records[source].op == AG_OP_view)
    source = records[source].operands[0];
  if (b->dims[1] != 1 || records[source].op != AG_OP_input)
    return AG_PLAN_THIN_NOT;
  if (a->dims[1] <= MAX_THIN && a->dims[0] > MAX_THIN && a->strides[0] == 1)
    return AG_PLAN_THIN_MAP;
  if (a->dims[0] <= MAX_THIN && a->dims[1] > MAX_THIN && a->strides[1] == 1)
    return AG_PLAN_THIN_SUMS;
  return AG_PLAN_THIN_NOT;
}

/**
 * ag_planner_is_map:
 * @planner: a planner
 * @i: a record
 *
 * Returns: whether it is computed element by element
 */
gboolean
ag_planner_is_map (const AgPlanner *planner,
                   gint i)
{
  const AgRecord *record = &planner->records[i];

  return ag_op_is_elementwise (record->op) || ag_plan_is_copy (record)
         || planner->nodes[i].thin == AG_PLAN_THIN_MAP;
}

/**
 * ag_planner_is_in_loop:
 * @planner: a planner
 * @i: a record
 *
 * Returns: whether it is computed in a loop: a map, or sums that end one
 */
gboolean
ag_planner_is_in_loop (const AgPlanner *planner,
                       gint i)
{
  return ag_planner_is_map (planner, i) || ag_plan_is_whole_sum (&planner->records[i])
         || planner->nodes[i].thin == AG_PLAN_THIN_SUMS;
}

/**
 * ag_planner_index_space:
 * @planner: a planner
 * @i: a record that is computed in a loop
 *
 * Returns: (transfer none): the shape that the loop goes over
 */
const AgLayout *
ag_planner_index_space (const AgPlanner *planner,
                        gint i)
{
  const AgRecord *record = &planner->records[i];

  if (record->op == AG_OP_sum)
    return planner->records[record->operands[0]].layout->shape;
  if (planner->nodes[i].thin == AG_PLAN_THIN_SUMS)
    return planner->records[record->operands[1]].layout->shape;
  return record->layout->shape;
}

/**
 * ag_planner_accesses:
 * @planner: a planner
 * @i: a record
 * @accesses: (out caller-allocates): room for %AG_OP_MAX_OPERANDS
 *
 * Finds what a record reads.
 *
 * Returns: how many operands that is
 */
guint
ag_planner_accesses (const AgPlanner *planner,
                     gint i,
                     AgPlanAccess *accesses)
{
  const AgRecord *record = &planner->records[i];

  if (ag_plan_is_copy (record))
    {
      accesses[0] = ag_plan_resolve (planner->records, i, record->layout->shape);
      return 1;
    }
  for (guint k = 0; k < record->n_operands; k++)
    {
      gint operand = record->operands[k];
      const AgLayout *shape = record->op == AG_OP_matmul
                                ? planner->records[operand].layout->shape
                                : ag_planner_index_space (planner, i);

      accesses[k] = ag_plan_resolve (planner->records, operand, shape);
    }
  return record->n_operands;
}

/**
 * ag_planner_can_share_loop:
 * @planner: a planner
 * @user: a record
 * @access: one of its operands
 *
 * Returns: whether one loop can compute both
 */
gboolean
ag_planner_can_share_loop (const AgPlanner *planner,
                           gint user,
                           const AgPlanAccess *access)
{
  return ag_planner_is_in_loop (planner, user) && ag_planner_is_map (planner, access->base)
         && access->kind == AG_OPERAND_CONTIGUOUS
         && ag_planner_index_space (planner, user)->n_elements
              == ag_planner_index_space (planner, access->base)->n_elements;
}
