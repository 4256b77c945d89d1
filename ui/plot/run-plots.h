/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "plot/plot.h"
#include "train/history.h"
#include "train/optimum.h"
#include "train/rates.h"
#include "train/run-spec.h"
#include "train/snapshot.h"
#include "train/trace.h"

G_BEGIN_DECLS

/**
 * ConvergeRunView:
 * @spec: the run
 * @data: what it fits
 * @optimum: (nullable): where it converges to, where that is known
 * @snapshot: (nullable): its state; %NULL before the first one
 * @initial: the coefficients it begins with
 * @history: (nullable): its losses, where there is a @snapshot
 * @trace: (nullable): its coefficients, where there is a @snapshot
 * @rates: (nullable): the changes of its learning rate, where there is a @snapshot
 * @learning_rate: the rate that its next step takes
 *
 * What a plot can show of a run.
 */
typedef struct
{
  const AgRunSpec *spec;
  const AgData *data;
  const AgOptimum *optimum;
  const AgSnapshot *snapshot;
  const double *initial;
  const AgHistory *history;
  const AgTrace *trace;
  const AgRates *rates;
  double learning_rate;
} ConvergeRunView;

/**
 * ConvergeRunPlot:
 * @id: its name in files: "fit"
 * @title: its name on the screen, to be translated: "Fit"
 * @create: makes the plot, as it is before the first step, of which it needs @spec and
 *   @data; without a run, nothing but its axes
 * @update: shows what the run has come to, in a plot so many pixels wide
 * @describe: says in a sentence what can be seen, for those who cannot see it
 *
 * A plot of a run. A new one is a file with one of these, and a row in
 * run-plots.c.
 */
typedef struct
{
  const char *id;
  const char *title;
  ConvergePlot *(*create) (const ConvergeRunView *view);
  void (*update) (ConvergePlot *plot,
                  const ConvergeRunView *view,
                  double pixel_width);
  char *(*describe) (const ConvergeRunView *view);
} ConvergeRunPlot;

enum
{
  CONVERGE_RUN_PLOT_FIT,
  CONVERGE_RUN_PLOT_LOSS,
  CONVERGE_RUN_PLOT_PARAMETERS,
  CONVERGE_N_RUN_PLOTS,
};

const ConvergeRunPlot *converge_run_plot_nth (guint index);
double converge_run_axis_end (const AgRunSpec *spec,
                              gint64 n_steps);

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

guint converge_optional_series_n (void);
const ConvergeOptionalSeries *converge_optional_series_nth (guint index);

G_END_DECLS
