/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot/update-lines.h"

#include <glib/gi18n-lib.h>

/* The gradients of the loss by each parameter, in the step that was taken there. */

static ConvergePlot *
create (const ConvergeRunView *view)
{
  return converge_update_lines_create (_ ("Gradients"), _ ("gradient"), view);
}

static void
update (ConvergePlot *plot,
        const ConvergeRunView *view,
        double pixel_width)
{
  converge_update_lines_update (plot, view, CONVERGE_GRADIENTS);
}

static char *
describe (const ConvergeRunView *view)
{
  return converge_update_lines_describe (view, CONVERGE_GRADIENTS, _ ("The gradients"));
}

const ConvergeRunPlot converge_gradients_plot = {
  .id = "gradients",
  .title = N_ ("Gradients"),
  .place = CONVERGE_RUN_PLOT_ON_TAB,
  .needs_updates = TRUE,
  .create = create,
  .update = update,
  .describe = describe,
};
