/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "picture/graph-union.h"

/* A program with control flow has steps of several structures. Their picture is one in which
 * all of them have their places, so that nothing jumps from step to step: the shortest list of
 * nodes of which each structure is a part, as a longest common subsequence gives it.
 * See: Wagner and Fischer, The String-to-String Correction Problem, 1974 */

/**
 * Merger:
 * @have: (nullable): a picture of the structures so far
 * @n_have: how many nodes it has
 * @sketch: one more structure
 * @lengths: of the rest of @have from each of its nodes on and the rest of @sketch, how many
 *   nodes they have in common
 * @result: the picture of all
 * @places_of_have: where each node of @have is in it
 * @places: where each node of @sketch is in it
 */
typedef struct
{
  const AgGraphPicture *have;
  guint n_have;
  const AgSketch *sketch;
  guint16 *lengths;
  AgGraphPicture *result;
  guint *places_of_have;
  guint *places;
} Merger;

static gboolean
are_same (const Merger *merger,
          guint i,
          guint j)
{
  const AgGraphNode *a = &merger->have->nodes[i];
  const AgSketchNode *b = &merger->sketch->nodes[j];

  /* The name of a result is not compared, since it may differ from step to step: the last of
   * several sums is the prediction. */
  return a->op == b->recorded.op && a->stop == b->stop && a->shape == b->recorded.shape
         && a->dtype == b->recorded.dtype && a->function == b->function
         && (a->op != AG_OP_input || g_strcmp0 (a->name, b->name) == 0);
}

static guint16 *
length_at (const Merger *merger,
           guint i,
           guint j)
{
  return &merger->lengths[(gsize) i * (merger->sketch->n_nodes + 1) + j];
}

static void
find_lengths (Merger *merger)
{
  merger->lengths = g_new0 (guint16, (gsize) (merger->n_have + 1) * (merger->sketch->n_nodes + 1));
  for (guint i = merger->n_have; i-- > 0;)
    for (guint j = merger->sketch->n_nodes; j-- > 0;)
      *length_at (merger, i, j)
        = are_same (merger, i, j) ? (guint16) (*length_at (merger, i + 1, j + 1) + 1)
                                  : MAX (*length_at (merger, i + 1, j), *length_at (merger, i, j + 1));
}

static AgGraphNode *
append (Merger *merger)
{
  return &merger->result->nodes[merger->result->n_nodes++];
}

static void
take_from_have (Merger *merger,
                guint i)
{
  AgGraphNode *node = append (merger);

  *node = merger->have->nodes[i];
  node->name = node->op == AG_OP_input ? g_strdup (node->name) : NULL;
  merger->places_of_have[i] = merger->result->n_nodes - 1;
}

static void
take_name (Merger *merger,
           guint j)
{
  AgGraphNode *node = &merger->result->nodes[merger->places[j]];

  g_free (node->name);
  node->name = g_strdup (merger->sketch->nodes[j].name);
}

static void
take_from_sketch (Merger *merger,
                  guint j)
{
  const AgSketchNode *source = &merger->sketch->nodes[j];

  *append (merger) = (AgGraphNode){
    .op = source->recorded.op,
    .stop = source->stop,
    .dtype = source->recorded.dtype,
    .shape = source->recorded.shape,
    .is_constant = source->recorded.is_constant,
    .function = source->function,
    .loop = source->loop,
  };
  merger->places[j] = merger->result->n_nodes - 1;
  take_name (merger, j);
}

static void
merge_nodes (Merger *merger)
{
  guint i = 0, j = 0;

  while (i < merger->n_have || j < merger->sketch->n_nodes)
    if (i < merger->n_have && j < merger->sketch->n_nodes && are_same (merger, i, j))
      {
        take_from_have (merger, i++);
        merger->places[j] = merger->result->n_nodes - 1;
        take_name (merger, j++);
      }
    else if (j == merger->sketch->n_nodes
             || (i < merger->n_have
                 && *length_at (merger, i + 1, j) >= *length_at (merger, i, j + 1)))
      take_from_have (merger, i++);
    else
      take_from_sketch (merger, j++);
}

static void
add_edge (AgGraphPicture *picture,
          guint from,
          guint to,
          guint operand)
{
  for (guint i = 0; i < picture->n_edges; i++)
    if (picture->edges[i].from == from && picture->edges[i].to == to
        && picture->edges[i].operand == operand)
      return;
  picture->edges[picture->n_edges++] = (AgGraphEdge){ .from = from, .to = to, .operand = operand };
}

static void
merge_edges (Merger *merger)
{
  const guint n_have = merger->have != NULL ? merger->have->n_edges : 0;
  AgGraphPicture *result = merger->result;

  result->edges = g_new (AgGraphEdge, n_have + merger->sketch->n_nodes * AG_OP_MAX_OPERANDS);
  for (guint i = 0; i < n_have; i++)
    add_edge (result, merger->places_of_have[merger->have->edges[i].from],
              merger->places_of_have[merger->have->edges[i].to], merger->have->edges[i].operand);
  for (guint j = 0; j < merger->sketch->n_nodes; j++)
    {
      const AgRecordedNode *recorded = &merger->sketch->nodes[j].recorded;

      for (guint k = 0; k < recorded->n_operands; k++)
        add_edge (result, merger->places[recorded->operands[k]], merger->places[j], k);
    }
}

static void
merge_functions (Merger *merger)
{
  const AgSketch *sketch = merger->sketch;
  const guint n_have = merger->have != NULL ? merger->have->n_functions : 0;
  AgGraphPicture *result = merger->result;

  result->n_functions = MAX (n_have, sketch->n_functions);
  result->functions = g_new0 (AgGraphFunction, result->n_functions);
  for (guint i = 0; i < result->n_functions; i++)
    if (i < n_have)
      result->functions[i] = (AgGraphFunction){
        .name = g_strdup (merger->have->functions[i].name),
        .output = merger->places_of_have[merger->have->functions[i].output],
      };
    else
      result->functions[i] = (AgGraphFunction){
        .name = g_strdup (sketch->functions[i].name),
        .output = merger->places[sketch->functions[i].output],
      };
}

/**
 * ag_graph_union:
 * @have: (nullable): a picture of some structures, if there is one
 * @sketch: a step
 * @places: (out caller-allocates): where each of the sketch's nodes is in the result
 *
 * Makes a picture in which those structures and that of @sketch have their places. It has no
 * values, and nothing of it is taken.
 *
 * Returns: (transfer full): the picture
 */
AgGraphPicture *
ag_graph_union (const AgGraphPicture *have,
                const AgSketch *sketch,
                guint *places)
{
  AgGraphPicture *result = g_new0 (AgGraphPicture, 1);
  Merger merger = {
    .have = have,
    .n_have = have != NULL ? have->n_nodes : 0,
    .sketch = sketch,
    .result = result,
    .places = places,
  };

  ag_ref_count_init (&result->ref_count);
  result->nodes = g_new0 (AgGraphNode, merger.n_have + sketch->n_nodes);
  merger.places_of_have = g_new0 (guint, merger.n_have + 1);
  find_lengths (&merger);
  merge_nodes (&merger);
  merge_edges (&merger);
  merge_functions (&merger);
  for (guint i = 0; i < result->n_nodes; i++)
    result->n_loops = MAX (result->n_loops, (guint) (result->nodes[i].loop + 1));
  result->loss_node = places[sketch->loss];
  g_free (merger.lengths);
  g_free (merger.places_of_have);
  return result;
}
