/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The kernels of one dtype: cpu-kernels.c includes this with T the C type and
 * NAMED (name) making names of that dtype. */

#define LANES AG_CPU_LANES (T)
#define BLOCK AG_CPU_BLOCK (T)

static double
NAMED (sum_end) (const AgCpuSums *sums)
{
  const T *rows = (const T *) sums->rows, *blocks = (const T *) sums->blocks;
  const T *groups = (const T *) sums->groups;
  _Alignas(64) T lanes[LANES];

  for (gint l = 0; l < LANES; l++)
    lanes[l] = sums->has_rows ? rows[l] : 0;
  for (gint l = 0; sums->n_blocks > 0 && l < LANES; l++)
    lanes[l] += blocks[l];
  for (gint l = 0; sums->n_groups > 0 && l < LANES; l++)
    lanes[l] += groups[l];
  return NAMED (end_lanes) (lanes, sums->tail, sums->n_tail);
}

#define MAP(name, load_a, load_b, formula)                \
  static void NAMED (name) (void *restrict out_,          \
                            const void *a_,               \
                            G_GNUC_UNUSED const void *b_, \
                            G_GNUC_UNUSED const void *c_, \
                            gint n)                       \
  {                                                       \
    T *restrict out = out_;                               \
    G_GNUC_UNUSED const T *as = a_, *bs = b_;             \
    for (gint i = 0; i < n; i++)                          \
      {                                                   \
        G_GNUC_UNUSED const T a = load_a, b = load_b;     \
        out[i] = (T) (formula);                           \
      }                                                   \
  }

#define ELEMENT(target, index, load_a, load_b, formula, add) \
  {                                                          \
    const gint i = index;                                    \
    G_GNUC_UNUSED const T a = load_a, b = load_b;            \
    add (target, formula);                                   \
  }

/* A sum may add what is rounded already, or a product that is rounded only with the sum. */
#define STORE(target, formula) target = (T) (formula)
#define ADD(target, formula) target += (T) (formula)
#define CONTRACT(target, formula) target = fma (a, b, target)

/* Two blocks are summed at a time, because their additions do not depend on each other and can
 * overlap in the processor. */
#define SUM(name, load_a, load_b, formula, add)                                  \
  static void NAMED (name) (const void *a_,                                      \
                            G_GNUC_UNUSED const void *b_,                        \
                            gint n,                                              \
                            AgCpuSums *sums)                                     \
  {                                                                              \
    G_GNUC_UNUSED const T *as = a_, *bs = b_;                                    \
    gint start = 0;                                                              \
    for (; start + 2 * BLOCK <= n; start += 2 * BLOCK)                           \
      {                                                                          \
        T one[LANES] = { 0 }, two[LANES] = { 0 };                                \
        for (gint row = start; row < start + BLOCK; row += LANES)                \
          {                                                                      \
            for (gint l = 0; l < LANES; l++)                                     \
              ELEMENT (one[l], row + l, load_a, load_b, formula, add)            \
            for (gint l = 0; l < LANES; l++)                                     \
              ELEMENT (two[l], row + BLOCK + l, load_a, load_b, formula, add)    \
          }                                                                      \
        NAMED (add_block)                                                        \
        (sums, one);                                                             \
        NAMED (add_block)                                                        \
        (sums, two);                                                             \
      }                                                                          \
    for (; start + BLOCK <= n; start += BLOCK)                                   \
      {                                                                          \
        T one[LANES] = { 0 };                                                    \
        for (gint row = start; row < start + BLOCK; row += LANES)                \
          for (gint l = 0; l < LANES; l++)                                       \
            ELEMENT (one[l], row + l, load_a, load_b, formula, add)              \
        NAMED (add_block)                                                        \
        (sums, one);                                                             \
      }                                                                          \
    NAMED (end_group)                                                            \
    (sums);                                                                      \
    if (start == n)                                                              \
      return;                                                                    \
    T rows[LANES] = { 0 };                                                       \
    for (; start + LANES <= n; start += LANES)                                   \
      for (gint l = 0; l < LANES; l++)                                           \
        ELEMENT (rows[l], start + l, load_a, load_b, formula, add)               \
    NAMED (add_lanes)                                                            \
    (sums->rows, TRUE, rows);                                                    \
    sums->has_rows = TRUE;                                                       \
    sums->n_tail = n - start;                                                    \
    for (gint l = 0; l < sums->n_tail; l++)                                      \
      ELEMENT (((T *) sums->tail)[l], start + l, load_a, load_b, formula, STORE) \
  }

#define AG_UNARY(name, formula, da)   \
  MAP (map_##name, as[i], 0, formula) \
  SUM (sum_##name, as[i], 0, formula, ADD)
#define AG_BINARY(name, formula, da, db)            \
  MAP (map_##name##_vv, as[i], bs[i], formula)      \
  MAP (map_##name##_vs, as[i], bs[0], formula)      \
  MAP (map_##name##_sv, as[0], bs[i], formula)      \
  SUM (sum_##name##_vv, as[i], bs[i], formula, ADD) \
  SUM (sum_##name##_vs, as[i], bs[0], formula, ADD) \
  SUM (sum_##name##_sv, as[0], bs[i], formula, ADD)
/* Operations of three operands are rare, so there is one form of them, whose operands are all
 * tiles. */
#define AG_TERNARY(name, formula, da, db, dc)          \
  static void NAMED (map_##name) (void *restrict out_, \
                                  const void *a_,      \
                                  const void *b_,      \
                                  const void *c_,      \
                                  gint n)              \
  {                                                    \
    T *restrict out = out_;                            \
    const T *as = a_, *bs = b_, *cs = c_;              \
    for (gint i = 0; i < n; i++)                       \
      {                                                \
        const T a = as[i], b = bs[i], c = cs[i];       \
        out[i] = (T) (formula);                        \
      }                                                \
  }
AG_UNARY (identity, a, NULL)
MAP (fill, as[0], 0, a)
#include "plan/ops.def"
#undef AG_UNARY
#undef AG_BINARY
#undef AG_TERNARY

SUM (contract_vv, as[i], bs[i], a *b, CONTRACT)
SUM (contract_vs, as[i], bs[0], a *b, CONTRACT)
SUM (contract_sv, as[0], bs[i], a *b, CONTRACT)

#define MULTIPLY_ADD(name, load_a, load_b, load_c) \
  static void NAMED (name) (void *restrict out_,   \
                            const void *a_,        \
                            const void *b_,        \
                            const void *c_,        \
                            gint n)                \
  {                                                \
    T *restrict out = out_;                        \
    const T *as = a_, *bs = b_, *cs = c_;          \
    for (gint i = 0; i < n; i++)                   \
      out[i] = load_c + load_a * load_b;           \
  }

MULTIPLY_ADD (multiply_add_vv_v, as[i], bs[i], cs[i])
MULTIPLY_ADD (multiply_add_vs_v, as[i], bs[0], cs[i])
MULTIPLY_ADD (multiply_add_sv_v, as[0], bs[i], cs[i])
MULTIPLY_ADD (multiply_add_vv_s, as[i], bs[i], cs[0])
MULTIPLY_ADD (multiply_add_vs_s, as[i], bs[0], cs[0])
MULTIPLY_ADD (multiply_add_sv_s, as[0], bs[i], cs[0])

#define CAST(name, from)                                  \
  static void NAMED (name) (void *restrict out_,          \
                            const void *a_,               \
                            G_GNUC_UNUSED const void *b_, \
                            G_GNUC_UNUSED const void *c_, \
                            gint n)                       \
  {                                                       \
    T *restrict out = out_;                               \
    const from *as = a_;                                  \
    for (gint i = 0; i < n; i++)                          \
      out[i] = (T) as[i];                                 \
  }

CAST (cast_float32, float)
CAST (cast_float64, double)
CAST (cast_int64, gint64)

/* The loop is written out for each number of columns, so that the compiler makes shuffles of it. */
#define THIN(k)                                             \
  static void NAMED (rows_times_##k) (void *restrict out_,  \
                                      const void *matrix_,  \
                                      const void *vector_,  \
                                      gint64 n)             \
  {                                                         \
    T *restrict out = out_;                                 \
    const T *matrix = matrix_, *vector = vector_;           \
    T v[k];                                                 \
    for (gint j = 0; j < k; j++)                            \
      v[j] = vector[j];                                     \
    for (gint64 i = 0; i < n; i++)                          \
      {                                                     \
        T sum = matrix[i * k] * v[0];                       \
        for (gint j = 1; j < k; j++)                        \
          sum += matrix[i * k + j] * v[j];                  \
        out[i] = sum;                                       \
      }                                                     \
  }                                                         \
  static void NAMED (split_##k) (void *restrict out_,       \
                                 const void *matrix_,       \
                                 gint n)                    \
  {                                                         \
    T *restrict out = out_;                                 \
    const T *matrix = matrix_;                              \
    for (gint i = 0; i < n; i++)                            \
      for (gint j = 0; j < k; j++)                          \
        out[j * AG_CPU_SPLIT_ROWS + i] = matrix[i * k + j]; \
  }

THIN (1)
THIN (2)
THIN (3)
THIN (4)

#undef MAP
#undef SUM
#undef THIN
#undef MULTIPLY_ADD
#undef CAST
#undef ELEMENT
#undef STORE
#undef ADD
#undef CONTRACT
#undef LANES
#undef BLOCK
