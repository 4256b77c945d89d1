/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "window-fixture.h"

#include "plot/plot-range.h"
#include "plot/run-plots.h"

#include <math.h>
#include <string.h>

/* Making this many points takes seconds, and a machine has room for them. */
#define MANY_POINTS "100000000"

#define NN 4
#define FLOAT64 1

static ConvergePlot *
get_plot (Fixture *fixture,
          const char *id)
{
  return converge_plot_view_get_plot (fixture_find_plot (fixture, id));
}

static gboolean
plots_nothing (Fixture *fixture)
{
  for (guint i = 0; i < CONVERGE_N_RUN_PLOTS; i++)
    if (get_plot (fixture, converge_run_plot_nth (i)->id)->series->len > 0)
      return FALSE;
  return TRUE;
}

static double
target_at (Fixture *fixture,
           gsize point,
           double *x)
{
  const ConvergeSeries *target = converge_plot_find_series (
    get_plot (fixture, "fit"), "target");

  *x = target->x[point];
  return target->y[point];
}

static void
assert_fault (Fixture *fixture,
              const char *title,
              const char *part)
{
  const char *sentence = fixture_find_error (fixture, title);

  if (part == NULL)
    g_assert_cmpstr (sentence, ==, "");
  else
    g_assert_nonnull (strstr (sentence, part));
  g_assert_true (gtk_widget_has_css_class (fixture_find_entry (fixture, title), "error")
                 == (part != NULL));
}

static gboolean
can_type_points (Fixture *fixture)
{
  return gtk_widget_get_mapped (fixture_find_entry (fixture, "Points"));
}

static void
open_data (Fixture *fixture)
{
  adw_expander_row_set_expanded (
    ADW_EXPANDER_ROW (fixture_find_row (fixture, "Formula, interval, points")), TRUE);
  fixture_wait (can_type_points, fixture);
}

/* Both ends of an interval that is none are marked, and nothing of it is plotted. */
static void
test_interval (Fixture *fixture,
               gconstpointer data)
{
  double x;

  open_data (fixture);
  fixture_type (fixture, "x from", "4");
  assert_fault (fixture, "x from", "x cannot go from 4.0 to 3.14");
  assert_fault (fixture, "x to", "x cannot go from 4.0 to 3.14");
  assert_fault (fixture, "y =", NULL);
  assert_fault (fixture, "Points", NULL);
  g_assert_true (plots_nothing (fixture));
  fixture_do (fixture, "win.train");
  g_assert_true (fixture_has_focus (fixture, "x from"));
  g_assert_null (fixture_snapshot (fixture));

  fixture_type (fixture, "x to", "5");
  assert_fault (fixture, "x from", NULL);
  assert_fault (fixture, "x to", NULL);
  g_assert_cmpfloat (target_at (fixture, 0, &x), ==, sin (4));
  g_assert_cmpfloat (x, ==, 4);
}

/* A target that is no longer the one in the field is not plotted. */
static void
test_target (Fixture *fixture,
             gconstpointer data)
{
  double x;

  open_data (fixture);
  g_assert_true (fixture_shows (fixture, "y = "));
  fixture_type (fixture, "y =", "cos(");
  assert_fault (fixture, "y =", "is no formula");
  g_assert_true (plots_nothing (fixture));
  g_assert_false (fixture_shows (fixture, "y = "));
  fixture_type (fixture, "y =", "cos(x)");
  assert_fault (fixture, "y =", NULL);
  g_assert_cmpfloat (target_at (fixture, 0, &x), ==, cos (-G_PI));
  g_assert_true (fixture_shows (fixture, "y = "));

  /* A formula that is one, and has no value. */
  fixture_type (fixture, "y =", "log(x)");
  assert_fault (fixture, "y =", "has no finite value at x = -3.14");
  assert_fault (fixture, "x from", NULL);
  g_assert_true (plots_nothing (fixture));
  fixture_do (fixture, "win.train");
  g_assert_true (fixture_has_focus (fixture, "y ="));
  g_assert_null (fixture_snapshot (fixture));
}

/* Plots without a run, before one and after one that was reset, are as empty. */
static void
test_reset (Fixture *fixture,
            gconstpointer data)
{
  fixture_do (fixture, "win.step");
  fixture_wait_for_step (fixture, 1);
  fixture_type (fixture, "y =", "cos(");
  g_assert_false (plots_nothing (fixture));
  fixture_do (fixture, "win.stop");
  fixture_wait_for_state (fixture, AG_TRAINER_STOPPED);
  fixture_do (fixture, "win.stop");
  g_assert_null (fixture_snapshot (fixture));
  g_assert_true (plots_nothing (fixture));
}

/* More points than memory holds are refused, with the number that would fit. */
static void
test_memory (Fixture *fixture,
             gconstpointer data)
{
  static const char before[] = "Give at most ";
  g_autofree char *half = NULL;
  const char *sentence, *most;

  fixture_choose (fixture, "Program", NN);
  fixture_choose (fixture, "Precision", FLOAT64);
  fixture_type (fixture, "Points", "1e9");
  sentence = fixture_find_error (fixture, "Points");
  if (*sentence == '\0')
    {
      g_test_skip ("there is memory for 10^9 points");
      return;
    }
  most = strstr (sentence, before);
  g_assert_nonnull (most);
  /* Not all of it, since others take memory meanwhile. */
  half = g_strdup_printf ("%" G_GINT64_FORMAT,
                          g_ascii_strtoll (most + strlen (before), NULL, 10) / 2);
  assert_fault (fixture, "Steps", NULL);
  fixture_do (fixture, "win.train");
  g_assert_true (fixture_has_focus (fixture, "Points"));
  g_assert_null (converge_run_spec (converge_window_get_run (fixture->window)));
  fixture_type (fixture, "Points", half);
  assert_fault (fixture, "Points", NULL);
  g_assert_null (converge_settings_error (converge_window_get_settings (fixture->window)));
}

/* What is being prepared is shown, and given up at once. */
static void
test_preparing (Fixture *fixture,
                gconstpointer data)
{
  ConvergeRun *run = converge_window_get_run (fixture->window);

  fixture_type (fixture, "Points", MANY_POINTS);
  if (*fixture_find_error (fixture, "Points") != '\0')
    {
      g_test_skip (fixture_find_error (fixture, "Points"));
      return;
    }
  fixture_do (fixture, "win.train");
  g_assert_null (fixture_snapshot (fixture));
  fixture_wait_to_show (fixture, "Preparing data");
  fixture_wait_to_show (fixture, "Pause");
  g_assert_true (fixture_can (fixture, "win.stop"));
  fixture_do (fixture, "win.stop");
  g_assert_null (converge_run_spec (run));
  g_assert_null (fixture_snapshot (fixture));
  fixture_wait_to_show (fixture, "step 0 / 2000");
  g_assert_false (fixture_shows (fixture, "Preparing data"));
}

static gboolean
is_round (double value)
{
  const double power = pow (10, floor (log10 (fabs (value)) + 1e-9) - 1);

  return value == 0 || fabs (value / power - rint (value / power)) < 1e-9;
}

/* Where nothing was computed yet, nothing odd is at an end of an axis. */
static void
test_idle_axes (Fixture *fixture,
                gconstpointer data)
{
  for (guint program = 0; program < ag_program_n_classes (); program++)
    {
      fixture_choose (fixture, "Program", program);
      for (guint i = 0; i < CONVERGE_N_RUN_PLOTS; i++)
        {
          const ConvergeRunPlot *kind = converge_run_plot_nth (i);
          double x0, x1, y0, y1;

          if (kind->place == CONVERGE_RUN_PLOT_ABOVE)
            continue;
          converge_plot_get_range (get_plot (fixture, kind->id), &x0, &x1, &y0, &y1);
          g_test_message ("%s: %g to %g", ag_program_class_nth (program)->id, y0, y1);
          g_assert_true (is_round (x0) && is_round (x1) && is_round (y0) && is_round (y1));
        }
    }
}

/* What was typed, but not left when the window is closed, is there the next time. */
static void
test_typed_last (Fixture *fixture,
                 gconstpointer data)
{
  GtkWidget *entry = fixture_find_entry (fixture, "Learning rate");

  gtk_widget_grab_focus (entry);
  fixture_type_only (fixture, "Learning rate", "3e-7");
  g_assert_true (fixture_has_focus (fixture, "Learning rate"));
  gtk_window_close (GTK_WINDOW (fixture->window));
  fixture_wait (fixture_is_closed, fixture);
  fixture_open_window (fixture);
  g_assert_cmpfloat (fixture_settings (fixture)->lr, ==, 3e-7);

  /* A window may also end without being asked. */
  gtk_widget_grab_focus (fixture_find_entry (fixture, "Learning rate"));
  fixture_type_only (fixture, "Learning rate", "2e-7");
  gtk_window_destroy (GTK_WINDOW (fixture->window));
  fixture_wait (fixture_is_closed, fixture);
  fixture_open_window (fixture);
}

static const FixtureTest tests[] = {
  { "/fields/interval", test_interval },
  { "/fields/target", test_target },
  { "/fields/reset", test_reset },
  { "/fields/memory", test_memory },
  { "/fields/preparing", test_preparing },
  { "/fields/idle-axes", test_idle_axes },
  { "/fields/typed-last", test_typed_last },
};

int
main (int argc,
      char **argv)
{
  return fixture_run (argc, argv, G_N_ELEMENTS (tests), tests);
}
