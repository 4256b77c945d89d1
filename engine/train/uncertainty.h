/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "data/data.h"
#include "model/model.h"
#include "train/triangle.h"

G_BEGIN_DECLS

/**
 * AgSumAroundMean:
 * @total: how many values there are
 * @mean: their mean
 * @squares: the sum of squares of their distance from it
 *
 * A sum of squares around a mean that is not known before.
 */
typedef struct
{
  double total;
  double mean;
  double squares;
} AgSumAroundMean;

void ag_uncertainty_add_around_mean (AgSumAroundMean *sum,
                                     gsize n,
                                     const double *y,
                                     const double *weights);
double ag_uncertainty_sum_around_mean (const AgData *data);
gboolean ag_uncertainty_of_solution (const AgTriangle *triangle,
                                     guint n,
                                     double variance,
                                     double *factor,
                                     double *errors);
gboolean ag_uncertainty_of_prediction (const AgModelClass *klass,
                                       const double *coefficients,
                                       const double *factor,
                                       gsize n,
                                       const double *x,
                                       double *y,
                                       double *errors,
                                       GError **error);

G_END_DECLS
