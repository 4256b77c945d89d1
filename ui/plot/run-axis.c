/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot/run-axis.h"

#include "plot/plot-palette.h"

#include <math.h>

/* Steps that an axis has room for from the start. */
#define SHORTEST_AXIS 200

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
 * converge_run_axis_add_moment:
 * @plot: a plot whose horizontal axis has steps
 *
 * Adds the mark of the moment that is looked at.
 */
void
converge_run_axis_add_moment (ConvergePlot *plot)
{
  ConvergeSeries *series = converge_plot_add_series (plot, CONVERGE_SERIES_UPRIGHT, "moment", NULL,
                                                     CONVERGE_COLOR_INITIAL);

  series->is_dashed = TRUE;
  series->width = 1.5;
  series->in_range = FALSE;
}

/**
 * converge_run_axis_has_moment:
 * @plot: a plot
 *
 * Returns: whether its horizontal axis has steps, of which one can be marked
 */
gboolean
converge_run_axis_has_moment (const ConvergePlot *plot)
{
  return converge_plot_find_series (plot, "moment") != NULL;
}

/**
 * converge_run_axis_get_moment:
 * @plot: a plot that converge_run_axis_add_moment() was called for
 *
 * Returns: the step that is marked, or NaN
 */
double
converge_run_axis_get_moment (const ConvergePlot *plot)
{
  const ConvergeSeries *series = converge_plot_find_series (plot, "moment");

  return series->n > 0 ? series->x[0] : NAN;
}

/**
 * converge_run_axis_mark_place:
 * @plot: a plot that converge_run_axis_add_moment() was called for
 * @place: where along its horizontal axis, or NaN
 *
 * Marks a moment. Where the plot was zoomed into, what is seen moves so that another one that is
 * marked is among it.
 */
void
converge_run_axis_mark_place (ConvergePlot *plot,
                              double place)
{
  if (!isnan (place) && place != converge_run_axis_get_moment (plot))
    converge_plot_follow (plot, place);
  converge_series_set_value (converge_plot_find_series (plot, "moment"), place);
}

/**
 * converge_run_axis_mark_moment:
 * @plot: a plot that converge_run_axis_add_moment() was called for
 * @view: the run
 *
 * Marks the step of the moment that is looked at, if that is a past one.
 */
void
converge_run_axis_mark_moment (ConvergePlot *plot,
                               const ConvergeRunView *view)
{
  converge_run_axis_mark_place (plot, converge_run_view_is_past (view) ? (double) view->moment->step
                                                                       : NAN);
}
