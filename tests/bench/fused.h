/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A step changes at most this many numbers: coefficients and velocities. */
#define FUSED_N_VALUES 10

/**
 * fused_cubic_step:
 * @n: number of points
 * @x: the points
 * @y: the target at @x
 * @coefficients: a, b, c, d of a + b x + c x² + d x³; updated
 * @lr: the rate
 *
 * One step of gradient descent on the sum of squares: prediction, loss, the
 * four gradients and the update, in one pass over the data.
 *
 * Returns: the loss before the update
 */
float fused_cubic_step (gint64 n,
                        const float *x,
                        const float *y,
                        float *coefficients,
                        float lr);

/* The same in double precision. */
double fused_cubic_step_float64 (gint64 n,
                                 const double *x,
                                 const double *y,
                                 double *coefficients,
                                 double lr);

/* The same of a + b P₃(c + d x). */
float fused_legendre_step (gint64 n,
                           const float *x,
                           const float *y,
                           float *coefficients,
                           float lr);

/* The same of a + b x + c x² + d x³, with e x⁴ or e x⁴ + e x⁵ in two of three steps, which a
 * simple generator draws, and a momentum of 0.9. After the five coefficients come their five
 * velocities, 0 at first. */
float fused_dynamic_step (gint64 n,
                          const float *x,
                          const float *y,
                          float *coefficients,
                          float lr);

G_END_DECLS
