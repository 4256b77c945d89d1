/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "surface/plane.h"
#include "train/least-squares.h"
#include "train/run-spec.h"

G_BEGIN_DECLS

AgLeastSquares *ag_profile_new (const AgRunSpec *spec,
                                const AgData *data,
                                const AgPlane *plane,
                                AgWork *work,
                                GError **error);
gboolean ag_profile_settle (AgLeastSquares *problem,
                            guint most_iterations,
                            double *coefficients);

G_END_DECLS
