/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "window-fixture.h"

#include "converge-tabs.h"

#include <math.h>

/* The tab that shows how curved the loss was. */

static const ConvergeSeries *
find_series (Fixture *fixture,
             const char *id)
{
  return converge_plot_find_series (
    converge_plot_view_get_plot (fixture_find_plot (fixture, "sharpness")), id);
}

static gboolean
is_complete (Fixture *fixture)
{
  const ConvergeSeries *series = find_series (fixture, "sharpness");

  return series != NULL && series->n >= 64 && series->x[series->n - 1] > 990;
}

static gboolean
is_empty (Fixture *fixture)
{
  return find_series (fixture, "sharpness")->n == 0;
}

/* It climbs to the edge and beyond while the tab is seen, and nothing is found before. */
static void
test_edge (Fixture *fixture,
           gconstpointer data)
{
  ConvergeTabs *tabs
    = CONVERGE_TABS (fixture_find (GTK_WIDGET (fixture->window), CONVERGE_TYPE_TABS, NULL, NULL));
  const ConvergeSeries *sharpness, *limit;

  fixture_choose (fixture, "Program", 3);
  fixture_type (fixture, "Learning rate", "1e-5");
  fixture_train (fixture, "1000");
  fixture_wait_for_frames (fixture);
  g_assert_cmpuint (find_series (fixture, "sharpness")->n, ==, 0);

  g_assert_true (converge_tabs_select (tabs, "sharpness"));
  fixture_wait (is_complete, fixture);
  sharpness = find_series (fixture, "sharpness");
  limit = find_series (fixture, "limit");
  g_assert_cmpuint (limit->n, ==, sharpness->n);
  g_assert_cmpfloat (fabs (limit->y[0] - 2e5), <, 1);
  g_assert_cmpfloat (sharpness->y[0], <, 0.5 * limit->y[0]);
  g_assert_cmpfloat (sharpness->y[sharpness->n - 1], >, 1.2 * limit->y[0]);

  /* Another run has another curve. */
  fixture_do (fixture, "win.new-run");
  fixture_wait (is_empty, fixture);
}

/* A run that is deleted while its curve is being found, and brought back, has it. */
static void
test_deleted (Fixture *fixture,
              gconstpointer data)
{
  ConvergeTabs *tabs
    = CONVERGE_TABS (fixture_find (GTK_WIDGET (fixture->window), CONVERGE_TYPE_TABS, NULL, NULL));
  GtkWidget *list
    = fixture_find (GTK_WIDGET (fixture->window), g_type_from_name ("ConvergeRunList"), NULL, NULL);

  fixture_choose (fixture, "Program", 3);
  fixture_type (fixture, "Learning rate", "1e-5");
  fixture_train (fixture, "1000");
  g_assert_true (converge_tabs_select (tabs, "sharpness"));
  for (guint i = 0; i < 20; i++)
    {
      fixture_wait_for_frames (fixture);
      gtk_widget_activate_action (list, "runs.delete", NULL);
      gtk_widget_activate_action (list, "runs.undo", NULL);
    }
  fixture_wait (is_complete, fixture);
}

int
main (int argc,
      char **argv)
{
  static const FixtureTest tests[] = {
    { "/sharpness/edge", test_edge },
    { "/sharpness/deleted", test_deleted },
  };

  return fixture_run (argc, argv, G_N_ELEMENTS (tests), tests);
}
