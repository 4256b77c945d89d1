/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "converge-finder.h"
#include "converge-run.h"
#include "explain/sharpness-curve.h"

G_BEGIN_DECLS

#define CONVERGE_TYPE_SHARPNESS (converge_sharpness_get_type ())
G_DECLARE_FINAL_TYPE (ConvergeSharpness, converge_sharpness, CONVERGE, SHARPNESS, ConvergeFinder)

ConvergeSharpness *converge_sharpness_new (void);
void converge_sharpness_keep (ConvergeSharpness *self,
                              gboolean (*is_wanted) (AgMoments *moments,
                                                     gpointer user_data),
                              gpointer user_data);
const AgSharpnessPoint *converge_sharpness_follow (ConvergeSharpness *self,
                                                   ConvergeRun *run,
                                                   gsize *n_points);
const AgSharpnessPoint *converge_sharpness_get_points (ConvergeSharpness *self,
                                                       ConvergeRun *run,
                                                       gsize *n_points);

G_END_DECLS
