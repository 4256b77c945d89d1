/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "plot/plot.h"
#include "surface/survey.h"

#include <stdio.h>

G_BEGIN_DECLS

/**
 * ConvergeSurfaceRun:
 * @id: id of a path
 * @color: the colour of its run
 * @name: (nullable): what the legend calls it; %NULL for the only one
 *
 * Whose path it is.
 */
typedef struct
{
  guint64 id;
  guint color;
  char *name;
} ConvergeSurfaceRun;

ConvergePlot *converge_surface_plot_new (const AgSurvey *survey);
void converge_surface_plot_update (ConvergePlot *plot,
                                   const AgSurvey *survey,
                                   guint n_runs,
                                   const ConvergeSurfaceRun *runs,
                                   gint64 step);

/* surface-edge.c */
void converge_surface_add_edge (ConvergePlot *plot,
                                const AgSurvey *survey);

/* surface-text.c */
char *converge_surface_axis_title (const AgSurvey *survey,
                                   guint direction);
char *converge_surface_note (const AgSurvey *survey,
                             gint64 step);
char *converge_surface_describe (const AgSurvey *survey);
void converge_surface_write_csv (const AgField *field,
                                 const AgRunSpec *spec,
                                 double least,
                                 FILE *stream);

G_END_DECLS
