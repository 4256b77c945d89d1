/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* fused.c includes this with T the type of the elements and STEP the name of the function. */

#define LANES (128 / (gint) sizeof (T))

T
STEP (gint64 n,
      const T *x,
      const T *y,
      T coefficients[4],
      T lr)
{
  const T a = coefficients[0], b = coefficients[1];
  const T c = coefficients[2], d = coefficients[3];
  double sums[N_SUMS] = { 0 };

  /* Lanes let the compiler use vectors though it may not reorder additions;
   * tiles keep sums over many points accurate. */
  for (gint64 start = 0; start < n; start += TILE)
    {
      const gint size = (gint) MIN (TILE, n - start);
      const T *xs = x + start, *ys = y + start;
      T loss[LANES] = { 0 };
      T grad_a[LANES] = { 0 }, grad_b[LANES] = { 0 };
      T grad_c[LANES] = { 0 }, grad_d[LANES] = { 0 };
      gint i = 0;

      for (; i + LANES <= size; i += LANES)
        for (gint l = 0; l < LANES; l++)
          {
            const T x1 = xs[i + l], x2 = x1 * x1, x3 = x2 * x1;
            const T error = a + b * x1 + c * x2 + d * x3 - ys[i + l];

            loss[l] += error * error;
            grad_a[l] += error;
            grad_b[l] += error * x1;
            grad_c[l] += error * x2;
            grad_d[l] += error * x3;
          }
      for (gint l = 0; i < size; i++, l++)
        {
          const T x1 = xs[i], x2 = x1 * x1, x3 = x2 * x1;
          const T error = a + b * x1 + c * x2 + d * x3 - ys[i];

          loss[l] += error * error;
          grad_a[l] += error;
          grad_b[l] += error * x1;
          grad_c[l] += error * x2;
          grad_d[l] += error * x3;
        }
      for (gint width = LANES / 2; width > 0; width /= 2)
        for (gint l = 0; l < width; l++)
          {
            loss[l] += loss[l + width];
            grad_a[l] += grad_a[l + width];
            grad_b[l] += grad_b[l + width];
            grad_c[l] += grad_c[l + width];
            grad_d[l] += grad_d[l + width];
          }
      sums[LOSS] += loss[0];
      sums[GRAD_A] += grad_a[0];
      sums[GRAD_B] += grad_b[0];
      sums[GRAD_C] += grad_c[0];
      sums[GRAD_D] += grad_d[0];
    }

  /* The factor 2 of the derivative of a square is left to the end. */
  for (gint i = 0; i < 4; i++)
    coefficients[i] -= lr * 2 * (T) sums[GRAD_A + i];
  return (T) sums[LOSS];
}

#undef LANES
