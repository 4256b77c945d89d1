/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "device/cpu-private.h"

#include "base/error.h"
#include "base/memory.h"
#include "device/storage.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/**
 * AgCpuDevice:
 * @threads: what loops are spread over
 * @kernels: for this processor
 * @last: (nullable): what was executed last
 *
 * The device that is always there: compiled loops, SIMD kernels, OpenBLAS.
 */
typedef struct
{
  AgDevice device;
  AgCpuThreads *threads;
  const AgCpuKernels *kernels;
  const AgExecutable *last;
} AgCpuDevice;

typedef struct
{
  AgStageKind kind;
  union
  {
    AgCpuLoop *loop;
    AgCpuDimsSum *sum;
    AgCpuProduct *product;
  };
} CpuStage;

/**
 * AgExecutable:
 * @plan: what it was made from
 * @n_stages: number of @stages
 * @stages: the plan's, made ready
 * @kernels: for this processor
 * @batch: (nullable): what runs it for several runs at once, once that was asked for
 */
struct _AgExecutable
{
  const AgPlan *plan;
  gint n_stages;
  CpuStage *stages;
  const AgCpuKernels *kernels;
  AgCpuBatch *batch;
};

static void *
cpu_alloc (AgDevice *device,
           gsize n_bytes,
           GError **error)
{
  void *data = aligned_alloc (64, (n_bytes + 63) & ~(gsize) 63);

  if (data == NULL)
    ag_memory_set_error (error, n_bytes);
  return data;
}

static void
cpu_free (AgDevice *device,
          void *data,
          gsize n_bytes)
{
  free (data);
}

static gboolean
cpu_copy (AgDevice *device,
          void *target,
          const void *source,
          gsize n_bytes,
          GError **error)
{
  memcpy (target, source, n_bytes);
  return TRUE;
}

static gboolean
prepare_stage (AgCpuDevice *cpu,
               const AgPlan *plan,
               const AgStage *stage,
               CpuStage *own,
               GError **error)
{
  const AgInstruction *first = &stage->instructions[0];

  own->kind = stage->kind;
  switch (stage->kind)
    {
    case AG_STAGE_LOOP:
      own->loop = ag_cpu_loop_new (plan, stage, cpu->kernels, cpu->threads);
      return TRUE;
    case AG_STAGE_MATMUL:
      own->product = ag_cpu_product_new (first, cpu->kernels, error);
      return own->product != NULL;
    default:
      own->sum = ag_cpu_dims_sum_new (first, plan->buffers[first->buffer].n_elements, error);
      return own->sum != NULL;
    }
}

static void
cpu_release (AgDevice *device,
             AgExecutable *executable)
{
  AgCpuDevice *cpu = (AgCpuDevice *) device;

  if (cpu->last == executable)
    cpu->last = NULL;
  for (gint i = 0; i < executable->n_stages; i++)
    {
      CpuStage *stage = &executable->stages[i];

      if (stage->kind == AG_STAGE_LOOP)
        ag_cpu_loop_free (stage->loop);
      else if (stage->kind == AG_STAGE_MATMUL)
        ag_cpu_product_free (stage->product);
      else
        ag_cpu_dims_sum_free (stage->sum);
    }
  g_clear_pointer (&executable->batch, ag_cpu_batch_free);
  g_free (executable->stages);
  g_free (executable);
}

static AgExecutable *
cpu_prepare (AgDevice *device,
             const AgPlan *plan,
             GError **error)
{
  AgCpuDevice *cpu = (AgCpuDevice *) device;
  AgExecutable *executable = g_new0 (AgExecutable, 1);

  executable->plan = plan;
  executable->kernels = cpu->kernels;
  executable->stages = g_new0 (CpuStage, plan->n_stages);
  for (gint i = 0; i < plan->n_stages; i++)
    {
      if (!prepare_stage (cpu, plan, &plan->stages[i], &executable->stages[i], error))
        {
          cpu_release (device, executable);
          return NULL;
        }
      executable->n_stages++;
    }
  return executable;
}

static gboolean
cpu_execute (AgDevice *device,
             AgExecutable *executable,
             void *const *buffers,
             GError **error)
{
  AgCpuDevice *cpu = (AgCpuDevice *) device;

  for (gint i = 0; i < executable->n_stages; i++)
    {
      CpuStage *stage = &executable->stages[i];

      if (stage->kind == AG_STAGE_LOOP)
        ag_cpu_loop_run (stage->loop, buffers, cpu->threads, device->work);
      else if (stage->kind == AG_STAGE_MATMUL)
        ag_cpu_product_run (stage->product, buffers, cpu->threads);
      else
        ag_cpu_dims_sum_run (stage->sum, buffers);
      if (!ag_device_check_work (device, error))
        return FALSE;
    }
  cpu->last = executable;
  return TRUE;
}

/* Buffers with an executable, which then is one call after the other, or a call for a batch. */
struct _AgBinding
{
  AgExecutable *executable;
  AgCpuCall *calls;
  AgCpuBatchCall *batch;
};

static AgBinding *
cpu_binding_new (AgExecutable *executable)
{
  AgBinding *binding = g_new0 (AgBinding, 1);

  binding->executable = executable;
  binding->calls = g_new0 (AgCpuCall, MAX (1, executable->n_stages));
  for (gint i = 0; i < executable->n_stages; i++)
    if (executable->stages[i].kind == AG_STAGE_LOOP)
      ag_cpu_call_init (&binding->calls[i], executable->stages[i].loop);
  return binding;
}

static gboolean
cpu_bind (AgDevice *device,
          AgBinding *binding,
          void *const *buffers)
{
  AgExecutable *executable = binding->executable;

  for (gint i = 0; i < executable->n_stages; i++)
    if (executable->stages[i].kind != AG_STAGE_LOOP
        || !ag_cpu_call_bind (&binding->calls[i], buffers))
      return FALSE;
  ((AgCpuDevice *) device)->last = executable;
  return TRUE;
}

static AgCpuBatch *
find_batch (AgExecutable *executable)
{
  g_autofree AgCpuLoop **loops = g_new0 (AgCpuLoop *, MAX (1, executable->n_stages));

  for (gint i = 0; i < executable->n_stages; i++)
    if (executable->stages[i].kind == AG_STAGE_LOOP)
      loops[i] = executable->stages[i].loop;
  if (executable->batch == NULL)
    executable->batch = ag_cpu_batch_new (executable->plan, loops, executable->kernels);
  return executable->batch;
}

static gboolean
cpu_bind_batch (AgDevice *device,
                AgBinding *binding,
                void *const *buffers)
{
  AgCpuBatch *batch = find_batch (binding->executable);

  if (batch == NULL)
    return FALSE;
  if (binding->batch == NULL)
    binding->batch = ag_cpu_batch_call_new (batch);
  return ag_cpu_batch_call_bind (binding->batch, buffers);
}

/* A stage of one after that of the other: what a processor waits for in one, such as the last
 * additions of a sum, it does while it is busy with the next. */
static void
cpu_run (AgBinding *const *bindings,
         guint n)
{
  if (bindings[0]->batch != NULL)
    {
      ag_cpu_batch_call_run (bindings[0]->batch);
      return;
    }
  for (gint i = 0; i < bindings[0]->executable->n_stages; i++)
    for (guint k = 0; k < n; k++)
      ag_cpu_call_run (&bindings[k]->calls[i]);
}

static void
cpu_binding_free (AgBinding *binding)
{
  for (gint i = 0; i < binding->executable->n_stages; i++)
    ag_cpu_call_clear (&binding->calls[i]);
  g_clear_pointer (&binding->batch, ag_cpu_batch_call_free);
  g_free (binding->calls);
  g_free (binding);
}

/* Returns which loop engine runs the slowest of the plan's loops, since that decides how fast a
 * step is. */
static AgLoopEngine
cpu_loop_engine (const AgDevice *device)
{
  const AgExecutable *last = ((const AgCpuDevice *) device)->last;
  AgLoopEngine engine = AG_LOOP_ENGINE_NONE;

  for (gint i = 0; last != NULL && i < last->n_stages; i++)
    if (last->stages[i].kind == AG_STAGE_LOOP)
      {
        AgLoopEngine own = ag_cpu_loop_engine (last->stages[i].loop);

        engine = engine == AG_LOOP_ENGINE_NONE ? own : MIN (engine, own);
      }
  return engine;
}

static void
cpu_finalize (AgDevice *device)
{
  ag_storage_free_pools (device);
  ag_cpu_threads_free (((AgCpuDevice *) device)->threads);
}

static const AgDeviceClass cpu_class = {
  .id = "cpu",
  .alloc = cpu_alloc,
  .free = cpu_free,
  .upload = cpu_copy,
  .download = cpu_copy,
  .prepare = cpu_prepare,
  .execute = cpu_execute,
  .release = cpu_release,
  .binding_new = cpu_binding_new,
  .bind = cpu_bind,
  .bind_batch = cpu_bind_batch,
  .run = cpu_run,
  .binding_free = cpu_binding_free,
  .loop_engine = cpu_loop_engine,
  .finalize = cpu_finalize,
};

/**
 * ag_cpu_device_title:
 *
 * Returns: (transfer full): what the CPU device is, in the user's language: "CPU, 2
 *   cores, AVX2"
 */
char *
ag_cpu_device_title (void)
{
  const guint n_cores = g_get_num_processors ();
  const char *isa;

  ag_cpu_kernels (&isa);
  return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "CPU, %u core, %s", "CPU, %u cores, %s",
                                       n_cores),
                          n_cores, isa);
}

/**
 * ag_cpu_device_new:
 * @n_threads: threads to spread large loops over, the calling one counted; 0
 *   for one a core
 * @error: return location for a #GError
 *
 * Returns: (transfer full) (nullable): the device
 */
AgDevice *
ag_cpu_device_new (guint n_threads,
                   GError **error)
{
  g_autofree char *title = ag_cpu_device_title ();
  AgCpuDevice *cpu;

  if (n_threads > AG_DEVICE_MAX_THREADS)
    {
      g_set_error (error, AG_ERROR, AG_ERROR_ARGUMENT,
                   _ ("The CPU device takes at most %d threads, not %u"), AG_DEVICE_MAX_THREADS,
                   n_threads);
      return NULL;
    }
  if (n_threads == 0)
    n_threads = MIN (g_get_num_processors (), AG_DEVICE_MAX_THREADS);

  cpu = g_new0 (AgCpuDevice, 1);
  ag_device_init (&cpu->device, &cpu_class, title);
  cpu->kernels = ag_cpu_kernels (NULL);
  cpu->device.n_batch = cpu->kernels->n_runs;
  cpu->threads = ag_cpu_threads_new (n_threads);
  return &cpu->device;
}
