/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE
#include "../common.h"
#include "window-fixture.h"

#include "converge-data-preview.h"
#include "converge-sweep.h"
#include "converge-window-private.h"
#include "plot/run-plots.h"

#include <dlfcn.h>
#include <errno.h>
#include <glib/gstdio.h>
#include <pthread.h>
#include <string.h>

/* Data come into the window, are looked at, and are used or not. */

#define TABLE "t;u;v\n0;1,5;0\n1;2,5;1\n2;x;4\n3;4,5;9\n"

static char *folder;

/* Whether the system refuses threads, as it does where a limit is reached. */
static gboolean has_no_threads;

/* What GLib calls is this function, since that of a program comes before that of a library. */
int
pthread_create (pthread_t *thread,
                const pthread_attr_t *attributes,
                void *(*run) (void *),
                void *data)
{
  int (*create) (pthread_t *, const pthread_attr_t *, void *(*) (void *), void *)
    = (int (*) (pthread_t *, const pthread_attr_t *, void *(*) (void *), void *)) dlsym (RTLD_NEXT, "pthread_create");

  return has_no_threads ? EAGAIN : create (thread, attributes, run, data);
}

static char *
write_file (const char *name,
            const char *text)
{
  char *path = g_build_filename (folder, name, NULL);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  return path;
}

static GtkWidget *
find_preview (void)
{
  g_autoptr (GList) windows = gtk_window_list_toplevels ();

  for (GList *window = windows; window != NULL; window = window->next)
    if (CONVERGE_IS_DATA_PREVIEW (window->data) && gtk_widget_get_visible (window->data))
      return window->data;
  return NULL;
}

static gboolean
has_text (GtkWidget *widget,
          const char *text)
{
  return GTK_IS_LABEL (widget) && gtk_widget_get_mapped (widget)
         && strstr (gtk_label_get_text (GTK_LABEL (widget)), text) != NULL;
}

static const char *awaited;

static gboolean
preview_shows (Fixture *fixture)
{
  GtkWidget *preview = find_preview ();

  return preview != NULL && fixture_find (preview, GTK_TYPE_LABEL, has_text, awaited) != NULL;
}

static gboolean
has_no_preview (Fixture *fixture)
{
  return find_preview () == NULL;
}

static void
wait_for_preview (Fixture *fixture,
                  const char *text)
{
  awaited = text;
  fixture_wait (preview_shows, fixture);
}

static gboolean
has_title (GtkWidget *widget,
           const char *title)
{
  return g_strcmp0 (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (widget)), title) == 0;
}

static void
choose (const char *title,
        guint item)
{
  adw_combo_row_set_selected (ADW_COMBO_ROW (fixture_find (find_preview (), ADW_TYPE_COMBO_ROW,
                                                           has_title, title)),
                              item);
}

static gboolean
has_label (GtkWidget *widget,
           const char *label)
{
  return g_strcmp0 (gtk_button_get_label (GTK_BUTTON (widget)), label) == 0;
}

static GtkWidget *
find_button (const char *label)
{
  return fixture_find (find_preview (), GTK_TYPE_BUTTON, has_label, label);
}

static gboolean
can_be_used (Fixture *fixture)
{
  return gtk_widget_get_sensitive (find_button ("_Use"));
}

static void
answer (Fixture *fixture,
        const char *label)
{
  if (strcmp (label, "_Use") == 0)
    fixture_wait (can_be_used, fixture);
  fixture_click (find_button (label));
  fixture_wait (has_no_preview, fixture);
}

/* As if it was let go of over the window. */
static void
drop (Fixture *fixture,
      const char *path)
{
  GtkEventController *target
    = fixture_find_controller (GTK_WIDGET (fixture->window), GTK_TYPE_DROP_TARGET);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  GSList *files = g_slist_append (NULL, file);
  GValue value = G_VALUE_INIT;
  gboolean is_taken = FALSE;

  g_value_init (&value, GDK_TYPE_FILE_LIST);
  g_value_set_boxed (&value, files);
  g_signal_emit_by_name (target, "drop", &value, 10.0, 10.0, &is_taken);
  g_assert_true (is_taken);
  g_value_unset (&value);
  g_slist_free (files);
}

static ConvergePlot *
get_fit (Fixture *fixture)
{
  return converge_plot_view_get_plot (fixture_find_plot (fixture, "fit"));
}

/* A file is dropped, other columns are chosen, and it is trained on; then the formula is
 * back as it was. */
static void
test_drop (Fixture *fixture,
           gconstpointer data)
{
  g_autofree char *path = write_file ("points.csv", TABLE);
  const ConvergeSeries *target;

  drop (fixture, path);
  wait_for_preview (fixture, "3 points, u over t");
  g_assert_true (gtk_window_get_focus (GTK_WINDOW (find_preview ())) == find_button ("_Use"));
  wait_for_preview (fixture, "1 of 4 rows are left out");
  wait_for_preview (fixture, "Line 4: “u” is “x”, which is no number");
  g_assert_cmpstr (fixture_settings (fixture)->data, ==, "");
  choose ("Column of y", 2);
  wait_for_preview (fixture, "4 points, v over t");
  answer (fixture, "_Use");

  g_assert_cmpstr (fixture_settings (fixture)->data, ==, path);
  g_assert_cmpstr (fixture_settings (fixture)->x, ==, "t");
  g_assert_cmpstr (fixture_settings (fixture)->y, ==, "v");
  g_assert_cmpint (fixture_settings (fixture)->delimiter, ==, AG_DELIMITER_AUTO);
  g_assert_true (gtk_widget_get_visible (fixture_find_row (fixture, "points.csv")));
  g_assert_false (gtk_widget_get_visible (fixture_find_row (fixture, "Target")));
  g_assert_cmpstr (get_fit (fixture)->y.label, ==, "v");
  target = converge_plot_find_series (get_fit (fixture), "target");
  g_assert_cmpint (target->kind, ==, CONVERGE_SERIES_POINTS);
  g_assert_cmpuint (target->n, ==, 4);
  g_assert_cmpfloat (target->y[3], ==, 9);
  fixture_train (fixture, "50");
  fixture_wait_for_state (fixture, AG_TRAINER_DONE);

  fixture_do (fixture, "win.drop-data");
  g_assert_cmpstr (fixture_settings (fixture)->data, ==, "");
  g_assert_true (gtk_widget_get_visible (fixture_find_row (fixture, "Target")));
  g_assert_null (converge_settings_error (converge_window_get_settings (fixture->window)));
}

/* What is not used changes nothing, not even while another file was there before. */
static void
test_cancel (Fixture *fixture,
             gconstpointer data)
{
  g_autofree char *first = write_file ("first.csv", "1,2\n3,4\n");
  g_autofree char *second = write_file ("second.csv", "5,6\n7,8\n9,1\n");

  converge_window_open_data (fixture->window, second);
  wait_for_preview (fixture, "3 points, column 2 over column 1");
  answer (fixture, "_Cancel");
  g_assert_cmpstr (fixture_settings (fixture)->data, ==, "");
  converge_window_open_data (fixture->window, first);
  wait_for_preview (fixture, "2 points");
  answer (fixture, "_Use");
  g_assert_cmpstr (fixture_settings (fixture)->x, ==, "1");
  converge_window_open_data (fixture->window, second);
  wait_for_preview (fixture, "3 points");
  choose ("Column of x", 1);
  /* It may still be read. */
  answer (fixture, "_Cancel");
  fixture_spin (50);
  g_assert_cmpstr (fixture_settings (fixture)->data, ==, first);
}

/* A file without a table says so, and cannot be used. */
static void
test_wrong_file (Fixture *fixture,
                 gconstpointer data)
{
  g_autofree char *path = write_file ("letter.txt", "Dear reader,\nthere are no numbers here.\n");
  g_autofree char *book = write_file ("book.xlsx", "PK\3\4");

  drop (fixture, path);
  wait_for_preview (fixture, "“letter.txt” has no two columns of numbers.");
  g_assert_false (gtk_widget_get_sensitive (find_button ("_Use")));
  answer (fixture, "_Cancel");
  drop (fixture, book);
  wait_for_preview (fixture, "it is a spreadsheet or an archive. Save the table as CSV.");
  g_assert_false (gtk_widget_get_sensitive (find_button ("_Use")));
  answer (fixture, "_Cancel");
  drop (fixture, folder);
  wait_for_preview (fixture, "it is no file.");
  answer (fixture, "_Cancel");
}

/* What was found out can be said otherwise. */
static void
test_signs (Fixture *fixture,
            gconstpointer data)
{
  g_autofree char *path = write_file ("signs.csv", "1,5;2\n2,5;4\n3,5;6\n");

  converge_window_open_data (fixture->window, path);
  wait_for_preview (fixture, "3 points");
  choose ("Between cells", 0);
  wait_for_preview (fixture, "has no two columns of numbers");
  choose ("Between cells", 1);
  wait_for_preview (fixture, "3 points");
  answer (fixture, "_Use");
  g_assert_cmpint (fixture_settings (fixture)->delimiter, ==, AG_DELIMITER_SEMICOLON);
  g_assert_cmpint (fixture_settings (fixture)->decimal, ==, AG_DECIMAL_AUTO);

  /* The preview comes back as it was left. */
  fixture_do (fixture, "win.show-data");
  wait_for_preview (fixture, "3 points");
  answer (fixture, "_Cancel");
}

/* A file that has changed is read anew when it is opened again. */
static void
test_changed (Fixture *fixture,
              gconstpointer data)
{
  g_autofree char *path = write_file ("changing.csv", "1,2\n2,3\n");
  g_autofree char *again = NULL;

  converge_window_open_data (fixture->window, path);
  wait_for_preview (fixture, "2 points");
  answer (fixture, "_Use");
  again = write_file ("changing.csv", "1,2\n2,3\n3,7\n");
  fixture_do (fixture, "win.show-data");
  wait_for_preview (fixture, "3 points");
  answer (fixture, "_Use");
  g_assert_cmpuint (converge_plot_find_series (get_fit (fixture), "target")->n, ==, 3);
}

static gboolean
knows_future (Fixture *fixture)
{
  ConvergeWhatIf *what_if = converge_window_get_what_if (fixture->window);

  return converge_what_if_get_future (what_if) != NULL && !converge_what_if_is_busy (what_if);
}

/* The window notices that a file has other points than before though its name is the same, and makes
 * anew all that it had made of them. */
static void
test_changed_under_way (Fixture *fixture,
                        gconstpointer data)
{
  ConvergeWhatIf *what_if = converge_window_get_what_if (fixture->window);
  g_autofree char *path = write_file ("changing.csv", "1,2\n2,3\n4,4\n");
  g_autofree char *again = NULL;
  ConvergeSettings *settings = converge_window_get_settings (fixture->window);
  g_autoptr (ConvergeSweep) sweep
    = converge_sweep_new (settings, converge_window_get_runs (fixture->window), 1);
  const AgSweep *before;
  double loss;

  converge_settings_set_text (settings, "steps", "20");
  converge_window_open_data (fixture->window, path);
  wait_for_preview (fixture, "3 points");
  answer (fixture, "_Use");
  fixture_do (fixture, "win.what-if");
  fixture_wait (knows_future, fixture);
  converge_sweep_set_active (sweep, TRUE);
  before = converge_sweep_get_results (sweep);
  g_assert_nonnull (before);
  again = write_file ("changing.csv", "1,2\n2,3\n4,4\n3,7\n");
  fixture_do (fixture, "win.show-data");
  wait_for_preview (fixture, "4 points");
  answer (fixture, "_Use");
  g_assert_true (converge_sweep_get_results (sweep) != before);
  fixture_wait (knows_future, fixture);
  loss = converge_what_if_get_future (what_if)->final_loss;
  fixture_set_pace (fixture, 0);
  fixture_do (fixture, "win.train");
  fixture_wait_for_state (fixture, AG_TRAINER_DONE);
  g_assert_cmpfloat (fixture_snapshot (fixture)->final_loss, ==, loss);
}

static void
test_paste (Fixture *fixture,
            gconstpointer data)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (fixture->window)),
                          "x\ty\n1\t2\n2\t4\n3\t8\n");
  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.paste-data", NULL);
  wait_for_preview (fixture, "3 points, y over x");
  answer (fixture, "_Use");
  g_assert_nonnull (strstr (fixture_settings (fixture)->data, "/converge/pasted-"));
  fixture_do (fixture, "win.step");
  fixture_wait_for_step (fixture, 1);
  g_unlink (fixture_settings (fixture)->data);
}

static gboolean
finds_no_text (Fixture *fixture)
{
  return fixture_shows (fixture, "There is no text on the clipboard");
}

/* The clipboard may have a picture, or nothing. */
static void
test_paste_without_text (Fixture *fixture,
                         gconstpointer data)
{
  GtkWidget *window = GTK_WIDGET (fixture->window);

  fixture_do (fixture, "win.step");
  fixture_wait_for_step (fixture, 1);
  gtk_widget_activate_action (window, "win.copy-view", NULL);
  for (guint i = 0; i < 2; i++)
    {
      gtk_widget_activate_action (window, "win.paste-data", NULL);
      fixture_wait (finds_no_text, fixture);
      converge_window_tell (fixture->window, "Something else was said.");
      g_assert_false (finds_no_text (fixture));
      gdk_clipboard_set_content (gtk_widget_get_clipboard (window), NULL);
    }
}

static void
test_sample (Fixture *fixture,
             gconstpointer data)
{
  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.open-sample", "s",
                              "sample:kinetics");
  wait_for_preview (fixture, "How fast an enzyme works at six concentrations");
  wait_for_preview (fixture, "12 points, rate over concentration");
  answer (fixture, "_Use");
  g_assert_cmpstr (fixture_settings (fixture)->data, ==, "sample:kinetics");
  g_assert_true (gtk_widget_get_visible (fixture_find_row (fixture, "Enzyme kinetics")));
}

/* A sample's model comes with its points, and a row for each of its parameters. */
static void
test_sample_model (Fixture *fixture,
                   gconstpointer data)
{
  g_autofree char *model = NULL;

  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.open-sample", "s",
                              "sample:decay");
  wait_for_preview (fixture, "49 points");
  fixture_wait (can_be_used, fixture);
  answer (fixture, "Use with This _Model");
  g_assert_cmpstr (fixture_settings (fixture)->data, ==, "sample:decay");
  model = ag_setting_format (ag_setting_find (NULL, "model"), fixture_settings (fixture));
  g_assert_cmpstr (model, ==, "a*exp(-b*x)+c");
  g_assert_true (gtk_widget_get_mapped (fixture_find_row (fixture, "c")));
  fixture_do (fixture, "win.step");
  fixture_wait_for_step (fixture, 1);
}

static gboolean
has_file (Fixture *fixture)
{
  return *fixture_settings (fixture)->data != '\0';
}

static void
open_again (Fixture *fixture)
{
  gtk_window_close (GTK_WINDOW (fixture->window));
  while (fixture->window != NULL)
    g_main_context_iteration (NULL, TRUE);
  fixture_open_window (fixture);
}

/* The next window has the data of the last one, or says what became of them. */
static void
test_next_window (Fixture *fixture,
                  gconstpointer data)
{
  g_autofree char *path = write_file ("kept.csv", "a b c\n0 1 2\n1 2 4\n2 3 6\n");

  converge_window_open_data (fixture->window, path);
  wait_for_preview (fixture, "3 points");
  choose ("Column of y", 2);
  wait_for_preview (fixture, "3 points, c over a");
  answer (fixture, "_Use");
  open_again (fixture);
  fixture_wait (has_file, fixture);
  g_assert_cmpstr (fixture_settings (fixture)->data, ==, path);
  g_assert_cmpstr (fixture_settings (fixture)->y, ==, "c");
  g_unlink (path);
  ag_data_file_forget (path);
  open_again (fixture);
  fixture_wait_to_show (fixture, "cannot be read: No such file or directory");
  g_assert_false (has_file (fixture));
}

static gboolean
is_not_reading (Fixture *fixture)
{
  return fixture->window->data_load == NULL;
}

/* Whoever has chosen other data by the time that those of the last time have been read keeps them. */
static void
test_chosen_meanwhile (Fixture *fixture,
                       gconstpointer data)
{
  g_autofree char *path = write_file ("last.csv", "x,y\n0,1\n1,2\n2,4\n");
  g_autofree char *other = write_file ("other.csv", "x,y\n0,1\n1,2\n2,4\n3,8\n");
  g_autoptr (GVariant) saved = NULL;
  GVariantDict dict;

  converge_window_open_data (fixture->window, path);
  wait_for_preview (fixture, "3 points");
  answer (fixture, "_Use");
  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert (&dict, "data", "s", path);
  saved = g_variant_ref_sink (g_variant_dict_end (&dict));
  converge_window_open_data (fixture->window, other);
  wait_for_preview (fixture, "4 points");
  fixture_wait (can_be_used, fixture);
  converge_window_restore_data (fixture->window, saved);
  fixture_click (find_button ("_Use"));
  fixture_wait (is_not_reading, fixture);
  g_assert_cmpstr (fixture_settings (fixture)->data, ==, other);
}

/* A file that no thread can be had to read is said not to be read. */
static void
test_no_thread (Fixture *fixture,
                gconstpointer data)
{
  g_autofree char *path = write_file ("table.csv", TABLE);

  has_no_threads = TRUE;
  converge_window_open_data (fixture->window, path);
  has_no_threads = FALSE;
  wait_for_preview (fixture, "No thread could be started to read");
}

int
main (int argc,
      char **argv)
{
  static const FixtureTest tests[] = {
    { "/data-window/drop", test_drop },
    { "/data-window/cancel", test_cancel },
    { "/data-window/wrong-file", test_wrong_file },
    { "/data-window/signs", test_signs },
    { "/data-window/changed", test_changed },
    { "/data-window/changed-under-way", test_changed_under_way },
    { "/data-window/paste", test_paste },
    { "/data-window/paste-without-text", test_paste_without_text },
    { "/data-window/sample", test_sample },
    { "/data-window/sample-model", test_sample_model },
    { "/data-window/next-window", test_next_window },
    { "/data-window/chosen-meanwhile", test_chosen_meanwhile },
    { "/data-window/no-thread", test_no_thread },
  };
  int status;

  folder = g_dir_make_tmp ("converge-data-XXXXXX", NULL);
  status = fixture_run (argc, argv, G_N_ELEMENTS (tests), tests);
  common_remove (folder);
  return status;
}
