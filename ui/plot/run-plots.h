/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "plot/run-plot.h"

G_BEGIN_DECLS

enum
{
#define CONVERGE_RUN_PLOT(id) +1
  CONVERGE_N_RUN_PLOTS = 0
#include "plot/run-plots.def"
#undef CONVERGE_RUN_PLOT
};

const ConvergeRunPlot *converge_run_plot_nth (guint index);
gint converge_run_plot_find (const char *id);

guint converge_optional_series_n (void);
const ConvergeOptionalSeries *converge_optional_series_nth (guint index);

G_END_DECLS
