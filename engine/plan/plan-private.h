/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "plan/plan.h"

G_BEGIN_DECLS

/* The files that make plans share these types and functions. */

/**
 * AgPlanThin:
 * @AG_PLAN_THIN_NOT: no such product
 * @AG_PLAN_THIN_MAP: (n, k) by (k, 1): a sum of k products for each of n
 *   elements
 * @AG_PLAN_THIN_SUMS: (k, n) by (n, 1): k sums over n elements
 *
 * Products that a loop can take in.
 */
typedef enum
{
  AG_PLAN_THIN_NOT,
  AG_PLAN_THIN_MAP,
  AG_PLAN_THIN_SUMS,
} AgPlanThin;

/**
 * AgPlanNode:
 * @thin: what a matrix product is
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
  AgPlanThin thin;
  gboolean is_needed;
  gboolean is_stored;
  gboolean is_absorbed;
  gint depth;
  gint latest;
  gint stage;
  gint instruction;
  gint buffer;
  gint n_uses;
} AgPlanNode;

/**
 * AgPlanner:
 * @n_records: number of @records
 * @records: what is planned
 * @nodes: what is found out about each
 * @buffers: (element-type AgBuffer): the plan's
 * @stages: (element-type AgStage): the plan's
 * @instructions: (element-type GArray): each stage's
 */
typedef struct
{
  gint n_records;
  const AgRecord *records;
  AgPlanNode *nodes;
  GArray *buffers;
  GArray *stages;
  GArray **instructions;
} AgPlanner;

/**
 * AgPlanAccess:
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
} AgPlanAccess;

AgPlanThin ag_plan_find_thin (const AgRecord *records,
                              gint i);
AgPlanAccess ag_plan_resolve (const AgRecord *records,
                              gint i,
                              const AgLayout *shape);
const AgLayout *ag_planner_index_space (const AgPlanner *planner,
                                        gint i);
gboolean ag_planner_is_map (const AgPlanner *planner,
                            gint i);
gboolean ag_planner_is_in_loop (const AgPlanner *planner,
                                gint i);
guint ag_planner_accesses (const AgPlanner *planner,
                           gint i,
                           AgPlanAccess *accesses);
gboolean ag_planner_can_share_loop (const AgPlanner *planner,
                                    gint user,
                                    const AgPlanAccess *access);
void ag_planner_make_buffers (AgPlanner *planner);
void ag_planner_make_instruction (AgPlanner *planner,
                                  gint i);

static inline gboolean
ag_plan_is_leaf (const AgRecord *record)
{
  return record->op == AG_OP_input || record->op == AG_OP_number;
}

/* A view whose value must be in memory by itself is computed like a copy of what it views. */
static inline gboolean
ag_plan_is_copy (const AgRecord *record)
{
  return record->op == AG_OP_view && record->is_wanted;
}

static inline gboolean
ag_plan_is_whole_sum (const AgRecord *record)
{
  return record->op == AG_OP_sum && record->layout->n_elements == 1;
}

G_END_DECLS
