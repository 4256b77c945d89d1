/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "device/cpu-private.h"

#include "base/memory.h"
#include "device/cpu-blas.h"

#include <string.h>

/* OpenBLAS computes so many rows of a product at a time that they take about as many
 * multiplications, and not so few that it is slow at them. */
#define PART_PRODUCTS (G_GINT64_CONSTANT (1) << 18)
#define LEAST_PART_ROWS 64

/**
 * ag_cpu_gather:
 * @dtype: type of the elements
 * @layout: how they lie
 * @start: number of the first one wanted, in row-major order
 * @n: how many
 * @source: the storage
 * @target: (out caller-allocates): room for @n elements
 *
 * Copies elements from where a layout puts them to a row.
 */
void
ag_cpu_gather (AgDType dtype,
               const AgLayout *layout,
               gint64 start,
               gint n,
               const void *source,
               void *target)
{
  gint last = layout->n_dims - 1;
  gint64 inner = layout->dims[last];
  gint64 stride = layout->strides[last];

  for (gint done = 0; done < n;)
    {
      gint64 column = (start + done) % inner;
      gint64 index = ag_layout_index (layout, start + done);
      gint count = (gint) MIN (inner - column, (gint64) n - done);

      if (ag_dtype_size (dtype) == 4)
        for (gint i = 0; i < count; i++)
          ((guint32 *) target)[done + i] = ((const guint32 *) source)[index + i * stride];
      else
        for (gint i = 0; i < count; i++)
          ((guint64 *) target)[done + i] = ((const guint64 *) source)[index + i * stride];
      done += count;
    }
}

/**
 * Matrix:
 * @buffer: the buffer it lies in
 * @offset: its first element there
 * @rows: number of rows
 * @columns: number of columns
 * @row_stride: elements from one row to the next
 * @column_stride: elements from one column to the next
 * @copy: (nullable): room for its elements where BLAS cannot read them in
 *   place
 * @layout: how it lies, where it is copied
 */
typedef struct
{
  gint buffer;
  gint64 offset;
  gint rows;
  gint columns;
  gint row_stride;
  gint column_stride;
  void *copy;
  const AgLayout *layout;
} Matrix;

/**
 * AgCpuProduct:
 * @blas: (nullable): OpenBLAS, unless the product is so thin that it is not needed
 * @result: number of the result's buffer
 * @part_rows: how many rows of the result OpenBLAS computes at a time
 * @elements_a: while it is computed, the elements of @a
 * @elements_b: and those of @b
 * @elements: and those of the result
 */
struct _AgCpuProduct
{
  const AgCpuKernels *kernels;
  const AgCpuBlas *blas;
  AgDType dtype;
  Matrix a;
  Matrix b;
  gint result;
  gint part_rows;
  const void *elements_a;
  const void *elements_b;
  char *elements;
};

static gboolean
init_matrix (Matrix *matrix,
             const AgOperand *operand,
             GError **error)
{
  const AgLayout *layout = operand->layout;

  matrix->buffer = operand->index;
  matrix->offset = layout->offset;
  matrix->rows = (gint) layout->dims[0];
  matrix->columns = (gint) layout->dims[1];
  matrix->row_stride = (gint) layout->strides[0];
  matrix->column_stride = (gint) layout->strides[1];
  if ((matrix->column_stride == 1 && matrix->row_stride >= matrix->columns)
      || (matrix->row_stride == 1 && matrix->column_stride >= matrix->rows))
    return TRUE;

  matrix->layout = layout;
  matrix->copy = ag_memory_try ((gsize) layout->n_elements * ag_dtype_size (operand->dtype), error);
  matrix->row_stride = MAX (1, matrix->columns);
  matrix->column_stride = 1;
  return matrix->copy != NULL;
}

static const void *
find_matrix (const Matrix *matrix,
             AgDType dtype,
             void *const *buffers)
{
  if (matrix->copy == NULL)
    return (const char *) buffers[matrix->buffer]
           + (gsize) matrix->offset * ag_dtype_size (dtype);
  ag_cpu_gather (dtype, matrix->layout, 0, matrix->rows * matrix->columns,
                 buffers[matrix->buffer], matrix->copy);
  return matrix->copy;
}

/* BLAS is slow at matrices with many rows of a few elements, with which a linear
 * layer of few inputs and one output is trained. */
static gboolean
is_thin_rows (const AgCpuProduct *product)
{
  const Matrix *a = &product->a;

  return product->b.columns == 1 && a->columns > 0 && a->columns <= AG_CPU_MAX_THIN
         && a->column_stride == 1 && a->row_stride == a->columns;
}

/* Whether the product is of the same kind for the transposed matrix, with which the gradient of
 * such a layer's weight is computed. */
static gboolean
is_thin_columns (const AgCpuProduct *product)
{
  const Matrix *a = &product->a, *b = &product->b;

  return b->columns == 1 && a->columns > 0 && a->rows <= AG_CPU_MAX_THIN && a->row_stride == 1
         && a->column_stride == a->rows && b->row_stride == 1;
}

/**
 * ag_cpu_product_new:
 * @instruction: a matrix product of a plan
 * @kernels: the kernels to use
 * @error: return location for an %AG_ERROR_DEVICE
 *
 * Returns: (transfer full) (nullable): the product, made ready
 */
AgCpuProduct *
ag_cpu_product_new (const AgInstruction *instruction,
                    const AgCpuKernels *kernels,
                    GError **error)
{
  AgCpuProduct *product = g_new0 (AgCpuProduct, 1);

  product->kernels = kernels;
  product->dtype = instruction->dtype;
  product->result = instruction->buffer;
  if (init_matrix (&product->a, &instruction->operands[0], error)
      && init_matrix (&product->b, &instruction->operands[1], error)
      && (is_thin_rows (product) || is_thin_columns (product)
          || (product->blas = ag_cpu_blas_load (error)) != NULL))
    return product;
  ag_cpu_product_free (product);
  return NULL;
}

/**
 * ag_cpu_product_free:
 * @product: (transfer full) (nullable): a product
 */
void
ag_cpu_product_free (AgCpuProduct *product)
{
  if (product == NULL)
    return;
  g_free (product->a.copy);
  g_free (product->b.copy);
  g_free (product);
}

static gboolean
is_transposed (const Matrix *matrix)
{
  return matrix->column_stride != 1 || matrix->row_stride < matrix->columns;
}

static gint
leading_dimension (const Matrix *matrix)
{
  return MAX (1, is_transposed (matrix) ? matrix->column_stride : matrix->row_stride);
}

/* y = M v, or with @transposes Mᵀ v */
static void
multiply_vector (const AgCpuBlas *blas,
                 AgDType dtype,
                 const Matrix *matrix,
                 gint n_rows,
                 gboolean transposes,
                 const void *m,
                 const void *v,
                 gint stride,
                 void *y)
{
  gboolean is_column_major = is_transposed (matrix);
  CBLAS_TRANSPOSE transpose = transposes != is_column_major ? CblasTrans : CblasNoTrans;
  gint rows = is_column_major ? matrix->columns : n_rows;
  gint columns = is_column_major ? n_rows : matrix->columns;

  if (dtype == AG_DTYPE_FLOAT32)
    blas->sgemv (CblasRowMajor, transpose, rows, columns, 1, m, leading_dimension (matrix), v,
                 stride, 0, y, 1);
  else
    blas->dgemv (CblasRowMajor, transpose, rows, columns, 1, m, leading_dimension (matrix), v,
                 stride, 0, y, 1);
}

static void
multiply_matrix (const AgCpuProduct *product,
                 gint n_rows,
                 const void *elements_a,
                 void *result)
{
  const Matrix *a = &product->a, *b = &product->b;
  CBLAS_TRANSPOSE transpose_a = is_transposed (a) ? CblasTrans : CblasNoTrans;
  CBLAS_TRANSPOSE transpose_b = is_transposed (b) ? CblasTrans : CblasNoTrans;

  if (product->dtype == AG_DTYPE_FLOAT32)
    product->blas->sgemm (CblasRowMajor, transpose_a, transpose_b, n_rows, b->columns, a->columns,
                          1, elements_a, leading_dimension (a), product->elements_b,
                          leading_dimension (b), 0, result, b->columns);
  else
    product->blas->dgemm (CblasRowMajor, transpose_a, transpose_b, n_rows, b->columns, a->columns,
                          1, elements_a, leading_dimension (a), product->elements_b,
                          leading_dimension (b), 0, result, b->columns);
}

/* Computes one part of the rows of the result. */
static void
run_part (gpointer data,
          guint part,
          guint thread)
{
  const AgCpuProduct *product = data;
  const Matrix *a = &product->a, *b = &product->b;
  const gint start = (gint) part * product->part_rows;
  const gint n_rows = MIN (product->part_rows, a->rows - start);
  const gsize size = ag_dtype_size (product->dtype);
  const char *elements_a = (const char *) product->elements_a + size * (gsize) start * (gsize) a->row_stride;
  char *result = product->elements + size * (gsize) start * (gsize) b->columns;

  if (b->columns == 1)
    multiply_vector (product->blas, product->dtype, a, n_rows, FALSE, elements_a,
                     product->elements_b, MAX (1, b->row_stride), result);
  else
    multiply_matrix (product, n_rows, elements_a, result);
}

/* Where a part begins depends on the shapes alone and not on the number of threads; the same
 * holds for the bits, since OpenBLAS's depend on the size of a part. */
static void
run_parts (AgCpuProduct *product,
           AgCpuThreads *threads)
{
  const Matrix *a = &product->a, *b = &product->b;
  const gint64 row_products = MAX ((gint64) a->columns * b->columns, 1);

  product->part_rows = (gint) CLAMP (PART_PRODUCTS / row_products, LEAST_PART_ROWS, G_MAXINT);
  ag_cpu_threads_run (threads, run_part, product,
                      (guint) ((a->rows - 1) / product->part_rows + 1));
}

/**
 * ag_cpu_product_run:
 * @product: a product
 * @buffers: where the plan's buffers are
 * @threads: what it is spread over if it is large
 *
 * Computes the product, by OpenBLAS unless it is a very thin one. The bits of the
 * result do not depend on the number of threads.
 */
void
ag_cpu_product_run (AgCpuProduct *product,
                    void *const *buffers,
                    AgCpuThreads *threads)
{
  const Matrix *a = &product->a, *b = &product->b;
  void *result = buffers[product->result];

  product->elements_a = find_matrix (a, product->dtype, buffers);
  product->elements_b = find_matrix (b, product->dtype, buffers);
  product->elements = result;
  /* A product over no terms is zero. BLAS would leave the result as it was. */
  if (a->columns == 0)
    memset (result, 0,
            (gsize) a->rows * (gsize) b->columns * ag_dtype_size (product->dtype));
  else if (is_thin_rows (product))
    ag_cpu_thin_rows (product->kernels, product->dtype, a->columns, a->rows, product->elements_a,
                      product->elements_b, b->row_stride, result);
  else if (is_thin_columns (product))
    ag_cpu_thin_columns (product->kernels, product->dtype, a->rows, a->columns,
                         product->elements_a, product->elements_b, result);
  else if (a->rows == 1 && b->columns > 1)
    multiply_vector (product->blas, product->dtype, b, b->rows, TRUE, product->elements_b,
                     product->elements_a, MAX (1, a->column_stride), result);
  else if (a->rows > 0 && b->columns > 0)
    run_parts (product, threads);
}

struct _AgCpuDimsSum
{
  AgDType dtype;
  gint buffer;
  const AgLayout *layout;
  gint64 result_strides[AG_MAX_DIMS];
  gint result;
  gint64 n_results;
  double *sums;
};

/**
 * ag_cpu_dims_sum_new:
 * @instruction: a sum over some dimensions
 * @n_results: number of sums
 * @error: return location for an %AG_ERROR_DEVICE
 *
 * Returns: (transfer full) (nullable): the sum, made ready
 */
AgCpuDimsSum *
ag_cpu_dims_sum_new (const AgInstruction *instruction,
                     gint64 n_results,
                     GError **error)
{
  const AgOperand *operand = &instruction->operands[0];
  double *sums = ag_memory_try ((gsize) n_results * sizeof (double), error);
  AgCpuDimsSum *sum;
  gint64 stride = 1;

  if (sums == NULL)
    return NULL;
  sum = g_new0 (AgCpuDimsSum, 1);
  sum->dtype = instruction->dtype;
  sum->buffer = operand->index;
  sum->layout = operand->layout;
  sum->result = instruction->buffer;
  sum->n_results = n_results;
  sum->sums = sums;
  for (gint i = sum->layout->n_dims - 1; i >= 0; i--)
    {
      if ((instruction->summed_dims >> i & 1) != 0)
        continue;
      sum->result_strides[i] = stride;
      stride *= sum->layout->dims[i];
    }
  return sum;
}

/**
 * ag_cpu_dims_sum_free:
 * @sum: (transfer full): a sum
 */
void
ag_cpu_dims_sum_free (AgCpuDimsSum *sum)
{
  g_free (sum->sums);
  g_free (sum);
}

static void
add_up (AgCpuDimsSum *sum,
        const void *elements,
        gint dim,
        gint64 index,
        double *target)
{
  const AgLayout *layout = sum->layout;

  if (dim == layout->n_dims)
    {
      *target += sum->dtype == AG_DTYPE_FLOAT32 ? ((const float *) elements)[index]
                                                : ((const double *) elements)[index];
      return;
    }
  for (gint64 i = 0; i < layout->dims[dim]; i++)
    add_up (sum, elements, dim + 1, index + i * layout->strides[dim],
            target + i * sum->result_strides[dim]);
}

/**
 * ag_cpu_dims_sum_run:
 * @sum: a sum
 * @buffers: where the plan's buffers are
 *
 * Sums over some dimensions, in double precision.
 */
void
ag_cpu_dims_sum_run (AgCpuDimsSum *sum,
                     void *const *buffers)
{
  memset (sum->sums, 0, sizeof (double) * (gsize) sum->n_results);
  add_up (sum, buffers[sum->buffer], 0, sum->layout->offset, sum->sums);

  for (gint64 i = 0; i < sum->n_results; i++)
    if (sum->dtype == AG_DTYPE_FLOAT32)
      ((float *) buffers[sum->result])[i] = (float) sum->sums[i];
    else
      ((double *) buffers[sum->result])[i] = sum->sums[i];
}
