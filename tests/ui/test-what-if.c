/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "window-fixture.h"

#include <math.h>
#include <string.h>

/* What a run would do is drawn while the slider of the learning rate moves, and is what the run
 * then does, to the bit. */

static ConvergeSeries *
get_series (Fixture *fixture,
            const char *plot,
            const char *series)
{
  return converge_plot_find_series (converge_plot_view_get_plot (fixture_find_plot (fixture, plot)), series);
}

static gboolean
is_in_row (GtkWidget *widget,
           const char *type)
{
  GtkWidget *row = gtk_widget_get_ancestor (widget, GTK_TYPE_LIST_BOX_ROW);

  return row != NULL && g_str_equal (G_OBJECT_TYPE_NAME (row), type);
}

/* The slider has powers of ten. */
static void
drag_to (Fixture *fixture,
         double power)
{
  GtkWidget *scale = fixture_find (GTK_WIDGET (fixture->window), GTK_TYPE_SCALE, is_in_row, "ConvergeRateRow");

  gtk_range_set_value (GTK_RANGE (scale), power);
}

/* It is drawn in the frame after that in which it was found. */
static void
wait_for_what_if (Fixture *fixture)
{
  fixture_wait_for_frames (fixture);
  fixture_wait_for_frames (fixture);
}

static gboolean
is_drawn (Fixture *fixture)
{
  return get_series (fixture, "loss", "what-if")->n > 0;
}

static gboolean
is_whole (Fixture *fixture)
{
  const char *label = get_series (fixture, "loss", "what-if")->label;

  return label != NULL && (strcmp (label, "what-if") == 0 || g_str_has_prefix (label, "what-if: from step"));
}

static void
assert_same_points (const ConvergeSeries *have,
                    const ConvergeSeries *want)
{
  g_assert_cmpuint (have->n, ==, want->n);
  g_assert_cmpmem (have->x, sizeof (double) * have->n, want->x, sizeof (double) * want->n);
  g_assert_cmpmem (have->y, sizeof (double) * have->n, want->y, sizeof (double) * want->n);
}

/* Off until somebody wants it; then the line follows the slider, and Train draws over it. */
static void
test_drag (Fixture *fixture,
           gconstpointer data)
{
  const ConvergeSeries *future;
  guint color;

  fixture_set_pace (fixture, 0);
  fixture_wait_for_frames (fixture);
  g_assert_false (is_drawn (fixture));
  g_assert_null (get_series (fixture, "loss", "what-if")->label);
  fixture_do (fixture, "win.what-if");
  for (double power = -7; power < -5.5; power += 0.1)
    {
      drag_to (fixture, power);
      wait_for_what_if (fixture);
    }
  fixture_wait (is_whole, fixture);
  drag_to (fixture, -6.2);
  wait_for_what_if (fixture);
  fixture_wait (is_whole, fixture);
  wait_for_what_if (fixture);
  future = get_series (fixture, "loss", "what-if");
  g_assert_cmpfloat (future->y[0], >, 1000);
  g_assert_cmpuint (future->color, ==, get_series (fixture, "loss", "loss")->color);
  fixture_do (fixture, "win.train");
  fixture_wait_for_state (fixture, AG_TRAINER_DONE);
  wait_for_what_if (fixture);
  assert_same_points (get_series (fixture, "loss", "what-if"), get_series (fixture, "loss", "loss"));
  assert_same_points (get_series (fixture, "fit", "what-if"), get_series (fixture, "fit", "fit"));
  /* The next run will have another colour, and so has its line. */
  g_assert_cmpuint (get_series (fixture, "loss", "what-if")->color, !=,
                    get_series (fixture, "loss", "loss")->color);
  color = get_series (fixture, "loss", "what-if")->color;
  fixture_do (fixture, "win.new-run");
  fixture_wait_for_state (fixture, AG_TRAINER_DONE);
  wait_for_what_if (fixture);
  g_assert_cmpuint (get_series (fixture, "loss", "loss")->color, ==, color);
  fixture_do (fixture, "win.what-if");
  wait_for_what_if (fixture);
  g_assert_false (is_drawn (fixture));
  g_assert_null (get_series (fixture, "loss", "what-if")->label);
}

/* As many as steps share a pixel, or a multiple of it. */
#define N_BEFORE 16

/* Where a run rests, it is that run which would go on. */
static void
test_going_on (Fixture *fixture,
               gconstpointer data)
{
  const ConvergeSeries *future, *losses;
  gsize n_before;

  fixture_do (fixture, "win.what-if");
  for (guint i = 1; i <= N_BEFORE; i++)
    {
      fixture_do (fixture, "win.step");
      fixture_wait_for_step (fixture, i);
    }
  for (double power = -6.5; power < -5.8; power += 0.1)
    {
      drag_to (fixture, power);
      wait_for_what_if (fixture);
    }
  fixture_wait (is_whole, fixture);
  wait_for_what_if (fixture);
  future = get_series (fixture, "loss", "what-if");
  g_assert_cmpstr (future->label, ==, "what-if: from step 16");
  fixture_set_pace (fixture, 0);
  fixture_do (fixture, "win.train");
  fixture_wait_for_state (fixture, AG_TRAINER_DONE);
  wait_for_what_if (fixture);
  future = get_series (fixture, "loss", "what-if");
  losses = get_series (fixture, "loss", "loss");
  n_before = losses->n - future->n;
  g_assert_cmpuint (n_before, >, 0);
  g_assert_cmpuint (n_before, <=, N_BEFORE);
  g_assert_cmpmem (future->x, sizeof (double) * future->n, losses->x + n_before, sizeof (double) * future->n);
  g_assert_cmpmem (future->y, sizeof (double) * future->n, losses->y + n_before, sizeof (double) * future->n);
  assert_same_points (get_series (fixture, "fit", "what-if"), get_series (fixture, "fit", "fit"));
}

/* What takes longer than a frame is known in part, and the plot says so. */
static void
test_horizon (Fixture *fixture,
              gconstpointer data)
{
  const ConvergeSeries *future;

  converge_settings_set_text (converge_window_get_settings (fixture->window), "steps", "1000000000");
  fixture_do (fixture, "win.what-if");
  fixture_wait (is_drawn, fixture);
  future = get_series (fixture, "loss", "what-if");
  g_assert_true (g_str_has_prefix (future->label, "what-if: the first "));
  g_assert_false (is_whole (fixture));
  converge_settings_set_text (converge_window_get_settings (fixture->window), "steps", "100");
  fixture_wait (is_whole, fixture);
}

/* A run that would diverge has a loss until it does, and no fit. */
static void
test_divergence (Fixture *fixture,
                 gconstpointer data)
{
  const ConvergeSeries *future;

  fixture_do (fixture, "win.what-if");
  drag_to (fixture, -4);
  fixture_wait (is_whole, fixture);
  wait_for_what_if (fixture);
  future = get_series (fixture, "loss", "what-if");
  g_assert_false (isfinite (future->y[future->n - 1]));
  g_assert_cmpuint (get_series (fixture, "fit", "what-if")->n, ==, 0);
  /* What is wrong has no future. */
  fixture_type (fixture, "Points", "1");
  wait_for_what_if (fixture);
  g_assert_false (is_drawn (fixture));
}

/* What was being found is not wanted any more when a setting is wrong. */
static void
test_fault (Fixture *fixture,
            gconstpointer data)
{
  ConvergeWhatIf *what_if = converge_window_get_what_if (fixture->window);

  converge_settings_set_text (converge_window_get_settings (fixture->window), "steps", "1000000000");
  fixture_do (fixture, "win.what-if");
  fixture_wait (is_drawn, fixture);
  fixture_type (fixture, "Points", "1");
  while (converge_what_if_is_busy (what_if))
    {
      fixture_wait_for_frames (fixture);
      g_assert_false (is_drawn (fixture));
    }
}

int
main (int argc,
      char **argv)
{
  const FixtureTest tests[] = {
    { "/what-if/drag", test_drag },
    { "/what-if/going-on", test_going_on },
    { "/what-if/horizon", test_horizon },
    { "/what-if/divergence", test_divergence },
    { "/what-if/fault", test_fault },
  };

  return fixture_run (argc, argv, G_N_ELEMENTS (tests), tests);
}
