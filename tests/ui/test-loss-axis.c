/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot/loss-axis.h"
#include "window-fixture.h"

#include <math.h>

/* Losses are plotted over steps, over gradients that were computed, or over time, whichever one
 * chooses in the plot's menu or beside a race. */

static ConvergePlot *
get_plot (Fixture *fixture)
{
  return converge_plot_view_get_plot (fixture_find_plot (fixture, "loss"));
}

static const ConvergeSeries *
get_line (Fixture *fixture)
{
  return converge_plot_find_series (get_plot (fixture), "loss");
}

static void
choose (Fixture *fixture,
        const char *over)
{
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (fixture_find_plot (fixture, "loss")),
                                             "plots.loss-over", "s", over));
  fixture_wait_for_frames (fixture);
}

static ConvergeRun *
nth (Fixture *fixture,
     guint index)
{
  return converge_runs_nth (converge_window_get_runs (fixture->window), index);
}

/* The same losses, at other places; of other runs too, which have other points. */
static void
test_places (Fixture *fixture,
             gconstpointer data)
{
  const ConvergeSeries *line, *other;
  const AgClock *clock;

  fixture_type (fixture, "Points", "500");
  fixture_train (fixture, "300");
  fixture_type (fixture, "Points", "2000");
  fixture_train (fixture, "300");
  fixture_wait_for_frames (fixture);
  g_assert_cmpstr (get_plot (fixture)->x.label, ==, "step");
  line = get_line (fixture);
  g_assert_cmpuint (line->n, ==, 300);
  g_assert_cmpfloat (line->x[299], ==, 299);

  choose (fixture, "evaluations");
  g_assert_cmpstr (get_plot (fixture)->x.label, ==, "gradients of a point");
  line = get_line (fixture);
  other = g_ptr_array_index (get_plot (fixture)->others, 0);
  g_assert_cmpfloat (line->x[299], ==, 299 * 2000);
  g_assert_cmpfloat (other->x[299], ==, 299 * 500);

  choose (fixture, "time");
  g_assert_cmpstr (get_plot (fixture)->x.label, ==, "µs of computing");
  line = get_line (fixture);
  clock = converge_run_clock (nth (fixture, 1));
  g_assert_cmpuint (line->n, ==, 300);
  for (guint i = 0; i < 300; i++)
    g_assert_cmpfloat (line->x[i], ==, ag_clock_at (clock, i));
  g_assert_cmpfloat (line->x[299], >, line->x[100]);
  other = g_ptr_array_index (get_plot (fixture)->others, 0);
  g_assert_cmpfloat (other->x[299], ==, ag_clock_at (converge_run_clock (nth (fixture, 0)), 299));

  choose (fixture, "steps");
  g_assert_cmpfloat (get_line (fixture)->x[299], ==, 299);
}

static gboolean
has_moment (Fixture *fixture)
{
  return converge_runs_get_moment (converge_window_get_runs (fixture->window)) != NULL;
}

/* A place in the plot is a step, and a step has its place. */
static void
test_moment (Fixture *fixture,
             gconstpointer data)
{
  ConvergeRuns *runs = converge_window_get_runs (fixture->window);

  fixture_train (fixture, "300");
  choose (fixture, "evaluations");
  g_signal_emit_by_name (fixture_find_plot (fixture, "loss"), "moment", 100.0 * 2000, FALSE);
  fixture_wait (has_moment, fixture);
  g_assert_cmpint (converge_runs_get_step (runs), ==, 100);
  fixture_wait_for_frames (fixture);
  g_assert_cmpfloat (converge_plot_find_series (get_plot (fixture), "moment")->x[0], ==, 100.0 * 2000);
  choose (fixture, "time");
  g_assert_cmpfloat (converge_plot_find_series (get_plot (fixture), "moment")->x[0], ==,
                     ag_clock_at (converge_run_clock (nth (fixture, 0)), 100));
  /* Parameters are still over steps. */
  g_signal_emit_by_name (fixture_find_plot (fixture, "parameters"), "moment", 50.0, FALSE);
  fixture_wait (has_moment, fixture);
  g_assert_cmpint (converge_runs_get_step (runs), ==, 50);
}

/* At a pace a run takes no longer than it computes, and what it would do has no time. */
static void
test_pace (Fixture *fixture,
           gconstpointer data)
{
  ConvergeSeries *series;

  fixture_do (fixture, "win.what-if");
  converge_settings_set_text (converge_window_get_settings (fixture->window), "steps", "100");
  fixture_set_pace (fixture, 200);
  fixture_do (fixture, "win.train");
  fixture_wait_for_state (fixture, AG_TRAINER_DONE);
  g_assert_cmpfloat (fixture_snapshot (fixture)->elapsed, >, 0.4);
  g_assert_cmpfloat (ag_clock_at (converge_run_clock (nth (fixture, 0)), 100), <,
                     0.7e6 * fixture_snapshot (fixture)->elapsed);
  choose (fixture, "time");
  series = converge_plot_find_series (get_plot (fixture), "what-if");
  g_assert_null (series->label);
  g_assert_cmpuint (series->n, ==, 0);
}

int
main (int argc,
      char **argv)
{
  const FixtureTest tests[] = {
    { "/loss-axis/places", test_places },
    { "/loss-axis/moment", test_moment },
    { "/loss-axis/pace", test_pace },
  };

  return fixture_run (argc, argv, G_N_ELEMENTS (tests), tests);
}
