/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "device/cpu-private.h"
#include "device/cpu-source.h"

#include <string.h>

/* Steps of as many runs as a vector has lanes, by compiled code alone (cpu-batch-source.c). Only where
 * that is not sure of the bits of a run's sums, the interpreter forms these, from a copy of what the
 * run has. */

/**
 * AgCpuBatch:
 * @plan: what is run
 * @loops: (array): the loop of each stage, for one run
 * @compiled: (array): and for a batch
 * @n_runs: how many runs a batch has
 * @n_slots: how many slots all stages have
 */
struct _AgCpuBatch
{
  const AgPlan *plan;
  AgCpuLoop **loops;
  AgCpuCompiled **compiled;
  guint n_runs;
  gint n_slots;
};

/**
 * AgCpuBatchCall:
 * @functions: (array): the code of each stage
 * @slots: (array): what each takes, in @memory
 * @memory: the slots of all stages
 * @buffers: where the plan's buffers are
 * @own: those of one run, for the interpreter
 * @copies: where the elements of those are that each run has for itself
 */
struct _AgCpuBatchCall
{
  const AgCpuBatch *batch;
  AgCpuFunction *functions;
  void ***slots;
  void **memory;
  void **buffers;
  void **own;
  double *copies;
};

/**
 * ag_cpu_batch_new:
 * @plan: a plan
 * @loops: (array): the loop of each of its stages, if that is one
 * @kernels: the kernels in use
 *
 * Returns: (transfer full) (nullable): what runs the plan for several runs at once; %NULL if it cannot
 *   be run so
 */
AgCpuBatch *
ag_cpu_batch_new (const AgPlan *plan,
                  AgCpuLoop *const *loops,
                  const AgCpuKernels *kernels)
{
  AgCpuBatch *batch;

  if (kernels->n_runs == 0 || !ag_cpu_batch_suits (plan))
    return NULL;
  batch = g_new0 (AgCpuBatch, 1);
  batch->plan = plan;
  batch->n_runs = kernels->n_runs;
  batch->loops = g_memdup2 (loops, sizeof *loops * (gsize) plan->n_stages);
  batch->compiled = g_new0 (AgCpuCompiled *, MAX (1, plan->n_stages));
  for (gint i = 0; i < plan->n_stages; i++)
    {
      AgCpuSource *source = ag_cpu_batch_source_new (plan, &plan->stages[i]);

      batch->compiled[i] = source != NULL ? ag_cpu_compiled_new (source, kernels) : NULL;
      if (batch->compiled[i] == NULL)
        {
          ag_cpu_batch_free (batch);
          return NULL;
        }
      batch->n_slots += ag_cpu_compiled_n_slots (batch->compiled[i]);
    }
  return batch;
}

/**
 * ag_cpu_batch_free:
 * @batch: (transfer full): what was made by ag_cpu_batch_new()
 */
void
ag_cpu_batch_free (AgCpuBatch *batch)
{
  for (gint i = 0; i < batch->plan->n_stages; i++)
    g_clear_pointer (&batch->compiled[i], ag_cpu_compiled_free);
  g_free (batch->compiled);
  g_free (batch->loops);
  g_free (batch);
}

/**
 * ag_cpu_batch_call_new:
 * @batch: what runs a plan
 *
 * Returns: (transfer full): room for its buffers
 */
AgCpuBatchCall *
ag_cpu_batch_call_new (const AgCpuBatch *batch)
{
  const AgPlan *plan = batch->plan;
  AgCpuBatchCall *call = g_new0 (AgCpuBatchCall, 1);
  gint n_slots = 0;

  call->batch = batch;
  call->functions = g_new0 (AgCpuFunction, MAX (1, plan->n_stages));
  call->slots = g_new0 (void **, MAX (1, plan->n_stages));
  call->memory = g_new0 (void *, MAX (1, batch->n_slots));
  call->buffers = g_new0 (void *, MAX (1, plan->n_buffers));
  call->own = g_new0 (void *, MAX (1, plan->n_buffers));
  call->copies = g_new0 (double, (gsize) MAX (1, plan->n_buffers) * AG_DEVICE_MAX_OWN);
  for (gint i = 0; i < plan->n_stages; i++)
    {
      call->slots[i] = call->memory + n_slots;
      n_slots += ag_cpu_compiled_n_slots (batch->compiled[i]);
    }
  return call;
}

/**
 * ag_cpu_batch_call_free:
 * @call: (transfer full): a call
 */
void
ag_cpu_batch_call_free (AgCpuBatchCall *call)
{
  g_free (call->functions);
  g_free (call->slots);
  g_free (call->memory);
  g_free (call->buffers);
  g_free (call->own);
  g_free (call->copies);
  g_free (call);
}

static gboolean
is_own (const AgCpuBatch *batch,
        gint buffer)
{
  return batch->plan->buffers[buffer].n_elements <= AG_DEVICE_MAX_OWN;
}

/**
 * ag_cpu_batch_call_bind:
 * @call: a call
 * @buffers: where the plan's buffers are
 *
 * Makes the call ready, as often as it will be run.
 *
 * Returns: whether there is compiled code of all loops
 */
gboolean
ag_cpu_batch_call_bind (AgCpuBatchCall *call,
                        void *const *buffers)
{
  const AgCpuBatch *batch = call->batch;
  gboolean is_ready = TRUE;

  for (gint i = 0; i < batch->plan->n_stages; i++)
    {
      call->functions[i] = ag_cpu_compiled_bind_now (batch->compiled[i], buffers, call->slots[i]);
      is_ready &= call->functions[i] != NULL;
    }
  for (gint i = 0; i < batch->plan->n_buffers; i++)
    {
      call->buffers[i] = buffers[i];
      call->own[i] = is_own (batch, i) ? call->copies + i * AG_DEVICE_MAX_OWN : buffers[i];
    }
  return is_ready;
}

/* Copies an element of a run between where it is in the batch and where it is for the interpreter. */
static void
copy_element (const AgCpuBatchCall *call,
              gint buffer,
              gint64 element,
              guint run,
              gboolean is_back)
{
  const gsize size = ag_dtype_size (call->batch->plan->buffers[buffer].dtype);
  char *own = (char *) call->own[buffer] + (gsize) element * size;
  char *of_batch = (char *) call->buffers[buffer]
                   + ((gsize) element * call->batch->n_runs + run) * size;

  memcpy (is_back ? of_batch : own, is_back ? own : of_batch, size);
}

/* Sums up without compiled code what a stage sums up of a run. */
static void
interpret (const AgCpuBatchCall *call,
           gint at,
           guint run)
{
  const AgPlan *plan = call->batch->plan;
  const AgStage *stage = &plan->stages[at];

  for (gint i = 0; i < plan->n_buffers; i++)
    for (gint64 k = 0; is_own (call->batch, i) && k < plan->buffers[i].n_elements; k++)
      copy_element (call, i, k, run, FALSE);
  ag_cpu_loop_interpret (call->batch->loops[at], call->own);
  for (gint i = 0; i < stage->n_instructions; i++)
    if (stage->instructions[i].sums)
      copy_element (call, stage->instructions[i].buffer, stage->instructions[i].offset, run, TRUE);
}

/**
 * ag_cpu_batch_call_run:
 * @call: a call that was made ready
 *
 * Runs the plan for all runs of the batch.
 */
void
ag_cpu_batch_call_run (const AgCpuBatchCall *call)
{
  const AgPlan *plan = call->batch->plan;

  for (gint i = 0; i < plan->n_stages; i++)
    {
      const guint unsure = (guint) call->functions[i](call->slots[i], 0, plan->stages[i].n_elements,
                                                      NULL);

      for (guint run = 0; G_UNLIKELY (unsure >> run != 0); run++)
        if ((unsure >> run & 1) != 0)
          interpret (call, i, run);
    }
}
