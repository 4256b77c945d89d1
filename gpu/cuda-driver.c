/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cuda-private.h"

#include <pthread.h>

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

static CudaDriver driver;
static gboolean is_there;

static void
find_driver (void)
{
  is_there = find ("cuModuleLoadData", &driver.module_load)
             && find ("cuModuleUnload", &driver.module_unload)
             && find ("cuModuleGetFunction", &driver.get_function)
             && find ("cuLaunchKernel", &driver.launch)
             && find ("cuOccupancyMaxActiveBlocksPerMultiprocessor", &driver.max_blocks)
             && find ("cuGetErrorString", &driver.get_error);
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
  static pthread_once_t once = PTHREAD_ONCE_INIT;

  /* The driver is looked for once, in a way that threads may do at the same time: the trainer of
   * a run that is given up may still be at work when that of the next one asks. */
  pthread_once (&once, find_driver);
  return is_there ? &driver : NULL;
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
 * cuda_ignore:
 * @error: what a function of CUDA's runtime returned
 *
 * To be called where nothing can be done about an error. The runtime remembers it,
 * and cuBLAS would take it for its own.
 */
void
cuda_ignore (cudaError_t error)
{
  if (error != cudaSuccess)
    cudaGetLastError ();
}

/**
 * cuda_reason:
 * @error: what a function of CUDA's runtime returned
 *
 * Returns: (transfer full) (nullable): what is wrong, in words that go into a
 *   sentence, %NULL if the error says that all went well
 */
char *
cuda_reason (cudaError_t error)
{
  cuda_ignore (error);
  switch (error)
    {
    case cudaSuccess:
      return NULL;
    case cudaErrorInsufficientDriver:
      return g_strdup ("no CUDA driver, or one that is too old");
    case cudaErrorNoDevice:
      return g_strdup ("no GPU");
    default:
      return g_strdup (cudaGetErrorString (error));
    }
}

static char *
say (const char *reason)
{
  return g_strdup_printf ("The GPU cannot be used: %s. Use the device “cpu”.", reason);
}

/* After some errors CUDA answers every call of the process with the same one. */
static gboolean
is_lasting (cudaError_t error)
{
  switch (error)
    {
    case cudaErrorIllegalAddress:
    case cudaErrorMisalignedAddress:
    case cudaErrorIllegalInstruction:
    case cudaErrorInvalidAddressSpace:
    case cudaErrorInvalidPc:
    case cudaErrorHardwareStackError:
    case cudaErrorAssert:
    case cudaErrorLaunchTimeout:
    case cudaErrorLaunchFailure:
    case cudaErrorECCUncorrectable:
      return TRUE;
    default:
      return FALSE;
    }
}

static char *
say_lasting (const char *reason)
{
  return g_strdup_printf ("The GPU failed: %s. Restart Converge before you use it again, or use the "
                          "device “cpu”.",
                          reason);
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
  g_autofree char *reason = cuda_reason (error);

  if (reason == NULL)
    return NULL;
  if (error == cudaErrorMemoryAllocation)
    return g_strdup ("There is not enough memory on the GPU. Give fewer points, or use the "
                     "device “cpu”.");
  return is_lasting (error) ? say_lasting (reason) : say (reason);
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
  if (text == NULL)
    text = "an unknown error";
  /* The numbers of the driver's errors are those of the runtime. */
  return is_lasting ((cudaError_t) result) ? say_lasting (text) : say (text);
}
