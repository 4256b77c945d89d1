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

#define AG_LIKELY(condition) __builtin_expect (condition, 1)
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
/* Where there are registers enough, an element that is needed more than once is loaded once:
 * a compiler that does not know that would read it from memory each time. */
#if defined(__AVX512F__)
#define AG_KEEP(v) __asm__("" \
                           : "+v"(v))
#else
#define AG_KEEP(v) ((void) 0)
#endif
#define AG_ADD(dtype, p, v) AG_STORE (dtype, p, AG_LOAD (dtype, p) + (v))
/* Taking 0 away leaves −0 what it is. */
#define AG_SPLAT(dtype, c) ((c) - (ag_##dtype##_vector){ 0 })

/* Whether a sum has all of its bits though a factor was left out of what it adds up: what it
 * added must not have been so small that bits were lost, nor so large that there are none. Signs
 * are random, so that there is no branch here. */
#define AG_IS_SURE(dtype, total) AG_IS_SURE_##dtype (__builtin_fabs (total))
#define AG_IS_SURE_float32(size) (((size) > 0x1p-90) & ((size) < 0x1p120))
#define AG_IS_SURE_float64(size) (((size) > 0x1p-900) & ((size) < 0x1p1000))

AG_CPU_DEFINE_SUMS (float, f32)
AG_CPU_DEFINE_SUMS (double, f64)

/* A loop over elements of one type, from AG_NAME (rows), which goes over whole rows and adds
 * them up in each lane, and AG_NAME (rest), which computes less than a row. Sums are those of
 * AgCpuSums; lanes begin with +0, so that adding the first value leaves it what it is. They need
 * not be set to that, which would take as long as some rows: the sums of the first rows, which
 * began with +0 too, are stored there. The rest comes first, since nothing has to wait for it
 * then. Returns 0 if the bits of a sum may not be right, since a factor was left out of it
 * (cpu-factors.c). */
#define AG_VECTOR_LOOP(T, suffix, n_sums)                                                      \
  AG_LINKAGE int AG_LOOP (const ag_slot *slots, ag_index at, ag_index end, double *totals)     \
  {                                                                                            \
    _Alignas(64) T lanes[(n_sums) + 1][AG_CPU_LANES (T)];                                      \
    _Alignas(64) T groups[(n_sums) + 1][AG_CPU_LANES (T)];                                     \
    _Alignas(64) T tails[(n_sums) + 1][AG_CPU_LANES (T)];                                      \
    const ag_index n_rows = (end - at) / AG_CPU_LANES (T);                                     \
    const ag_index n_tail = (end - at) % AG_CPU_LANES (T);                                     \
    ag_index row = 0, n;                                                                       \
                                                                                               \
    AG_NAME (rest)                                                                             \
    (slots, end - n_tail, end, tails);                                                         \
    if (n_rows <= 0)                                                                           \
      memset (lanes, 0, sizeof lanes);                                                         \
    if (n_rows >= AG_CPU_GROUP_ROWS)                                                           \
      memset (groups, 0, sizeof groups);                                                       \
    for (; row < n_rows; row += n)                                                             \
      {                                                                                        \
        n = n_rows - row < AG_CPU_ROWS ? n_rows - row : AG_CPU_ROWS;                           \
        AG_NAME (rows)                                                                         \
        (slots, at + row * AG_CPU_LANES (T), n, lanes, row == 0);                              \
        if ((row + n) % AG_CPU_GROUP_ROWS > 0)                                                 \
          continue;                                                                            \
        for (int k = 0; k < (n_sums); k++)                                                     \
          add_lanes_##suffix ((char *) groups[k], 0, lanes[k]);                                \
        memset (lanes, 0, sizeof lanes);                                                       \
      }                                                                                        \
    if (n_rows >= AG_CPU_GROUP_ROWS)                                                           \
      for (int k = 0; k < (n_sums); k++)                                                       \
        add_lanes_##suffix ((char *) lanes[k], 0, groups[k]);                                  \
    for (int k = 0; k < (n_sums); k++)                                                         \
      totals[k] = end_lanes_##suffix (lanes[k], tails[k], (int) n_tail) * AG_NAME (power) (k); \
    return AG_NAME (is_sure) (totals, lanes);                                                  \
  }

/* The head of a loop over one element, which returns 1. */
#define AG_SINGLE_LOOP \
  AG_LINKAGE int AG_LOOP (const ag_slot *slots, ag_index at, ag_index end, double *totals)
