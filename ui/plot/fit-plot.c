/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot/plot-others.h"
#include "plot/plot-palette.h"
#include "plot/plot-range.h"
#include "plot/run-others.h"
#include "plot/run-plot.h"
#include "plot/run-text.h"
#include "plot/what-if-series.h"
#include "train/uncertainty.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* The plot of the fit shows the target, the optimum or the best fit that was found, and how
 * certain that is, the initial fit, a trail of earlier fits, the fit, and the residual. */

/* A curve has so many points. More would not be seen, since few screens have many times as many
 * columns. */
#define N_CURVE 401

/* Free space above and below the target, as a share of its height. */
#define MARGIN 0.4

#define N_EARLIER 6

/* The band of the best fit reaches so many standard errors above and below it: at 19 of 20
 * points what would be predicted without noise is within it. */
#define N_ERRORS 2

/* The points at which curves are drawn, from one end of the data to the other. */
static void
find_curve_x (const AgData *data,
              double x[N_CURVE])
{
  for (gsize i = 0; i < N_CURVE; i++)
    {
      /* The place is a weighted mean of both ends and not the start plus a part of the
       * length, because the length may be greater than the greatest number. */
      const double share = (double) i / (N_CURVE - 1);

      x[i] = (1 - share) * ag_data_x_minimum (data) + share * ag_data_x_maximum (data);
    }
}

/* Draws the curve that the run's model predicts, or nothing where that cannot be found out. */
static void
predict (const ConvergeRunView *view,
         const double *coefficients,
         gsize n,
         const double *x,
         double *y)
{
  if (view->predictor != NULL
      && ag_predictor_evaluate (view->predictor, coefficients, n, x, y, NULL))
    return;
  for (gsize i = 0; i < n; i++)
    y[i] = NAN;
}

/* Plots have the units of the file, models those of what they were fitted to. */
static void
unscale (const AgData *data,
         gsize n,
         double *x,
         double *y)
{
  const AgScale *scale = ag_data_scale (data);

  for (gsize i = 0; scale != NULL && i < n; i++)
    {
      x[i] = scale->x_mean + scale->x_deviation * x[i];
      y[i] = scale->y_mean + scale->y_deviation * y[i];
    }
}

static void
set_curve (ConvergeSeries *series,
           const ConvergeRunView *view,
           const double *coefficients)
{
  double x[N_CURVE], y[N_CURVE];

  find_curve_x (view->data, x);
  predict (view, coefficients, N_CURVE, x, y);
  unscale (view->data, N_CURVE, x, y);
  converge_series_set_points (series, N_CURVE, x, y);
}

static void
set_uncertainty (ConvergeSeries *series,
                 const ConvergeRunView *view)
{
  double x[N_CURVE], y[N_CURVE], errors[N_CURVE], low[N_CURVE], high[N_CURVE], same_x[N_CURVE];

  find_curve_x (view->data, x);
  if (!ag_uncertainty_of_prediction (view->spec->program->model, view->optimum->coefficients,
                                     view->optimum->factor, N_CURVE, x, y, errors, NULL))
    return;
  for (gsize i = 0; i < N_CURVE; i++)
    {
      low[i] = y[i] - N_ERRORS * errors[i];
      high[i] = y[i] + N_ERRORS * errors[i];
      same_x[i] = x[i];
    }
  unscale (view->data, N_CURVE, x, low);
  unscale (view->data, N_CURVE, same_x, high);
  converge_series_set_band (series, N_CURVE, x, low, high);
}

static void
set_target (ConvergeSeries *series,
            const AgData *data)
{
  double x[AG_OUTLINE_MAX_POINTS], y[AG_OUTLINE_MAX_POINTS];
  const gsize n = ag_data_outline (data, ag_data_table (data) != NULL ? G_N_ELEMENTS (x) : N_CURVE, x, y);

  unscale (data, n, x, y);
  converge_series_set_points (series, n, x, y);
}

/* Computes what the run predicts at the target's points, in the units of the plot. */
static void
predict_target (const ConvergeRunView *view,
                const ConvergeSeries *target,
                double *predicted)
{
  const AgScale *scale = ag_data_scale (view->data);
  g_autofree double *x = g_memdup2 (target->x, sizeof (double) * target->n);

  for (gsize i = 0; scale != NULL && i < target->n; i++)
    x[i] = (x[i] - scale->x_mean) / scale->x_deviation;
  predict (view, converge_run_view_coefficients (view), target->n, x, predicted);
  unscale (view->data, target->n, x, predicted);
}

/* From each point to the fit, with gaps between them. */
static void
set_distances (ConvergeSeries *series,
               const ConvergeSeries *target,
               const ConvergeRunView *view)
{
  g_autofree double *predicted = g_new (double, target->n);
  g_autofree double *x = g_new (double, 3 * target->n);
  g_autofree double *y = g_new (double, 3 * target->n);

  predict_target (view, target, predicted);
  for (gsize i = 0; i < target->n; i++)
    {
      x[3 * i] = x[3 * i + 1] = x[3 * i + 2] = target->x[i];
      y[3 * i] = target->y[i];
      y[3 * i + 1] = predicted[i];
      y[3 * i + 2] = NAN;
    }
  converge_series_set_points (series, 3 * target->n, x, y);
}

/* The part between the target and the fit, at the target's points. */
static void
set_residual (ConvergeSeries *series,
              const ConvergeSeries *target,
              const ConvergeRunView *view)
{
  double y[N_CURVE];

  predict_target (view, target, y);
  converge_series_set_band (series, target->n, target->x, y, target->y);
}

/* The target decides what is seen, so that the view stays where it is while a
 * fit comes from afar. */
static void
set_view (ConvergePlot *plot)
{
  const ConvergeSeries *target = converge_plot_find_series (plot, "target");
  double least = NAN, most = NAN;
  ConvergeRange range;

  for (gsize i = 0; i < target->n; i++)
    if (isfinite (target->y[i]))
      {
        least = fmin (least, target->y[i]);
        most = fmax (most, target->y[i]);
      }
  if (isnan (least))
    return;
  range = converge_axis_range (&plot->y, least, most, MARGIN);
  plot->y.has_view = TRUE;
  plot->y.minimum = range.minimum;
  plot->y.maximum = range.maximum;
}

/* The earlier fits are one series with gaps between them, so that the legend has one entry for
 * all. */
static void
set_trail (ConvergeSeries *series,
           const ConvergeRunView *view)
{
  double curve[N_CURVE], x[N_EARLIER * (N_CURVE + 1)], y[N_EARLIER * (N_CURVE + 1)];
  g_autofree double *coefficients = g_new (double, view->spec->program->model->n_parameters);
  gint64 step = converge_run_view_step (view);
  gsize n = 0;

  find_curve_x (view->data, curve);
  for (guint i = 0; i < N_EARLIER; i++)
    {
      step /= 2;
      if (step == 0)
        break;
      ag_trace_at (view->trace, step, coefficients);
      memcpy (x + n, curve, sizeof curve);
      predict (view, coefficients, N_CURVE, curve, y + n);
      unscale (view->data, N_CURVE, x + n, y + n);
      n += N_CURVE;
      x[n] = y[n] = NAN;
      n++;
    }
  converge_series_set_points (series, n, x, y);
}

/* The fit that a run would end with, which is none where it diverges. */
static void
set_future (ConvergeSeries *series,
            const ConvergeRunView *view)
{
  if (series->label != NULL && view->future->coefficients != NULL)
    set_curve (series, view, view->future->coefficients);
  else
    converge_series_set_points (series, 0, NULL, NULL);
}

static ConvergePlot *
create (const ConvergeRunView *view)
{
  const gboolean has_data = view != NULL && view->data != NULL;
  const AgTable *table = has_data ? ag_data_table (view->data) : NULL;
  ConvergePlot *plot = converge_plot_new (_ ("Fit"), table != NULL ? table->names[table->x_column] : "x",
                                          table != NULL ? table->names[table->y_column] : "y");
  g_autofree char *label = NULL;
  ConvergeSeries *series;

  /* Of a run whose file is gone it is not known where the points were. */
  if (!has_data)
    return plot;
  label = table != NULL ? g_strdup (ag_data_origin (view->data))
                        : g_strdup_printf (_ ("target %s"), ag_data_origin (view->data));
  series = converge_plot_add_series (plot, table != NULL ? CONVERGE_SERIES_LINE : CONVERGE_SERIES_BAND,
                                     "residual", _ ("residual"), CONVERGE_COLOR_BAND);
  series->opacity = table != NULL ? 0.6 : 0.3;
  series->width = 1;
  series->is_visible = FALSE;
  series->in_range = FALSE;
  series = converge_plot_add_series (plot, CONVERGE_SERIES_BAND, "uncertainty",
                                     _ ("± 2 standard errors"), CONVERGE_COLOR_OPTIMUM);
  series->opacity = 0.3;
  series->is_visible = FALSE;
  series->in_range = FALSE;
  series = converge_plot_add_series (plot, CONVERGE_SERIES_TRAIL, "trail", _ ("earlier"),
                                     view->color);
  series->opacity = 0.6;
  series->width = 1;
  series->in_range = FALSE;
  series = converge_plot_add_series (plot, CONVERGE_SERIES_LINE, "initial", _ ("initial"),
                                     CONVERGE_COLOR_INITIAL);
  series->is_dashed = TRUE;
  series->width = 1.5;
  series->in_range = FALSE;
  series = converge_plot_add_series (plot, table != NULL ? CONVERGE_SERIES_POINTS : CONVERGE_SERIES_LINE,
                                     "target", label, CONVERGE_COLOR_TARGET);
  series->opacity = table != NULL ? 0.7 : 1;
  set_target (series, view->data);
  series = converge_plot_add_series (plot, CONVERGE_SERIES_LINE, "optimum",
                                     converge_run_view_optimum_label (view),
                                     CONVERGE_COLOR_OPTIMUM);
  series->is_dashed = TRUE;
  series->width = 1.5;
  converge_what_if_series_add (plot);
  series = converge_plot_add_series (plot, CONVERGE_SERIES_LINE, "fit", _ ("fit"),
                                     view->color);
  series->width = 2.5;
  series->in_range = FALSE;

  series = converge_plot_add_series (plot, CONVERGE_SERIES_UPRIGHT, "point", NULL,
                                     CONVERGE_COLOR_INITIAL);
  series->in_range = FALSE;
  series->width = 1;

  set_view (plot);
  return plot;
}

/* The fits that runs of the same points have come to. */
static void
update_others (ConvergePlot *plot,
               const ConvergeRunView *view)
{
  converge_plot_begin_others (plot);
  for (guint i = 0; i < view->n_others; i++)
    {
      ConvergeRunView other = view->others[i];
      ConvergeSeries *series;
      gboolean is_stale;

      if (!converge_run_others_has_same_points (view, &other))
        continue;
      series = converge_run_others_add (plot, view, &other, 0, converge_run_others_key (&other, 0, NULL), &is_stale);
      series->in_range = FALSE;
      if (!is_stale)
        continue;
      other.data = view->data;
      set_curve (series, &other, other.snapshot->coefficients);
    }
  converge_plot_end_others (plot);
}

/* Marks the point whose numbers the graph shows. */
static void
set_point (ConvergeSeries *series,
           const ConvergeRunView *view)
{
  converge_series_set_value (series, view->point != NULL ? *view->point : NAN);
}

static void
update (ConvergePlot *plot,
        const ConvergeRunView *view,
        double pixel_width)
{
  ConvergeSeries *fit = converge_plot_find_series (plot, "fit");
  ConvergeSeries *target = converge_plot_find_series (plot, "target");
  ConvergeSeries *trail = converge_plot_find_series (plot, "trail");
  ConvergeSeries *residual = converge_plot_find_series (plot, "residual");
  ConvergeSeries *optimum = converge_plot_find_series (plot, "optimum");
  ConvergeSeries *uncertainty = converge_plot_find_series (plot, "uncertainty");

  if (view->data == NULL)
    return;
  if (view->optimum != NULL)
    {
      converge_run_view_label_optimum (view, optimum);
      set_curve (optimum, view, view->optimum->coefficients);
      if (uncertainty->is_visible)
        set_uncertainty (uncertainty, view);
    }
  set_curve (converge_plot_find_series (plot, "initial"), view, view->initial);
  set_future (converge_what_if_series_label (plot, view), view);
  set_point (converge_plot_find_series (plot, "point"), view);
  update_others (plot, view);
  converge_run_others_name (view, fit, view->names_runs && view->n_others > 0 ? view->name : _ ("fit"));
  if (view->snapshot == NULL)
    return;
  set_curve (fit, view, converge_run_view_coefficients (view));
  if (trail->is_visible)
    set_trail (trail, view);
  if (residual->is_visible && ag_data_table (view->data) != NULL)
    set_distances (residual, target, view);
  else if (residual->is_visible)
    set_residual (residual, target, view);
}

static char *
describe (const ConvergeRunView *view)
{
  const gboolean has_begun = view->snapshot != NULL;
  g_autofree char *formula = converge_run_text_formula (view->spec, converge_run_view_coefficients (view));

  if (!has_begun)
    return g_strdup_printf (_ ("The target is %s; training begins with %s."),
                            ag_data_origin (view->data), formula);
  return g_strdup_printf (_ ("After step %lld the fit is %s."), (long long) converge_run_view_step (view),
                          formula);
}

static const ConvergeOptionalSeries optional[] = {
  { "trail", N_ ("Trail of earlier fits"), TRUE },
  { "initial", N_ ("Initial fit"), TRUE },
  { "optimum", N_ ("Optimum or best fit found"), TRUE },
  { "uncertainty", N_ ("Uncertainty of the best fit"), FALSE },
  { "residual", N_ ("Residual between fit and target"), FALSE },
};

const ConvergeRunPlot converge_fit_plot = {
  .id = "fit",
  .title = N_ ("Fit"),
  .place = CONVERGE_RUN_PLOT_ABOVE,
  .is_in_picture = TRUE,
  .n_optional = G_N_ELEMENTS (optional),
  .optional = optional,
  .create = create,
  .update = update,
  .describe = describe,
};
