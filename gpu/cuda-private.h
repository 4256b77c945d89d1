/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "device/gpu-backend.h"

#include <cublas_v2.h>
#include <cuda.h>
#include <cuda_runtime_api.h>

G_BEGIN_DECLS

/**
 * AgGpu:
 * @stream: everything is done in the order in which it was asked for
 * @marks: places in that order
 * @blas: (nullable): cuBLAS, once it was needed
 * @target: what code is compiled for, see cuda_target_choose()
 * @n_multiprocessors: how many multiprocessors it has
 */
struct _AgGpu
{
  cudaStream_t stream;
  cudaEvent_t marks[AG_GPU_N_MARKS];
  cublasHandle_t blas;
  char *target;
  guint n_multiprocessors;
};

/**
 * AgGpuProgram:
 * @module: compiled code
 * @functions: (element-type utf8 CUfunction): its kernels, by their names
 */
struct _AgGpuProgram
{
  CUmodule module;
  GHashTable *functions;
};

/**
 * CudaDriver:
 *
 * The functions that are taken from the driver itself. It is looked up when the program runs, so
 * that the module can be loaded where there is no driver.
 */
typedef struct
{
  CUresult (*module_load) (CUmodule *module,
                           const void *image);
  CUresult (*module_unload) (CUmodule module);
  CUresult (*get_function) (CUfunction *function,
                            CUmodule module,
                            const char *name);
  CUresult (*launch) (CUfunction function,
                      unsigned int grid_x,
                      unsigned int grid_y,
                      unsigned int grid_z,
                      unsigned int block_x,
                      unsigned int block_y,
                      unsigned int block_z,
                      unsigned int shared_bytes,
                      CUstream stream,
                      void **parameters,
                      void **extra);
  CUresult (*max_blocks) (int *n_blocks,
                          CUfunction function,
                          int n_threads,
                          size_t shared_bytes);
  CUresult (*get_error) (CUresult error,
                         const char **text);
} CudaDriver;

const CudaDriver *cuda_driver (void);
char *cuda_use (void);
void cuda_ignore (cudaError_t error);
char *cuda_reason (cudaError_t error);
char *cuda_describe (cudaError_t error);
char *cuda_describe_driver (CUresult result);

char *cuda_program_new (AgGpu *gpu,
                        const char *text,
                        AgGpuProgram **program);
void cuda_program_free (AgGpu *gpu,
                        AgGpuProgram *program);
char *cuda_program_launch (AgGpu *gpu,
                           AgGpuProgram *program,
                           const char *kernel,
                           guint n_blocks,
                           guint n_threads,
                           const void *arguments,
                           gsize n_bytes);
char *cuda_program_max_blocks (AgGpu *gpu,
                               AgGpuProgram *program,
                               const char *kernel,
                               guint n_threads,
                               guint *n_blocks);
char *cuda_multiply (AgGpu *gpu,
                     gboolean is_double,
                     gint64 n_rows,
                     gint64 n_terms,
                     gint64 n_columns,
                     const AgGpuMatrix *a,
                     const AgGpuMatrix *b,
                     void *c);

G_END_DECLS
