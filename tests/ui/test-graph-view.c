/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "window-fixture.h"

#include "converge-code-pane.h"
#include "converge-code-view.h"
#include "converge-graph-view.h"
#include "converge-tabs.h"

#include <string.h>

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

static gboolean
is_seen (GtkWidget *widget,
         const char *name)
{
  return gtk_widget_get_mapped (widget);
}

static ConvergeCodePane *
find_seen_pane (Fixture *fixture)
{
  return CONVERGE_CODE_PANE (
    fixture_find (GTK_WIDGET (fixture->window), CONVERGE_TYPE_CODE_PANE, is_seen, NULL));
}

static gboolean
is_code_seen (Fixture *fixture)
{
  GtkWidget *view = fixture_find (GTK_WIDGET (fixture->window), CONVERGE_TYPE_CODE_VIEW, NULL, NULL);

  return gtk_widget_get_mapped (view);
}

static char *
get_marked_line (ConvergeCodePane *pane)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (converge_code_pane_get_text_view (pane));
  GtkTextIter begin, end;

  gtk_text_buffer_get_iter_at_line (buffer, &begin, converge_code_pane_get_marked_line (pane));
  end = begin;
  gtk_text_iter_forward_to_line_end (&end);
  return gtk_text_buffer_get_text (buffer, &begin, &end, FALSE);
}

/* The line that recorded a box is told, and Enter opens the program there. */
static void
test_line (Fixture *fixture,
           gconstpointer data)
{
  g_autofree char *line = NULL;

  open_tab (fixture);
  fixture_train (fixture, "20");
  fixture_wait_to_show (fixture, "Autograd, step 19: loss ");
  gtk_widget_grab_focus (find_area (fixture));
  for (guint i = 0; i < 10; i++)
    fixture_press (find_area (fixture), GDK_KEY_Right);
  fixture_wait_to_show (fixture, "return ag_reduce (ag_square (ag_residual (prediction");
  g_assert_false (is_code_seen (fixture));
  fixture_press (find_area (fixture), GDK_KEY_Return);
  fixture_wait (is_code_seen, fixture);
  line = get_marked_line (find_seen_pane (fixture));
  g_assert_nonnull (strstr (line, "return ag_reduce (ag_square (ag_residual (prediction"));
  g_assert_cmpuint (converge_code_pane_get_stops (find_seen_pane (fixture)), ==, 1u << AG_STOP_LOSS);
}

/* A click in the fit picks a data point, whose numbers are told; the same again lets go of it. */
static void
test_point (Fixture *fixture,
            gconstpointer data)
{
  ConvergePlotView *fit = fixture_find_plot (fixture, "fit");
  const ConvergeSeries *mark;

  open_tab (fixture);
  fixture_train (fixture, "20");
  fixture_wait_to_show (fixture, "Autograd, step 19: loss ");
  gtk_widget_grab_focus (find_area (fixture));
  for (guint i = 0; i < 2; i++)
    fixture_press (find_area (fixture), GDK_KEY_Right);
  fixture_wait_to_show (fixture, " · Gradient: from ");
  g_assert_false (fixture_shows (fixture, ", at point "));
  g_signal_emit_by_name (fit, "chosen", 1.0, 0.0);
  fixture_wait_to_show (fixture, ", at point 1318 ");
  fixture_wait_for_frames (fixture);
  mark = converge_plot_find_series (converge_plot_view_get_plot (fit), "point");
  g_assert_cmpuint (mark->n, ==, 1);
  g_assert_cmpfloat_with_epsilon (mark->x[0], 1, 2e-3);
  g_signal_emit_by_name (fit, "chosen", 1.0, 0.0);
  fixture_wait_to_hide (fixture, ", at point ");
}

/* Beyond two hundred operations the parts are a box each, which Enter opens and a button closes. */
static void
test_many (Fixture *fixture,
           gconstpointer data)
{
  g_autoptr (GString) formula = g_string_new ("a");
  int width;

  for (guint i = 0; i < 66; i++)
    g_string_append_printf (formula, "+b*sin(%u*x)", i + 1);
  open_tab (fixture);
  fixture_choose (fixture, "Program", 9);
  fixture_type (fixture, "Model", formula->str);
  fixture_train (fixture, "2");
  fixture_wait_to_show (fixture, ", step 1: loss ");
  width = get_width (fixture);
  gtk_widget_grab_focus (find_area (fixture));
  for (guint i = 0; i < 2; i++)
    fixture_press (find_area (fixture), GDK_KEY_Right);
  /* The target is in the same column. */
  if (fixture_shows (fixture, "y · "))
    fixture_press (find_area (fixture), GDK_KEY_Down);
  fixture_wait_to_show (fixture, "operations · Enter or a double click opens it.");
  fixture_press (find_area (fixture), GDK_KEY_Return);
  g_assert_cmpint (get_width (fixture), >, 4 * width);
  fixture_click (fixture_find (find_view (fixture), GTK_TYPE_BUTTON, has_label, "Close Parts"));
  g_assert_cmpint (get_width (fixture), ==, width);
}

static gboolean
is_paused (GtkWidget *widget,
           const char *name)
{
  return g_strcmp0 (gtk_button_get_icon_name (GTK_BUTTON (widget)), "media-playback-start-symbolic") == 0;
}

/* The step is played, one part after the other, by itself or by hand, and can be seen as a whole
 * again. */
static void
test_played (Fixture *fixture,
             gconstpointer data)
{
  open_tab (fixture);
  fixture_train (fixture, "20");
  fixture_wait_to_show (fixture, "Autograd, step 19: loss ");
  gtk_widget_grab_focus (find_area (fixture));
  gtk_widget_activate_action (find_view (fixture), "graph.walk", "i", 1);
  fixture_wait_to_show (fixture, "Predict: what the model makes of the points.");
  gtk_widget_activate_action (find_view (fixture), "graph.walk", "i", -1);
  fixture_wait_to_show (fixture, "Autograd, step 19: loss ");
  gtk_widget_activate_action (find_view (fixture), "graph.walk", "i", -1);
  fixture_wait_to_show (fixture, "Update: the new values of the parameters.");
  fixture_press (find_area (fixture), GDK_KEY_Escape);
  fixture_wait_to_show (fixture, "Autograd, step 19: loss ");

  fixture_press (find_area (fixture), GDK_KEY_space);
  fixture_wait_to_show (fixture, "Loss: how far that is from the target.");
  fixture_press (find_area (fixture), GDK_KEY_space);
  g_assert_true (is_paused (fixture_find (find_view (fixture), GTK_TYPE_BUTTON, is_paused, NULL), NULL));
  fixture_press (find_area (fixture), GDK_KEY_space);
  fixture_wait_to_show (fixture, "Gradient: how the loss changes with each parameter.");
  fixture_wait_to_show (fixture, "Update: the new values of the parameters.");
  fixture_wait_to_show (fixture, "Autograd, step 19: loss ");
}

/* Those who want no motion see each part of the step at once. */
static void
test_no_motion (Fixture *fixture,
                gconstpointer data)
{
  g_object_set (gtk_settings_get_default (), "gtk-enable-animations", FALSE, NULL);
  test_played (fixture, data);
  g_object_set (gtk_settings_get_default (), "gtk-enable-animations", TRUE, NULL);
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
    { "/graph-view/line", test_line },
    { "/graph-view/point", test_point },
    { "/graph-view/many", test_many },
    { "/graph-view/played", test_played },
    { "/graph-view/no-motion", test_no_motion },
  };

  return fixture_run (argc, argv, G_N_ELEMENTS (tests), tests);
}
