/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The text of a loop (gpu-source-loop.c) needs these definitions, on GPUs and on the host that
 * stands in for one: adjacent elements are read and written in packs of 16 bytes, by one
 * instruction. */

template <typename T, int N>
struct alignas (sizeof (T) * N) ag_pack
{
  T at[N];
};

/* The number of elements in a pack, as a type. */
template <int N>
struct ag_width
{
  enum
  {
    n = N
  };
};

template <int N, typename T>
AG_INLINE ag_pack<T, N>
ag_load (const T *from)
{
  AG_CHECK_PACK (from, sizeof (T) * N)
  return *(const ag_pack<T, N> *) from;
}

template <typename T, int N>
AG_INLINE void
ag_store (T *to, const ag_pack<T, N> &values)
{
  AG_CHECK_PACK (to, sizeof (T) * N)
  *(ag_pack<T, N> *) to = values;
}

/* Quotient and remainder of numbers that are not negative. A GPU divides numbers of 32 bits much
 * faster than those of 64. */
AG_INLINE ag_index
ag_divide (ag_index a, ag_index b)
{
  return ((a | b) >> 32) == 0 ? (ag_index) ((unsigned) a / (unsigned) b) : a / b;
}

AG_INLINE ag_index
ag_remainder (ag_index a, ag_index b)
{
  return ((a | b) >> 32) == 0 ? (ag_index) ((unsigned) a % (unsigned) b) : a % b;
}

/* Deals n elements out: thread first of stride takes each stride-th pack, and what is left at
 * the end goes to the first threads, an element each. After each CHAIN elements, and at the end,
 * what was summed up is added in double precision. */
template <int N, int CHAIN, typename Compute, typename Add>
AG_INLINE void
ag_packs (ag_index n, ag_index first, ag_index stride, Compute compute, Add add)
{
  ag_index at = first * N;

  while (at + N <= n)
    {
      for (int k = 0; k < CHAIN / N && at + N <= n; k++, at += stride * N)
        compute (ag_width<N> (), at);
      add ();
    }
  if (N > 1 && first < n % N)
    {
      compute (ag_width<1> (), n - n % N + first);
      add ();
    }
}
