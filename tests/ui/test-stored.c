/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_SETTINGS_ENABLE_BACKEND
#include "converge-plots.h"
#include "converge-store.h"
#include "window-fixture.h"

#include <gio/gsettingsbackend.h>
#include <glib/gstdio.h>
#include <string.h>

/* Windows that start with what a key file says, however that came to be in there. A window reads
 * each key by itself, then the name of a tab and a whole run. All nonsense is read so beside a
 * window that is open, and some of each sort by one that starts. */

#define TOAST "Some stored settings could not be used."

typedef struct
{
  const char *name;
  const char *lines;
} Stored;

static const Stored nonsense[] = {
  { "wide", "width=2147483647" },
  { "negative", "height=-5" },
  { "no-size", "width=0\nheight=0" },
  { "divider", "divider=-7" },
  { "type-of-size", "width='abc'" },
  { "type-of-flag", "maximized=7" },
  { "type-of-tab", "tab=5" },
  { "type-of-series", "series=3" },
  { "type-of-run", "run=[1,2]" },
  { "style", "style='purple'" },
  { "no-value", "maximized=[1, 2" },
  { "cut-off", "run={'program': 'auto" },
  { "empty", "divider=" },
  { "tab", "tab='nonsense'" },
  { "interval", "run={'program': 'autograd', 'target': '1', 'from': '-1.7e308', 'to': '1.7e308'}" },
  { "program", "run={'program': 'nope', 'steps': '3'}" },
  { "no-program", "run={'steps': '3'}" },
  { "optimizer", "run={'program': 'autograd', 'optimizer': 'x'}" },
  { "dtype", "run={'program': 'autograd', 'dtype': 'zz'}" },
  { "integers", "run={'program': 'autograd', 'dtype': 'int64'}" },
  { "device", "run={'program': 'autograd', 'device': 'gpu9'}" },
  { "pace", "run={'program': 'autograd', 'pace': 'nan'}" },
  { "pace-text", "run={'program': 'autograd', 'pace': 'fast'}" },
  { "steps", "run={'program': 'autograd', 'steps': '-1'}" },
  { "rate", "run={'program': 'autograd', 'lr': 'x'}" },
  { "formula", "run={'program': 'autograd', 'target': '(('}" },
  { "no-values", "run={'program': 'autograd', 'target': 'log(x)'}" },
  { "ends", "run={'program': 'autograd', 'from': '5', 'to': '-5'}" },
  { "end", "run={'program': 'autograd', 'to': '1/0'}" },
  { "too-wide", "run={'program': 'autograd', 'target': '1', 'to': '1e39'}" },
  { "points", "run={'program': 'autograd', 'points': '1e99'}" },
  { "seed", "run={'program': 'autograd', 'seed': '-'}" },
  { "init", "run={'program': 'autograd', 'init': 'q=1'}" },
};

/* What windows start with, beside a run with a long formula. */
static const char *const at_start[] = { "wide", "style", "cut-off", "tab", "interval" };

static char *folder;

static GSettingsBackend *
store (const Stored *stored)
{
  g_autofree char *path = g_build_filename (folder, "keyfile", NULL);
  g_autofree char *text = g_strconcat ("[io/github/converge/Converge]\n", stored->lines, "\n", NULL);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  return g_keyfile_settings_backend_new (path, "/", NULL);
}

static void
set_up (Fixture *fixture,
        gconstpointer data)
{
  fixture_set_up_stored (fixture, store (data));
}

static gboolean
tells (Fixture *fixture)
{
  return fixture_shows (fixture, TOAST);
}

static void
check_trains (Fixture *fixture)
{
  fixture_do (fixture, "win.step");
  fixture_wait_for_step (fixture, 1);
  fixture_spin (50);
}

static void
check_defaults (const AgRunSpec *spec)
{
  AgRunSpec expected;

  ag_run_spec_init (&expected, ag_program_class_find ("autograd"));
  g_assert_true (spec->program == expected.program);
  g_assert_true (spec->optimizer == expected.optimizer);
  g_assert_cmpfloat (spec->lr, ==, expected.lr);
  g_assert_cmpint (spec->steps, ==, expected.steps);
  g_assert_cmpstr (spec->target, ==, expected.target);
  g_assert_cmpfloat (spec->from, ==, expected.from);
  g_assert_cmpfloat (spec->to, ==, expected.to);
  g_assert_cmpint (spec->points, ==, expected.points);
  g_assert_cmpint (spec->dtype, ==, expected.dtype);
  g_assert_cmpfloat (spec->pace, ==, 250);
}

/* Nonsense leaves the defaults and is told of. */
static void
test_at_start (Fixture *fixture,
               gconstpointer data)
{
  fixture_wait (tells, fixture);
  check_defaults (fixture_settings (fixture));
  check_trains (fixture);
}

/* No key has another value than it has where nothing is stored. */
static void
check_keys (GSettings *stored)
{
  static const char *const keys[] = { "width", "height", "maximized", "divider", "series", "style",
                                      "asks" };

  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      g_autoptr (GVariant) value = g_settings_get_value (stored, keys[i]);
      g_autoptr (GVariant) expected = g_settings_get_default_value (stored, keys[i]);

      g_assert_true (g_variant_equal (value, expected));
    }
}

/* All nonsense is noticed as a window reads it, and leaves the defaults. */
static void
test_nonsense (Fixture *fixture,
               gconstpointer data)
{
  ConvergeSettings *settings = converge_window_get_settings (fixture->window);
  ConvergePlots *plots = CONVERGE_PLOTS (
    fixture_find (GTK_WIDGET (fixture->window), CONVERGE_TYPE_PLOTS, NULL, NULL));

  for (guint i = 0; i < G_N_ELEMENTS (nonsense); i++)
    {
      g_autoptr (GSettingsBackend) backend = store (&nonsense[i]);
      g_autoptr (GSettings) stored = g_settings_new_with_backend ("io.github.converge.Converge", backend);
      g_autoptr (GVariant) run = NULL;
      g_autofree char *tab = NULL;
      gboolean is_sound = converge_store_mend (stored);

      check_keys (stored);
      tab = g_settings_get_string (stored, "tab");
      is_sound &= converge_plots_set_tab (plots, tab);
      run = g_settings_get_value (stored, "run");
      is_sound &= converge_settings_restore (settings, run);
      if (is_sound)
        g_error ("Nobody notices the nonsense “%s”.", nonsense[i].name);
      check_defaults (fixture_settings (fixture));
      fixture_wait_for_frames (fixture);
    }
  check_trains (fixture);
}

static void
open_again (Fixture *fixture)
{
  gtk_window_close (GTK_WINDOW (fixture->window));
  while (fixture->window != NULL)
    g_main_context_iteration (NULL, TRUE);
  fixture_open_window (fixture);
  fixture_spin (300);
}

/* Nonsense does not stay. */
static void
test_once (Fixture *fixture,
           gconstpointer data)
{
  fixture_wait (tells, fixture);
  open_again (fixture);
  g_assert_false (tells (fixture));
}

/* What could be set in the window is not nonsense. */
static void
test_sense (Fixture *fixture,
            gconstpointer data)
{
  fixture_spin (300);
  g_assert_false (tells (fixture));
  check_trains (fixture);
}

/* What a window has stored, however odd, it takes again. */
static void
test_own (Fixture *fixture,
          gconstpointer data)
{
  static const char *const values[] = { "a=nan", "a=1e300, d=-0", "published" };

  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    {
      fixture_choose (fixture, "Initial values", 2);
      fixture_type (fixture, "Values", values[i]);
      fixture_type (fixture, "x from", "4");
      open_again (fixture);
      g_assert_false (tells (fixture));
    }
}

static char *
make_long_run (void)
{
  g_autofree char *many = g_strnfill (200000, 'x');

  return g_strdup_printf ("run={'program': 'autograd', 'target': '%s'}", many);
}

static gboolean
has_label (GtkWidget *widget,
           const char *label)
{
  return g_strcmp0 (gtk_button_get_label (GTK_BUTTON (widget)), label) == 0;
}

static gboolean
has_tab_in_sight (Fixture *fixture)
{
  GtkWidget *tab = fixture_find (GTK_WIDGET (fixture->window), GTK_TYPE_TOGGLE_BUTTON, has_label,
                                 "Code");
  GtkWidget *line = tab != NULL ? gtk_widget_get_ancestor (tab, GTK_TYPE_SCROLLED_WINDOW) : NULL;
  graphene_rect_t place;

  return line != NULL && gtk_widget_compute_bounds (tab, line, &place) && place.size.width > 0
         && place.origin.x >= 0
         && place.origin.x + place.size.width <= (float) gtk_widget_get_width (line);
}

/* The window begins with the last of more tabs than there is room for. */
static void
test_tab (Fixture *fixture,
          gconstpointer data)
{
  fixture_wait (has_tab_in_sight, fixture);
}

static const Stored *
find_nonsense (const char *name)
{
  guint i = 0;

  while (strcmp (nonsense[i].name, name) != 0)
    i++;
  return &nonsense[i];
}

int
main (int argc,
      char **argv)
{
  static const Stored sense[] = {
    { "nothing", "" },
    { "no-run", "run={}" },
    { "series", "series={'loss': false, 'x': true}" },
    { "constant", "run={'program': 'numpy', 'target': 'sin(x)^2+cos(x)^2'}" },
    { "last-bit", "run={'program': 'numpy', 'from': '1', 'to': '1.0000000000000002'}" },
    { "huge", "run={'program': 'numpy', 'target': '1', 'from': '-8e307', 'to': '8e307'}" },
  };
  static const Stored everywhere = {
    "everywhere",
    "width=-1\nstyle=4\ntab='x'\nseries=3\nrun={'program': 'nope'}",
  };
  static const Stored last_tab = { "tab", "width=560\nheight=700\ntab='code'" };
  g_autofree char *long_run = make_long_run ();
  g_autofree char *path = NULL;
  Stored many = { "long", long_run };
  int status;

  gtk_test_init (&argc, &argv);
  folder = g_dir_make_tmp ("converge-stored-XXXXXX", NULL);
  path = g_build_filename (folder, "keyfile", NULL);
  fixture_add ("/stored/nonsense", test_nonsense);
  for (guint i = 0; i < G_N_ELEMENTS (at_start); i++)
    {
      g_autofree char *name = g_strconcat ("/stored/at-start/", at_start[i], NULL);

      g_test_add (name, Fixture, find_nonsense (at_start[i]), set_up, test_at_start, fixture_tear_down);
    }
  g_test_add ("/stored/at-start/long", Fixture, &many, set_up, test_at_start, fixture_tear_down);
  for (guint i = 0; i < G_N_ELEMENTS (sense); i++)
    {
      g_autofree char *name = g_strconcat ("/stored/sense/", sense[i].name, NULL);

      g_test_add (name, Fixture, &sense[i], set_up, test_sense, fixture_tear_down);
    }
  g_test_add ("/stored/tab", Fixture, &last_tab, set_up, test_tab, fixture_tear_down);
  g_test_add ("/stored/once", Fixture, &everywhere, set_up, test_once, fixture_tear_down);
  g_test_add ("/stored/own", Fixture, &sense[0], set_up, test_own, fixture_tear_down);
  status = g_test_run ();
  g_unlink (path);
  g_rmdir (folder);
  g_free (folder);
  return status;
}
