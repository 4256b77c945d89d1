/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "window-fixture.h"

#include "converge-plot-view-private.h"
#include "converge-status-bar.h"
#include "converge-tabs.h"
#include "converge-time-line.h"
#include "converge-time-scale.h"
#include "plot/run-axis.h"
#include "plot/run-text.h"

#include <math.h>
#include <string.h>

/* The time line: whoever moves the moment moves it for all that is to be seen. */

static GtkWidget *
find_line (Fixture *fixture)
{
  return fixture_find (GTK_WIDGET (fixture->window), CONVERGE_TYPE_TIME_LINE, NULL, NULL);
}

static GtkWidget *
find_scale (Fixture *fixture)
{
  return fixture_find (find_line (fixture), CONVERGE_TYPE_TIME_SCALE, NULL, NULL);
}

static gboolean
has_label (GtkWidget *widget,
           const char *name)
{
  g_autofree char *problem = gtk_test_accessible_check_property (
    GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL, name);

  return problem == NULL;
}

static GtkWidget *
find_button (Fixture *fixture,
             const char *name)
{
  GtkWidget *button = fixture_find (find_line (fixture), GTK_TYPE_BUTTON, has_label, name);

  g_assert_nonnull (button);
  return button;
}

static GtkToggleButton *
find_live (Fixture *fixture)
{
  return GTK_TOGGLE_BUTTON (
    fixture_find (find_line (fixture), GTK_TYPE_TOGGLE_BUTTON, NULL, NULL));
}

static gint64
get_step (Fixture *fixture)
{
  return converge_runs_get_step (converge_window_get_runs (fixture->window));
}

/* On the line, with what is held down beside it. */
static void
press (Fixture *fixture,
       guint key,
       GdkModifierType modifiers)
{
  GtkEventController *keys
    = fixture_find_controller (find_scale (fixture), GTK_TYPE_EVENT_CONTROLLER_KEY);
  gboolean is_handled;

  g_signal_emit_by_name (keys, "key-pressed", key, 0, modifiers, &is_handled);
  g_assert_true (is_handled);
}

static void
drag_to (Fixture *fixture,
         double step)
{
  gboolean is_handled;

  g_signal_emit_by_name (find_scale (fixture), "change-value", GTK_SCROLL_JUMP, step, &is_handled);
  g_assert_true (is_handled);
}

static void
type_step (Fixture *fixture,
           const char *text)
{
  GtkWidget *entry = fixture_find (find_line (fixture), GTK_TYPE_ENTRY, NULL, NULL);

  gtk_widget_grab_focus (entry);
  gtk_editable_set_text (GTK_EDITABLE (entry), text);
  g_signal_emit_by_name (entry, "activate");
}

static const char *
get_typed (Fixture *fixture)
{
  return gtk_editable_get_text (
    GTK_EDITABLE (fixture_find (find_line (fixture), GTK_TYPE_ENTRY, NULL, NULL)));
}

/* What a run that stops there has is what the window shows of a longer one. */
static void
assert_formula_of (Fixture *fixture,
                   gint64 step)
{
  ConvergeRun *run = converge_window_get_run (fixture->window);
  g_autoptr (AgMoment) moment = ag_moments_at (converge_run_moments (run), step, NULL, NULL);
  g_autofree char *formula
    = converge_run_text_formula (converge_run_spec (run), moment->coefficients);

  fixture_wait_to_show (fixture, formula);
}

static void
test_keys (Fixture *fixture,
           gconstpointer data)
{
  fixture_train (fixture, "500");
  g_assert_cmpint (get_step (fixture), ==, CONVERGE_LIVE);
  press (fixture, GDK_KEY_Left, 0);
  g_assert_cmpint (get_step (fixture), ==, 499);
  press (fixture, GDK_KEY_Left, GDK_SHIFT_MASK);
  g_assert_cmpint (get_step (fixture), ==, 399);
  fixture_wait_to_show (fixture, "step 399 / 500");
  assert_formula_of (fixture, 399);
  press (fixture, GDK_KEY_Right, 0);
  g_assert_cmpint (get_step (fixture), ==, 400);
  press (fixture, GDK_KEY_Right, GDK_SHIFT_MASK);
  g_assert_cmpint (get_step (fixture), ==, CONVERGE_LIVE);
  fixture_wait_to_show (fixture, "step 500 / 500");

  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.move", "i", CONVERGE_MOVE_FIRST);
  g_assert_cmpint (get_step (fixture), ==, 0);
  fixture_wait_to_show (fixture, "step 0 / 500");
  g_assert_false (gtk_widget_get_sensitive (find_button (fixture, "One step back")));
  fixture_click (find_button (fixture, "One step forward"));
  g_assert_cmpint (get_step (fixture), ==, 1);
  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.move", "i", CONVERGE_MOVE_LAST);
  g_assert_cmpint (get_step (fixture), ==, CONVERGE_LIVE);
  g_assert_false (gtk_widget_get_sensitive (find_button (fixture, "One step forward")));
}

static void
test_drag (Fixture *fixture,
           gconstpointer data)
{
  fixture_train (fixture, "300");
  g_assert_true (gtk_toggle_button_get_active (find_live (fixture)));
  for (gint step = 290; step >= 40; step -= 50)
    drag_to (fixture, step + 0.3);
  g_assert_cmpint (get_step (fixture), ==, 40);
  g_assert_cmpfloat (gtk_range_get_value (GTK_RANGE (find_scale (fixture))), ==, 40);
  fixture_wait_to_show (fixture, "step 40 / 300");
  assert_formula_of (fixture, 40);
  g_assert_cmpstr (get_typed (fixture), ==, "40");
  g_assert_false (gtk_toggle_button_get_active (find_live (fixture)));

  gtk_toggle_button_set_active (find_live (fixture), TRUE);
  g_assert_cmpint (get_step (fixture), ==, CONVERGE_LIVE);
  g_assert_cmpfloat (gtk_range_get_value (GTK_RANGE (find_scale (fixture))), ==, 300);
  fixture_wait_to_show (fixture, "step 300 / 300");
}

/* Not farther than the run has come. */
static void
test_typed (Fixture *fixture,
            gconstpointer data)
{
  fixture_train (fixture, "200");
  type_step (fixture, "37");
  g_assert_cmpint (get_step (fixture), ==, 37);
  fixture_wait_to_show (fixture, "step 37 / 200");
  type_step (fixture, "half");
  g_assert_cmpint (get_step (fixture), ==, 37);
  g_assert_cmpstr (get_typed (fixture), ==, "37");
  type_step (fixture, "1000");
  g_assert_cmpint (get_step (fixture), ==, CONVERGE_LIVE);
  g_assert_cmpstr (get_typed (fixture), ==, "200");
}

/* While the run goes on the past one stays, and a new run is followed live. */
static void
test_under_way (Fixture *fixture,
                gconstpointer data)
{
  fixture_type (fixture, "Steps", "100000");
  fixture_set_pace (fixture, 500);
  fixture_do (fixture, "win.train");
  fixture_wait_for_step (fixture, 100);
  drag_to (fixture, 50);
  fixture_wait_to_show (fixture, "step 50 / 100000");
  fixture_wait_for_step (fixture, fixture_snapshot (fixture)->step + 50);
  g_assert_cmpint (get_step (fixture), ==, 50);
  g_assert_true (fixture_shows (fixture, "step 50 / 100000"));
  g_assert_cmpfloat (gtk_range_get_fill_level (GTK_RANGE (find_scale (fixture))), >=, 150);
  fixture_do (fixture, "win.new-run");
  fixture_wait_for_step (fixture, 1);
  g_assert_cmpint (get_step (fixture), ==, CONVERGE_LIVE);
}

/* Where the rate was changed, and where the loss rose because of it. */
static void
test_marks (Fixture *fixture,
            gconstpointer data)
{
  GtkWidget *scale = find_scale (fixture);
  gint64 changed;

  fixture_type (fixture, "Steps", "400");
  for (guint i = 0; i < 40; i++)
    fixture_do (fixture, "win.step");
  fixture_wait_for_step (fixture, 40);
  changed = fixture_snapshot (fixture)->step;
  fixture_type (fixture, "Learning rate", "3.7e-6");
  fixture_set_pace (fixture, 0);
  fixture_do (fixture, "win.train");
  fixture_wait_for_state (fixture, AG_TRAINER_DONE);
  fixture_wait_for_frames (fixture);

  press (fixture, GDK_KEY_Left, GDK_CONTROL_MASK);
  g_assert_cmpint (get_step (fixture), ==, 399);
  while (get_step (fixture) > changed)
    press (fixture, GDK_KEY_Left, GDK_CONTROL_MASK);
  g_assert_cmpint (get_step (fixture), ==, changed);
  gtk_test_accessible_assert_property (scale, GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT,
                                       "Step 40: the learning rate was changed to 3.7e−6.");
  press (fixture, GDK_KEY_Right, GDK_CONTROL_MASK);
  gtk_test_accessible_assert_property (scale, GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT,
                                       "Step 99: the log has a line here.");
}

static gboolean
is_live (Fixture *fixture)
{
  return get_step (fixture) == CONVERGE_LIVE;
}

static gboolean
is_on_its_way (Fixture *fixture)
{
  return get_step (fixture) > 10;
}

/* A run that is over is played again from its start, and ends where it is live. */
static void
test_play (Fixture *fixture,
           gconstpointer data)
{
  gint64 step;

  fixture_train (fixture, "300");
  fixture_set_pace (fixture, 400);
  fixture_click (find_button (fixture, "Play the time line"));
  g_assert_cmpint (get_step (fixture), ==, 0);
  fixture_wait (is_on_its_way, fixture);
  fixture_click (find_button (fixture, "Pause the time line"));
  step = get_step (fixture);
  fixture_spin (100);
  g_assert_cmpint (get_step (fixture), ==, step);
  press (fixture, GDK_KEY_space, 0);
  fixture_wait (is_live, fixture);
  find_button (fixture, "Play the time line");
}

/* At the newest step, playing is what the run itself does. */
static void
test_play_live (Fixture *fixture,
                gconstpointer data)
{
  fixture_set_pace (fixture, 100);
  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.play", NULL);
  fixture_wait_for_step (fixture, 5);
  fixture_click (find_button (fixture, "Pause the time line"));
  fixture_wait_for_state (fixture, AG_TRAINER_PAUSED);
  fixture_click (find_button (fixture, "Play the time line"));
  fixture_wait_for_state (fixture, AG_TRAINER_RUNNING);
}

/* From one place in a plot to another, in shares of its width. */
static void
drag_in_plot (ConvergePlotView *view,
              double from,
              double to)
{
  GtkWidget *widget = GTK_WIDGET (view);
  GtkEventController *drag = fixture_find_controller (widget, GTK_TYPE_GESTURE_DRAG);
  GtkEventController *click = fixture_find_controller (widget, GTK_TYPE_GESTURE_CLICK);
  const ConvergePlotArea *area = &view->area;
  const double x = area->x + from * area->width, y = area->y + area->height / 2;
  const double length = (to - from) * area->width;

  g_signal_emit_by_name (click, "pressed", 1, x, y);
  g_signal_emit_by_name (drag, "drag-begin", x, y);
  for (guint i = 1; i <= 4 && length != 0; i++)
    g_signal_emit_by_name (drag, "drag-update", i * length / 4, 0.0);
  g_signal_emit_by_name (click, "released", 1, x + length, y);
}

static void
show_tab (Fixture *fixture,
          const char *id)
{
  g_assert_true (converge_tabs_select (
    CONVERGE_TABS (
      fixture_find (GTK_WIDGET (fixture->window), CONVERGE_TYPE_TABS, NULL, NULL)),
    id));
  fixture_wait_for_frames (fixture);
}

/* In a plot over steps a drag takes the moment along, and each of them has a rule there. */
static void
test_plots (Fixture *fixture,
            gconstpointer data)
{
  static const char *const ids[] = { "loss", "parameters", "gradients", "updates" };

  fixture_train (fixture, "400");
  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    {
      ConvergePlotView *view = fixture_find_plot (fixture, ids[i]);
      g_autofree char *status = NULL;
      gint64 step;

      show_tab (fixture, ids[i]);
      drag_in_plot (view, 0.3, 0.6 - 0.1 * i);
      step = get_step (fixture);
      g_assert_cmpint (step, ==, lround (400 * (0.6 - 0.1 * i)));
      status = g_strdup_printf ("step %d / 400", (int) step);
      fixture_wait_to_show (fixture, status);
      fixture_wait_for_frames (fixture);
      g_assert_cmpfloat (converge_run_axis_get_moment (view->plot), ==, (double) step);
      assert_formula_of (fixture, step);
      g_assert_false (view->plot->x.has_view);
    }
  show_tab (fixture, "loss");
  g_assert_cmpfloat (
    converge_run_axis_get_moment (fixture_find_plot (fixture, "loss")->plot), ==, 120);
}

/* Gradients and changes come while their plots are seen, of the steps that the run has taken. */
static gboolean
has_updates (Fixture *fixture)
{
  const ConvergePlot *plot
    = converge_plot_view_get_plot (fixture_find_plot (fixture, "updates"));

  gtk_widget_queue_draw (GTK_WIDGET (fixture_find_plot (fixture, "updates")));
  return converge_plot_find_series (plot, "b")->n == 250;
}

static void
test_updates (Fixture *fixture,
              gconstpointer data)
{
  ConvergeRun *run;
  const ConvergeSeries *gradients, *updates, *norm;
  double square = 0;

  fixture_train (fixture, "250");
  run = converge_window_get_run (fixture->window);
  gradients = converge_plot_find_series (fixture_find_plot (fixture, "gradients")->plot, "b");
  updates = converge_plot_find_series (fixture_find_plot (fixture, "updates")->plot, "b");
  norm = converge_plot_find_series (fixture_find_plot (fixture, "gradients")->plot, "norm");
  g_assert_cmpuint (updates->n, ==, 0);
  show_tab (fixture, "updates");
  fixture_wait (has_updates, fixture);
  show_tab (fixture, "gradients");
  fixture_wait_for_frames (fixture);
  g_assert_cmpuint (gradients->n, ==, 250);
  g_assert_cmpfloat (gradients->y[249], ==, converge_run_snapshot (run)->gradients[1]);
  for (guint i = 0; i < 4; i++)
    square += pow (converge_run_snapshot (run)->gradients[i], 2);
  g_assert_cmpfloat_with_epsilon (norm->y[249], sqrt (square), 1e-9 * sqrt (square));
  /* Against the slope, by the rate, in single precision. */
  for (guint i = 0; i < 250; i++)
    g_assert_cmpfloat_with_epsilon (updates->y[i], -1e-6 * gradients->y[i],
                                    1e-6 + 1e-3 * fabs (updates->y[i]));
}

/* A click chooses a step too, unless it is half of a double click. */
static void
test_click (Fixture *fixture,
            gconstpointer data)
{
  ConvergePlotView *view = fixture_find_plot (fixture, "loss");
  GtkEventController *click
    = fixture_find_controller (GTK_WIDGET (view), GTK_TYPE_GESTURE_CLICK);

  fixture_train (fixture, "400");
  fixture_wait_for_frames (fixture);
  drag_in_plot (view, 0.25, 0.25);
  g_assert_cmpint (get_step (fixture), ==, 100);
  drag_in_plot (view, 0.75, 0.75);
  g_assert_cmpint (get_step (fixture), ==, 300);
  g_signal_emit_by_name (click, "pressed", 2, view->area.x + 0.75 * view->area.width,
                         view->area.y + 20);
  g_assert_cmpint (get_step (fixture), ==, 100);
  drag_in_plot (fixture_find_plot (fixture, "fit"), 0.5, 0.5);
  g_assert_cmpint (get_step (fixture), ==, 100);
}

/* Where a plot was zoomed into a drag moves what is seen, but takes the rule along where it
 * begins there; and what is seen follows the moment. */
static void
test_zoomed (Fixture *fixture,
             gconstpointer data)
{
  ConvergePlotView *view = fixture_find_plot (fixture, "loss");
  double before, x0, x1, y0, y1;

  fixture_train (fixture, "400");
  drag_to (fixture, 200);
  fixture_wait_to_show (fixture, "step 200 / 400");
  for (guint i = 0; i < 4; i++)
    fixture_press (GTK_WIDGET (view), GDK_KEY_plus);
  fixture_wait_for_frames (fixture);
  before = view->plot->x.minimum;
  drag_in_plot (view, 0.2, 0.3);
  g_assert_cmpint (get_step (fixture), ==, 200);
  g_assert_cmpfloat (view->plot->x.minimum, <, before);
  fixture_wait_for_frames (fixture);

  converge_plot_get_range (view->plot, &x0, &x1, &y0, &y1);
  drag_in_plot (view, (200 - x0) / (x1 - x0), 0.3);
  g_assert_cmpint (get_step (fixture), <, 200);
  g_assert_cmpfloat (view->plot->x.minimum, ==, x0);

  drag_to (fixture, 390);
  fixture_wait_to_show (fixture, "step 390 / 400");
  fixture_wait_for_frames (fixture);
  g_assert_cmpfloat (view->plot->x.minimum, >, x0);
  g_assert_cmpfloat (view->plot->x.maximum, >, 390);
}

static void
assert_same_end (ConvergeRun *one,
                 ConvergeRun *two)
{
  const AgSnapshot *a = converge_run_snapshot (one), *b = converge_run_snapshot (two);

  g_assert_cmpint (a->step, ==, b->step);
  g_assert_cmpmem (a->coefficients, a->n_coefficients * sizeof (double), b->coefficients,
                   b->n_coefficients * sizeof (double));
  g_assert_cmpmem (a->gradients, a->n_coefficients * sizeof (double), b->gradients,
                   b->n_coefficients * sizeof (double));
  g_assert_true (a->loss == b->loss && a->final_loss == b->final_loss);
}

/* A branch without a change comes to the same end, to the bit, and the other run stays. */
static void
test_branch (Fixture *fixture,
             gconstpointer data)
{
  ConvergeRuns *runs = converge_window_get_runs (fixture->window);

  g_assert_false (fixture_can (fixture, "win.branch"));
  fixture_choose (fixture, "Program", 5);
  fixture_train (fixture, "300");
  drag_to (fixture, 37);
  fixture_do (fixture, "win.branch");
  g_assert_cmpuint (converge_runs_n (runs), ==, 2);
  g_assert_true (converge_runs_get_selected (runs) == converge_runs_nth (runs, 1));
  g_assert_cmpint (get_step (fixture), ==, CONVERGE_LIVE);
  fixture_wait_for_state (fixture, AG_TRAINER_DONE);
  assert_same_end (converge_runs_nth (runs, 0), converge_runs_nth (runs, 1));
  g_assert_true (g_str_has_suffix (converge_run_get_name (converge_runs_nth (runs, 1)),
                                   " from step 37"));
}

/* What the controls say counts from there on, as far as a branch can be otherwise. */
static void
test_branch_changed (Fixture *fixture,
                     gconstpointer data)
{
  ConvergeRuns *runs = converge_window_get_runs (fixture->window);
  AgHistoryEntry one, two;
  const AgRates *rates;

  fixture_train (fixture, "300");
  fixture_type (fixture, "Learning rate", "2e-6");
  fixture_type (fixture, "Points", "100");
  drag_to (fixture, 37);
  fixture_do (fixture, "win.branch");
  fixture_wait_to_show (fixture, "For another run remains: Points 100.");
  fixture_wait_for_state (fixture, AG_TRAINER_DONE);
  g_assert_cmpint (converge_run_spec (converge_runs_nth (runs, 1))->points, ==, 2000);
  rates = converge_run_rates (converge_runs_nth (runs, 1));
  g_assert_cmpuint (ag_rates_n (rates), ==, 1);
  g_assert_cmpint (ag_rates_nth (rates, 0).step, ==, 37);
  for (gint64 step = 0; step < 300; step++)
    {
      ag_history_read (converge_run_history (converge_runs_nth (runs, 0)), 0, step, step, 1, &one);
      ag_history_read (converge_run_history (converge_runs_nth (runs, 1)), 0, step, step, 1, &two);
      g_assert_true ((one.loss == two.loss) == (step <= 37));
    }
  /* There is nothing to do for a branch of the last step. */
  fixture_type (fixture, "Points", "2000");
  fixture_do (fixture, "win.branch");
  fixture_wait_to_show (fixture, "There is nothing to do");
  g_assert_cmpuint (converge_runs_n (runs), ==, 2);
}

/* A run that is over says why it stands where it does, for readers as well, as long as it is
 * looked at; nothing moves for that. */
static void
test_why (Fixture *fixture,
          gconstpointer data)
{
  GtkWidget *bar
    = fixture_find (GTK_WIDGET (fixture->window), CONVERGE_TYPE_STATUS_BAR, NULL, NULL);
  GtkWidget *why = fixture_find (bar, GTK_TYPE_MENU_BUTTON, NULL, NULL);
  const int height = gtk_widget_get_height (bar);

  g_assert_false (gtk_widget_get_sensitive (why));
  g_assert_cmpfloat (gtk_widget_get_opacity (why), ==, 0);
  fixture_choose (fixture, "Program", 5);
  fixture_train (fixture, "2000");
  fixture_wait_to_show (fixture, "It swings: for ");
  g_assert_true (gtk_widget_get_sensitive (why));
  g_assert_cmpfloat (gtk_widget_get_opacity (why), ==, 1);
  fixture_wait_for_frames (fixture);
  g_assert_cmpint (gtk_widget_get_height (bar), ==, height);
  gtk_menu_button_popup (GTK_MENU_BUTTON (why));
  fixture_wait_to_show (fixture, "A smaller learning rate swings less.");
  {
    g_autofree char *label = gtk_test_accessible_check_property (
      GTK_ACCESSIBLE (why), GTK_ACCESSIBLE_PROPERTY_LABEL, "");

    g_assert_true (strstr (label, "A smaller learning rate swings less.") != NULL);
  }
  gtk_menu_button_popdown (GTK_MENU_BUTTON (why));
  fixture_do (fixture, "win.new-run");
  fixture_wait_to_hide (fixture, "It swings: for ");
}

/* A reader hears of a slider, which step it is at, and of how many. */
static void
test_accessible (Fixture *fixture,
                 gconstpointer data)
{
  GtkWidget *scale = find_scale (fixture);

  gtk_test_accessible_assert_role (scale, GTK_ACCESSIBLE_ROLE_SLIDER);
  g_assert_false (gtk_widget_get_sensitive (scale));
  fixture_train (fixture, "150");
  g_assert_true (gtk_widget_get_sensitive (scale));
  gtk_test_accessible_assert_property (scale, GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT,
                                       "Step 150 of 150");
  drag_to (fixture, 12);
  gtk_test_accessible_assert_property (scale, GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT,
                                       "Step 12 of 150");
  gtk_test_accessible_assert_property (scale, GTK_ACCESSIBLE_PROPERTY_VALUE_NOW, 12.0);
}

int
main (int argc,
      char **argv)
{
  static const FixtureTest tests[] = {
    { "/time-line/keys", test_keys },
    { "/time-line/drag", test_drag },
    { "/time-line/typed", test_typed },
    { "/time-line/under-way", test_under_way },
    { "/time-line/marks", test_marks },
    { "/time-line/play", test_play },
    { "/time-line/play-live", test_play_live },
    { "/time-line/plots", test_plots },
    { "/time-line/updates", test_updates },
    { "/time-line/click", test_click },
    { "/time-line/zoomed", test_zoomed },
    { "/time-line/branch", test_branch },
    { "/time-line/branch-changed", test_branch_changed },
    { "/time-line/why", test_why },
    { "/time-line/accessible", test_accessible },
  };

  return fixture_run (argc, argv, G_N_ELEMENTS (tests), tests);
}
