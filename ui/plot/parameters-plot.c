/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot/plot-axis.h"
#include "plot/plot-others.h"
#include "plot/run-axis.h"
#include "plot/run-others.h"
#include "plot/run-plot.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/* How each coefficient went over the run, and where it would end at the optimum, or the best fit
 * that was found. Where there are more than can be told apart, each tensor is shown instead: its
 * norm, and the range that its elements are in. */

#define MOST_LINES 8

/* In heights of what the run went through. */
#define OUT_OF_SIGHT 4

#define N_POINTS (AG_TRACE_MAX_POINTS + 1)

static gboolean
is_by_tensor (const AgModelClass *model)
{
  return model->n_parameters > MOST_LINES;
}

static char *
make_range_id (const char *tensor)
{
  return g_strconcat ("range of ", tensor, NULL);
}

static void
add_parameters (ConvergePlot *plot,
                const ConvergeRunView *view)
{
  const AgModelClass *model = view->spec->program->model;

  for (guint i = 0; i < model->n_parameters; i++)
    {
      const char *name = model->parameters[i];
      ConvergeSeries *series;

      /* The optima of all parameters are shown and hidden together, so they have one id, and
       * only the first of them has a label, so that the legend has one entry. */
      series = converge_plot_add_series (plot, CONVERGE_SERIES_RULE, "optimum",
                                         i == 0 ? converge_run_view_optimum_label (view) : NULL,
                                         i);
      series->is_dashed = TRUE;
      series->width = 1;
      series->opacity = 0.7;
      series = converge_plot_add_series (plot, CONVERGE_SERIES_LINE, name, name, i);
      series->width = 1.5;
    }
}

static void
add_tensors (ConvergePlot *plot,
             const AgModelClass *model)
{
  for (guint i = 0; i < ag_model_class_n_tensors (model); i++)
    {
      const AgModelTensor tensor = ag_model_class_tensor (model, i);
      const gboolean is_single = tensor.n_elements == 1;
      g_autofree char *range = make_range_id (tensor.name);
      g_autofree char *label = is_single ? g_strdup (tensor.name)
                                         : g_strdup_printf ("‖%s‖", tensor.name);
      ConvergeSeries *series;

      if (!is_single)
        {
          series = converge_plot_add_series (plot, CONVERGE_SERIES_BAND, range, NULL, i);
          series->opacity = 0.2;
        }
      series = converge_plot_add_series (plot, CONVERGE_SERIES_LINE, tensor.name, label, i);
      series->width = 1.5;
    }
}

static ConvergePlot *
create (const ConvergeRunView *view)
{
  ConvergePlot *plot = converge_plot_new (_ ("Parameters"), _ ("step"), _ ("value"));

  if (view == NULL)
    return plot;
  plot->x.least_maximum = converge_run_axis_end (view->spec, 0);
  converge_run_axis_add_moment (plot);
  if (is_by_tensor (view->spec->program->model))
    add_tensors (plot, view->spec->program->model);
  else
    add_parameters (plot, view);
  return plot;
}

/* Between what values the parameters went. */
static void
find_extent (const ConvergePlot *plot,
             double *low,
             double *high)
{
  *low = INFINITY;
  *high = -INFINITY;
  for (guint i = 0; i < plot->series->len; i++)
    {
      const ConvergeSeries *series = g_ptr_array_index (plot->series, i);

      for (gsize k = 0; series->kind == CONVERGE_SERIES_LINE && k < series->n; k++)
        if (isfinite (series->y[k]))
          {
            *low = fmin (*low, series->y[k]);
            *high = fmax (*high, series->y[k]);
          }
    }
}

/* The rules are in the parameters' order. What data hardly decide may be found so far away that
 * all of the run would be one line: then it is not to be seen. */
static void
set_optimum (ConvergePlot *plot,
             const ConvergeRunView *view)
{
  double low, high;
  guint n = 0;

  find_extent (plot, &low, &high);

  for (guint i = 0; i < plot->series->len; i++)
    {
      ConvergeSeries *series = g_ptr_array_index (plot->series, i);

      double value;

      if (series->kind != CONVERGE_SERIES_RULE)
        continue;
      value = view->optimum->coefficients[n++];
      converge_run_view_label_optimum (view, series);
      converge_series_set_value (series, value);
      series->in_range = view->optimum->is_exact || !(low < high)
                         || (value > low - OUT_OF_SIGHT * (high - low)
                             && value < high + OUT_OF_SIGHT * (high - low));
    }
}

/* Reads how a parameter went, with the newest value, which the trace may not have kept. */
static gsize
read_parameter (const ConvergeRunView *view,
                guint parameter,
                double steps[N_POINTS],
                double values[N_POINTS])
{
  gsize n = ag_trace_read (view->trace, parameter, steps, values);

  while (n > 0 && steps[n - 1] >= (double) view->snapshot->step)
    n--;
  steps[n] = (double) view->snapshot->step;
  values[n] = view->snapshot->coefficients[parameter];
  return n + 1;
}

static void
update_parameters (ConvergePlot *plot,
                   const ConvergeRunView *view)
{
  const AgModelClass *model = view->spec->program->model;
  g_autofree double *numbers = g_new (double, 2 * N_POINTS);
  double *steps = numbers, *values = steps + N_POINTS;

  for (guint i = 0; i < model->n_parameters; i++)
    {
      const gsize n = read_parameter (view, i, steps, values);

      converge_series_set_points (converge_plot_find_series (plot, model->parameters[i]), n, steps,
                                  values);
    }
}

static void
update_tensor (ConvergePlot *plot,
               const ConvergeRunView *view,
               const AgModelTensor *tensor)
{
  g_autofree char *range = make_range_id (tensor->name);
  ConvergeSeries *band = converge_plot_find_series (plot, range);
  g_autofree double *numbers = g_new (double, 5 * N_POINTS);
  double *steps = numbers, *values = steps + N_POINTS, *norm = values + N_POINTS;
  double *low = norm + N_POINTS, *high = low + N_POINTS;
  gsize n = 0;

  for (guint k = 0; k < tensor->n_elements; k++)
    {
      n = read_parameter (view, tensor->first + k, steps, values);
      for (gsize i = 0; i < n; i++)
        {
          norm[i] = k == 0 ? fabs (values[i]) : hypot (norm[i], values[i]);
          low[i] = k == 0 ? values[i] : fmin (low[i], values[i]);
          high[i] = k == 0 ? values[i] : fmax (high[i], values[i]);
        }
    }
  if (band != NULL)
    converge_series_set_band (band, n, steps, low, high);
  converge_series_set_points (converge_plot_find_series (plot, tensor->name), n, steps,
                              band != NULL ? norm : values);
}

static void
update_run (ConvergePlot *plot,
            const ConvergeRunView *view)
{
  const AgModelClass *model = view->spec->program->model;

  converge_run_axis_mark_moment (plot, view);
  plot->x.least_maximum = converge_run_axis_end (view->spec, view->snapshot->step);
  if (!is_by_tensor (model))
    {
      update_parameters (plot, view);
      return;
    }
  for (guint i = 0; i < ag_model_class_n_tensors (model); i++)
    {
      const AgModelTensor tensor = ag_model_class_tensor (model, i);

      update_tensor (plot, view, &tensor);
    }
}

/* How a parameter of another run went, or the norm of a tensor. */
static void
set_other (ConvergeSeries *series,
           const ConvergeRunView *other,
           guint first,
           guint n_elements)
{
  g_autofree double *numbers = g_new (double, 3 * N_POINTS);
  double *steps = numbers, *values = steps + N_POINTS, *norm = values + N_POINTS;
  gsize n = 0;

  for (guint k = 0; k < n_elements; k++)
    {
      n = read_parameter (other, first + k, steps, values);
      for (gsize i = 0; n_elements > 1 && i < n; i++)
        norm[i] = k == 0 ? fabs (values[i]) : hypot (norm[i], values[i]);
    }
  converge_series_set_points (series, n, steps, n_elements > 1 ? norm : values);
  converge_series_find_extent (series);
}

/* Runs of the same model are compared. */
static void
update_others (ConvergePlot *plot,
               const ConvergeRunView *view)
{
  const AgModelClass *model = view->spec->program->model;
  const gboolean by_tensor = is_by_tensor (model);
  const guint n_lines = by_tensor ? ag_model_class_n_tensors (model) : model->n_parameters;

  converge_plot_begin_others (plot);
  for (guint i = 0; i < view->n_others; i++)
    {
      const ConvergeRunView *other = &view->others[i];
      const guint64 key = converge_run_others_key (other, 0, NULL);

      if (other->spec->program->model != model)
        continue;
      for (guint k = 0; k < n_lines; k++)
        {
          gboolean is_stale;
          ConvergeSeries *series = converge_run_others_add (plot, view, other, k, key, &is_stale);

          if (is_stale && by_tensor)
            set_other (series, other, ag_model_class_tensor (model, k).first,
                       ag_model_class_tensor (model, k).n_elements);
          else if (is_stale)
            set_other (series, other, k, 1);
        }
    }
  converge_plot_end_others (plot);
}

/* Beside other runs the run has one colour, and its parameters are told by their dashes, as
 * theirs are. */
static void
set_colors (ConvergePlot *plot,
            const ConvergeRunView *view)
{
  const gboolean is_alone = plot->others->len == 0;
  guint n = 0;

  for (guint i = 0; i < plot->series->len; i++)
    {
      ConvergeSeries *series = g_ptr_array_index (plot->series, i);

      if (series->kind != CONVERGE_SERIES_LINE)
        continue;
      series->color = is_alone ? n : view->color;
      series->dash = n;
      series->is_dashed = !is_alone && n > 0;
      series->width = is_alone ? 1.5 : 2;
      n++;
    }
}

static void
update (ConvergePlot *plot,
        const ConvergeRunView *view,
        double pixel_width)
{
  if (view->snapshot != NULL)
    update_run (plot, view);
  update_others (plot, view);
  set_colors (plot, view);
  if (view->optimum != NULL)
    set_optimum (plot, view);
}

static void
describe_parameters (GString *text,
                     const ConvergeRunView *view,
                     const double *values)
{
  const AgModelClass *model = view->spec->program->model;

  g_string_printf (text, _ ("The parameters over %lld steps:"),
                   view->snapshot != NULL ? (long long) view->snapshot->step : 0LL);
  for (guint i = 0; i < model->n_parameters; i++)
    {
      char from[32], to[32];

      converge_axis_format (view->initial[i], 4, from, sizeof from);
      converge_axis_format (values[i], 4, to, sizeof to);
      g_string_append_printf (text, _ (" %s from %s to %s."), model->parameters[i], from, to);
    }
}

static void
describe_tensors (GString *text,
                  const ConvergeRunView *view,
                  const double *values)
{
  const AgModelClass *model = view->spec->program->model;

  g_string_printf (text, _ ("The norms of the parameters' tensors over %lld steps:"),
                   view->snapshot != NULL ? (long long) view->snapshot->step : 0LL);
  for (guint i = 0; i < ag_model_class_n_tensors (model); i++)
    {
      char from[32], to[32];

      converge_axis_format (ag_model_class_norm (model, i, view->initial), 4, from, sizeof from);
      converge_axis_format (ag_model_class_norm (model, i, values), 4, to, sizeof to);
      g_string_append_printf (text, _ (" %s from %s to %s."), ag_model_class_tensor (model, i).name,
                              from, to);
    }
}

static char *
describe (const ConvergeRunView *view)
{
  const double *values = view->snapshot != NULL ? view->snapshot->coefficients : view->initial;
  GString *text = g_string_new (NULL);

  if (is_by_tensor (view->spec->program->model))
    describe_tensors (text, view, values);
  else
    describe_parameters (text, view, values);
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
