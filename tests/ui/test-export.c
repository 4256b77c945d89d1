/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "converge-plots.h"

#include "../common.h"
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

/* Line by line what the trainer's history has. */
static void
check_losses (Fixture *fixture,
              const char *path)
{
  ConvergeSession *session = converge_window_get_session (fixture->window);
  AgHistory *history = converge_session_history (session);
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
  ConvergeSession *session = converge_window_get_session (fixture->window);
  const AgProgramClass *program = converge_session_run (session)->program;
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
    = converge_session_initial (converge_window_get_session (fixture->window));
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
  g_autofree char *losses = NULL, *coefficients = NULL, *parameters = NULL, *settings = NULL;

  train (fixture, "1500");
  losses = export(fixture, folder, "loss.csv", CONVERGE_EXPORT_LOSSES);
  coefficients = export(fixture, folder, "coefficients.csv", CONVERGE_EXPORT_COEFFICIENTS);
  check_losses (fixture, losses);
  check_coefficients (fixture, coefficients);
  settings = g_strconcat (losses, ".run.json", NULL);
  g_assert_true (g_file_test (settings, G_FILE_TEST_EXISTS));
  fixture_wait_to_show (fixture, "“coefficients.csv” written");
  parameters = export(fixture, folder, "parameters.csv", CONVERGE_EXPORT_PARAMETERS);
  check_parameters (fixture, parameters);
  g_free (settings);
  settings = g_strconcat (parameters, ".run.json", NULL);
  g_assert_true (g_file_test (settings, G_FILE_TEST_EXISTS));
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
                int width,
                int height,
                const char *path)
{
  ConvergePlots *plots = CONVERGE_PLOTS (
    fixture_find (GTK_WIDGET (fixture->window), CONVERGE_TYPE_PLOTS, NULL, NULL));
  const AgRunSpec *spec = converge_session_run (converge_window_get_session (fixture->window));
  g_autoptr (AgTransaction) transaction = ag_transaction_new ();
  g_autofree char *settings = converge_run_caption (spec, spec->lr);
  g_autofree char *outcome = converge_run_outcome (fixture_snapshot (fixture));
  g_autofree char *caption = g_strconcat (settings, " · ", outcome, NULL);
  g_autofree char *formula
    = converge_run_formula (spec, fixture_snapshot (fixture)->coefficients);
  ConvergePlot *seen[CONVERGE_N_RUN_PLOTS];
  const ConvergePlotPage page = {
    .plots = seen,
    .n_plots = n_plots,
    .heading = formula,
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

/* A picture says what it shows, the whole view's as that of each plot: formula and
 * settings. */
static void
test_captions (Fixture *fixture,
               gconstpointer data)
{
  const guint fit = (guint) converge_run_plot_find ("fit");
  const guint loss = (guint) converge_run_plot_find ("loss");
  const struct
  {
    ConvergeExport what;
    guint n_plots;
    guint which[2];
  } cases[] = {
    { CONVERGE_EXPORT_VIEW, 2, { fit, loss } },
    { CONVERGE_EXPORT_PLOT + fit, 1, { fit } },
    { CONVERGE_EXPORT_PLOT + loss, 1, { loss } },
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
      write_expected (fixture, cases[i].n_plots, cases[i].which, width, height,
                      expected_path);
      expected = read_picture (expected_path, &width, &height, &n_expected);
      g_assert_cmpmem (picture, n_picture, expected, n_expected);
    }
  remove_folder (folder);
}

static void
text_read (GObject *clipboard,
           GAsyncResult *result,
           gpointer user_data)
{
  *(char **) user_data = gdk_clipboard_read_text_finish (GDK_CLIPBOARD (clipboard), result, NULL);
  g_assert_nonnull (*(char **) user_data);
}

static char *
copy_command (Fixture *fixture)
{
  GdkClipboard *clipboard = gtk_widget_get_clipboard (GTK_WIDGET (fixture->window));
  char *text = NULL;

  g_assert_true (
    gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.copy-command", NULL));
  gdk_clipboard_read_text_async (clipboard, NULL, text_read, &text);
  while (text == NULL)
    g_main_context_iteration (NULL, TRUE);
  return text;
}

/* The command makes the run that is to be seen, not the one that the controls describe,
 * and a shell takes it as it is. */
static void
test_command (Fixture *fixture,
              gconstpointer data)
{
  g_autofree char *command = NULL;
  g_auto (GStrv) words = NULL;

  fixture_type (fixture, "y =", "exp(-x^2) * 2");
  fixture_type (fixture, "Learning rate", "2e-6");
  train (fixture, "100");
  fixture_type (fixture, "Steps", "300");
  command = copy_command (fixture);
  fixture_wait_to_show (fixture, "Command copied");
  g_assert_false (fixture_shows (fixture, "began with"));
  g_assert_true (g_shell_parse_argv (command, NULL, &words, NULL));
  g_assert_true (g_strv_contains ((const char *const *) words, "exp(-x^2) * 2"));
  g_assert_true (g_strv_contains ((const char *const *) words, "100"));
  g_assert_false (g_strv_contains ((const char *const *) words, "300"));
  g_assert_nonnull (strstr (command, " --lr 2e-06 "));
}

static gboolean
rate_has_changed (Fixture *fixture)
{
  return ag_rates_n (converge_session_rates (converge_window_get_session (fixture->window))) > 0;
}

/* A rate that was changed under way is in no command: that is said. */
static void
test_command_of_two_rates (Fixture *fixture,
                           gconstpointer data)
{
  g_autofree char *command = NULL;

  fixture_do (fixture, "win.train");
  fixture_wait_for_step (fixture, 5);
  fixture_type (fixture, "Learning rate", "3e-6");
  fixture_wait (rate_has_changed, fixture);
  fixture_type (fixture, "Learning rate", "1e-6");
  command = copy_command (fixture);
  fixture_wait_to_show (fixture, "keeps to the rate that this run began with");
  g_assert_nonnull (strstr (command, " --lr 1e-06 "));
}

static void
texture_read (GObject *clipboard,
              GAsyncResult *result,
              gpointer user_data)
{
  *(GdkTexture **) user_data
    = gdk_clipboard_read_texture_finish (GDK_CLIPBOARD (clipboard), result, NULL);
  g_assert_nonnull (*(GdkTexture **) user_data);
}

static guchar *
download (GdkTexture *texture,
          gsize *length)
{
  const gsize stride = 4 * (gsize) gdk_texture_get_width (texture);
  guchar *pixels;

  *length = stride * (gsize) gdk_texture_get_height (texture);
  pixels = g_malloc (*length);
  gdk_texture_download (texture, pixels, stride);
  return pixels;
}

static void
assert_copy_is_file (Fixture *fixture,
                     ConvergeExport what)
{
  g_autofree char *folder = g_dir_make_tmp ("converge-XXXXXX", NULL);
  g_autofree char *path = NULL;
  g_autofree guchar *copied = NULL, *written = NULL;
  g_autoptr (GdkTexture) copy = NULL;
  g_autoptr (GdkTexture) file = NULL;
  gsize n_copied, n_written;

  gdk_clipboard_read_texture_async (gtk_widget_get_clipboard (GTK_WIDGET (fixture->window)), NULL,
                                    texture_read, &copy);
  while (copy == NULL)
    g_main_context_iteration (NULL, TRUE);
  fixture_wait_to_show (fixture, "Picture copied");
  path = export(fixture, folder, "view.png", what);
  file = gdk_texture_new_from_filename (path, NULL);
  copied = download (copy, &n_copied);
  written = download (file, &n_written);
  g_assert_cmpint (gdk_texture_get_width (copy), ==, gdk_texture_get_width (file));
  g_assert_cmpmem (copied, n_copied, written, n_written);
  remove_folder (folder);
}

/* The picture that is copied is the one that is written, with formula and settings. */
static void
test_copied_view (Fixture *fixture,
                  gconstpointer data)
{
  train (fixture, "100");
  fixture_spin (100);
  g_assert_true (
    gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.copy-view", NULL));
  assert_copy_is_file (fixture, CONVERGE_EXPORT_VIEW);
}

/* So is that of one plot. */
static void
test_copied_plot (Fixture *fixture,
                  gconstpointer data)
{
  GtkWidget *view = GTK_WIDGET (fixture_find_plot (fixture, "loss"));

  train (fixture, "100");
  fixture_spin (100);
  gtk_widget_activate_action (view, "plot.copy", NULL);
  assert_copy_is_file (fixture, CONVERGE_EXPORT_PLOT + (guint) converge_run_plot_find ("loss"));
}

/* Before the run there is something to be seen, but where the settings are none. */
static void
test_copied_start (Fixture *fixture,
                   gconstpointer data)
{
  GtkWidget *view = GTK_WIDGET (fixture_find_plot (fixture, "fit"));

  fixture_type (fixture, "y =", "sin(");
  gtk_widget_activate_action (view, "plot.copy", NULL);
  fixture_spin (50);
  g_assert_false (fixture_shows (fixture, "Picture copied"));
  fixture_type (fixture, "y =", "sin(x)");
  gtk_widget_activate_action (view, "plot.copy", NULL);
  fixture_wait_to_show (fixture, "Picture copied");
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

/* All that can be exported is in the menu. */
static void
test_menu (Fixture *fixture,
           gconstpointer data)
{
  g_autoptr (GMenuModel) menu = converge_export_menu ();

  g_assert_cmpuint (count_items (menu, "win.export"), ==, CONVERGE_N_EXPORTS);
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
  g_assert_false (converge_window_export (fixture->window, CONVERGE_EXPORT_PARAMETERS, picture));
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

/* Each message is shown once, the newest at once. */
static void
test_messages (Fixture *fixture,
               gconstpointer data)
{
  g_autofree char *folder = g_dir_make_tmp ("converge-XXXXXX", NULL);
  g_autofree char *first = NULL, *second = NULL;

  train (fixture, "100");
  first = export(fixture, folder, "first.csv", CONVERGE_EXPORT_LOSSES);
  fixture_wait_to_show (fixture, "“first.csv” written");
  fixture_spin (1500);
  second = export(fixture, folder, "second.csv", CONVERGE_EXPORT_LOSSES);
  fixture_wait_to_show (fixture, "“second.csv” written");
  fixture_wait_to_hide (fixture, "“second.csv” written");
  fixture_spin (500);
  g_assert_false (fixture_shows (fixture, "“first.csv” written"));
  remove_folder (folder);
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
  { "/export/under-way", test_under_way },
  { "/export/pictures", test_pictures },
  { "/export/captions", test_captions },
  { "/export/command", test_command },
  { "/export/command-of-two-rates", test_command_of_two_rates },
  { "/export/copied-view", test_copied_view },
  { "/export/copied-plot", test_copied_plot },
  { "/export/copied-start", test_copied_start },
  { "/export/menu", test_menu },
  { "/export/failure", test_failure },
  { "/export/table-named-as-picture", test_table_named_as_picture },
  { "/export/together", test_together },
  { "/export/names", test_names },
  { "/export/messages", test_messages },
  { "/export/nothing", test_nothing },
};

int
main (int argc,
      char **argv)
{
  return fixture_run (argc, argv, G_N_ELEMENTS (tests), tests);
}
