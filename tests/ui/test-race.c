/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "converge-race.h"
#include "window-fixture.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A race of all optimizers in a window: in step with each other, each with the numbers that it
 * has alone. */

static gboolean
has_label (GtkWidget *widget,
           const char *text)
{
  return g_strcmp0 (gtk_button_get_label (GTK_BUTTON (widget)), text) == 0;
}

static GtkWidget *
find_button (Fixture *fixture,
             const char *label)
{
  return fixture_find (GTK_WIDGET (fixture->window), GTK_TYPE_BUTTON, has_label, label);
}

static GtkWidget *
find_view (Fixture *fixture)
{
  return fixture_find (GTK_WIDGET (fixture->window), g_type_from_name ("ConvergeRaceView"), NULL, NULL);
}

static gboolean
begins_with (GtkWidget *widget,
             const char *text)
{
  GListModel *model = gtk_drop_down_get_model (GTK_DROP_DOWN (widget));

  return GTK_IS_STRING_LIST (model) && g_strcmp0 (gtk_string_list_get_string (GTK_STRING_LIST (model), 0), text) == 0;
}

/* The rule is one of two. */
static void
choose_rule (Fixture *fixture,
             guint rule)
{
  GtkWidget *list = fixture_find (find_view (fixture), GTK_TYPE_DROP_DOWN, begins_with, "All at one rate");

  gtk_drop_down_set_selected (GTK_DROP_DOWN (list), rule);
}

static ConvergeRun *
nth_run (Fixture *fixture,
         guint index)
{
  return converge_runs_nth (converge_window_get_runs (fixture->window), index);
}

static guint
n_runs (Fixture *fixture)
{
  return converge_runs_n (converge_window_get_runs (fixture->window));
}

static gboolean
are_over (Fixture *fixture)
{
  for (guint i = 0; i < n_runs (fixture); i++)
    {
      const AgSnapshot *snapshot = converge_run_snapshot (nth_run (fixture, i));

      if (snapshot == NULL || snapshot->state < AG_TRAINER_DONE)
        return FALSE;
    }
  return n_runs (fixture) > 0;
}

static gboolean
are_racing (Fixture *fixture)
{
  for (guint i = 0; i < n_runs (fixture); i++)
    {
      const AgSnapshot *snapshot = converge_run_snapshot (nth_run (fixture, i));

      if (snapshot == NULL || snapshot->step < 20)
        return FALSE;
    }
  return n_runs (fixture) > 1;
}

static void
start_race (Fixture *fixture,
            guint rule)
{
  ConvergeSettings *settings = converge_window_get_settings (fixture->window);

  converge_settings_set_text (settings, "program", "module");
  converge_settings_set_text (settings, "steps", "4000");
  converge_settings_set_text (settings, "points", "200");
  fixture_click (find_button (fixture, "Race"));
  fixture_wait_for_frames (fixture);
  choose_rule (fixture, rule);
  fixture_click (find_button (fixture, "Start Race"));
}

static void
assert_same_as_alone (ConvergeRun *run)
{
  g_autoptr (GError) error = NULL;
  AgRunSpec spec = *converge_run_spec (run);
  g_autoptr (AgRun) alone = NULL;
  AgHistoryEntry have, want;
  AgSnapshot snapshot;
  const gint64 n_steps = ag_history_n_steps (converge_run_history (run));

  spec.pace = 0;
  alone = ag_run_new (&spec, &error);
  g_assert_no_error (error);
  ag_trainer_start (ag_run_trainer (alone));
  g_assert_true (ag_trainer_wait (ag_run_trainer (alone), -1));
  while (!ag_trainer_take_snapshot (ag_run_trainer (alone), &snapshot) || snapshot.state < AG_TRAINER_DONE)
    ;
  g_assert_cmpint (n_steps, ==, ag_history_n_steps (ag_run_history (alone)));
  for (gint64 step = 0; step < n_steps; step++)
    {
      ag_history_read (converge_run_history (run), 0, step, step, 1, &have);
      ag_history_read (ag_run_history (alone), 0, step, step, 1, &want);
      g_assert_cmpmem (&have.loss, sizeof have.loss, &want.loss, sizeof want.loss);
    }
  g_assert_cmpmem (converge_run_snapshot (run)->coefficients, sizeof (double) * snapshot.n_coefficients,
                   snapshot.coefficients, sizeof (double) * snapshot.n_coefficients);
}

/* At a pace they are never farther from each other than a frame is. */
static void
test_in_step (Fixture *fixture,
              gconstpointer data)
{
  fixture_set_pace (fixture, 100);
  start_race (fixture, 0);
  fixture_wait (are_racing, fixture);
  g_assert_cmpuint (n_runs (fixture), ==, ag_optimizer_n_classes ());
  for (guint k = 0; k < 20; k++)
    {
      gint64 least = G_MAXINT64, most = 0;

      fixture_wait_for_frames (fixture);
      for (guint i = 0; i < n_runs (fixture); i++)
        {
          const gint64 n_steps = ag_history_n_steps (converge_run_history (nth_run (fixture, i)));

          least = MIN (least, n_steps);
          most = MAX (most, n_steps);
        }
      /* A tenth of a second is what a race may fall behind. */
      g_assert_cmpint (most - least, <=, 11);
      g_assert_cmpfloat (converge_run_lr (nth_run (fixture, 0)), ==, fixture_settings (fixture)->lr);
    }
  g_assert_true (fixture_shows (fixture, "Stop Race"));
  fixture_set_pace (fixture, 0);
  fixture_wait (are_over, fixture);
  fixture_wait_to_show (fixture, "Start Race");
  for (guint i = 0; i < n_runs (fixture); i++)
    {
      g_assert_cmpfloat (converge_run_spec (nth_run (fixture, i))->lr, ==, fixture_settings (fixture)->lr);
      assert_same_as_alone (nth_run (fixture, i));
    }
}

/* Each at its best rate: none diverges, and none is worse than it is at all rates that were
 * tried for it. */
static void
test_best_rates (Fixture *fixture,
                 gconstpointer data)
{
  guint n_other = 0;

  fixture_set_pace (fixture, 0);
  start_race (fixture, 1);
  fixture_wait (are_over, fixture);
  g_assert_cmpuint (n_runs (fixture), ==, ag_optimizer_n_classes ());
  for (guint i = 0; i < n_runs (fixture); i++)
    {
      ConvergeRun *run = nth_run (fixture, i);
      AgRunSpec spec = *converge_run_spec (run);

      g_assert_cmpint (converge_run_snapshot (run)->state, ==, AG_TRAINER_DONE);
      n_other += spec.lr != ag_run_spec_default_rate (spec.program, spec.optimizer);
      assert_same_as_alone (run);
    }
  g_assert_cmpuint (n_other, >, 0);
}

static gboolean
is_paused (Fixture *fixture)
{
  const AgSnapshot *snapshot
    = converge_run_snapshot (converge_runs_get_selected (converge_window_get_runs (fixture->window)));

  return snapshot != NULL && snapshot->state == AG_TRAINER_PAUSED;
}

/* One of them is paused: the others wait for it, since they race in step, and all have their own
 * numbers when it goes on. */
static void
test_pause (Fixture *fixture,
            gconstpointer data)
{
  ConvergeRun *paused;
  gint64 step;

  fixture_set_pace (fixture, 100);
  start_race (fixture, 0);
  fixture_wait (are_racing, fixture);
  paused = nth_run (fixture, 1);
  converge_runs_set_selected (converge_window_get_runs (fixture->window), paused);
  fixture_do (fixture, "win.train");
  fixture_wait (is_paused, fixture);
  step = converge_run_snapshot (paused)->step;
  for (guint k = 0; k < 30; k++)
    fixture_wait_for_frames (fixture);
  g_assert_cmpint (ag_history_n_steps (converge_run_history (paused)), ==, step);
  for (guint i = 0; i < n_runs (fixture); i++)
    g_assert_cmpint (ag_history_n_steps (converge_run_history (nth_run (fixture, i))), <=, step + 11);
  fixture_do (fixture, "win.train");
  fixture_set_pace (fixture, 0);
  fixture_wait (are_over, fixture);
  for (guint i = 0; i < n_runs (fixture); i++)
    assert_same_as_alone (nth_run (fixture, i));
}

/* Stopped before the rates are found, nobody has raced, and another race can be had. */
static void
test_stopped_search (Fixture *fixture,
                     gconstpointer data)
{
  fixture_set_pace (fixture, 0);
  start_race (fixture, 1);
  fixture_wait_to_show (fixture, "Stop Race");
  fixture_click (find_button (fixture, "Stop Race"));
  fixture_wait_to_show (fixture, "Start Race");
  fixture_wait_for_frames (fixture);
  g_assert_cmpuint (n_runs (fixture), ==, 0);
  g_assert_false (fixture_shows (fixture, "Looking for the best rate"));
  choose_rule (fixture, 0);
  fixture_click (find_button (fixture, "Start Race"));
  fixture_wait (are_over, fixture);
  g_assert_cmpuint (n_runs (fixture), ==, ag_optimizer_n_classes ());
}

static char *
read_clipboard (Fixture *fixture)
{
  GdkClipboard *clipboard = gtk_widget_get_clipboard (GTK_WIDGET (fixture->window));
  GdkContentProvider *content = gdk_clipboard_get_content (clipboard);
  GValue value = G_VALUE_INIT;
  char *text;

  g_value_init (&value, G_TYPE_STRING);
  g_assert_true (gdk_content_provider_get_value (content, &value, NULL));
  text = g_value_dup_string (&value);
  g_value_unset (&value);
  return text;
}

/* As a table, the board has a line for each racer, the best first. */
static void
test_table (Fixture *fixture,
            gconstpointer data)
{
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;
  double before = 0;

  fixture_set_pace (fixture, 0);
  start_race (fixture, 1);
  fixture_wait (are_over, fixture);
  fixture_wait_to_show (fixture, "Start Race");
  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.copy-race", NULL);
  text = read_clipboard (fixture);
  lines = g_strsplit (text, "\n", -1);
  g_assert_cmpstr (lines[0], ==,
                   "place\tracer\tlr\tstate\tsteps_taken\tloss\tdistance\tsteps_to_1_percent\t"
                   "microseconds_per_step");
  g_assert_cmpuint (g_strv_length (lines), ==, 2 + ag_optimizer_n_classes ());
  for (guint i = 0; i < ag_optimizer_n_classes (); i++)
    {
      g_auto (GStrv) cells = g_strsplit (lines[1 + i], "\t", -1);

      g_assert_cmpuint (g_strv_length (cells), ==, 9);
      g_assert_cmpint (atoi (cells[0]), ==, (int) i + 1);
      g_assert_cmpstr (cells[3], ==, "done");
      g_assert_cmpstr (cells[4], ==, "4000");
      g_assert_cmpfloat (g_ascii_strtod (cells[5], NULL), >=, before);
      before = g_ascii_strtod (cells[5], NULL);
      g_assert_cmpfloat (g_ascii_strtod (cells[8], NULL), >, 0);
    }
}

/* It can be stopped, and what was there stays; then another one. */
static void
test_stop (Fixture *fixture,
           gconstpointer data)
{
  guint n;

  fixture_set_pace (fixture, 50);
  start_race (fixture, 0);
  fixture_wait (are_racing, fixture);
  fixture_click (find_button (fixture, "Stop Race"));
  fixture_wait (are_over, fixture);
  n = n_runs (fixture);
  for (guint i = 0; i < n; i++)
    g_assert_cmpint (converge_run_snapshot (nth_run (fixture, i))->state, ==, AG_TRAINER_STOPPED);
  fixture_wait_to_show (fixture, "Start Race");
  fixture_set_pace (fixture, 0);
  fixture_click (find_button (fixture, "Start Race"));
  fixture_wait (are_over, fixture);
  g_assert_cmpuint (n_runs (fixture), ==, 2 * n);
  fixture_wait_to_show (fixture, "Start Race");
  /* A window is closed in the middle of one. */
  fixture_set_pace (fixture, 50);
  fixture_click (find_button (fixture, "Start Race"));
  fixture_wait_for_frames (fixture);
}

static gboolean
is_race_over (Fixture *fixture)
{
  return fixture_shows (fixture, "Start Race");
}

/* A run that is deleted during the race is out of it, and the others race on. */
static void
test_deleted (Fixture *fixture,
              gconstpointer data)
{
  ConvergeRuns *runs = converge_window_get_runs (fixture->window);
  const guint n = ag_optimizer_n_classes ();

  fixture_set_pace (fixture, 100);
  start_race (fixture, 0);
  fixture_wait (are_racing, fixture);
  converge_runs_set_selected (runs, nth_run (fixture, 1));
  gtk_widget_activate_action (fixture_find (GTK_WIDGET (fixture->window), g_type_from_name ("ConvergeRunList"),
                                            NULL, NULL),
                              "runs.delete", NULL);
  g_assert_cmpuint (n_runs (fixture), ==, n - 1);
  fixture_set_pace (fixture, 0);
  fixture_wait (are_over, fixture);
  fixture_wait (is_race_over, fixture);
  g_assert_cmpuint (n_runs (fixture), ==, n - 1);
  for (guint i = 0; i < n_runs (fixture); i++)
    assert_same_as_alone (nth_run (fixture, i));
}

/* A race that is stopped before its first step takes none. */
static void
test_stopped_preparation (Fixture *fixture,
                          gconstpointer data)
{
  static const char *const optimizers[] = { "sgd", "adam", NULL };
  ConvergeSettings *settings = converge_window_get_settings (fixture->window);
  g_autoptr (ConvergeRace) race = NULL;
  g_autoptr (GError) error = NULL;

  fixture_set_pace (fixture, 0);
  converge_settings_set_text (settings, "program", "autograd");
  converge_settings_set_text (settings, "steps", "100000000");
  converge_settings_set_text (settings, "points", "200000");
  race = converge_race_new (GTK_WIDGET (fixture->window), settings,
                            converge_window_get_runs (fixture->window));
  converge_race_start (race, "optimizer", optimizers, FALSE, &error);
  g_assert_no_error (error);
  converge_race_stop (race);
  fixture_wait (are_over, fixture);
  for (guint i = 0; i < n_runs (fixture); i++)
    g_assert_cmpint (converge_run_snapshot (nth_run (fixture, i))->step, ==, 0);
}

/* The processor and the GPU, or what stands in for one in the tests, are such a race; who is first
 * by the clock can be seen in the board and in the plot of losses. */
static void
test_devices (Fixture *fixture,
              gconstpointer data)
{
  static const char *const devices[] = { "cpu", "cuda", NULL };
  ConvergeSettings *settings = converge_window_get_settings (fixture->window);
  g_autoptr (ConvergeRace) race = NULL;
  g_autoptr (GError) error = NULL;

  if (g_getenv ("CONVERGE_GPU_MODULE") == NULL)
    {
      g_test_skip ("there is nothing that stands in for a GPU");
      return;
    }
  fixture_set_pace (fixture, 0);
  converge_settings_set_text (settings, "program", "autograd");
  converge_settings_set_text (settings, "steps", "400");
  converge_settings_set_text (settings, "points", "200");
  race = converge_race_new (GTK_WIDGET (fixture->window), settings,
                            converge_window_get_runs (fixture->window));
  converge_race_start (race, "device", devices, FALSE, &error);
  g_assert_no_error (error);
  fixture_wait (are_over, fixture);
  g_assert_cmpuint (n_runs (fixture), ==, 2);
  for (guint i = 0; i < 2; i++)
    {
      g_assert_cmpint (converge_run_snapshot (nth_run (fixture, i))->state, ==, AG_TRAINER_DONE);
      g_assert_cmpfloat (ag_clock_at (converge_run_clock (nth_run (fixture, i)), 400), >, 0);
      assert_same_as_alone (nth_run (fixture, i));
    }
  g_assert_true (converge_run_spec (nth_run (fixture, 0))->device
                 != converge_run_spec (nth_run (fixture, 1))->device);
}

int
main (int argc,
      char **argv)
{
  const FixtureTest tests[] = {
    { "/race/in-step", test_in_step },
    { "/race/best-rates", test_best_rates },
    { "/race/stop", test_stop },
    { "/race/pause", test_pause },
    { "/race/stopped-search", test_stopped_search },
    { "/race/table", test_table },
    { "/race/deleted", test_deleted },
    { "/race/stopped-preparation", test_stopped_preparation },
    { "/race/devices", test_devices },
  };

  return fixture_run (argc, argv, G_N_ELEMENTS (tests), tests);
}
