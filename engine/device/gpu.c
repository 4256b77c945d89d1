/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "device/gpu.h"

#include "base/error.h"
#include "device/device-private.h"
#include "device/gpu-mirror.h"
#include "device/gpu-source.h"
#include "device/storage.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* A plan over at most so many elements is run by one block, many steps in one
 * launch: what a launch costs would be most of a step. */
#define MAX_SMALL 16384
#define MAX_STEPS (AG_DEVICE_MAX_AHEAD / 2)

/* Of larger plans, so many are run between two pictures of the small values. */
#define RUNS_TO_A_PICTURE 64

/* How many elements of a larger loop a thread has at least. */
#define LEAST_ELEMENTS 8

/**
 * GpuDevice:
 * @mirror: where small values are
 * @partial: where blocks leave their sums
 * @pending: the small plan whose steps wait, @n_pending of them
 * @tables: the addresses and numbers of those steps; while the GPU reads one,
 *   the host fills the other
 * @table_bytes: how much room the tables have
 * @device_table: the same on the GPU
 * @n_runs: how many larger plans were run since small values were looked at
 * @failure: (nullable): what went wrong when there was nobody to be told
 */
typedef struct
{
  AgDevice device;
  const AgGpuBackend *backend;
  AgGpu *gpu;
  AgGpuMirror *mirror;
  void *partial;
  gsize partial_bytes;
  AgExecutable *pending;
  guint n_pending;
  AgGpuSlot *tables[AG_GPU_N_MARKS];
  gsize table_bytes;
  void *device_table;
  guint n_runs;
  GError *failure;
} GpuDevice;

struct _AgExecutable
{
  const AgPlan *plan;
  AgGpuSource *source;
  AgGpuProgram *program;
  gboolean is_small;
  AgGpuSlot *slots;
};

/* The arguments of the kernel `steps`: where the addresses and numbers of the waiting steps are,
 * and how many steps. */
typedef struct
{
  const void *table;
  gint64 n_steps;
} StepsArguments;

static gboolean
check (char *sentence,
       GError **error)
{
  if (sentence == NULL)
    return TRUE;
  g_set_error_literal (error, AG_ERROR, AG_ERROR_DEVICE, sentence);
  g_free (sentence);
  return FALSE;
}

/* The table that the next steps go to is free: the mark of the launch that read
 * it was waited for. */
static AgGpuSlot *
next_table (const GpuDevice *self)
{
  return self->tables[ag_gpu_mirror_next (self->mirror)];
}

static gboolean
update_mirror (GpuDevice *self,
               GError **error)
{
  self->n_runs = 0;
  return check (ag_gpu_mirror_update (self->mirror), error);
}

/* Launches the steps that wait, and asks for what they do to small values. */
static gboolean
flush (GpuDevice *self,
       GError **error)
{
  AgExecutable *executable = self->pending;
  const StepsArguments arguments = { .table = self->device_table, .n_steps = self->n_pending };
  gsize n_bytes;

  if (self->failure != NULL)
    {
      g_propagate_error (error, g_error_copy (self->failure));
      return FALSE;
    }
  if (self->n_pending == 0)
    return TRUE;
  n_bytes = sizeof (AgGpuSlot) * self->n_pending * (gsize) executable->plan->n_buffers;
  self->pending = NULL;
  self->n_pending = 0;
  return check (self->backend->begin_copy_in (self->gpu, self->device_table, next_table (self),
                                              n_bytes),
                error)
         && check (self->backend->launch (self->gpu, executable->program, "steps", 1,
                                          AG_GPU_STEPS_THREADS, &arguments, sizeof arguments),
                   error)
         && update_mirror (self, error);
}

/* Does the same where the caller has no way to report an error: the error is reported to whoever
 * next asks for a value of those steps. */
static void
flush_unasked (GpuDevice *self)
{
  GError *failure = NULL;

  if (!flush (self, &failure) && self->failure == NULL)
    self->failure = g_steal_pointer (&failure);
  g_clear_error (&failure);
}

static void
free_tables (GpuDevice *self)
{
  for (guint i = 0; i < AG_GPU_N_MARKS; i++)
    if (self->tables[i] != NULL)
      self->backend->free_host (self->gpu, self->tables[i]);
  if (self->device_table != NULL)
    self->backend->free (self->gpu, self->device_table);
  memset (self->tables, 0, sizeof self->tables);
  self->device_table = NULL;
  self->table_bytes = 0;
}

/* Room for a launch of steps with so many slots each. */
static gboolean
ensure_tables (GpuDevice *self,
               gsize n_slots,
               GError **error)
{
  const gsize n_bytes = sizeof (AgGpuSlot) * MAX_STEPS * n_slots;
  gboolean success = TRUE;

  if (n_bytes <= self->table_bytes)
    return TRUE;
  for (guint i = 0; success && i < AG_GPU_N_MARKS; i++)
    success = check (ag_gpu_mirror_wait (self->mirror, i), error);
  if (!success)
    return FALSE;
  free_tables (self);
  for (guint i = 0; success && i < AG_GPU_N_MARKS; i++)
    success = check (self->backend->alloc_host (self->gpu, n_bytes, (void **) &self->tables[i]),
                     error);
  success = success && check (self->backend->alloc (self->gpu, n_bytes, &self->device_table), error);
  if (success)
    self->table_bytes = n_bytes;
  return success;
}

static gboolean
ensure_partial (GpuDevice *self,
                gsize n_bytes,
                GError **error)
{
  if (n_bytes <= self->partial_bytes)
    return TRUE;
  if (self->partial != NULL)
    self->backend->free (self->gpu, self->partial);
  self->partial = NULL;
  self->partial_bytes = 0;
  if (!check (self->backend->alloc (self->gpu, n_bytes, &self->partial), error))
    return FALSE;
  self->partial_bytes = n_bytes;
  return TRUE;
}

static void *
gpu_alloc (AgDevice *device,
           gsize n_bytes,
           GError **error)
{
  GpuDevice *self = (GpuDevice *) device;
  void *data = NULL;
  char *problem = n_bytes <= AG_GPU_SMALL_BYTES
                    ? ag_gpu_mirror_alloc (self->mirror, &data)
                    : self->backend->alloc (self->gpu, n_bytes, &data);

  return check (problem, error) ? data : NULL;
}

/* Small values stay in the mirror: the device's pools use them again. */
static void
gpu_free (AgDevice *device,
          void *data,
          gsize n_bytes)
{
  GpuDevice *self = (GpuDevice *) device;

  if (n_bytes <= AG_GPU_SMALL_BYTES)
    return;
  flush_unasked (self);
  self->backend->free (self->gpu, data);
}

static gboolean
gpu_upload (AgDevice *device,
            void *target,
            const void *source,
            gsize n_bytes,
            GError **error)
{
  GpuDevice *self = (GpuDevice *) device;

  if (!flush (self, error))
    return FALSE;
  ag_gpu_mirror_touch (self->mirror, target);
  return check (self->backend->copy_in (self->gpu, target, source, n_bytes), error);
}

/* The value of a step of some time ago is there without waiting for those that
 * came after it. */
static gboolean
gpu_download (AgDevice *device,
              void *target,
              const void *source,
              gsize n_bytes,
              GError **error)
{
  GpuDevice *self = (GpuDevice *) device;

  if (!ag_gpu_mirror_has (self->mirror, source))
    return flush (self, error)
           && check (self->backend->copy_out (self->gpu, target, source, n_bytes), error);
  if (!ag_gpu_mirror_is_fresh (self->mirror, source) && !flush (self, error))
    return FALSE;
  if (!ag_gpu_mirror_is_fresh (self->mirror, source) && !update_mirror (self, error))
    return FALSE;
  return check (ag_gpu_mirror_read (self->mirror, target, source, n_bytes), error);
}

static AgExecutable *
gpu_prepare (AgDevice *device,
             const AgPlan *plan,
             GError **error)
{
  GpuDevice *self = (GpuDevice *) device;
  AgExecutable *executable = g_new0 (AgExecutable, 1);

  executable->plan = plan;
  executable->source = ag_gpu_source_new (plan);
  executable->is_small = executable->source->has_steps;
  for (gint i = 0; i < executable->source->n_stages; i++)
    executable->is_small &= executable->source->stages[i].n_elements <= MAX_SMALL;
  /* Behind the slots of the buffers come two more: where blocks leave their sums, and how many
   * blocks do. */
  executable->slots = g_new0 (AgGpuSlot, plan->n_buffers + 2);
  if (!flush (self, error)
      || !check (self->backend->compile (self->gpu, executable->source->text, &executable->program),
                 error))
    {
      ag_gpu_source_free (executable->source);
      g_free (executable->slots);
      g_free (executable);
      return NULL;
    }
  return executable;
}

static void
fill_slots (GpuDevice *self,
            const AgExecutable *executable,
            void *const *buffers,
            AgGpuSlot *slots)
{
  const AgPlan *plan = executable->plan;

  for (gint i = 0; i < plan->n_buffers; i++)
    if (plan->buffers[i].kind != AG_BUFFER_NUMBER)
      slots[i].p = buffers[i];
    else if (plan->buffers[i].dtype == AG_DTYPE_FLOAT32)
      slots[i].f = *(const float *) buffers[i];
    else
      slots[i].d = *(const double *) buffers[i];
  for (gint i = 0; i < plan->n_buffers; i++)
    if (plan->buffers[i].kind == AG_BUFFER_OUTPUT)
      ag_gpu_mirror_touch (self->mirror, buffers[i]);
}

static gboolean
enqueue (GpuDevice *self,
         AgExecutable *executable,
         void *const *buffers,
         GError **error)
{
  const gsize n_slots = (gsize) executable->plan->n_buffers;

  if ((self->pending != executable || self->n_pending == MAX_STEPS) && !flush (self, error))
    return FALSE;
  if (self->n_pending == 0
      && (!ensure_tables (self, n_slots, error)
          || !check (ag_gpu_mirror_wait (self->mirror, ag_gpu_mirror_next (self->mirror)), error)))
    return FALSE;
  self->pending = executable;
  fill_slots (self, executable, buffers, next_table (self) + self->n_pending++ * n_slots);
  return TRUE;
}

static AgGpuMatrix
find_matrix (const AgExecutable *executable,
             const AgOperand *operand)
{
  const AgLayout *layout = operand->layout;
  const char *data = executable->slots[operand->index].p;

  return (AgGpuMatrix){
    .data = data + (gsize) layout->offset * ag_dtype_size (operand->dtype),
    .row_stride = layout->strides[0],
    .column_stride = layout->strides[1],
  };
}

static gboolean
run_product (GpuDevice *self,
             AgExecutable *executable,
             const AgInstruction *instruction,
             GError **error)
{
  const AgLayout *a = instruction->operands[0].layout, *b = instruction->operands[1].layout;
  const AgGpuMatrix matrix_a = find_matrix (executable, &instruction->operands[0]);
  const AgGpuMatrix matrix_b = find_matrix (executable, &instruction->operands[1]);

  return check (self->backend->multiply (self->gpu, instruction->dtype == AG_DTYPE_FLOAT64,
                                         a->dims[0], a->dims[1], b->dims[1], &matrix_a, &matrix_b,
                                         executable->slots[instruction->buffer].p),
                error);
}

/* The number of blocks depends on the loop and the GPU alone, so that sums are
 * the same in every run. */
static gboolean
run_stage (GpuDevice *self,
           AgExecutable *executable,
           gint stage,
           GError **error)
{
  const AgGpuSourceStage *info = &executable->source->stages[stage];
  const gint64 per_block = AG_GPU_STAGE_THREADS * LEAST_ELEMENTS;
  const guint n_blocks
    = (guint) CLAMP ((info->n_elements + per_block - 1) / per_block, 1,
                     (gint64) self->backend->max_blocks (self->gpu));
  const gsize n_bytes = sizeof (AgGpuSlot) * (gsize) (executable->plan->n_buffers + 2);
  char kernel[32];

  if (!ensure_partial (self, sizeof (double) * n_blocks * MAX (1, info->n_totals), error))
    return FALSE;
  executable->slots[executable->plan->n_buffers].p = self->partial;
  executable->slots[executable->plan->n_buffers + 1].d = n_blocks;
  g_snprintf (kernel, sizeof kernel, "stage_%d", stage);
  if (!check (self->backend->launch (self->gpu, executable->program, kernel, n_blocks,
                                     AG_GPU_STAGE_THREADS, executable->slots, n_bytes),
              error))
    return FALSE;
  if (info->n_totals == 0 || n_blocks == 1)
    return TRUE;
  g_snprintf (kernel, sizeof kernel, "finish_%d", stage);
  return check (self->backend->launch (self->gpu, executable->program, kernel, 1, AG_GPU_STAGE_THREADS,
                                       executable->slots, n_bytes),
                error);
}

static gboolean
gpu_execute (AgDevice *device,
             AgExecutable *executable,
             void *const *buffers,
             GError **error)
{
  GpuDevice *self = (GpuDevice *) device;

  /* A plan has no stages where all that is wanted is in memory already. */
  if (executable->plan->n_stages == 0)
    return TRUE;
  if (executable->is_small)
    return enqueue (self, executable, buffers, error);

  if (!flush (self, error))
    return FALSE;
  fill_slots (self, executable, buffers, executable->slots);
  for (gint i = 0; i < executable->plan->n_stages; i++)
    if (executable->source->stages[i].is_product)
      {
        if (!run_product (self, executable, &executable->plan->stages[i].instructions[0], error))
          return FALSE;
      }
    else if (!run_stage (self, executable, i, error))
      {
        return FALSE;
      }
  return ++self->n_runs < RUNS_TO_A_PICTURE || update_mirror (self, error);
}

static void
gpu_release (AgDevice *device,
             AgExecutable *executable)
{
  GpuDevice *self = (GpuDevice *) device;

  flush_unasked (self);
  self->backend->release (self->gpu, executable->program);
  ag_gpu_source_free (executable->source);
  g_free (executable->slots);
  g_free (executable);
}

static AgLoopEngine
gpu_loop_engine (const AgDevice *device)
{
  return AG_LOOP_ENGINE_GPU;
}

static void
gpu_finalize (AgDevice *device)
{
  GpuDevice *self = (GpuDevice *) device;

  ag_storage_free_pools (device);
  if (self->partial != NULL)
    self->backend->free (self->gpu, self->partial);
  free_tables (self);
  ag_gpu_mirror_free (self->mirror);
  g_clear_error (&self->failure);
  self->backend->close (self->gpu);
}

static const AgDeviceClass gpu_class = {
  .id = "cuda",
  .alloc = gpu_alloc,
  .free = gpu_free,
  .upload = gpu_upload,
  .download = gpu_download,
  .prepare = gpu_prepare,
  .execute = gpu_execute,
  .release = gpu_release,
  .loop_engine = gpu_loop_engine,
  .finalize = gpu_finalize,
};

/**
 * ag_gpu_device_new:
 * @backend: how to use the GPU, which is there
 * @title: the GPU's name
 * @error: return location for an %AG_ERROR_DEVICE
 *
 * Opens a GPU. A plan becomes source text (gpu-source.c) that the backend compiles;
 * small plans wait until many steps can be run by one launch, or somebody asks
 * for a value.
 *
 * Returns: (transfer full) (nullable): the device
 */
AgDevice *
ag_gpu_device_new (const AgGpuBackend *backend,
                   const char *title,
                   GError **error)
{
  GpuDevice *self;
  AgGpu *gpu;

  if (!check (backend->open (&gpu), error))
    return NULL;
  self = g_new0 (GpuDevice, 1);
  ag_device_init (&self->device, &gpu_class, title);
  self->device.n_ahead = AG_DEVICE_MAX_AHEAD;
  self->backend = backend;
  self->gpu = gpu;
  self->mirror = ag_gpu_mirror_new (backend, gpu);
  return &self->device;
}
