/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "surface/surface.h"
#include "train/least-squares.h"

G_BEGIN_DECLS

#define AG_SURFACE_MOST_THREADS 8

/**
 * AgSurfaceWorker:
 * @landscape: (nullable): the loss, once it was needed
 * @profile: (nullable): finds where the others are best
 *
 * The landscape, and the search for profiles, that one thread has for itself.
 */
typedef struct
{
  AgLandscape *landscape;
  AgLeastSquares *profile;
} AgSurfaceWorker;

/**
 * AgSurface:
 * @spec: the run
 * @data: its points
 * @optimum: (nullable): where it converges to
 * @work: (nullable): what cancels what takes long
 * @n_workers: number of @workers
 * @workers: what each thread has; the first is the caller's
 * @profiled: the two parameters that the workers' profiles are for
 * @quadratic: (nullable): the loss, where it is quadratic
 * @least: the least loss that is known, as the landscape has it; NaN where there is none
 * @kept: (element-type AgField): fields that are complete, the newest first
 */
struct _AgSurface
{
  AgRunSpec spec;
  AgData *data;
  AgOptimum *optimum;
  AgWork *work;
  guint n_workers;
  AgSurfaceWorker workers[AG_SURFACE_MOST_THREADS];
  guint profiled[2];
  AgQuadratic *quadratic;
  double least;
  GQueue kept;
};

gboolean ag_surface_ensure_landscape (AgSurface *surface,
                                      AgSurfaceWorker *worker,
                                      GError **error);
void ag_surface_forget_profiles (AgSurface *surface);

G_END_DECLS
