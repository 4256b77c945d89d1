/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "model/predictor.h"
#include "train/optimum.h"

G_BEGIN_DECLS

/**
 * AgCondition:
 * @plain: of the points as they are
 * @standardized: of the same points with mean 0 and deviation 1
 *
 * The condition number of a least squares problem: by how much the loss is more curved
 * in one direction of the coefficients than in another. Gradient descent takes as many
 * steps, up to a factor.
 */
typedef struct
{
  double plain;
  double standardized;
} AgCondition;

double ag_optimum_condition (const AgOptimum *optimum);
gboolean ag_run_spec_condition (const AgRunSpec *spec,
                                AgCondition *condition);
gboolean ag_scale_expand (const AgScale *scale,
                          const AgModelClass *model,
                          const double *coefficients,
                          double *original);
AgOptimum *ag_optimum_expand (const AgOptimum *optimum,
                              const AgScale *scale,
                              const AgModelClass *model);
char *ag_run_spec_format (const AgRunSpec *spec,
                          const AgData *data,
                          const double *coefficients,
                          char *(*number_to_string) (double) );

G_END_DECLS
