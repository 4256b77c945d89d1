/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot/run-plots.h"

#include <string.h>

static const ConvergeRunPlot *const plots[CONVERGE_N_RUN_PLOTS] = {
#define CONVERGE_RUN_PLOT(id) &converge_##id##_plot,
#include "plot/run-plots.def"
#undef CONVERGE_RUN_PLOT
};

/**
 * converge_run_plot_nth:
 * @index: below %CONVERGE_N_RUN_PLOTS
 *
 * Returns: (transfer none): a kind of plot
 */
const ConvergeRunPlot *
converge_run_plot_nth (guint index)
{
  g_return_val_if_fail (index < CONVERGE_N_RUN_PLOTS, NULL);

  return plots[index];
}

/**
 * converge_run_plot_find:
 * @id: a plot's id: "fit"
 *
 * Returns: its index for converge_run_plot_nth(), −1 if there is none of that id
 */
gint
converge_run_plot_find (const char *id)
{
  for (guint i = 0; i < CONVERGE_N_RUN_PLOTS; i++)
    if (strcmp (plots[i]->id, id) == 0)
      return (gint) i;
  return -1;
}

/**
 * converge_optional_series_n:
 *
 * Returns: how many series there are in all plots that people show or hide
 */
guint
converge_optional_series_n (void)
{
  guint n = 0;

  for (guint i = 0; i < CONVERGE_N_RUN_PLOTS; i++)
    n += plots[i]->n_optional;
  return n;
}

/**
 * converge_optional_series_nth:
 * @index: which one, counted through all plots
 *
 * Returns: (transfer none): a series that people show or hide
 */
const ConvergeOptionalSeries *
converge_optional_series_nth (guint index)
{
  guint plot = 0;

  g_return_val_if_fail (index < converge_optional_series_n (), NULL);

  for (; index >= plots[plot]->n_optional; plot++)
    index -= plots[plot]->n_optional;
  return &plots[plot]->optional[index];
}
