/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "converge-session.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Makes one run after the other and keeps them in a folder, as the window does, until it is
 * killed, or has as many as it is told. Says which runs it found there, and of each new one when
 * it is on the disk. Each third run is a branch with another optimizer, and the last of them that
 * was found must go on with the bits of one that is made anew.
 *
 *   keep-runs FOLDER COUNT */

static void
say (const char *word,
     ConvergeRun *run)
{
  const AgSnapshot *snapshot = converge_run_snapshot (run);
  AgHistory *history = converge_run_history (run);
  const gint64 n = ag_history_n_steps (history);
  guint64 sum = 0;

  for (gint64 i = 0; i < n; i++)
    {
      AgHistoryEntry entry;
      guint64 bits;

      ag_history_read (history, 0, i, i, 1, &entry);
      memcpy (&bits, &entry.loss, sizeof bits);
      sum = sum * 31 + bits;
    }
  printf ("%s %s %lld %016llx %.17g\n", word, converge_run_get_name (run), (long long) snapshot->step,
          (unsigned long long) sum, snapshot->final_loss);
  fflush (stdout);
}

static ConvergeRun *
find_run (ConvergeRuns *runs,
          const char *name)
{
  for (guint i = 0; i < converge_runs_n (runs); i++)
    if (strcmp (converge_run_get_name (converge_runs_nth (runs, i)), name) == 0)
      return converge_runs_nth (runs, i);
  return NULL;
}

typedef struct
{
  ConvergeRuns *runs;
  gboolean is_restored;
} Keeping;

static void
saved (Keeping *keeping,
       const char *name)
{
  say ("saved", find_run (keeping->runs, name));
}

static void
restored (Keeping *keeping)
{
  for (guint i = 0; i < converge_runs_n (keeping->runs); i++)
    say ("found", converge_runs_nth (keeping->runs, i));
  keeping->is_restored = TRUE;
  printf ("restored\n");
  fflush (stdout);
}

static void
failed (Keeping *keeping,
        const char *message)
{
  printf ("failed %s\n", message);
  fflush (stdout);
}

static void
wait_for (ConvergeRun *run)
{
  converge_run_start (run);
  while (converge_run_snapshot (run) == NULL
         || converge_run_snapshot (run)->state < AG_TRAINER_DONE)
    g_main_context_iteration (NULL, TRUE);
}

static AgRunSpec
make_spec (guint number)
{
  AgRunSpec spec;

  ag_run_spec_init (&spec, ag_program_class_find ("autograd"));
  spec.seed = number;
  spec.steps = 200 + 137 * (number % 20);
  spec.points = 50;
  return spec;
}

static gboolean
is_branch (guint number)
{
  return number % 3 == 2;
}

static ConvergeRun *
make_run (guint number)
{
  g_autoptr (ConvergeRun) run = converge_run_new ();
  g_autoptr (ConvergeRun) origin = NULL;
  g_autofree char *name = g_strdup_printf ("run-%u", number);
  g_autoptr (GError) error = NULL;
  AgRunSpec spec = make_spec (number);
  gboolean is_made = converge_run_prepare (run, &spec, &error);

  if (is_made && is_branch (number))
    {
      wait_for (run);
      origin = g_steal_pointer (&run);
      run = converge_run_new ();
      ag_run_spec_set_optimizer (&spec, ag_optimizer_class_find ("adam"));
      is_made = converge_run_branch (run, &spec, origin, 100, &error);
    }
  if (!is_made)
    {
      printf ("failed %s\n", error->message);
      exit (1);
    }
  converge_run_set_name (run, name);
  return g_steal_pointer (&run);
}

/* A run that goes on where another one ended. The other stays as it is on the disk. */
static ConvergeRun *
go_on (ConvergeRun *run,
       gint64 n_steps)
{
  g_autoptr (ConvergeRun) further = converge_run_new ();
  g_autoptr (GError) error = NULL;
  AgRunSpec spec;

  while (converge_run_snapshot (run) == NULL)
    g_main_context_iteration (NULL, TRUE);
  spec = *converge_run_spec (run);
  spec.steps = n_steps;
  spec.lr = converge_run_lr (run);
  if (!converge_run_branch (further, &spec, run, converge_run_snapshot (run)->step, &error))
    {
      printf ("failed %s\n", error->message);
      exit (1);
    }
  wait_for (further);
  return g_steal_pointer (&further);
}

static void
compare (ConvergeRun *found,
         guint number)
{
  const gint64 n_steps = make_spec (number).steps + 100;
  g_autoptr (ConvergeRun) anew = make_run (number);
  g_autoptr (ConvergeRun) of_anew = NULL;
  g_autoptr (ConvergeRun) of_found = NULL;

  wait_for (anew);
  of_anew = go_on (anew, n_steps);
  of_found = go_on (found, n_steps);
  for (gint64 i = 0; i < n_steps; i++)
    {
      AgHistoryEntry entries[2] = { { 0 } };

      if (ag_history_read (converge_run_history (of_anew), 0, i, i, 1, &entries[0]) != 1
          || ag_history_read (converge_run_history (of_found), 0, i, i, 1, &entries[1]) != 1
          || memcmp (&entries[0].loss, &entries[1].loss, sizeof entries[0].loss) != 0)
        {
          printf ("failed to go on with the same bits: run-%u, step %lld\n", number, (long long) i);
          fflush (stdout);
          return;
        }
    }
}

int
main (int argc,
      char **argv)
{
  g_autoptr (ConvergeRuns) runs = converge_runs_new ();
  Keeping keeping = { runs, FALSE };
  ConvergeSession *session;
  guint count, n_found;

  if (argc != 3)
    return 2;
  count = (guint) strtoul (argv[2], NULL, 10);
  session = converge_session_new (runs, argv[1]);
  g_signal_connect_swapped (session, "saved", G_CALLBACK (saved), &keeping);
  g_signal_connect_swapped (session, "restored", G_CALLBACK (restored), &keeping);
  g_signal_connect_swapped (session, "failed", G_CALLBACK (failed), &keeping);
  while (!keeping.is_restored)
    g_main_context_iteration (NULL, TRUE);
  n_found = converge_runs_n (runs);
  for (guint i = n_found; i > 0; i--)
    if (is_branch (i - 1))
      {
        g_autofree char *name = g_strdup_printf ("run-%u", i - 1);

        compare (find_run (runs, name), i - 1);
        break;
      }
  for (guint i = n_found; i < count; i++)
    {
      g_autoptr (ConvergeRun) run = make_run (i);

      converge_runs_add (runs, run);
      wait_for (run);
    }
  converge_session_finish (session);
  g_object_unref (session);
  return 0;
}
