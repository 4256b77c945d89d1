/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fused.h"

/* This measures steps whose loops are written by hand: the measure of how much the engine's
 * generality costs. Factors that all points have in common, as the 2 of the derivative of a
 * square, are left to the end. */

#define TILE 4096

/* The loss comes first, then the gradients. */
#define DEFINE_CUBIC(T, name)                                    \
  static inline void name (const T *p, T x, T y, T *terms)       \
  {                                                              \
    const T x2 = x * x, x3 = x2 * x;                             \
    const T error = p[0] + p[1] * x + p[2] * x2 + p[3] * x3 - y; \
                                                                 \
    terms[0] = error * error;                                    \
    terms[1] = error;                                            \
    terms[2] = error * x;                                        \
    terms[3] = error * x2;                                       \
    terms[4] = error * x3;                                       \
  }

DEFINE_CUBIC (float, cubic_terms)
DEFINE_CUBIC (double, cubic_terms_float64)

#define T float
#define N 5
#define ADD_UP add_up_cubic
#define TERMS cubic_terms
#include "fused-step.h"

#define T double
#define N 5
#define ADD_UP add_up_cubic_float64
#define TERMS cubic_terms_float64
#include "fused-step.h"

/* The derivatives by c and d have the factor 1.5 b in common. */
static inline void
legendre_terms (const float *p,
                float x,
                float y,
                float *terms)
{
  const float u = p[2] + p[3] * x, u2 = u * u;
  const float p3 = 0.5f * (5 * (u2 * u) - 3 * u);
  const float error = p[0] + p[1] * p3 - y;
  const float slope = error * (5 * u2 - 1);

  terms[0] = error * error;
  terms[1] = error;
  terms[2] = error * p3;
  terms[3] = slope;
  terms[4] = slope * x;
}

#define T float
#define N 5
#define ADD_UP add_up_legendre
#define TERMS legendre_terms
#include "fused-step.h"

/* A cubic with another term, of which @last is what the fifth coefficient is multiplied by. */
static inline void
five_terms (const float *p,
            float x,
            float x2,
            float x3,
            float last,
            float y,
            float *terms)
{
  const float error = p[0] + p[1] * x + p[2] * x2 + p[3] * x3 + p[4] * last - y;

  terms[0] = error * error;
  terms[1] = error;
  terms[2] = error * x;
  terms[3] = error * x2;
  terms[4] = error * x3;
  terms[5] = error * last;
}

/* With e x⁴. */
static inline void
quartic_terms (const float *p,
               float x,
               float y,
               float *terms)
{
  const float x2 = x * x;

  five_terms (p, x, x2, x2 * x, x2 * x2, y, terms);
}

#define T float
#define N 6
#define ADD_UP add_up_quartic
#define TERMS quartic_terms
#include "fused-step.h"

/* With e x⁴ + e x⁵. */
static inline void
quintic_terms (const float *p,
               float x,
               float y,
               float *terms)
{
  const float x2 = x * x, x3 = x2 * x;

  five_terms (p, x, x2, x3, x2 * x2 + x2 * x3, y, terms);
}

#define T float
#define N 6
#define ADD_UP add_up_quintic
#define TERMS quintic_terms
#include "fused-step.h"

float
fused_cubic_step (gint64 n,
                  const float *x,
                  const float *y,
                  float *coefficients,
                  float lr)
{
  double sums[5];

  add_up_cubic (n, x, y, coefficients, sums);
  for (gint i = 0; i < 4; i++)
    coefficients[i] -= lr * 2 * (float) sums[1 + i];
  return (float) sums[0];
}

double
fused_cubic_step_float64 (gint64 n,
                          const double *x,
                          const double *y,
                          double *coefficients,
                          double lr)
{
  double sums[5];

  add_up_cubic_float64 (n, x, y, coefficients, sums);
  for (gint i = 0; i < 4; i++)
    coefficients[i] -= lr * 2 * sums[1 + i];
  return sums[0];
}

float
fused_legendre_step (gint64 n,
                     const float *x,
                     const float *y,
                     float *coefficients,
                     float lr)
{
  const float b = coefficients[1];
  double sums[5];

  add_up_legendre (n, x, y, coefficients, sums);
  for (gint i = 0; i < 4; i++)
    coefficients[i] -= lr * (i < 2 ? 2 : 3 * b) * (float) sums[1 + i];
  return (float) sums[0];
}

float
fused_dynamic_step (gint64 n,
                    const float *x,
                    const float *y,
                    float *coefficients,
                    float lr)
{
  float *velocities = coefficients + 5;
  double sums[6] = { 0 };
  static guint32 coin = 1;

  coin = coin * 1664525 + 1013904223;
  const guint n_terms = (guint) (((guint64) coin * 3) >> 32);
  if (n_terms == 0)
    add_up_cubic (n, x, y, coefficients, sums);
  else if (n_terms == 1)
    add_up_quartic (n, x, y, coefficients, sums);
  else
    add_up_quintic (n, x, y, coefficients, sums);
  for (gint i = 0; i < 5; i++)
    {
      velocities[i] = 0.9f * velocities[i] + 2 * (float) sums[1 + i];
      coefficients[i] -= lr * velocities[i];
    }
  return (float) sums[0];
}
