/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A GPU for the tests, made of loops: blocks one after the other and in each
 * the threads, whose sums are added in the order in which warps add them. */

/* C++'s <cmath> takes as long to read as most texts to compile, so the functions of a
 * number are declared here: for each type one, as a GPU has them. */
#define AG_MATH_1(name)                \
  static inline float name (float a)   \
  {                                    \
    return __builtin_##name##f (a);    \
  }                                    \
  static inline double name (double a) \
  {                                    \
    return __builtin_##name (a);       \
  }
#define AG_MATH_2(name)                          \
  static inline float name (float a, float b)    \
  {                                              \
    return __builtin_##name##f (a, b);           \
  }                                              \
  static inline double name (double a, double b) \
  {                                              \
    return __builtin_##name (a, b);              \
  }

AG_MATH_1 (acos)
AG_MATH_1 (acosh)
AG_MATH_1 (asin)
AG_MATH_1 (asinh)
AG_MATH_1 (atan)
AG_MATH_1 (atanh)
AG_MATH_1 (cbrt)
AG_MATH_1 (ceil)
AG_MATH_1 (cos)
AG_MATH_1 (cosh)
AG_MATH_1 (erf)
AG_MATH_1 (erfc)
AG_MATH_1 (exp)
AG_MATH_1 (exp2)
AG_MATH_1 (expm1)
AG_MATH_1 (fabs)
AG_MATH_1 (floor)
AG_MATH_1 (lgamma)
AG_MATH_1 (log)
AG_MATH_1 (log10)
AG_MATH_1 (log1p)
AG_MATH_1 (log2)
AG_MATH_1 (rint)
AG_MATH_1 (round)
AG_MATH_1 (sin)
AG_MATH_1 (sinh)
AG_MATH_1 (sqrt)
AG_MATH_1 (tan)
AG_MATH_1 (tanh)
AG_MATH_1 (tgamma)
AG_MATH_1 (trunc)
AG_MATH_2 (atan2)
AG_MATH_2 (copysign)
AG_MATH_2 (fmax)
AG_MATH_2 (fmin)
AG_MATH_2 (fmod)
AG_MATH_2 (hypot)
AG_MATH_2 (pow)

static inline float
fma (float a, float b, float c)
{
  return __builtin_fmaf (a, b, c);
}

static inline double
fma (double a, double b, double c)
{
  return __builtin_fma (a, b, c);
}

#include "../../gpu/slots.cuh"

#define AG_INLINE static inline
#define AG_RESTRICT
#define AG_POINTER(slot) slots[slot].p
#define AG_UNROLL

/* A GPU reads a pack by one instruction only if it is aligned to its size. */
#define AG_CHECK_PACK(p, bytes)           \
  if ((unsigned long) (p) % (bytes) != 0) \
    __builtin_trap ();

#include "../../gpu/packs.cuh"

/* The sums of the first lanes, added by those that are half of them apart, then half of that. */
static inline double
ag_lanes_sum (double *lanes, unsigned n)
{
  for (unsigned offset = n / 2; offset > 0; offset /= 2)
    for (unsigned i = 0; i < offset; i++)
      lanes[i] += lanes[i + offset];
  return lanes[0];
}

/* The sum of a value of each thread, which lie step apart: first those of each warp, then the
 * warps'. */
static inline double
ag_block_sum (const double *values, unsigned n_threads, unsigned step)
{
  double warps[32];

  for (unsigned warp = 0; warp < n_threads / 32; warp++)
    {
      double lanes[32];

      for (unsigned i = 0; i < 32; i++)
        lanes[i] = values[(warp * 32 + i) * step];
      warps[warp] = ag_lanes_sum (lanes, 32);
    }
  return ag_lanes_sum (warps, n_threads / 32);
}

/* Lets the threads of a block do their part of a stage, and adds their sums. */
#define AG_RUN_BLOCK(k, n, block, n_blocks, result)                                        \
  double *each = (double *) __builtin_alloca (sizeof (double) * n_threads * AG_COUNT (n)); \
  double result[AG_COUNT (n)];                                                             \
  for (unsigned i = 0; i < n_threads * AG_COUNT (n); i++)                                  \
    each[i] = 0;                                                                           \
  for (unsigned thread = 0; thread < n_threads; thread++)                                  \
    body_##k (slots, sizes, each + thread * AG_COUNT (n),                                  \
              (ag_index) (block) *n_threads + thread, (ag_index) (n_blocks) *n_threads);   \
  for (unsigned i = 0; i < (n); i++)                                                       \
    result[i] = ag_block_sum (each + i, n_threads, AG_COUNT (n));

#define AG_STORE(k, n, totals)       \
  for (unsigned i = 0; i < (n); i++) \
    store_##k (slots, (int) i, totals[i]);

#define AG_STAGE(k, n, least)                                                              \
  static void block_##k (const ag_slot *slots, const ag_index *sizes, unsigned block,      \
                         unsigned n_blocks, unsigned n_threads)                            \
  {                                                                                        \
    AG_RUN_BLOCK (k, n, block, n_blocks, totals)                                           \
    for (unsigned i = 0; i < (n); i++)                                                     \
      ((double *) slots[AG_N_SLOTS].p)[i * n_blocks + block] = totals[i];                  \
  }                                                                                        \
  extern "C" void stage_##k (const ag_arguments *a, unsigned n_blocks, unsigned n_threads) \
  {                                                                                        \
    for (unsigned block = 0; block < n_blocks; block++)                                    \
      block_##k (a->slots, a->sizes, block, n_blocks, n_threads);                          \
  }

#define AG_FINISH_BEGIN(k, n)                                                      \
  extern "C" void finish_##k (const ag_arguments *a, unsigned, unsigned n_threads) \
  {                                                                                \
    const ag_slot *slots = a->slots;                                               \
    const ag_index *sizes = a->sizes;                                              \
    const double *partial = (const double *) slots[AG_N_SLOTS].p;                  \
    const unsigned n_partial = (unsigned) slots[AG_N_SLOTS + 1].i;                 \
    double *each = (double *) __builtin_alloca (sizeof (double) * n_threads);      \
    double totals[AG_COUNT (n)];                                                   \
    for (unsigned i = 0; i < (n); i++)                                             \
      {                                                                            \
        for (unsigned thread = 0; thread < n_threads; thread++)                    \
          {                                                                        \
            each[thread] = 0;                                                      \
            for (unsigned at = thread; at < n_partial; at += n_threads)            \
              each[thread] += partial[i * n_partial + at];                         \
          }                                                                        \
        totals[i] = ag_block_sum (each, n_threads, 1);                             \
      }                                                                            \
    AG_STORE (k, n, totals)
#define AG_FINISH_END }

#define AG_STEP_BEGIN                                                                \
  static void step (const ag_slot *slots, const ag_index *sizes, unsigned n_threads) \
  {
#define AG_RUN(k, n)                  \
  {                                   \
    AG_RUN_BLOCK (k, n, 0, 1, totals) \
    AG_STORE (k, n, totals)           \
  }
#define AG_STEP_END }

#define AG_STEPS_BEGIN                                                    \
  extern "C" void steps (const ag_steps *a, unsigned, unsigned n_threads) \
  {                                                                       \
    for (ag_index number = 0; number < a->n_steps; number++)              \
      {                                                                   \
        const ag_slot *slots = a->table + number * AG_ROW;                \
        switch (AG_N_PLANS > 1 ? slots[AG_ROW - 1].i : 0)                 \
          {
#define AG_STEPS_PLAN(p)                         \
  case p:                                        \
    plan_##p::step (slots, a->sizes, n_threads); \
    break;
#define AG_STEPS_END \
  }                  \
  }                  \
  }

#define AG_RUNS(least)                                                                     \
  extern "C" void runs (const ag_runs *a, unsigned n_blocks, unsigned n_threads)           \
  {                                                                                        \
    for (ag_index block = 0; block < n_blocks; block++)                                    \
      for (ag_index number = 0; number < a->tasks[block].n_steps; number++)                \
        {                                                                                  \
          const ag_index turn = (a->tasks[block].turn + number) % 2;                       \
          const ag_slot *varying = a->varying + (block * a->most + number) * a->n_varying; \
          ag_slot row[AG_N_SLOTS];                                                         \
          for (int i = 0; i < AG_N_SLOTS; i++)                                             \
            row[i] = a->rows[(block * 2 + turn) * AG_N_SLOTS + i];                         \
          for (ag_index i = 0; i < a->n_varying; i++)                                      \
            row[a->which[i]] = varying[i];                                                 \
          plan_0::step (row, a->sizes, n_threads);                                         \
          const char *at = (const char *) row[a->result].p + a->result_offset;             \
          const double result = a->is_double ? *(const double *) at : *(const float *) at; \
          a->results[block * a->most + number] = result;                                   \
          if (!(result - result == 0))                                                     \
            break;                                                                         \
        }                                                                                  \
  }
