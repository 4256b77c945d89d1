/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "surface/survey.h"
#include "train/moments.h"

#include <glib-object.h>

G_BEGIN_DECLS

/* Where the loss splits, a second surface shows the rest of it. */
#define CONVERGE_MAX_SURFACES 2

/**
 * ConvergeSurfaceWish:
 * @spec: the run
 * @data: (nullable): its points, %NULL if they are to be made
 * @optimum: (nullable): where it converges to, if that is known
 * @moments: (nullable): its moments; %NULL before the run
 * @step: which of them is looked at
 * @kind: what kind of plane
 * @has_kind: whether somebody chose it
 * @parameters: which parameters
 * @has_range: of each picture, whether @range is to be seen
 * @range: from where to where
 * @paths: (element-type AgSurveyPath): the way of the run, and of others
 *
 * A wish for a surface: of which run and moment, over which plane, and in what detail.
 */
typedef struct
{
  AgRunSpec spec;
  AgData *data;
  AgOptimum *optimum;
  AgMoments *moments;
  gint64 step;
  AgPlaneKind kind;
  gboolean has_kind;
  guint parameters[2];
  gboolean has_range[CONVERGE_MAX_SURFACES];
  double range[CONVERGE_MAX_SURFACES][2][2];
  GPtrArray *paths;
} ConvergeSurfaceWish;

void converge_surface_wish_clear (ConvergeSurfaceWish *wish);

#define CONVERGE_TYPE_SURFACE (converge_surface_get_type ())
G_DECLARE_FINAL_TYPE (ConvergeSurface, converge_surface, CONVERGE, SURFACE, GObject)

ConvergeSurface *converge_surface_new (void);
gboolean converge_surface_is_busy (ConvergeSurface *self);
void converge_surface_hurry (ConvergeSurface *self);
void converge_surface_ask (ConvergeSurface *self,
                           ConvergeSurfaceWish *wish);
gboolean converge_surface_go_on (ConvergeSurface *self);
guint converge_surface_get_n (ConvergeSurface *self);
const AgSurvey *converge_surface_get (ConvergeSurface *self,
                                      guint index);

G_END_DECLS
