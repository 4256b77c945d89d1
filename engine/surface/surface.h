/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "surface/field.h"
#include "surface/quadratic.h"
#include "train/optimum.h"

G_BEGIN_DECLS

/* For a model that is not linear, the other parameters are searched at each node of a field only up
 * to this number of them. */
#define AG_SURFACE_MOST_SEARCHED 64

/**
 * AgSurface:
 *
 * The loss of a run over planes, in double precision whatever the run's own type. One thread after
 * the other may ask, each of which must be in no graph then; what takes long is shared by threads
 * of its own.
 */
typedef struct _AgSurface AgSurface;

gboolean ag_surface_has_profile (const AgRunSpec *spec);
AgSurface *ag_surface_new (const AgRunSpec *spec,
                           AgData *data,
                           const AgOptimum *optimum,
                           guint n_threads,
                           AgWork *work,
                           GError **error);
void ag_surface_free (AgSurface *surface);
void ag_surface_set_work (AgSurface *surface,
                          AgWork *work);
const AgOptimum *ag_surface_optimum (const AgSurface *surface);
const AgQuadratic *ag_surface_quadratic (const AgSurface *surface);
double ag_surface_least (const AgSurface *surface);

gboolean ag_surface_loss (AgSurface *surface,
                          const double *coefficients,
                          double *loss,
                          GError **error);
gboolean ag_surface_at (AgSurface *surface,
                        const AgField *field,
                        double x,
                        double y,
                        double *coefficients,
                        double *loss,
                        GError **error);
AgField *ag_surface_begin (AgSurface *surface,
                           const AgPlane *plane);
gboolean ag_surface_refine (AgSurface *surface,
                            AgField *field,
                            GError **error);
gboolean ag_surface_curvature (AgSurface *surface,
                               const AgPlane *plane,
                               const double *coefficients,
                               double curvature[4],
                               GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AgSurface, ag_surface_free)

G_END_DECLS
