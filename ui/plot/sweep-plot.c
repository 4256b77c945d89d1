/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot/sweep-plot.h"

#include "plot/plot-axis.h"
#include "plot/plot-palette.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* The plot of a sweep shows what came of each run against the value that its setting had: a line
 * for each curve, with a mark where it is lost, and the bound up to which gradient descent is
 * stable. */

/* Losses that are so many times the one that a run began with differ in nothing that
 * matters, and would make all others look the same. */
#define GREATEST 10

/* Curves of the same optimizer, with other seeds, are one entry of the legend. */
static gboolean
is_first_of_optimizer (AgSweep *sweep,
                       guint curve)
{
  for (guint i = 0; i < curve; i++)
    if (ag_sweep_spec (sweep, i)->optimizer == ag_sweep_spec (sweep, curve)->optimizer)
      return FALSE;
  return TRUE;
}

static guint
optimizer_index (AgSweep *sweep,
                 guint curve)
{
  guint n = 0;

  for (guint i = 0; i <= curve; i++)
    {
      n += is_first_of_optimizer (sweep, i);
      if (ag_sweep_spec (sweep, i)->optimizer == ag_sweep_spec (sweep, curve)->optimizer)
        break;
    }
  return n - 1;
}

static char *
make_id (const char *what,
         guint curve)
{
  return g_strdup_printf ("%s-%u", what, curve);
}

static void
add_curve (ConvergePlot *plot,
           AgSweep *sweep,
           guint curve)
{
  const char *title = ag_sweep_spec (sweep, curve)->optimizer->title;
  const guint color = optimizer_index (sweep, curve);
  g_autofree char *id = make_id ("curve", curve);
  g_autofree char *bound = make_id ("bound", curve);
  const gboolean is_first = is_first_of_optimizer (sweep, curve);
  ConvergeSeries *series;

  series = converge_plot_add_series (plot, CONVERGE_SERIES_UPRIGHT, bound, NULL, color);
  series->is_dashed = TRUE;
  series->width = 1.5;
  series = converge_plot_add_series (plot, CONVERGE_SERIES_LINE, id, is_first ? title : NULL, color);
  /* There are more optimizers than colours. */
  series->is_dashed = color >= CONVERGE_PALETTE_SIZE;
  series->width = is_first ? 2 : 1;
  series->has_gaps = TRUE;
}

/**
 * converge_sweep_plot_new:
 * @sweep: a sweep of one setting
 * @look: how it is looked at
 *
 * Returns: (transfer full): a plot of it, for converge_sweep_plot_update() to fill
 */
ConvergePlot *
converge_sweep_plot_new (AgSweep *sweep,
                         const ConvergeSweepLook *look)
{
  const AgSweepAxis *axis = ag_sweep_axis (sweep, 0);
  g_autofree char *x = converge_sweep_axis_title (axis);
  g_autofree char *y = converge_sweep_quantity_title (sweep, look);
  ConvergePlot *plot = converge_plot_new (look->quantity == CONVERGE_SWEEP_LOSS ? _ ("Sweep") : NULL,
                                          x, y);

  ConvergeSeries *now;

  plot->x.is_log = axis->is_log;
  plot->y.is_log = look->quantity != CONVERGE_SWEEP_PARAMETER;
  for (guint curve = 0; curve < ag_sweep_n_specs (sweep); curve++)
    add_curve (plot, sweep, curve);
  now = converge_plot_add_series (plot, CONVERGE_SERIES_UPRIGHT, "now", NULL,
                                  CONVERGE_COLOR_INITIAL);
  now->in_range = FALSE;
  now->width = 1.5;
  return plot;
}

static double
find_value (AgSweep *sweep,
            guint run,
            const AgSweepResult *result,
            const ConvergeSweepLook *look)
{
  /* A run that was within 1 % before it diverged has diverged all the same. */
  if (result->state == AG_TRAINER_DIVERGED)
    return INFINITY;
  switch (look->quantity)
    {
    case CONVERGE_SWEEP_STEPS:
      return result->steps_to_1_percent >= 0 ? (double) result->steps_to_1_percent : NAN;
    case CONVERGE_SWEEP_PARAMETER:
      return ag_sweep_coefficients (sweep, run)[look->parameter];
    case CONVERGE_SWEEP_LOSS:
    default:
      return result->final_loss;
    }
}

/* A sweep makes runs that are far apart first. The curve connects those that are there, in
 * order. */
static void
update_curve (ConvergePlot *plot,
              AgSweep *sweep,
              guint curve,
              const ConvergeSweepLook *look,
              double *greatest)
{
  const guint n = ag_sweep_n_values (sweep, 0);
  g_autofree char *id = make_id ("curve", curve);
  g_autofree double *x = g_new (double, n);
  g_autofree double *y = g_new (double, n);
  guint n_known = 0;

  for (guint i = 0; i < n; i++)
    {
      AgSweepResult result;

      if (!ag_sweep_read (sweep, curve * n + i, &result))
        continue;
      x[n_known] = ag_sweep_axis (sweep, 0)->values[i];
      y[n_known++] = find_value (sweep, curve * n + i, &result, look);
      if (isfinite (result.first_loss))
        *greatest = fmax (*greatest, GREATEST * result.first_loss);
    }
  converge_series_set_points (converge_plot_find_series (plot, id), n_known, x, y);
}

static void
update_bound (ConvergePlot *plot,
              AgSweep *sweep,
              guint curve)
{
  g_autofree char *id = make_id ("bound", curve);
  ConvergeSeries *series = converge_plot_find_series (plot, id);
  const AgOptimum *optimum = ag_sweep_optimum (sweep);
  char number[32];
  double bound;

  if (series->n > 0 || strcmp (ag_sweep_axis (sweep, 0)->id, "lr") != 0
      || !is_first_of_optimizer (sweep, curve)
      || !ag_run_spec_stable_rate (ag_sweep_spec (sweep, curve), optimum, &bound))
    return;
  converge_axis_format (bound, 4, number, sizeof number);
  series->label = g_strdup_printf (_ ("stable below %s"), number);
  series->in_range = FALSE;
  converge_series_set_value (series, bound);
}

/**
 * converge_sweep_plot_update:
 * @plot: the plot that converge_sweep_plot_new() made of the same
 * @sweep: a sweep of one setting
 * @look: how it is looked at
 *
 * Shows the runs that are made so far.
 */
void
converge_sweep_plot_update (ConvergePlot *plot,
                            AgSweep *sweep,
                            const ConvergeSweepLook *look)
{
  const AgSweepAxis *axis = ag_sweep_axis (sweep, 0);
  ConvergeSeries *now = converge_plot_find_series (plot, "now");
  double greatest = 0;

  for (guint curve = 0; curve < ag_sweep_n_specs (sweep); curve++)
    {
      update_curve (plot, sweep, curve, look, &greatest);
      update_bound (plot, sweep, curve);
    }
  converge_series_set_value (now, look->now[0]);
  if (now->n > 0 && now->label == NULL)
    now->label = g_strdup (_ ("set now"));
  /* All of the range is seen from the start. */
  plot->x.least_minimum = axis->values[0];
  plot->x.least_maximum = axis->values[axis->n - 1];
  if (look->quantity == CONVERGE_SWEEP_LOSS && greatest > 0)
    plot->y.greatest_maximum = greatest;
}
