/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "converge-code-view.h"
#include "converge-graph-view.h"
#include "converge-plots.h"
#include "converge-race-view.h"
#include "converge-sharpness.h"
#include "converge-step-view.h"
#include "converge-surface-view.h"
#include "converge-sweep-view.h"
#include "converge-tabs.h"
#include "converge-updates.h"

G_BEGIN_DECLS

/**
 * ShownPlot:
 * @plots: what shows it
 * @kind: what is plotted
 * @plot: the plot
 * @view: where it is to be seen
 *
 * One of the plots.
 */
typedef struct
{
  ConvergePlots *plots;
  const ConvergeRunPlot *kind;
  ConvergePlot *plot;
  ConvergePlotView *view;
} ShownPlot;

struct _ConvergePlots
{
  GtkWidget parent_instance;

  ConvergeRuns *runs;
  ConvergeVisibility *visibility;
  ConvergeWhatIf *what_if;
  AgRunSpec spec;
  gboolean has_run;
  AgData *data;
  AgPredictor *predictor;
  GHashTable *predictors;
  GArray *others;
  double point;
  double *initial;
  gboolean has_initial;
  ShownPlot shown[CONVERGE_N_RUN_PLOTS];
  ConvergeSweepView *sweeps[CONVERGE_N_SWEEPS];
  ConvergeRaceView *race_view;
  ConvergeLossOver loss_over;

  GtkPaned *paned;
  GtkBox *upper;
  GtkLabel *formula;
  GtkLabel *formula_note;
  GtkLabel *caption;
  ConvergeTabs *tabs;
  ConvergeFollower *explainer;
  ConvergeSharpness *sharpness;
  ConvergeStepView *step_view;
  ConvergeGraphView *graph_view;
  ConvergeSurfaceView *surface_view;
  gint64 step_before_click;
  ConvergeCodeView *code_view;
  ConvergeUpdates *updates;
};

/* converge-plots-show.c */
void converge_plots_clear (ConvergePlots *self);
void converge_plots_make_plot (ShownPlot *shown);
void converge_plots_update_views (ConvergePlots *self);
void converge_plots_apply_visibility (ConvergePlots *self);
double converge_plots_look_at_point (ConvergePlots *self,
                                     double x);

/* converge-plots-view.c */
gboolean converge_plots_get_view (ConvergePlots *self,
                                  ConvergeRunView *view);
ConvergeRunView converge_plots_view_run (ConvergePlots *self,
                                         ConvergeRun *run);
void converge_plots_find_updates (ConvergePlots *self,
                                  ConvergeRunView *view);
void converge_plots_find_sharpness (ConvergePlots *self,
                                    ConvergeRunView *view);
void converge_plots_forget_updates (ConvergePlots *self);

G_END_DECLS
