/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot/plot-axis.h"
#include "plot/plot-others.h"
#include "plot/plot-palette.h"
#include "plot/run-axis.h"
#include "plot/run-others.h"
#include "plot/run-plot.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/* How curved the loss was over the steps, as they feel it, and how curved it may be if they are
 * to be stable. */

static ConvergePlot *
create (const ConvergeRunView *view)
{
  ConvergePlot *plot = converge_plot_new (_ ("Sharpness"), _ ("step"), _ ("greatest curvature"));
  ConvergeSeries *series;

  plot->y.is_log = TRUE;
  if (view == NULL)
    return plot;
  plot->x.least_maximum = converge_run_axis_end (view->spec, 0);
  series = converge_plot_add_series (plot, CONVERGE_SERIES_LINE, "limit", _ ("edge of stability"),
                                     view->color);
  series->is_dashed = TRUE;
  series->width = 1.5;
  converge_run_axis_add_moment (plot);
  series = converge_plot_add_series (plot, CONVERGE_SERIES_LINE, "sharpness", _ ("sharpness"),
                                     view->color);
  series->width = 2;
  return plot;
}

static void
set_points (ConvergeSeries *series,
            const ConvergeRunView *view,
            gboolean is_limit)
{
  const gsize n = view->n_sharpness;
  g_autofree double *numbers = g_new (double, 2 * n + 1);
  double *steps = numbers, *values = steps + n;

  for (gsize i = 0; i < n; i++)
    {
      const AgSharpness *sharpness = &view->sharpness[i].sharpness;

      steps[i] = (double) view->sharpness[i].step;
      /* Where the loss curves down everywhere there is nothing on a logarithmic axis. */
      values[i] = is_limit ? sharpness->limit : sharpness->value > 0 ? sharpness->value
                                                                     : NAN;
    }
  converge_series_set_points (series, n, steps, values);
}

/* Each other run has the two lines in its colour, the edge of stability dashed. */
static void
update_others (ConvergePlot *plot,
               const ConvergeRunView *view)
{
  converge_plot_begin_others (plot);
  for (guint i = 0; i < view->n_others; i++)
    for (guint part = 0; part < 2; part++)
      {
        const ConvergeRunView *other = &view->others[i];
        const gint64 n = (gint64) other->n_sharpness;
        ConvergeSeries *series;
        gboolean is_stale;

        if (n == 0)
          continue;
        series = converge_run_others_add (plot, view, other, part,
                                          converge_run_others_key (other, 1, &n), &is_stale);
        if (!is_stale)
          continue;
        set_points (series, other, part == 1);
        converge_series_find_extent (series);
      }
  converge_plot_end_others (plot);
}

static void
update (ConvergePlot *plot,
        const ConvergeRunView *view,
        double pixel_width)
{
  converge_run_axis_mark_moment (plot, view);
  update_others (plot, view);
  plot->x.least_maximum
    = converge_run_axis_end (view->spec, view->snapshot != NULL ? view->snapshot->step : 0);
  set_points (converge_plot_find_series (plot, "sharpness"), view, FALSE);
  set_points (converge_plot_find_series (plot, "limit"), view, TRUE);
}

static char *
describe (const ConvergeRunView *view)
{
  const AgSharpnessPoint *last
    = view->n_sharpness > 0 ? &view->sharpness[view->n_sharpness - 1] : NULL;
  char value[32], limit[32];

  if (last == NULL)
    return g_strdup (_ ("There is no sharpness yet."));
  converge_axis_format (last->sharpness.value, 4, value, sizeof value);
  if (isnan (last->sharpness.limit))
    return g_strdup_printf (_ ("At step %lld the greatest curvature is %s."),
                            (long long) last->step, value);
  converge_axis_format (last->sharpness.limit, 4, limit, sizeof limit);
  return g_strdup_printf (_ ("At step %lld the greatest curvature is %s; up to %s the steps are "
                             "stable."),
                          (long long) last->step, value, limit);
}

const ConvergeRunPlot converge_sharpness_plot = {
  .id = "sharpness",
  .title = N_ ("Sharpness"),
  .place = CONVERGE_RUN_PLOT_ON_TAB,
  .create = create,
  .update = update,
  .describe = describe,
};
