/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "window-fixture.h"

#include "converge-window-private.h"

#include <math.h>

#define NO_LIMIT 0

/* The window as a whole: how it stands, closes and comes back. */

static gboolean
has_css_class (GtkWidget *widget,
               const char *name)
{
  return gtk_widget_has_css_class (widget, name);
}

static int
formula_height (Fixture *fixture)
{
  GtkWidget *label = fixture_find (GTK_WIDGET (fixture->window), GTK_TYPE_LABEL, has_css_class,
                                   "formula");

  return gtk_widget_get_height (label);
}

/* One key makes all larger, without controls, and another press undoes it. */
static void
test_presentation (Fixture *fixture,
                   gconstpointer data)
{
  int height;

  fixture_do (fixture, "win.step");
  fixture_wait_for_step (fixture, 1);
  fixture_wait_for_frames (fixture);
  height = formula_height (fixture);
  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.presentation", NULL);
  fixture_wait (fixture_are_controls_hidden, fixture);
  fixture_wait_for_frames (fixture);
  g_assert_cmpfloat (formula_height (fixture), >, 1.3 * height);
  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.presentation", NULL);
  fixture_wait (fixture_are_controls_shown, fixture);
  fixture_wait_for_frames (fixture);
  g_assert_cmpint (formula_height (fixture), ==, height);
}

static void
find_place (GtkWidget *widget,
            Fixture *fixture,
            double *x,
            double *y)
{
  g_assert_true (gtk_widget_translate_coordinates (widget, GTK_WIDGET (fixture->window), 0, 0, x, y));
}

/* No message moves a control under the pointer, whether it is about a field, the
 * run, or what does not go together. */
static void
test_nothing_jumps (Fixture *fixture,
                    gconstpointer data)
{
  GtkWidget *train = fixture_find_button (fixture, "win.train");
  GtkWidget *row = fixture_find_row (fixture, "Target");
  GtkWidget *plot = GTK_WIDGET (fixture_find_plot (fixture, "loss"));
  GtkWidget *step = fixture_find_button (fixture, "win.step");
  double places[8], later[8];

  fixture_spin (300);
  find_place (train, fixture, &places[0], &places[1]);
  find_place (row, fixture, &places[2], &places[3]);
  find_place (plot, fixture, &places[4], &places[5]);
  find_place (step, fixture, &places[6], &places[7]);
  gtk_widget_grab_focus (fixture_find_entry (fixture, "Steps"));
  fixture_type (fixture, "Steps", "none");
  fixture_type (fixture, "x from", "9");
  fixture_choose (fixture, "Optimizer", 3);
  fixture_spin (300);
  fixture_type (fixture, "x from", "-1");
  fixture_type (fixture, "Steps", "2000");
  fixture_choose (fixture, "Optimizer", 0);
  fixture_type (fixture, "Learning rate", "1e-2");
  fixture_set_pace (fixture, NO_LIMIT);
  fixture_do (fixture, "win.train");
  fixture_wait_for_state (fixture, AG_TRAINER_DIVERGED);
  fixture_wait_to_show (fixture, "diverged at step");
  fixture_spin (300);
  find_place (train, fixture, &later[0], &later[1]);
  find_place (row, fixture, &later[2], &later[3]);
  plot = GTK_WIDGET (fixture_find_plot (fixture, "loss"));
  find_place (plot, fixture, &later[4], &later[5]);
  find_place (step, fixture, &later[6], &later[7]);
  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    g_assert_cmpfloat (places[i], ==, later[i]);
}

/* In the middle of long steps. */
static void
test_close (Fixture *fixture,
            gconstpointer data)
{
  fixture_type (fixture, "Points", "2000000");
  fixture_type (fixture, "Learning rate", "1e-10");
  fixture_set_pace (fixture, NO_LIMIT);
  fixture_do (fixture, "win.train");
  fixture_wait_for_step (fixture, 1);
  gtk_window_close (GTK_WINDOW (fixture->window));
  fixture_wait (fixture_is_closed, fixture);
}

static void
test_restore (Fixture *fixture,
              gconstpointer data)
{
  const AgRunSpec *after;
  AgRunSpec before;

  fixture_choose (fixture, "Program", 5);
  fixture_choose (fixture, "Optimizer", 3);
  fixture_type (fixture, "Learning rate", "0.0125");
  fixture_type (fixture, "Steps", "123");
  fixture_type (fixture, "y =", "exp(x/2)");
  fixture_type (fixture, "x from", "-2");
  fixture_type (fixture, "Points", "77");
  fixture_type (fixture, "Seed", "42");
  fixture_choose (fixture, "Precision", 1);
  fixture_set_pace (fixture, 100);
  before = *fixture_settings (fixture);
  gtk_window_close (GTK_WINDOW (fixture->window));
  fixture_wait (fixture_is_closed, fixture);

  fixture_open_window (fixture);
  after = fixture_settings (fixture);
  g_assert_true (after->program == before.program);
  g_assert_true (after->optimizer == before.optimizer);
  g_assert_cmpfloat (after->lr, ==, 0.0125);
  g_assert_cmpmem (before.options, sizeof before.options, after->options, sizeof after->options);
  g_assert_cmpint (after->steps, ==, 123);
  g_assert_cmpstr (after->target, ==, "exp(x/2)");
  g_assert_cmpfloat (after->from, ==, -2);
  g_assert_cmpfloat (after->to, ==, G_PI);
  g_assert_cmpint (after->points, ==, 77);
  g_assert_cmpuint (after->seed, ==, 42);
  g_assert_cmpint (after->dtype, ==, AG_DTYPE_FLOAT64);
  g_assert_cmpstr (after->init, ==, "seed");
  g_assert_cmpfloat (after->pace, ==, 100);
}

/* What was hidden in a legend stays hidden. */
static void
test_visibility (Fixture *fixture,
                 gconstpointer data)
{
  ConvergePlotView *view = fixture_find_plot (fixture, "fit");
  ConvergePlot *plot = converge_plot_view_get_plot (view);

  g_assert_false (converge_plot_find_series (plot, "residual")->is_visible);
  g_signal_emit_by_name (view, "toggled", "residual", TRUE);
  g_signal_emit_by_name (view, "toggled", "trail", FALSE);
  g_assert_true (converge_plot_find_series (plot, "residual")->is_visible);
  fixture_type (fixture, "Steps", "20");
  fixture_do (fixture, "win.train");
  fixture_wait_for_state (fixture, AG_TRAINER_DONE);
  gtk_window_close (GTK_WINDOW (fixture->window));
  fixture_wait (fixture_is_closed, fixture);
  fixture_open_window (fixture);
  view = fixture_find_plot (fixture, "fit");
  plot = converge_plot_view_get_plot (view);
  g_assert_true (converge_plot_find_series (plot, "residual")->is_visible);
  g_assert_false (converge_plot_find_series (plot, "trail")->is_visible);
}

static gboolean
has_no_message (Fixture *fixture)
{
  GtkWidget *first = gtk_widget_get_first_child (GTK_WIDGET (fixture->window->toasts));

  return gtk_widget_get_next_sibling (first) == NULL;
}

/* Whoever is quick sends a message away in the frame that it comes in, and the next one while that
 * one still fades. */
static void
test_quick_dismissal (Fixture *fixture,
                      gconstpointer data)
{
  gboolean has_animations;

  for (guint i = 0; i < 4; i++)
    {
      converge_window_tell (fixture->window, "Something was said.");
      adw_toast_dismiss (fixture->window->toast);
      if (i % 2 == 1)
        fixture_wait_for_frames (fixture);
    }
  g_object_get (gtk_widget_get_settings (GTK_WIDGET (fixture->window)), "gtk-enable-animations",
                &has_animations, NULL);
  g_assert_true (has_animations);
  fixture_wait (has_no_message, fixture);
  fixture_spin (600);
  converge_window_tell (fixture->window, "Something was said.");
  fixture_wait_for_frames (fixture);
  g_assert_false (has_no_message (fixture));
}

static const FixtureTest tests[] = {
  { "/window/presentation", test_presentation },
  { "/window/nothing-jumps", test_nothing_jumps },
  { "/window/close", test_close },
  { "/window/restore", test_restore },
  { "/window/visibility", test_visibility },
  { "/window/quick-dismissal", test_quick_dismissal },
};

int
main (int argc,
      char **argv)
{
  return fixture_run (argc, argv, G_N_ELEMENTS (tests), tests);
}
