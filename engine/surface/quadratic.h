/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "explain/landscape.h"

G_BEGIN_DECLS

/**
 * AgQuadratic:
 * @n: number of coefficients
 * @is_held: (array length=n): which of them stay as they are
 * @center: (array length=n): a place
 * @loss: the loss there
 * @slope: (array length=n): its derivatives there
 * @hessian: its second derivatives there, (n, n)
 *
 * What the loss is near a place: loss + slopeᵀd + ½ dᵀ hessian d at the distance d. Of a loss
 * that is quadratic it is that everywhere.
 */
typedef struct
{
  guint n;
  gboolean *is_held;
  double *center;
  double loss;
  double *slope;
  double *hessian;
} AgQuadratic;

AgQuadratic *ag_quadratic_new (AgLandscape *landscape,
                               const AgRunSpec *spec,
                               const double *center,
                               GError **error);
void ag_quadratic_free (AgQuadratic *quadratic);
double ag_quadratic_at (const AgQuadratic *quadratic,
                        const double *coefficients);
void ag_quadratic_respond (const AgQuadratic *quadratic,
                           const guint parameters[2],
                           double *response);
void ag_quadratic_curvature (const AgQuadratic *quadratic,
                             const double *a,
                             const double *b,
                             double curvature[4]);
gboolean ag_quadratic_splits (const AgQuadratic *quadratic,
                              const guint parameters[2],
                              guint others[2]);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AgQuadratic, ag_quadratic_free)

G_END_DECLS
