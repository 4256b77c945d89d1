/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot/update-lines.h"

#include "plot/plot-axis.h"
#include "plot/plot-others.h"
#include "plot/plot-palette.h"
#include "plot/run-axis.h"
#include "plot/run-others.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/* Each parameter has a line of its gradients, or of its changes, by their size, dashed where they
 * are below 0, and there is one of the norm of all. Where there are more parameters than can be told
 * apart, each tensor has the line of its norm. */

#define MOST_LINES 8

#define NORM "norm"

static gboolean
is_by_tensor (const AgModelClass *model)
{
  return model->n_parameters > MOST_LINES;
}

static void
add_line (ConvergePlot *plot,
          const char *id,
          const char *label,
          guint color)
{
  ConvergeSeries *series
    = converge_plot_add_series (plot, CONVERGE_SERIES_LINE, id, label, color);

  series->width = 1.5;
  series->is_signed = TRUE;
  series->has_gaps = TRUE;
}

/* Tells in the legend what dashes mean. */
static void
add_key (ConvergePlot *plot)
{
  ConvergeSeries *series = converge_plot_add_series (plot, CONVERGE_SERIES_LINE, "below-zero",
                                                     _ ("below 0"), CONVERGE_COLOR_INITIAL);

  series->is_dashed = TRUE;
  series->width = 1.5;
}

static void
add_lines (ConvergePlot *plot,
           const AgModelClass *model)
{
  const gboolean is_whole = !is_by_tensor (model);
  const guint n = is_whole ? model->n_parameters : ag_model_class_n_tensors (model);

  for (guint i = 0; i < n; i++)
    {
      const AgModelTensor tensor = is_whole ? (AgModelTensor){ .name = model->parameters[i],
                                                               .n_elements = 1 }
                                            : ag_model_class_tensor (model, i);
      g_autofree char *label = tensor.n_elements == 1 ? g_strdup (tensor.name)
                                                      : g_strdup_printf ("‖%s‖", tensor.name);

      add_line (plot, tensor.name, label, i);
    }
}

/**
 * converge_update_lines_create:
 * @title: name of the plot
 * @label: label of its vertical axis
 * @view: (nullable): a run
 *
 * Returns: (transfer full): a plot with lines of which nothing is known yet
 */
ConvergePlot *
converge_update_lines_create (const char *title,
                              const char *label,
                              const ConvergeRunView *view)
{
  ConvergePlot *plot = converge_plot_new (title, _ ("step"), label);
  ConvergeSeries *norm;

  plot->y.is_log = TRUE;
  if (view == NULL)
    return plot;
  plot->x.least_maximum = converge_run_axis_end (view->spec, 0);
  converge_run_axis_add_moment (plot);
  norm = converge_plot_add_series (plot, CONVERGE_SERIES_LINE, NORM, _ ("norm"),
                                   is_by_tensor (view->spec->program->model)
                                     ? ag_model_class_n_tensors (view->spec->program->model)
                                     : view->spec->program->model->n_parameters);
  norm->width = 3;
  norm->opacity = 0.35;
  norm->has_gaps = TRUE;
  add_key (plot);
  add_lines (plot, view->spec->program->model);
  return plot;
}

static const double *
get_numbers (const AgUpdates *updates,
             ConvergeUpdateNumbers numbers,
             guint index)
{
  return (numbers == CONVERGE_GRADIENTS ? updates->gradients : updates->updates)
         + (gsize) index * updates->n_parameters;
}

/* A parameter that a step does not use has no gradient. */
static double
find_norm (const double *values,
           guint first,
           guint n)
{
  double norm = 0;

  for (guint i = first; i < first + n; i++)
    if (!isnan (values[i]))
      norm = hypot (norm, values[i]);
  return norm;
}

/* A norm of a single number has its sign. */
static double
find_value (const double *values,
            guint first,
            guint n)
{
  return n == 1 ? values[first] : find_norm (values, first, n);
}

static void
set_points (ConvergeSeries *series,
            const AgUpdates *updates,
            ConvergeUpdateNumbers numbers,
            guint first,
            guint n)
{
  double x[AG_UPDATES_MAX], y[AG_UPDATES_MAX];

  for (guint i = 0; i < updates->n; i++)
    {
      x[i] = (double) (i * updates->spacing);
      y[i] = find_value (get_numbers (updates, numbers, i), first, n);
    }
  converge_series_set_points (series, updates->n, x, y);
}

static void
set_line (ConvergePlot *plot,
          const char *id,
          const AgUpdates *updates,
          ConvergeUpdateNumbers numbers,
          guint first,
          guint n)
{
  set_points (converge_plot_find_series (plot, id), updates, numbers, first, n);
}

/* Other runs show only the norm, in the run's colour. Lines for all their parameters could be told
 * from this run's by colour alone, and dashes already stand for the sign. */
static void
update_others (ConvergePlot *plot,
               const ConvergeRunView *view,
               ConvergeUpdateNumbers numbers)
{
  converge_plot_begin_others (plot);
  for (guint i = 0; i < view->n_others; i++)
    {
      const ConvergeRunView *other = &view->others[i];
      const AgUpdates *updates = other->updates;
      const gint64 state[] = { updates != NULL ? updates->n : 0,
                               updates != NULL ? updates->spacing : 0 };
      ConvergeSeries *series;
      gboolean is_stale;

      if (updates == NULL || updates->n == 0)
        continue;
      series = converge_run_others_add (plot, view, other, 0,
                                        converge_run_others_key (other, G_N_ELEMENTS (state), state),
                                        &is_stale);
      series->has_gaps = TRUE;
      if (!is_stale)
        continue;
      set_points (series, updates, numbers, 0, updates->n_parameters);
      converge_series_find_extent (series);
    }
  converge_plot_end_others (plot);
}

/**
 * converge_update_lines_update:
 * @plot: a plot that converge_update_lines_create() made
 * @view: the run
 * @numbers: what it shows
 *
 * Shows what is known of the run's gradients or changes.
 */
void
converge_update_lines_update (ConvergePlot *plot,
                              const ConvergeRunView *view,
                              ConvergeUpdateNumbers numbers)
{
  const AgModelClass *model = view->spec->program->model;
  const AgUpdates *updates = view->updates;

  if (view->snapshot == NULL)
    return;
  converge_run_axis_mark_moment (plot, view);
  update_others (plot, view, numbers);
  plot->x.least_maximum = converge_run_axis_end (view->spec, view->snapshot->step);
  if (updates == NULL || updates->n_parameters != model->n_parameters)
    return;
  set_line (plot, NORM, updates, numbers, 0, model->n_parameters);
  if (is_by_tensor (model))
    for (guint i = 0; i < ag_model_class_n_tensors (model); i++)
      {
        const AgModelTensor tensor = ag_model_class_tensor (model, i);

        set_line (plot, tensor.name, updates, numbers, tensor.first, tensor.n_elements);
      }
  else
    for (guint i = 0; i < model->n_parameters; i++)
      set_line (plot, model->parameters[i], updates, numbers, i, 1);
}

/**
 * converge_update_lines_describe:
 * @view: a run
 * @numbers: what is plotted
 * @beginning: of the sentence, with a place for the number of steps
 *
 * Returns: (transfer full): what can be seen, in words
 */
char *
converge_update_lines_describe (const ConvergeRunView *view,
                                ConvergeUpdateNumbers numbers,
                                const char *beginning)
{
  const AgUpdates *updates = view->updates;
  char steps[32], from[32], to[32];

  if (view->snapshot == NULL || updates == NULL || updates->n == 0)
    return g_strdup (_ ("Nothing is known of its steps yet."));
  g_snprintf (steps, sizeof steps, "%" G_GINT64_FORMAT, view->snapshot->step);
  converge_axis_format (find_norm (get_numbers (updates, numbers, 0), 0, updates->n_parameters), 4,
                        from, sizeof from);
  converge_axis_format (find_norm (get_numbers (updates, numbers, updates->n - 1), 0,
                                   updates->n_parameters),
                        4, to, sizeof to);
  return g_strdup_printf (_ ("%s over %s steps: the norm goes from %s to %s."), beginning, steps,
                          from, to);
}
