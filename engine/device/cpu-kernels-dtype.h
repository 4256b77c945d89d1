/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The kernels of one dtype: cpu-kernels.c includes this with T the C type and
 * NAMED (name) making names of that dtype. */

#define LANES (256 / (gint) sizeof (T))

/* Adding the lanes pairwise keeps the order of additions fixed whatever the
 * compiler vectorises. */
static inline double
NAMED (add_lanes) (const T *lanes)
{
  double sums[LANES / 2];

  for (gint i = 0; i < LANES / 2; i++)
    sums[i] = (double) lanes[i] + (double) lanes[i + LANES / 2];
  for (gint width = LANES / 4; width > 0; width /= 2)
    for (gint i = 0; i < width; i++)
      sums[i] += sums[i + width];
  return sums[0];
}

#define MAP(name, load_a, load_b, formula)                        \
  static void NAMED (name) (void *restrict out_,                  \
                            const void *a_,                       \
                            G_GNUC_UNUSED const void *b_,         \
                            G_GNUC_UNUSED const void *c_,         \
                            gint n)                               \
  {                                                               \
    T *restrict out = out_;                                       \
    G_GNUC_UNUSED const T *as = a_, *bs = b_;                     \
    for (gint i = 0; i < n; i++)                                  \
      {                                                           \
        G_GNUC_UNUSED const T a = load_a, b = load_b;             \
        out[i] = (T) (formula);                                   \
      }                                                           \
  }

#define SUM(name, load_a, load_b, formula)                        \
  static double NAMED (name) (const void *a_,                     \
                              G_GNUC_UNUSED const void *b_,       \
                              gint n)                             \
  {                                                               \
    G_GNUC_UNUSED const T *as = a_, *bs = b_;                     \
    T lanes[LANES] = { 0 };                                       \
    gint start = 0;                                               \
    for (; start + LANES <= n; start += LANES)                    \
      for (gint l = 0; l < LANES; l++)                            \
        {                                                         \
          const gint i = start + l;                               \
          G_GNUC_UNUSED const T a = load_a, b = load_b;           \
          lanes[l] += (T) (formula);                              \
        }                                                         \
    for (gint i = start; i < n; i++)                              \
      {                                                           \
        G_GNUC_UNUSED const T a = load_a, b = load_b;             \
        lanes[i - start] += (T) (formula);                        \
      }                                                           \
    return NAMED (add_lanes) (lanes);                             \
  }

#define AG_UNARY(name, formula, da)      \
  MAP (map_##name, as[i], 0, formula)    \
  SUM (sum_##name, as[i], 0, formula)
#define AG_BINARY(name, formula, da, db)        \
  MAP (map_##name##_vv, as[i], bs[i], formula)  \
  MAP (map_##name##_vs, as[i], bs[0], formula)  \
  MAP (map_##name##_sv, as[0], bs[i], formula)  \
  SUM (sum_##name##_vv, as[i], bs[i], formula)  \
  SUM (sum_##name##_vs, as[i], bs[0], formula)  \
  SUM (sum_##name##_sv, as[0], bs[i], formula)
AG_UNARY (identity, a, NULL)
MAP (fill, as[0], 0, a)
#include "graph/ops.def"
#undef AG_UNARY
#undef AG_BINARY

#define MULTIPLY_ADD(name, load_a, load_b)            \
  static void NAMED (name) (void *restrict out_,      \
                            const void *a_,           \
                            const void *b_,           \
                            const void *c_,           \
                            gint n)                   \
  {                                                   \
    T *restrict out = out_;                           \
    const T *as = a_, *bs = b_, *cs = c_;             \
    for (gint i = 0; i < n; i++)                      \
      out[i] = cs[i] + load_a * load_b;               \
  }

MULTIPLY_ADD (multiply_add_vv, as[i], bs[i])
MULTIPLY_ADD (multiply_add_vs, as[i], bs[0])
MULTIPLY_ADD (multiply_add_sv, as[0], bs[i])

#define CAST(name, from)                                \
  static void NAMED (name) (void *restrict out_,        \
                            const void *a_,             \
                            G_GNUC_UNUSED const void *b_, \
                            G_GNUC_UNUSED const void *c_, \
                            gint n)                     \
  {                                                     \
    T *restrict out = out_;                             \
    const from *as = a_;                                \
    for (gint i = 0; i < n; i++)                        \
      out[i] = (T) as[i];                               \
  }

CAST (cast_float32, float)
CAST (cast_float64, double)
CAST (cast_int64, gint64)

#undef MAP
#undef SUM
#undef MULTIPLY_ADD
#undef CAST
#undef LANES
