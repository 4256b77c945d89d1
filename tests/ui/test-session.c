/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../common.h"
#include "converge-runs-table.h"
#include "converge-session.h"
#include "converge-tabs.h"
#include "window-fixture.h"

#include <glib/gstdio.h>
#include <string.h>

/* Runs that are kept from one start to the next. */

static char *
make_folder (void)
{
  g_autofree char *folder = g_dir_make_tmp (NULL, NULL);

  return g_build_filename (folder, "session", NULL);
}

static void
remove_folder (const char *folder)
{
  g_autofree char *parent = g_path_get_dirname (folder);

  common_remove (folder);
  g_rmdir (parent);
}

static guint
count_files (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;
  guint n = 0;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    n += g_str_has_suffix (name, ".converge");
  return n;
}

static void
set_true (gboolean *is_true)
{
  *is_true = TRUE;
}

static ConvergeSession *
begin_session (Fixture *fixture,
               const char *folder)
{
  ConvergeSession *session
    = converge_session_new (converge_window_get_runs (fixture->window), folder);
  gboolean is_restored = FALSE;

  g_signal_connect_swapped (session, "restored", G_CALLBACK (set_true), &is_restored);
  while (!is_restored)
    g_main_context_iteration (NULL, TRUE);
  return session;
}

/* Begins the window anew, as the next start would. */
static ConvergeSession *
begin_again (Fixture *fixture,
             ConvergeSession *session,
             const char *folder)
{
  gtk_window_close (GTK_WINDOW (fixture->window));
  while (fixture->window != NULL)
    g_main_context_iteration (NULL, TRUE);
  converge_session_finish (session);
  g_object_unref (session);
  fixture_open_window (fixture);
  return begin_session (fixture, folder);
}

static GArray *
read_losses (ConvergeRun *run)
{
  AgHistory *history = converge_run_history (run);
  const guint n = (guint) ag_history_n_steps (history);
  GArray *losses = g_array_new (FALSE, FALSE, sizeof (AgHistoryEntry));

  g_array_set_size (losses, n);
  g_assert_cmpuint (ag_history_read (history, 0, 0, n - 1, n, (AgHistoryEntry *) (gpointer) losses->data),
                    ==, n);
  return losses;
}

static ConvergeRun *
nth (Fixture *fixture,
     guint index)
{
  return converge_runs_nth (converge_window_get_runs (fixture->window), index);
}

static guint
count (Fixture *fixture)
{
  return converge_runs_n (converge_window_get_runs (fixture->window));
}

static gboolean
has_moment (Fixture *fixture)
{
  return converge_runs_get_moment (converge_window_get_runs (fixture->window)) != NULL;
}

static void
test_restored (Fixture *fixture,
               gconstpointer data)
{
  g_autofree char *folder = make_folder ();
  ConvergeSession *session = begin_session (fixture, folder);
  g_autoptr (GArray) before = NULL, after = NULL;

  g_assert_cmpuint (count (fixture), ==, 0);
  fixture_train (fixture, "300");
  fixture_type (fixture, "Seed", "5");
  fixture_train (fixture, "400");
  before = read_losses (nth (fixture, 0));
  converge_run_set_name (nth (fixture, 0), "The first; one = [two]");
  converge_run_set_shown (nth (fixture, 0), FALSE);
  converge_run_set_pinned (nth (fixture, 1), TRUE);
  session = begin_again (fixture, session, folder);

  g_assert_cmpuint (count (fixture), ==, 2);
  g_assert_cmpuint (count_files (folder), ==, 2);
  g_assert_true (converge_run_get_pinned (nth (fixture, 0)));
  g_assert_cmpint (converge_run_spec (nth (fixture, 0))->seed, ==, 5);
  g_assert_cmpstr (converge_run_get_name (nth (fixture, 1)), ==, "The first; one = [two]");
  g_assert_false (converge_run_get_shown (nth (fixture, 1)));
  g_assert_cmpuint (converge_run_get_color (nth (fixture, 1)), ==, 0);
  after = read_losses (nth (fixture, 1));
  g_assert_cmpmem (after->data, sizeof (AgHistoryEntry) * after->len, before->data,
                   sizeof (AgHistoryEntry) * before->len);

  /* It can be looked at like any other, and the next run is a new one. */
  g_assert_true (fixture_shows (fixture, "ready"));
  converge_runs_set_selected (converge_window_get_runs (fixture->window), nth (fixture, 1));
  fixture_wait_for_frames (fixture);
  g_assert_true (fixture_shows (fixture, "step 300 / 300"));
  g_assert_false (fixture_can (fixture, "win.step"));
  fixture_train (fixture, "300");
  g_assert_cmpuint (count (fixture), ==, 3);

  /* The run goes on, and as it is under way when the window closes it is kept as far as it has
   * come. */
  fixture_type (fixture, "Steps", "100000");
  fixture_set_pace (fixture, 1000);
  fixture_do (fixture, "win.train");
  fixture_wait_for_step (fixture, 305);
  session = begin_again (fixture, session, folder);
  g_assert_cmpuint (count (fixture), ==, 3);
  g_assert_cmpuint (count_files (folder), ==, 3);
  g_assert_cmpint (converge_run_snapshot (nth (fixture, 2))->state, ==, AG_TRAINER_STOPPED);
  g_assert_cmpint (converge_run_snapshot (nth (fixture, 2))->step, >=, 305);
  converge_session_finish (session);
  g_object_unref (session);
  remove_folder (folder);
}

/* A run that was restored has its moments, goes on with the bits that it would have had, and can
 * be branched. */
static void
test_goes_on (Fixture *fixture,
              gconstpointer data)
{
  g_autofree char *folder = make_folder ();
  ConvergeSession *session = begin_session (fixture, folder);
  g_autoptr (GArray) whole = NULL, resumed = NULL;
  ConvergeRuns *runs;

  fixture_train (fixture, "700");
  whole = read_losses (nth (fixture, 0));
  fixture_do (fixture, "win.new-run");
  fixture_wait_for_state (fixture, AG_TRAINER_DONE);
  fixture_type (fixture, "Steps", "300");
  fixture_do (fixture, "win.new-run");
  fixture_wait_for_state (fixture, AG_TRAINER_DONE);
  session = begin_again (fixture, session, folder);
  runs = converge_window_get_runs (fixture->window);
  converge_runs_set_selected (runs, nth (fixture, 2));
  fixture_wait_to_show (fixture, "The loss still falls");
  converge_runs_set_step (runs, 100);
  fixture_wait (has_moment, fixture);
  fixture_type (fixture, "Steps", "700");
  fixture_do (fixture, "win.train");
  fixture_wait_for_step (fixture, 700);
  g_assert_cmpuint (count (fixture), ==, 3);
  resumed = read_losses (nth (fixture, 2));
  g_assert_cmpmem (resumed->data, sizeof (AgHistoryEntry) * resumed->len, whole->data,
                   sizeof (AgHistoryEntry) * whole->len);
  converge_runs_set_selected (runs, nth (fixture, 0));
  converge_runs_set_step (runs, 200);
  fixture_wait (has_moment, fixture);
  fixture_type (fixture, "Steps", "900");
  fixture_do (fixture, "win.branch");
  fixture_wait_for_step (fixture, 900);
  g_assert_cmpuint (count (fixture), ==, 4);
  converge_session_finish (session);
  g_object_unref (session);
  remove_folder (folder);
}

/* A run that is made, and the window closed, before those of the last time are back. */
static void
test_hurry (Fixture *fixture,
            gconstpointer data)
{
  g_autofree char *folder = make_folder ();
  ConvergeSession *session = begin_session (fixture, folder);

  fixture_train (fixture, "300");
  session = begin_again (fixture, session, folder);
  converge_session_finish (session);
  g_object_unref (session);
  converge_runs_remove (converge_window_get_runs (fixture->window), nth (fixture, 0));
  fixture_train (fixture, "200");
  session = converge_session_new (converge_window_get_runs (fixture->window), folder);
  session = begin_again (fixture, session, folder);
  g_assert_cmpuint (count (fixture), ==, 2);
  g_assert_cmpint (converge_run_snapshot (nth (fixture, 0))->step, ==, 300);
  g_assert_cmpint (converge_run_snapshot (nth (fixture, 1))->step, ==, 200);
  converge_session_finish (session);
  g_object_unref (session);
  remove_folder (folder);
}

static void
note_message (char **noted,
              const char *message)
{
  g_free (*noted);
  *noted = g_strdup (message);
}

/* What cannot be written at the end is told of while there is somebody to tell it. */
static void
test_no_room (Fixture *fixture,
              gconstpointer data)
{
  g_autofree char *folder = make_folder (), *message = NULL;
  ConvergeSession *session = begin_session (fixture, folder);

  g_signal_connect_swapped (session, "failed", G_CALLBACK (note_message), &message);
  fixture_type (fixture, "Steps", "1000000000");
  fixture_do (fixture, "win.train");
  fixture_wait_for_step (fixture, 5);
  common_remove (folder);
  converge_session_finish (session);
  g_assert_nonnull (message);
  g_assert_nonnull (strstr (message, "could not be written"));
  g_object_unref (session);
  remove_folder (folder);
}

static gboolean
shows_failure (Fixture *fixture)
{
  return fixture_shows (fixture, "could not be written");
}

/* A run for which there was no room is kept when there is. */
static void
test_room_again (Fixture *fixture,
                 gconstpointer data)
{
  g_autofree char *folder = make_folder ();
  ConvergeSession *session = begin_session (fixture, folder);

  g_signal_connect_object (session, "failed", G_CALLBACK (converge_window_tell), fixture->window,
                           G_CONNECT_SWAPPED);
  common_remove (folder);
  fixture_train (fixture, "300");
  fixture_wait (shows_failure, fixture);
  g_assert_cmpint (g_mkdir (folder, 0700), ==, 0);
  converge_session_finish (session);
  g_assert_cmpuint (count_files (folder), ==, 1);
  g_object_unref (session);
  remove_folder (folder);
}

static void
test_deleted (Fixture *fixture,
              gconstpointer data)
{
  g_autofree char *folder = make_folder ();
  ConvergeSession *session = begin_session (fixture, folder);
  ConvergeRuns *runs = converge_window_get_runs (fixture->window);
  g_autoptr (ConvergeRun) deleted = NULL;

  fixture_train (fixture, "300");
  fixture_type (fixture, "Seed", "5");
  fixture_train (fixture, "300");
  deleted = g_object_ref (nth (fixture, 0));
  converge_runs_remove (runs, deleted);
  session = begin_again (fixture, session, folder);
  g_assert_cmpuint (count (fixture), ==, 1);
  g_assert_cmpuint (count_files (folder), ==, 1);
  runs = converge_window_get_runs (fixture->window);
  g_set_object (&deleted, nth (fixture, 0));
  converge_runs_remove (runs, deleted);
  converge_runs_insert (runs, 0, deleted);
  session = begin_again (fixture, session, folder);
  g_assert_cmpuint (count (fixture), ==, 1);
  g_assert_cmpuint (count_files (folder), ==, 1);
  converge_session_finish (session);
  g_object_unref (session);
  remove_folder (folder);
}

/* Two processes do not keep runs in one folder, and what is no run is left alone. */
static void
test_shared (Fixture *fixture,
             gconstpointer data)
{
  g_autofree char *folder = make_folder ();
  g_autofree char *strange = g_build_filename (folder, "strange.converge", NULL);
  ConvergeSession *session = begin_session (fixture, folder);
  g_autoptr (ConvergeRuns) others = converge_runs_new ();
  ConvergeSession *other;

  fixture_train (fixture, "300");
  other = converge_session_new (others, folder);
  fixture_spin (100);
  g_assert_cmpuint (converge_runs_n (others), ==, 0);
  g_object_unref (other);
  g_assert_true (g_file_set_contents (strange, "{\"runs\": [{\"name\"", -1, NULL));
  session = begin_again (fixture, session, folder);
  g_assert_cmpuint (count (fixture), ==, 1);
  g_assert_true (g_file_test (strange, G_FILE_TEST_EXISTS));
  converge_session_finish (session);
  g_object_unref (session);
  remove_folder (folder);
}

/* Saved as one file and opened again; as tables, every loss and every run has a line. */
static void
test_file (Fixture *fixture,
           gconstpointer data)
{
  g_autofree char *folder = g_dir_make_tmp (NULL, NULL);
  g_autofree char *path = g_build_filename (folder, "two.converge", NULL);
  g_autofree char *table = NULL;
  g_autoptr (GArray) before = NULL, after = NULL;
  ConvergeRuns *runs = converge_window_get_runs (fixture->window);
  g_auto (GStrv) lines = NULL;

  fixture_train (fixture, "300");
  fixture_type (fixture, "Seed", "5");
  fixture_train (fixture, "300");
  converge_run_set_name (nth (fixture, 0), "one, \"two\"");
  before = read_losses (nth (fixture, 1));
  table = converge_runs_table_make (runs, ',');
  lines = g_strsplit (table, "\n", -1);
  g_assert_cmpuint (g_strv_length (lines), ==, 4);
  g_assert_cmpstr (lines[0], ==,
                   "run,seed,state,steps_taken,loss,final_loss,steps_to_1_percent,seconds");
  g_assert_true (g_str_has_prefix (lines[1], "\"one, \"\"two\"\"\",0,done,300,"));
  g_assert_true (g_str_has_prefix (lines[2], "Seed 5,5,done,300,"));

  converge_window_save_runs (fixture->window, path);
  fixture_wait_to_show (fixture, "“two.converge” written");
  while (converge_runs_n (runs) > 0)
    converge_runs_remove (runs, converge_runs_nth (runs, 0));
  converge_window_open_run (fixture->window, path);
  fixture_wait_to_show (fixture, "2 runs of “two.converge” opened");
  g_assert_cmpuint (count (fixture), ==, 2);
  g_assert_true (converge_window_get_run (fixture->window) == nth (fixture, 0));
  g_assert_cmpstr (converge_run_get_name (nth (fixture, 0)), ==, "one, \"two\"");
  after = read_losses (nth (fixture, 1));
  g_assert_cmpmem (after->data, sizeof (AgHistoryEntry) * after->len, before->data,
                   sizeof (AgHistoryEntry) * before->len);
  common_remove (folder);
}

/* Of a run whose file is gone, all is shown that does not need its points. */
static void
test_lost_points (Fixture *fixture,
                  gconstpointer data)
{
  static const char *const tabs[] = { "gradients", "updates", "step", "graph", "surface", "code" };
  g_autofree char *folder = g_dir_make_tmp (NULL, NULL);
  g_autofree char *path = g_build_filename (folder, "lost.converge", NULL);
  g_autofree char *text = NULL, *script = NULL;
  g_autoptr (GString) changed = NULL;
  ConvergeRuns *runs = converge_window_get_runs (fixture->window);
  const ConvergePlot *plot;

  fixture_train (fixture, "300");
  converge_window_save_runs (fixture->window, path);
  fixture_wait_to_show (fixture, "“lost.converge” written");
  converge_runs_remove (runs, converge_runs_nth (runs, 0));
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  changed = g_string_new (text);
  g_assert_cmpuint (g_string_replace (changed, "\"data\": \"\"", "\"data\": \"/nowhere/x.csv\"", 0), ==, 1);
  g_assert_true (g_file_set_contents (path, changed->str, -1, NULL));
  converge_window_open_run (fixture->window, path);
  fixture_wait_to_show (fixture, "1 run of “lost.converge” opened");
  fixture_wait_for_frames (fixture);
  plot = converge_plot_view_get_plot (fixture_find_plot (fixture, "loss"));
  g_assert_cmpuint (converge_plot_find_series (plot, "loss")->n, >, 0);
  plot = converge_plot_view_get_plot (fixture_find_plot (fixture, "fit"));
  g_assert_null (converge_plot_find_series (plot, "fit"));
  /* There is no script to be listed, and no gradients are found. */
  for (guint i = 0; i < G_N_ELEMENTS (tabs); i++)
    {
      g_assert_true (converge_tabs_select (
        CONVERGE_TABS (fixture_find (GTK_WIDGET (fixture->window), CONVERGE_TYPE_TABS, NULL, NULL)), tabs[i]));
      fixture_wait_for_frames (fixture);
    }
  /* It can be exported, but for a script, which has the points in it. */
  g_free (fixture_export (fixture, folder, "loss.csv", CONVERGE_EXPORT_LOSSES));
  g_free (fixture_export (fixture, folder, "coefficients.csv", CONVERGE_EXPORT_COEFFICIENTS));
  g_free (fixture_export (fixture, folder, "parameters.csv", CONVERGE_EXPORT_PARAMETERS));
  for (guint what = CONVERGE_EXPORT_VIEW; what < CONVERGE_N_EXPORTS; what++)
    g_free (fixture_export (fixture, folder, "plot.png", (ConvergeExport) what));
  script = g_build_filename (folder, "run.py", NULL);
  g_assert_false (converge_window_export (fixture->window, CONVERGE_EXPORT_SCRIPT, script));
  common_remove (folder);
}

int
main (int argc,
      char **argv)
{
  gtk_test_init (&argc, &argv);
  fixture_add ("/session/restored", test_restored);
  fixture_add ("/session/goes-on", test_goes_on);
  fixture_add ("/session/hurry", test_hurry);
  fixture_add ("/session/no-room", test_no_room);
  fixture_add ("/session/room-again", test_room_again);
  fixture_add ("/session/deleted", test_deleted);
  fixture_add ("/session/shared", test_shared);
  fixture_add ("/session/file", test_file);
  fixture_add ("/session/lost-points", test_lost_points);
  return g_test_run ();
}
