/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "data/data.h"
#include "model/model.h"
#include "train/triangle.h"

G_BEGIN_DECLS

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
