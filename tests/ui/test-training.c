/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "window-fixture.h"

#include <math.h>

#define NO_LIMIT 0

/* Runs that are trained in a window, and what is to be seen of them. */

static gboolean
has_fit (Fixture *fixture)
{
  ConvergePlot *plot = converge_plot_view_get_plot (fixture_find_plot (fixture, "fit"));

  return converge_plot_find_series (plot, "fit")->n > 0;
}

/* Terms that are not in every step are explained. */
static void
test_formula_note (Fixture *fixture,
                   gconstpointer data)
{
  g_assert_false (fixture_shows (fixture, "by chance"));
  fixture_choose (fixture, "Program", 7);
  g_assert_cmpstr (fixture_settings (fixture)->program->id, ==, "dynamic");
  fixture_wait_to_show (fixture, "x⁴ ?");
  fixture_wait_to_show (fixture, "by chance");
}

static double
fit_at_start (Fixture *fixture)
{
  ConvergePlot *plot = converge_plot_view_get_plot (fixture_find_plot (fixture, "fit"));

  return converge_plot_find_series (plot, "fit")->y[0];
}

static gsize
n_losses_plotted (Fixture *fixture)
{
  ConvergePlot *plot = converge_plot_view_get_plot (fixture_find_plot (fixture, "loss"));

  return converge_plot_find_series (plot, "loss")->n;
}

/* Every program: chosen, it loads the tutorial's settings where nothing was set;
 * trained, it gets done and is plotted. */
static void
test_programs (Fixture *fixture,
               gconstpointer data)
{
  for (guint i = 0; i < ag_program_n_classes (); i++)
    {
      const AgProgramClass *program = ag_program_class_nth (i);
      AgRunSpec expected;

      /* Autograd is chosen already. */
      fixture_choose (fixture, "Program", (i + 3) % ag_program_n_classes ());
      fixture_choose (fixture, "Program", i);
      ag_run_spec_init (&expected, program);
      g_assert_true (fixture_settings (fixture)->program == program);
      g_assert_true (fixture_settings (fixture)->optimizer == expected.optimizer);
      g_assert_cmpint (fixture_settings (fixture)->steps, ==, expected.steps);
      g_assert_cmpfloat (fixture_settings (fixture)->lr, ==, expected.lr);

      fixture_train (fixture, "300");
      g_assert_cmpint (fixture_snapshot (fixture)->step, ==, 300);
      fixture_wait (has_fit, fixture);
      fixture_wait_to_show (fixture, "done");
      fixture_wait_for_frames (fixture);
      g_assert_cmpint (fixture_snapshot (fixture)->loop_engine, ==, AG_LOOP_ENGINE_BUILT_IN);
      g_assert_true (fixture_shows (fixture, "step 300 / 300"));
      g_assert_true (fixture_shows (fixture, "y = "));
      g_assert_cmpuint (n_losses_plotted (fixture), ==, 300);
      fixture_do (fixture, "win.stop");
      fixture_wait_to_show (fixture, "ready");
      fixture_do (fixture, "win.defaults");
    }
}

/* What is plotted changes while it runs. */
static void
test_live (Fixture *fixture,
           gconstpointer data)
{
  double before;
  gsize n_before;

  g_assert_cmpfloat (fixture_settings (fixture)->pace, ==, 250);
  fixture_do (fixture, "win.train");
  fixture_wait (has_fit, fixture);
  fixture_wait_for_step (fixture, 5);
  fixture_wait_for_frames (fixture);
  before = fit_at_start (fixture);
  n_before = n_losses_plotted (fixture);
  fixture_wait_for_step (fixture, fixture_snapshot (fixture)->step + 50);
  fixture_wait_for_frames (fixture);
  g_assert_true (fixture_shows (fixture, "running"));
  g_assert_cmpfloat (fit_at_start (fixture), !=, before);
  g_assert_cmpuint (n_losses_plotted (fixture), >, n_before);
}

static void
test_pause (Fixture *fixture,
            gconstpointer data)
{
  gint64 step;

  g_assert_true (fixture_can (fixture, "win.train"));
  g_assert_false (fixture_can (fixture, "win.stop"));
  fixture_do (fixture, "win.train");
  fixture_wait_for_step (fixture, 3);
  g_assert_false (fixture_can (fixture, "win.step"));

  fixture_do (fixture, "win.train");
  fixture_wait_for_state (fixture, AG_TRAINER_PAUSED);
  step = fixture_snapshot (fixture)->step;
  fixture_wait_for_frames (fixture);
  g_assert_cmpint (fixture_snapshot (fixture)->step, ==, step);
  g_assert_true (fixture_shows (fixture, "paused"));

  for (guint i = 0; i < 3; i++)
    {
      fixture_do (fixture, "win.step");
      fixture_wait_for_step (fixture, step + 1);
      fixture_wait_for_frames (fixture);
      g_assert_cmpint (fixture_snapshot (fixture)->step, ==, ++step);
    }

  fixture_do (fixture, "win.train");
  fixture_wait_for_step (fixture, step + 10);
  fixture_do (fixture, "win.stop");
  fixture_wait_for_state (fixture, AG_TRAINER_STOPPED);
  g_assert_true (fixture_shows (fixture, "stopped"));
  fixture_do (fixture, "win.stop");
  fixture_wait_to_show (fixture, "step 0 / 2000");
  g_assert_null (fixture_snapshot (fixture));
  g_assert_false (fixture_can (fixture, "win.stop"));
}

static double
initial_at_start (Fixture *fixture)
{
  ConvergePlot *plot = converge_plot_view_get_plot (fixture_find_plot (fixture, "fit"));
  const ConvergeSeries *series = converge_plot_find_series (plot, "initial");

  return series->n > 0 ? series->y[0] : NAN;
}

/* The curve that training starts from is there before it starts. */
static void
test_start (Fixture *fixture,
            gconstpointer data)
{
  double before;

  fixture_wait_to_show (fixture, "y = 1.541 − 0.2934 x − 2.179 x² + 0.5684 x³");
  fixture_wait_for_frames (fixture);
  before = initial_at_start (fixture);
  g_assert_true (isfinite (before));
  fixture_type (fixture, "Seed", "1");
  fixture_wait_for_frames (fixture);
  g_assert_cmpfloat (initial_at_start (fixture), !=, before);
  fixture_type (fixture, "Seed", "0");
  fixture_do (fixture, "win.train");
  fixture_wait_for_step (fixture, 5);
  fixture_wait_for_frames (fixture);
  g_assert_cmpfloat (initial_at_start (fixture), ==, before);
}

/* A first step without pressing Train. */
static void
test_step_first (Fixture *fixture,
                 gconstpointer data)
{
  fixture_do (fixture, "win.step");
  fixture_wait_for_step (fixture, 1);
  fixture_wait_for_frames (fixture);
  g_assert_cmpint (fixture_snapshot (fixture)->step, ==, 1);
  g_assert_cmpint (fixture_snapshot (fixture)->state, ==, AG_TRAINER_PAUSED);
}

static void
test_divergence (Fixture *fixture,
                 gconstpointer data)
{
  ConvergePlot *plot;
  const ConvergeSeries *fit;
  GtkWidget *button;

  /* No rate is offered before. */
  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.stable-rate", NULL);
  g_assert_cmpfloat (fixture_settings (fixture)->lr, ==, 1e-6);
  fixture_type (fixture, "Learning rate", "4e-6");
  fixture_set_pace (fixture, NO_LIMIT);
  fixture_do (fixture, "win.train");
  fixture_wait_for_state (fixture, AG_TRAINER_DIVERGED);
  fixture_wait_to_show (fixture, "diverged at step");
  g_assert_true (fixture_shows (fixture, "Below a learning rate of 3.56e−6 it is stable."));
  plot = converge_plot_view_get_plot (fixture_find_plot (fixture, "fit"));
  fit = converge_plot_find_series (plot, "fit");
  for (gsize i = 0; i < fit->n; i++)
    g_assert_true (isfinite (fit->y[i]));

  button = fixture_find_button (fixture, "win.stable-rate");
  g_assert_true (gtk_widget_get_mapped (button));
  fixture_click (button);
  g_assert_cmpfloat (fixture_settings (fixture)->lr, ==, 3.2e-6);
  fixture_do (fixture, "win.train");
  fixture_wait_for_state (fixture, AG_TRAINER_DONE);
  g_assert_cmpfloat (fixture_snapshot (fixture)->loss, <, 10);
}

/* The same as soon as a run that is done was told to go on, before it is seen to. */
static void
test_change_of_continued (Fixture *fixture,
                          gconstpointer data)
{
  ConvergeRun *run;

  fixture_train (fixture, "30");
  run = converge_window_get_run (fixture->window);
  fixture_type (fixture, "Steps", "1000000000");
  fixture_do (fixture, "win.train");
  fixture_type (fixture, "Learning rate", "5e-7");
  g_assert_cmpfloat (converge_run_lr (run), ==, 5e-7);
  fixture_wait_for_step (fixture, 40);
  g_assert_true (converge_window_get_run (fixture->window) == run);
}

/* Rate and pace apply at once, the others are said to wait. */
static void
test_changes_under_way (Fixture *fixture,
                        gconstpointer data)
{
  AgHistory *history;
  double loss;

  fixture_do (fixture, "win.train");
  fixture_wait_for_step (fixture, 5);
  fixture_type (fixture, "Learning rate", "1e-20");
  history = converge_run_history (converge_window_get_run (fixture->window));
  /* The snapshot may be older than the change, the history is not. */
  fixture_wait_for_step (fixture, ag_history_n_steps (history) + 3);
  loss = fixture_snapshot (fixture)->loss;
  fixture_wait_for_step (fixture, fixture_snapshot (fixture)->step + 20);
  g_assert_cmpfloat (fixture_snapshot (fixture)->loss, ==, loss);
  fixture_wait_to_show (fixture, "SGD · learning rate 1e−6, then 1e−20");
  g_assert_false (fixture_shows (fixture, "applies at the next one"));
  fixture_choose (fixture, "Optimizer", 3);
  fixture_wait_to_show (fixture, "applies at the next one");
  fixture_set_pace (fixture, NO_LIMIT);
  fixture_wait_for_state (fixture, AG_TRAINER_DONE);
  fixture_wait_to_show (fixture, "This run: Autograd · SGD");
  fixture_do (fixture, "win.stop");
  fixture_wait_to_hide (fixture, "applies at the next one");
}

/* No rate helps where the first loss is not finite. */
static void
test_bad_start (Fixture *fixture,
                gconstpointer data)
{
  fixture_type (fixture, "y =", "1e30*x");
  fixture_set_pace (fixture, NO_LIMIT);
  fixture_do (fixture, "win.train");
  fixture_wait_for_state (fixture, AG_TRAINER_DIVERGED);
  fixture_wait_to_show (fixture, "before the first update");
  g_assert_false (fixture_shows (fixture, "diverged at step"));
  g_assert_false (gtk_widget_get_mapped (fixture_find_button (fixture, "win.stable-rate")));
}

static const FixtureTest tests[] = {
  { "/training/programs", test_programs },
  { "/training/formula-note", test_formula_note },
  { "/training/live", test_live },
  { "/training/pause", test_pause },
  { "/training/start", test_start },
  { "/training/step-first", test_step_first },
  { "/training/divergence", test_divergence },
  { "/training/changes-under-way", test_changes_under_way },
  { "/training/change-of-continued", test_change_of_continued },
  { "/training/bad-start", test_bad_start },
};

int
main (int argc,
      char **argv)
{
  return fixture_run (argc, argv, G_N_ELEMENTS (tests), tests);
}
