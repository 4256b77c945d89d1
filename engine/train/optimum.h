/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "train/run-spec.h"
#include "train/snapshot.h"

G_BEGIN_DECLS

/**
 * AgOptimum:
 * @ref_count: how many hold it, on any thread
 * @loss: the least loss
 * @least_curvature: the smallest eigenvalue of the loss's Hessian
 * @greatest_curvature: the largest one; plain gradient descent is stable below
 *   a learning rate of 2 / @greatest_curvature
 * @n_coefficients: number of @coefficients
 * @coefficients: those of the least loss
 *
 * Where a run whose model is linear in its coefficients converges to. It never changes.
 */
typedef struct
{
  gatomicrefcount ref_count;
  double loss;
  double least_curvature;
  double greatest_curvature;
  guint n_coefficients;
  double coefficients[];
} AgOptimum;

gboolean ag_run_spec_has_optimum (const AgRunSpec *spec);
AgOptimum *ag_optimum_new (const AgRunSpec *spec,
                           const AgData *data);
AgOptimum *ag_optimum_ref (AgOptimum *optimum);
void ag_optimum_unref (AgOptimum *optimum);

AgOptimum *ag_run_spec_optimum (const AgRunSpec *spec);

gboolean ag_run_spec_stable_rate (const AgRunSpec *spec,
                                  const AgOptimum *optimum,
                                  double *lr);

char *ag_run_spec_explain_start (const AgRunSpec *spec,
                                 const AgSnapshot *snapshot);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AgOptimum, ag_optimum_unref)

G_END_DECLS
