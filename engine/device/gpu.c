/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "device/gpu.h"

#include "device/device-private.h"
#include "device/source.h"
#include "graph/graph.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* A plan over at most so many elements is run by one block of so many threads,
 * many steps in one launch: what a launch costs would be most of a step. */
#define MAX_SMALL 16384
#define SMALL_THREADS 512
#define MAX_STEPS AG_DEVICE_MAX_AHEAD

/* Larger loops: a block's threads, and how many elements one has at least. */
#define BLOCK_THREADS 256
#define LEAST_ELEMENTS 8

/* Values of at most so many bytes share chunks, each of which comes to the host
 * in one copy: a thousand losses cost what one costs. */
#define SMALL_BYTES 64
#define CHUNK_BYTES 65536

typedef struct
{
  char *memory;
  char *shadow;
  gsize n_used;
  gboolean is_fresh;
} Chunk;

typedef struct
{
  AgDevice device;
  const AgGpuBackend *backend;
  AgGpu *gpu;
  GArray *chunks;
  void *partial;
  gsize partial_bytes;
  AgExecutable *pending;
  guint n_pending;
  GArray *table;
  void *device_table;
  gsize device_table_bytes;
} GpuDevice;

struct _AgExecutable
{
  const AgPlan *plan;
  AgSource *source;
  AgGpuProgram *program;
  gboolean is_small;
  AgGpuSlot *slots;
};

/* What the kernel steps takes. */
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

static gboolean
ensure_room (GpuDevice *self,
             void **memory,
             gsize *n_present,
             gsize n_bytes,
             GError **error)
{
  if (n_bytes <= *n_present)
    return TRUE;
  if (*memory != NULL)
    self->backend->free (self->gpu, *memory);
  *memory = NULL;
  *n_present = 0;
  if (!check (self->backend->alloc (self->gpu, n_bytes, memory), error))
    return FALSE;
  *n_present = n_bytes;
  return TRUE;
}

/* Launches the steps that wait. */
static gboolean
flush (GpuDevice *self,
       GError **error)
{
  const gsize n_bytes = (gsize) self->table->len * sizeof (AgGpuSlot);
  AgExecutable *executable = self->pending;
  StepsArguments arguments = { .n_steps = self->n_pending };

  if (self->n_pending == 0)
    return TRUE;
  self->pending = NULL;
  self->n_pending = 0;
  if (!ensure_room (self, &self->device_table, &self->device_table_bytes, n_bytes, error)
      || !check (self->backend->copy_in (self->gpu, self->device_table, self->table->data, n_bytes),
                 error))
    return FALSE;
  g_array_set_size (self->table, 0);
  arguments.table = self->device_table;
  return check (self->backend->launch (self->gpu, executable->program, "steps", 1, SMALL_THREADS,
                                       &arguments, sizeof arguments),
                error);
}

static Chunk *
find_chunk (GpuDevice *self,
            const void *data)
{
  for (guint i = 0; i < self->chunks->len; i++)
    {
      Chunk *chunk = &g_array_index (self->chunks, Chunk, i);

      if ((const char *) data >= chunk->memory && (const char *) data < chunk->memory + CHUNK_BYTES)
        return chunk;
    }
  return NULL;
}

static void *
alloc_small (GpuDevice *self,
             GError **error)
{
  Chunk *chunk = self->chunks->len > 0
                   ? &g_array_index (self->chunks, Chunk, self->chunks->len - 1)
                   : NULL;

  if (chunk == NULL || chunk->n_used == CHUNK_BYTES)
    {
      Chunk fresh = { 0 };

      if (!check (self->backend->alloc (self->gpu, CHUNK_BYTES, (void **) &fresh.memory), error))
        return NULL;
      fresh.shadow = g_malloc (CHUNK_BYTES);
      g_array_append_val (self->chunks, fresh);
      chunk = &g_array_index (self->chunks, Chunk, self->chunks->len - 1);
    }
  chunk->n_used += SMALL_BYTES;
  return chunk->memory + chunk->n_used - SMALL_BYTES;
}

static void *
gpu_alloc (AgDevice *device,
           gsize n_bytes,
           GError **error)
{
  GpuDevice *self = (GpuDevice *) device;
  void *data = NULL;

  if (n_bytes <= SMALL_BYTES)
    return alloc_small (self, error);
  return check (self->backend->alloc (self->gpu, n_bytes, &data), error) ? data : NULL;
}

/* Small values stay in their chunk: the device's pools use them again. */
static void
gpu_free (AgDevice *device,
          void *data,
          gsize n_bytes)
{
  GpuDevice *self = (GpuDevice *) device;

  if (n_bytes <= SMALL_BYTES)
    return;
  flush (self, NULL);
  self->backend->free (self->gpu, data);
}

static void
forget_shadows (GpuDevice *self)
{
  for (guint i = 0; i < self->chunks->len; i++)
    g_array_index (self->chunks, Chunk, i).is_fresh = FALSE;
}

static gboolean
gpu_upload (AgDevice *device,
            void *target,
            const void *source,
            gsize n_bytes,
            GError **error)
{
  GpuDevice *self = (GpuDevice *) device;

  forget_shadows (self);
  return flush (self, error)
         && check (self->backend->copy_in (self->gpu, target, source, n_bytes), error);
}

static gboolean
gpu_download (AgDevice *device,
              void *target,
              const void *source,
              gsize n_bytes,
              GError **error)
{
  GpuDevice *self = (GpuDevice *) device;
  Chunk *chunk = find_chunk (self, source);

  if (!flush (self, error))
    return FALSE;
  if (chunk == NULL)
    return check (self->backend->copy_out (self->gpu, target, source, n_bytes), error);
  if (!chunk->is_fresh
      && !check (self->backend->copy_out (self->gpu, chunk->shadow, chunk->memory, chunk->n_used),
                 error))
    return FALSE;
  chunk->is_fresh = TRUE;
  memcpy (target, chunk->shadow + ((const char *) source - chunk->memory), n_bytes);
  return TRUE;
}

static AgExecutable *
gpu_prepare (AgDevice *device,
             const AgPlan *plan,
             GError **error)
{
  GpuDevice *self = (GpuDevice *) device;
  AgExecutable *executable = g_new0 (AgExecutable, 1);

  executable->plan = plan;
  executable->source = ag_source_new (plan);
  executable->is_small = executable->source->has_steps;
  for (gint i = 0; i < executable->source->n_stages; i++)
    executable->is_small &= executable->source->stages[i].n_elements <= MAX_SMALL;
  /* After the slots of buffers: where blocks leave their sums, and how many do. */
  executable->slots = g_new0 (AgGpuSlot, plan->n_buffers + 2);
  if (!flush (self, error)
      || !check (self->backend->compile (self->gpu, executable->source->text, &executable->program),
                 error))
    {
      ag_source_free (executable->source);
      g_free (executable->slots);
      g_free (executable);
      return NULL;
    }
  return executable;
}

static void
fill_slots (const AgExecutable *executable,
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
}

static gboolean
enqueue (GpuDevice *self,
         AgExecutable *executable,
         void *const *buffers,
         GError **error)
{
  const guint n_slots = (guint) executable->plan->n_buffers;

  if ((self->pending != executable || self->n_pending == MAX_STEPS) && !flush (self, error))
    return FALSE;
  self->pending = executable;
  self->n_pending++;
  g_array_set_size (self->table, self->table->len + n_slots);
  fill_slots (executable, buffers,
              &g_array_index (self->table, AgGpuSlot, self->table->len - n_slots));
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
  const AgSourceStage *info = &executable->source->stages[stage];
  const gint64 per_block = BLOCK_THREADS * LEAST_ELEMENTS;
  const guint n_blocks
    = (guint) CLAMP ((info->n_elements + per_block - 1) / per_block, 1,
                     (gint64) self->backend->max_blocks (self->gpu));
  const gsize n_bytes = sizeof (AgGpuSlot) * (gsize) (executable->plan->n_buffers + 2);
  char kernel[32];

  if (!ensure_room (self, &self->partial, &self->partial_bytes,
                    sizeof (double) * n_blocks * MAX (1, info->n_totals), error))
    return FALSE;
  executable->slots[executable->plan->n_buffers].p = self->partial;
  executable->slots[executable->plan->n_buffers + 1].d = n_blocks;
  g_snprintf (kernel, sizeof kernel, "stage_%d", stage);
  if (!check (self->backend->launch (self->gpu, executable->program, kernel, n_blocks,
                                     BLOCK_THREADS, executable->slots, n_bytes),
              error))
    return FALSE;
  if (info->n_totals == 0 || n_blocks == 1)
    return TRUE;
  g_snprintf (kernel, sizeof kernel, "finish_%d", stage);
  return check (self->backend->launch (self->gpu, executable->program, kernel, 1, BLOCK_THREADS,
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

  /* What is wanted may all be there already. */
  if (executable->plan->n_stages == 0)
    return TRUE;
  forget_shadows (self);
  if (executable->is_small)
    return enqueue (self, executable, buffers, error);

  if (!flush (self, error))
    return FALSE;
  fill_slots (executable, buffers, executable->slots);
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
  return TRUE;
}

static void
gpu_release (AgDevice *device,
             AgExecutable *executable)
{
  GpuDevice *self = (GpuDevice *) device;

  flush (self, NULL);
  self->backend->release (self->gpu, executable->program);
  ag_source_free (executable->source);
  g_free (executable->slots);
  g_free (executable);
}

static void
gpu_finalize (AgDevice *device)
{
  GpuDevice *self = (GpuDevice *) device;

  for (guint i = 0; i < self->chunks->len; i++)
    {
      Chunk *chunk = &g_array_index (self->chunks, Chunk, i);

      self->backend->free (self->gpu, chunk->memory);
      g_free (chunk->shadow);
    }
  if (self->partial != NULL)
    self->backend->free (self->gpu, self->partial);
  if (self->device_table != NULL)
    self->backend->free (self->gpu, self->device_table);
  g_array_unref (self->chunks);
  g_array_unref (self->table);
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
  .finalize = gpu_finalize,
};

/**
 * ag_gpu_device_new:
 * @backend: how to use the GPU
 * @error: return location for an %AG_ERROR_DEVICE
 *
 * Opens a GPU. A plan becomes source text (source.c) that the backend compiles;
 * small plans wait until many steps can be run by one launch, or somebody asks
 * for a value.
 *
 * Returns: (transfer full) (nullable): the device
 */
AgDevice *
ag_gpu_device_new (const AgGpuBackend *backend,
                   GError **error)
{
  g_autofree char *title = NULL;
  GpuDevice *self;
  AgGpu *gpu;

  if (!check (backend->probe (&title), error) || !check (backend->open (&gpu), error))
    return NULL;
  self = g_new0 (GpuDevice, 1);
  ag_device_init (&self->device, &gpu_class, title);
  self->device.n_ahead = MAX_STEPS;
  self->backend = backend;
  self->gpu = gpu;
  self->chunks = g_array_new (FALSE, FALSE, sizeof (Chunk));
  self->table = g_array_new (FALSE, FALSE, sizeof (AgGpuSlot));
  return &self->device;
}
