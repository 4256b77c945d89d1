/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "window-fixture.h"

#include "converge-step-view.h"
#include "converge-tabs.h"

#include <string.h>

/* The tab that says what one step did. */

static void
open_tab (Fixture *fixture)
{
  GtkWidget *root = GTK_WIDGET (fixture->window);

  g_assert_true (converge_tabs_select (
    CONVERGE_TABS (fixture_find (root, CONVERGE_TYPE_TABS, NULL, NULL)), "step"));
}

/* Before there is a step there is nothing to be told. */
static void
test_nothing (Fixture *fixture,
              gconstpointer data)
{
  open_tab (fixture);
  fixture_wait_to_show (fixture, "Once a step is taken, this is what it did.");
  g_assert_false (fixture_shows (fixture, "∂L/∂"));
}

/* A step that is chosen there is chosen for all, and its numbers are those of its moment. */
static void
test_chosen (Fixture *fixture,
             gconstpointer data)
{
  ConvergeRuns *runs = converge_window_get_runs (fixture->window);

  open_tab (fixture);

  fixture_train (fixture, "100");
  fixture_wait_to_show (fixture, "Step 100. The slope promised");

  converge_runs_set_step (runs, 37);
  fixture_wait_to_show (fixture, "Step 37. The slope promised to take 70.1 off the loss, the curve "
                                 "took 2.23 of that back, and the loss fell by 67.9. Falling fast "
                                 "along d, crawling along a and b: 578 steps to fall by e.");
  g_assert_true (fixture_shows (fixture, "Predict"));
  g_assert_true (fixture_shows (fixture, "L = sum of squares = "));
  g_assert_true (fixture_shows (fixture, "∂L/∂a = "));
  g_assert_true (fixture_shows (fixture, "  p ← p − lr · g = "));
  g_assert_true (fixture_shows (fixture, "ΔL = gᵀΔ + ½ ΔᵀHΔ = −70.1"));
  g_assert_true (fixture_shows (fixture, "along d: λ = 562122, distance × 0.4379"));
  g_assert_true (fixture_shows (fixture, "sharpness: 28.1 % of the edge"));

  converge_runs_set_step (runs, CONVERGE_LIVE);
  fixture_wait_to_show (fixture, "Step 100. ");
  g_assert_cmpint (converge_runs_get_step (runs), ==, CONVERGE_LIVE);
}

/* A step that is chosen elsewhere is chosen here as well, and a new run is followed live. */
static void
test_followed (Fixture *fixture,
               gconstpointer data)
{
  open_tab (fixture);
  fixture_train (fixture, "60");
  fixture_wait_to_show (fixture, "Step 60. ");
  converge_runs_set_step (converge_window_get_runs (fixture->window), 12);
  fixture_wait_to_show (fixture, "Step 12. ");

  fixture_choose (fixture, "Program", 5);
  fixture_train (fixture, "50");
  converge_runs_set_step (converge_window_get_runs (fixture->window), CONVERGE_LIVE);
  fixture_wait_to_show (fixture, "Step 50. ");
  fixture_wait_to_show (fixture, "square_avg ← alpha · square_avg + (1 − alpha) · g² = ");
}

/* What another optimizer does that SGD does not is told by numbers, and plain SGD has no such
 * comparison. */
static void
test_beside_sgd (Fixture *fixture,
                 gconstpointer data)
{
  open_tab (fixture);
  fixture_train (fixture, "20");
  fixture_wait_to_show (fixture, "Step 20. ");
  g_assert_false (fixture_shows (fixture, "Beside plain SGD"));
  fixture_choose (fixture, "Optimizer", 2);
  fixture_train (fixture, "20");
  fixture_wait_to_show (fixture, "square_avg ← ");
  fixture_wait_to_show (fixture, "Beside plain SGD");
}

/* Of a net that changes by chance the terms are told that the step had. */
static void
test_chance (Fixture *fixture,
             gconstpointer data)
{
  ConvergeRuns *runs = converge_window_get_runs (fixture->window);
  guint n_found = 0;

  open_tab (fixture);
  fixture_choose (fixture, "Program", 7);
  fixture_train (fixture, "50");
  for (gint64 step = 41; step <= 44; step++)
    {
      g_autofree char *told = NULL, *sentence = g_strdup_printf ("Step %d. ", (int) step);
      const AgMoment *moment;

      converge_runs_set_step (runs, step);
      fixture_wait_to_show (fixture, sentence);
      moment = converge_runs_get_moment (runs);
      told = g_strdup_printf ("terms by chance: %u of 2, in the step before ", moment->structure);
      fixture_wait_to_show (fixture, told);
      for (gint64 recent = step - 2; recent <= step; recent++)
        {
          g_autofree char *strip = g_strdup_printf ("step %d\n", (int) recent);

          g_assert_true (fixture_shows (fixture, strip));
        }
      g_assert_false (fixture_shows (fixture, " ?\nterms by chance"));
      n_found |= 1u << moment->structure;
    }
  /* So that the test is about more than one of them. */
  g_assert_cmpuint (n_found & (n_found - 1), !=, 0);
}

int
main (int argc,
      char **argv)
{
  static const FixtureTest tests[] = {
    { "/step-view/nothing", test_nothing },
    { "/step-view/chosen", test_chosen },
    { "/step-view/followed", test_followed },
    { "/step-view/beside-sgd", test_beside_sgd },
    { "/step-view/chance", test_chance },
  };

  return fixture_run (argc, argv, G_N_ELEMENTS (tests), tests);
}
