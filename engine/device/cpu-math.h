/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <tgmath.h>

#include <string.h>

/* Functions of which PyTorch's float32 bits differ from the C library's, and one that compilers
 * make no vectors of where it is the C library's. */

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

static inline float
ag_cpu_float_of_bits (unsigned int bits)
{
  float number;

  memcpy (&number, &bits, sizeof number);
  return number;
}

static inline unsigned int
ag_cpu_bits_of_float (float number)
{
  unsigned int bits;

  memcpy (&bits, &number, sizeof bits);
  return bits;
}

/* One of two numbers without a branch, so that compilers make vectors of what it is in. */
static inline float
ag_cpu_choose (int condition,
               float if_so,
               float if_not)
{
  const unsigned int mask = 0u - (unsigned int) (condition != 0);

  return ag_cpu_float_of_bits ((ag_cpu_bits_of_float (if_so) & mask)
                               | (ag_cpu_bits_of_float (if_not) & ~mask));
}

/**
 * ag_cpu_expm1f:
 * @x: a number in (−2, 0] or [2, 44]
 *
 * e to the power of @x less 1: @x is k · ln 2 and a rest, whose power a continued fraction gives.
 * Which way the 1 is taken away with few lost bits depends on k; all ways are gone and one is
 * chosen, so that there is no branch and compilers make vectors of it.
 *
 * See: the comment of the function expm1 of FDLIBM, <https://netlib.org/fdlibm/s_expm1.c>
 *
 * Returns: eˣ − 1, to the bits of the GNU C library 2.36
 */
static inline float
ag_cpu_expm1f (float x)
{
  const float ln_2_high = 0.69313812256f, ln_2_low = 9.0580006145e-06f;
  const int k = (int) (1.4426950216f * x + ag_cpu_choose (x > 0, 0.5f, -0.5f));
  const float power = ag_cpu_float_of_bits ((unsigned int) (127 + k) << 23);
  const float inverse = ag_cpu_float_of_bits ((unsigned int) (127 - k) << 23);
  const float high = x - (float) k * ln_2_high, low = (float) k * ln_2_low;
  const float rest = high - low, lost = (high - rest) - low;
  const float half = 0.5f * rest, square = rest * half;
  float p, t, e, result;

  p = 4.0082177293e-06f + square * -2.0109921195e-07f;
  p = -7.9365076090e-05f + square * p;
  p = 0.0015873016091f + square * p;
  p = -0.033333335072f + square * p;
  p = 1 + square * p;
  t = 3 - p * half;
  e = square * ((p - t) / (6 - rest * t));
  e = (rest * (e - lost) - lost) - square;

  result = ag_cpu_choose (k < 23, ((1 - inverse) - (e - rest)) * power,
                          ((rest - (e + inverse)) + 1) * power);
  result = ag_cpu_choose ((k < -1) | (k > 56), (1 - (e - rest)) * power - 1, result);
  result = ag_cpu_choose (k == -1, 0.5f * (rest - e) - 0.5f, result);
  return ag_cpu_choose (k == 0, rest - e, result);
}

/**
 * ag_cpu_tanhf:
 * @x: a number
 *
 * The hyperbolic tangent by the power of ±2 |@x|, without a branch. From 22 on it is 1.
 *
 * See: the comment of the function tanh of FDLIBM, <https://netlib.org/fdlibm/s_tanh.c>
 *
 * Returns: tanh (x), to the bits of the GNU C library 2.36
 */
static inline float
ag_cpu_tanhf (float x)
{
  const float size = ag_cpu_choose (fabsf (x) < 22, fabsf (x), 22);
  const int is_large = size >= 1;
  const float power = ag_cpu_expm1f (ag_cpu_choose (is_large, 2, -2) * size);
  const float quotient = ag_cpu_choose (is_large, 2, -power) / (power + 2);
  const float result = ag_cpu_choose (is_large, 1 - quotient, quotient);
  const unsigned int sign = ag_cpu_bits_of_float (x) & 0x80000000u;

  return ag_cpu_choose (
    x == x, ag_cpu_float_of_bits ((ag_cpu_bits_of_float (result) & 0x7fffffffu) | sign), x);
}

#undef sin
#define sin(a) _Generic((a), float            \
                        : ag_cpu_sinf, double \
                        : (sin)) (a)

#undef tanh
#define tanh(a) _Generic((a), float             \
                         : ag_cpu_tanhf, double \
                         : (tanh)) (a)
