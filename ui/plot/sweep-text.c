/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot/sweep-plot.h"

#include "plot/plot-axis.h"
#include "plot/run-text.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* A sweep in words. */

/**
 * converge_sweep_axis_title:
 * @axis: an axis of a sweep
 *
 * Returns: (transfer full): what takes the values, as the window calls it
 */
char *
converge_sweep_axis_title (const AgSweepAxis *axis)
{
  if (axis->setting == NULL)
    return g_strdup_printf (_ ("%s at the start"), axis->id + strlen (AG_SWEEP_INIT));
  return g_strdup (_ (axis->setting->title));
}

/**
 * converge_sweep_quantity_title:
 * @sweep: a sweep
 * @look: how it is looked at
 *
 * Returns: (transfer full): what is to be seen of each run
 */
char *
converge_sweep_quantity_title (AgSweep *sweep,
                               const ConvergeSweepLook *look)
{
  switch (look->quantity)
    {
    case CONVERGE_SWEEP_STEPS:
      return g_strdup (_ ("steps to 1 %"));
    case CONVERGE_SWEEP_PARAMETER:
      return g_strdup_printf (
        _ ("%s at the end"),
        ag_sweep_spec (sweep, 0)->program->model->parameters[look->parameter]);
    case CONVERGE_SWEEP_LOSS:
    default:
      return g_strdup (_ ("final loss"));
    }
}

/**
 * converge_sweep_caption:
 * @sweep: a sweep
 *
 * Returns: (transfer full): the settings that all of its runs have, in one line
 */
char *
converge_sweep_caption (AgSweep *sweep)
{
  const AgRunSpec *spec = ag_sweep_spec (sweep, 0);
  const char *differing[AG_SWEEP_MAX_AXES + 4] = { NULL };
  gboolean has_optimizers = FALSE, has_seeds = FALSE;
  guint n = 0;

  for (guint i = 1; i < ag_sweep_n_specs (sweep); i++)
    {
      has_optimizers |= ag_sweep_spec (sweep, i)->optimizer != spec->optimizer;
      has_seeds |= ag_sweep_spec (sweep, i)->seed != spec->seed;
    }
  for (guint i = 0; i < ag_sweep_n_axes (sweep); i++)
    differing[n++] = ag_sweep_axis (sweep, i)->id;
  if (has_seeds)
    differing[n++] = "seed";
  /* Each optimizer has a rate of its own. */
  if (has_optimizers)
    {
      differing[n++] = "optimizer";
      differing[n++] = "lr";
    }
  return converge_run_text_settings_without (spec, spec->lr, differing);
}

/**
 * converge_sweep_describe:
 * @sweep: a sweep
 *
 * Returns: (transfer full): how far it is and which of its runs has the least loss, in
 *   words
 */
char *
converge_sweep_describe (AgSweep *sweep)
{
  GString *text = g_string_new (NULL);
  AgSweepResult result;
  char loss[32];
  guint best;

  if (ag_sweep_n_done (sweep) < ag_sweep_n_runs (sweep))
    g_string_printf (text, _ ("%u of %u runs."), ag_sweep_n_done (sweep), ag_sweep_n_runs (sweep));
  else
    g_string_printf (text, _ ("%u runs."), ag_sweep_n_runs (sweep));
  if (!ag_sweep_find_best (sweep, &best) || !ag_sweep_read (sweep, best, &result))
    return g_string_free (text, FALSE);
  converge_axis_format (result.final_loss, 4, loss, sizeof loss);
  g_string_append_printf (text, _ (" The least final loss is %s: %s"), loss,
                          ag_sweep_run_spec (sweep, best)->optimizer->title);
  for (guint i = 0; i < ag_sweep_n_axes (sweep); i++)
    {
      g_autofree char *title = converge_sweep_axis_title (ag_sweep_axis (sweep, i));
      char value[32];

      converge_axis_format (ag_sweep_value (sweep, best, i), 4, value, sizeof value);
      g_string_append_printf (text, ", %s %s", title, value);
    }
  g_string_append_c (text, '.');
  return g_string_free (text, FALSE);
}
