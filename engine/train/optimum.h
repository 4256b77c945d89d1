/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "train/run-spec.h"
#include "train/snapshot.h"

G_BEGIN_DECLS

/**
 * AgOptimum:
 * @coefficients: the coefficients of least loss
 * @loss: that loss, the sum of squares
 * @least_curvature: the smallest eigenvalue of the loss's Hessian
 * @greatest_curvature: the largest one; plain gradient descent is stable below
 *   a learning rate of 2 / @greatest_curvature
 *
 * Where a run whose model is linear in its coefficients converges to.
 */
typedef struct
{
  double coefficients[AG_PROGRAM_MAX_PARAMETERS];
  double loss;
  double least_curvature;
  double greatest_curvature;
} AgOptimum;

gboolean ag_run_spec_optimum (const AgRunSpec *spec,
                              AgOptimum *optimum);

gboolean ag_run_spec_stable_rate (const AgRunSpec *spec,
                                  double *learning_rate);

char *ag_run_spec_explain_start (const AgRunSpec *spec,
                                 const AgSnapshot *snapshot);

G_END_DECLS
