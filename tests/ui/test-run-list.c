/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "converge-run-memory.h"
#include "converge-runs-table.h"
#include "window-fixture.h"

#include "model/predictor.h"
#include "plot/run-text.h"

#include <math.h>
#include <string.h>

/* The window's runs as a list, and the moment of the selected one that it shows. */

#define N_STEPS 400
#define PATIENCE_US (120 * G_USEC_PER_SEC)

static ConvergeRuns *
get_runs (Fixture *fixture)
{
  return converge_window_get_runs (fixture->window);
}

static AgMoment *
wait_for_moment (ConvergeRuns *runs,
                 gint64 step)
{
  const gint64 end = g_get_monotonic_time () + PATIENCE_US;

  while (converge_runs_get_moment (runs) == NULL || converge_runs_get_moment (runs)->step != step)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, end);
      g_main_context_iteration (NULL, FALSE);
      g_usleep (100);
    }
  return converge_runs_get_moment (runs);
}

static gboolean
is_drawn_of (Fixture *fixture,
             const double *coefficients)
{
  ConvergePlot *plot = converge_plot_view_get_plot (
    fixture_find_plot (fixture, "fit"));
  const ConvergeSeries *fit = converge_plot_find_series (plot, "fit");
  g_autoptr (AgPredictor) predictor = NULL;
  g_autofree double *y = g_new (double, MAX (fit->n, 1));

  predictor = ag_predictor_new (fixture_settings (fixture)->program->model, NULL);
  g_assert_nonnull (predictor);
  return fit->n > 100
         && ag_predictor_evaluate (predictor, coefficients, fit->n, fit->x, y, NULL)
         && memcmp (y, fit->y, sizeof (double) * fit->n) == 0;
}

/* It is brought up to date when it is drawn. */
static void
assert_fit (Fixture *fixture,
            const double *coefficients)
{
  const gint64 end = g_get_monotonic_time () + PATIENCE_US;

  while (!is_drawn_of (fixture, coefficients))
    {
      g_assert_cmpint (g_get_monotonic_time (), <, end);
      fixture_spin (5);
    }
}

/* NaN for nowhere. */
static void
assert_marked (Fixture *fixture,
               const char *id,
               double step)
{
  const gint64 end = g_get_monotonic_time () + PATIENCE_US;
  const ConvergeSeries *mark
    = converge_plot_find_series (converge_plot_view_get_plot (fixture_find_plot (fixture, id)), "moment");

  while (isnan (step) ? mark->n > 0 : mark->n == 0 || mark->x[0] != step)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, end);
      fixture_spin (5);
    }
}

static void
assert_formula (Fixture *fixture,
                const double *coefficients)
{
  g_autofree char *formula = converge_run_text_formula (fixture_settings (fixture), coefficients);

  g_assert_true (fixture_shows (fixture, formula));
}

static void
test_moment (Fixture *fixture,
             gconstpointer data)
{
  ConvergeRuns *runs = get_runs (fixture);
  const AgMoment *moment;

  fixture_train (fixture, G_STRINGIFY (N_STEPS));
  g_assert_cmpint (converge_runs_get_step (runs), ==, CONVERGE_LIVE);
  g_assert_null (converge_runs_get_moment (runs));
  assert_fit (fixture, fixture_snapshot (fixture)->coefficients);

  converge_runs_set_step (runs, 37);
  moment = wait_for_moment (runs, 37);
  g_assert_false (moment->is_live);
  assert_fit (fixture, moment->coefficients);
  assert_formula (fixture, moment->coefficients);
  assert_marked (fixture, "loss", 37);

  /* When steps are wanted faster than they are found, the last one wanted is found. */
  for (gint64 step = 1; step < N_STEPS; step++)
    converge_runs_set_step (runs, step);
  moment = wait_for_moment (runs, N_STEPS - 1);
  assert_fit (fixture, moment->coefficients);

  converge_runs_set_step (runs, CONVERGE_LIVE);
  g_assert_null (converge_runs_get_moment (runs));
  assert_fit (fixture, fixture_snapshot (fixture)->coefficients);
  assert_formula (fixture, fixture_snapshot (fixture)->coefficients);
  assert_marked (fixture, "loss", NAN);
}

/* A new run has none of the old one's moments. */
static void
test_other_run (Fixture *fixture,
                gconstpointer data)
{
  ConvergeRuns *runs = get_runs (fixture);

  /* Without a run there is no past. */
  converge_runs_set_step (runs, 3);
  g_assert_cmpint (converge_runs_get_step (runs), ==, CONVERGE_LIVE);

  fixture_train (fixture, G_STRINGIFY (N_STEPS));
  converge_runs_set_step (runs, 100);
  wait_for_moment (runs, 100);
  fixture_do (fixture, "win.stop");
  g_assert_cmpint (converge_runs_get_step (runs), ==, CONVERGE_LIVE);
  fixture_train (fixture, G_STRINGIFY (N_STEPS));
  /* It is not found before the run is gone. */
  converge_runs_set_step (runs, 200);
  fixture_do (fixture, "win.stop");
  g_assert_cmpint (converge_runs_get_step (runs), ==, CONVERGE_LIVE);
  fixture_spin (50);
  g_assert_null (converge_runs_get_moment (runs));
}

static void
count (GListModel *model,
       guint position,
       guint n_removed,
       guint n_added,
       gint *n)
{
  *n += (gint) n_added - (gint) n_removed;
}

static void
test_list (void)
{
  g_autoptr (ConvergeRuns) runs = converge_runs_new ();
  g_autoptr (ConvergeRun) first = converge_run_new ();
  g_autoptr (ConvergeRun) second = converge_run_new ();
  g_autoptr (ConvergeRun) third = converge_run_new ();
  g_autoptr (ConvergeRun) item = NULL;
  ConvergeRun *selected;
  gint n = 0;

  g_signal_connect (runs, "items-changed", G_CALLBACK (count), &n);
  g_assert_true (g_list_model_get_item_type (G_LIST_MODEL (runs)) == CONVERGE_TYPE_RUN);
  g_assert_null (converge_run_spec (converge_runs_get_selected (runs)));
  converge_runs_add (runs, first);
  converge_runs_add (runs, second);
  converge_runs_add (runs, third);
  g_assert_cmpint (n, ==, 3);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (runs)), ==, 3);
  item = g_list_model_get_item (G_LIST_MODEL (runs), 1);
  g_assert_true (item == second);
  g_assert_null (g_list_model_get_item (G_LIST_MODEL (runs), 3));

  g_assert_true (converge_runs_get_selected (runs) == first);
  g_object_set (runs, "selected", second, NULL);
  g_object_get (runs, "selected", &selected, NULL);
  g_assert_true (selected == second);
  g_object_unref (selected);
  converge_runs_remove (runs, second);
  g_assert_true (converge_runs_get_selected (runs) == third);
  converge_runs_remove (runs, third);
  g_assert_true (converge_runs_get_selected (runs) == first);
  converge_runs_remove (runs, first);
  g_assert_null (converge_run_spec (converge_runs_get_selected (runs)));
  g_assert_cmpint (n, ==, 0);
}

/* Several at once, of which another one is selected: its own moments are found. */
static void
test_several (void)
{
  g_autoptr (ConvergeRuns) runs = converge_runs_new ();
  const gint64 end = g_get_monotonic_time () + PATIENCE_US;

  for (guint i = 0; i < 4; i++)
    {
      g_autoptr (ConvergeRun) run = converge_run_new ();
      g_autoptr (GError) error = NULL;
      AgRunSpec spec;

      ag_run_spec_init (&spec, ag_program_class_find ("autograd"));
      spec.steps = N_STEPS;
      spec.seed = i;
      g_assert_true (converge_run_prepare (run, &spec, &error));
      converge_run_start (run);
      converge_runs_add (runs, run);
    }
  for (guint i = 0; i < 4; i++)
    {
      g_autoptr (ConvergeRun) run = g_list_model_get_item (G_LIST_MODEL (runs), i);
      g_autoptr (AgMoment) want = NULL;
      const AgMoment *moment;

      while (converge_run_snapshot (run) == NULL
             || converge_run_snapshot (run)->state != AG_TRAINER_DONE)
        {
          g_assert_cmpint (g_get_monotonic_time (), <, end);
          g_main_context_iteration (NULL, FALSE);
        }
      converge_runs_set_selected (runs, run);
      converge_runs_set_step (runs, 10 + i);
      moment = wait_for_moment (runs, 10 + i);
      want = ag_moments_at (converge_run_moments (run), 10 + i, NULL, NULL);
      g_assert_cmpmem (moment->coefficients, sizeof (double) * moment->n_parameters,
                       want->coefficients, sizeof (double) * want->n_parameters);
    }
}

/* A new run is another row; what was there before is as it was, and can be looked at again. */
static void
test_kept (Fixture *fixture,
           gconstpointer data)
{
  ConvergeRuns *runs = get_runs (fixture);
  ConvergeRun *first, *second;
  double coefficients[4];

  fixture_train (fixture, "300");
  first = converge_window_get_run (fixture->window);
  g_assert_cmpuint (converge_runs_n (runs), ==, 1);
  g_assert_cmpstr (converge_run_get_name (first), ==, "Autograd · SGD");
  memcpy (coefficients, fixture_snapshot (fixture)->coefficients, sizeof coefficients);

  fixture_type (fixture, "Seed", "7");
  fixture_train (fixture, "300");
  second = converge_window_get_run (fixture->window);
  g_assert_cmpuint (converge_runs_n (runs), ==, 2);
  g_assert_true (second != first && converge_runs_nth (runs, 0) == first);
  g_assert_cmpstr (converge_run_get_name (second), ==, "Seed 7");
  g_assert_cmpuint (converge_run_get_color (first), !=, converge_run_get_color (second));
  g_assert_cmpint (memcmp (fixture_snapshot (fixture)->coefficients, coefficients, sizeof coefficients), !=, 0);

  converge_runs_set_selected (runs, first);
  g_assert_true (converge_window_get_run (fixture->window) == first);
  g_assert_cmpmem (fixture_snapshot (fixture)->coefficients, sizeof coefficients, coefficients,
                   sizeof coefficients);
  assert_fit (fixture, coefficients);
  assert_formula (fixture, coefficients);
  converge_runs_set_step (runs, 37);
  wait_for_moment (runs, 37);

  /* Reset goes back to what the settings describe, and forgets nothing. */
  fixture_do (fixture, "win.stop");
  g_assert_null (converge_run_spec (converge_window_get_run (fixture->window)));
  g_assert_true (fixture_shows (fixture, "ready"));
  g_assert_cmpuint (converge_runs_n (runs), ==, 2);

  /* The same settings twice are two runs. */
  fixture_train (fixture, "300");
  g_assert_cmpstr (converge_run_get_name (converge_window_get_run (fixture->window)), ==,
                   "Seed 7 (2)");
  g_assert_cmpuint (converge_runs_n (runs), ==, 3);
}

/* One that is begun while another goes on lets that one rest where it is. */
static void
test_beside (Fixture *fixture,
             gconstpointer data)
{
  ConvergeRuns *runs = get_runs (fixture);
  const gint64 end = g_get_monotonic_time () + PATIENCE_US;
  ConvergeRun *first;

  fixture_type (fixture, "Steps", "100000");
  fixture_set_pace (fixture, 1000);
  fixture_do (fixture, "win.train");
  fixture_wait_for_step (fixture, 5);
  first = converge_window_get_run (fixture->window);
  fixture_do (fixture, "win.new-run");
  g_assert_cmpuint (converge_runs_n (runs), ==, 2);
  while (converge_run_snapshot (first)->state != AG_TRAINER_STOPPED)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, end);
      fixture_spin (5);
    }
  fixture_wait_for_step (fixture, 5);

  /* And it can go on, beside the other one. */
  converge_runs_set_selected (runs, first);
  fixture_do (fixture, "win.train");
  fixture_wait_for_state (fixture, AG_TRAINER_RUNNING);
  g_assert_cmpint (converge_run_snapshot (converge_runs_nth (runs, 1))->state, ==,
                   AG_TRAINER_RUNNING);
}

/* Pinned ones are above, and a colour is its run's as long as that lives. */
static void
test_order (void)
{
  g_autoptr (ConvergeRuns) runs = converge_runs_new ();
  g_autoptr (ConvergeRun) deleted = NULL;
  ConvergeRun *run[5];

  for (guint i = 0; i < 4; i++)
    {
      g_autoptr (ConvergeRun) added = converge_run_new ();

      converge_runs_add (runs, added);
      run[i] = added;
      g_assert_cmpuint (converge_run_get_color (added), ==, i);
    }
  converge_run_set_pinned (run[2], TRUE);
  g_assert_cmpuint (converge_runs_find (runs, run[2]), ==, 0);
  converge_runs_move (runs, run[3], 0);
  g_assert_cmpuint (converge_runs_find (runs, run[3]), ==, 1);
  converge_run_set_pinned (run[1], TRUE);
  g_assert_cmpuint (converge_runs_find (runs, run[1]), ==, 1);
  converge_runs_move (runs, run[1], 3);
  g_assert_cmpuint (converge_runs_find (runs, run[1]), ==, 1);
  converge_run_set_pinned (run[2], FALSE);
  g_assert_cmpuint (converge_runs_find (runs, run[2]), ==, 1);

  deleted = g_object_ref (run[2]);
  converge_runs_remove (runs, deleted);
  run[4] = converge_run_new ();
  converge_runs_add (runs, run[4]);
  g_assert_cmpuint (converge_run_get_color (run[4]), ==, 4);
  converge_runs_insert (runs, 1, deleted);
  g_assert_cmpuint (converge_runs_find (runs, deleted), ==, 1);
  g_assert_cmpuint (converge_run_get_color (deleted), ==, 2);
  converge_runs_remove (runs, deleted);
  g_clear_object (&deleted);
  g_object_unref (run[4]);
  run[2] = converge_run_new ();
  converge_runs_add (runs, run[2]);
  g_assert_cmpuint (converge_run_get_color (run[2]), ==, 2);
  g_object_unref (run[2]);
}

static guint
count_threads (void)
{
  g_autoptr (GDir) tasks = g_dir_open ("/proc/self/task", 0, NULL);
  guint n = 0;

  g_assert_nonnull (tasks);
  while (g_dir_read_name (tasks) != NULL)
    n++;
  return n;
}

/* Runs that are over keep no threads. */
static void
test_many (Fixture *fixture,
           gconstpointer data)
{
  const gint64 end = g_get_monotonic_time () + PATIENCE_US;
  guint n_before;

  fixture_train (fixture, "300");
  n_before = count_threads ();
  for (guint i = 0; i < 40; i++)
    {
      fixture_do (fixture, "win.new-run");
      fixture_wait_for_state (fixture, AG_TRAINER_DONE);
    }
  g_assert_cmpuint (converge_runs_n (get_runs (fixture)), ==, 41);
  while (count_threads () > n_before + 2)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, end);
      fixture_spin (5);
    }
}

static GtkWidget *
find_memory (Fixture *fixture)
{
  return fixture_find (GTK_WIDGET (fixture->window), CONVERGE_TYPE_RUN_MEMORY, NULL, NULL);
}

static guint64
sum_bytes (Fixture *fixture)
{
  ConvergeRuns *runs = converge_window_get_runs (fixture->window);
  guint64 sum = 0;

  for (guint i = 0; i < converge_runs_n (runs); i++)
    sum += converge_run_n_bytes (converge_runs_nth (runs, i));
  return sum;
}

static gboolean
is_said (Fixture *fixture)
{
  return converge_run_memory_get_used (CONVERGE_RUN_MEMORY (find_memory (fixture))) == sum_bytes (fixture);
}

/* The memory of all runs is shown and bounded. Values that were given back are found again, and
 * deleting and undoing change nothing. */
static void
test_memory (Fixture *fixture,
             gconstpointer data)
{
  ConvergeRuns *runs = converge_window_get_runs (fixture->window);
  ConvergeRunMemory *memory = CONVERGE_RUN_MEMORY (find_memory (fixture));
  g_autoptr (ConvergeRun) first = NULL;
  g_autofree double *before = NULL;
  guint64 before_bytes;
  AgMoment *moment;
  gsize n_bytes;

  fixture_train (fixture, "2000");
  first = g_object_ref (converge_runs_nth (runs, 0));
  converge_runs_set_step (runs, 777);
  moment = wait_for_moment (runs, 777);
  n_bytes = sizeof (double) * moment->n_parameters;
  before = g_memdup2 (moment->coefficients, n_bytes);
  converge_runs_set_step (runs, CONVERGE_LIVE);
  fixture_do (fixture, "win.new-run");
  fixture_wait_for_state (fixture, AG_TRAINER_DONE);
  fixture_wait (is_said, fixture);
  g_object_set (fixture->window, "page", "runs", NULL);
  fixture_wait_to_show (fixture, "2 runs, ");

  before_bytes = sum_bytes (fixture);
  while (sum_bytes (fixture) == before_bytes)
    {
      /* It is laid down some time after it was left. */
      converge_run_memory_set_bound (memory, 1);
      g_main_context_iteration (NULL, FALSE);
      g_usleep (1000);
    }
  fixture_wait (is_said, fixture);
  converge_runs_remove (runs, first);
  fixture_wait_to_show (fixture, "1 run, ");
  converge_runs_insert (runs, 0, first);
  fixture_wait_to_show (fixture, "2 runs, ");
  converge_runs_set_selected (runs, first);
  converge_runs_set_step (runs, 777);
  moment = wait_for_moment (runs, 777);
  g_assert_cmpmem (moment->coefficients, n_bytes, before, n_bytes);
}

static GtkWidget *
find_comparison (void)
{
  GtkWidget *found = NULL;

  for (GList *windows = gtk_window_list_toplevels (); windows != NULL;)
    {
      if (g_strcmp0 (gtk_window_get_title (windows->data), "What Differs") == 0)
        found = windows->data;
      windows = g_list_delete_link (windows, windows);
    }
  return found;
}

static const char *
read_cell (GtkWidget *comparison,
           int column,
           int row)
{
  GtkWidget *grid = fixture_find (comparison, GTK_TYPE_GRID, NULL, NULL);
  GtkWidget *cell = gtk_grid_get_child_at (GTK_GRID (grid), column, row);

  return cell != NULL ? gtk_label_get_text (GTK_LABEL (cell)) : NULL;
}

static const char *
read_column (GtkWidget *comparison,
             const char *title,
             int row)
{
  const char *head;

  for (int column = 0; (head = read_cell (comparison, column, 0)) != NULL; column++)
    if (strcmp (head, title) == 0)
      return read_cell (comparison, column, row);
  return NULL;
}

static gboolean
has_changes (Fixture *fixture)
{
  return ag_rates_n (converge_run_rates (converge_window_get_run (fixture->window))) > 0;
}

/* Runs with the same settings may differ by what was changed while they were under way. */
static void
check_changes (Fixture *fixture,
               GtkWidget *comparison)
{
  ConvergeRuns *runs = converge_window_get_runs (fixture->window);
  g_autofree char *expected = NULL, *table = NULL;
  ConvergeRun *run;

  g_assert_null (read_column (comparison, "changed under way", 1));
  fixture_type (fixture, "Steps", "1000000000");
  fixture_do (fixture, "win.train");
  run = converge_window_get_run (fixture->window);
  fixture_wait_for_state (fixture, AG_TRAINER_RUNNING);
  fixture_type (fixture, "Learning rate", "3e-6");
  fixture_wait (has_changes, fixture);
  fixture_do (fixture, "win.train");
  fixture_wait_for_state (fixture, AG_TRAINER_PAUSED);
  expected = g_strdup_printf ("3e-6 from step %lld on",
                              (long long) ag_rates_nth (converge_run_rates (run), 0).step);
  g_assert_cmpstr (read_column (comparison, "changed under way", 1), ==, expected);
  table = converge_runs_table_make (runs, ',');
  g_assert_nonnull (strstr (table, ",changes,state,"));
  g_assert_nonnull (strstr (table, ",1,paused,"));
  converge_runs_remove (runs, run);
  g_assert_null (read_column (comparison, "changed under way", 1));
}

/* A table of the settings that differ, and of no others, which follows the list. */
static void
test_comparison (Fixture *fixture,
                 gconstpointer data)
{
  ConvergeRuns *runs = converge_window_get_runs (fixture->window);
  GtkWidget *comparison;

  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.compare-runs", NULL);
  comparison = find_comparison ();
  g_assert_null (read_cell (comparison, 0, 0));
  fixture_train (fixture, "300");
  fixture_type (fixture, "Seed", "5");
  fixture_type (fixture, "Learning rate", "2e-6");
  fixture_train (fixture, "300");
  g_assert_cmpstr (read_cell (comparison, 0, 0), ==, "Run");
  g_assert_cmpstr (read_cell (comparison, 1, 0), ==, "Learning rate");
  g_assert_cmpstr (read_cell (comparison, 2, 0), ==, "Seed");
  g_assert_cmpstr (read_cell (comparison, 3, 0), ==, "loss");
  g_assert_cmpstr (read_cell (comparison, 1, 1), ==, "1e-6");
  g_assert_cmpstr (read_cell (comparison, 1, 2), ==, "2e-6");
  g_assert_cmpstr (read_cell (comparison, 2, 1), ==, "0");
  g_assert_cmpstr (read_cell (comparison, 2, 2), ==, "5");
  g_assert_cmpstr (read_cell (comparison, 0, 2), ==, converge_run_get_name (converge_runs_nth (runs, 1)));
  converge_runs_remove (runs, converge_runs_nth (runs, 0));
  g_assert_cmpstr (read_cell (comparison, 1, 0), ==, "loss");
  g_assert_null (read_cell (comparison, 0, 2));
  check_changes (fixture, comparison);
  gtk_window_destroy (GTK_WINDOW (comparison));
  g_assert_null (find_comparison ());
  fixture_train (fixture, "400");
}

int
main (int argc,
      char **argv)
{
  gtk_test_init (&argc, &argv);
  g_test_add_func ("/run-list/list", test_list);
  g_test_add_func ("/run-list/several", test_several);
  g_test_add_func ("/run-list/order", test_order);
  fixture_add ("/run-list/kept", test_kept);
  fixture_add ("/run-list/memory", test_memory);
  fixture_add ("/run-list/comparison", test_comparison);
  fixture_add ("/run-list/beside", test_beside);
  fixture_add ("/run-list/many", test_many);
  fixture_add ("/run-list/moment", test_moment);
  fixture_add ("/run-list/other-run", test_other_run);
  return g_test_run ();
}
