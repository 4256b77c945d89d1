/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The source of a plan (gpu-source.c) needs these definitions, in CUDA C++. Elements are dealt out
 * over all threads; a block adds its threads' sums in each warp and then over the warps; blocks
 * leave their sums to be added by one more block. Nothing depends on which thread is first, so the
 * same bits come of it every time. */

#include "slots.cuh"

#define AG_INLINE static __device__ __forceinline__
#define AG_RESTRICT
#define AG_POINTER(slot) ag_global (slots[slot].p)
#define AG_UNROLL _Pragma ("unroll")
#define AG_CHECK_PACK(p, bytes)

/* Tells the compiler that this is no shared memory. */
AG_INLINE void *
ag_global (void *p)
{
  __builtin_assume (__isGlobal (p));
  return p;
}

#include "packs.cuh"

/* The least power of two that is not less than n, up to 16. */
#define AG_POWER(n) ((n) <= 1 ? 1 : (n) <= 2 ? 2 : (n) <= 4 ? 4 : (n) <= 8 ? 8 : 16)

/* Adds N values of each thread over LANES neighbours in its warp, all at once: while there
 * are several, half of the threads go on with half of the values and the other half with
 * the others. What is added to what, and so each bit, is as if each value were added alone,
 * by threads LANES / 2 apart, then half of that, down to neighbours. Thread t has the sum of
 * value t / (LANES / N), as values[0]. */
template <int LANES, int N>
struct ag_warp
{
  static __device__ __forceinline__ void
  sums (double *values)
  {
    const bool is_upper = (threadIdx.x & (LANES / 2)) != 0;

    AG_UNROLL
    for (int i = 0; i < N / 2; i++)
      {
        const double kept = is_upper ? values[i + N / 2] : values[i];
        const double sent = is_upper ? values[i] : values[i + N / 2];

        values[i] = kept + __shfl_xor_sync (0xffffffffu, sent, LANES / 2);
      }
    ag_warp<LANES / 2, N / 2>::sums (values);
  }
};

template <int LANES>
struct ag_warp<LANES, 1>
{
  static __device__ __forceinline__ void
  sums (double *values)
  {
    AG_UNROLL
    for (int offset = LANES / 2; offset > 0; offset /= 2)
      values[0] += __shfl_xor_sync (0xffffffffu, values[0], offset);
  }
};

/* How many sums a block adds at once. */
#define AG_AT_ONCE 16

/* Adds totals FROM to FROM + N over a block of WARPS warps: each warp its threads', and then
 * warp i all warps' sum i, which it hands to store. Whoever calls this again waits for the
 * block in between. */
template <int WARPS, int FROM, int N, typename Store>
AG_INLINE void
ag_some_block_sums (double (*warps)[WARPS], const double *totals, Store store)
{
  const unsigned lane = threadIdx.x % 32, warp = threadIdx.x / 32;
  const unsigned each = 32 / AG_POWER (N);
  double values[AG_POWER (N)];

  AG_UNROLL
  for (int i = 0; i < AG_POWER (N); i++)
    values[i] = i < N ? totals[FROM + i] : 0;
  ag_warp<32, AG_POWER (N)>::sums (values);
  if (lane % each == 0 && lane / each < N)
    warps[lane / each][warp] = values[0];
  __syncthreads ();
  for (unsigned i = warp; i < N; i += WARPS)
    {
      double value = warps[i][lane % WARPS];

      ag_warp<WARPS, 1>::sums (&value);
      if (lane == 0)
        store (FROM + (int) i, value);
      /* Otherwise the compiler makes a loop of it. */
      if (N <= WARPS)
        break;
    }
}

/* Does so for all N of them, some at a time. */
template <int WARPS, int FROM, int N, bool IS_MORE>
struct ag_block
{
  template <typename Store>
  static __device__ __forceinline__ void
  sums (double (*warps)[WARPS], const double *totals, Store store)
  {
    ag_some_block_sums<WARPS, FROM, AG_AT_ONCE> (warps, totals, store);
    __syncthreads ();
    ag_block<WARPS, FROM + AG_AT_ONCE, N, (N - FROM > 2 * AG_AT_ONCE)>::sums (warps, totals, store);
  }
};

template <int WARPS, int FROM, int N>
struct ag_block<WARPS, FROM, N, false>
{
  template <typename Store>
  static __device__ __forceinline__ void
  sums (double (*warps)[WARPS], const double *totals, Store store)
  {
    ag_some_block_sums<WARPS, FROM, N - FROM> (warps, totals, store);
  }
};

template <int WARPS, int N, typename Store>
AG_INLINE void
ag_block_sums (const double (&totals)[N], Store store)
{
  __shared__ double warps[AG_AT_ONCE][WARPS];

  ag_block<WARPS, 0, N, (N > AG_AT_ONCE)>::sums (warps, totals, store);
}

/* A stage over all blocks. */
#define AG_STAGE(k, n, n_blocks) \
  extern "C" __global__ void __launch_bounds__ (AG_STAGE_THREADS, n_blocks) \
  stage_##k (const ag_arguments a) \
  { \
    double totals[AG_COUNT (n)] = {}; \
    body_##k (a.slots, a.sizes, totals, (ag_index) blockIdx.x * blockDim.x + threadIdx.x, \
              (ag_index) gridDim.x * blockDim.x); \
    if ((n) > 0) \
      ag_block_sums<AG_STAGE_THREADS / 32> (totals, [&] (int which, double total) { \
        ((double *) a.slots[AG_N_SLOTS].p)[which * gridDim.x + blockIdx.x] = total; \
      }); \
  }

/* One block that adds what the blocks of a stage left, and goes on with small stages. */
#define AG_FINISH_BEGIN(k, n) \
  extern "C" __global__ void __launch_bounds__ (AG_STAGE_THREADS) finish_##k (const ag_arguments a) \
  { \
    enum { WARPS = AG_STAGE_THREADS / 32 }; \
    const ag_slot *slots = a.slots; \
    const ag_index *sizes = a.sizes; \
    if ((n) > 0) \
      { \
        const double *partial = (const double *) slots[AG_N_SLOTS].p; \
        const unsigned n_partial = (unsigned) slots[AG_N_SLOTS + 1].i; \
        double totals[AG_COUNT (n)] = {}; \
        for (unsigned at = threadIdx.x; at < n_partial; at += AG_STAGE_THREADS) \
          AG_UNROLL \
          for (int i = 0; i < (n); i++) \
            totals[i] += partial[i * n_partial + at]; \
        ag_block_sums<WARPS> (totals, [&] (int which, double total) { store_##k (slots, which, total); }); \
        __syncthreads (); \
      }
#define AG_FINISH_END \
  }

/* A stage in one block. */
#define AG_RUN(k, n) \
  { \
    double totals[AG_COUNT (n)] = {}; \
    body_##k (slots, sizes, totals, threadIdx.x, 32 * WARPS); \
    if ((n) > 0) \
      ag_block_sums<WARPS> (totals, [&] (int which, double total) { store_##k (slots, which, total); }); \
    __syncthreads (); \
  }

#define AG_STEP_BEGIN \
  AG_INLINE void \
  step (const ag_slot *slots, const ag_index *sizes) \
  { \
    enum { WARPS = AG_STEPS_THREADS / 32 };
#define AG_STEP_END \
  }

/* Many steps by one block, which has the multiprocessor for itself. While a step is taken, the row of
 * the next one is on its way from the table to the block's shared memory. */
#define AG_STEPS_BEGIN \
  extern "C" __global__ void __launch_bounds__ (AG_STEPS_THREADS, 1) steps (const ag_steps a) \
  { \
    __shared__ ag_slot rows[2][AG_ROW <= AG_STEPS_THREADS ? AG_ROW : 1]; \
    const bool is_shared = AG_ROW <= AG_STEPS_THREADS; \
    const bool is_mine = is_shared && threadIdx.x < AG_ROW; \
    ag_slot next = {}; \
    if (is_mine) \
      rows[0][threadIdx.x] = a.table[threadIdx.x]; \
    if (is_mine && a.n_steps > 1) \
      next = a.table[AG_ROW + threadIdx.x]; \
    __syncthreads (); \
    for (ag_index number = 0; number < a.n_steps; number++) \
      { \
        const ag_slot *slots = is_shared ? rows[number % 2] : a.table + number * AG_ROW; \
        const ag_index *sizes = a.sizes; \
        if (is_mine) \
          rows[(number + 1) % 2][threadIdx.x] = next; \
        if (is_mine && number + 2 < a.n_steps) \
          next = a.table[(number + 2) * AG_ROW + threadIdx.x]; \
        switch (AG_N_PLANS > 1 ? slots[AG_ROW - 1].i : 0) \
          {
#define AG_STEPS_PLAN(p) \
          case p: \
            plan_##p::step (slots, sizes); \
            break;
#define AG_STEPS_END \
          } \
      } \
  }

/* Reads the result of the step whose slots these are. */
AG_INLINE double
ag_result (const ag_runs &a, const ag_slot *slots)
{
  const char *at = (const char *) AG_POINTER (a.result) + a.result_offset;

  return a.is_double ? *(const double *) at : (double) *(const float *) at;
}

/* Many runs, a block each. Before a step is taken, the varying numbers of the next one are written to
 * its row. Each thread reads a step's result, so that all of them end with one that is not finite.
 * It is not written again before the step after the next, and there is a barrier between. */
#define AG_RUNS(n_blocks) \
  extern "C" __global__ void __launch_bounds__ (AG_STEPS_THREADS, n_blocks) \
  runs (const ag_runs a) \
  { \
    __shared__ ag_slot rows[2][AG_N_SLOTS]; \
    const ag_task task = a.tasks[blockIdx.x]; \
    for (unsigned i = threadIdx.x; i < 2 * AG_N_SLOTS; i += AG_STEPS_THREADS) \
      (&rows[0][0])[i] = a.rows[(ag_index) blockIdx.x * 2 * AG_N_SLOTS + i]; \
    __syncthreads (); \
    for (ag_index number = -1; number < task.n_steps; number++) \
      { \
        const ag_index turn = (task.turn + number) & 1; \
        if (threadIdx.x < a.n_varying && number + 1 < task.n_steps) \
          rows[1 - turn][a.which[threadIdx.x]] \
            = a.varying[(blockIdx.x * a.most + number + 1) * a.n_varying + threadIdx.x]; \
        if (number < 0) \
          { \
            __syncthreads (); \
            continue; \
          } \
        plan_0::step (rows[turn], a.sizes); \
        const double result = ag_result (a, rows[turn]); \
        if (threadIdx.x == 0) \
          a.results[blockIdx.x * a.most + number] = result; \
        if (!(result - result == 0)) \
          break; \
      } \
  }
