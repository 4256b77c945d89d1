/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "graph/precomputed.h"

#include "graph/graph-private.h"

#include <string.h>

/* Data and what is computed of them are in a processor's nearest cache, if they are together no
 * more than this. */
#define MAX_NEAR_BYTES 32768

/**
 * AgPrecomputed:
 * @device: whose memory it is
 * @n_records: number of records
 * @plan: how the values are computed
 * @executable: the plan as the device runs it
 * @sources: of each record that is data, the storage the values were computed
 *   from; held, so that no other can have its address
 * @values: of each record that is precomputed, its value
 */
struct _AgPrecomputed
{
  AgDevice *device;
  gint n_records;
  AgPlan *plan;
  AgExecutable *executable;
  AgStorage **sources;
  AgStorage **values;
};

/* To read a value from memory takes as long as a product or two, so that of many elements only
 * these are worth to be computed once: cheaper operations are faster computed again, and need no
 * memory. */
static gboolean
is_slow (AgOp op)
{
  switch (op)
    {
    case AG_OP_pow:
    case AG_OP_xlogy:
    case AG_OP_exp:
    case AG_OP_log:
    case AG_OP_sin:
    case AG_OP_cos:
    case AG_OP_tanh:
    case AG_OP_sigmoid:
      return TRUE;
    default:
      return FALSE;
    }
}

static gboolean
is_data (const AgRecord *record)
{
  return record->op == AG_OP_input && record->is_data != 0;
}

static gboolean
is_constant (const AgRecord *record)
{
  return record->op == AG_OP_number && record->constant_bits != 0;
}

/* Finds the records that depend on data and constants alone. */
static void
find_fixed (gint n_records,
            const AgRecord *records,
            gboolean *is_fixed)
{
  for (gint i = 0; i < n_records; i++)
    {
      const AgRecord *record = &records[i];

      is_fixed[i] = is_data (record) || is_constant (record)
                    || (!record->is_wanted
                        && (ag_op_is_elementwise (record->op) || record->op == AG_OP_view));
      for (guint k = 0; k < record->n_operands; k++)
        is_fixed[i] = is_fixed[i] && is_fixed[record->operands[k]];
    }
}

static gsize
n_bytes (const AgRecord *record)
{
  return (gsize) record->layout->n_elements * ag_dtype_size (record->dtype);
}

static gboolean
are_equal (const AgRecord *a,
           const AgRecord *b)
{
  return a->op == b->op && a->dtype == b->dtype && a->n_operands == b->n_operands
         && a->attribute == b->attribute && a->layout == b->layout
         && memcmp (a->operands, b->operands, sizeof a->operands) == 0;
}

/* Where several records compute the same from data, the first one stands for all of them. */
static void
share_equal (gint n_records,
             AgRecord *records,
             const gboolean *is_fixed)
{
  for (gint i = 0; i < n_records; i++)
    for (guint k = 0; k < records[i].n_operands; k++)
      {
        gint32 *operand = &records[i].operands[k];

        for (gint j = 0; is_fixed[*operand] && records[*operand].n_operands > 0 && j < *operand; j++)
          if (is_fixed[j] && are_equal (&records[j], &records[*operand]))
            *operand = j;
      }
}

/* Adds what is cheap to compute but lies as near as data do, as long as all of it is near. */
static gboolean
find_near (gint n_records,
           const AgRecord *records,
           const gboolean *is_operand,
           gboolean *is_precomputed)
{
  gboolean any = FALSE;
  gsize total = 0;

  for (gint i = 0; i < n_records; i++)
    if (is_precomputed[i] || (is_operand[i] && is_data (&records[i])))
      total += n_bytes (&records[i]);
  for (gint i = 0; i < n_records; i++)
    if (is_operand[i] && !is_precomputed[i] && ag_op_is_elementwise (records[i].op)
        && records[i].layout->n_elements > 1 && total + n_bytes (&records[i]) <= MAX_NEAR_BYTES)
      {
        total += n_bytes (&records[i]);
        any = is_precomputed[i] = TRUE;
      }
  return any;
}

/**
 * ag_precomputed_find:
 * @n_records: number of @records
 * @records: (inout) (array length=n_records): a recording; what is computed of data several
 *   times is an operand only once then
 * @is_precomputed: (out caller-allocates): of each, whether it is computed only once and
 *   what is computed of it is not
 *
 * Finds what a recording needs to compute only once.
 *
 * Returns: whether that is anything
 */
gboolean
ag_precomputed_find (gint n_records,
                     AgRecord *records,
                     gboolean *is_precomputed)
{
  g_autofree gboolean *is_fixed = g_new0 (gboolean, n_records);
  g_autofree gboolean *is_operand = g_new0 (gboolean, n_records);
  gboolean any = FALSE;

  find_fixed (n_records, records, is_fixed);
  share_equal (n_records, records, is_fixed);
  for (gint i = 0; i < n_records; i++)
    for (guint k = 0; !is_fixed[i] && k < records[i].n_operands; k++)
      is_operand[records[i].operands[k]] = is_fixed[records[i].operands[k]];
  for (gint i = 0; i < n_records; i++)
    {
      is_precomputed[i] = is_operand[i] && is_slow (records[i].op);
      any |= is_precomputed[i];
    }
  return find_near (n_records, records, is_operand, is_precomputed) || any;
}

/**
 * ag_precomputed_become_inputs:
 * @n_records: number of @records
 * @records: (inout) (array length=n_records): a recording
 * @is_precomputed: of each, whether it is computed only once
 *
 * Makes inputs of those, as which a step takes them.
 */
void
ag_precomputed_become_inputs (gint n_records,
                              AgRecord *records,
                              const gboolean *is_precomputed)
{
  for (gint i = 0; i < n_records; i++)
    if (is_precomputed[i])
      {
        records[i].op = AG_OP_input;
        records[i].n_operands = 0;
        memset (records[i].operands, 0, sizeof records[i].operands);
      }
}

/**
 * ag_precomputed_new:
 * @graph: the current graph
 * @records: (inout): a copy of its records; those that are precomputed become inputs
 * @error: return location for a #GError
 *
 * Prepares what a recording needs to compute only once.
 *
 * Returns: (transfer full) (nullable): what that is; %NULL if it is nothing,
 *   or with @error set
 */
AgPrecomputed *
ag_precomputed_new (AgGraph *graph,
                    AgRecord *records,
                    GError **error)
{
  const gint n_records = graph->n_records;
  g_autofree gboolean *is_precomputed = g_new (gboolean, n_records);
  g_autofree AgRecord *once = NULL;
  AgPrecomputed *precomputed;

  if (!ag_precomputed_find (n_records, records, is_precomputed))
    return NULL;

  once = g_memdup2 (records, sizeof (AgRecord) * (gsize) n_records);
  for (gint i = 0; i < n_records; i++)
    once[i].is_wanted = (guint8) is_precomputed[i];
  precomputed = g_new0 (AgPrecomputed, 1);
  precomputed->device = graph->device;
  precomputed->n_records = n_records;
  precomputed->sources = g_new0 (AgStorage *, n_records);
  precomputed->values = g_new0 (AgStorage *, n_records);
  precomputed->plan = ag_plan_new (n_records, once);
  precomputed->executable = graph->device->klass->prepare (graph->device, precomputed->plan, error);
  if (precomputed->executable == NULL)
    {
      ag_precomputed_free (precomputed);
      return NULL;
    }
  ag_precomputed_become_inputs (n_records, records, is_precomputed);
  return precomputed;
}

static void
drop_values (AgPrecomputed *precomputed)
{
  for (gint i = 0; i < precomputed->n_records; i++)
    {
      g_clear_pointer (&precomputed->sources[i], ag_storage_unref);
      g_clear_pointer (&precomputed->values[i], ag_storage_unref);
    }
}

/**
 * ag_precomputed_free:
 * @precomputed: (transfer full): what is precomputed
 */
void
ag_precomputed_free (AgPrecomputed *precomputed)
{
  drop_values (precomputed);
  if (precomputed->executable != NULL)
    precomputed->device->klass->release (precomputed->device, precomputed->executable);
  ag_plan_free (precomputed->plan);
  g_free (precomputed->sources);
  g_free (precomputed->values);
  g_free (precomputed);
}

static gboolean
is_up_to_date (const AgPrecomputed *precomputed,
               AgTensor *const *tensors)
{
  gboolean any = FALSE;

  for (gint i = 0; i < precomputed->plan->n_buffers; i++)
    {
      const AgBuffer *buffer = &precomputed->plan->buffers[i];

      if (buffer->kind != AG_BUFFER_INPUT)
        continue;
      if (precomputed->sources[buffer->record] != tensors[buffer->record]->storage)
        return FALSE;
      any = TRUE;
    }
  return any;
}

static gboolean
compute (AgPrecomputed *precomputed,
         AgTensor *const *tensors,
         GError **error)
{
  const AgPlan *plan = precomputed->plan;
  g_autofree void **bound = g_new0 (void *, plan->n_buffers);
  g_autofree guint64 *numbers = g_new0 (guint64, plan->n_buffers);
  g_autoptr (GPtrArray) temporaries
    = g_ptr_array_new_with_free_func ((GDestroyNotify) ag_storage_unref);

  for (gint i = 0; i < plan->n_buffers; i++)
    {
      const AgBuffer *buffer = &plan->buffers[i];
      AgTensor *tensor = tensors[buffer->record];
      AgStorage *storage = NULL;

      if (buffer->kind == AG_BUFFER_INPUT)
        {
          storage = precomputed->sources[buffer->record] = ag_storage_ref (tensor->storage);
        }
      else if (buffer->kind == AG_BUFFER_NUMBER)
        {
          ag_tensor_write_number (tensor, buffer->dtype, &numbers[i]);
          bound[i] = &numbers[i];
          continue;
        }
      else
        {
          storage = ag_storage_new (precomputed->device, ag_buffer_size (buffer), error);
          if (storage == NULL)
            return FALSE;
          if (buffer->kind == AG_BUFFER_OUTPUT)
            precomputed->values[buffer->record] = storage;
          else
            g_ptr_array_add (temporaries, storage);
        }
      bound[i] = storage->data;
    }
  return precomputed->device->klass->execute (precomputed->device, precomputed->executable, bound,
                                              error);
}

/**
 * ag_precomputed_update:
 * @precomputed: what is precomputed
 * @tensors: (array): the tensor of each record
 * @error: return location for a #GError
 *
 * Computes the values if that was not done yet for this data.
 *
 * Returns: whether all went well
 */
gboolean
ag_precomputed_update (AgPrecomputed *precomputed,
                       AgTensor *const *tensors,
                       GError **error)
{
  if (G_LIKELY (is_up_to_date (precomputed, tensors)))
    return TRUE;
  drop_values (precomputed);
  if (compute (precomputed, tensors, error))
    return TRUE;
  drop_values (precomputed);
  return FALSE;
}

/**
 * ag_precomputed_value:
 * @precomputed: what is precomputed, up to date
 * @record: number of a record
 *
 * Returns: (transfer none) (nullable): its value, %NULL if that is not precomputed
 */
AgStorage *
ag_precomputed_value (const AgPrecomputed *precomputed,
                      gint record)
{
  return precomputed->values[record];
}
