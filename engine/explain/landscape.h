/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "train/run-spec.h"

G_BEGIN_DECLS

/**
 * AgLandscape:
 *
 * The loss of a run as a function of its coefficients, in double precision whatever the
 * run's own type: its value, its slope and its curvature anywhere. One thread after the
 * other may ask, each of which must be in no graph then.
 */
typedef struct _AgLandscape AgLandscape;

guint64 ag_landscape_size (const AgRunSpec *spec);
AgLandscape *ag_landscape_new (const AgRunSpec *spec,
                               AgData *data,
                               AgWork *work,
                               GError **error);
void ag_landscape_free (AgLandscape *landscape);
void ag_landscape_set_work (AgLandscape *landscape,
                            AgWork *work);
guint ag_landscape_n (const AgLandscape *landscape);
gboolean ag_landscape_is_quadratic (const AgLandscape *landscape);
gboolean ag_landscape_at (AgLandscape *landscape,
                          const double *coefficients,
                          guint structure,
                          double *loss,
                          double *gradient,
                          GError **error);
gboolean ag_landscape_loss (AgLandscape *landscape,
                            const double *coefficients,
                            double *loss,
                            GError **error);
gboolean ag_landscape_slope (AgLandscape *landscape,
                             const double *coefficients,
                             double *gradient,
                             GError **error);
gboolean ag_landscape_product (AgLandscape *landscape,
                               const double *coefficients,
                               guint structure,
                               const double *vector,
                               double *product,
                               GError **error);
gboolean ag_landscape_hessian (AgLandscape *landscape,
                               const double *coefficients,
                               guint structure,
                               double *hessian,
                               GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AgLandscape, ag_landscape_free)

G_END_DECLS
