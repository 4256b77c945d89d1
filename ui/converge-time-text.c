/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "converge-time-text.h"

#include "plot/plot-axis.h"

#include <glib/gi18n-lib.h>

/**
 * converge_time_text_mark:
 * @run: a run
 * @mark: a mark on its time line
 *
 * Returns: (transfer full): what there is to be seen, in a sentence
 */
char *
converge_time_text_mark (ConvergeRun *run,
                         AgMark mark)
{
  const AgRunSpec *spec = converge_run_spec (run);
  char rate[32];

  switch (mark.kind)
    {
    case AG_MARK_RATE:
      converge_axis_format (ag_rates_at (converge_run_rates (run), spec->lr, mark.step), 3,
                            rate, sizeof rate);
      return g_strdup_printf (_ ("Step %lld: the learning rate was changed to %s."),
                              (long long) mark.step, rate);
    case AG_MARK_RISE:
      return g_strdup_printf (_ ("Step %lld: the loss rose by a tenth above its least."),
                              (long long) mark.step);
    case AG_MARK_NEAR:
      return g_strdup_printf (_ ("Step %lld: the loss came within 1 %% of the least that is known."),
                              (long long) mark.step);
    case AG_MARK_DIVERGED:
      return g_strdup_printf (_ ("Step %lld: the run diverged."), (long long) mark.step);
    case AG_MARK_LINE:
    default:
      return g_strdup_printf (_ ("Step %lld: the log has a line here."), (long long) mark.step);
    }
}
