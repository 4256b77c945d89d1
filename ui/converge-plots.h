/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "converge-export.h"
#include "converge-plot-view.h"
#include "converge-runs.h"
#include "converge-settings.h"
#include "converge-visibility.h"
#include "converge-what-if.h"

G_BEGIN_DECLS

#define CONVERGE_TYPE_PLOTS (converge_plots_get_type ())
G_DECLARE_FINAL_TYPE (ConvergePlots, converge_plots, CONVERGE, PLOTS, GtkWidget)

void converge_plots_set_up (ConvergePlots *self,
                            ConvergeSettings *settings,
                            ConvergeRuns *runs,
                            ConvergeVisibility *visibility,
                            ConvergeWhatIf *what_if);
void converge_plots_prepare (ConvergePlots *self,
                             const AgRunSpec *spec);
void converge_plots_set_start (ConvergePlots *self,
                               const AgRunSpec *spec);
void converge_plots_set_wanted (ConvergePlots *self,
                                const AgRunSpec *spec);
void converge_plots_set_caption (ConvergePlots *self,
                                 const char *caption,
                                 gboolean is_notable);
const AgRunSpec *converge_plots_get_spec (ConvergePlots *self);
void converge_plots_update (ConvergePlots *self);
void converge_plots_describe (ConvergePlots *self);
const char *converge_plots_get_formula (ConvergePlots *self);
void converge_plots_get_source (ConvergePlots *self,
                                ConvergeExportSource *source);
int converge_plots_get_divider (ConvergePlots *self);
void converge_plots_set_divider (ConvergePlots *self,
                                 int position);
const char *converge_plots_get_tab (ConvergePlots *self);
gboolean converge_plots_set_tab (ConvergePlots *self,
                                 const char *id);
char *converge_plots_make_race_table (ConvergePlots *self,
                                      char separator);

G_END_DECLS
