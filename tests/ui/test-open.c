/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../common.h"
#include "window-fixture.h"

#include "converge-window-private.h"

#include <glib/gstdio.h>
#include <string.h>

/* Runs that are opened from their files, through the dialog that people see. */

#define PATIENCE_US (120 * G_USEC_PER_SEC)

/* Returns: (nullable): the dialog, where it is open */
static GtkDialog *
find_dialog (void)
{
  GListModel *windows = gtk_window_get_toplevels ();
  GtkDialog *found = NULL;

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWidget) window = g_list_model_get_item (windows, i);

      if (GTK_IS_DIALOG (window) && GTK_IS_FILE_CHOOSER (window)
          && gtk_widget_get_visible (window))
        found = GTK_DIALOG (window);
    }
  return found;
}

/* The dialog reads the folder first. */
static gboolean
is_chosen (GtkDialog *dialog,
           GFile *file)
{
  g_autoptr (GFile) chosen = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));

  return chosen != NULL && g_file_equal (chosen, file);
}

static void
open_file (Fixture *fixture,
           const char *path)
{
  const gint64 end = g_get_monotonic_time () + PATIENCE_US;
  g_autoptr (GFile) file = g_file_new_for_path (path);
  GtkDialog *dialog;

  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.open-run", NULL);
  while ((dialog = find_dialog ()) == NULL)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, end);
      fixture_spin (5);
    }
  /* A file that is chosen while the dialog reads another folder is forgotten. */
  while (!is_chosen (dialog, file))
    {
      g_assert_cmpint (g_get_monotonic_time (), <, end);
      gtk_file_chooser_set_file (GTK_FILE_CHOOSER (dialog), file, NULL);
      fixture_spin (200);
    }
  gtk_dialog_response (dialog, GTK_RESPONSE_ACCEPT);
  while (find_dialog () != NULL)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, end);
      fixture_spin (5);
    }
}

static void
assert_settings (Fixture *fixture,
                 const char *expected)
{
  g_autofree char *command = ag_run_spec_to_command (fixture_settings (fixture));

  g_assert_cmpstr (command, ==, expected);
}

/* What a run was made with is what the window then has, whatever it had before. */
static void
test_round (Fixture *fixture,
            gconstpointer data)
{
  g_autofree char *folder = g_dir_make_tmp ("converge-XXXXXX", NULL);
  g_autofree char *csv = NULL, *path = g_build_filename (folder, "loss.csv.run.json", NULL);
  g_autofree char *command = NULL;
  double last;

  fixture_choose (fixture, "Program", 3);
  fixture_type (fixture, "y =", "exp(-x^2)");
  fixture_type (fixture, "x from", "-2");
  fixture_type (fixture, "Seed", "7");
  fixture_type (fixture, "Learning rate", "2e-6");
  fixture_train (fixture, "30");
  command = ag_run_spec_to_command (fixture_settings (fixture));
  last = fixture_snapshot (fixture)->final_loss;
  csv = fixture_export (fixture, folder, "loss.csv", CONVERGE_EXPORT_LOSSES);
  g_assert_true (g_file_test (path, G_FILE_TEST_EXISTS));

  fixture_choose (fixture, "Program", 0);
  fixture_do (fixture, "win.defaults");
  fixture_type_only (fixture, "Seed", "-5x");
  open_file (fixture, path);
  assert_settings (fixture, command);
  g_assert_null (converge_settings_error (converge_window_get_settings (fixture->window)));
  g_assert_true (fixture_shows (fixture, "Settings of “loss.csv.run.json” taken over"));
  fixture_do (fixture, "win.new-run");
  fixture_wait_for_state (fixture, AG_TRAINER_DONE);
  g_assert_cmpfloat (fixture_snapshot (fixture)->final_loss, ==, last);
  common_remove (folder);
}

static gboolean
has_two_runs (Fixture *fixture)
{
  return converge_runs_n (converge_window_get_runs (fixture->window)) == 2;
}

/* The rate was changed under way, which is no setting: the window offers to make that run again. */
static void
test_changes (Fixture *fixture,
              gconstpointer data)
{
  g_autofree char *folder = g_dir_make_tmp ("converge-XXXXXX", NULL);
  g_autofree char *csv = NULL, *path = g_build_filename (folder, "loss.csv.run.json", NULL);
  ConvergeRuns *runs = converge_window_get_runs (fixture->window);
  AgHistoryEntry want, have;

  fixture_train (fixture, "30");
  fixture_type (fixture, "Learning rate", "5e-7");
  fixture_type (fixture, "Steps", "60");
  fixture_do (fixture, "win.train");
  fixture_wait_for_step (fixture, 60);
  fixture_wait_for_state (fixture, AG_TRAINER_DONE);
  g_assert_cmpuint (converge_runs_n (runs), ==, 1);
  csv = fixture_export (fixture, folder, "loss.csv", CONVERGE_EXPORT_LOSSES);

  fixture_type (fixture, "Learning rate", "2e-6");
  open_file (fixture, path);
  fixture_wait_to_show (fixture, "Settings of “loss.csv.run.json” taken over, without its changes");
  g_signal_emit_by_name (fixture->window->toast, "button-clicked");
  fixture_wait (has_two_runs, fixture);
  fixture_wait_for_step (fixture, 60);
  g_assert_true (fixture->window->run == converge_runs_nth (runs, 1));
  g_assert_cmpuint (ag_rates_n (ag_run_rates (converge_run_get (fixture->window->run))), ==, 1);
  g_assert_cmpfloat (converge_run_lr (fixture->window->run), ==, 5e-7);
  for (gint64 step = 0; step < 60; step++)
    {
      ag_history_read (converge_run_history (converge_runs_nth (runs, 0)), 0, step, step, 1, &want);
      ag_history_read (converge_run_history (converge_runs_nth (runs, 1)), 0, step, step, 1, &have);
      g_assert_cmpmem (&have.loss, sizeof have.loss, &want.loss, sizeof want.loss);
    }

  /* From a file with anything else among its changes nothing is taken over. */
  g_assert_true (g_file_set_contents (path, "{\"settings\": {\"program\": \"nn\"}, "
                                            "\"rate_changes\": [{\"step\": 3}]}",
                                      -1, NULL));
  open_file (fixture, path);
  fixture_wait_to_show (fixture, "its changes under way are not understood");
  g_assert_cmpstr (fixture_settings (fixture)->program->id, !=, "nn");
  common_remove (folder);
}

/* Of two that are made again one after the other, the first of which takes long, only the second is
 * wanted. */
static void
test_changes_twice (Fixture *fixture,
                    gconstpointer data)
{
  ConvergeRuns *runs = converge_window_get_runs (fixture->window);
  AgRunSpec spec;

  ag_run_spec_init (&spec, ag_program_class_find ("autograd"));
  for (guint i = 0; i < 3; i++)
    {
      AgRates *changes = ag_rates_new ();

      spec.seed = i + 1;
      spec.steps = i == 0 ? 1000000000 : 60;
      ag_rates_push (changes, spec.steps - 10, 5e-7);
      converge_window_offer_remake (fixture->window, "a run", &spec, changes);
      g_signal_emit_by_name (fixture->window->toast, "button-clicked");
      if (i == 1)
        fixture_wait_to_show (fixture, "step 60 / 60");
    }
  fixture_wait (has_two_runs, fixture);
  g_assert_cmpint (converge_run_spec (converge_runs_nth (runs, 0))->seed, ==, 2);
  g_assert_cmpint (converge_run_spec (converge_runs_nth (runs, 1))->seed, ==, 3);
}

static gboolean
has_data (Fixture *fixture)
{
  return ag_run_spec_has_file (fixture_settings (fixture));
}

/* Its data come from the file that it names; where that is gone nothing is changed. */
static void
test_data (Fixture *fixture,
           gconstpointer data)
{
  g_autofree char *folder = g_dir_make_tmp ("converge-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "run.json", NULL);
  g_autofree char *table = g_build_filename (folder, "table.csv", NULL);
  g_autofree char *text = g_strdup_printf (
    "{\"settings\": {\"program\": \"nn\", \"seed\": 9, \"data\": \"%s\", \"x\": \"t\", \"y\": \"v\"}}",
    table);
  g_autofree char *command = NULL;

  g_assert_true (g_file_set_contents (table, "u,t,v\n1,0,1\n2,1,2\n3,2,4\n4,3,8\n", -1, NULL));
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  open_file (fixture, path);
  fixture_wait (has_data, fixture);
  g_assert_cmpint (fixture_settings (fixture)->seed, ==, 9);
  g_assert_null (converge_settings_error (converge_window_get_settings (fixture->window)));
  fixture_train (fixture, "5");
  g_assert_cmpint (ag_run_spec_wish (fixture_settings (fixture)).x[0], ==, 't');

  fixture_do (fixture, "win.stop");
  fixture_type (fixture, "Seed", "3");
  command = ag_run_spec_to_command (fixture_settings (fixture));
  g_assert_cmpint (g_remove (table), ==, 0);
  open_file (fixture, path);
  fixture_spin (300);
  assert_settings (fixture, command);
  common_remove (folder);
}

/* A sentence says why a file has no run, and nothing is changed. */
static void
test_errors (Fixture *fixture,
             gconstpointer data)
{
  static const struct
  {
    const char *text;
    const char *says;
  } files[] = {
    { "Hello", "“%s” has no run: it is no JSON. Give a run.json that Converge wrote." },
    { "{\"settings\": {\"program\": \"nothing\"}}", NULL },
    { "{\"settings\": {\"program\": \"nn\", \"fruit\": 1}}",
      "“%s” has no run: its setting “fruit” is not known. Give a run.json that Converge wrote." },
    { "{\"settings\": {\"program\": \"nn\", \"steps\": 0}}", NULL },
    { "{\"settings\": {\"program\": \"nn\", \"from\": 3, \"to\": 2}}", NULL },
  };
  g_autofree char *folder = g_dir_make_tmp ("converge-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "run.json", NULL);
  g_autofree char *command = NULL;

  fixture_type (fixture, "Seed", "11");
  command = ag_run_spec_to_command (fixture_settings (fixture));
  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_assert_true (g_file_set_contents (path, files[i].text, -1, NULL));
      open_file (fixture, path);
      assert_settings (fixture, command);
      g_assert_false (fixture_shows (fixture, "Settings of “run.json” taken over"));
      if (files[i].says != NULL)
        {
          g_auto (GStrv) parts = g_strsplit (files[i].says, "%s", 2);
          g_autofree char *sentence = g_strjoinv (path, parts);

          g_assert_true (fixture_shows (fixture, sentence));
        }
    }
  common_remove (folder);
}

static void
fail_to_use (ConvergeWindow *window,
             const char *path,
             int what)
{
  g_assert_not_reached ();
}

/* A file of another computer has no path; people are told, whether they open or export. */
static void
test_elsewhere (Fixture *fixture,
                gconstpointer data)
{
  g_autoptr (GFile) file = g_file_new_for_uri ("https://example.org/run.json");

  converge_window_take_file (fixture->window, file, GTK_FILE_CHOOSER_ACTION_OPEN, fail_to_use, 0);
  fixture_wait_to_show (fixture, "What is not on this computer cannot be opened. Save it as a file "
                                 "first.");
  converge_window_take_file (fixture->window, file, GTK_FILE_CHOOSER_ACTION_SAVE, fail_to_use, 0);
  fixture_wait_to_show (fixture, "Files can be written on this computer only. Choose a folder of "
                                 "it.");
}

static const FixtureTest tests[] = {
  { "/open/round", test_round },
  { "/open/changes", test_changes },
  { "/open/changes-twice", test_changes_twice },
  { "/open/data", test_data },
  { "/open/errors", test_errors },
  { "/open/elsewhere", test_elsewhere },
};

/* GTK's file dialog may be drawn while the buttons of its path are being made, of which GTK 4.8
 * warns; all other warnings end the test. */
static GLogWriterOutput
write_log (GLogLevelFlags level,
           const GLogField *fields,
           gsize n_fields,
           gpointer user_data)
{
  for (gsize i = 0; i < n_fields; i++)
    if (g_str_equal (fields[i].key, "MESSAGE") && fields[i].length < 0
        && g_str_has_prefix (fields[i].value, "Trying to snapshot GtkButton ")
        && g_str_has_suffix (fields[i].value, " without a current allocation"))
      return G_LOG_WRITER_HANDLED;
  return g_log_writer_default (level, fields, n_fields, user_data);
}

int
main (int argc,
      char **argv)
{
  g_log_set_writer_func (write_log, NULL, NULL);
  return fixture_run (argc, argv, G_N_ELEMENTS (tests), tests);
}
