/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <tgmath.h>

/* Functions of which PyTorch's float32 bits differ from the C library's. */

/**
 * ag_cpu_sinf:
 * @x: an angle
 *
 * The sine as PyTorch computes it, to one unit in the last place: the angle is
 * reduced to ±π/2 and its square taken in two floats each, then a polynomial
 * follows. Angles beyond ±125 are left to the C library.
 *
 * See: the function sinf with 1.0 ULP of SLEEF, <https://sleef.org>, and
 * Shibata and Petrogalli, "SLEEF: A Portable Vectorized Library of C Standard
 * Mathematical Functions", 2020
 *
 * Returns: sin (x)
 */
static inline float
ag_cpu_sinf (float x)
{
  const float pi_high = 3.1414794921875f, pi_middle = 0.00011315941810607910f,
              pi_low = 1.9841872589410058936e-09f;
  float turns, rough, part, rest, high, low, sum, square, square_low, p, q, q_low, result;

  if (!(fabsf (x) < 125))
    return sinf (x);

  /* x − turns · π as high + low */
  turns = rintf (x * 0.318309886183790671538f);
  rough = fmaf (turns, -pi_high, x);
  part = turns * -pi_middle;
  sum = rough + part;
  rest = sum - rough;
  low = (rough - (sum - rest)) + (part - rest);
  part = turns * -pi_low;
  high = sum + part;
  low = sum - high + part + low;

  square = high * high;
  square_low = fmaf (high + high, low, fmaf (high, high, -square));

  p = fmaf (2.6083159809786593541503e-06f, square, -0.0001981069071916863322258f);
  p = fmaf (p, square, 0.00833307858556509017944336f) * square;
  q = -0.166666597127914428710938f + p;
  q_low = -0.166666597127914428710938f - q + p;

  /* 1 + q · square as p + q_low, then times the reduced angle */
  part = q * square;
  rest = fmaf (q, square_low, fmaf (q_low, square, fmaf (q, square, -part)));
  p = 1 + part;
  q_low = 1 - p + part + rest;
  result = fmaf (high, p, fmaf (low, p, high * q_low));
  return (long) turns & 1 ? -result : result;
}

#undef sin
#define sin(a) _Generic((a), float            \
                        : ag_cpu_sinf, double \
                        : (sin)) (a)
