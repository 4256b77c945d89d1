/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "window-fixture.h"

#include "converge-graph-view.h"
#include "converge-tabs.h"

/* The tab that shows what a step computes. */

static void
open_tab (Fixture *fixture)
{
  GtkWidget *root = GTK_WIDGET (fixture->window);

  g_assert_true (converge_tabs_select (
    CONVERGE_TABS (fixture_find (root, CONVERGE_TYPE_TABS, NULL, NULL)), "graph"));
}

static GtkWidget *
find_view (Fixture *fixture)
{
  return fixture_find (GTK_WIDGET (fixture->window), CONVERGE_TYPE_GRAPH_VIEW, NULL, NULL);
}

static gboolean
has_label (GtkWidget *widget,
           const char *name)
{
  return g_strcmp0 (gtk_button_get_label (GTK_BUTTON (widget)), name) == 0;
}

static GtkWidget *
find_area (Fixture *fixture)
{
  return fixture_find (find_view (fixture), GTK_TYPE_DRAWING_AREA, NULL, NULL);
}

static int
get_width (Fixture *fixture)
{
  return gtk_drawing_area_get_content_width (GTK_DRAWING_AREA (find_area (fixture)));
}

static void
test_nothing (Fixture *fixture,
              gconstpointer data)
{
  open_tab (fixture);
  fixture_wait_to_show (fixture, "Once a step is taken, this is what it computed.");
}

/* The step that is chosen anywhere is the one that is shown, and live it is the last. */
static void
test_followed (Fixture *fixture,
               gconstpointer data)
{
  ConvergeRuns *runs = converge_window_get_runs (fixture->window);

  open_tab (fixture);
  fixture_train (fixture, "60");
  fixture_wait_to_show (fixture, "Autograd, step 59: loss ");
  converge_runs_set_step (runs, 12);
  fixture_wait_to_show (fixture, "Autograd, step 11: loss ");
  converge_runs_set_step (runs, CONVERGE_LIVE);
  fixture_wait_to_show (fixture, "Autograd, step 59: loss ");
}

/* By keys one goes from box to box, and is told what is in it. */
static void
test_keys (Fixture *fixture,
           gconstpointer data)
{
  open_tab (fixture);
  fixture_train (fixture, "20");
  fixture_wait_to_show (fixture, "Autograd, step 19: loss ");
  gtk_widget_grab_focus (find_area (fixture));
  fixture_press (find_area (fixture), GDK_KEY_Right);
  fixture_wait_to_show (fixture, "Predict, float32");
  for (guint i = 0; i < 10; i++)
    fixture_press (find_area (fixture), GDK_KEY_Right);
  fixture_wait_to_show (fixture, "loss = Σ · Loss, float32 () · Value: ");
}

/* Size, the whole step, and an open Function. */
static void
test_shown (Fixture *fixture,
            gconstpointer data)
{
  GtkWidget *whole, *functions;
  int width;

  open_tab (fixture);
  fixture_choose (fixture, "Program", 3);
  fixture_train (fixture, "20");
  fixture_wait_to_show (fixture, "Custom Function, step 19: loss ");
  width = get_width (fixture);
  g_assert_cmpint (width, >, 0);
  gtk_widget_activate_action (find_view (fixture), "graph.zoom", "i", 2);
  g_assert_cmpint (get_width (fixture), >, width);
  gtk_widget_activate_action (find_view (fixture), "graph.zoom", "i", 0);
  g_assert_cmpint (get_width (fixture), <, width);

  width = get_width (fixture);
  functions = fixture_find (find_view (fixture), GTK_TYPE_TOGGLE_BUTTON, has_label, "Open Functions");
  g_assert_true (gtk_widget_get_visible (functions));
  fixture_click (functions);
  g_assert_cmpint (get_width (fixture), >, width);

  width = get_width (fixture);
  whole = fixture_find (find_view (fixture), GTK_TYPE_TOGGLE_BUTTON, has_label, "Whole Step");
  fixture_click (whole);
  g_assert_cmpint (get_width (fixture), >, width);
}

int
main (int argc,
      char **argv)
{
  static const FixtureTest tests[] = {
    { "/graph-view/nothing", test_nothing },
    { "/graph-view/followed", test_followed },
    { "/graph-view/keys", test_keys },
    { "/graph-view/shown", test_shown },
  };

  return fixture_run (argc, argv, G_N_ELEMENTS (tests), tests);
}
