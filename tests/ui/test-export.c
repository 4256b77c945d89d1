/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../common.h"
#include "converge-window-private.h"
#include "window-fixture.h"

#include <glib/gstdio.h>
#include <string.h>

/* The files that are exported, and what is said of them. */

/* Line by line what the trainer's history has. */
static void
check_losses (Fixture *fixture,
              const char *path)
{
  ConvergeRun *session = converge_window_get_run (fixture->window);
  AgHistory *history = converge_run_history (session);
  g_auto (GStrv) lines = common_read_lines (path);
  gint64 n_lines = g_strv_length (lines) - 1;

  g_assert_cmpstr (lines[0], ==, "step,loss");
  g_assert_cmpint (n_lines, >, 0);
  g_assert_cmpint (n_lines, <=, ag_history_n_steps (history));
  for (gint64 i = 0; i < n_lines; i++)
    {
      g_autofree char *line = NULL;
      AgHistoryEntry entry;

      g_assert_cmpint (ag_history_read (history, 0, i, i, 1, &entry), ==, 1);
      line = g_strdup_printf ("%" G_GINT64_FORMAT ",%.9g", i, entry.loss);
      g_assert_cmpstr (lines[i + 1], ==, line);
    }
}

static void
check_coefficients (Fixture *fixture,
                    const char *path)
{
  const AgSnapshot *snapshot = fixture_snapshot (fixture);
  ConvergeRun *session = converge_window_get_run (fixture->window);
  const AgProgramClass *program = converge_run_spec (session)->program;
  g_auto (GStrv) lines = common_read_lines (path);

  g_assert_cmpuint (g_strv_length (lines), ==, 1 + program->model->n_parameters);
  g_assert_true (g_str_has_prefix (lines[0], "name,value,"));
  for (guint i = 0; i < program->model->n_parameters; i++)
    {
      g_autofree char *beginning = g_strdup_printf ("%s,%.9g,", program->model->parameters[i],
                                                    snapshot->coefficients[i]);

      g_assert_true (g_str_has_prefix (lines[i + 1], beginning));
    }
}

/* From where the run began to where it is, in even strides but for the last. */
static void
check_parameters (Fixture *fixture,
                  const char *path)
{
  const AgSnapshot *snapshot = fixture_snapshot (fixture);
  const double *initial
    = converge_run_initial (converge_window_get_run (fixture->window));
  g_auto (GStrv) lines = common_read_lines (path);
  const guint n_rows = g_strv_length (lines) - 1;
  g_autofree char *first
    = g_strdup_printf ("0,%.9g,%.9g,%.9g,%.9g", initial[0], initial[1], initial[2], initial[3]);
  g_autofree char *last
    = g_strdup_printf ("%" G_GINT64_FORMAT ",%.9g,%.9g,%.9g,%.9g", snapshot->step,
                       snapshot->coefficients[0], snapshot->coefficients[1],
                       snapshot->coefficients[2], snapshot->coefficients[3]);
  gint64 stride;

  g_assert_cmpstr (lines[0], ==, "step,a,b,c,d");
  g_assert_cmpuint (n_rows, >, 500);
  g_assert_cmpstr (lines[1], ==, first);
  g_assert_cmpstr (lines[n_rows], ==, last);
  stride = g_ascii_strtoll (lines[2], NULL, 10);
  for (guint i = 1; i < n_rows; i++)
    g_assert_cmpint (g_ascii_strtoll (lines[i], NULL, 10), ==, (i - 1) * stride);
}

static void
test_tables (Fixture *fixture,
             gconstpointer data)
{
  g_autofree char *folder = g_dir_make_tmp ("converge-XXXXXX", NULL);
  g_autofree char *losses = NULL, *coefficients = NULL, *parameters = NULL, *settings = NULL;

  fixture_train (fixture, "1500");
  losses = fixture_export (fixture, folder, "loss.csv", CONVERGE_EXPORT_LOSSES);
  coefficients = fixture_export (fixture, folder, "coefficients.csv", CONVERGE_EXPORT_COEFFICIENTS);
  check_losses (fixture, losses);
  check_coefficients (fixture, coefficients);
  settings = g_strconcat (losses, ".run.json", NULL);
  g_assert_true (g_file_test (settings, G_FILE_TEST_EXISTS));
  fixture_wait_to_show (fixture, "“coefficients.csv” written");
  parameters = fixture_export (fixture, folder, "parameters.csv", CONVERGE_EXPORT_PARAMETERS);
  check_parameters (fixture, parameters);
  g_free (settings);
  settings = g_strconcat (parameters, ".run.json", NULL);
  g_assert_true (g_file_test (settings, G_FILE_TEST_EXISTS));
  common_remove (folder);
}

static void
assert_same_files (const char *path,
                   const char *other)
{
  g_autofree char *text = NULL, *other_text = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_true (g_file_get_contents (other, &other_text, NULL, NULL));
  g_assert_cmpstr (text, ==, other_text);
}

/* The losses that a person exports are written while the window goes on. */
static void
test_beside (Fixture *fixture,
             gconstpointer data)
{
  g_autofree char *folder = g_dir_make_tmp ("converge-XXXXXX", NULL);
  g_autofree char *want = NULL, *want_settings = NULL, *settings = NULL;
  g_autofree char *path = g_build_filename (folder, "beside.csv", NULL);
  g_autofree char *nowhere = g_build_filename (folder, "none", "loss.csv", NULL);

  g_assert_false (converge_window_write_losses (fixture->window, path));
  fixture_train (fixture, "1500");
  fixture_wait_for_optimum (fixture);
  want = fixture_export (fixture, folder, "loss.csv", CONVERGE_EXPORT_LOSSES);
  g_assert_true (converge_window_write_losses (fixture->window, path));
  fixture_wait_to_show (fixture, "“beside.csv” written");
  assert_same_files (path, want);
  settings = g_strconcat (path, ".run.json", NULL);
  want_settings = g_strconcat (want, ".run.json", NULL);
  assert_same_files (settings, want_settings);
  g_assert_true (converge_window_write_losses (fixture->window, nowhere));
  fixture_wait_to_show (fixture, "could not be written");
  common_remove (folder);
}

/* A run as a program for PyTorch. */
static void
test_scripts (Fixture *fixture,
              gconstpointer data)
{
  g_autofree char *folder = g_dir_make_tmp ("converge-XXXXXX", NULL);
  g_autofree char *script = NULL, *notebook = NULL, *text = NULL, *cells = NULL;

  fixture_train (fixture, "50");
  script = fixture_export (fixture, folder, "run.py", CONVERGE_EXPORT_SCRIPT);
  notebook = fixture_export (fixture, folder, "run.ipynb", CONVERGE_EXPORT_NOTEBOOK);
  g_assert_true (g_file_get_contents (script, &text, NULL, NULL));
  g_assert_nonnull (strstr (text, "\nimport torch\n"));
  g_assert_nonnull (strstr (text, "\nfor t in range(50):\n"));
  g_assert_true (g_file_get_contents (notebook, &cells, NULL, NULL));
  g_assert_true (g_str_has_prefix (cells, "{\n"));
  g_assert_nonnull (strstr (cells, "for t in range(50):\\n"));
  common_remove (folder);
}

/* While it goes on. */
static void
test_under_way (Fixture *fixture,
                gconstpointer data)
{
  g_autofree char *folder = g_dir_make_tmp ("converge-XXXXXX", NULL);
  g_autofree char *losses = NULL, *coefficients = NULL, *view = NULL;

  fixture_do (fixture, "win.train");
  fixture_wait_for_step (fixture, 20);
  losses = fixture_export (fixture, folder, "loss.csv", CONVERGE_EXPORT_LOSSES);
  check_losses (fixture, losses);
  coefficients = fixture_export (fixture, folder, "coefficients.csv", CONVERGE_EXPORT_COEFFICIENTS);
  check_coefficients (fixture, coefficients);
  view = fixture_export (fixture, folder, "view.png", CONVERGE_EXPORT_VIEW);
  g_assert_cmpint (fixture_snapshot (fixture)->state, ==, AG_TRAINER_RUNNING);
  common_remove (folder);
}

static guint
count_items (GMenuModel *menu,
             const char *action)
{
  guint n = 0;

  for (int i = 0; i < g_menu_model_get_n_items (menu); i++)
    {
      g_autoptr (GMenuModel) section = g_menu_model_get_item_link (menu, i, G_MENU_LINK_SECTION);
      g_autofree char *name = NULL;

      g_menu_model_get_item_attribute (menu, i, G_MENU_ATTRIBUTE_ACTION, "s", &name);
      n += g_strcmp0 (name, action) == 0;
      if (section != NULL)
        n += count_items (section, action);
    }
  return n;
}

/* All that can be exported is in a menu. */
static void
test_menu (Fixture *fixture,
           gconstpointer data)
{
  g_autoptr (GMenuModel) menu = converge_export_menu ();
  g_autoptr (GMenuModel) of_surface = converge_export_surface_menu ();

  guint n = count_items (menu, "win.export");

  for (guint i = 0; i < CONVERGE_N_SWEEPS; i++)
    {
      g_autoptr (GMenuModel) of_sweep = converge_export_sweep_menu (i);

      n += count_items (of_sweep, "win.export-sweep");
    }
  n += count_items (of_surface, "win.export-sweep");
  g_assert_cmpuint (n, ==, CONVERGE_N_EXPORTS);
  g_assert_cmpuint (count_items (menu, "win.copy-view"), ==, 1);
  g_assert_cmpuint (count_items (menu, "win.copy-command"), ==, 1);
}

/* It says why, leaves nothing half-written, and what there was is still
 * there to be written elsewhere. */
static void
test_failure (Fixture *fixture,
              gconstpointer data)
{
  g_autofree char *folder = g_dir_make_tmp ("converge-XXXXXX", NULL);
  g_autofree char *nowhere = g_build_filename (folder, "missing", "loss.csv", NULL);
  g_autofree char *picture = g_build_filename (folder, "view.bmp", NULL);
  g_autofree char *losses = NULL;

  fixture_train (fixture, "100");
  g_assert_false (converge_window_export (fixture->window, CONVERGE_EXPORT_LOSSES, nowhere));
  fixture_wait_to_show (fixture, "could not be written");
  g_assert_false (converge_window_export (fixture->window, CONVERGE_EXPORT_VIEW, picture));
  g_assert_false (g_file_test (picture, G_FILE_TEST_EXISTS));
  losses = fixture_export (fixture, folder, "loss.csv", CONVERGE_EXPORT_LOSSES);
  check_losses (fixture, losses);
  common_remove (folder);
}

/* A table is not written under the name of a picture. */
static void
test_table_named_as_picture (Fixture *fixture,
                             gconstpointer data)
{
  g_autofree char *folder = g_dir_make_tmp ("converge-XXXXXX", NULL);
  g_autofree char *picture = g_build_filename (folder, "table.PNG", NULL);

  fixture_train (fixture, "100");
  g_assert_false (converge_window_export (fixture->window, CONVERGE_EXPORT_COEFFICIENTS, picture));
  g_assert_false (converge_window_export (fixture->window, CONVERGE_EXPORT_LOSSES, picture));
  g_assert_false (converge_window_export (fixture->window, CONVERGE_EXPORT_PARAMETERS, picture));
  fixture_wait_to_show (fixture, "end in .csv");
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

/* Losses whose settings cannot be written are not written either. */
static void
test_together (Fixture *fixture,
               gconstpointer data)
{
  g_autofree char *folder = g_dir_make_tmp ("converge-XXXXXX", NULL);
  g_autofree char *losses = g_build_filename (folder, "loss.csv", NULL);
  g_autofree char *settings = g_strconcat (losses, ".run.json", NULL);

  fixture_train (fixture, "100");
  g_assert_cmpint (g_mkdir (settings, 0777), ==, 0);
  g_assert_false (converge_window_export (fixture->window, CONVERGE_EXPORT_LOSSES, losses));
  g_assert_false (g_file_test (losses, G_FILE_TEST_EXISTS));
  g_assert_cmpint (g_rmdir (settings), ==, 0);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

/* Names are shown as they are, not taken for markup. */
static void
test_names (Fixture *fixture,
            gconstpointer data)
{
  g_autofree char *folder = g_dir_make_tmp ("converge-XXXXXX", NULL);
  g_autofree char *losses = NULL, *bytes = NULL;

  fixture_train (fixture, "100");
  losses = fixture_export (fixture, folder, "<b>a&b.csv", CONVERGE_EXPORT_LOSSES);
  fixture_wait_to_show (fixture, "“<b>a&b.csv” written");
  bytes = fixture_export (fixture, folder, "\xff.csv", CONVERGE_EXPORT_LOSSES);
  fixture_spin (50);
  common_remove (folder);
}

/* Each message is shown once, the newest at once. */
static void
test_messages (Fixture *fixture,
               gconstpointer data)
{
  g_autofree char *folder = g_dir_make_tmp ("converge-XXXXXX", NULL);
  g_autofree char *first = NULL, *second = NULL;

  fixture_train (fixture, "100");
  first = fixture_export (fixture, folder, "first.csv", CONVERGE_EXPORT_LOSSES);
  fixture_wait_to_show (fixture, "“first.csv” written");
  fixture_spin (1500);
  second = fixture_export (fixture, folder, "second.csv", CONVERGE_EXPORT_LOSSES);
  fixture_wait_to_show (fixture, "“second.csv” written");
  fixture_wait_to_hide (fixture, "“second.csv” written");
  fixture_spin (500);
  g_assert_false (fixture_shows (fixture, "“first.csv” written"));
  common_remove (folder);
}

/* However quickly they follow each other, and though no frame is drawn in between. */
static void
test_quick_messages (Fixture *fixture,
                     gconstpointer data)
{
  g_autofree char *folder = g_dir_make_tmp ("converge-XXXXXX", NULL);

  fixture_train (fixture, "100");
  for (guint i = 0; i < 6; i++)
    {
      g_autofree char *name = g_strdup_printf ("%u.csv", i);
      g_autofree char *path = fixture_export (fixture, folder, name, CONVERGE_EXPORT_LOSSES);

      g_assert_true (g_file_test (path, G_FILE_TEST_EXISTS));
      if (i % 2 == 1)
        g_usleep (1100 * 1000);
    }
  fixture_wait_to_show (fixture, "“5.csv” written");
  g_assert_false (fixture_shows (fixture, "“4.csv” written"));
  fixture_wait_to_hide (fixture, "“5.csv” written");
  fixture_wait_for_frames (fixture);
  for (guint i = 0; i < 6; i++)
    {
      g_autofree char *name = g_strdup_printf ("“%u.csv”", i);

      g_assert_false (fixture_shows (fixture, name));
    }
  common_remove (folder);
}

/* Nothing can be written before there is something. */
static void
test_nothing (Fixture *fixture,
              gconstpointer data)
{
  g_assert_false (converge_window_export (fixture->window, CONVERGE_EXPORT_LOSSES, "/x.csv"));
  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.copy-command", NULL);
  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.copy-view", NULL);
  fixture_spin (50);
  g_assert_false (fixture_shows (fixture, "copied"));
}

static const FixtureTest tests[] = {
  { "/export/tables", test_tables },
  { "/export/beside", test_beside },
  { "/export/scripts", test_scripts },
  { "/export/under-way", test_under_way },
  { "/export/menu", test_menu },
  { "/export/failure", test_failure },
  { "/export/table-named-as-picture", test_table_named_as_picture },
  { "/export/together", test_together },
  { "/export/names", test_names },
  { "/export/messages", test_messages },
  { "/export/quick-messages", test_quick_messages },
  { "/export/nothing", test_nothing },
};

int
main (int argc,
      char **argv)
{
  return fixture_run (argc, argv, G_N_ELEMENTS (tests), tests);
}
