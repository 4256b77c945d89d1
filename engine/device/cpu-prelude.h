/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What the text of a loop (cpu-source.c) leaves open, in plain C with the vector
 * types of GCC and clang: it is compiled when the library is built, and by the
 * system's compiler when the program runs. */

#include "device/cpu-math.h"
#include "device/cpu-sums.h"

#include <string.h>

typedef long long ag_index;
typedef void *ag_slot;

#define AG_POINTER(slot) slots[slot]
#define AG_NUMBER(slot, member) AG_NUMBER_##member (slot)
#define AG_NUMBER_f(slot) (*(const float *) slots[slot])
#define AG_NUMBER_d(slot) (*(const double *) slots[slot])

#define AG_INLINE static inline __attribute__ ((always_inline, unused))
#define AG_RESTRICT restrict
#define AG_PASTE_(a, b) a##_##b
#define AG_PASTE(a, b) AG_PASTE_ (a, b)
#define AG_NAME(name) AG_PASTE (AG_LOOP, name)

#ifdef __clang__
#define AG_UNROLL _Pragma ("unroll")
#else
#define AG_UNROLL _Pragma ("GCC unroll 8")
#endif

#if defined(__AVX512F__)
#define AG_VECTOR_BYTES 64
#elif defined(__AVX__)
#define AG_VECTOR_BYTES 32
#else
#define AG_VECTOR_BYTES 16
#endif

#define AG_WIDTH(T) (AG_VECTOR_BYTES / (int) sizeof (T))

typedef float ag_float32_vector __attribute__ ((vector_size (AG_VECTOR_BYTES)));
typedef double ag_float64_vector __attribute__ ((vector_size (AG_VECTOR_BYTES)));
typedef ag_float32_vector ag_float32_anywhere __attribute__ ((aligned (4), may_alias));
typedef ag_float64_vector ag_float64_anywhere __attribute__ ((aligned (8), may_alias));

#define AG_LOAD(dtype, p) (*(const ag_##dtype##_anywhere *) (p))
#define AG_STORE(dtype, p, v) (*(ag_##dtype##_anywhere *) (p) = (v))
/* Taking 0 away leaves −0 what it is. */
#define AG_SPLAT(dtype, c) ((c) - (ag_##dtype##_vector){ 0 })

AG_CPU_DEFINE_SUMS (float, f32)
AG_CPU_DEFINE_SUMS (double, f64)

/* A loop over elements of one type, from AG_NAME (rows), which goes over whole
 * rows and adds them up in each lane, and AG_NAME (rest), which leaves less than
 * a row in the tails of the sums. */
#define AG_VECTOR_LOOP(T, suffix, n_sums)                                                    \
  AG_LINKAGE void AG_LOOP (const ag_slot *slots, ag_index at, ag_index end, AgCpuSums *sums) \
  {                                                                                          \
    _Alignas(64) T totals[(n_sums) + 1][AG_CPU_LANES (T)];                                   \
    ag_index n_rows;                                                                         \
    for (; at + AG_CPU_BLOCK (T) <= end; at += AG_CPU_BLOCK (T))                             \
      {                                                                                      \
        AG_NAME (rows)                                                                       \
        (slots, at, AG_CPU_ROWS, totals);                                                    \
        for (int k = 0; k < (n_sums); k++)                                                   \
          {                                                                                  \
            add_block_##suffix (&sums[k], totals[k]);                                        \
            end_group_##suffix (&sums[k]);                                                   \
          }                                                                                  \
      }                                                                                      \
    if (at == end)                                                                           \
      return;                                                                                \
    n_rows = (end - at) / AG_CPU_LANES (T);                                                  \
    AG_NAME (rows)                                                                           \
    (slots, at, n_rows, totals);                                                             \
    at += n_rows * AG_CPU_LANES (T);                                                         \
    for (int k = 0; k < (n_sums); k++)                                                       \
      {                                                                                      \
        add_lanes_##suffix (sums[k].rows, 1, totals[k]);                                     \
        sums[k].has_rows = 1;                                                                \
        sums[k].n_tail = (int) (end - at);                                                   \
      }                                                                                      \
    AG_NAME (rest)                                                                           \
    (slots, at, end, sums);                                                                  \
  }

/* A loop over one element. */
#define AG_SINGLE_LOOP(n_sums)                                                               \
  AG_LINKAGE void AG_LOOP (const ag_slot *slots, ag_index at, ag_index end, AgCpuSums *sums) \
  {                                                                                          \
    AG_NAME (rest)                                                                           \
    (slots, at, end, sums);                                                                  \
    for (int k = 0; k < (n_sums); k++)                                                       \
      sums[k].n_tail = 1;                                                                    \
  }
