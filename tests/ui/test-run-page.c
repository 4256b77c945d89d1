/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "converge-run-list-private.h"
#include "window-fixture.h"

#include <string.h>

/* The page of runs beside the controls. */

#define N_RUNS 4

static ConvergeRuns *
get_runs (Fixture *fixture)
{
  return converge_window_get_runs (fixture->window);
}

static GtkWidget *
get_list (Fixture *fixture)
{
  return fixture_find (GTK_WIDGET (fixture->window), CONVERGE_TYPE_RUN_LIST, NULL, NULL);
}

static gboolean
is_page_shown (Fixture *fixture)
{
  return gtk_widget_get_mapped (get_list (fixture));
}

/* Some runs, with seeds from 0 on. */
static void
make_runs (Fixture *fixture)
{
  for (guint i = 0; i < N_RUNS; i++)
    {
      g_autofree char *seed = g_strdup_printf ("%u", i);

      fixture_type (fixture, "Seed", seed);
      fixture_train (fixture, "300");
    }
  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.show-page", "s", "runs");
  fixture_wait (is_page_shown, fixture);
  fixture_wait_for_frames (fixture);
}

static gboolean
is_of_run (GtkWidget *widget,
           const char *name)
{
  ConvergeRun *run = converge_run_row_get_run (CONVERGE_RUN_ROW (widget));

  return run != NULL && strcmp (converge_run_get_name (run), name) == 0
         && gtk_widget_get_mapped (widget);
}

static GtkWidget *
find_row (Fixture *fixture,
          const char *name)
{
  return fixture_find (get_list (fixture), CONVERGE_TYPE_RUN_ROW, is_of_run, name);
}

static void
act (Fixture *fixture,
     const char *action)
{
  g_assert_true (gtk_widget_activate_action (get_list (fixture), action, NULL));
}

static void
assert_names (Fixture *fixture,
              const char *names)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < converge_runs_n (get_runs (fixture)); i++)
    g_string_append_printf (text, "%s%s", i > 0 ? "; " : "",
                            converge_run_get_name (converge_runs_nth (get_runs (fixture), i)));
  g_assert_cmpstr (text->str, ==, names);
  g_string_free (text, TRUE);
}

static void
select_run (Fixture *fixture,
            guint position)
{
  converge_runs_set_selected (get_runs (fixture), converge_runs_nth (get_runs (fixture), position));
  fixture_wait_for_frames (fixture);
}

static void
test_rows (Fixture *fixture,
           gconstpointer data)
{
  GtkListView *view;
  GtkSingleSelection *selection;

  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.show-page", "s", "runs");
  fixture_wait_to_show (fixture, "No Runs Yet");
  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.show-page", "s", "settings");
  make_runs (fixture);
  g_assert_true (fixture_shows (fixture, "Runs (4)"));
  assert_names (fixture, "Autograd · SGD; Seed 1; Seed 2; Seed 3");
  g_assert_nonnull (find_row (fixture, "Autograd · SGD"));
  g_assert_true (fixture_shows (fixture, "after 300 steps: loss "));
  /* Settings that all runs have in common are not shown, nor is one shown twice that the name
   * tells. */
  g_assert_true (fixture_shows (fixture, "Seed 0"));
  g_assert_false (fixture_shows (fixture, "Steps 300"));

  /* The run that is chosen in the list is the one that the window shows, and the other way
   * round. */
  view = GTK_LIST_VIEW (fixture_find (get_list (fixture), GTK_TYPE_LIST_VIEW, NULL, NULL));
  selection = GTK_SINGLE_SELECTION (gtk_list_view_get_model (view));
  g_assert_cmpuint (gtk_single_selection_get_selected (selection), ==, 3);
  gtk_selection_model_select_item (GTK_SELECTION_MODEL (selection), 1, TRUE);
  g_assert_cmpint (converge_run_spec (converge_window_get_run (fixture->window))->seed, ==, 1);
  select_run (fixture, 2);
  g_assert_cmpuint (gtk_single_selection_get_selected (selection), ==, 2);
  fixture_do (fixture, "win.stop");
  g_assert_cmpuint (gtk_single_selection_get_selected (selection), ==, GTK_INVALID_LIST_POSITION);
}

static void
test_shown (Fixture *fixture,
            gconstpointer data)
{
  ConvergeRun *run;
  GtkWidget *toggle;

  make_runs (fixture);
  run = converge_runs_nth (get_runs (fixture), 1);
  toggle = fixture_find (find_row (fixture, "Seed 1"), GTK_TYPE_TOGGLE_BUTTON, NULL, NULL);
  g_assert_true (gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (toggle)));
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (toggle), FALSE);
  g_assert_false (converge_run_get_shown (run));
  select_run (fixture, 1);
  act (fixture, "runs.show");
  g_assert_true (converge_run_get_shown (run));
  g_assert_true (gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (toggle)));
  act (fixture, "runs.show-only");
  for (guint i = 0; i < N_RUNS; i++)
    g_assert_cmpint (converge_run_get_shown (converge_runs_nth (get_runs (fixture), i)), ==, i == 1);
  act (fixture, "runs.show-all");
  for (guint i = 0; i < N_RUNS; i++)
    g_assert_true (converge_run_get_shown (converge_runs_nth (get_runs (fixture), i)));
}

static void
test_renamed (Fixture *fixture,
              gconstpointer data)
{
  GtkWidget *entry;

  make_runs (fixture);
  select_run (fixture, 2);
  act (fixture, "runs.rename");
  entry = fixture_find (get_list (fixture), GTK_TYPE_ENTRY, NULL, NULL);
  g_assert_true (gtk_widget_get_mapped (entry));
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (entry)), ==, "Seed 2");
  gtk_editable_set_text (GTK_EDITABLE (entry), "  ");
  g_signal_emit_by_name (entry, "activate");
  assert_names (fixture, "Autograd · SGD; Seed 1; Seed 2; Seed 3");
  act (fixture, "runs.rename");
  gtk_editable_set_text (GTK_EDITABLE (entry), "The <b>best</b> & last");
  g_signal_emit_by_name (entry, "activate");
  assert_names (fixture, "Autograd · SGD; Seed 1; The <b>best</b> & last; Seed 3");
  g_assert_true (fixture_shows (fixture, "The <b>best</b> & last"));
  act (fixture, "runs.delete");
  fixture_wait_to_show (fixture, "“The <b>best</b> & last” deleted");
}

static void
test_order (Fixture *fixture,
            gconstpointer data)
{
  make_runs (fixture);
  select_run (fixture, 1);
  act (fixture, "runs.down");
  assert_names (fixture, "Autograd · SGD; Seed 2; Seed 1; Seed 3");
  act (fixture, "runs.down");
  act (fixture, "runs.down");
  assert_names (fixture, "Autograd · SGD; Seed 2; Seed 3; Seed 1");
  act (fixture, "runs.pin");
  assert_names (fixture, "Seed 1; Autograd · SGD; Seed 2; Seed 3");
  act (fixture, "runs.down");
  assert_names (fixture, "Seed 1; Autograd · SGD; Seed 2; Seed 3");
  g_assert_cmpint (converge_run_spec (converge_window_get_run (fixture->window))->seed, ==, 1);
  act (fixture, "runs.pin");
  act (fixture, "runs.down");
  assert_names (fixture, "Autograd · SGD; Seed 1; Seed 2; Seed 3");
  act (fixture, "runs.up");
  act (fixture, "runs.up");
  assert_names (fixture, "Seed 1; Autograd · SGD; Seed 2; Seed 3");
}

static gboolean
is_undo (GtkWidget *widget,
         const char *name)
{
  return g_strcmp0 (gtk_button_get_label (GTK_BUTTON (widget)), name) == 0
         && gtk_widget_get_mapped (widget);
}

/* What an undo brings back is what was there: the run itself, where it was. */
static void
test_deleted (Fixture *fixture,
              gconstpointer data)
{
  g_autoptr (ConvergeRun) first = NULL, last = NULL;
  GtkWidget *button;

  make_runs (fixture);
  select_run (fixture, 0);
  first = g_object_ref (converge_runs_nth (get_runs (fixture), 0));
  last = g_object_ref (converge_runs_nth (get_runs (fixture), 3));
  act (fixture, "runs.delete");
  fixture_wait_to_show (fixture, "“Autograd · SGD” deleted");
  assert_names (fixture, "Seed 1; Seed 2; Seed 3");
  g_assert_cmpint (converge_run_spec (converge_window_get_run (fixture->window))->seed, ==, 1);
  select_run (fixture, 2);
  act (fixture, "runs.delete");
  fixture_wait_to_show (fixture, "2 runs deleted");
  assert_names (fixture, "Seed 1; Seed 2");
  button = fixture_find (GTK_WIDGET (fixture->window), GTK_TYPE_BUTTON, is_undo, "Undo");
  fixture_click (button);
  assert_names (fixture, "Autograd · SGD; Seed 1; Seed 2; Seed 3");
  g_assert_true (converge_runs_nth (get_runs (fixture), 0) == first);
  g_assert_true (converge_runs_nth (get_runs (fixture), 3) == last);
  g_assert_true (converge_window_get_run (fixture->window) == first);

  /* All but those that are pinned, at once. */
  converge_run_set_pinned (last, TRUE);
  assert_names (fixture, "Seed 3; Autograd · SGD; Seed 1; Seed 2");
  act (fixture, "runs.delete-others");
  assert_names (fixture, "Seed 3");
  act (fixture, "runs.undo");
  assert_names (fixture, "Seed 3; Autograd · SGD; Seed 1; Seed 2");
  act (fixture, "runs.undo");
  assert_names (fixture, "Seed 3; Autograd · SGD; Seed 1; Seed 2");
  g_assert_true (converge_window_get_run (fixture->window) == first);
}

/* The list finds out once how its runs differ, however many come and go at a time. Done for each of
 * hundreds, that would make the window stand still for seconds. */
static void
test_deleted_at_once (Fixture *fixture,
                      gconstpointer data)
{
  ConvergeRunList *list = CONVERGE_RUN_LIST (get_list (fixture));
  const GPtrArray *before;

  make_runs (fixture);
  g_assert_true (fixture_shows (fixture, "Seed 0"));
  before = list->differing;
  act (fixture, "runs.delete-others");
  act (fixture, "runs.undo");
  g_assert_true (list->differing == before);
  g_assert_cmpuint (list->look, >, 0);
  fixture_wait_for_frames (fixture);
  g_assert_cmpuint (list->look, ==, 0);
  assert_names (fixture, "Autograd · SGD; Seed 1; Seed 2; Seed 3");
  g_assert_true (fixture_shows (fixture, "Seed 0"));
}

/* One that is taking steps rests while it is away. */
static void
test_deleted_running (Fixture *fixture,
                      gconstpointer data)
{
  ConvergeRun *run;

  fixture_type (fixture, "Steps", "1000000");
  fixture_set_pace (fixture, 1000);
  fixture_do (fixture, "win.train");
  fixture_wait_for_step (fixture, 5);
  run = converge_window_get_run (fixture->window);
  act (fixture, "runs.delete");
  g_assert_cmpuint (converge_runs_n (get_runs (fixture)), ==, 0);
  g_assert_true (fixture_shows (fixture, "ready"));
  act (fixture, "runs.undo");
  g_assert_true (converge_window_get_run (fixture->window) == run);
  fixture_wait_for_step (fixture, converge_run_snapshot (run)->step + 5);
}

static gboolean
has_come_to_rest (ConvergeRun *run)
{
  converge_run_poll (run);
  return converge_run_snapshot (run) != NULL && converge_run_snapshot (run)->state != AG_TRAINER_RUNNING;
}

/* So does one whose data are still being prepared then. */
static void
test_deleted_preparing (Fixture *fixture,
                        gconstpointer data)
{
  g_autoptr (ConvergeRun) run = NULL;
  gint64 n_steps;

  fixture_type (fixture, "Points", "200000");
  fixture_type (fixture, "Steps", "1000000");
  fixture_do (fixture, "win.train");
  run = g_object_ref (converge_window_get_run (fixture->window));
  g_assert_true (converge_run_is_preparing (run, NULL));
  act (fixture, "runs.delete");
  while (!has_come_to_rest (run))
    fixture_spin (1);
  n_steps = ag_history_n_steps (converge_run_history (run));
  for (guint i = 0; i < 10; i++)
    fixture_wait_for_frames (fixture);
  g_assert_cmpint (ag_history_n_steps (converge_run_history (run)), ==, n_steps);
  act (fixture, "runs.undo");
  fixture_wait_for_step (fixture, n_steps + 1);
}

static void
test_settings (Fixture *fixture,
               gconstpointer data)
{
  make_runs (fixture);
  select_run (fixture, 1);
  g_assert_cmpint (fixture_settings (fixture)->seed, ==, 3);
  act (fixture, "runs.use-settings");
  g_assert_cmpint (fixture_settings (fixture)->seed, ==, 1);
}

/* Rows are made for what is in sight only. */
static void
test_many (void)
{
  g_autoptr (ConvergeRuns) runs = converge_runs_new ();
  GtkWidget *window = gtk_window_new ();
  GtkWidget *list = g_object_new (CONVERGE_TYPE_RUN_LIST, NULL);
  guint n_rows = 0;
  GtkWidget *view;

  for (guint i = 0; i < 2000; i++)
    {
      g_autoptr (ConvergeRun) run = converge_run_new ();

      converge_runs_add (runs, run);
    }
  converge_run_list_set_runs (CONVERGE_RUN_LIST (list), runs);
  gtk_window_set_default_size (GTK_WINDOW (window), 330, 700);
  gtk_window_set_child (GTK_WINDOW (window), list);
  gtk_window_present (GTK_WINDOW (window));
  fixture_spin (300);
  view = fixture_find (list, GTK_TYPE_LIST_VIEW, NULL, NULL);
  for (GtkWidget *row = gtk_widget_get_first_child (view); row != NULL;
       row = gtk_widget_get_next_sibling (row))
    n_rows++;
  g_assert_cmpuint (n_rows, <, 300);
  gtk_window_destroy (GTK_WINDOW (window));
}

int
main (int argc,
      char **argv)
{
  gtk_test_init (&argc, &argv);
  fixture_add ("/run-page/rows", test_rows);
  fixture_add ("/run-page/shown", test_shown);
  fixture_add ("/run-page/renamed", test_renamed);
  fixture_add ("/run-page/order", test_order);
  fixture_add ("/run-page/deleted", test_deleted);
  fixture_add ("/run-page/deleted-at-once", test_deleted_at_once);
  fixture_add ("/run-page/deleted-running", test_deleted_running);
  fixture_add ("/run-page/deleted-preparing", test_deleted_preparing);
  fixture_add ("/run-page/settings", test_settings);
  g_test_add_func ("/run-page/many", test_many);
  return g_test_run ();
}
