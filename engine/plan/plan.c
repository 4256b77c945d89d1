/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plan/plan-private.h"

/* Planning a recording.
 *
 * A loop holds nodes of one index space that can be computed in one pass. Two
 * nodes with as many elements share a loop if no value on a path between them
 * must be complete first (a sum, a matrix product, a value read in another
 * order). Counting such barriers gives each node a depth, and a loop is all
 * nodes of one depth and one number of elements. */

static void
find_needed (AgPlanner *planner)
{
  AgPlanAccess accesses[AG_OP_MAX_OPERANDS];

  for (gint i = planner->n_records - 1; i >= 0; i--)
    {
      AgPlanNode *node = &planner->nodes[i];
      guint n;

      node->stage = node->buffer = node->instruction = -1;
      node->latest = G_MAXINT;
      node->is_needed |= planner->records[i].is_wanted;
      if (!node->is_needed || ag_plan_is_leaf (&planner->records[i]))
        continue;
      n = ag_planner_accesses (planner, i, accesses);
      for (guint k = 0; k < n; k++)
        planner->nodes[accesses[k].base].is_needed = TRUE;
    }
}

static void
find_depths (AgPlanner *planner)
{
  AgPlanAccess accesses[AG_OP_MAX_OPERANDS];

  for (gint i = 0; i < planner->n_records; i++)
    {
      AgPlanNode *node = &planner->nodes[i];
      guint n;

      if (!node->is_needed || ag_plan_is_leaf (&planner->records[i]))
        continue;
      n = ag_planner_accesses (planner, i, accesses);
      for (guint k = 0; k < n; k++)
        if (!ag_plan_is_leaf (&planner->records[accesses[k].base]))
          node->depth = MAX (node->depth,
                             planner->nodes[accesses[k].base].depth
                               + (ag_planner_can_share_loop (planner, i, &accesses[k]) ? 0 : 1));
    }

  /* A node whose value only later loops use is moved to the first of them, because a value that
   * is computed where it is used need not be stored and read. */
  for (gint i = planner->n_records - 1; i >= 0; i--)
    {
      AgPlanNode *node = &planner->nodes[i];
      guint n;

      if (!node->is_needed || ag_plan_is_leaf (&planner->records[i]))
        continue;
      if (ag_planner_is_map (planner, i) && node->latest != G_MAXINT)
        node->depth = MAX (node->depth, node->latest);
      n = ag_planner_accesses (planner, i, accesses);
      for (guint k = 0; k < n; k++)
        {
          AgPlanNode *base = &planner->nodes[accesses[k].base];
          gint latest = node->depth - (ag_planner_can_share_loop (planner, i, &accesses[k]) ? 0 : 1);

          base->latest = MIN (base->latest, latest);
        }
    }
}

static gint
find_stage (AgPlanner *planner,
            gint first,
            gint record)
{
  AgStage stage = { .kind = AG_STAGE_LOOP,
                    .n_elements = ag_planner_index_space (planner, record)->n_elements };

  if (ag_planner_is_in_loop (planner, record))
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
make_stages (AgPlanner *planner)
{
  gint last_depth = 0;

  for (gint i = 0; i < planner->n_records; i++)
    last_depth = MAX (last_depth, planner->nodes[i].depth);

  for (gint depth = 0; depth <= last_depth; depth++)
    {
      gint first = (gint) planner->stages->len;

      for (gint i = 0; i < planner->n_records; i++)
        {
          AgPlanNode *node = &planner->nodes[i];
          const AgRecord *record = &planner->records[i];

          if (node->is_needed && node->depth == depth && !ag_plan_is_leaf (record)
              && (record->op != AG_OP_view || ag_plan_is_copy (record)))
            node->stage = find_stage (planner, first, i);
        }
    }
}

static void
find_stored (AgPlanner *planner)
{
  AgPlanAccess accesses[AG_OP_MAX_OPERANDS];

  for (gint i = 0; i < planner->n_records; i++)
    {
      AgPlanNode *node = &planner->nodes[i];
      guint n;

      if (node->stage < 0)
        continue;
      if (planner->records[i].is_wanted || !ag_planner_is_map (planner, i))
        node->is_stored = TRUE;
      n = ag_planner_accesses (planner, i, accesses);
      for (guint k = 0; k < n; k++)
        {
          AgPlanNode *base = &planner->nodes[accesses[k].base];

          base->n_uses++;
          if (base->stage != node->stage || !ag_planner_can_share_loop (planner, i, &accesses[k]))
            base->is_stored = TRUE;
        }
    }

  for (gint i = 0; i < planner->n_records; i++)
    {
      AgPlanNode *node = &planner->nodes[i];
      AgPlanNode *base;

      if (node->stage < 0 || !ag_plan_is_whole_sum (&planner->records[i]))
        continue;
      ag_planner_accesses (planner, i, accesses);
      base = &planner->nodes[accesses[0].base];
      base->is_absorbed = base->stage == node->stage && base->n_uses == 1 && !base->is_stored
                          && ag_op_is_elementwise (planner->records[accesses[0].base].op)
                          && planner->records[accesses[0].base].n_operands < 3
                          && planner->records[accesses[0].base].op != AG_OP_cast;
    }
}

/* Finds what is needed and in which stage it is. */
static void
begin_planning (AgPlanner *planner,
                gint n_records,
                const AgRecord *records)
{
  *planner = (AgPlanner){ .n_records = n_records, .records = records };
  planner->nodes = g_new0 (AgPlanNode, n_records);
  planner->buffers = g_array_new (FALSE, TRUE, sizeof (AgBuffer));
  planner->stages = g_array_new (FALSE, TRUE, sizeof (AgStage));
  for (gint i = 0; i < n_records; i++)
    planner->nodes[i].thin = ag_plan_find_thin (records, i);
  find_needed (planner);
  find_depths (planner);
  make_stages (planner);
}

/**
 * ag_plan_find_stages:
 * @n_records: number of @records
 * @records: (array length=n_records): a recording
 * @stages: (out caller-allocates): of each record, the number of the stage that computes it,
 *   −1 of one that none does
 *
 * Finds out which records a plan of theirs computes in one pass.
 */
void
ag_plan_find_stages (gint n_records,
                     const AgRecord *records,
                     gint *stages)
{
  AgPlanner planner;

  begin_planning (&planner, n_records, records);
  for (gint i = 0; i < n_records; i++)
    stages[i] = planner.nodes[i].stage;
  g_array_unref (planner.buffers);
  g_array_unref (planner.stages);
  g_free (planner.nodes);
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
  AgPlanner planner;
  AgPlan *plan = g_new0 (AgPlan, 1);

  begin_planning (&planner, n_records, records);
  find_stored (&planner);
  ag_planner_make_buffers (&planner);

  plan->n_stages = (gint) planner.stages->len;
  planner.instructions = g_new (GArray *, planner.stages->len);
  for (gint s = 0; s < plan->n_stages; s++)
    planner.instructions[s] = g_array_new (FALSE, TRUE, sizeof (AgInstruction));
  for (gint i = 0; i < n_records; i++)
    if (planner.nodes[i].stage >= 0)
      ag_planner_make_instruction (&planner, i);

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
