/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/ref-count.h"
#include "device/work.h"
#include "train/run-spec.h"
#include "train/snapshot.h"

G_BEGIN_DECLS

/* How many times the least loss counts as near it. */
#define AG_OPTIMUM_NEAR 1.01

/**
 * AgOptimum:
 * @ref_count: how many hold it, on any thread
 * @is_exact: whether there is no better one, since the model is linear in its coefficients; else
 *   it is the best that was found
 * @loss: the least loss
 * @least_curvature: the smallest eigenvalue of the loss's Hessian; NaN where it is not exact
 * @greatest_curvature: the largest one; plain gradient descent is stable below
 *   a learning rate of 2 / @greatest_curvature
 * @condition: the condition number of JᵀJ, J being the prediction's derivatives by the
 *   coefficients that are not held: where it is exact, that of the loss; NaN where the model changes
 *   from step to step, and where the loss is not one of squares
 * @r_squared: which part of the target's variance is explained, 1 for all; NaN if it has none,
 *   and where the loss is not one of squares
 * @residual_deviation: the residuals' standard deviation; NaN where there are no more points
 *   than coefficients, and likewise
 * @n_coefficients: number of @coefficients
 * @standard_errors: of each coefficient, (n), 0 of one that is held; NaN where the data do not
 *   decide them all, and where the loss is not one of squares
 * @covariance: of the coefficients, (n, n); likewise
 * @factor: F, of which the covariance is F Fᵀ, (n, n), for the certainty of predictions
 * @coefficients: those of the least loss, (n)
 *
 * Where a run converges to. It never changes.
 */
typedef struct
{
  AgRefCount ref_count;
  gboolean is_exact;
  double loss;
  double least_curvature;
  double greatest_curvature;
  double condition;
  double r_squared;
  double residual_deviation;
  guint n_coefficients;
  double *standard_errors;
  double *covariance;
  double *factor;
  double coefficients[];
} AgOptimum;

gboolean ag_run_spec_has_exact_optimum (const AgRunSpec *spec);
AgOptimum *ag_optimum_new (const AgRunSpec *spec,
                           const AgData *data,
                           guint n_starts,
                           const double *const *starts,
                           AgWork *work);
AgOptimum *ag_optimum_copy (const AgOptimum *optimum);
AgOptimum *ag_optimum_ref (AgOptimum *optimum);
void ag_optimum_unref (AgOptimum *optimum);

AgOptimum *ag_run_spec_optimum (const AgRunSpec *spec,
                                AgWork *work);

gboolean ag_run_spec_stable_rate (const AgRunSpec *spec,
                                  const AgOptimum *optimum,
                                  double *lr);

char *ag_run_spec_explain_start (const AgRunSpec *spec,
                                 const AgSnapshot *snapshot);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AgOptimum, ag_optimum_unref)

G_END_DECLS
