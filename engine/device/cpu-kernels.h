/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "graph/op.h"

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
typedef void (*AgCpuMap) (void       *out,
                          const void *a,
                          const void *b,
                          const void *c,
                          gint        n);

/**
 * AgCpuSum:
 * @a: first operand
 * @b: second operand, if there is one
 * @n: size of the tile
 *
 * Computes a tile of an operation and sums it up: in a fixed number of lanes
 * of the operation's dtype, which are then added in double precision.
 *
 * Returns: the sum
 */
typedef double (*AgCpuSum) (const void *a,
                            const void *b,
                            gint        n);

/**
 * AgCpuKernels:
 * @map: kernels by dtype, operation and form; integers are only copied
 * @sum: the same operations by float dtype, summed up
 * @multiply_add: c + a · b, rounded after the product as the two operations
 *   are, by the form of a and b
 * @cast: conversions, from any dtype to a float one
 *
 * The CPU's kernels, compiled for one instruction set.
 */
typedef struct
{
  AgCpuMap map[AG_N_DTYPES][AG_N_OPS][AG_CPU_N_FORMS];
  AgCpuSum sum[2][AG_N_OPS][AG_CPU_N_FORMS];
  AgCpuMap multiply_add[2][AG_CPU_N_FORMS];
  AgCpuMap cast[AG_N_DTYPES][2];
} AgCpuKernels;

extern const AgCpuKernels ag_cpu_kernels_baseline;
extern const AgCpuKernels ag_cpu_kernels_avx2;
extern const AgCpuKernels ag_cpu_kernels_avx512;

const AgCpuKernels *ag_cpu_kernels (const char **isa);

G_END_DECLS
