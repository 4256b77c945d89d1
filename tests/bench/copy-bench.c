/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <cuda_runtime_api.h>
#include <stdio.h>

/* copy-bench
 *
 * Prints how many bytes a second the GPU reads and writes when it copies 2 GiB
 * within its memory: the most that a step over many points can hope for. */

#define N_BYTES (2ULL << 30)
#define N_COPIES 20

static int
fail (cudaError_t error)
{
  fprintf (stderr, "copy-bench: %s\n", cudaGetErrorString (error));
  return 1;
}

int
main (void)
{
  void *source = NULL, *target = NULL;
  cudaEvent_t begun, done;
  float ms = 0;
  cudaError_t error = cudaMalloc (&source, N_BYTES);

  if (error == cudaSuccess)
    error = cudaMalloc (&target, N_BYTES);
  if (error == cudaSuccess)
    error = cudaMemset (source, 0, N_BYTES);
  if (error == cudaSuccess)
    error = cudaEventCreate (&begun);
  if (error == cudaSuccess)
    error = cudaEventCreate (&done);
  if (error == cudaSuccess)
    error = cudaMemcpyAsync (target, source, N_BYTES, cudaMemcpyDeviceToDevice, NULL);
  if (error == cudaSuccess)
    error = cudaEventRecord (begun, NULL);
  for (int i = 0; error == cudaSuccess && i < N_COPIES; i++)
    error = cudaMemcpyAsync (target, source, N_BYTES, cudaMemcpyDeviceToDevice, NULL);
  if (error == cudaSuccess)
    error = cudaEventRecord (done, NULL);
  if (error == cudaSuccess)
    error = cudaEventSynchronize (done);
  if (error == cudaSuccess)
    error = cudaEventElapsedTime (&ms, begun, done);
  if (error != cudaSuccess)
    return fail (error);
  printf ("%.0f\n", 2.0 * N_BYTES * N_COPIES / (ms / 1000));
  return 0;
}
