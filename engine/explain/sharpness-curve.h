/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "explain/sharpness.h"
#include "train/moments.h"

G_BEGIN_DECLS

/**
 * AgSharpnessPoint:
 * @step: after so many steps
 * @sharpness: how curved the loss is there, and how curved it may be
 *
 * A point of a curve.
 */
typedef struct
{
  gint64 step;
  AgSharpness sharpness;
} AgSharpnessPoint;

/**
 * AgSharpnessCurve:
 *
 * How curved the loss was over the steps of a run. It is found point by point, so that it can
 * be looked at meanwhile; one thread after the other may do that.
 */
typedef struct _AgSharpnessCurve AgSharpnessCurve;

AgSharpnessCurve *ag_sharpness_curve_new (const AgRunSpec *spec,
                                          AgData *data,
                                          AgMoments *moments);
void ag_sharpness_curve_free (AgSharpnessCurve *curve);
gboolean ag_sharpness_curve_is_complete (const AgSharpnessCurve *curve,
                                         gint64 n_steps);
gboolean ag_sharpness_curve_extend (AgSharpnessCurve *curve,
                                    gint64 n_steps,
                                    gint64 time_us,
                                    AgWork *work,
                                    GError **error);
const AgSharpnessPoint *ag_sharpness_curve_points (const AgSharpnessCurve *curve,
                                                   gsize *n_points);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AgSharpnessCurve, ag_sharpness_curve_free)

G_END_DECLS
