/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot/run-plot.h"

#include <glib/gi18n-lib.h>

/**
 * converge_run_view_coefficients:
 * @view: a run
 *
 * Returns: (transfer none): the coefficients at the moment that is looked at: a past
 *   one, the newest, or that before the first step
 */
const double *
converge_run_view_coefficients (const ConvergeRunView *view)
{
  if (view->snapshot == NULL)
    return view->initial;
  return view->moment != NULL ? view->moment->coefficients : view->snapshot->coefficients;
}

/**
 * converge_run_view_step:
 * @view: a run
 *
 * Returns: how many steps were taken at the moment that is looked at
 */
gint64
converge_run_view_step (const ConvergeRunView *view)
{
  if (view->snapshot == NULL)
    return 0;
  return view->moment != NULL ? view->moment->step : view->snapshot->step;
}

/**
 * converge_run_view_optimum_label:
 * @view: a run
 *
 * Returns: (transfer none): what a legend calls the place that it converges to
 */
const char *
converge_run_view_optimum_label (const ConvergeRunView *view)
{
  const gboolean is_exact = view->optimum != NULL ? view->optimum->is_exact
                                                  : ag_run_spec_has_exact_optimum (view->spec);

  return is_exact ? _ ("optimum") : _ ("best found");
}

/**
 * converge_run_view_label_optimum:
 * @view: a run
 * @series: what shows the place that it converges to
 *
 * Labels a series, if it has a label at all, by what became known since it was made.
 */
void
converge_run_view_label_optimum (const ConvergeRunView *view,
                                 ConvergeSeries *series)
{
  const char *label = converge_run_view_optimum_label (view);

  if (series->label == NULL || g_str_equal (series->label, label))
    return;
  g_free (series->label);
  series->label = g_strdup (label);
}

/**
 * converge_run_view_is_past:
 * @view: a run
 *
 * Returns: whether a moment is looked at that the run has gone on from
 */
gboolean
converge_run_view_is_past (const ConvergeRunView *view)
{
  return view->snapshot != NULL && view->moment != NULL
         && view->moment->step != view->snapshot->step;
}
