/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot/loss-axis.h"
#include "plot/plot-axis.h"
#include "plot/plot-others.h"
#include "plot/plot-palette.h"
#include "plot/printed-log.h"
#include "plot/run-axis.h"
#include "plot/run-others.h"
#include "plot/run-plot.h"
#include "plot/what-if-series.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/* A run's losses: the loss, the least and greatest of the steps that share a
 * pixel, the best loss that can be reached or was found, a smoothed line, and what the tutorial printed. */

/* Steps over which the smoothed loss forgets, as a share of those seen. */
#define SMOOTHING_SHARE 0.02

/* The best loss that was found is left out of sight where it is less than this share of the run's
 * least. */
#define OUT_OF_SIGHT 1e-4

static ConvergePlot *
create (const ConvergeRunView *view)
{
  ConvergePlot *plot = converge_plot_new (
    _ ("Loss"),
    converge_loss_axis_label (view != NULL ? view->loss_over : CONVERGE_LOSS_OVER_STEPS), _ (view != NULL ? view->spec->loss->title : N_ ("sum of squares")));
  double steps[CONVERGE_PRINTED_LOG_MAX], losses[CONVERGE_PRINTED_LOG_MAX];
  ConvergeLossAxis axis;
  ConvergeSeries *series;

  plot->y.is_log = TRUE;
  if (view == NULL)
    return plot;
  converge_loss_axis_init (&axis, view, view->loss_over);
  plot->x.least_maximum = converge_loss_axis_end (&axis, view->spec, 0);
  series = converge_plot_add_series (plot, CONVERGE_SERIES_BAND, "range", NULL,
                                     view->color);
  series->opacity = 0.3;
  series = converge_plot_add_series (plot, CONVERGE_SERIES_RULE, "optimum",
                                     converge_run_view_optimum_label (view),
                                     CONVERGE_COLOR_OPTIMUM);
  series->is_dashed = TRUE;
  series->width = 1.5;
  if (converge_printed_log (view->spec, steps, losses) > 0)
    {
      series = converge_plot_add_series (plot, CONVERGE_SERIES_POINTS, "printed",
                                         _ ("printed in the tutorial"), CONVERGE_COLOR_PRINTED);
      series->is_visible = FALSE;
    }
  converge_run_axis_add_moment (plot);
  converge_what_if_series_add (plot);
  series = converge_plot_add_series (plot, CONVERGE_SERIES_LINE, "loss", _ ("loss"),
                                     view->color);
  series->width = 1.5;
  series = converge_plot_add_series (plot, CONVERGE_SERIES_LINE, "smoothed", _ ("smoothed"),
                                     CONVERGE_COLOR_TARGET);
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

/* Takes as many entries of the history as the pixels can show. Extremes are kept, so no spike is
 * lost, and the newest loss is always drawn. */
/* A net can be made to fit so well that its run would be a line at the upper edge: then what was
 * found is not to be seen. */
static void
set_optimum (ConvergeSeries *series,
             const ConvergeRunView *view,
             gsize n,
             const double *low)
{
  double least = INFINITY;

  for (gsize i = 0; i < n; i++)
    least = fmin (least, low[i]);
  converge_run_view_label_optimum (view, series);
  converge_series_set_value (series, view->optimum->loss);
  series->in_range = view->optimum->is_exact || view->optimum->loss > OUT_OF_SIGHT * least;
}

static void
set_printed (ConvergePlot *plot,
             const AgRunSpec *spec,
             const ConvergeLossAxis *axis)
{
  ConvergeSeries *series = converge_plot_find_series (plot, "printed");
  double steps[CONVERGE_PRINTED_LOG_MAX], losses[CONVERGE_PRINTED_LOG_MAX];
  gsize n;

  if (series == NULL)
    return;
  n = converge_printed_log (spec, steps, losses);
  for (gsize i = 0; i < n; i++)
    steps[i] = converge_loss_axis_place (axis, steps[i]);
  converge_series_set_points (series, n, steps, losses);
}

/* Where several steps share a pixel, the line goes through the least and the greatest of them. */
static void
set_other (ConvergeSeries *series,
           const ConvergeLossAxis *axis,
           gsize n,
           const AgHistoryEntry *entries)
{
  g_autofree double *numbers = g_new (double, 4 * n + 1);
  double *x = numbers, *y = x + 2 * n;
  gsize n_points = 0;

  for (gsize i = 0; i < n; i++)
    {
      x[n_points] = converge_loss_axis_place (axis, (double) entries[i].step);
      y[n_points++] = entries[i].stride > 1 ? entries[i].maximum : entries[i].loss;
      if (entries[i].stride == 1)
        continue;
      x[n_points] = converge_loss_axis_place (axis, (double) (entries[i].step + entries[i].stride - 1));
      y[n_points++] = entries[i].minimum;
    }
  converge_series_set_points (series, n_points, x, y);
  converge_series_find_extent (series);
}

/* Finds the range of steps that is visible, which after zooming is a part of the run. */
static void
find_seen (const ConvergePlot *plot,
           const ConvergeLossAxis *axis,
           gint64 *first,
           gint64 *last)
{
  const double end = (double) MAX (*last, 0);
  const double from = converge_loss_axis_step (axis, plot->x.minimum);
  const double to = converge_loss_axis_step (axis, plot->x.maximum);

  if (!plot->x.has_view || isnan (from) || isnan (to))
    return;
  *first = (gint64) CLAMP (floor (from), 0, end);
  *last = (gint64) CLAMP (ceil (to), (double) *first, end);
}

/* Losses are compared with others of their kind. */
static void
update_others (ConvergePlot *plot,
               const ConvergeRunView *view,
               double pixel_width,
               gsize room,
               AgHistoryEntry *entries)
{
  converge_plot_begin_others (plot);
  for (guint i = 0; i < view->n_others; i++)
    {
      const ConvergeRunView *other = &view->others[i];
      const gint64 n_steps = ag_history_n_steps (other->history);
      gint64 first = 0, last = n_steps - 1;
      ConvergeLossAxis axis;
      ConvergeSeries *series;
      gboolean is_stale;
      guint64 key;

      if (other->spec->loss != view->spec->loss || n_steps == 0)
        continue;
      converge_loss_axis_init (&axis, other, view->loss_over);
      find_seen (plot, &axis, &first, &last);
      key = converge_run_others_key (
        other, 5, (gint64[]){ n_steps, first, last, (gint64) pixel_width, view->loss_over });
      series = converge_run_others_add (plot, view, other, 0, key, &is_stale);
      if (is_stale)
        set_other (series, &axis,
                   ag_history_read (other->history,
                                    ag_history_level_for (other->history, first, last,
                                                          (gint64) pixel_width),
                                    first, last, room, entries),
                   entries);
    }
  converge_plot_end_others (plot);
}

static void
update (ConvergePlot *plot,
        const ConvergeRunView *view,
        double pixel_width)
{
  const AgHistory *history = view->history;
  gint64 n_steps = history != NULL ? ag_history_n_steps (history) : 0;
  gint64 first = 0, last = n_steps - 1;
  gsize room = (gsize) CLAMP (4 * pixel_width, 256, 65536);
  g_autofree AgHistoryEntry *entries = g_new (AgHistoryEntry, room);
  g_autofree double *numbers = g_new (double, 4 * room);
  double *x = numbers, *loss = x + room, *low = loss + room, *high = low + room;
  ConvergeSeries *optimum = converge_plot_find_series (plot, "optimum");
  ConvergeLossAxis axis;
  gsize n;

  converge_loss_axis_init (&axis, view, view->loss_over);
  converge_run_axis_mark_place (plot, converge_run_view_is_past (view)
                                        ? converge_loss_axis_place (&axis, (double) view->moment->step)
                                        : NAN);
  plot->x.least_maximum = converge_loss_axis_end (&axis, view->spec, n_steps);
  find_seen (plot, &axis, &first, &last);
  n = n_steps == 0 ? 0
                   : ag_history_read (history,
                                      ag_history_level_for (history, first, last,
                                                            (gint64) (2 * pixel_width)),
                                      first, last, room, entries);
  for (gsize i = 0; i < n; i++)
    {
      x[i] = converge_loss_axis_place (&axis, (double) (entries[i].step + entries[i].stride - 1));
      loss[i] = entries[i].loss;
      low[i] = entries[i].minimum;
      high[i] = entries[i].maximum;
    }
  converge_series_set_points (converge_plot_find_series (plot, "loss"), n, x, loss);
  converge_series_set_band (converge_plot_find_series (plot, "range"), n, x, low, high);
  converge_run_others_name (view, converge_plot_find_series (plot, "loss"),
                            view->names_runs && view->n_others > 0 ? view->name : _ ("loss"));
  if (view->optimum != NULL)
    set_optimum (optimum, view, n, low);
  if (n > 0)
    set_smoothed (converge_plot_find_series (plot, "smoothed"), n, entries, x);
  set_printed (plot, view->spec, &axis);
  converge_what_if_series_set_losses (plot, view, &axis, pixel_width);
  update_others (plot, view, pixel_width, room, entries);
}

static char *
describe_losses (const ConvergeRunView *view)
{
  AgHistoryEntry first = { .loss = NAN };
  char from[32], to[32];

  if (view->snapshot == NULL || view->snapshot->step == 0)
    return g_strdup (_ ("There is no loss yet."));
  ag_history_read (view->history, 0, 0, 0, 1, &first);
  converge_axis_format (first.loss, 4, from, sizeof from);
  converge_axis_format (view->snapshot->loss, 4, to, sizeof to);
  return g_strdup_printf (_ ("The loss over %lld steps went from %s to %s."),
                          (long long) view->snapshot->step, from, to);
}

static char *
describe (const ConvergeRunView *view)
{
  g_autofree char *losses = describe_losses (view);
  g_autofree char *future = converge_what_if_series_describe (view);

  return future != NULL ? g_strconcat (losses, " ", future, NULL) : g_steal_pointer (&losses);
}

static const ConvergeOptionalSeries optional[] = {
  { "smoothed", N_ ("Smoothed loss"), FALSE },
  { "printed", N_ ("Losses the tutorial printed"), FALSE },
};

const ConvergeRunPlot converge_loss_plot = {
  .id = "loss",
  .title = N_ ("Loss"),
  .place = CONVERGE_RUN_PLOT_ON_TAB,
  .is_in_picture = TRUE,
  .n_optional = G_N_ELEMENTS (optional),
  .optional = optional,
  .create = create,
  .update = update,
  .describe = describe,
};
