/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot/plot-draw.h"
#include "window-fixture.h"

#include "data/target.h"

#include <math.h>
#include <string.h>

#define NO_LIMIT 0

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
      g_assert_cmpfloat (fixture_settings (fixture)->learning_rate, ==, expected.learning_rate);

      fixture_type (fixture, "Steps", "300");
      fixture_set_pace (fixture, NO_LIMIT);
      fixture_do (fixture, "win.train");
      fixture_wait_for_state (fixture, AG_TRAINER_DONE);
      g_assert_cmpint (fixture_snapshot (fixture)->step, ==, 300);
      fixture_wait (has_fit, fixture);
      fixture_wait_to_show (fixture, "done");
      fixture_spin (50);
      g_assert_cmpint (fixture_snapshot (fixture)->engine, ==, AG_ENGINE_BUILT_IN);
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
  fixture_spin (100);
  before = fit_at_start (fixture);
  n_before = n_losses_plotted (fixture);
  fixture_wait_for_step (fixture, fixture_snapshot (fixture)->step + 50);
  fixture_spin (100);
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
  fixture_spin (100);
  g_assert_cmpint (fixture_snapshot (fixture)->step, ==, step);
  g_assert_true (fixture_shows (fixture, "paused"));

  for (guint i = 0; i < 3; i++)
    {
      fixture_do (fixture, "win.step");
      fixture_wait_for_step (fixture, step + 1);
      fixture_spin (50);
      g_assert_cmpint (fixture_snapshot (fixture)->step, ==, ++step);
    }

  fixture_do (fixture, "win.train");
  fixture_wait_for_step (fixture, step + 10);
  fixture_do (fixture, "win.stop");
  fixture_wait_for_state (fixture, AG_TRAINER_STOPPED);
  g_assert_true (fixture_shows (fixture, "stopped"));
  fixture_do (fixture, "win.stop");
  fixture_spin (10);
  g_assert_null (fixture_snapshot (fixture));
  g_assert_true (fixture_shows (fixture, "step 0 / 2000"));
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
  fixture_spin (100);
  before = initial_at_start (fixture);
  g_assert_true (isfinite (before));
  fixture_type (fixture, "Seed", "1");
  fixture_spin (100);
  g_assert_cmpfloat (initial_at_start (fixture), !=, before);
  fixture_type (fixture, "Seed", "0");
  fixture_do (fixture, "win.train");
  fixture_wait_for_step (fixture, 5);
  fixture_spin (100);
  g_assert_cmpfloat (initial_at_start (fixture), ==, before);
}

/* A first step without pressing Train. */
static void
test_step_first (Fixture *fixture,
                 gconstpointer data)
{
  fixture_do (fixture, "win.step");
  fixture_wait_for_step (fixture, 1);
  fixture_spin (50);
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
  g_assert_cmpfloat (fixture_settings (fixture)->learning_rate, ==, 1e-6);
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
  g_assert_cmpfloat (fixture_settings (fixture)->learning_rate, ==, 3.2e-6);
  fixture_do (fixture, "win.train");
  fixture_wait_for_state (fixture, AG_TRAINER_DONE);
  g_assert_cmpfloat (fixture_snapshot (fixture)->loss, <, 10);
}

/* Nonsense is pointed at, said, and cannot be trained. */
static void
test_entries (Fixture *fixture,
              gconstpointer data)
{
  static const struct
  {
    const char *title;
    const char *wrong;
    const char *sentence;
    const char *right;
  } entries[] = {
    { "Learning rate", "fast", "Give a number above 0", "1e-6" },
    { "Learning rate", "-1", "Give a number above 0", "1e-6" },
    { "Learning rate", "nan", "Give a number above 0", "0.5" },
    { "Steps", "0", "Give a whole number from 1 to", "10" },
    { "Steps", "1.5", "Give a whole number from 1 to", "1e3" },
    { "Points", "1", "Give a whole number from 2 to", "100" },
    { "Points", "", "Give a whole number from 2 to", "2000" },
    { "Seed", "-1", "from 0 to 18446744073709551615", "18446744073709551615" },
    { "y =", "sin(", "is no formula in x", "cos(x)" },
    { "y =", "system(x)", "is not known", "x^2" },
    { "x from", "left", "is not a number", "-1" },
    { "x to", "x", "is not a number", "pi" },
    { "Momentum", "2", "cannot be 2", "0.5" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (entries); i++)
    {
      GtkWidget *entry = fixture_find_entry (fixture, entries[i].title);

      fixture_type (fixture, entries[i].title, entries[i].wrong);
      g_assert_true (gtk_widget_has_css_class (entry, "error"));
      g_assert_nonnull (strstr (fixture_find_error (fixture, entries[i].title),
                                entries[i].sentence));
      fixture_do (fixture, "win.train");
      g_assert_null (fixture_snapshot (fixture));
      fixture_do (fixture, "win.step");
      g_assert_null (fixture_snapshot (fixture));

      fixture_type (fixture, entries[i].title, entries[i].right);
      g_assert_false (gtk_widget_has_css_class (entry, "error"));
      g_assert_cmpstr (fixture_find_error (fixture, entries[i].title), ==, "");
      g_assert_null (converge_settings_error (converge_window_get_settings (fixture->window)));
    }
}

static gboolean
has_focus (Fixture *fixture,
           const char *title)
{
  return (gtk_widget_get_state_flags (fixture_find_entry (fixture, title))
          & GTK_STATE_FLAG_FOCUS_WITHIN)
         != 0;
}

/* Half a number is another number: nothing is applied while it is typed. */
static void
test_pending (Fixture *fixture,
              gconstpointer data)
{
  GtkWidget *entry = fixture_find_entry (fixture, "Learning rate");

  fixture_do (fixture, "win.train");
  fixture_wait_for_step (fixture, 2);
  gtk_widget_grab_focus (entry);
  fixture_type_only (fixture, "Learning rate", "2");
  g_assert_true (gtk_widget_has_css_class (entry, "pending"));
  g_assert_cmpfloat (fixture_settings (fixture)->learning_rate, ==, 1e-6);
  fixture_wait_for_step (fixture, fixture_snapshot (fixture)->step + 20);
  g_assert_cmpint (fixture_snapshot (fixture)->state, ==, AG_TRAINER_RUNNING);

  fixture_type (fixture, "Learning rate", "2e-6");
  g_assert_false (gtk_widget_has_css_class (entry, "pending"));
  g_assert_cmpfloat (fixture_settings (fixture)->learning_rate, ==, 2e-6);

  /* Leaving the entry applies it too. */
  fixture_type_only (fixture, "Learning rate", "3e-6");
  gtk_widget_grab_focus (fixture_find_entry (fixture, "Steps"));
  g_assert_cmpfloat (fixture_settings (fixture)->learning_rate, ==, 3e-6);

  /* And so does a press on Train, which works with what is to be seen. */
  fixture_do (fixture, "win.train");
  fixture_wait_for_state (fixture, AG_TRAINER_PAUSED);
  fixture_type_only (fixture, "Learning rate", "1e-7");
  fixture_do (fixture, "win.train");
  g_assert_cmpfloat (fixture_settings (fixture)->learning_rate, ==, 1e-7);
}

static void
test_take_back (Fixture *fixture,
                gconstpointer data)
{
  GtkWidget *entry = fixture_find_entry (fixture, "Learning rate");

  gtk_widget_grab_focus (entry);
  fixture_type_only (fixture, "Learning rate", "5");
  fixture_press (entry, GDK_KEY_Escape);
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (entry)), ==, "1e-6");
  g_assert_false (gtk_widget_has_css_class (entry, "pending"));
  fixture_type (fixture, "Learning rate", "fast");
  g_assert_true (gtk_widget_has_css_class (entry, "error"));
  fixture_press (entry, GDK_KEY_Escape);
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (entry)), ==, "1e-6");
  g_assert_false (gtk_widget_has_css_class (entry, "error"));
  g_assert_cmpfloat (fixture_settings (fixture)->learning_rate, ==, 1e-6);
}

static gboolean
has_css_class (GtkWidget *widget,
               const char *name)
{
  return gtk_widget_has_css_class (widget, name);
}

static gboolean
are_controls_shown (Fixture *fixture)
{
  return gtk_widget_get_mapped (fixture_find_row (fixture, "Optimizer"));
}

/* Train is never grey without a reason: it shows what is wrong. */
static void
test_hidden_error (Fixture *fixture,
                   gconstpointer data)
{
  fixture_type (fixture, "Momentum", "2");
  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.toggle-controls", NULL);
  fixture_spin (500);
  g_assert_false (are_controls_shown (fixture));
  fixture_do (fixture, "win.train");
  fixture_wait (are_controls_shown, fixture);
  g_assert_true (has_focus (fixture, "Momentum"));
  g_assert_null (fixture_snapshot (fixture));
}

static gboolean
is_sentence_shown (Fixture *fixture)
{
  return gtk_widget_get_mapped (fixture_find (fixture_find_row (fixture, "Learning rate"),
                                              GTK_TYPE_POPOVER, NULL, NULL));
}

static gboolean
are_controls_hidden (Fixture *fixture)
{
  return !are_controls_shown (fixture);
}

/* The sentence on what is wrong goes and comes with the controls, which slide over
 * the edge of the screen, where GTK can place none. */
static void
test_sliding_error (Fixture *fixture,
                    gconstpointer data)
{
  GtkEntry *entry = GTK_ENTRY (fixture_find_entry (fixture, "Learning rate"));

  gtk_entry_grab_focus_without_selecting (entry);
  fixture_type (fixture, "Learning rate", "-1");
  fixture_wait (is_sentence_shown, fixture);
  for (guint i = 0; i < 3; i++)
    {
      gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.toggle-controls", NULL);
      fixture_wait (are_controls_hidden, fixture);
      g_assert_false (is_sentence_shown (fixture));
      gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.toggle-controls", NULL);
      gtk_entry_grab_focus_without_selecting (entry);
      fixture_wait (is_sentence_shown, fixture);
      g_assert_true (are_controls_shown (fixture));
    }
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
  fixture_spin (100);
  height = formula_height (fixture);
  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.presentation", NULL);
  fixture_wait (are_controls_hidden, fixture);
  fixture_spin (100);
  g_assert_cmpfloat (formula_height (fixture), >, 1.3 * height);
  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.presentation", NULL);
  fixture_wait (are_controls_shown, fixture);
  fixture_spin (100);
  g_assert_cmpint (formula_height (fixture), ==, height);
}

/* The column of controls scrolls under the wheel; its sliders stay. */
static void
test_wheel (Fixture *fixture,
            gconstpointer data)
{
  GtkWidget *const rows[] = {
    gtk_widget_get_next_sibling (fixture_find_row (fixture, "Learning rate")),
    fixture_find_row (fixture, "Pace"),
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      GtkWidget *scale = fixture_find (rows[i], GTK_TYPE_SCALE, NULL, NULL);
      GtkEventController *wheel = fixture_find_controller (scale, GTK_TYPE_EVENT_CONTROLLER_SCROLL);

      g_assert_cmpint (gtk_event_controller_get_propagation_phase (wheel), ==, GTK_PHASE_NONE);
      gtk_widget_grab_focus (scale);
      g_assert_cmpint (gtk_event_controller_get_propagation_phase (wheel), ==, GTK_PHASE_BUBBLE);
      gtk_widget_grab_focus (fixture_find_entry (fixture, "Steps"));
      g_assert_cmpint (gtk_event_controller_get_propagation_phase (wheel), ==, GTK_PHASE_NONE);
    }
}

/* The Tab key stops only where there is something to do. */
static void
test_tab (Fixture *fixture,
          gconstpointer data)
{
  GtkWidget *window = GTK_WIDGET (fixture->window);
  GtkWidget *pace = fixture_find (fixture_find_row (fixture, "Pace"), GTK_TYPE_SCALE, NULL, NULL);

  gtk_widget_grab_focus (fixture_find_entry (fixture, "Steps"));
  gtk_widget_child_focus (window, GTK_DIR_TAB_FORWARD);
  g_assert_true (gtk_window_get_focus (GTK_WINDOW (window)) == pace);
  gtk_widget_child_focus (window, GTK_DIR_TAB_FORWARD);
  g_assert_true (gtk_window_get_focus (GTK_WINDOW (window)) == fixture_find_row (fixture, "Device"));
  gtk_widget_child_focus (window, GTK_DIR_TAB_BACKWARD);
  g_assert_true (gtk_window_get_focus (GTK_WINDOW (window)) == pace);
}

/* NumPy takes fewer seeds than PyTorch. */
static void
test_seed (Fixture *fixture,
           gconstpointer data)
{
  fixture_choose (fixture, "Program", 0);
  g_assert_cmpstr (fixture_settings (fixture)->program->id, ==, "numpy");
  fixture_type (fixture, "Seed", "4294967296");
  g_assert_cmpstr (fixture_find_error (fixture, "Seed"), ==,
                   "Give a whole number from 0 to 4294967295.");
  fixture_type (fixture, "Seed", "4294967295");
  g_assert_null (converge_settings_error (converge_window_get_settings (fixture->window)));
}

static void
test_targets (Fixture *fixture,
              gconstpointer data)
{
  AdwComboRow *row = ADW_COMBO_ROW (fixture_find_row (fixture, "Target"));

  for (guint i = ag_target_n (); i-- > 0;)
    {
      fixture_choose (fixture, "Target", i);
      g_assert_cmpstr (fixture_settings (fixture)->target, ==, ag_target_nth (i)->formula);
    }
  fixture_type (fixture, "y =", "x + sin(x)");
  g_assert_cmpuint (adw_combo_row_get_selected (row), ==, ag_target_n ());
  fixture_type (fixture, "x from", "0");
  fixture_type (fixture, "x to", "2*pi");
  fixture_type (fixture, "Points", "500");
  fixture_type (fixture, "Learning rate", "1e-9");
  fixture_type (fixture, "Steps", "20");
  fixture_set_pace (fixture, NO_LIMIT);
  fixture_do (fixture, "win.train");
  fixture_wait_for_state (fixture, AG_TRAINER_DONE);
  g_assert_true (fixture_shows (fixture, "step 20 / 20"));
}

static void
test_initial_values (Fixture *fixture,
                     gconstpointer data)
{
  GtkWidget *row = fixture_find_row (fixture, "Values");

  g_assert_false (gtk_widget_get_visible (row));
  fixture_choose (fixture, "Initial values", 2);
  g_assert_true (gtk_widget_get_visible (row));
  fixture_type (fixture, "Values", "a=1, b=-0.5");
  g_assert_cmpint (fixture_settings (fixture)->init, ==, AG_INIT_VALUES);
  g_assert_cmpfloat (fixture_settings (fixture)->values[1], ==, -0.5);
  fixture_type (fixture, "Values", "q=1");
  fixture_do (fixture, "win.train");
  g_assert_null (fixture_snapshot (fixture));
  fixture_choose (fixture, "Initial values", 1);
  g_assert_cmpint (fixture_settings (fixture)->init, ==, AG_INIT_PUBLISHED);
  g_assert_null (converge_settings_error (converge_window_get_settings (fixture->window)));
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

static gboolean
has_tooltip (Fixture *fixture,
             const char *title)
{
  g_autoptr (GtkTooltip) tooltip = g_object_new (GTK_TYPE_TOOLTIP, NULL);
  gboolean has_tooltip = FALSE;

  g_signal_emit_by_name (fixture_find_row (fixture, title), "query-tooltip", 10, 10, FALSE,
                         tooltip, &has_tooltip);
  return has_tooltip;
}

/* What is chosen is told in full beside the pointer, but not over the list of choices. */
static void
test_choice_tooltip (Fixture *fixture,
                     gconstpointer data)
{
  GtkWidget *row = fixture_find_row (fixture, "Program");

  g_assert_true (has_tooltip (fixture, "Program"));
  adw_action_row_activate (ADW_ACTION_ROW (row));
  g_assert_false (has_tooltip (fixture, "Program"));
  gtk_popover_popdown (GTK_POPOVER (fixture_find (row, GTK_TYPE_POPOVER, NULL, NULL)));
  g_assert_true (has_tooltip (fixture, "Program"));
}

/* The arrow keys go on from what is chosen. */
static void
test_choice_keys (Fixture *fixture,
                  gconstpointer data)
{
  GtkWidget *row = fixture_find_row (fixture, "Program");
  GtkWidget *popover = fixture_find (row, GTK_TYPE_POPOVER, NULL, NULL);
  GtkWidget *item;

  fixture_choose (fixture, "Program", 4);
  adw_action_row_activate (ADW_ACTION_ROW (row));
  item = gtk_window_get_focus (GTK_WINDOW (fixture->window));
  g_assert_true (gtk_widget_is_ancestor (item, popover));
  for (guint i = 0; i < 4; i++)
    {
      item = gtk_widget_get_prev_sibling (item);
      g_assert_nonnull (item);
    }
  g_assert_null (gtk_widget_get_prev_sibling (item));
  gtk_popover_popdown (GTK_POPOVER (popover));
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
  history = converge_session_history (converge_window_get_session (fixture->window));
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

/* An optimizer has its own options, and only those. */
static void
test_optimizers (Fixture *fixture,
                 gconstpointer data)
{
  for (guint i = ag_optimizer_n_classes (); i-- > 0;)
    {
      const AgOptimizerClass *optimizer = ag_optimizer_class_nth (i);

      fixture_choose (fixture, "Optimizer", i);
      g_assert_true (fixture_settings (fixture)->optimizer == optimizer);
      for (guint k = 0; k < optimizer->n_options; k++)
        fixture_find_row (fixture, optimizer->options[k].title);
    }
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
  fixture_spin (400);
  g_assert_true (fixture_shows (fixture, "before the first update"));
  g_assert_false (fixture_shows (fixture, "diverged at step"));
  g_assert_false (gtk_widget_get_mapped (fixture_find_button (fixture, "win.stable-rate")));
}

static void
expect_wrong_option (Fixture *fixture,
                     const char *title,
                     const char *wrong)
{
  g_assert_true (gtk_widget_has_css_class (fixture_find_entry (fixture, title), "error")
                 == (wrong != NULL && strcmp (title, wrong) == 0));
}

static void
expect_wrong (Fixture *fixture,
              const char *wrong)
{
  expect_wrong_option (fixture, "Momentum", wrong);
  expect_wrong_option (fixture, "Dampening", wrong);
  g_assert_true ((converge_settings_error (converge_window_get_settings (fixture->window)) != NULL)
                 == (wrong != NULL));
}

static gboolean
is_closed (Fixture *fixture)
{
  return fixture->window == NULL;
}

/* Options that are allowed, but not together: the one to change is marked. */
static void
test_option_conflict (Fixture *fixture,
                      gconstpointer data)
{
  GtkWidget *row = fixture_find_row (fixture, "Nesterov momentum");

  expect_wrong (fixture, NULL);
  gtk_switch_set_active (GTK_SWITCH (fixture_find (row, GTK_TYPE_SWITCH, NULL, NULL)), TRUE);
  expect_wrong (fixture, "Momentum");
  g_assert_nonnull (strstr (fixture_find_error (fixture, "Momentum"), "Nesterov"));
  fixture_type (fixture, "Momentum", "0.9");
  expect_wrong (fixture, NULL);
  fixture_type (fixture, "Dampening", "0.25");
  expect_wrong (fixture, "Dampening");

  /* A run that cannot be made is not kept for the next start. */
  gtk_window_close (GTK_WINDOW (fixture->window));
  fixture_wait (is_closed, fixture);
  fixture_open_window (fixture);
  expect_wrong (fixture, NULL);
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
  fixture_wait (is_closed, fixture);
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
  fixture_wait (is_closed, fixture);

  fixture_open_window (fixture);
  after = fixture_settings (fixture);
  g_assert_true (after->program == before.program);
  g_assert_true (after->optimizer == before.optimizer);
  g_assert_cmpfloat (after->learning_rate, ==, 0.0125);
  g_assert_cmpmem (before.options, sizeof before.options, after->options, sizeof after->options);
  g_assert_cmpint (after->steps, ==, 123);
  g_assert_cmpstr (after->target, ==, "exp(x/2)");
  g_assert_cmpfloat (after->x_minimum, ==, -2);
  g_assert_cmpfloat (after->x_maximum, ==, G_PI);
  g_assert_cmpint (after->points, ==, 77);
  g_assert_cmpuint (after->seed, ==, 42);
  g_assert_cmpint (after->dtype, ==, AG_DTYPE_FLOAT64);
  g_assert_cmpint (after->init, ==, AG_INIT_SEED);
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
  fixture_wait (is_closed, fixture);
  fixture_open_window (fixture);
  view = fixture_find_plot (fixture, "fit");
  plot = converge_plot_view_get_plot (view);
  g_assert_true (converge_plot_find_series (plot, "residual")->is_visible);
  g_assert_false (converge_plot_find_series (plot, "trail")->is_visible);
}

static const FixtureTest tests[] = {
  { "/window/programs", test_programs },
  { "/window/formula-note", test_formula_note },
  { "/window/live", test_live },
  { "/window/pause", test_pause },
  { "/window/start", test_start },
  { "/window/step-first", test_step_first },
  { "/window/divergence", test_divergence },
  { "/window/entries", test_entries },
  { "/window/pending", test_pending },
  { "/window/take-back", test_take_back },
  { "/window/hidden-error", test_hidden_error },
  { "/window/sliding-error", test_sliding_error },
  { "/window/wheel", test_wheel },
  { "/window/tab", test_tab },
  { "/window/presentation", test_presentation },
  { "/window/seed", test_seed },
  { "/window/targets", test_targets },
  { "/window/initial-values", test_initial_values },
  { "/window/nothing-jumps", test_nothing_jumps },
  { "/window/choice-tooltip", test_choice_tooltip },
  { "/window/choice-keys", test_choice_keys },
  { "/window/changes-under-way", test_changes_under_way },
  { "/window/optimizers", test_optimizers },
  { "/window/option-conflict", test_option_conflict },
  { "/window/close", test_close },
  { "/window/bad-start", test_bad_start },
  { "/window/restore", test_restore },
  { "/window/visibility", test_visibility },
};

int
main (int argc,
      char **argv)
{
  return fixture_run (argc, argv, G_N_ELEMENTS (tests), tests);
}
