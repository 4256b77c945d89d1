/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "device/gpu.h"

#include "base/error.h"
#include "device/device-private.h"
#include "device/gpu-fleet.h"
#include "device/gpu-mirror.h"
#include "device/gpu-source.h"
#include "device/gpu-steps.h"
#include "device/storage.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* How many elements of a larger loop a thread has at least. */
#define LEAST_ELEMENTS 8

/**
 * GpuDevice:
 * @mirror: where small values are
 * @steps: steps of small plans, which wait
 * @partial: where blocks leave their sums
 * @n_runs: how many larger plans were run since a picture of the small values was taken
 * @failure: (nullable): what went wrong when there was nobody to be told
 */
typedef struct
{
  AgDevice device;
  const AgGpuBackend *backend;
  AgGpu *gpu;
  AgGpuMirror *mirror;
  AgGpuSteps *steps;
  void *partial;
  gsize partial_bytes;
  guint n_runs;
  GError *failure;
} GpuDevice;

/**
 * AgExecutable:
 * @small: (nullable): what takes its steps, if the plan is small; the rest is for others
 * @source: its source
 * @program: the source, compiled
 * @n_blocks: with how many blocks each stage is run
 * @arguments: what kernels get: a slot for each of the plan's buffers; where blocks leave
 *   their sums, and how many blocks do; and the source's sizes
 */
struct _AgExecutable
{
  const AgPlan *plan;
  AgGpuSmallPlan *small;
  AgGpuSource *source;
  AgGpuProgram *program;
  guint *n_blocks;
  AgGpuSlot *arguments;
  gsize argument_bytes;
  AgGpuFleetCode *fleet_code;
};

/**
 * AgDeviceFleet:
 * @device: where they are
 * @runs: the runs
 */
struct _AgDeviceFleet
{
  GpuDevice *device;
  AgGpuFleet *runs;
};

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

static gboolean
take_picture (GpuDevice *self,
              GError **error)
{
  self->n_runs = 0;
  return check (ag_gpu_steps_take_picture (self->steps), error);
}

/* Launches the steps that wait. */
static gboolean
flush (GpuDevice *self,
       GError **error)
{
  if (self->failure == NULL)
    return check (ag_gpu_steps_launch (self->steps), error);
  g_propagate_error (error, g_error_copy (self->failure));
  return FALSE;
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
  if (!ag_gpu_mirror_is_fresh (self->mirror, source)
      && (!flush (self, error) || !take_picture (self, error)))
    return FALSE;
  return check (ag_gpu_mirror_read (self->mirror, target, source, n_bytes), error);
}

/* Compiles a plan that is not small. */
static char *
prepare_large (GpuDevice *self,
               AgExecutable *executable)
{
  const AgGpuSource *source = executable->source;
  const gsize n_slots = (gsize) source->n_slots + 2, n_sizes = MAX (1, source->n_sizes);

  executable->n_blocks = g_new0 (guint, MAX (1, source->n_stages));
  executable->argument_bytes = sizeof (AgGpuSlot) * (n_slots + n_sizes);
  executable->arguments = g_malloc0 (executable->argument_bytes);
  memcpy (executable->arguments + n_slots, source->sizes, sizeof (gint64) * source->n_sizes);
  return self->backend->compile (self->gpu, source->text, &executable->program);
}

static void
free_executable (AgExecutable *executable)
{
  if (executable->source != NULL)
    ag_gpu_source_free (executable->source);
  g_free (executable->n_blocks);
  g_free (executable->arguments);
  g_free (executable);
}

static AgExecutable *
gpu_prepare (AgDevice *device,
             const AgPlan *plan,
             GError **error)
{
  GpuDevice *self = (GpuDevice *) device;
  AgExecutable *executable;
  char *problem;

  if (!flush (self, error))
    return NULL;
  executable = g_new0 (AgExecutable, 1);
  executable->plan = plan;
  /* A plan has no stages where all that is wanted is in memory already. */
  if (plan->n_stages == 0)
    return executable;
  executable->source = ag_gpu_source_new (&plan, 1);
  if (executable->source->is_small)
    problem = ag_gpu_steps_add (self->steps, plan, g_steal_pointer (&executable->source),
                                &executable->small);
  else
    problem = prepare_large (self, executable);
  if (check (problem, error))
    return executable;
  free_executable (executable);
  return NULL;
}

static AgGpuMatrix
find_matrix (const AgExecutable *executable,
             const AgOperand *operand)
{
  const AgLayout *layout = operand->layout;
  const char *data = executable->arguments[operand->index].p;

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
                                         executable->arguments[instruction->buffer].p),
                error);
}

/* The number of blocks depends on the loop, its code and the GPU alone, so that sums are
 * the same in every run. */
static gboolean
find_n_blocks (GpuDevice *self,
               AgExecutable *executable,
               gint stage,
               const char *kernel,
               GError **error)
{
  const AgGpuSourceStage *info = &executable->source->stages[stage];
  const gint64 per_block = AG_GPU_STAGE_THREADS * LEAST_ELEMENTS;
  guint max = 1;

  if (!check (self->backend->max_blocks (self->gpu, executable->program, kernel,
                                         AG_GPU_STAGE_THREADS, &max),
              error))
    return FALSE;
  executable->n_blocks[stage]
    = (guint) CLAMP ((info->n_elements + per_block - 1) / per_block, 1, (gint64) MAX (1, max));
  return TRUE;
}

static gboolean
run_stage (GpuDevice *self,
           AgExecutable *executable,
           gint stage,
           GError **error)
{
  const AgGpuSourceStage *info = &executable->source->stages[stage];
  AgGpuSlot *behind = executable->arguments + executable->source->n_slots;
  guint *n_blocks = &executable->n_blocks[stage];
  char kernel[32];

  g_snprintf (kernel, sizeof kernel, "stage_%d", stage);
  if (*n_blocks == 0 && !find_n_blocks (self, executable, stage, kernel, error))
    return FALSE;
  if (!ensure_partial (self, sizeof (double) * *n_blocks * MAX (1, info->n_totals), error))
    return FALSE;
  behind[0].p = self->partial;
  behind[1].i = *n_blocks;
  if (!check (self->backend->launch (self->gpu, executable->program, kernel, *n_blocks,
                                     AG_GPU_STAGE_THREADS, executable->arguments,
                                     executable->argument_bytes),
              error))
    return FALSE;
  if (info->n_totals == 0 && info->n_followers == 0)
    return TRUE;
  g_snprintf (kernel, sizeof kernel, "finish_%d", stage);
  return check (self->backend->launch (self->gpu, executable->program, kernel, 1,
                                       AG_GPU_STAGE_THREADS, executable->arguments,
                                       executable->argument_bytes),
                error);
}

static gboolean
gpu_execute (AgDevice *device,
             AgExecutable *executable,
             void *const *buffers,
             GError **error)
{
  GpuDevice *self = (GpuDevice *) device;

  if (executable->plan->n_stages == 0)
    return TRUE;
  if (executable->small != NULL)
    return (self->failure == NULL || flush (self, error))
           && check (ag_gpu_steps_enqueue (self->steps, executable->small, buffers), error);

  if (!flush (self, error))
    return FALSE;
  ag_gpu_fill_slots (self->mirror, executable->plan, buffers, executable->arguments);
  for (gint i = 0; i < executable->plan->n_stages; i++)
    if (executable->source->stages[i].is_product)
      {
        if (!run_product (self, executable, &executable->plan->stages[i].instructions[0], error))
          return FALSE;
      }
    else if (!executable->source->stages[i].is_follower && !run_stage (self, executable, i, error))
      {
        return FALSE;
      }
  return ++self->n_runs < AG_GPU_STEPS_TO_A_PICTURE || take_picture (self, error);
}

static void
gpu_release (AgDevice *device,
             AgExecutable *executable)
{
  GpuDevice *self = (GpuDevice *) device;

  flush_unasked (self);
  g_clear_pointer (&executable->fleet_code, ag_gpu_fleet_code_free);
  if (executable->small != NULL)
    ag_gpu_steps_remove (self->steps, executable->small);
  else if (executable->program != NULL)
    self->backend->release (self->gpu, executable->program);
  free_executable (executable);
}

/* Where it is not known how much memory there is, runs are made alone. */
static guint
gpu_fleet_most (AgDevice *device,
                AgExecutable *executable,
                const AgFleetLayout *layout)
{
  GpuDevice *self = (GpuDevice *) device;
  guint64 n_bytes = 0;

  if (executable->small == NULL)
    return 0;
  g_free (self->backend->find_memory (self->gpu, &n_bytes));
  return ag_gpu_fleet_most (layout, n_bytes);
}

/* Where this fails, runs are made alone, so that steps that wait are not launched by it: it would
 * fail for another reason then. */
static AgDeviceFleet *
gpu_fleet_new (AgDevice *device,
               AgExecutable *executable,
               const AgFleetLayout *layout,
               guint n_runs,
               guint n_most,
               GError **error)
{
  GpuDevice *self = (GpuDevice *) device;
  AgGpuFleet *runs = NULL;
  AgDeviceFleet *fleet;
  char *problem = NULL;

  if (executable->fleet_code == NULL)
    problem = ag_gpu_fleet_code_new (self->backend, self->gpu, executable->plan,
                                     &executable->fleet_code);
  if (problem == NULL)
    problem = ag_gpu_fleet_new (executable->fleet_code, layout, n_runs, n_most, &runs);
  if (!check (problem, error))
    return NULL;
  fleet = g_new0 (AgDeviceFleet, 1);
  fleet->device = self;
  fleet->runs = runs;
  return fleet;
}

static gboolean
gpu_fleet_write (AgDeviceFleet *fleet,
                 const void *kept,
                 const guint64 *numbers,
                 GError **error)
{
  return check (ag_gpu_fleet_write (fleet->runs, kept, numbers), error);
}

/* Steps that still wait may have to compute values that the runs share. */
static gboolean
gpu_fleet_run (AgDeviceFleet *fleet,
               const AgFleetTask *tasks,
               guint n_most,
               const guint64 *varying,
               double *results,
               GError **error)
{
  return flush (fleet->device, error)
         && check (ag_gpu_fleet_run (fleet->runs, tasks, n_most, varying, results), error);
}

static gboolean
gpu_fleet_read (AgDeviceFleet *fleet,
                void *kept,
                GError **error)
{
  return check (ag_gpu_fleet_read (fleet->runs, kept), error);
}

static void
gpu_fleet_free (AgDeviceFleet *fleet)
{
  ag_gpu_fleet_free (fleet->runs);
  g_free (fleet);
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
  ag_gpu_steps_free (self->steps);
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
  .fleet_most = gpu_fleet_most,
  .fleet_new = gpu_fleet_new,
  .fleet_write = gpu_fleet_write,
  .fleet_run = gpu_fleet_run,
  .fleet_read = gpu_fleet_read,
  .fleet_free = gpu_fleet_free,
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
  self->steps = ag_gpu_steps_new (backend, gpu, self->mirror);
  return &self->device;
}
