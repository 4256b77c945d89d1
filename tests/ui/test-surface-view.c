/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../common.h"
#include "window-fixture.h"

#include "converge-optima.h"
#include "converge-surface-view.h"
#include "converge-tabs.h"
#include "train/initial.h"

#include <math.h>
#include <string.h>

/* The tab that shows the loss over two parameters. */

static GtkWidget *
find_view (Fixture *fixture)
{
  return fixture_find (GTK_WIDGET (fixture->window), CONVERGE_TYPE_SURFACE_VIEW, NULL, NULL);
}

static void
select_tab (Fixture *fixture,
            const char *id)
{
  GtkWidget *root = GTK_WIDGET (fixture->window);

  g_assert_true (converge_tabs_select (
    CONVERGE_TABS (fixture_find (root, CONVERGE_TYPE_TABS, NULL, NULL)), id));
}

static void
open_tab (Fixture *fixture)
{
  select_tab (fixture, "surface");
}

static guint
get_plots (Fixture *fixture,
           ConvergePlot **plots,
           const AgField **field)
{
  const AgRunSpec *spec;
  double least;

  return converge_surface_view_get_plots (CONVERGE_SURFACE_VIEW (find_view (fixture)), plots, &spec,
                                          field, &least);
}

/* The first plot, complete. */
static ConvergePlot *
get_plot (Fixture *fixture)
{
  ConvergePlot *plots[CONVERGE_MAX_SURFACES] = { NULL };
  const AgField *field;

  if (get_plots (fixture, plots, &field) == 0 || field->stride > 1)
    return NULL;
  return plots[0];
}

static const ConvergeSeries *
find_series (Fixture *fixture,
             const char *id)
{
  ConvergePlot *plot = get_plot (fixture);

  return plot != NULL ? converge_plot_find_series (plot, id) : NULL;
}

static gboolean
has_two (Fixture *fixture)
{
  ConvergePlot *plots[CONVERGE_MAX_SURFACES] = { NULL };
  const AgField *field;

  return get_plots (fixture, plots, &field) == 2;
}

static gboolean
has_one (Fixture *fixture)
{
  ConvergePlot *plots[CONVERGE_MAX_SURFACES] = { NULL };
  const AgField *field;

  return get_plots (fixture, plots, &field) == 1 && get_plot (fixture) != NULL;
}

static gboolean
is_at_start (Fixture *fixture)
{
  const ConvergeSeries *moment = find_series (fixture, "moment");

  return moment != NULL && strcmp (moment->label, "step 0") == 0;
}

static gboolean
is_at_end (Fixture *fixture)
{
  const ConvergeSeries *moment = find_series (fixture, "moment");

  return moment != NULL && strcmp (moment->label, "step 60") == 0
         && find_series (fixture, "step") != NULL;
}

static gboolean
is_at_12 (Fixture *fixture)
{
  const ConvergeSeries *moment = find_series (fixture, "moment");

  return moment != NULL && strcmp (moment->label, "step 12") == 0;
}

/* A cubic's loss is all in two pictures, before there is a run, and while one goes through its
 * moments. */
static void
test_followed (Fixture *fixture,
               gconstpointer data)
{
  ConvergeRuns *runs = converge_window_get_runs (fixture->window);
  double end;

  open_tab (fixture);
  fixture_wait (has_two, fixture);
  fixture_wait (is_at_start, fixture);
  fixture_train (fixture, "60");
  fixture_wait (is_at_end, fixture);
  end = find_series (fixture, "moment")->x[0];
  fixture_wait_to_show (fixture, "Two pictures show the whole loss");
  converge_runs_set_step (runs, 12);
  fixture_wait (is_at_12, fixture);
  g_assert_cmpfloat (find_series (fixture, "moment")->x[0], !=, end);
  g_assert_cmpstr (find_series (fixture, "optimum")->label, ==, "optimum");
  g_assert_nonnull (find_series (fixture, "axis-0"));
  g_assert_nonnull (find_series (fixture, "axis-1"));
  g_assert_nonnull (find_series (fixture, "slope"));
}

static gboolean
has_words (GtkWidget *widget,
           const char *name)
{
  GListModel *model = gtk_drop_down_get_model (GTK_DROP_DOWN (widget));
  const guint n = g_list_model_get_n_items (model);

  for (guint i = 0; i < n; i++)
    if (strcmp (gtk_string_list_get_string (GTK_STRING_LIST (model), i), name) == 0)
      return TRUE;
  return FALSE;
}

/* Kinds of planes, and parameters. */
static void
test_choices (Fixture *fixture,
              gconstpointer data)
{
  GtkDropDown *kinds, *across;
  ConvergePlot *plots[CONVERGE_MAX_SURFACES] = { NULL };
  const AgField *field;

  open_tab (fixture);
  fixture_train (fixture, "60");
  fixture_wait (has_two, fixture);
  kinds = GTK_DROP_DOWN (
    fixture_find (find_view (fixture), GTK_TYPE_DROP_DOWN, has_words, "Plane of the Path"));
  across = GTK_DROP_DOWN (fixture_find (find_view (fixture), GTK_TYPE_DROP_DOWN, has_words, "c"));
  gtk_drop_down_set_selected (kinds, 1);
  fixture_wait (has_one, fixture);
  fixture_wait_to_show (fixture, "Slice: the other parameters are as at step 60.");
  gtk_drop_down_set_selected (kinds, 2);
  fixture_wait_to_show (fixture, "The plane in which the path moves most");
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (across)));
  gtk_drop_down_set_selected (kinds, 0);
  fixture_wait (has_two, fixture);
  /* The parameter that was up gives way. */
  gtk_drop_down_set_selected (across, 3);
  fixture_wait (has_one, fixture);
  get_plots (fixture, plots, &field);
  g_assert_cmpstr (plots[0]->x.label, ==, "d");
  g_assert_cmpstr (plots[0]->y.label, ==, "a");
}

static gboolean
has_second_run (Fixture *fixture)
{
  return converge_runs_n (converge_window_get_runs (fixture->window)) == 2
         && fixture_snapshot (fixture) != NULL && fixture_snapshot (fixture)->step > 0;
}

/* Enter at the crosshair starts a run there, whose first loss is what is to be seen there. */
static void
test_start (Fixture *fixture,
            gconstpointer data)
{
  ConvergeRuns *runs = converge_window_get_runs (fixture->window);
  GtkWidget *plot_view;
  AgHistoryEntry entry;
  const AgField *field;
  ConvergePlot *plots[CONVERGE_MAX_SURFACES] = { NULL };
  double initial[4];
  double seen;
  ConvergeRun *run;

  open_tab (fixture);
  fixture_choose (fixture, "Program", 3);
  fixture_train (fixture, "60");
  fixture_wait (is_at_end, fixture);
  plot_view = fixture_find (find_view (fixture), CONVERGE_TYPE_PLOT_VIEW, NULL, NULL);
  gtk_widget_grab_focus (plot_view);
  fixture_wait_for_frames (fixture);
  fixture_press (plot_view, GDK_KEY_Left);
  fixture_press (plot_view, GDK_KEY_Up);
  fixture_press (plot_view, GDK_KEY_Return);
  fixture_wait (has_second_run, fixture);
  run = converge_runs_get_selected (runs);
  g_assert_true (ag_run_spec_initial (converge_run_spec (run), initial, NULL));
  fixture_wait (has_one, fixture);
  get_plots (fixture, plots, &field);
  seen = ag_field_interpolate (field, initial[1], initial[3]);
  g_assert_cmpuint (ag_history_read (converge_run_history (run), 0, 0, 0, 1, &entry), ==, 1);
  /* Between nodes it is interpolated, and the run's numbers are of single precision. */
  g_assert_cmpfloat_with_epsilon (entry.loss / seen, 1, 2e-2);
}

/* What was zoomed to is looked at anew. */
static gboolean
is_zoomed (Fixture *fixture)
{
  ConvergePlot *plots[CONVERGE_MAX_SURFACES] = { NULL };
  const AgField *field;
  double x0, x1, y0, y1;

  if (get_plots (fixture, plots, &field) == 0 || field->stride > 1 || !plots[0]->x.has_view)
    return FALSE;
  converge_plot_get_range (plots[0], &x0, &x1, &y0, &y1);
  return field->plane->range[0][0] == x0 && field->plane->range[1][1] == y1;
}

static void
test_zoom (Fixture *fixture,
           gconstpointer data)
{
  GtkWidget *plot_view;

  open_tab (fixture);
  fixture_choose (fixture, "Program", 3);
  fixture_train (fixture, "60");
  fixture_wait (is_at_end, fixture);
  plot_view = fixture_find (find_view (fixture), CONVERGE_TYPE_PLOT_VIEW, NULL, NULL);
  fixture_press (plot_view, GDK_KEY_plus);
  fixture_wait (is_zoomed, fixture);
}

static void
test_export (Fixture *fixture,
             gconstpointer data)
{
  g_autofree char *folder = g_dir_make_tmp ("converge-test-XXXXXX", NULL);
  g_autofree char *table = NULL;
  g_autofree char *picture = NULL;
  g_autofree char *text = NULL;

  open_tab (fixture);
  fixture_train (fixture, "60");
  fixture_wait (is_at_end, fixture);
  table = fixture_export (fixture, folder, "surface.csv", CONVERGE_EXPORT_SURFACE);
  picture = fixture_export (fixture, folder, "surface.svg", CONVERGE_EXPORT_SURFACE_PICTURE);
  g_assert_true (g_file_get_contents (table, &text, NULL, NULL));
  g_assert_true (g_str_has_prefix (text, "b,d,loss,excess\n"));
  g_assert_true (g_file_test (picture, G_FILE_TEST_EXISTS));
  common_remove (folder);
}

/* Who cannot see it is told what there is. */
static void
test_held (Fixture *fixture,
           gconstpointer data)
{
  open_tab (fixture);
  fixture_wait (has_two, fixture);
  converge_settings_set_text (converge_window_get_settings (fixture->window), "hold", "a,b,c");
  fixture_wait_to_show (fixture, "A surface needs two parameters that are not held.");
  converge_settings_set_text (converge_window_get_settings (fixture->window), "hold", "a,c");
  fixture_wait (has_one, fixture);
}

static gboolean
has_coarse (Fixture *fixture)
{
  ConvergePlot *plots[CONVERGE_MAX_SURFACES] = { NULL };
  const AgField *field;

  return get_plots (fixture, plots, &field) > 0;
}

static gboolean
knows_optimum (Fixture *fixture)
{
  return converge_optima_find (converge_optima_get_default (), fixture_settings (fixture)) != NULL;
}

static gboolean
is_fine (Fixture *fixture)
{
  return get_plot (fixture) != NULL;
}

/* A picture that was left while it was coarse becomes fine when it is seen again. */
static void
test_left (Fixture *fixture,
           gconstpointer data)
{
  ConvergeSettings *settings = converge_window_get_settings (fixture->window);

  converge_settings_set_text (settings, "program", "mlp");
  converge_settings_set_text (settings, "points", "2000");
  fixture_wait (knows_optimum, fixture);
  open_tab (fixture);
  fixture_wait (has_coarse, fixture);
  select_tab (fixture, "parameters");
  for (guint i = 0; i < 20; i++)
    fixture_wait_for_frames (fixture);
  open_tab (fixture);
  fixture_wait (is_fine, fixture);
}

int
main (int argc,
      char **argv)
{
  static const FixtureTest tests[] = {
    { "/surface-view/followed", test_followed },
    { "/surface-view/choices", test_choices },
    { "/surface-view/start", test_start },
    { "/surface-view/zoom", test_zoom },
    { "/surface-view/export", test_export },
    { "/surface-view/held", test_held },
    { "/surface-view/left", test_left },
  };

  return fixture_run (argc, argv, G_N_ELEMENTS (tests), tests);
}
