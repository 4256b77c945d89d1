/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot/plot-axis.h"
#include "plot/run-axis.h"
#include "plot/run-plot.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/* How each coefficient went over the run, and where it would end at the least
 * squares optimum. */

static ConvergePlot *
create (const ConvergeRunView *view)
{
  ConvergePlot *plot = converge_plot_new (_ ("Parameters"), _ ("step"), _ ("value"));
  const AgProgramClass *program;

  if (view == NULL)
    return plot;
  program = view->spec->program;
  plot->x.least_maximum = converge_run_axis_end (view->spec, 0);
  for (guint i = 0; i < program->model->n_parameters; i++)
    {
      const char *name = program->model->parameters[i];
      ConvergeSeries *series;

      if (program->model->is_linear)
        {
          /* The optima of all parameters are shown and hidden together, so they have one id, and
           * only the first of them has a label, so that the legend has one entry. */
          series = converge_plot_add_series (plot, CONVERGE_SERIES_RULE, "optimum",
                                             i == 0 ? _ ("least squares") : NULL, i);
          series->is_dashed = TRUE;
          series->width = 1;
          series->opacity = 0.7;
        }
      series = converge_plot_add_series (plot, CONVERGE_SERIES_LINE, name, name, i);
      series->width = 1.5;
    }
  return plot;
}

/* The rules are in the parameters' order. */
static void
set_optimum (ConvergePlot *plot,
             const AgOptimum *optimum)
{
  guint n = 0;

  for (guint i = 0; i < plot->series->len; i++)
    {
      ConvergeSeries *series = g_ptr_array_index (plot->series, i);

      if (series->kind == CONVERGE_SERIES_RULE)
        converge_series_set_value (series, optimum->coefficients[n++]);
    }
}

static void
update (ConvergePlot *plot,
        const ConvergeRunView *view,
        double pixel_width)
{
  const AgProgramClass *program = view->spec->program;
  g_autofree double *numbers = g_new (double, 2 * (AG_TRACE_MAX_POINTS + 1));
  double *steps = numbers, *values = numbers + AG_TRACE_MAX_POINTS + 1;

  if (view->optimum != NULL)
    set_optimum (plot, view->optimum);
  if (view->snapshot == NULL)
    return;
  plot->x.least_maximum = converge_run_axis_end (view->spec, view->snapshot->step);
  for (guint i = 0; i < program->model->n_parameters; i++)
    {
      gsize n = ag_trace_read (view->trace, i, steps, values);

      /* The newest value, which the trace may not have kept. */
      while (n > 0 && steps[n - 1] >= (double) view->snapshot->step)
        n--;
      steps[n] = (double) view->snapshot->step;
      values[n] = view->snapshot->coefficients[i];
      converge_series_set_points (converge_plot_find_series (plot, program->model->parameters[i]),
                                  n + 1, steps, values);
    }
}

static char *
describe (const ConvergeRunView *view)
{
  const gboolean has_begun = view->snapshot != NULL;
  const double *values = has_begun ? view->snapshot->coefficients : view->initial;
  GString *text = g_string_new (NULL);

  g_string_printf (text, _ ("The parameters over %lld steps:"),
                   has_begun ? (long long) view->snapshot->step : 0LL);
  for (guint i = 0; i < view->spec->program->model->n_parameters; i++)
    {
      char from[32], to[32];

      converge_axis_format (view->initial[i], 4, from, sizeof from);
      converge_axis_format (values[i], 4, to, sizeof to);
      g_string_append_printf (text, _ (" %s from %s to %s."),
                              view->spec->program->model->parameters[i], from, to);
    }
  return g_string_free (text, FALSE);
}

const ConvergeRunPlot converge_parameters_plot = {
  .id = "parameters",
  .title = N_ ("Parameters"),
  .place = CONVERGE_RUN_PLOT_ON_TAB,
  .create = create,
  .update = update,
  .describe = describe,
};
