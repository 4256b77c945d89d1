/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "graph/graph-private.h"

#include "graph/precomputed.h"

#include <string.h>

static void
free_plan (AgGraph *graph,
           AgCachedPlan *cached)
{
  if (cached->executable != NULL)
    graph->device->klass->release (graph->device, cached->executable);
  if (cached->precomputed != NULL)
    ag_precomputed_free (cached->precomputed);
  for (gint i = 0; i < cached->plan->n_buffers; i++)
    if (cached->temporaries[i] != NULL)
      ag_storage_unref (cached->temporaries[i]);
  ag_plan_free (cached->plan);
  g_free (cached->records);
  g_free (cached->bound);
  g_free (cached->numbers);
  g_free (cached->temporaries);
  g_free (cached->inputs);
  g_free (cached->number_buffers);
  g_free (cached);
}

/**
 * ag_graph_clear_plans:
 * @graph: a graph
 *
 * Frees all plans.
 */
void
ag_graph_clear_plans (AgGraph *graph)
{
  for (guint i = 0; i < AG_PLAN_BUCKETS; i++)
    while (graph->plans[i] != NULL)
      {
        AgCachedPlan *cached = graph->plans[i];

        graph->plans[i] = cached->next;
        free_plan (graph, cached);
      }
  memset (graph->recent, 0, sizeof graph->recent);
  graph->n_plans = 0;
}

static AgCachedPlan *
make_plan (AgGraph *graph,
           guint hash,
           GError **error)
{
  g_autofree AgRecord *records = g_memdup2 (graph->records,
                                            sizeof (AgRecord) * (gsize) graph->n_records);
  GError *precomputed_error = NULL;
  AgPrecomputed *precomputed = ag_precomputed_new (graph, records, &precomputed_error);
  AgCachedPlan *cached;
  AgPlan *plan;

  if (precomputed_error != NULL)
    {
      g_propagate_error (error, precomputed_error);
      return NULL;
    }
  cached = g_new0 (AgCachedPlan, 1);
  plan = ag_plan_new (graph->n_records, records);
  if (graph->rounding == AG_ROUNDING_FAST)
    ag_plan_contract (plan);
  cached->precomputed = precomputed;
  cached->hash = hash;
  cached->n_records = graph->n_records;
  cached->records = g_memdup2 (graph->records, sizeof (AgRecord) * (gsize) graph->n_records);
  cached->plan = plan;
  cached->bound = g_new0 (void *, plan->n_buffers);
  cached->numbers = g_new0 (guint64, plan->n_buffers);
  cached->temporaries = g_new0 (AgStorage *, plan->n_buffers);
  cached->inputs = g_new (gint, plan->n_buffers);
  cached->number_buffers = g_new (gint, plan->n_buffers);

  for (gint i = 0; i < plan->n_buffers; i++)
    {
      const AgBuffer *buffer = &plan->buffers[i];

      if (buffer->kind == AG_BUFFER_INPUT)
        cached->inputs[cached->n_inputs++] = i;
      if (buffer->kind == AG_BUFFER_NUMBER)
        {
          cached->number_buffers[cached->n_numbers++] = i;
          cached->bound[i] = &cached->numbers[i];
        }
      if (buffer->kind != AG_BUFFER_TEMPORARY)
        continue;
      cached->temporaries[i] = ag_storage_new (graph->device, ag_buffer_size (buffer), error);
      if (cached->temporaries[i] == NULL)
        {
          free_plan (graph, cached);
          return NULL;
        }
      cached->bound[i] = cached->temporaries[i]->data;
    }

  cached->executable = graph->device->klass->prepare (graph->device, plan, error);
  if (cached->executable == NULL)
    {
      free_plan (graph, cached);
      return NULL;
    }
  return cached;
}

static inline gboolean
is_plan_of (const AgCachedPlan *cached,
            const AgGraph *graph)
{
  return cached->n_records == graph->n_records
         && memcmp (cached->records, graph->records,
                    sizeof (AgRecord) * (gsize) graph->n_records)
              == 0;
}

static guint
hash_records (const AgGraph *graph)
{
  const guint64 *words = (const guint64 *) graph->records;
  gsize n_words = sizeof (AgRecord) / sizeof (guint64) * (gsize) graph->n_records;
  guint64 hash = n_words;

  for (gsize i = 0; i < n_words; i++)
    hash = (hash ^ words[i] ^ hash >> 29) * 0x9e3779b97f4a7c15u;
  return (guint) (hash >> 32);
}

static AgCachedPlan *
find_plan (AgGraph *graph,
           GError **error)
{
  AgCachedPlan *cached;
  guint recent = 0;
  guint hash;

  for (; recent < AG_RECENT_PLANS - 1 && graph->recent[recent] != NULL; recent++)
    if (is_plan_of (graph->recent[recent], graph))
      break;
  cached = graph->recent[recent];
  if (cached != NULL && recent == 0 && is_plan_of (cached, graph))
    return cached;

  if (cached == NULL || !is_plan_of (cached, graph))
    {
      hash = hash_records (graph);
      for (cached = graph->plans[hash % AG_PLAN_BUCKETS]; cached != NULL; cached = cached->next)
        if (cached->hash == hash && is_plan_of (cached, graph))
          break;
      if (cached == NULL)
        {
          cached = make_plan (graph, hash, error);
          if (cached == NULL)
            return NULL;
          cached->next = graph->plans[hash % AG_PLAN_BUCKETS];
          graph->plans[hash % AG_PLAN_BUCKETS] = cached;
          graph->n_plans++;
        }
    }

  memmove (&graph->recent[1], &graph->recent[0], sizeof (AgCachedPlan *) * recent);
  graph->recent[0] = cached;
  return cached;
}

static void
become_input (AgRecord *record,
              const AgTensor *tensor)
{
  record->op = AG_OP_input;
  record->is_wanted = FALSE;
  record->n_operands = 0;
  memset (record->operands, 0, sizeof record->operands);
  record->attribute = 0;
  record->layout = tensor->layout;
}

static void
share_storage (AgTensor *view,
               AgTensor *base)
{
  view->storage = ag_storage_ref (base->storage);
}

static gboolean
shows_all_of (const AgTensor *view,
              const AgTensor *base)
{
  return ag_layout_is_contiguous (view->layout)
         && view->layout->n_elements == base->layout->n_elements;
}

/**
 * ag_graph_mark_wanted:
 * @graph: the current graph
 * @wanted: (nullable): a tensor to compute though nobody holds it
 * @is_same: (out): whether they are those of the step before, whose plan then serves again
 *
 * Marks the records whose value must be in memory after the step.
 *
 * Returns: whether there is any
 */
gboolean
ag_graph_mark_wanted (AgGraph *graph,
                      AgTensor *wanted,
                      gboolean *is_same)
{
  gboolean any = FALSE;

  *is_same = TRUE;
  for (gint i = 0; i < graph->n_records; i++)
    {
      AgRecord *record = &graph->records[i];
      AgTensor *tensor = graph->tensors[i];
      AgTensor *base;
      gboolean is_held;

      if (record->op <= AG_OP_number)
        continue;
      if (tensor->storage != NULL)
        {
          become_input (record, tensor);
          *is_same = FALSE;
          continue;
        }
      is_held = ag_tensor_is_held (tensor) || tensor == wanted;
      if (graph->held[i] != is_held)
        *is_same = FALSE;
      graph->held[i] = (guint8) is_held;
      record->is_wanted = is_held;
      if (!is_held)
        continue;
      any = TRUE;
      if (record->op != AG_OP_view)
        continue;

      base = graph->tensors[record->operands[0]];
      if (base->storage != NULL)
        {
          share_storage (tensor, base);
          become_input (record, tensor);
          *is_same = FALSE;
        }
      else if (!ag_tensor_is_number (base) && shows_all_of (tensor, base))
        {
          record->is_wanted = FALSE;
          graph->records[record->operands[0]].is_wanted = TRUE;
        }
    }
  return any;
}

/**
 * ag_cached_plan_bind:
 * @cached: a plan
 * @tensors: (array): the tensor of each record that it reads; there may be none for a
 *   record that is precomputed
 * @error: return location for a #GError
 *
 * Tells a plan where its inputs are and what its numbers are now, and precomputes what
 * it takes as precomputed, if that was not done yet.
 *
 * Returns: whether all went well
 */
gboolean
ag_cached_plan_bind (AgCachedPlan *cached,
                     AgTensor *const *tensors,
                     GError **error)
{
  const AgBuffer *buffers = cached->plan->buffers;

  if (cached->precomputed != NULL && !ag_precomputed_update (cached->precomputed, tensors, error))
    return FALSE;
  for (gint k = 0; k < cached->n_inputs; k++)
    {
      const gint i = cached->inputs[k];
      const AgTensor *tensor = tensors[buffers[i].record];

      cached->bound[i] = (tensor != NULL && tensor->storage != NULL
                            ? tensor->storage
                            : ag_precomputed_value (cached->precomputed, buffers[i].record))
                           ->data;
    }
  for (gint k = 0; k < cached->n_numbers; k++)
    {
      const gint i = cached->number_buffers[k];

      ag_tensor_write_number (tensors[buffers[i].record], buffers[i].dtype, &cached->numbers[i]);
    }
  return TRUE;
}

static gboolean
bind_outputs (AgGraph *graph,
              AgCachedPlan *cached,
              GError **error)
{
  const AgPlan *plan = cached->plan;

  for (gint i = 0; i < plan->n_buffers; i++)
    {
      const AgBuffer *buffer = &plan->buffers[i];
      AgTensor *tensor = graph->tensors[buffer->record];

      if (buffer->kind != AG_BUFFER_OUTPUT)
        continue;
      tensor->storage = ag_storage_new (graph->device, ag_buffer_size (buffer), error);
      if (tensor->storage == NULL)
        return FALSE;
      tensor->layout = tensor->layout->shape;
      cached->bound[i] = tensor->storage->data;
    }
  return TRUE;
}

static void
drop_outputs (AgGraph *graph,
              const AgCachedPlan *cached)
{
  for (gint i = 0; i < cached->plan->n_buffers; i++)
    if (cached->plan->buffers[i].kind == AG_BUFFER_OUTPUT)
      g_clear_pointer (&graph->tensors[cached->plan->buffers[i].record]->storage,
                       ag_storage_unref);
}

static void
share_with_views (AgGraph *graph,
                  AgTensor *wanted)
{
  for (gint i = 0; i < graph->n_records; i++)
    {
      AgTensor *tensor = graph->tensors[i];
      AgTensor *base;

      if (graph->records[i].op != AG_OP_view || tensor->storage != NULL
          || (!ag_tensor_is_held (tensor) && tensor != wanted))
        continue;
      base = graph->tensors[graph->records[i].operands[0]];
      if (base->storage != NULL)
        share_storage (tensor, base);
    }
}

/* Finds the plan of what is held and of @wanted, %NULL if that is nothing, and says where its buffers
 * are. */
static gboolean
prepare (AgGraph *graph,
         AgTensor *wanted,
         AgCachedPlan **plan,
         GError **error)
{
  AgCachedPlan *cached = graph->planned;
  gboolean is_same;

  *plan = NULL;
  if (graph->error != NULL)
    {
      if (error != NULL)
        *error = g_error_copy (graph->error);
      return FALSE;
    }
  if (!ag_graph_mark_wanted (graph, wanted, &is_same))
    return TRUE;

  if (cached == NULL || !is_same || cached->n_records != graph->n_records)
    cached = graph->planned = find_plan (graph, error);
  if (cached == NULL)
    return FALSE;
  if (!ag_cached_plan_bind (cached, graph->tensors, error) || !bind_outputs (graph, cached, error))
    {
      drop_outputs (graph, cached);
      return FALSE;
    }
  *plan = cached;
  return TRUE;
}

/**
 * ag_graph_evaluate:
 * @graph: the current graph
 * @wanted: (nullable): a tensor to compute though nobody holds it
 * @error: return location for a #GError
 *
 * Computes the value of every recorded tensor that is held and of @wanted, by
 * the plan of the recording's structure.
 *
 * Returns: whether all went well
 */
gboolean
ag_graph_evaluate (AgGraph *graph,
                   AgTensor *wanted,
                   GError **error)
{
  AgCachedPlan *cached;

  if (!prepare (graph, wanted, &cached, error))
    return FALSE;
  if (cached == NULL)
    return TRUE;
  if (!graph->device->klass->execute (graph->device, cached->executable, cached->bound, error))
    {
      drop_outputs (graph, cached);
      return FALSE;
    }
  share_with_views (graph, wanted);
  return TRUE;
}

/**
 * ag_graph_make_room:
 * @graph: the current graph
 * @error: return location for a #GError
 *
 * Does what ag_graph_evaluate() does for all that is held, but computes nothing: what there would
 * be values of has memory, until ag_graph_drop_room() is called.
 *
 * Returns: whether all went well
 */
gboolean
ag_graph_make_room (AgGraph *graph,
                    GError **error)
{
  AgCachedPlan *cached;

  if (!prepare (graph, NULL, &cached, error))
    return FALSE;
  share_with_views (graph, NULL);
  return TRUE;
}

/**
 * ag_graph_drop_room:
 * @graph: a graph whose ag_graph_make_room() succeeded
 *
 * Leaves without values what was not computed.
 */
void
ag_graph_drop_room (AgGraph *graph)
{
  if (graph->planned != NULL)
    drop_outputs (graph, graph->planned);
  for (gint i = 0; i < graph->n_records; i++)
    if (graph->records[i].op == AG_OP_view)
      g_clear_pointer (&graph->tensors[i]->storage, ag_storage_unref);
}
