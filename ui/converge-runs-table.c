/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "converge-runs-table.h"

#include "base/number.h"
#include "converge-optima.h"
#include "plot/run-changes.h"
#include "plot/run-difference.h"
#include "train/run-file.h"
#include "train/setting.h"

#include <math.h>
#include <string.h>

/* Runs as tables for other programs. */

#define ENTRIES_AT_ONCE 4096

/**
 * converge_runs_table_make_cell:
 * @text: what is to be in it
 * @separator: what is between two cells
 *
 * Returns: (transfer full): the cell, quoted where there are signs in it that mean something in
 *   tables
 */
char *
converge_runs_table_make_cell (const char *text,
                               char separator)
{
  GString *cell;

  if (strchr (text, separator) == NULL && strpbrk (text, "\"\r\n") == NULL)
    return g_strdup (text);
  cell = g_string_new ("\"");
  for (const char *c = text; *c != '\0'; c++)
    {
      g_string_append_c (cell, *c);
      if (*c == '"')
        g_string_append_c (cell, '"');
    }
  g_string_append_c (cell, '"');
  return g_string_free (cell, FALSE);
}

static void
append_number (GString *table,
               char separator,
               AgDType dtype,
               double value)
{
  g_autofree char *text = isnan (value) ? g_strdup ("") : ag_number_to_csv (dtype, value);

  g_string_append_printf (table, "%c%s", separator, text);
}

/* Names that runs share get a number, so that each line tells which run it is of. */
static char *
make_unique (GHashTable *taken,
             const char *name)
{
  char *unique = g_strdup (name);

  for (guint i = 2; !g_hash_table_add (taken, g_strdup (unique)); i++)
    {
      g_free (unique);
      unique = g_strdup_printf ("%s (%u)", name, i);
    }
  return unique;
}

/**
 * converge_runs_table_find_differing:
 * @runs: runs
 *
 * Returns: (transfer full) (element-type utf8): ids of the settings that not all of them have
 *   alike
 */
GPtrArray *
converge_runs_table_find_differing (ConvergeRuns *runs)
{
  g_autofree const AgRunSpec **specs = g_new (const AgRunSpec *, MAX (converge_runs_n (runs), 1));
  guint n = 0;

  for (guint i = 0; i < converge_runs_n (runs); i++)
    if (converge_run_spec (converge_runs_nth (runs, i)) != NULL)
      specs[n++] = converge_run_spec (converge_runs_nth (runs, i));
  return converge_run_differing_settings (n, specs);
}

/**
 * converge_runs_table_has_changes:
 * @runs: runs
 *
 * Returns: whether any of them was changed while it was under way
 */
gboolean
converge_runs_table_has_changes (ConvergeRuns *runs)
{
  for (guint i = 0; i < converge_runs_n (runs); i++)
    if (converge_run_n_changes (converge_run_rates (converge_runs_nth (runs, i))) > 0)
      return TRUE;
  return FALSE;
}

static void
append_outcome (GString *table,
                char separator,
                ConvergeRun *run)
{
  const AgSnapshot *snapshot = converge_run_snapshot (run);
  const AgRunSpec *spec = converge_run_spec (run);
  const AgOptimum *optimum = converge_optima_find (converge_optima_get_default (), spec);
  const gint64 near = optimum != NULL ? converge_run_steps_to_near (run, optimum->loss) : -1;

  g_string_append_printf (table, "%c%s%c%lld", separator, ag_run_file_state_name (snapshot->state),
                          separator, (long long) snapshot->step);
  append_number (table, separator, spec->dtype, snapshot->loss);
  append_number (table, separator, spec->dtype, snapshot->final_loss);
  if (near >= 0)
    g_string_append_printf (table, "%c%lld", separator, (long long) near);
  else
    g_string_append_c (table, separator);
  append_number (table, separator, AG_DTYPE_FLOAT64, snapshot->elapsed);
}

/**
 * converge_runs_table_make:
 * @runs: runs
 * @separator: what is between two cells
 *
 * Makes a table with a line for each run that has begun: `run`, the settings that not all of
 * them have alike, under their own names, `changes` (how many times the learning rate or the
 * optimizer was changed while it was under way, if any was), `state`, `steps_taken`, `loss` (before the last
 * update), `final_loss` (after it), `steps_to_1_percent` (empty where that was never reached, or
 * the least loss is not known) and `seconds`.
 *
 * Returns: (transfer full): the table
 */
char *
converge_runs_table_make (ConvergeRuns *runs,
                          char separator)
{
  g_autoptr (GHashTable) taken = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GPtrArray) differing = converge_runs_table_find_differing (runs);
  const gboolean has_changes = converge_runs_table_has_changes (runs);
  GString *table = g_string_new ("run");

  for (guint i = 0; i < differing->len; i++)
    g_string_append_printf (table, "%c%s", separator, (const char *) g_ptr_array_index (differing, i));
  if (has_changes)
    g_string_append_printf (table, "%cchanges", separator);
  g_string_append_printf (table, "%cstate%csteps_taken%closs%cfinal_loss%csteps_to_1_percent%cseconds\n",
                          separator, separator, separator, separator, separator, separator);
  for (guint i = 0; i < converge_runs_n (runs); i++)
    {
      ConvergeRun *run = converge_runs_nth (runs, i);
      const AgRunSpec *spec = converge_run_spec (run);
      g_autofree char *name = NULL, *cell = NULL;

      if (converge_run_snapshot (run) == NULL)
        continue;
      name = make_unique (taken, converge_run_get_name (run));
      cell = converge_runs_table_make_cell (name, separator);
      g_string_append (table, cell);
      for (guint k = 0; k < differing->len; k++)
        {
          const AgSetting *setting = ag_setting_find (spec, g_ptr_array_index (differing, k));
          g_autofree char *value = setting != NULL && ag_setting_is_used (setting, spec)
                                     ? ag_setting_write (setting, spec)
                                     : g_strdup ("");
          g_autofree char *quoted = converge_runs_table_make_cell (value, separator);

          g_string_append_printf (table, "%c%s", separator, quoted);
        }
      if (has_changes)
        g_string_append_printf (table, "%c%u", separator,
                                converge_run_n_changes (converge_run_rates (run)));
      append_outcome (table, separator, run);
      g_string_append_c (table, '\n');
    }
  return g_string_free (table, FALSE);
}

/**
 * converge_runs_table_write_losses:
 * @stream: where they are written
 * @n_runs: number of @runs
 * @runs: (array length=n_runs): runs
 *
 * Writes the losses of all runs as one table with the columns `run,step,loss`, a line for each
 * loss; of a run whose history is thinned one for each entry of it, its last one.
 */
void
converge_runs_table_write_losses (FILE *stream,
                                  guint n_runs,
                                  const AgSessionRun *runs)
{
  g_autofree AgHistoryEntry *entries = g_new (AgHistoryEntry, ENTRIES_AT_ONCE);
  g_autoptr (GHashTable) taken = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  fputs ("run,step,loss\n", stream);
  for (guint i = 0; i < n_runs; i++)
    {
      g_autofree char *name = make_unique (taken, runs[i].name);
      g_autofree char *cell = converge_runs_table_make_cell (name, ',');
      const gint64 last = runs[i].snapshot->step - 1;
      gsize n;

      for (gint64 next = 0; next <= last; next = entries[n - 1].step + entries[n - 1].stride)
        {
          n = ag_history_read (runs[i].history, 0, next, last, ENTRIES_AT_ONCE, entries);
          if (n == 0)
            break;
          for (gsize k = 0; k < n; k++)
            {
              g_autofree char *loss = ag_number_to_csv (runs[i].spec->dtype, entries[k].loss);

              fprintf (stream, "%s,%" G_GINT64_FORMAT ",%s\n", cell,
                       entries[k].step + entries[k].stride - 1, loss);
            }
        }
    }
}
