/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "converge-run-trash.h"

/**
 * Deleted:
 * @run: a run that was deleted
 * @position: where it was
 * @was_running: whether it was taking steps
 * @was_selected: whether it was looked at
 */
typedef struct
{
  ConvergeRun *run;
  guint position;
  gboolean was_running;
  gboolean was_selected;
} Deleted;

/**
 * ConvergeRunTrash:
 * @deleted: (element-type Deleted): the runs, from the first that was deleted to the last
 */
struct _ConvergeRunTrash
{
  GArray *deleted;
};

static void
clear_deleted (gpointer data)
{
  g_clear_object (&((Deleted *) data)->run);
}

/**
 * converge_run_trash_new:
 *
 * Returns: (transfer full): a trash with nothing in it
 */
ConvergeRunTrash *
converge_run_trash_new (void)
{
  ConvergeRunTrash *trash = g_new0 (ConvergeRunTrash, 1);

  trash->deleted = g_array_new (FALSE, FALSE, sizeof (Deleted));
  g_array_set_clear_func (trash->deleted, clear_deleted);
  return trash;
}

/**
 * converge_run_trash_free:
 * @trash: (transfer full): a trash
 */
void
converge_run_trash_free (ConvergeRunTrash *trash)
{
  g_array_unref (trash->deleted);
  g_free (trash);
}

/* Whether it takes steps, or will as soon as its data are prepared. */
static gboolean
is_running (ConvergeRun *run)
{
  const AgSnapshot *snapshot = converge_run_snapshot (run);

  return snapshot != NULL ? snapshot->state == AG_TRAINER_RUNNING : converge_run_will_run (run);
}

/**
 * converge_run_trash_delete:
 * @trash: a trash
 * @runs: a list
 * @run: a run of that
 *
 * Takes a run out of the list. One that nobody sees any more takes no steps.
 */
void
converge_run_trash_delete (ConvergeRunTrash *trash,
                           ConvergeRuns *runs,
                           ConvergeRun *run)
{
  const Deleted deleted = {
    .run = g_object_ref (run),
    .position = converge_runs_find (runs, run),
    .was_running = is_running (run),
    .was_selected = run == converge_runs_get_selected (runs),
  };

  if (deleted.was_running)
    converge_run_pause (run);
  g_array_append_val (trash->deleted, deleted);
  converge_runs_remove (runs, run);
}

/**
 * converge_run_trash_undo:
 * @trash: a trash
 * @runs: the list that its runs are from
 *
 * Brings all of them back, each to where it was; those that were taking steps go on.
 *
 * Returns: whether there were any
 */
gboolean
converge_run_trash_undo (ConvergeRunTrash *trash,
                         ConvergeRuns *runs)
{
  const gboolean is_any = trash->deleted->len > 0;

  for (guint i = trash->deleted->len; i-- > 0;)
    {
      const Deleted *deleted = &g_array_index (trash->deleted, Deleted, i);

      converge_runs_insert (runs, deleted->position, deleted->run);
      if (deleted->was_running)
        converge_run_start (deleted->run);
      if (deleted->was_selected)
        converge_runs_set_selected (runs, deleted->run);
    }
  converge_run_trash_empty (trash);
  return is_any;
}

/**
 * converge_run_trash_empty:
 * @trash: a trash
 *
 * Lets go of its runs.
 */
void
converge_run_trash_empty (ConvergeRunTrash *trash)
{
  g_array_set_size (trash->deleted, 0);
}

/**
 * converge_run_trash_n:
 * @trash: a trash
 *
 * Returns: how many runs are in it
 */
guint
converge_run_trash_n (const ConvergeRunTrash *trash)
{
  return trash->deleted->len;
}

/**
 * converge_run_trash_first:
 * @trash: a trash with something in it
 *
 * Returns: (transfer none): the run that was deleted first
 */
ConvergeRun *
converge_run_trash_first (const ConvergeRunTrash *trash)
{
  return g_array_index (trash->deleted, Deleted, 0).run;
}
