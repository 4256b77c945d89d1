/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "surface/step-parts.h"
#include "surface/surface.h"
#include "surface/survey-path.h"

G_BEGIN_DECLS

/**
 * AgSurveyWish:
 * @kind: what kind of plane
 * @parameters: of one over two parameters, which
 * @has_range: whether @range is to be seen, rather than all there is
 * @range: from where to where, of each direction
 * @at: the moment that is looked at
 * @next: (nullable): the moment after the step from there, or, where it has taken no more steps,
 *   @at after the last one
 * @before: (nullable): with that, the moment before it; else %NULL
 * @initial: (nullable): where the run begins, where there is no @at
 * @paths: (element-type AgSurveyPath): the way of the run, and of others
 *
 * Which surface is to be seen, and what of a run on it.
 */
typedef struct
{
  AgPlaneKind kind;
  guint parameters[2];
  gboolean has_range;
  double range[2][2];
  AgMoment *at;
  AgMoment *next;
  AgMoment *before;
  double *initial;
  GPtrArray *paths;
} AgSurveyWish;

/**
 * AgSurvey:
 * @spec: the run
 * @field: the loss over the plane, as far as it was found
 * @least: the least loss that is known
 * @paths: (element-type AgSurveyPath): the ways of runs on it
 * @place: where the moment is
 * @at: (array): its coefficients
 * @loss: the moment's own loss
 * @under: the surface's loss there
 * @gap: how much of the loss above the least the path has and the plane under it has not, at
 *   most, as a share; 0 where the path is in the plane
 * @has_optimum: whether the optimum is known
 * @optimum: where it is
 * @is_optimum_on: whether it is on the plane
 * @has_axes: whether the curvature is known
 * @center: where: at the optimum, if it is on the plane, or at the moment
 * @curvatures: how curved the surface is there, along each of two directions
 * @directions: these directions, as steps of length 1 in the plane's coordinates
 * @rate: the learning rate at the moment
 * @is_last: whether the arrows are of the last step, rather than of the next one
 * @has_arrow: which of the arrows there are
 * @arrows: the parts of a step
 * @is_quadratic: whether the loss is, and so has the same curvature everywhere
 * @splits: whether the loss is the sum of what two pairs of parameters add to it
 * @others: those of the other pair
 *
 * All that was found of the surface that was wished for.
 */
typedef struct
{
  AgRunSpec spec;
  AgField *field;
  double least;
  GPtrArray *paths;
  double place[2];
  double *at;
  double loss;
  double under;
  double gap;
  gboolean has_optimum;
  double optimum[2];
  gboolean is_optimum_on;
  gboolean has_axes;
  double center[2];
  double curvatures[2];
  double directions[2][2];
  double rate;
  gboolean is_last;
  gboolean has_arrow[AG_N_STEP_PARTS];
  double arrows[AG_N_STEP_PARTS][2];
  gboolean is_quadratic;
  gboolean splits;
  guint others[2];
} AgSurvey;

AgSurveyWish *ag_survey_wish_new (void);
void ag_survey_wish_free (AgSurveyWish *wish);
void ag_survey_wish_default_parameters (const AgRunSpec *spec,
                                        guint parameters[2]);

AgSurvey *ag_survey_new (AgSurface *surface,
                         const AgRunSpec *spec,
                         AgSurveyWish *wish,
                         GError **error);
gboolean ag_survey_refine (AgSurvey *survey,
                           AgSurface *surface,
                           GError **error);
gboolean ag_survey_is_complete (const AgSurvey *survey);
void ag_survey_free (AgSurvey *survey);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AgSurvey, ag_survey_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AgSurveyWish, ag_survey_wish_free)

G_END_DECLS
