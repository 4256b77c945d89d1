/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "graph/kept.h"

#include "graph/graph-private.h"

#include <string.h>

/**
 * AgKept:
 * @device: whose memory it is
 * @n_records: number of records
 * @plan: how the values are computed
 * @executable: the plan as the device runs it
 * @sources: of each record that is data, the storage the values were computed
 *   from; held, so that no other can have its address
 * @values: of each record that is kept, its value
 */
struct _AgKept
{
  AgDevice *device;
  gint n_records;
  AgPlan *plan;
  AgExecutable *executable;
  AgStorage **sources;
  AgStorage **values;
};

/* Reading a value is no faster than a product or two, and takes memory. */
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
  return record->op == AG_OP_input && record->attribute != 0;
}

static gboolean
is_constant (const AgRecord *record)
{
  return record->op == AG_OP_number && record->attribute != 0;
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

/**
 * ag_kept_new:
 * @graph: the current graph
 * @records: (inout): a copy of its records; those to be kept become inputs
 * @error: return location for a #GError
 *
 * Finds what a recording needs to compute only once.
 *
 * Returns: (transfer full) (nullable): what that is; %NULL if it is nothing,
 *   or with @error set
 */
AgKept *
ag_kept_new (AgGraph *graph,
             AgRecord *records,
             GError **error)
{
  const gint n_records = graph->n_records;
  g_autofree gboolean *is_fixed = g_new0 (gboolean, n_records);
  g_autofree AgRecord *once = g_memdup2 (records, sizeof (AgRecord) * (gsize) n_records);
  gboolean any = FALSE;
  AgKept *kept;

  find_fixed (n_records, records, is_fixed);
  for (gint i = 0; i < n_records; i++)
    once[i].is_wanted = FALSE;
  for (gint i = 0; i < n_records; i++)
    for (guint k = 0; !is_fixed[i] && k < records[i].n_operands; k++)
      {
        gint operand = records[i].operands[k];

        if (is_fixed[operand] && is_slow (once[operand].op))
          any = once[operand].is_wanted = TRUE;
      }
  if (!any)
    return NULL;

  kept = g_new0 (AgKept, 1);
  kept->device = graph->device;
  kept->n_records = n_records;
  kept->sources = g_new0 (AgStorage *, n_records);
  kept->values = g_new0 (AgStorage *, n_records);
  kept->plan = ag_plan_new (n_records, once);
  kept->executable = kept->device->klass->prepare (kept->device, kept->plan, error);
  if (kept->executable == NULL)
    {
      ag_kept_free (kept);
      return NULL;
    }

  for (gint i = 0; i < n_records; i++)
    if (once[i].is_wanted)
      {
        records[i].op = AG_OP_input;
        records[i].n_operands = 0;
        memset (records[i].operands, 0, sizeof records[i].operands);
      }
  return kept;
}

static void
drop_values (AgKept *kept)
{
  for (gint i = 0; i < kept->n_records; i++)
    {
      g_clear_pointer (&kept->sources[i], ag_storage_unref);
      g_clear_pointer (&kept->values[i], ag_storage_unref);
    }
}

/**
 * ag_kept_free:
 * @kept: (transfer full): what is kept
 */
void
ag_kept_free (AgKept *kept)
{
  drop_values (kept);
  if (kept->executable != NULL)
    kept->device->klass->release (kept->device, kept->executable);
  ag_plan_free (kept->plan);
  g_free (kept->sources);
  g_free (kept->values);
  g_free (kept);
}

static gboolean
is_up_to_date (const AgKept *kept,
               AgTensor *const *tensors)
{
  gboolean any = FALSE;

  for (gint i = 0; i < kept->plan->n_buffers; i++)
    {
      const AgBuffer *buffer = &kept->plan->buffers[i];

      if (buffer->kind != AG_BUFFER_INPUT)
        continue;
      if (kept->sources[buffer->record] != tensors[buffer->record]->storage)
        return FALSE;
      any = TRUE;
    }
  return any;
}

static gboolean
compute (AgKept *kept,
         AgTensor *const *tensors,
         GError **error)
{
  const AgPlan *plan = kept->plan;
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
          storage = kept->sources[buffer->record] = ag_storage_ref (tensor->storage);
        }
      else if (buffer->kind == AG_BUFFER_NUMBER)
        {
          ag_tensor_write_number (tensor, buffer->dtype, &numbers[i]);
          bound[i] = &numbers[i];
          continue;
        }
      else
        {
          storage = ag_storage_new (kept->device, ag_buffer_size (buffer), error);
          if (storage == NULL)
            return FALSE;
          if (buffer->kind == AG_BUFFER_OUTPUT)
            kept->values[buffer->record] = storage;
          else
            g_ptr_array_add (temporaries, storage);
        }
      bound[i] = storage->data;
    }
  return kept->device->klass->execute (kept->device, kept->executable, bound, error);
}

/**
 * ag_kept_update:
 * @kept: what is kept
 * @tensors: (array): the tensor of each record
 * @error: return location for a #GError
 *
 * Computes the values if that was not done yet for this data.
 *
 * Returns: whether all went well
 */
gboolean
ag_kept_update (AgKept *kept,
                AgTensor *const *tensors,
                GError **error)
{
  if (G_LIKELY (is_up_to_date (kept, tensors)))
    return TRUE;
  drop_values (kept);
  if (compute (kept, tensors, error))
    return TRUE;
  drop_values (kept);
  return FALSE;
}

/**
 * ag_kept_value:
 * @kept: what is kept, up to date
 * @record: number of a record
 *
 * Returns: (transfer none) (nullable): its value, %NULL if that is not kept
 */
AgStorage *
ag_kept_value (const AgKept *kept,
               gint record)
{
  return kept->values[record];
}
