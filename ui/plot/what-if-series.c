/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot/what-if-series.h"

#include "plot/plot-axis.h"
#include "plot/plot-palette.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/* Shows what a run would do as a dotted line in the plots of the present one. */

/* Losses that are so many times the first one widen no axis: a run that blows up would leave
 * nothing to be seen of others. */
#define BLOWN_UP 100

/**
 * converge_what_if_series_add:
 * @plot: a plot
 *
 * Adds the line, with nothing in it.
 */
void
converge_what_if_series_add (ConvergePlot *plot)
{
  ConvergeSeries *series = converge_plot_add_series (plot, CONVERGE_SERIES_LINE, "what-if", NULL,
                                                     CONVERGE_COLOR_FIT);

  series->is_dotted = TRUE;
  series->width = 2;
  series->opacity = 0.75;
  series->in_range = FALSE;
}

/* How much of the run is known, where that is not all. */
static char *
make_label (const AgFuture *future)
{
  const long long first = future->first_step, last = first + future->n_steps;

  if (future->is_whole && first == 0)
    return g_strdup (_ ("what-if"));
  if (future->is_whole)
    return g_strdup_printf (_ ("what-if: from step %lld"), first);
  if (first == 0)
    return g_strdup_printf (_ ("what-if: the first %lld steps"), last);
  return g_strdup_printf (_ ("what-if: step %lld to %lld"), first, last);
}

/**
 * converge_what_if_series_label:
 * @plot: a plot that converge_what_if_series_add() was called for
 * @view: the run
 *
 * Labels the line by what is known, so that it is in no legend where nothing is, and gives it
 * the colour of that run.
 *
 * Returns: (transfer none): the line
 */
ConvergeSeries *
converge_what_if_series_label (ConvergePlot *plot,
                               const ConvergeRunView *view)
{
  ConvergeSeries *series = converge_plot_find_series (plot, "what-if");

  g_clear_pointer (&series->label, g_free);
  if (view->future != NULL && view->future->n_steps > 0)
    {
      series->label = make_label (view->future);
      series->color = view->future_color;
    }
  return series;
}

/* In the plot of a run the points are those that its own line would have. */
static gsize
read_losses (const AgFuture *future,
             const ConvergeLossAxis *axis,
             double pixel_width,
             gsize room,
             double *x,
             double *y)
{
  const gint64 last = future->n_steps - 1;
  g_autofree AgHistoryEntry *entries = g_new (AgHistoryEntry, room);
  const guint level = ag_history_level_for (future->history, 0, last, (gint64) (2 * pixel_width));
  const gsize n = ag_history_read (future->history, level, 0, last, room, entries);

  for (gsize i = 0; i < n; i++)
    {
      x[i] = converge_loss_axis_place (
        axis, (double) (future->first_step + entries[i].step + entries[i].stride - 1));
      y[i] = entries[i].loss;
    }
  return n;
}

/**
 * converge_what_if_series_set_losses:
 * @plot: a plot of losses that converge_what_if_series_add() was called for
 * @view: the run
 * @axis: what losses are plotted over
 * @pixel_width: how many pixels wide the plot is
 *
 * Shows the losses that the run would have. How long it would take is not known, so that it is not
 * plotted over that.
 */
void
converge_what_if_series_set_losses (ConvergePlot *plot,
                                    const ConvergeRunView *view,
                                    const ConvergeLossAxis *axis,
                                    double pixel_width)
{
  ConvergeSeries *series = converge_what_if_series_label (plot, view);
  const gsize room = (gsize) CLAMP (4 * pixel_width, 256, 65536);
  const AgFuture *future = view->future;
  g_autofree double *numbers = NULL;
  AgHistoryEntry first = { .loss = NAN };
  gsize n;

  if (axis->over == CONVERGE_LOSS_OVER_TIME)
    g_clear_pointer (&series->label, g_free);
  if (series->label == NULL)
    {
      converge_series_set_points (series, 0, NULL, NULL);
      return;
    }
  numbers = g_new (double, 2 * room);
  n = read_losses (future, axis, pixel_width, room, numbers, numbers + room);
  converge_series_set_points (series, n, numbers, numbers + room);
  series->in_range = TRUE;
  ag_history_read (future->history, 0, 0, 0, 1, &first);
  series->most = BLOWN_UP * first.loss;
  plot->x.least_maximum = fmax (plot->x.least_maximum,
                                converge_loss_axis_end (axis, &future->spec, future->first_step + future->n_steps));
}

/**
 * converge_what_if_series_describe:
 * @view: the run
 *
 * Says what the run would do, for those who cannot see it.
 *
 * Returns: (transfer full) (nullable): a sentence, or %NULL where that is not known
 */
char *
converge_what_if_series_describe (const ConvergeRunView *view)
{
  const AgFuture *future = view->future;
  AgHistoryEntry last = { .loss = NAN };
  char loss[32], rate[32];

  if (future == NULL || future->n_steps == 0)
    return NULL;
  converge_axis_format (future->spec.lr, 2, rate, sizeof rate);
  if (future->state == AG_TRAINER_DIVERGED)
    return g_strdup_printf (_ ("At a learning rate of %s it would diverge at step %lld."), rate,
                            (long long) (future->first_step + future->n_steps - 1));
  ag_history_read (future->history, 0, future->n_steps - 1, future->n_steps - 1, 1, &last);
  converge_axis_format (isnan (future->final_loss) ? last.loss : future->final_loss, 4, loss, sizeof loss);
  return g_strdup_printf (_ ("At a learning rate of %s it would be %s after %lld steps."), rate, loss,
                          (long long) (future->first_step + future->n_steps));
}
