/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "converge-session.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Makes one run after the other and keeps them in a folder, as the window does, until it is
 * killed, or has as many as it is told. Says which runs it found there, and of each new one when
 * it is on the disk.
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
make_run (ConvergeRuns *runs,
          guint number)
{
  g_autoptr (ConvergeRun) run = converge_run_new ();
  g_autofree char *name = g_strdup_printf ("run-%u", number);
  g_autoptr (GError) error = NULL;
  AgRunSpec spec;

  ag_run_spec_init (&spec, ag_program_class_find ("autograd"));
  spec.seed = number;
  spec.steps = 200 + 137 * (number % 20);
  spec.points = 50;
  if (!converge_run_prepare (run, &spec, &error))
    {
      printf ("failed %s\n", error->message);
      exit (1);
    }
  converge_run_set_name (run, name);
  converge_runs_add (runs, run);
  converge_run_start (run);
  while (converge_run_snapshot (run) == NULL
         || converge_run_snapshot (run)->state < AG_TRAINER_DONE)
    g_main_context_iteration (NULL, TRUE);
}

int
main (int argc,
      char **argv)
{
  g_autoptr (ConvergeRuns) runs = converge_runs_new ();
  Keeping keeping = { runs, FALSE };
  ConvergeSession *session;
  guint count;

  if (argc != 3)
    return 2;
  count = (guint) strtoul (argv[2], NULL, 10);
  session = converge_session_new (runs, argv[1]);
  g_signal_connect_swapped (session, "saved", G_CALLBACK (saved), &keeping);
  g_signal_connect_swapped (session, "restored", G_CALLBACK (restored), &keeping);
  g_signal_connect_swapped (session, "failed", G_CALLBACK (failed), &keeping);
  while (!keeping.is_restored)
    g_main_context_iteration (NULL, TRUE);
  for (guint i = converge_runs_n (runs); i < count; i++)
    make_run (runs, i);
  converge_session_finish (session);
  g_object_unref (session);
  return 0;
}
