/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The text of a loop (cpu-source.c) needs these definitions. They are plain C with the vector types
 * of GCC and clang, and are compiled twice: when the library is built, and by the system's compiler
 * when the program runs. */

#include "device/cpu-math.h"
#include "device/cpu-sums.h"
#include "device/cpu-vectors.h"

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

/* Whether the lanes of a vector are of a size that says that sums have all of their bits. */
typedef int ag_float32_mask __attribute__ ((vector_size (AG_VECTOR_BYTES)));
typedef long long ag_float64_mask __attribute__ ((vector_size (AG_VECTOR_BYTES)));

#define AG_ALL(dtype) (~(ag_##dtype##_mask){ 0 })
#define AG_ARE_BETWEEN(v, least, most) \
  ((((v) > (least)) & ((v) < (most))) | (((v) < -(least)) & ((v) > -(most))))
#define AG_ARE_SURE(dtype, v) AG_ARE_SURE_##dtype (v)
#define AG_ARE_SURE_float32(v) AG_ARE_BETWEEN (v, 0x1p-90f, 0x1p120f)
#define AG_ARE_SURE_float64(v) AG_ARE_BETWEEN (v, 0x1p-900, 0x1p1000)

/* A bit for each lane of a mask that is not set. */
#define AG_BITS_MISSING(dtype, mask) missing_##dtype (mask)
#define AG_DEFINE_MISSING(dtype)                             \
  static inline int missing_##dtype (ag_##dtype##_mask mask) \
  {                                                          \
    const int n = sizeof mask / sizeof mask[0];              \
    int bits = 0;                                            \
    for (int l = 0; l < n; l++)                              \
      bits |= (int) (~mask[l] & 1) << l;                     \
    return bits;                                             \
  }
AG_DEFINE_MISSING (float32)
AG_DEFINE_MISSING (float64)

/* The value of a sum of each of as many runs, in the order of end_lanes_f32 (). */
#define AG_DEFINE_END(T, dtype)                                                                \
  AG_INLINE ag_##dtype##_vector end_runs_##dtype (const ag_##dtype##_vector *lanes,            \
                                                  const ag_##dtype##_vector *tail, int n_tail) \
  {                                                                                            \
    enum                                                                                       \
    {                                                                                          \
      N = AG_CPU_QUARTER (T)                                                                   \
    };                                                                                         \
    const int n_whole = n_tail / N * N;                                                        \
    ag_##dtype##_vector total = { 0 };                                                         \
                                                                                               \
    for (int i = n_whole; i < n_tail; i++)                                                     \
      total += tail[i];                                                                        \
    for (int l = 0; l < N; l++)                                                                \
      {                                                                                        \
        ag_##dtype##_vector sum = lanes[l];                                                    \
                                                                                               \
        for (int i = l; i < n_whole; i += N)                                                   \
          sum += tail[i];                                                                      \
        total += sum + lanes[N + l] + lanes[2 * N + l] + lanes[3 * N + l];                     \
      }                                                                                        \
    return total;                                                                              \
  }
AG_DEFINE_END (float, float32)
AG_DEFINE_END (double, float64)

/* A loop of a batch, whose elements are less than a group of blocks. Returns a bit for each run whose
 * sums may not have all of their bits. */
#define AG_BATCH_LOOP(T, dtype, n_sums)                                                    \
  AG_LINKAGE int AG_LOOP (const ag_slot *slots, ag_index at, ag_index end, double *unused) \
  {                                                                                        \
    ag_##dtype##_vector lanes[(n_sums) + 1][AG_CPU_LANES (T)];                             \
    const ag_index n_rows = (end - at) / AG_CPU_LANES (T);                                 \
    const ag_index n_tail = (end - at) % AG_CPU_LANES (T);                                 \
    int unsure = 0;                                                                        \
                                                                                           \
    for (int r = 0; r < AG_RUNS; r += AG_WIDTH (T))                                        \
      {                                                                                    \
        if (n_rows <= 0)                                                                   \
          memset (lanes, 0, sizeof lanes);                                                 \
        for (ag_index row = 0; row < n_rows; row += AG_CPU_ROWS)                           \
          AG_NAME (rows)                                                                   \
        (slots, at + row * AG_CPU_LANES (T),                                               \
         n_rows - row < AG_CPU_ROWS ? n_rows - row : AG_CPU_ROWS, lanes, row == 0, r);     \
        AG_END_BATCH (T, dtype, n_sums)                                                    \
      }                                                                                    \
    return unsure;                                                                         \
  }

/* One of so few elements that they fill no row. */
#define AG_SHORT_BATCH_LOOP(T, dtype, n_sums)                                              \
  AG_LINKAGE int AG_LOOP (const ag_slot *slots, ag_index at, ag_index end, double *unused) \
  {                                                                                        \
    static ag_##dtype##_vector lanes[(n_sums) + 1][AG_CPU_LANES (T)];                      \
    const ag_index n_tail = end - at;                                                      \
    int unsure = 0;                                                                        \
                                                                                           \
    for (int r = 0; r < AG_RUNS; r += AG_WIDTH (T))                                        \
      {                                                                                    \
        AG_END_BATCH (T, dtype, n_sums)                                                    \
      }                                                                                    \
    return unsure;                                                                         \
  }

#define AG_END_BATCH(T, dtype, n_sums)                              \
  ag_##dtype##_vector tails[(n_sums) + 1][AG_CPU_LANES (T)];        \
  ag_##dtype##_vector totals[(n_sums) + 1];                         \
                                                                    \
  AG_NAME (rest)                                                    \
  (slots, end - n_tail, end, tails, r);                             \
  for (int k = 0; k < (n_sums); k++)                                \
    totals[k] = end_runs_##dtype (lanes[k], tails[k], (int) n_tail) \
                * (T) AG_NAME (power) (k);                          \
  AG_NAME (end)                                                     \
  (slots, totals, r);                                               \
  unsure |= AG_NAME (unsure) (totals, lanes) << r;

#if defined(__clang__)
#define AG_NO_ALIAS _Pragma ("clang loop vectorize(assume_safety)")
#else
#define AG_NO_ALIAS _Pragma ("GCC ivdep")
#endif
