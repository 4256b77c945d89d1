/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "converge-plots.h"
#include "plot/plot-export.h"
#include "plot/run-text.h"
#include "window-fixture.h"

#include <glib/gstdio.h>
#include <string.h>

static void
train (Fixture *fixture,
       const char *steps)
{
  fixture_type (fixture, "Steps", steps);
  fixture_set_pace (fixture, 0);
  fixture_do (fixture, "win.train");
  fixture_wait_for_state (fixture, AG_TRAINER_DONE);
}

static char *export(Fixture *fixture,
                    const char *folder,
                    const char *name,
                    ConvergeExport what)
{
  char *path = g_build_filename (folder, name, NULL);

  g_assert_true (converge_window_export (fixture->window, what, path));
  return path;
}

static char **
read_lines (const char *path)
{
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_str_has_suffix (text, "\n"));
  text[strlen (text) - 1] = '\0';
  return g_strsplit (text, "\n", -1);
}

/* Line by line what the trainer's history has. */
static void
check_losses (Fixture *fixture,
              const char *path)
{
  ConvergeSession *session = converge_window_get_session (fixture->window);
  AgHistory *history = converge_session_history (session);
  g_auto (GStrv) lines = read_lines (path);
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
  ConvergeSession *session = converge_window_get_session (fixture->window);
  const AgProgramClass *program = converge_session_run (session)->program;
  g_auto (GStrv) lines = read_lines (path);

  g_assert_cmpuint (g_strv_length (lines), ==, 1 + program->n_parameters);
  g_assert_true (g_str_has_prefix (lines[0], "name,value,"));
  for (guint i = 0; i < program->n_parameters; i++)
    {
      g_autofree char *beginning = g_strdup_printf ("%s,%.9g,", program->parameters[i].name,
                                                    snapshot->coefficients[i]);

      g_assert_true (g_str_has_prefix (lines[i + 1], beginning));
    }
}

static void
remove_folder (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      g_unlink (path);
    }
  g_rmdir (folder);
}

static void
test_tables (Fixture *fixture,
             gconstpointer data)
{
  g_autofree char *folder = g_dir_make_tmp ("converge-XXXXXX", NULL);
  g_autofree char *losses = NULL, *coefficients = NULL, *settings = NULL;

  train (fixture, "1500");
  losses = export(fixture, folder, "loss.csv", CONVERGE_EXPORT_LOSSES);
  coefficients = export(fixture, folder, "coefficients.csv", CONVERGE_EXPORT_COEFFICIENTS);
  check_losses (fixture, losses);
  check_coefficients (fixture, coefficients);
  settings = g_strconcat (losses, ".run.json", NULL);
  g_assert_true (g_file_test (settings, G_FILE_TEST_EXISTS));
  fixture_spin (50);
  g_assert_true (fixture_shows (fixture, "“loss.csv” written"));
  remove_folder (folder);
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
  losses = export(fixture, folder, "loss.csv", CONVERGE_EXPORT_LOSSES);
  check_losses (fixture, losses);
  coefficients = export(fixture, folder, "coefficients.csv", CONVERGE_EXPORT_COEFFICIENTS);
  check_coefficients (fixture, coefficients);
  view = export(fixture, folder, "view.png", CONVERGE_EXPORT_VIEW);
  g_assert_cmpint (fixture_snapshot (fixture)->state, ==, AG_TRAINER_RUNNING);
  remove_folder (folder);
}

static void
check_begins_with (const char *path,
                   const char *magic)
{
  g_autofree char *text = NULL;
  gsize length;

  g_assert_true (g_file_get_contents (path, &text, &length, NULL));
  g_assert_cmpuint (length, >, 1000);
  g_assert_cmpmem (text, strlen (magic), magic, strlen (magic));
}

static void
test_pictures (Fixture *fixture,
               gconstpointer data)
{
  static const struct
  {
    const char *ending;
    const char *magic;
  } kinds[] = { { "png", "\x89PNG" }, { "svg", "<?xml" }, { "pdf", "%PDF" } };
  g_autofree char *folder = g_dir_make_tmp ("converge-XXXXXX", NULL);

  train (fixture, "100");
  for (guint what = CONVERGE_EXPORT_VIEW; what < CONVERGE_N_EXPORTS; what++)
    for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
      {
        g_autofree char *name = g_strdup_printf ("%u.%s", what, kinds[i].ending);
        g_autofree char *path = export(fixture, folder, name, what);

        check_begins_with (path, kinds[i].magic);
      }
  remove_folder (folder);
}

static char *
read_picture (const char *path,
              int *width,
              int *height,
              gsize *length)
{
  cairo_surface_t *surface = cairo_image_surface_create_from_png (path);
  char *bytes;

  *width = cairo_image_surface_get_width (surface);
  *height = cairo_image_surface_get_height (surface);
  cairo_surface_destroy (surface);
  g_assert_true (g_file_get_contents (path, &bytes, length, NULL));
  return bytes;
}

/* Writes the picture that one would expect: plots, formula, settings and outcome. */
static void
write_expected (Fixture *fixture,
                guint n_plots,
                const guint *which,
                gboolean has_formula,
                int width,
                int height,
                const char *path)
{
  ConvergePlots *plots = CONVERGE_PLOTS (
    fixture_find (GTK_WIDGET (fixture->window), CONVERGE_TYPE_PLOTS, NULL, NULL));
  const AgRun *run = converge_session_run (converge_window_get_session (fixture->window));
  g_autoptr (AgTransaction) transaction = ag_transaction_new ();
  g_autofree char *settings = converge_run_caption (run, run->learning_rate);
  g_autofree char *outcome = converge_run_outcome (fixture_snapshot (fixture));
  g_autofree char *caption = g_strconcat (settings, " · ", outcome, NULL);
  g_autofree char *formula
    = converge_run_formula (run, fixture_snapshot (fixture)->coefficients);
  ConvergePlot *seen[CONVERGE_N_RUN_PLOTS];
  const ConvergePlotPage page = {
    .plots = seen,
    .n_plots = n_plots,
    .heading = has_formula ? formula : NULL,
    .caption = caption,
  };
  ConvergeExportSource source;
  ConvergePlotStyle style;

  converge_plots_get_source (plots, &source);
  for (guint i = 0; i < n_plots; i++)
    seen[i] = source.plots[which[i]];
  converge_plot_style_init (&style, FALSE, FALSE);
  g_assert_true (converge_plot_export (&page, transaction, path, width / 2, height / 2, &style,
                                       NULL));
  g_assert_true (ag_transaction_commit (transaction, NULL));
}

/* A picture says what it shows: the whole view has the formula and the settings, each
 * plot the settings. */
static void
test_captions (Fixture *fixture,
               gconstpointer data)
{
  static const struct
  {
    ConvergeExport what;
    guint n_plots;
    guint which[2];
    gboolean has_formula;
  } cases[] = {
    { CONVERGE_EXPORT_VIEW, 2, { CONVERGE_RUN_PLOT_FIT, CONVERGE_RUN_PLOT_LOSS }, TRUE },
    { CONVERGE_EXPORT_PLOT + CONVERGE_RUN_PLOT_FIT, 1, { CONVERGE_RUN_PLOT_FIT }, TRUE },
    { CONVERGE_EXPORT_PLOT + CONVERGE_RUN_PLOT_LOSS, 1, { CONVERGE_RUN_PLOT_LOSS }, FALSE },
  };
  g_autofree char *folder = g_dir_make_tmp ("converge-XXXXXX", NULL);
  g_autofree char *expected_path = g_build_filename (folder, "expected.png", NULL);

  gtk_window_set_default_size (GTK_WINDOW (fixture->window), 900, 600);
  train (fixture, "100");
  fixture_spin (100);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = export(fixture, folder, "picture.png", cases[i].what);
      g_autofree char *picture = NULL, *expected = NULL;
      gsize n_picture, n_expected;
      int width, height;

      picture = read_picture (path, &width, &height, &n_picture);
      write_expected (fixture, cases[i].n_plots, cases[i].which, cases[i].has_formula, width,
                      height, expected_path);
      expected = read_picture (expected_path, &width, &height, &n_expected);
      g_assert_cmpmem (picture, n_picture, expected, n_expected);
    }
  remove_folder (folder);
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

  train (fixture, "100");
  g_assert_false (converge_window_export (fixture->window, CONVERGE_EXPORT_LOSSES, nowhere));
  fixture_spin (50);
  g_assert_true (fixture_shows (fixture, "could not be written"));
  g_assert_false (converge_window_export (fixture->window, CONVERGE_EXPORT_VIEW, picture));
  g_assert_false (g_file_test (picture, G_FILE_TEST_EXISTS));
  losses = export(fixture, folder, "loss.csv", CONVERGE_EXPORT_LOSSES);
  check_losses (fixture, losses);
  remove_folder (folder);
}

/* A table is not written under the name of a picture. */
static void
test_table_named_as_picture (Fixture *fixture,
                             gconstpointer data)
{
  g_autofree char *folder = g_dir_make_tmp ("converge-XXXXXX", NULL);
  g_autofree char *picture = g_build_filename (folder, "table.PNG", NULL);

  train (fixture, "100");
  g_assert_false (converge_window_export (fixture->window, CONVERGE_EXPORT_COEFFICIENTS, picture));
  g_assert_false (converge_window_export (fixture->window, CONVERGE_EXPORT_LOSSES, picture));
  fixture_spin (50);
  g_assert_true (fixture_shows (fixture, "end in .csv"));
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

  train (fixture, "100");
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

  train (fixture, "100");
  losses = export(fixture, folder, "<b>a&b.csv", CONVERGE_EXPORT_LOSSES);
  fixture_spin (50);
  g_assert_true (fixture_shows (fixture, "“<b>a&b.csv” written"));
  bytes = export(fixture, folder, "\xff.csv", CONVERGE_EXPORT_LOSSES);
  fixture_spin (50);
  remove_folder (folder);
}

/* Nothing can be written before there is something. */
static void
test_nothing (Fixture *fixture,
              gconstpointer data)
{
  g_assert_false (converge_window_export (fixture->window, CONVERGE_EXPORT_LOSSES, "/x.csv"));
}

int
main (int argc,
      char **argv)
{
  gtk_test_init (&argc, &argv);
#define ADD(path, function) \
  g_test_add (path, Fixture, NULL, fixture_set_up, function, fixture_tear_down)
  ADD ("/export/tables", test_tables);
  ADD ("/export/under-way", test_under_way);
  ADD ("/export/pictures", test_pictures);
  ADD ("/export/captions", test_captions);
  ADD ("/export/failure", test_failure);
  ADD ("/export/table-named-as-picture", test_table_named_as_picture);
  ADD ("/export/together", test_together);
  ADD ("/export/names", test_names);
  ADD ("/export/nothing", test_nothing);
  return g_test_run ();
}
