/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "device/cpu-private.h"

#include <string.h>

#define ROWS_PER_PART 32768

/**
 * ag_cpu_thin_rows:
 * @kernels: the kernels to use
 * @dtype: a float dtype
 * @n_columns: number of columns, 1 to %AG_CPU_MAX_THIN
 * @n_rows: number of rows
 * @matrix: the matrix, row after row
 * @vector: @n_columns elements
 * @vector_stride: elements from one to the next
 * @result: (out caller-allocates): room for @n_rows elements
 *
 * Multiplies a matrix of few columns with a vector.
 */
void
ag_cpu_thin_rows (const AgCpuKernels *kernels,
                  AgDType dtype,
                  gint n_columns,
                  gint64 n_rows,
                  const void *matrix,
                  const void *vector,
                  gint vector_stride,
                  void *result)
{
  const gsize size = ag_dtype_size (dtype);
  double packed[AG_CPU_MAX_THIN];

  for (gint j = 0; j < n_columns; j++)
    memcpy ((char *) packed + (gsize) j * size,
            (const char *) vector + (gsize) (j * vector_stride) * size, size);
  kernels->rows_times[dtype][n_columns](result, matrix, packed, n_rows);
}

/* The columns' products with the vector over at most %ROWS_PER_PART rows, added
 * to the totals. */
static void
add_part (const AgCpuKernels *kernels,
          AgDType dtype,
          gint n_columns,
          gint64 n_rows,
          const char *matrix,
          const char *vector,
          double *totals)
{
  const gsize size = ag_dtype_size (dtype);
  const AgCpuSum sum = kernels->sum[dtype][AG_OP_mul][AG_CPU_FORM_VV];
  _Alignas(64) double columns[AG_CPU_MAX_THIN * AG_CPU_SPLIT_ROWS];
  AgCpuSums sums[AG_CPU_MAX_THIN];

  for (gint j = 0; j < n_columns; j++)
    ag_cpu_sums_init (&sums[j]);
  for (gint64 start = 0; start < n_rows; start += AG_CPU_SPLIT_ROWS)
    {
      gint n = (gint) MIN (AG_CPU_SPLIT_ROWS, n_rows - start);

      kernels->split[dtype][n_columns](columns, matrix + (gsize) (start * n_columns) * size, n);
      for (gint j = 0; j < n_columns; j++)
        sum ((const char *) columns + (gsize) (j * AG_CPU_SPLIT_ROWS) * size,
             vector + (gsize) start * size, n, &sums[j]);
    }
  for (gint j = 0; j < n_columns; j++)
    totals[j] += kernels->sum_end[dtype](&sums[j]);
}

/**
 * ag_cpu_thin_columns:
 * @kernels: the kernels to use
 * @dtype: a float dtype
 * @n_columns: number of columns, 1 to %AG_CPU_MAX_THIN
 * @n_rows: number of rows
 * @matrix: the matrix, row after row
 * @vector: @n_rows elements
 * @result: (out caller-allocates): room for @n_columns elements
 *
 * Multiplies the transpose of a matrix of few columns with a vector: adds as
 * a loop's sums do.
 */
void
ag_cpu_thin_columns (const AgCpuKernels *kernels,
                     AgDType dtype,
                     gint n_columns,
                     gint64 n_rows,
                     const void *matrix,
                     const void *vector,
                     void *result)
{
  const gsize size = ag_dtype_size (dtype);
  double totals[AG_CPU_MAX_THIN] = { 0 };

  for (gint64 start = 0; start < n_rows; start += ROWS_PER_PART)
    add_part (kernels, dtype, n_columns, MIN (ROWS_PER_PART, n_rows - start),
              (const char *) matrix + (gsize) (start * n_columns) * size,
              (const char *) vector + (gsize) start * size, totals);
  for (gint j = 0; j < n_columns; j++)
    if (dtype == AG_DTYPE_FLOAT32)
      ((float *) result)[j] = (float) totals[j];
    else
      ((double *) result)[j] = totals[j];
}
