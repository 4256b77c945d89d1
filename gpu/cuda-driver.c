/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cuda-private.h"

static gboolean
find (const char *name,
      void *function)
{
#if CUDART_VERSION >= 12000
  enum cudaDriverEntryPointQueryResult found = cudaDriverEntryPointSymbolNotFound;
#endif

#if CUDART_VERSION >= 13000
  return cudaGetDriverEntryPointByVersion (name, function, 12000, cudaEnableDefault, &found)
           == cudaSuccess
         && found == cudaDriverEntryPointSuccess;
#elif CUDART_VERSION >= 12000
  return cudaGetDriverEntryPoint (name, function, cudaEnableDefault, &found) == cudaSuccess
         && found == cudaDriverEntryPointSuccess;
#else
  return cudaGetDriverEntryPoint (name, function, cudaEnableDefault) == cudaSuccess;
#endif
}

/**
 * cuda_driver:
 *
 * See: <https://docs.nvidia.com/cuda/cuda-driver-api/>
 *
 * Returns: (transfer none) (nullable): the driver's functions
 */
const CudaDriver *
cuda_driver (void)
{
  static CudaDriver driver;

  if (driver.get_error == NULL
      && (!find ("cuModuleLoadData", &driver.module_load)
          || !find ("cuModuleUnload", &driver.module_unload)
          || !find ("cuModuleGetFunction", &driver.get_function)
          || !find ("cuLaunchKernel", &driver.launch)
          || !find ("cuGetErrorString", &driver.get_error)))
    return NULL;
  return &driver;
}

/**
 * cuda_use:
 *
 * Makes the first GPU the one that the calling thread's calls of the driver are
 * meant for; CUDA's runtime does that by itself. Takes next to no time when it
 * is so already.
 *
 * Returns: (transfer full) (nullable): why that failed
 */
char *
cuda_use (void)
{
  return cuda_describe (cudaSetDevice (0));
}

/**
 * cuda_describe:
 * @error: what a function of CUDA's runtime returned
 *
 * Returns: (transfer full) (nullable): a sentence on it, %NULL if it says that
 *   all went well
 */
char *
cuda_describe (cudaError_t error)
{
  /* The runtime remembers it, and cuBLAS would take it for its own. */
  if (error != cudaSuccess)
    cudaGetLastError ();
  switch (error)
    {
    case cudaSuccess:
      return NULL;
    case cudaErrorMemoryAllocation:
      return g_strdup ("There is not enough memory on the GPU. Give fewer points, or use the "
                       "device “cpu”.");
    case cudaErrorInsufficientDriver:
      return g_strdup ("no CUDA driver, or one that is too old");
    case cudaErrorNoDevice:
      return g_strdup ("no GPU");
    default:
      return g_strdup_printf ("The GPU failed: %s. Use the device “cpu”.",
                              cudaGetErrorString (error));
    }
}

/**
 * cuda_describe_driver:
 * @result: what a function of the driver returned
 *
 * Returns: (transfer full) (nullable): a sentence on it, %NULL if it says that
 *   all went well
 */
char *
cuda_describe_driver (CUresult result)
{
  const char *text = NULL;

  if (result == CUDA_SUCCESS)
    return NULL;
  if (result == CUDA_ERROR_OUT_OF_MEMORY)
    return cuda_describe (cudaErrorMemoryAllocation);
  cuda_driver ()->get_error (result, &text);
  return g_strdup_printf ("The GPU failed: %s. Use the device “cpu”.",
                          text != NULL ? text : "an unknown error");
}
