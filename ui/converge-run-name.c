/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "converge-run-name.h"

#include "plot/run-difference.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* How a run is called until somebody calls it otherwise. */

static gboolean
is_taken (GListModel *runs,
          const char *name)
{
  for (guint i = 0; i < g_list_model_get_n_items (runs); i++)
    {
      g_autoptr (ConvergeRun) run = g_list_model_get_item (runs, i);

      if (strcmp (converge_run_get_name (run), name) == 0)
        return TRUE;
    }
  return FALSE;
}

static char *
number_name (GListModel *runs,
             const char *name)
{
  if (!is_taken (runs, name))
    return g_strdup (name);
  for (guint i = 2;; i++)
    {
      g_autofree char *numbered = g_strdup_printf ("%s (%u)", name, i);

      if (!is_taken (runs, numbered))
        return g_steal_pointer (&numbered);
    }
}

/**
 * converge_run_name_new:
 * @runs: (element-type ConvergeRun): the runs there are
 * @spec: what another one is to do
 *
 * Returns: (transfer full): a name that none of them has: what the run has of its own beside the
 *   first of them, or, as the first one, what it is
 */
char *
converge_run_name_new (GListModel *runs,
                       const AgRunSpec *spec)
{
  const AgRunSpec *first = NULL;
  g_autofree char *name = NULL;

  for (guint i = 0; first == NULL && i < g_list_model_get_n_items (runs); i++)
    {
      g_autoptr (ConvergeRun) run = g_list_model_get_item (runs, i);

      first = converge_run_spec (run);
    }
  if (first != NULL)
    name = converge_run_text_difference (spec, first);
  if (name == NULL)
    name = g_strdup_printf ("%s · %s", _ (spec->program->title), spec->optimizer->title);
  return number_name (runs, name);
}

/**
 * converge_run_name_of_branch:
 * @runs: (element-type ConvergeRun): the runs there are
 * @origin: one of them
 * @spec: what another one is to do that was @origin up to a step
 * @step: that step
 *
 * Returns: (transfer full): a name that none of them has: what the run does otherwise than
 *   @origin, and from where on
 */
char *
converge_run_name_of_branch (GListModel *runs,
                             ConvergeRun *origin,
                             const AgRunSpec *spec,
                             gint64 step)
{
  g_autofree char *difference = converge_run_text_difference (spec, converge_run_spec (origin));
  g_autofree char *name
    = g_strdup_printf (_ ("%s from step %lld"),
                       difference != NULL ? difference : converge_run_get_name (origin),
                       (long long) step);

  return number_name (runs, name);
}
