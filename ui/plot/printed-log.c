/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot/printed-log.h"

#include "plot-resources.h"

#include <gio/gio.h>
#include <string.h>

#define RESOURCE "/io/github/converge/Converge/plot/tutorial-printed.csv"

/* The tutorial printed losses for its own data, so they are shown only for a run on the same. */
static gboolean
has_tutorials_data (const AgRunSpec *spec)
{
  AgRunSpec tutorials;

  ag_run_spec_init (&tutorials, spec->program);
  return !ag_run_spec_has_file (spec) && strcmp (spec->target, tutorials.target) == 0
         && spec->from == tutorials.from && spec->to == tutorials.to
         && spec->points == tutorials.points && spec->loss == tutorials.loss;
}

/**
 * converge_printed_log:
 * @spec: a specification
 * @steps: (out caller-allocates): room for %CONVERGE_PRINTED_LOG_MAX steps
 * @losses: (out caller-allocates): and for the losses before their updates
 *
 * Looks up what the tutorial printed for a program, on the same data and from
 * initial values of its own.
 *
 * Returns: how many lines it printed; 0 if @spec has other data or another
 *   loss
 */
gsize
converge_printed_log (const AgRunSpec *spec,
                      double *steps,
                      double *losses)
{
  g_autoptr (GBytes) bytes = NULL;
  g_auto (GStrv) lines = NULL;
  gsize n = 0;

  if (!has_tutorials_data (spec))
    return 0;
  bytes = g_resource_lookup_data (converge_plot_get_resource (), RESOURCE,
                                  G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
  g_return_val_if_fail (bytes != NULL, 0);
  lines = g_strsplit (g_bytes_get_data (bytes, NULL), "\n", -1);
  for (gsize i = 1; lines[i] != NULL && n < CONVERGE_PRINTED_LOG_MAX; i++)
    {
      g_auto (GStrv) fields = g_strsplit (lines[i], ",", 3);

      if (g_strv_length (fields) < 3 || strcmp (fields[0], spec->program->id) != 0)
        continue;
      steps[n] = g_ascii_strtod (fields[1], NULL);
      losses[n] = g_ascii_strtod (fields[2], NULL);
      n++;
    }
  return n;
}
