/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../common.h"
#include "converge-sweep-view.h"
#include "window-fixture.h"

#include <math.h>
#include <string.h>

/* The sweep and the map in the window: they follow the settings while they are seen. */

typedef struct
{
  ConvergeSweepView *views[2];
  guint n;
} Found;

static void
find_views (GtkWidget *widget,
            Found *found)
{
  if (CONVERGE_IS_SWEEP_VIEW (widget))
    found->views[found->n++] = CONVERGE_SWEEP_VIEW (widget);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    find_views (child, found);
}

static ConvergeSweepView *
find_view (Fixture *fixture,
           gboolean is_map)
{
  Found found = { { NULL }, 0 };

  find_views (GTK_WIDGET (fixture->window), &found);
  g_assert_cmpuint (found.n, ==, 2);
  return found.views[converge_sweep_n_axes (converge_sweep_view_get_sweep (found.views[0]))
                         == (is_map ? 2 : 1)
                       ? 0
                       : 1];
}

static ConvergeSweep *
find_sweep (Fixture *fixture,
            gboolean is_map)
{
  return converge_sweep_view_get_sweep (find_view (fixture, is_map));
}

static gboolean
is_labelled (GtkWidget *widget,
             const char *name)
{
  return g_strcmp0 (gtk_button_get_label (GTK_BUTTON (widget)), name) == 0;
}

static void
select_tab (Fixture *fixture,
            const char *title)
{
  GtkWidget *button = fixture_find (GTK_WIDGET (fixture->window), GTK_TYPE_TOGGLE_BUTTON,
                                    is_labelled, title);

  g_assert_nonnull (button);
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (button), TRUE);
}

static gboolean
is_swept (Fixture *fixture)
{
  AgSweep *results = converge_sweep_get_results (find_sweep (fixture, FALSE));

  return results != NULL && ag_sweep_is_over (results);
}

static gboolean
is_mapped (Fixture *fixture)
{
  AgSweep *results = converge_sweep_get_results (find_sweep (fixture, TRUE));

  return results != NULL && ag_sweep_is_over (results);
}

static gboolean
is_begun (Fixture *fixture)
{
  AgSweep *results = converge_sweep_get_results (find_sweep (fixture, TRUE));

  return results != NULL && ag_sweep_n_done (results) > 0;
}

static gboolean
is_map_seen (Fixture *fixture)
{
  return gtk_widget_get_mapped (GTK_WIDGET (find_view (fixture, TRUE)));
}

static void
choose (ConvergeSweepView *view,
        double x,
        double y)
{
  g_signal_emit_by_name (converge_sweep_view_get_plot_view (view), "chosen", x, y);
}

/* What is chosen is taken over, and what was swept stays; another setting is another
 * sweep. */
static void
test_sweep (Fixture *fixture,
            gconstpointer data)
{
  ConvergeSweep *sweep = find_sweep (fixture, FALSE);
  ConvergeSettings *settings = converge_window_get_settings (fixture->window);
  g_autoptr (AgSweep) before = NULL;

  g_assert_null (converge_sweep_get_results (sweep));
  fixture_type (fixture, "Steps", "200");
  select_tab (fixture, "Sweep");
  fixture_wait (is_swept, fixture);
  before = ag_sweep_ref (converge_sweep_get_results (sweep));
  g_assert_cmpuint (ag_sweep_n_done (before), ==, 200);
  g_assert_cmpint (ag_sweep_spec (before, 0)->steps, ==, 200);
  fixture_wait_to_show (fixture, "200 runs. The least final loss is");

  choose (find_view (fixture, FALSE), 2.7e-7, 100);
  g_assert_cmpfloat_with_epsilon (fixture_settings (fixture)->lr, 2.7e-7, 1e-8);
  g_assert_true (converge_sweep_get_results (sweep) == before);
  g_assert_cmpfloat (converge_sweep_get_look (sweep)->now[0], ==, fixture_settings (fixture)->lr);

  converge_settings_set_text (settings, "seed", "3");
  g_assert_true (converge_sweep_get_results (sweep) != before);
  fixture_wait (is_swept, fixture);
  g_assert_cmpuint (ag_sweep_spec (converge_sweep_get_results (sweep), 0)->seed, ==, 3);
}

static gboolean
has_no_icon (GtkWidget *widget,
             const char *name)
{
  return gtk_menu_button_get_icon_name (GTK_MENU_BUTTON (widget)) == NULL;
}

static const char *
get_chosen (GtkDropDown *list)
{
  return gtk_string_object_get_string (GTK_STRING_OBJECT (gtk_drop_down_get_selected_item (list)));
}

/* The button has the choices, which show what is swept and change it. */
static void
test_choices (Fixture *fixture,
              gconstpointer data)
{
  GtkWidget *view = GTK_WIDGET (find_view (fixture, FALSE));
  GtkMenuButton *button = GTK_MENU_BUTTON (
    fixture_find (view, GTK_TYPE_MENU_BUTTON, has_no_icon, NULL));
  GtkDropDown *subjects;

  fixture_type (fixture, "Steps", "200");
  select_tab (fixture, "Sweep");
  fixture_wait (is_swept, fixture);
  for (guint i = 0; i < 2; i++)
    {
      gtk_menu_button_popup (button);
      subjects = GTK_DROP_DOWN (fixture_find (GTK_WIDGET (gtk_menu_button_get_popover (button)),
                                              GTK_TYPE_DROP_DOWN, NULL, NULL));
      g_assert_nonnull (subjects);
      g_assert_true (gtk_widget_get_mapped (GTK_WIDGET (subjects)));
      gtk_menu_button_popdown (button);
    }
  g_assert_cmpstr (get_chosen (subjects), ==, "Learning rate");
  g_assert_cmpstr (converge_sweep_get_subject (find_sweep (fixture, FALSE), 0), ==, "lr");

  gtk_drop_down_set_selected (subjects, gtk_drop_down_get_selected (subjects) + 1);
  g_assert_cmpstr (converge_sweep_get_subject (find_sweep (fixture, FALSE), 0), !=, "lr");
  g_assert_cmpstr (get_chosen (subjects), !=, "Learning rate");
  converge_sweep_set_subject (find_sweep (fixture, FALSE), 0, "lr");
  g_assert_cmpstr (get_chosen (subjects), ==, "Learning rate");
}

/* Of all optimizers, the one whose curve is nearest is taken over. */
static void
test_optimizers (Fixture *fixture,
                 gconstpointer data)
{
  ConvergeSweep *sweep = find_sweep (fixture, FALSE);
  AgSweep *results;

  fixture_type (fixture, "Steps", "50");
  select_tab (fixture, "Sweep");
  converge_sweep_set_has_all (sweep, TRUE);
  fixture_wait (is_swept, fixture);
  results = converge_sweep_get_results (sweep);
  g_assert_cmpuint (ag_sweep_n_specs (results), ==, ag_optimizer_n_classes ());
  for (guint i = 0; i < ag_sweep_n_specs (results); i++)
    {
      const guint run = i * ag_sweep_n_values (results, 0) + 150;
      AgSweepResult result;

      if (strcmp (ag_sweep_spec (results, i)->optimizer->id, "adagrad") != 0)
        continue;
      g_assert_true (ag_sweep_read (results, run, &result));
      choose (find_view (fixture, FALSE), ag_sweep_value (results, run, 0), result.final_loss);
      break;
    }
  g_assert_cmpstr (fixture_settings (fixture)->optimizer->id, ==, "adagrad");
}

static void
test_map (Fixture *fixture,
          gconstpointer data)
{
  ConvergeSweep *sweep = find_sweep (fixture, TRUE);
  g_autofree double *values = NULL;

  fixture_type (fixture, "Steps", "20");
  converge_settings_set_text (converge_window_get_settings (fixture->window), "program", "legendre");
  select_tab (fixture, "Map");
  converge_sweep_set_subject (sweep, 0, "init.b");
  converge_sweep_set_subject (sweep, 1, "init.d");
  g_assert_cmpstr (converge_sweep_get_range (sweep, 1), ==, "-2..2");
  fixture_wait (is_mapped, fixture);
  g_assert_cmpuint (ag_sweep_n_done (converge_sweep_get_results (sweep)), ==, 64 * 64);
  choose (find_view (fixture, TRUE), 0.99, -1.01);
  values = ag_run_spec_init_values (fixture_settings (fixture));
  g_assert_nonnull (values);
  g_assert_cmpfloat_with_epsilon (values[1], 0.99, 0.04);
  g_assert_cmpfloat_with_epsilon (values[3], -1.01, 0.04);
  g_assert_true (isnan (values[0]));
}

/* Nobody sees it: it rests, and goes on where it was. A range that is none is told of. */
static void
test_rest (Fixture *fixture,
           gconstpointer data)
{
  ConvergeSweep *sweep = find_sweep (fixture, TRUE);
  AgSweep *results;
  guint n_done;

  fixture_type (fixture, "Steps", "20000");
  select_tab (fixture, "Map");
  fixture_wait (is_begun, fixture);
  results = converge_sweep_get_results (sweep);
  select_tab (fixture, "Loss");
  /* Runs that were just ending end. */
  do
    {
      n_done = ag_sweep_n_done (results);
      fixture_spin (200);
    }
  while (ag_sweep_n_done (results) != n_done);
  g_assert_false (ag_sweep_is_over (results));
  select_tab (fixture, "Map");
  fixture_wait (is_map_seen, fixture);
  fixture_wait_for_frames (fixture);
  g_assert_true (converge_sweep_get_results (sweep) == results);

  converge_sweep_set_range (sweep, 0, "1e-4..1e-8");
  g_assert_null (converge_sweep_get_results (sweep));
  g_assert_nonnull (strstr (converge_sweep_get_error (sweep), "smaller number"));
  fixture_wait_to_show (fixture, "smaller number");
  converge_sweep_set_range (sweep, 0, NULL);
  g_assert_nonnull (converge_sweep_get_results (sweep));
}

static void
test_export (Fixture *fixture,
             gconstpointer data)
{
  g_autofree char *folder = g_dir_make_tmp ("converge-XXXXXX", NULL);
  g_autofree char *table = NULL, *picture = NULL;

  fixture_type (fixture, "Steps", "20");
  select_tab (fixture, "Sweep");
  fixture_wait (is_swept, fixture);
  table = fixture_export (fixture, folder, "sweep.csv", CONVERGE_EXPORT_SWEEP);
  picture = fixture_export (fixture, folder, "sweep.svg", CONVERGE_EXPORT_SWEEP_PICTURE);
  {
    g_auto (GStrv) lines = common_read_lines (table);

    g_assert_cmpstr (lines[0], ==, "optimizer,lr,loss,final_loss,steps_to_1_percent,state");
    g_assert_cmpuint (g_strv_length (lines), ==, 1 + 200);
  }
  g_assert_true (g_file_test (picture, G_FILE_TEST_EXISTS));
  /* Of a map that nobody has looked at there is nothing. */
  g_assert_false (converge_window_export (fixture->window, CONVERGE_EXPORT_MAP, table));
  common_remove (folder);
}

/* By the address of the results the plot is known to be of them, which those who ask for others at
 * once, when some are over, must not get again. */
static void
test_others (Fixture *fixture,
             gconstpointer data)
{
  ConvergeSettings *settings = converge_window_get_settings (fixture->window);
  g_autoptr (ConvergeSweep) sweep
    = converge_sweep_new (settings, converge_window_get_runs (fixture->window), 1);

  converge_settings_set_text (settings, "points", "20");
  converge_settings_set_text (settings, "steps", "2");
  converge_sweep_set_active (sweep, TRUE);
  for (guint i = 0; i < 400; i++)
    {
      AgSweep *before = converge_sweep_get_results (sweep);

      ag_sweep_wait (before, -1);
      converge_sweep_set_range (sweep, 0, i % 2 == 0 ? "1e-7..1e-6" : "2e-7..2e-6");
      g_assert_null (converge_sweep_get_error (sweep));
      g_assert_true (converge_sweep_get_results (sweep) != before);
    }
}

int
main (int argc,
      char **argv)
{
  static const FixtureTest tests[] = {
    { "/sweep-view/sweep", test_sweep },
    { "/sweep-view/choices", test_choices },
    { "/sweep-view/optimizers", test_optimizers },
    { "/sweep-view/map", test_map },
    { "/sweep-view/rest", test_rest },
    { "/sweep-view/export", test_export },
    { "/sweep-view/others", test_others },
  };

  return fixture_run (argc, argv, G_N_ELEMENTS (tests), tests);
}
