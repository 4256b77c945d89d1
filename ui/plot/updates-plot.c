/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot/update-lines.h"

#include <glib/gi18n-lib.h>

/* The changes of each parameter by the step that was taken there: what the optimizer made of the gradient. */

static ConvergePlot *
create (const ConvergeRunView *view)
{
  return converge_update_lines_create (_ ("Updates"), _ ("change"), view);
}

static void
update (ConvergePlot *plot,
        const ConvergeRunView *view,
        double pixel_width)
{
  converge_update_lines_update (plot, view, CONVERGE_UPDATES);
}

static char *
describe (const ConvergeRunView *view)
{
  return converge_update_lines_describe (view, CONVERGE_UPDATES, _ ("The changes of the parameters"));
}

const ConvergeRunPlot converge_updates_plot = {
  .id = "updates",
  .title = N_ ("Updates"),
  .place = CONVERGE_RUN_PLOT_ON_TAB,
  .needs_updates = TRUE,
  .create = create,
  .update = update,
  .describe = describe,
};
