/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../common.h"
#include "window-fixture.h"

#include <string.h>

/* These tests look at the clipboard after the command of a run or a picture was copied. */

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
  fixture_train (fixture, "100");
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
  return ag_rates_n (converge_run_rates (converge_window_get_run (fixture->window))) > 0;
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
  path = fixture_export (fixture, folder, "view.png", what);
  file = gdk_texture_new_from_filename (path, NULL);
  copied = download (copy, &n_copied);
  written = download (file, &n_written);
  g_assert_cmpint (gdk_texture_get_width (copy), ==, gdk_texture_get_width (file));
  g_assert_cmpmem (copied, n_copied, written, n_written);
  common_remove (folder);
}

/* The picture that is copied is the one that is written, with formula and settings. */
static void
test_copied_view (Fixture *fixture,
                  gconstpointer data)
{
  fixture_train (fixture, "100");
  fixture_wait_for_optimum (fixture);
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

  fixture_train (fixture, "100");
  fixture_wait_for_optimum (fixture);
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

static const FixtureTest tests[] = {
  { "/copy/command", test_command },
  { "/copy/command-of-two-rates", test_command_of_two_rates },
  { "/copy/view", test_copied_view },
  { "/copy/plot", test_copied_plot },
  { "/copy/start", test_copied_start },
};

int
main (int argc,
      char **argv)
{
  return fixture_run (argc, argv, G_N_ELEMENTS (tests), tests);
}
