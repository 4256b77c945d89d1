/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "train/history.h"
#include "train/run-spec.h"
#include "train/snapshot.h"
#include "train/trace.h"

G_BEGIN_DECLS

/**
 * AgSurveyPath:
 * @id: whose it is
 * @n: number of points
 * @coefficients: of each point, (n, number of coefficients)
 * @losses: of each, the loss that the run had there; NaN where it has computed none
 * @places: of each, where on the plane it is, (n, 2), once it was surveyed
 *
 * The way of a run.
 */
typedef struct
{
  guint64 id;
  gsize n;
  double *coefficients;
  double *losses;
  double *places;
} AgSurveyPath;

AgSurveyPath *ag_survey_path_new (guint64 id,
                                  const AgRunSpec *spec,
                                  const AgTrace *trace,
                                  const AgHistory *history,
                                  const AgSnapshot *snapshot);
AgSurveyPath *ag_survey_path_copy (const AgSurveyPath *path,
                                   guint n_coefficients);
void ag_survey_path_free (AgSurveyPath *path);

G_END_DECLS
