/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot/run-plots.h"

#include "program/expression.h"
#include "train/optimum.h"

#include <math.h>

/* Points of a curve: more than a screen has columns would not be seen. */
#define N_CURVE 401

/* Free space above and below the target, as a share of its height. */
#define MARGIN 0.4

/* Steps over which the smoothed loss forgets, as a share of those seen. */
#define SMOOTHING_SHARE 0.02

enum
{
  COLOR_FIT,
  COLOR_TARGET,
  COLOR_OPTIMUM,
  COLOR_BAND,
  COLOR_INITIAL,
};

static double
curve_x (const AgRun *run,
         gsize i)
{
  return run->x_minimum + (run->x_maximum - run->x_minimum) * (double) i / (N_CURVE - 1);
}

static void
set_curve (ConvergeSeries *series,
           const AgRun *run,
           const double *coefficients)
{
  double x[N_CURVE], y[N_CURVE];

  for (gsize i = 0; i < N_CURVE; i++)
    {
      x[i] = curve_x (run, i);
      y[i] = run->program->evaluate (coefficients, x[i]);
    }
  converge_series_set_points (series, N_CURVE, x, y);
}

static void
set_target (ConvergeSeries *series,
            const AgRun *run)
{
  g_autoptr (AgExpression) target = ag_expression_parse (run->target, NULL);
  double x[N_CURVE], y[N_CURVE];

  for (gsize i = 0; target != NULL && i < N_CURVE; i++)
    {
      x[i] = curve_x (run, i);
      y[i] = ag_expression_evaluate (target, x[i]);
    }
  if (target != NULL)
    converge_series_set_points (series, N_CURVE, x, y);
}

/* The target decides what is seen, so that the view stays where it is while a
 * fit comes from afar. */
static void
set_view (ConvergePlot *plot)
{
  const ConvergeSeries *target = converge_plot_find_series (plot, "target");
  double least = INFINITY, most = -INFINITY, margin;

  for (gsize i = 0; i < target->n; i++)
    if (isfinite (target->y[i]))
      {
        least = fmin (least, target->y[i]);
        most = fmax (most, target->y[i]);
      }
  if (least > most)
    return;
  margin = most > least ? MARGIN * (most - least) : fmax (1, fabs (most));
  plot->y.has_view = TRUE;
  plot->y.minimum = least - margin;
  plot->y.maximum = most + margin;
}

/**
 * converge_fit_plot_new:
 * @run: a run
 *
 * Makes the plot of what a run fits to what: the target, the least squares
 * optimum where that is known, the initial fit, earlier fits, the fit, and,
 * hidden at first, the residual.
 *
 * Returns: (transfer full): the plot, without a fit yet
 */
ConvergePlot *
converge_fit_plot_new (const AgRun *run)
{
  ConvergePlot *plot = converge_plot_new ("Fit", "x", "y");
  g_autofree char *label = g_strdup_printf ("target %s", run->target);
  ConvergeSeries *series;
  AgOptimum optimum;

  series = converge_plot_add_series (plot, CONVERGE_SERIES_BAND, "residual", "residual",
                                     COLOR_BAND);
  series->opacity = 0.3;
  series->is_visible = FALSE;
  series->in_range = FALSE;
  for (guint i = 0; i < CONVERGE_N_GHOSTS; i++)
    {
      g_autofree char *id = g_strdup_printf ("ghost-%u", i);

      series = converge_plot_add_series (plot, CONVERGE_SERIES_LINE, id, NULL, COLOR_FIT);
      series->opacity = 0.35 * (CONVERGE_N_GHOSTS - i) / CONVERGE_N_GHOSTS;
      series->width = 1;
      series->in_range = FALSE;
    }
  series = converge_plot_add_series (plot, CONVERGE_SERIES_LINE, "initial", "initial",
                                     COLOR_INITIAL);
  series->opacity = 0.8;
  series->width = 1;
  series->in_range = FALSE;
  series = converge_plot_add_series (plot, CONVERGE_SERIES_LINE, "target", label,
                                     COLOR_TARGET);
  set_target (series, run);
  if (ag_run_optimum (run, &optimum))
    {
      series = converge_plot_add_series (plot, CONVERGE_SERIES_LINE, "optimum", "least squares",
                                         COLOR_OPTIMUM);
      series->is_dashed = TRUE;
      series->width = 1.5;
      set_curve (series, run, optimum.coefficients);
    }
  series = converge_plot_add_series (plot, CONVERGE_SERIES_LINE, "fit", "fit", COLOR_FIT);
  series->width = 2.5;
  series->in_range = FALSE;

  set_view (plot);
  return plot;
}

/**
 * converge_fit_plot_set_initial:
 * @plot: a plot made by converge_fit_plot_new()
 * @run: the run
 * @initial: the coefficients it began with
 */
void
converge_fit_plot_set_initial (ConvergePlot *plot,
                               const AgRun *run,
                               const double *initial)
{
  set_curve (converge_plot_find_series (plot, "initial"), run, initial);
}

/**
 * converge_fit_plot_update:
 * @plot: a plot made by converge_fit_plot_new()
 * @run: the run
 * @snapshot: its state
 */
void
converge_fit_plot_update (ConvergePlot *plot,
                          const AgRun *run,
                          const AgSnapshot *snapshot)
{
  ConvergeSeries *fit = converge_plot_find_series (plot, "fit");
  ConvergeSeries *target = converge_plot_find_series (plot, "target");

  set_curve (fit, run, snapshot->coefficients);
  converge_series_set_band (converge_plot_find_series (plot, "residual"), fit->n, fit->x, fit->y,
                            target->y);
}

/**
 * converge_fit_plot_push_ghost:
 * @plot: a plot made by converge_fit_plot_new()
 *
 * Makes the fit that is shown now the newest of the earlier fits.
 */
void
converge_fit_plot_push_ghost (ConvergePlot *plot)
{
  const ConvergeSeries *fit = converge_plot_find_series (plot, "fit");
  ConvergeSeries *ghosts[CONVERGE_N_GHOSTS];

  for (guint i = 0; i < CONVERGE_N_GHOSTS; i++)
    {
      g_autofree char *id = g_strdup_printf ("ghost-%u", i);

      ghosts[i] = converge_plot_find_series (plot, id);
    }
  for (guint i = CONVERGE_N_GHOSTS - 1; i > 0; i--)
    converge_series_set_points (ghosts[i], ghosts[i - 1]->n, ghosts[i - 1]->x, ghosts[i - 1]->y);
  converge_series_set_points (ghosts[0], fit->n, fit->x, fit->y);
}

/**
 * converge_loss_plot_new:
 * @run: a run
 *
 * Makes the plot of a run's losses: the loss, the least and greatest of the
 * steps that share a pixel, the best loss that can be reached where that is
 * known, and, hidden at first, a smoothed line.
 *
 * Returns: (transfer full): the plot, without losses yet
 */
ConvergePlot *
converge_loss_plot_new (const AgRun *run)
{
  ConvergePlot *plot = converge_plot_new ("Loss", "step", "sum of squares");
  ConvergeSeries *series;
  AgOptimum optimum;

  plot->y.is_log = TRUE;
  series = converge_plot_add_series (plot, CONVERGE_SERIES_BAND, "range", NULL, COLOR_FIT);
  series->opacity = 0.3;
  if (ag_run_optimum (run, &optimum))
    {
      series = converge_plot_add_series (plot, CONVERGE_SERIES_RULE, "best", "best reachable",
                                         COLOR_OPTIMUM);
      series->is_dashed = TRUE;
      series->width = 1.5;
      converge_series_set_value (series, optimum.loss);
    }
  series = converge_plot_add_series (plot, CONVERGE_SERIES_LINE, "loss", "loss", COLOR_FIT);
  series->width = 1.5;
  series = converge_plot_add_series (plot, CONVERGE_SERIES_LINE, "smoothed", "smoothed",
                                     COLOR_TARGET);
  series->is_visible = FALSE;
  return plot;
}

/* An exponential mean whose start is corrected as Adam's is, so that it does
 * not begin at zero; entries weigh as many steps as they cover.
 * See: Kingma and Ba, "Adam", 2015, section 3 */
static void
set_smoothed (ConvergeSeries *series,
              gsize n,
              const AgHistoryEntry *entries,
              const double *x)
{
  double span = (double) (entries[n - 1].step + entries[n - 1].stride - entries[0].step);
  double mean = 0, weight = 0;
  g_autofree double *y = g_new (double, n);

  for (gsize i = 0; i < n; i++)
    {
      double keep = exp (-(double) entries[i].stride / fmax (SMOOTHING_SHARE * span, 1));

      if (isfinite (entries[i].loss))
        {
          mean = keep * mean + (1 - keep) * entries[i].loss;
          weight = keep * weight + (1 - keep);
        }
      y[i] = weight > 0 ? mean / weight : NAN;
    }
  converge_series_set_points (series, n, x, y);
}

/**
 * converge_loss_plot_update:
 * @plot: a plot made by converge_loss_plot_new()
 * @history: the losses
 * @pixel_width: how many pixels wide they are drawn
 *
 * Takes as much of the history as the pixels can show: no spike is lost, and
 * the newest loss is always there.
 */
void
converge_loss_plot_update (ConvergePlot *plot,
                           const AgHistory *history,
                           double pixel_width)
{
  gint64 n_steps = ag_history_n_steps (history);
  gint64 first = 0, last = n_steps - 1;
  gsize room = (gsize) CLAMP (4 * pixel_width, 256, 65536);
  g_autofree AgHistoryEntry *entries = g_new (AgHistoryEntry, room);
  g_autofree double *numbers = g_new (double, 4 * room);
  double *x = numbers, *loss = x + room, *low = loss + room, *high = low + room;
  gsize n;

  if (plot->x.has_view)
    {
      first = CLAMP ((gint64) floor (plot->x.minimum), 0, MAX (last, 0));
      last = CLAMP ((gint64) ceil (plot->x.maximum), first, MAX (last, first));
    }
  n = n_steps == 0 ? 0
                   : ag_history_read (history,
                                      ag_history_level_for (history, first, last,
                                                            (gint64) (2 * pixel_width)),
                                      first, last, room, entries);
  for (gsize i = 0; i < n; i++)
    {
      x[i] = (double) (entries[i].step + entries[i].stride - 1);
      loss[i] = entries[i].loss;
      low[i] = entries[i].minimum;
      high[i] = entries[i].maximum;
    }
  converge_series_set_points (converge_plot_find_series (plot, "loss"), n, x, loss);
  converge_series_set_band (converge_plot_find_series (plot, "range"), n, x, low, high);
  if (n > 0)
    set_smoothed (converge_plot_find_series (plot, "smoothed"), n, entries, x);
}
