/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cuda-private.h"
#include "cuda-target.h"

#include <gmodule.h>

static char *
cuda_probe (char **title)
{
  struct cudaDeviceProp properties;
  g_autofree char *target = NULL;
  int n_devices = 0;
  char *reason = cuda_reason (cudaGetDeviceCount (&n_devices));

  if (reason == NULL && n_devices == 0)
    reason = cuda_reason (cudaErrorNoDevice);
  if (reason == NULL && cuda_driver () == NULL)
    reason = cuda_reason (cudaErrorInsufficientDriver);
  if (reason == NULL)
    reason = cuda_reason (cudaGetDeviceProperties (&properties, 0));
  if (reason == NULL)
    reason = cuda_target_find (properties.major, properties.minor, &target);
  if (reason == NULL)
    *title = g_strdup (properties.name);
  return reason;
}

/* An error of these calls is not reported: they fail only after another call has, whose error has
 * been. */
static void
destroy (AgGpu *gpu)
{
  for (guint i = 0; i < AG_GPU_N_MARKS; i++)
    if (gpu->marks[i] != NULL)
      cuda_ignore (cudaEventDestroy (gpu->marks[i]));
  if (gpu->blas != NULL)
    cublasDestroy (gpu->blas);
  if (gpu->stream != NULL)
    cuda_ignore (cudaStreamDestroy (gpu->stream));
  g_free (gpu->target);
  g_free (gpu);
}

static char *
find_target (AgGpu *gpu,
             const struct cudaDeviceProp *properties)
{
  g_autofree char *reason = cuda_target_find (properties->major, properties->minor, &gpu->target);

  return reason == NULL
           ? NULL
           : g_strdup_printf ("The GPU cannot be used: %s. Use the device “cpu”.", reason);
}

static char *
cuda_open (AgGpu **result)
{
  AgGpu *gpu = g_new0 (AgGpu, 1);
  struct cudaDeviceProp properties;
  char *problem = cuda_use ();

  if (problem == NULL)
    problem = cuda_describe (cudaGetDeviceProperties (&properties, 0));
  if (problem == NULL)
    problem = find_target (gpu, &properties);
  if (problem == NULL)
    problem = cuda_describe (cudaStreamCreateWithFlags (&gpu->stream, cudaStreamNonBlocking));
  for (guint i = 0; problem == NULL && i < AG_GPU_N_MARKS; i++)
    problem = cuda_describe (cudaEventCreateWithFlags (&gpu->marks[i], cudaEventDisableTiming));
  if (problem != NULL)
    {
      destroy (gpu);
      return problem;
    }
  gpu->n_multiprocessors = (guint) properties.multiProcessorCount;
  *result = gpu;
  return NULL;
}

static void
cuda_close (AgGpu *gpu)
{
  cuda_ignore (cudaStreamSynchronize (gpu->stream));
  destroy (gpu);
}

static char *
cuda_alloc (AgGpu *gpu,
            gsize n_bytes,
            void **data)
{
  return cuda_describe (cudaMalloc (data, MAX (1, n_bytes)));
}

static void
cuda_free (AgGpu *gpu,
           void *data)
{
  cuda_ignore (cudaStreamSynchronize (gpu->stream));
  cuda_ignore (cudaFree (data));
}

static char *
cuda_find_memory (AgGpu *gpu,
                  guint64 *n_bytes)
{
  size_t n_free = 0, n_total = 0;
  char *problem = cuda_describe (cudaMemGetInfo (&n_free, &n_total));

  *n_bytes = n_free;
  return problem;
}

static char *
cuda_alloc_host (AgGpu *gpu,
                 gsize n_bytes,
                 void **data)
{
  return cuda_describe (cudaMallocHost (data, n_bytes));
}

static void
cuda_free_host (AgGpu *gpu,
                void *data)
{
  cuda_ignore (cudaStreamSynchronize (gpu->stream));
  cuda_ignore (cudaFreeHost (data));
}

static char *
cuda_begin_copy_in (AgGpu *gpu,
                    void *target,
                    const void *source,
                    gsize n_bytes)
{
  return cuda_describe (
    cudaMemcpyAsync (target, source, n_bytes, cudaMemcpyHostToDevice, gpu->stream));
}

/* Whether a copy from pageable memory has read it when the call returns depends on the machine:
 * where the GPU reads the host's memory by itself, it may not have. */
static char *
cuda_copy_in (AgGpu *gpu,
              void *target,
              const void *source,
              gsize n_bytes)
{
  char *problem = cuda_begin_copy_in (gpu, target, source, n_bytes);

  return problem != NULL ? problem : cuda_describe (cudaStreamSynchronize (gpu->stream));
}

static char *
cuda_begin_copy_out (AgGpu *gpu,
                     void *target,
                     const void *source,
                     gsize n_bytes)
{
  return cuda_describe (
    cudaMemcpyAsync (target, source, n_bytes, cudaMemcpyDeviceToHost, gpu->stream));
}

static char *
cuda_copy_out (AgGpu *gpu,
               void *target,
               const void *source,
               gsize n_bytes)
{
  char *problem = cuda_begin_copy_out (gpu, target, source, n_bytes);

  return problem != NULL ? problem : cuda_describe (cudaStreamSynchronize (gpu->stream));
}

static char *
cuda_mark (AgGpu *gpu,
           guint which)
{
  return cuda_describe (cudaEventRecord (gpu->marks[which], gpu->stream));
}

static char *
cuda_wait (AgGpu *gpu,
           guint which)
{
  return cuda_describe (cudaEventSynchronize (gpu->marks[which]));
}

G_MODULE_EXPORT const AgGpuBackend *ag_gpu_backend (void);

/**
 * ag_gpu_backend:
 *
 * Returns: (transfer none): CUDA, as a device uses it
 */
const AgGpuBackend *
ag_gpu_backend (void)
{
  static const AgGpuBackend backend = {
    .version = AG_GPU_BACKEND_VERSION,
    .id = "cuda",
    .probe = cuda_probe,
    .open = cuda_open,
    .close = cuda_close,
    .alloc = cuda_alloc,
    .free = cuda_free,
    .find_memory = cuda_find_memory,
    .alloc_host = cuda_alloc_host,
    .free_host = cuda_free_host,
    .copy_in = cuda_copy_in,
    .copy_out = cuda_copy_out,
    .begin_copy_in = cuda_begin_copy_in,
    .begin_copy_out = cuda_begin_copy_out,
    .mark = cuda_mark,
    .wait = cuda_wait,
    .max_blocks = cuda_program_max_blocks,
    .compile = cuda_program_new,
    .release = cuda_program_free,
    .launch = cuda_program_launch,
    .multiply = cuda_multiply,
  };

  return &backend;
}
