/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cuda-private.h"

static char *
describe (cublasStatus_t status)
{
  return status == CUBLAS_STATUS_SUCCESS
           ? NULL
           : g_strdup_printf ("cuBLAS failed: %s. Use the device “cpu”.",
                              cublasGetStatusString (status));
}

/* Matrix products by cuBLAS. They are put into the GPU's queue like all other work, so that they
 * begin when what was queued before has ended. */
static char *
open_blas (AgGpu *gpu)
{
  cublasHandle_t blas;
  char *problem = describe (cublasCreate (&blas));

  if (problem != NULL)
    return problem;
  problem = describe (cublasSetStream (blas, gpu->stream));
  /* Without this a library or a variable of the environment could make it round to TF32. */
  if (problem == NULL)
    problem = describe (cublasSetMathMode (blas, CUBLAS_PEDANTIC_MATH));
  if (problem == NULL)
    gpu->blas = blas;
  else
    cublasDestroy (blas);
  return problem;
}

/**
 * cuda_multiply:
 * @gpu: the GPU
 * @is_double: whether elements are float64
 * @n_rows: rows of @a
 * @n_terms: columns of @a, rows of @b
 * @n_columns: columns of @b
 * @a: a matrix
 * @b: a matrix
 * @c: (out): their product, row-major
 *
 * Multiplies by cuBLAS. cuBLAS takes matrices by columns, so that it is given
 * the transposed product: cᵀ = bᵀ aᵀ.
 *
 * See: <https://docs.nvidia.com/cuda/cublas/#cublas-t-gemm>
 *
 * Returns: (transfer full) (nullable): why that failed
 */
char *
cuda_multiply (AgGpu *gpu,
               gboolean is_double,
               gint64 n_rows,
               gint64 n_terms,
               gint64 n_columns,
               const AgGpuMatrix *a,
               const AgGpuMatrix *b,
               void *c)
{
  const cublasOperation_t operation_a = a->column_stride == 1 ? CUBLAS_OP_N : CUBLAS_OP_T;
  const cublasOperation_t operation_b = b->column_stride == 1 ? CUBLAS_OP_N : CUBLAS_OP_T;
  const int stride_a = (int) MAX (1, a->column_stride == 1 ? a->row_stride : a->column_stride);
  const int stride_b = (int) MAX (1, b->column_stride == 1 ? b->row_stride : b->column_stride);
  char *problem = gpu->blas == NULL ? open_blas (gpu) : NULL;

  if (problem != NULL)
    return problem;
  if (is_double)
    {
      const double one = 1, zero = 0;

      return describe (cublasDgemm (gpu->blas, operation_b, operation_a, (int) n_columns,
                                    (int) n_rows, (int) n_terms, &one, b->data, stride_b, a->data,
                                    stride_a, &zero, c, (int) n_columns));
    }
  else
    {
      const float one = 1, zero = 0;

      return describe (cublasSgemm (gpu->blas, operation_b, operation_a, (int) n_columns,
                                    (int) n_rows, (int) n_terms, &one, b->data, stride_b, a->data,
                                    stride_a, &zero, c, (int) n_columns));
    }
}
