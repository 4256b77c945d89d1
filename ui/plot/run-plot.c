/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot/run-plot.h"

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
