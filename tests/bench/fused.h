/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

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
                        float coefficients[4],
                        float lr);

/* The same in double precision. */
double fused_cubic_step_float64 (gint64 n,
                                 const double *x,
                                 const double *y,
                                 double coefficients[4],
                                 double lr);

G_END_DECLS
