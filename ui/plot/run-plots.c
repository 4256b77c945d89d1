/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot/run-plots.h"

#include <glib/gi18n-lib.h>

extern const ConvergeRunPlot converge_fit_plot;
extern const ConvergeRunPlot converge_loss_plot;
extern const ConvergeRunPlot converge_parameters_plot;

/* Steps that an axis has room for from the start. */
#define SHORTEST_AXIS 200

/* In the order in which they are seen: the first one above, the others on
 * tabs below it. */
static const ConvergeRunPlot *const plots[CONVERGE_N_RUN_PLOTS] = {
  [CONVERGE_RUN_PLOT_FIT] = &converge_fit_plot,
  [CONVERGE_RUN_PLOT_LOSS] = &converge_loss_plot,
  [CONVERGE_RUN_PLOT_PARAMETERS] = &converge_parameters_plot,
};

static const ConvergeOptionalSeries optional_series[] = {
  { "trail", N_ ("Trail of earlier fits"), TRUE },
  { "initial", N_ ("Initial fit"), TRUE },
  { "optimum", N_ ("Least squares fit and loss"), TRUE },
  { "residual", N_ ("Residual between fit and target"), FALSE },
  { "smoothed", N_ ("Smoothed loss"), FALSE },
  { "printed", N_ ("Losses the tutorial printed"), FALSE },
};

/**
 * converge_run_plot_nth:
 * @index: below %CONVERGE_N_RUN_PLOTS
 *
 * Returns: (transfer none): a kind of plot
 */
const ConvergeRunPlot *
converge_run_plot_nth (guint index)
{
  g_return_val_if_fail (index < CONVERGE_N_RUN_PLOTS, NULL);

  return plots[index];
}

/**
 * converge_run_axis_end:
 * @spec: a specification
 * @n_steps: how many steps it has taken
 *
 * Says how far an axis of steps goes: to the end of the run, or, while that is
 * far away, to a half, a quarter … of it, so that it need not change in every
 * frame.
 *
 * Returns: a step
 */
double
converge_run_axis_end (const AgRunSpec *spec,
                       gint64 n_steps)
{
  gint64 end = spec->steps;

  while (end / 2 > MAX (n_steps, MIN (spec->steps, SHORTEST_AXIS)))
    end /= 2;
  return (double) end;
}

/**
 * converge_optional_series_n:
 *
 * Returns: how many there are
 */
guint
converge_optional_series_n (void)
{
  return G_N_ELEMENTS (optional_series);
}

/**
 * converge_optional_series_nth:
 * @index: which one
 *
 * Returns: (transfer none): a series that people show or hide
 */
const ConvergeOptionalSeries *
converge_optional_series_nth (guint index)
{
  g_return_val_if_fail (index < G_N_ELEMENTS (optional_series), NULL);

  return &optional_series[index];
}
