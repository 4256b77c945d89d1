/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* fused.c includes this with T the type of the elements, ADD_UP the name of a function, and TERMS
 * that of one that says what a point adds to the loss and to the other of N sums. */

#define LANES (128 / (gint) sizeof (T))

static inline void
ADD_UP (gint64 n,
        const T *x,
        const T *y,
        const T *coefficients,
        double *sums)
{
  for (gint k = 0; k < N; k++)
    sums[k] = 0;

  /* Lanes let the compiler use vectors though it may not reorder additions;
   * tiles keep sums over many points accurate. */
  for (gint64 start = 0; start < n; start += TILE)
    {
      const gint size = (gint) MIN (TILE, n - start);
      const T *xs = x + start, *ys = y + start;
      T lanes[N][LANES] = { 0 };
      gint i = 0;

      for (; i + LANES <= size; i += LANES)
        for (gint l = 0; l < LANES; l++)
          {
            T terms[N];

            TERMS (coefficients, xs[i + l], ys[i + l], terms);
            for (gint k = 0; k < N; k++)
              lanes[k][l] += terms[k];
          }
      for (gint l = 0; i < size; i++, l++)
        {
          T terms[N];

          TERMS (coefficients, xs[i], ys[i], terms);
          for (gint k = 0; k < N; k++)
            lanes[k][l] += terms[k];
        }
      for (gint width = LANES / 2; width > 0; width /= 2)
        for (gint l = 0; l < width; l++)
          for (gint k = 0; k < N; k++)
            lanes[k][l] += lanes[k][l + width];
      for (gint k = 0; k < N; k++)
        sums[k] += lanes[k][0];
    }
}

#undef LANES
#undef T
#undef N
#undef ADD_UP
#undef TERMS
