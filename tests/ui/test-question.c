/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "window-fixture.h"

#include "converge-status-bar.h"

/* Before a run people can say what they expect of it, and then read how that went. Whoever does
 * not want to is not held up. */

static GtkWidget *
find_question (Fixture *fixture)
{
  return fixture_find (GTK_WIDGET (fixture->window), CONVERGE_TYPE_QUESTION, NULL, NULL);
}

static gboolean
is_asked (Fixture *fixture)
{
  GtkWidget *question = find_question (fixture);

  g_assert_true (converge_question_is_asked (CONVERGE_QUESTION (question))
                 == gtk_widget_get_visible (question));
  return gtk_widget_get_visible (question);
}

static gboolean
is_labelled (GtkWidget *widget,
             const char *label)
{
  return g_strcmp0 (gtk_button_get_label (GTK_BUTTON (widget)), label) == 0;
}

static GtkWidget *
find_answer (Fixture *fixture,
             const char *label)
{
  return fixture_find (find_question (fixture), GTK_TYPE_TOGGLE_BUTTON, is_labelled, label);
}

static void
do_question (Fixture *fixture,
             const char *action)
{
  g_assert_true (gtk_widget_activate_action (find_question (fixture), action, NULL));
}

static void
set_rate (Fixture *fixture,
          const char *rate)
{
  converge_settings_set_text (converge_window_get_settings (fixture->window), "lr", rate);
}

/* Answered, it is seen while the run goes on, and compared with what came of it. */
static void
test_right (Fixture *fixture,
            gconstpointer data)
{
  g_assert_true (is_asked (fixture));
  fixture_click (find_answer (fixture, "_fall"));
  g_assert_true (gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (find_answer (fixture, "_fall"))));
  converge_settings_set_text (converge_window_get_settings (fixture->window), "steps", "1000000000");
  fixture_set_pace (fixture, 100);
  fixture_do (fixture, "win.train");
  g_assert_false (is_asked (fixture));
  g_assert_false (gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (find_answer (fixture, "_fall"))));
  g_assert_true (fixture_shows (fixture, "You expect it to fall."));
  fixture_wait_for_step (fixture, 5);
  fixture_do (fixture, "win.stop");
  fixture_wait_to_show (fixture, "It fell, as you expected. ");
}

/* A run of other settings is another question; each run keeps what was said of it. */
static void
test_wrong (Fixture *fixture,
            gconstpointer data)
{
  ConvergeRuns *runs = converge_window_get_runs (fixture->window);

  set_rate (fixture, "1e-4");
  fixture_click (find_answer (fixture, "_oscillate"));
  fixture_do (fixture, "win.train");
  fixture_wait_for_state (fixture, AG_TRAINER_DIVERGED);
  fixture_wait_to_show (fixture, "You expected it to oscillate, and it blew up. ");
  g_assert_false (is_asked (fixture));
  set_rate (fixture, "1e-6");
  g_assert_true (is_asked (fixture));
  fixture_click (find_answer (fixture, "_blow up"));
  /* The same once more takes it back, and another one takes its place. */
  fixture_click (find_answer (fixture, "_blow up"));
  g_assert_false (gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (find_answer (fixture, "_blow up"))));
  fixture_click (find_answer (fixture, "_fall"));
  fixture_click (find_answer (fixture, "_blow up"));
  g_assert_false (gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (find_answer (fixture, "_fall"))));
  fixture_train (fixture, "500");
  fixture_wait_to_show (fixture, "You expected it to blow up, and it fell. ");
  converge_runs_set_selected (runs, converge_runs_nth (runs, 0));
  fixture_wait_to_show (fixture, "You expected it to oscillate, and it blew up. ");
}

/* Whoever trains without an answer, or skips it, reads nothing of it. */
static void
test_skipped (Fixture *fixture,
              gconstpointer data)
{
  fixture_train (fixture, "100");
  fixture_wait_to_show (fixture, "The loss still falls");
  g_assert_false (fixture_shows (fixture, "expected"));
  set_rate (fixture, "2e-6");
  fixture_click (find_answer (fixture, "_fall"));
  do_question (fixture, "question.skip");
  g_assert_false (is_asked (fixture));
  set_rate (fixture, "1e-6");
  g_assert_false (is_asked (fixture));
  fixture_do (fixture, "win.new-run");
  fixture_wait_for_state (fixture, AG_TRAINER_DONE);
  fixture_wait_to_show (fixture, "The loss still falls");
  g_assert_false (fixture_shows (fixture, "expected"));
  /* Only that once. */
  set_rate (fixture, "2e-6");
  g_assert_true (is_asked (fixture));
}

static gboolean
is_preferences (GtkWidget *widget,
                const char *title)
{
  return g_strcmp0 (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (widget)), title) == 0;
}

static void
switch_in_preferences (Fixture *fixture)
{
  GtkWidget *preferences = NULL, *row, *widget;

  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.preferences", NULL);
  for (GList *windows = gtk_window_list_toplevels (); windows != NULL;)
    {
      if (ADW_IS_PREFERENCES_WINDOW (windows->data))
        preferences = windows->data;
      windows = g_list_delete_link (windows, windows);
    }
  row = fixture_find (preferences, ADW_TYPE_ACTION_ROW, is_preferences, "Ask before training");
  widget = fixture_find (row, GTK_TYPE_SWITCH, NULL, NULL);
  gtk_switch_set_active (GTK_SWITCH (widget), !gtk_switch_get_active (GTK_SWITCH (widget)));
  gtk_window_destroy (GTK_WINDOW (preferences));
}

/* Turned off, it is so at the next start too, until the preferences turn it on again. */
static void
test_turned_off (Fixture *fixture,
                 gconstpointer data)
{
  g_assert_true (is_asked (fixture));
  do_question (fixture, "question.turn-off");
  g_assert_false (is_asked (fixture));
  gtk_window_close (GTK_WINDOW (fixture->window));
  fixture_wait (fixture_is_closed, fixture);
  fixture_open_window (fixture);
  g_assert_false (is_asked (fixture));
  fixture_train (fixture, "100");
  set_rate (fixture, "2e-6");
  g_assert_false (is_asked (fixture));
  switch_in_preferences (fixture);
  g_assert_true (is_asked (fixture));
  g_assert_true (g_settings_get_boolean (fixture->store, "asks"));
}

static gboolean
is_chosen (Fixture *fixture)
{
  return gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (find_answer (fixture, "_oscillate")));
}

/* The keyboard reaches it, a reader knows what it is, and the bar keeps its height. */
static void
test_accessible (Fixture *fixture,
                 gconstpointer data)
{
  GtkWidget *bar = gtk_widget_get_ancestor (find_question (fixture), CONVERGE_TYPE_STATUS_BAR);
  GtkWidget *answer = find_answer (fixture, "_oscillate");
  const int height = gtk_widget_get_height (bar);

  gtk_test_accessible_assert_property (find_question (fixture), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "Before you train: what will the loss do?");
  g_assert_true (gtk_widget_grab_focus (answer));
  g_assert_true (gtk_widget_activate (answer));
  fixture_wait (is_chosen, fixture);
  fixture_train (fixture, "100");
  fixture_wait_for_frames (fixture);
  g_assert_cmpint (gtk_widget_get_height (bar), ==, height);
}

static gboolean
is_shown_menu_button (GtkWidget *widget,
                      const char *name)
{
  return gtk_widget_get_mapped (widget);
}

static void
set_freed (gpointer is_freed,
           GObject *question)
{
  *(gboolean *) is_freed = TRUE;
}

/* A menu of it that is open when there is nothing to ask any more keeps nothing alive. */
static void
test_open_menu (Fixture *fixture,
                gconstpointer data)
{
  GtkWidget *question = find_question (fixture);
  gboolean is_freed = FALSE;

  g_object_weak_ref (G_OBJECT (question), set_freed, &is_freed);
  fixture_wait_for_frames (fixture);
  gtk_menu_button_popup (GTK_MENU_BUTTON (fixture_find (question, GTK_TYPE_MENU_BUTTON,
                                                        is_shown_menu_button, NULL)));
  fixture_wait_for_frames (fixture);
  fixture_train (fixture, "100");
  fixture_wait_for_frames (fixture);
  gtk_window_close (GTK_WINDOW (fixture->window));
  fixture_wait (fixture_is_closed, fixture);
  g_assert_true (is_freed);
}

int
main (int argc,
      char **argv)
{
  const FixtureTest tests[] = {
    { "/question/right", test_right },
    { "/question/wrong", test_wrong },
    { "/question/skipped", test_skipped },
    { "/question/turned-off", test_turned_off },
    { "/question/accessible", test_accessible },
    { "/question/open-menu", test_open_menu },
  };

  return fixture_run (argc, argv, G_N_ELEMENTS (tests), tests);
}
