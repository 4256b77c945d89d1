/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "explain/sharpness-curve.h"
#include "model/predictor.h"
#include "plot/plot.h"
#include "train/clock.h"
#include "train/history.h"
#include "train/moment.h"
#include "train/optimum.h"
#include "train/rates.h"
#include "train/run-spec.h"
#include "train/snapshot.h"
#include "train/trace.h"
#include "train/updates.h"
#include "train/what-if.h"

G_BEGIN_DECLS

/**
 * ConvergeLossOver:
 * @CONVERGE_LOSS_OVER_STEPS: steps
 * @CONVERGE_LOSS_OVER_EVALUATIONS: gradients of a point that were computed
 * @CONVERGE_LOSS_OVER_TIME: microseconds
 *
 * What losses are plotted over.
 */
typedef enum
{
  CONVERGE_LOSS_OVER_STEPS,
  CONVERGE_LOSS_OVER_EVALUATIONS,
  CONVERGE_LOSS_OVER_TIME,
  CONVERGE_N_LOSS_OVER,
} ConvergeLossOver;

/**
 * ConvergeRunView:
 * @spec: the run
 * @data: what it fits
 * @predictor: (nullable): what its model predicts with which coefficients
 * @optimum: (nullable): where it converges to, where that is known
 * @snapshot: (nullable): its state; %NULL before the first one
 * @moment: (nullable): which of its moments is looked at; %NULL for that of @snapshot
 * @initial: the coefficients it begins with
 * @history: (nullable): its losses, where there is a @snapshot
 * @trace: (nullable): its coefficients, where there is a @snapshot
 * @clock: (nullable): when its steps were taken
 * @loss_over: what its losses are plotted over
 * @updates: (nullable): what is known of the gradients and updates of its steps
 * @rates: (nullable): the changes of its learning rate, where there is a @snapshot
 * @lr: the rate that its next step takes
 * @n_sharpness: number of @sharpness
 * @sharpness: (nullable): how curved its loss was over the steps, as far as that was found
 * @future: (nullable): what would become of it, or of one with other settings that fits the
 *   same, where somebody wants to know
 * @future_color: index of the colour that the run of @future will have
 * @point: (nullable): the x of the data point that somebody looks at
 *
 * A run as a plot can show it.
 */
typedef struct _ConvergeRunView ConvergeRunView;

struct _ConvergeRunView
{
  const AgRunSpec *spec;
  const AgData *data;
  AgPredictor *predictor;
  const AgOptimum *optimum;
  const AgSnapshot *snapshot;
  const AgMoment *moment;
  const double *initial;
  const AgHistory *history;
  const AgTrace *trace;
  const AgClock *clock;
  ConvergeLossOver loss_over;
  const AgUpdates *updates;
  const AgRates *rates;
  double lr;
  gsize n_sharpness;
  const AgSharpnessPoint *sharpness;
  const AgFuture *future;
  guint future_color;
  const double *point;
  guint64 id;
  guint color;
  const char *name;
  gboolean names_runs;
  guint n_others;
  const ConvergeRunView *others;
};

const double *converge_run_view_coefficients (const ConvergeRunView *view);
gint64 converge_run_view_step (const ConvergeRunView *view);
const char *converge_run_view_optimum_label (const ConvergeRunView *view);
void converge_run_view_label_optimum (const ConvergeRunView *view,
                                      ConvergeSeries *series);
gboolean converge_run_view_is_past (const ConvergeRunView *view);

/**
 * ConvergeOptionalSeries:
 * @id: the series
 * @title: its name in the preferences, to be translated
 * @is_shown: whether it is shown unless somebody says otherwise
 *
 * A series that people show or hide.
 */
typedef struct
{
  const char *id;
  const char *title;
  gboolean is_shown;
} ConvergeOptionalSeries;

/**
 * ConvergeRunPlotPlace:
 * @CONVERGE_RUN_PLOT_ABOVE: it is always seen, above the others
 * @CONVERGE_RUN_PLOT_ON_TAB: it is on a tab below, or beside other tabs where there is room
 *
 * Where the window has a plot.
 */
typedef enum
{
  CONVERGE_RUN_PLOT_ABOVE,
  CONVERGE_RUN_PLOT_ON_TAB,
} ConvergeRunPlotPlace;

/**
 * ConvergeRunPlot:
 * @id: its name in files: "fit"
 * @title: its name on the screen, to be translated: "Fit"
 * @place: where the window has it
 * @needs_updates: whether it shows gradients or updates, which are found only for such a plot
 * @is_in_picture: whether it is part of the picture that a run leaves where nobody chose
 *   plots
 * @n_optional: number of @optional
 * @optional: (nullable): the series that people show or hide; those of the same id in
 *   other plots go with them
 * @create: makes the plot, as it is before the first step, of which it needs @spec and
 *   @data; without a run, nothing but its axes
 * @update: shows what the run has come to, in a plot so many pixels wide
 * @describe: says in a sentence what can be seen, for those who cannot see it
 *
 * A plot of a run. A new one is a file with one of these, and a row in
 * run-plots.def.
 */
typedef struct
{
  const char *id;
  const char *title;
  ConvergeRunPlotPlace place;
  gboolean needs_updates;
  gboolean is_in_picture;
  guint n_optional;
  const ConvergeOptionalSeries *optional;
  ConvergePlot *(*create) (const ConvergeRunView *view);
  void (*update) (ConvergePlot *plot,
                  const ConvergeRunView *view,
                  double pixel_width);
  char *(*describe) (const ConvergeRunView *view);
} ConvergeRunPlot;

#define CONVERGE_RUN_PLOT(id) extern const ConvergeRunPlot converge_##id##_plot;
#include "plot/run-plots.def"
#undef CONVERGE_RUN_PLOT

G_END_DECLS
