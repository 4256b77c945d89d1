/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cuda-compile.h"
#include "cuda-private.h"

/* Loads the code of a source from the cache, or compiles the source where the cache does not have
 * it. */
static char *
load (AgGpu *gpu,
      const char *text,
      gboolean *is_kept,
      CUmodule *module)
{
  g_autoptr (GBytes) binary = NULL;
  char *problem = cuda_compile_cached (text, gpu->target, is_kept, &binary);

  if (problem == NULL)
    problem = cuda_use ();
  if (problem == NULL)
    problem = cuda_describe_driver (
      cuda_driver ()->module_load (module, g_bytes_get_data (binary, NULL)));
  return problem;
}

/**
 * cuda_program_new:
 * @gpu: the GPU
 * @text: the text of an #AgGpuSource
 * @program: (out): the code, on the GPU
 *
 * Returns: (transfer full) (nullable): why that failed
 */
char *
cuda_program_new (AgGpu *gpu,
                  const char *text,
                  AgGpuProgram **program)
{
  gboolean is_kept = TRUE;
  CUmodule module;
  char *problem = load (gpu, text, &is_kept, &module);

  if (problem != NULL && is_kept)
    {
      /* The driver refuses the code from the cache, as after an update; it is compiled again and
       * replaced there. */
      g_free (problem);
      is_kept = FALSE;
      problem = load (gpu, text, &is_kept, &module);
    }
  if (problem != NULL)
    return problem;
  *program = g_new0 (AgGpuProgram, 1);
  (*program)->module = module;
  (*program)->functions = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  return NULL;
}

/**
 * cuda_program_free:
 * @gpu: the GPU
 * @program: (transfer full): code on it
 */
void
cuda_program_free (AgGpu *gpu,
                   AgGpuProgram *program)
{
  cuda_ignore (cudaSetDevice (0));
  cuda_ignore (cudaStreamSynchronize (gpu->stream));
  cuda_driver ()->module_unload (program->module);
  g_hash_table_unref (program->functions);
  g_free (program);
}

/* Finds a kernel, once for each. */
static char *
find_function (AgGpuProgram *program,
               const char *kernel,
               CUfunction *function)
{
  char *problem = NULL;

  *function = g_hash_table_lookup (program->functions, kernel);
  if (*function != NULL)
    return NULL;
  problem = cuda_describe_driver (cuda_driver ()->get_function (function, program->module, kernel));
  if (problem == NULL)
    g_hash_table_insert (program->functions, g_strdup (kernel), *function);
  return problem;
}

/**
 * cuda_program_max_blocks:
 * @gpu: the GPU
 * @program: code on it
 * @kernel: which kernel of it
 * @n_threads: threads in each block
 * @n_blocks: (out): how many blocks the GPU runs at once
 *
 * Returns: (transfer full) (nullable): why that is not known
 */
char *
cuda_program_max_blocks (AgGpu *gpu,
                         AgGpuProgram *program,
                         const char *kernel,
                         guint n_threads,
                         guint *n_blocks)
{
  CUfunction function;
  char *problem = cuda_use ();
  int n_each = 0;

  if (problem == NULL)
    problem = find_function (program, kernel, &function);
  if (problem == NULL)
    problem = cuda_describe_driver (
      cuda_driver ()->max_blocks (&n_each, function, (int) n_threads, 0));
  if (problem == NULL)
    *n_blocks = (guint) MAX (1, n_each) * gpu->n_multiprocessors;
  return problem;
}

/**
 * cuda_program_launch:
 * @gpu: the GPU
 * @program: code on it
 * @kernel: which kernel of it
 * @n_blocks: how many blocks
 * @n_threads: threads in each
 * @arguments: what the kernel takes, by value
 * @n_bytes: size of @arguments
 *
 * Returns: (transfer full) (nullable): why that failed
 */
char *
cuda_program_launch (AgGpu *gpu,
                     AgGpuProgram *program,
                     const char *kernel,
                     guint n_blocks,
                     guint n_threads,
                     const void *arguments,
                     gsize n_bytes)
{
  void *parameters[] = { (void *) arguments };
  CUfunction function;
  char *problem = cuda_use ();

  if (problem == NULL)
    problem = find_function (program, kernel, &function);
  if (problem != NULL)
    return problem;
  return cuda_describe_driver (cuda_driver ()->launch (function, n_blocks, 1, 1, n_threads, 1, 1, 0,
                                                       (CUstream) gpu->stream, parameters, NULL));
}
