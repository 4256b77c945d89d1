/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot/sweep-plot.h"

#include "plot/plot-axis.h"
#include "plot/plot-palette.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* The map shows what came of each run of a sweep of two settings, as colours: cells that are not
 * known yet have the colour of the coarser picture. */

#define RATE "lr"

static gboolean
has_optimum (AgSweep *sweep)
{
  return ag_run_spec_has_exact_optimum (ag_sweep_spec (sweep, 0));
}

static char *
name_above (const ConvergeSweepLook *look)
{
  char number[32];

  if (look->quantity == CONVERGE_SWEEP_STEPS)
    return g_strdup (_ ("never there"));
  if (isnan (look->above))
    return g_strdup (_ ("stays above its start"));
  converge_axis_format (look->above, 4, number, sizeof number);
  return g_strdup_printf (_ ("stays above %s"), number);
}

/**
 * converge_map_plot_new:
 * @sweep: a sweep of two settings
 * @curve: which of its curves
 * @look: how it is looked at
 *
 * Returns: (transfer full): a plot of it, for converge_map_plot_update() to fill
 */
ConvergePlot *
converge_map_plot_new (AgSweep *sweep,
                       guint curve,
                       const ConvergeSweepLook *look)
{
  const AgSweepAxis *across = ag_sweep_axis (sweep, 0), *up = ag_sweep_axis (sweep, 1);
  g_autofree char *x = converge_sweep_axis_title (across);
  g_autofree char *y = converge_sweep_axis_title (up);
  g_autofree char *quantity = converge_sweep_quantity_title (sweep, look);
  g_autofree char *above = name_above (look);
  ConvergePlot *plot = converge_plot_new (ag_sweep_n_specs (sweep) > 1
                                            ? ag_sweep_spec (sweep, curve)->optimizer->title
                                            : _ ("Map"),
                                          x, y);
  ConvergeField *field = converge_plot_add_field (plot, quantity, across->n, across->values, up->n,
                                                  up->values);
  ConvergeSeries *series;

  plot->x.is_log = across->is_log;
  plot->y.is_log = up->is_log;
  field->is_signed = look->quantity == CONVERGE_SWEEP_PARAMETER;
  field->scale.is_log = look->quantity == CONVERGE_SWEEP_LOSS;
  converge_plot_add_series (plot, CONVERGE_SERIES_LOST, "lost", _ ("diverged"), 0);
  converge_plot_add_series (plot, CONVERGE_SERIES_ABOVE, "above", above, 0);
  if (has_optimum (sweep)
      && (strcmp (across->id, RATE) == 0 || strcmp (up->id, RATE) == 0))
    {
      series = converge_plot_add_series (plot, CONVERGE_SERIES_LINE, "bound", _ ("stable below"),
                                         CONVERGE_COLOR_BAND);
      series->is_dashed = TRUE;
    }
  converge_plot_add_series (plot, CONVERGE_SERIES_POINTS, "best", _ ("least final loss"),
                            CONVERGE_COLOR_TARGET);
  series = converge_plot_add_series (plot, CONVERGE_SERIES_POINTS, "now", NULL,
                                     CONVERGE_COLOR_INITIAL);
  series->in_range = FALSE;
  return plot;
}

static ConvergeCell
classify (AgSweep *sweep,
          guint run,
          const AgSweepResult *result,
          const ConvergeSweepLook *look,
          double *value)
{
  const double limit = isnan (look->above) ? result->first_loss : look->above;

  if (result->state == AG_TRAINER_DIVERGED)
    return CONVERGE_CELL_LOST;
  if (look->quantity == CONVERGE_SWEEP_STEPS)
    {
      *value = (double) result->steps_to_1_percent;
      return result->steps_to_1_percent >= 0 ? CONVERGE_CELL_VALUE : CONVERGE_CELL_ABOVE;
    }
  *value = look->quantity == CONVERGE_SWEEP_PARAMETER
             ? ag_sweep_coefficients (sweep, run)[look->parameter]
             : result->final_loss;
  return result->final_loss > limit ? CONVERGE_CELL_ABOVE : CONVERGE_CELL_VALUE;
}

/* The run of a cell, or of the cell that stands for it in the finest picture that there is
 * so far. */
static gboolean
find_result (AgSweep *sweep,
             guint curve,
             guint column,
             guint row,
             guint *run,
             AgSweepResult *result)
{
  const guint n_x = ag_sweep_n_values (sweep, 0), n_y = ag_sweep_n_values (sweep, 1);

  for (guint distance = 1; distance < 2 * MAX (n_x, n_y); distance *= 2)
    {
      *run = (curve * n_y + row - row % distance) * n_x + column - column % distance;
      if (ag_sweep_read (sweep, *run, result))
        return TRUE;
    }
  return FALSE;
}

static void
update_field (ConvergeField *field,
              AgSweep *sweep,
              guint curve,
              const ConvergeSweepLook *look)
{
  for (guint row = 0; row < field->n_y; row++)
    for (guint column = 0; column < field->n_x; column++)
      {
        const gsize at = (gsize) row * field->n_x + column;
        AgSweepResult result;
        guint run;

        field->cells[at] = find_result (sweep, curve, column, row, &run, &result)
                             ? classify (sweep, run, &result, look, &field->values[at])
                             : CONVERGE_CELL_UNKNOWN;
      }
}

/* With each value of the other setting there is a rate up to which runs are stable. What
 * that is does not depend on where they begin. */
static void
update_bound (ConvergeSeries *series,
              AgSweep *sweep,
              guint curve)
{
  const guint of_rate = strcmp (ag_sweep_axis (sweep, 0)->id, RATE) == 0 ? 0 : 1;
  const AgSweepAxis *other = ag_sweep_axis (sweep, 1 - of_rate);
  const AgOptimum *optimum = ag_sweep_optimum (sweep);
  g_autofree double *bounds = g_new (double, other->n);

  if (optimum == NULL || series->n > 0)
    return;
  for (guint i = 0; i < other->n; i++)
    {
      AgRunSpec spec = *ag_sweep_spec (sweep, curve);

      bounds[i] = NAN;
      if (other->setting == NULL || ag_sweep_axis_apply (other, i, &spec, NULL))
        ag_run_spec_stable_rate (&spec, optimum, &bounds[i]);
    }
  series->in_range = FALSE;
  converge_series_set_points (series, other->n, of_rate == 0 ? bounds : other->values,
                              of_rate == 0 ? other->values : bounds);
}

static void
update_best (ConvergeSeries *series,
             AgSweep *sweep,
             guint curve)
{
  const guint n = ag_sweep_n_values (sweep, 0) * ag_sweep_n_values (sweep, 1);
  guint best;

  if (!ag_sweep_find_best_of (sweep, curve * n, n, &best))
    return;
  converge_series_set_points (series, 1, (double[]){ ag_sweep_value (sweep, best, 0) },
                              (double[]){ ag_sweep_value (sweep, best, 1) });
}

static void
update_now (ConvergeSeries *series,
            const ConvergeSweepLook *look)
{
  const gboolean is_known = !isnan (look->now[0]) && !isnan (look->now[1]);

  if (is_known && series->label == NULL)
    series->label = g_strdup (_ ("set now"));
  converge_series_set_points (series, is_known, &look->now[0], &look->now[1]);
}

/**
 * converge_map_plot_update:
 * @plot: the plot that converge_map_plot_new() made of the same
 * @sweep: a sweep of two settings
 * @curve: which of its curves
 * @look: how it is looked at
 *
 * Shows the runs that are made so far.
 */
void
converge_map_plot_update (ConvergePlot *plot,
                          AgSweep *sweep,
                          guint curve,
                          const ConvergeSweepLook *look)
{
  ConvergeSeries *bound = converge_plot_find_series (plot, "bound");

  update_field (plot->field, sweep, curve, look);
  update_best (converge_plot_find_series (plot, "best"), sweep, curve);
  update_now (converge_plot_find_series (plot, "now"), look);
  if (bound != NULL)
    update_bound (bound, sweep, curve);
}
