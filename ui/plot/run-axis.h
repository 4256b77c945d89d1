/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "plot/run-plot.h"

G_BEGIN_DECLS

double converge_run_axis_end (const AgRunSpec *spec,
                              gint64 n_steps);
void converge_run_axis_add_moment (ConvergePlot *plot);
gboolean converge_run_axis_has_moment (const ConvergePlot *plot);
double converge_run_axis_get_moment (const ConvergePlot *plot);
void converge_run_axis_mark_place (ConvergePlot *plot,
                                   double place);
void converge_run_axis_mark_moment (ConvergePlot *plot,
                                    const ConvergeRunView *view);

G_END_DECLS
