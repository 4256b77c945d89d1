/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "data/data.h"
#include "device/work.h"
#include "model/model.h"
#include "train/triangle.h"

G_BEGIN_DECLS

typedef struct _AgLeastSquares AgLeastSquares;

AgLeastSquares *ag_least_squares_new (const AgModelClass *klass,
                                      const gboolean *is_held,
                                      const AgData *data,
                                      gint64 most_points,
                                      AgWork *work,
                                      GError **error);
void ag_least_squares_free (AgLeastSquares *problem);
void ag_least_squares_set_delta (AgLeastSquares *problem,
                                 double delta);

guint ag_least_squares_n_free (const AgLeastSquares *problem);
double ag_least_squares_cost (const AgLeastSquares *problem);
guint ag_least_squares_find_linear (AgLeastSquares *problem,
                                    const double *near);
gboolean ag_least_squares_is_all_linear (const AgLeastSquares *problem);
gboolean ag_least_squares_is_searched (const AgLeastSquares *problem,
                                       guint parameter);

gboolean ag_least_squares_settle (AgLeastSquares *problem,
                                  double *coefficients);
gboolean ag_least_squares_descend (AgLeastSquares *problem,
                                   double *coefficients,
                                   guint most_iterations,
                                   guint *n_iterations);
double ag_least_squares_sum_around_mean (const AgLeastSquares *problem);
double ag_least_squares_sum (const AgLeastSquares *problem);
double ag_least_squares_rounding (const AgLeastSquares *problem);
const AgTriangle *ag_least_squares_linearize (AgLeastSquares *problem,
                                              const double *coefficients);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AgLeastSquares, ag_least_squares_free)

G_END_DECLS
