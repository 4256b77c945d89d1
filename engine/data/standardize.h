/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "graph/tensor.h"

G_BEGIN_DECLS

/**
 * AgScale:
 * @x_mean: what was taken from each x
 * @x_deviation: what it was divided by then
 * @y_mean: what was taken from each y
 * @y_deviation: what it was divided by then
 *
 * The way back from standardized points to what they were before.
 */
typedef struct
{
  double x_mean;
  double x_deviation;
  double y_mean;
  double y_deviation;
} AgScale;

AgScale ag_scale_of (gint64 n_points,
                     const double *x,
                     const double *y);
void ag_scale_apply (const AgScale *scale,
                     gsize n,
                     double *x,
                     double *y);
void ag_scale_record (const AgScale *scale,
                      AgTensor **x,
                      AgTensor **y);

G_END_DECLS
