/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/dtype.h"
#include "device/cpu-sums.h"
#include "plan/op.h"

G_BEGIN_DECLS

/**
 * AgCpuForm:
 * @AG_CPU_FORM_VV: each operand has one element for each of the tile's
 * @AG_CPU_FORM_VS: the second operand is one element for all
 * @AG_CPU_FORM_SV: the first one is
 *
 * How a kernel's operands lie. Operations of one operand have the form VV,
 * and the copy also VS, which fills.
 */
typedef enum
{
  AG_CPU_FORM_VV,
  AG_CPU_FORM_VS,
  AG_CPU_FORM_SV,
} AgCpuForm;

#define AG_CPU_N_FORMS 3

/**
 * AgCpuMap:
 * @out: room for @n elements, apart from the operands
 * @a: first operand
 * @b: second operand, if there is one
 * @c: third operand, if there is one
 * @n: size of the tile
 *
 * Computes a tile of an operation.
 */
typedef void (*AgCpuMap) (void *out,
                          const void *a,
                          const void *b,
                          const void *c,
                          gint n);

#define AG_CPU_MAX_THIN 4
#define AG_CPU_SPLIT_ROWS 512

/**
 * AgCpuSum:
 * @a: first operand
 * @b: second operand, if there is one
 * @n: size of the tile: a power of two of blocks, but for the last one
 * @sums: the sum so far
 *
 * Computes a tile of an operation and adds its elements to a sum.
 */
typedef void (*AgCpuSum) (const void *a,
                          const void *b,
                          gint n,
                          AgCpuSums *sums);

/**
 * AgCpuFunction:
 * @slots: where its buffers are
 * @start: the first element, where a part begins
 * @end: the one after the last
 * @totals: (out caller-allocates): what the loop sums up
 *
 * A loop as compiled code.
 *
 * Returns: 0 if the bits of its sums may not be right; what it stored is. Of a batch: a bit for
 *   each run whose sums may not be
 */
typedef int (*AgCpuFunction) (void *const *slots,
                              long long start,
                              long long end,
                              double *totals);

/**
 * AgCpuBuiltIn:
 * @hash: (nullable): SHA-256 of the text it was made from; %NULL ends a table
 * @function: the code
 *
 * A loop that was compiled into the library.
 */
typedef struct
{
  const char *hash;
  AgCpuFunction function;
} AgCpuBuiltIn;

/**
 * AgCpuKernels:
 * @map: kernels by dtype, operation and form; integers are only copied
 * @sum: the same operations by float dtype, summed up
 * @contract: products, each rounded only with the sum that it is added to, by float dtype
 *   and form
 * @sum_end: the value of a sum, by float dtype
 * @multiply_add: c + a · b, rounded after the product as the two operations
 *   are, by the form of a and b and whether c is one element for all
 * @cast: conversions, from any dtype to a float one
 * @rows_times: the products of the rows of a matrix of one to four columns
 *   with a vector, by float dtype and number of columns
 * @split: takes the columns of such a matrix apart: of up to
 *   %AG_CPU_SPLIT_ROWS rows, column j goes to element j × %AG_CPU_SPLIT_ROWS
 * @n_runs: how many runs a batch has; 0 if nothing is gained by that
 * @arguments: what tells a C compiler to compile for the same processor
 * @built_in: whole loops
 *
 * The CPU's kernels, compiled for one instruction set.
 */
typedef struct
{
  AgCpuMap map[AG_N_DTYPES][AG_N_OPS][AG_CPU_N_FORMS];
  AgCpuSum sum[2][AG_N_OPS][AG_CPU_N_FORMS];
  AgCpuSum contract[2][AG_CPU_N_FORMS];
  double (*sum_end[2]) (const AgCpuSums *sums);
  AgCpuMap multiply_add[2][AG_CPU_N_FORMS][2];
  AgCpuMap cast[AG_N_DTYPES][2];
  void (*rows_times[2][AG_CPU_MAX_THIN + 1]) (void *out,
                                              const void *matrix,
                                              const void *vector,
                                              gint64 n);
  void (*split[2][AG_CPU_MAX_THIN + 1]) (void *out,
                                         const void *matrix,
                                         gint n);
  guint n_runs;
  const char *arguments;
  const AgCpuBuiltIn *built_in;
} AgCpuKernels;

extern const AgCpuKernels ag_cpu_kernels_baseline;
extern const AgCpuKernels ag_cpu_kernels_avx2;
extern const AgCpuKernels ag_cpu_kernels_avx512;

extern const AgCpuBuiltIn ag_cpu_built_in_baseline[];
extern const AgCpuBuiltIn ag_cpu_built_in_avx2[];
extern const AgCpuBuiltIn ag_cpu_built_in_avx512[];

const AgCpuKernels *ag_cpu_kernels (const char **isa);

G_END_DECLS
