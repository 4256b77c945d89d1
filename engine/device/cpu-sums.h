/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Plain C: loops that are compiled at run time include it too. */

#define AG_CPU_SUM_LANES_BYTES 128

/* Elements of a type in a row of lanes, and in a block. */
#define AG_CPU_LANES(T) (AG_CPU_SUM_LANES_BYTES / (int) sizeof (T))
#define AG_CPU_ROWS 16
#define AG_CPU_BLOCK(T) (AG_CPU_ROWS * AG_CPU_LANES (T))

/* How many rows a group of 16 blocks has. */
#define AG_CPU_GROUP_ROWS (16 * AG_CPU_ROWS)

/**
 * AgCpuSums:
 * @rows: lanes of the rows that do not fill a block
 * @blocks: lanes of the blocks that do not fill a group
 * @groups: lanes of the groups
 * @tail: the elements that do not fill a row
 * @n_blocks: number of blocks in @blocks
 * @n_groups: number of groups in @groups
 * @has_rows: whether there is anything in @rows
 * @n_tail: number of elements in @tail
 *
 * A sum on its way, as PyTorch adds: an element goes to one of so many lanes
 * of its own type, 16 rows of lanes are added to a block, the blocks' lanes to
 * groups of 16, and so on; errors then grow with the logarithm of the count.
 * Lanes of nothing are not set.
 *
 * See: aten/src/ATen/native/cpu/SumKernel.cpp of PyTorch, "cascade sum"
 */
typedef struct
{
  _Alignas(64) char rows[AG_CPU_SUM_LANES_BYTES];
  char blocks[AG_CPU_SUM_LANES_BYTES];
  char groups[AG_CPU_SUM_LANES_BYTES];
  char tail[AG_CPU_SUM_LANES_BYTES];
  int n_blocks;
  int n_groups;
  int has_rows;
  int n_tail;
} AgCpuSums;

static inline void
ag_cpu_sums_init (AgCpuSums *sums)
{
  sums->n_blocks = sums->n_groups = sums->has_rows = sums->n_tail = 0;
}

/* A quarter of the lanes is one of PyTorch's vectors. */
#define AG_CPU_QUARTER_BYTES (AG_CPU_SUM_LANES_BYTES / 4)
#define AG_CPU_QUARTER(T) (AG_CPU_QUARTER_BYTES / (int) sizeof (T))

/* For the type T: add_lanes_<suffix>() adds a row of lanes to another,
 * add_block_<suffix>() a block's lanes to a sum, end_group_<suffix>() makes a
 * group of 16 of them, and end_lanes_<suffix>() is the value of a sum: its lanes and the
 * elements that do not fill a row. The last lanes are added one by one, for which compilers
 * would shuffle them in registers, though they are faster read from memory. */
#define AG_CPU_DEFINE_SUMS(T, suffix)                                     \
  typedef T ag_cpu_quarter_##suffix                                       \
    __attribute__ ((vector_size (AG_CPU_QUARTER_BYTES), may_alias));      \
  static inline double end_lanes_##suffix (const void *lanes,             \
                                           const void *tail, int n_tail)  \
  {                                                                       \
    const ag_cpu_quarter_##suffix *quarters = lanes, *whole = tail;       \
    const T *rest = tail;                                                 \
    ag_cpu_quarter_##suffix sum = quarters[0];                            \
    union                                                                 \
    {                                                                     \
      ag_cpu_quarter_##suffix quarter;                                    \
      T elements[AG_CPU_QUARTER (T)];                                     \
    } each;                                                               \
    T total = 0;                                                          \
    int n_whole = n_tail / AG_CPU_QUARTER (T);                            \
    for (int v = 0; v < n_whole; v++)                                     \
      sum += whole[v];                                                    \
    for (int v = 1; v < 4; v++)                                           \
      sum += quarters[v];                                                 \
    for (int i = n_whole * AG_CPU_QUARTER (T); i < n_tail; i++)           \
      total += rest[i];                                                   \
    each.quarter = sum;                                                   \
    __asm__(""                                                            \
            : "+m"(each));                                                \
    for (int l = 0; l < AG_CPU_QUARTER (T); l++)                          \
      total += each.elements[l];                                          \
    return (double) total;                                                \
  }                                                                       \
  static inline void add_lanes_##suffix (char *sum_, int is_first,        \
                                         const T *lanes)                  \
  {                                                                       \
    T *sum = (T *) sum_;                                                  \
    if (is_first)                                                         \
      for (int l = 0; l < AG_CPU_LANES (T); l++)                          \
        sum[l] = lanes[l];                                                \
    else                                                                  \
      for (int l = 0; l < AG_CPU_LANES (T); l++)                          \
        sum[l] += lanes[l];                                               \
  }                                                                       \
  static inline void add_block_##suffix (AgCpuSums *sums, const T *lanes) \
  {                                                                       \
    add_lanes_##suffix (sums->blocks, sums->n_blocks++ == 0, lanes);      \
  }                                                                       \
  static inline void end_group_##suffix (AgCpuSums *sums)                 \
  {                                                                       \
    if (sums->n_blocks < 16)                                              \
      return;                                                             \
    add_lanes_##suffix (sums->groups, sums->n_groups++ == 0,              \
                        (const T *) sums->blocks);                        \
    sums->n_blocks = 0;                                                   \
  }
