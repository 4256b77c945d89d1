/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "window-fixture.h"

#include <string.h>

/* A run's life in the window: begun, continued, begun anew; its settings, and where
 * they come from. */

static gboolean
is_seen (GtkWidget *widget,
         const char *name)
{
  return gtk_widget_get_mapped (widget);
}

static const char *
button_text (Fixture *fixture,
             const char *action)
{
  GtkWidget *button = fixture_find_button (fixture, action);
  GtkWidget *label = fixture_find (button, GTK_TYPE_LABEL, is_seen, NULL);

  return gtk_label_get_text (GTK_LABEL (label));
}

static gboolean
is_done_after_500 (Fixture *fixture)
{
  return fixture_snapshot (fixture) != NULL
         && fixture_snapshot (fixture)->state == AG_TRAINER_DONE
         && fixture_snapshot (fixture)->step == 500;
}

/* More steps go on from where the run is; its first losses stay. */
static void
test_more_steps (Fixture *fixture,
                 gconstpointer data)
{
  double coefficients[4];
  double initial;

  fixture_train (fixture, "500");
  memcpy (coefficients, fixture_snapshot (fixture)->coefficients, sizeof coefficients);
  fixture_do (fixture, "win.stop");

  fixture_train (fixture, "300");
  initial = converge_run_initial (converge_window_get_run (fixture->window))[0];
  g_assert_cmpstr (button_text (fixture, "win.train"), ==, "New Run");
  g_assert_false (fixture_can (fixture, "win.step"));
  fixture_type (fixture, "Steps", "500");
  g_assert_cmpstr (button_text (fixture, "win.train"), ==, "Continue");
  g_assert_true (fixture_can (fixture, "win.step"));
  g_assert_false (fixture_shows (fixture, "applies at the next one"));
  fixture_do (fixture, "win.train");
  fixture_wait (is_done_after_500, fixture);
  g_assert_true (fixture_shows (fixture, "step 500 / 500"));
  g_assert_cmpfloat (converge_run_initial (converge_window_get_run (fixture->window))[0],
                     ==, initial);
  g_assert_cmpmem (fixture_snapshot (fixture)->coefficients, sizeof coefficients, coefficients,
                   sizeof coefficients);
  g_assert_cmpint (ag_history_n_steps (
                     converge_run_history (converge_window_get_run (fixture->window))),
                   ==, 500);
}

/* What else was changed is for a new run, and nothing is continued by mistake. */
static void
test_other_settings (Fixture *fixture,
                     gconstpointer data)
{
  fixture_train (fixture, "300");
  fixture_type (fixture, "Steps", "500");
  fixture_type (fixture, "Seed", "7");
  g_assert_cmpstr (button_text (fixture, "win.train"), ==, "New Run");
  fixture_wait_to_show (fixture, "applies at the next one");
  fixture_do (fixture, "win.train");
  fixture_wait (is_done_after_500, fixture);
  g_assert_cmpint (converge_run_spec (converge_window_get_run (fixture->window))->seed, ==,
                   7);
}

/* Raised under way, they count at once. */
static void
test_more_under_way (Fixture *fixture,
                     gconstpointer data)
{
  fixture_type (fixture, "Steps", "5000");
  fixture_set_pace (fixture, 1000);
  fixture_do (fixture, "win.train");
  fixture_wait_for_step (fixture, 5);
  fixture_type (fixture, "Steps", "6000");
  fixture_wait_to_show (fixture, " / 6000");
  g_assert_false (fixture_shows (fixture, "applies at the next one"));
  fixture_type (fixture, "Steps", "4000");
  fixture_wait_to_show (fixture, "applies at the next one");
  g_assert_true (fixture_shows (fixture, " / 6000"));
}

/* Stopped is not paused: it says what can be done, and looks different. */
static void
test_stopped (Fixture *fixture,
              gconstpointer data)
{
  gint64 step;

  fixture_do (fixture, "win.train");
  fixture_wait_for_step (fixture, 5);
  g_assert_cmpstr (button_text (fixture, "win.train"), ==, "Pause");
  fixture_do (fixture, "win.train");
  fixture_wait_for_state (fixture, AG_TRAINER_PAUSED);
  g_assert_cmpstr (button_text (fixture, "win.train"), ==, "Resume");
  fixture_wait_to_show (fixture, "paused");
  g_assert_false (fixture_shows (fixture, "Continue or New Run"));

  fixture_do (fixture, "win.stop");
  fixture_wait_for_state (fixture, AG_TRAINER_STOPPED);
  g_assert_cmpstr (button_text (fixture, "win.train"), ==, "Continue");
  fixture_wait_to_show (fixture, "stopped");
  fixture_wait_to_show (fixture, "Continue or New Run");
  step = fixture_snapshot (fixture)->step;

  /* It takes what may change under way, and nothing else. */
  fixture_type (fixture, "Learning rate", "2e-6");
  fixture_choose (fixture, "Precision", 1);
  fixture_do (fixture, "win.step");
  fixture_wait_for_step (fixture, step + 1);
  g_assert_cmpfloat (converge_run_lr (converge_window_get_run (fixture->window)),
                     ==, 2e-6);
  g_assert_cmpint (converge_run_spec (converge_window_get_run (fixture->window))->dtype, ==,
                   AG_DTYPE_FLOAT32);
  fixture_do (fixture, "win.train");
  fixture_wait_for_step (fixture, step + 10);
  g_assert_cmpint (fixture_snapshot (fixture)->state, ==, AG_TRAINER_RUNNING);
}

/* At any time there is a run, another one of the settings as they are. */
static void
test_new_run (Fixture *fixture,
              gconstpointer data)
{
  g_assert_false (fixture_can (fixture, "win.new-run"));
  fixture_set_pace (fixture, 1000);
  fixture_do (fixture, "win.train");
  for (guint i = 0; i < 3; i++)
    {
      fixture_wait_for_step (fixture, 120);
      g_assert_true (fixture_can (fixture, "win.new-run"));
      if (i == 1)
        {
          fixture_do (fixture, "win.train");
          fixture_wait_for_state (fixture, AG_TRAINER_PAUSED);
        }
      if (i == 2)
        {
          fixture_do (fixture, "win.stop");
          fixture_wait_for_state (fixture, AG_TRAINER_STOPPED);
        }
      fixture_type (fixture, "Seed", i % 2 == 0 ? "3" : "4");
      fixture_do (fixture, "win.new-run");
      g_assert_true (fixture_snapshot (fixture) == NULL || fixture_snapshot (fixture)->step < 120);
      fixture_wait_for_step (fixture, 1);
      g_assert_cmpint (converge_run_spec (converge_window_get_run (fixture->window))->seed,
                       ==, i % 2 == 0 ? 3 : 4);
    }
}

static gboolean
has_reset (GtkWidget *widget,
           const char *name)
{
  return gtk_widget_has_css_class (widget, "reset");
}

static gboolean
shows_both_losses (Fixture *fixture)
{
  return fixture_shows (fixture, "loss ") && fixture_shows (fixture, " → ");
}

/* Where it rests, the loss of the coefficients that are shown. */
static void
test_final_loss (Fixture *fixture,
                 gconstpointer data)
{
  const char *arrow = " → ";

  fixture_do (fixture, "win.train");
  fixture_wait_for_step (fixture, 5);
  g_assert_false (fixture_shows (fixture, arrow));
  fixture_do (fixture, "win.train");
  fixture_wait (shows_both_losses, fixture);
  fixture_do (fixture, "win.train");
  fixture_wait_to_hide (fixture, arrow);
  fixture_do (fixture, "win.stop");
  fixture_wait (shows_both_losses, fixture);
}

static GtkWidget *
reset_button (Fixture *fixture,
              const char *title)
{
  return fixture_find (fixture_find_row (fixture, title), GTK_TYPE_BUTTON, has_reset, NULL);
}

/* A value that is not the default is marked; the room for the mark is always there. */
static gboolean
is_marked (Fixture *fixture,
           const char *title)
{
  GtkWidget *button = reset_button (fixture, title);

  g_assert_true (gtk_widget_get_visible (button));
  return gtk_widget_get_opacity (button) > 0;
}

static void
assert_entry (Fixture *fixture,
              const char *title,
              const char *text)
{
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (fixture_find_entry (fixture, title))), ==,
                   text);
}

/* Another program takes over what was set, and nothing else. */
static void
test_settings_kept (Fixture *fixture,
                    gconstpointer data)
{
  g_assert_false (fixture_can (fixture, "win.defaults"));
  fixture_type (fixture, "Steps", "700");
  fixture_type (fixture, "Learning rate", "2e-6");
  fixture_type (fixture, "Momentum", "0.5");
  g_assert_true (is_marked (fixture, "Steps"));
  g_assert_true (is_marked (fixture, "Learning rate"));
  g_assert_true (is_marked (fixture, "Momentum"));
  g_assert_false (is_marked (fixture, "Weight decay"));
  g_assert_false (is_marked (fixture, "Points"));

  fixture_choose (fixture, "Program", 3);
  g_assert_cmpstr (fixture_settings (fixture)->program->id, ==, "legendre");
  assert_entry (fixture, "Steps", "700");
  assert_entry (fixture, "Learning rate", "2e-6");
  assert_entry (fixture, "Momentum", "0.5");
  g_assert_cmpstr (gtk_widget_get_tooltip_text (reset_button (fixture, "Learning rate")), ==,
                   "Default: 5e-6");

  fixture_click (reset_button (fixture, "Learning rate"));
  assert_entry (fixture, "Learning rate", "5e-6");
  g_assert_false (is_marked (fixture, "Learning rate"));
  fixture_do (fixture, "win.defaults");
  assert_entry (fixture, "Steps", "2000");
  assert_entry (fixture, "Momentum", "0");
  g_assert_false (is_marked (fixture, "Steps"));
  g_assert_cmpstr (fixture_settings (fixture)->program->id, ==, "legendre");
  g_assert_false (fixture_can (fixture, "win.defaults"));
}

/* A rate is of the optimizer it was set for; what the other has too is kept. */
static void
test_optimizer_kept (Fixture *fixture,
                     gconstpointer data)
{
  fixture_type (fixture, "Learning rate", "2e-6");
  fixture_type (fixture, "Weight decay", "0.25");
  fixture_choose (fixture, "Optimizer", 3);
  g_assert_cmpstr (fixture_settings (fixture)->optimizer->id, ==, "adam");
  assert_entry (fixture, "Learning rate", "0.05");
  g_assert_false (is_marked (fixture, "Learning rate"));
  assert_entry (fixture, "Weight decay", "0.25");
  fixture_type (fixture, "Learning rate", "0.01");
  fixture_choose (fixture, "Optimizer", 0);
  assert_entry (fixture, "Learning rate", "2e-6");
  fixture_choose (fixture, "Optimizer", 3);
  assert_entry (fixture, "Learning rate", "0.01");

  /* An optimizer that was chosen is kept, too. */
  fixture_choose (fixture, "Program", 3);
  g_assert_cmpstr (fixture_settings (fixture)->optimizer->id, ==, "adam");
  assert_entry (fixture, "Learning rate", "0.01");
  fixture_do (fixture, "win.defaults");
  g_assert_cmpstr (fixture_settings (fixture)->optimizer->id, ==, "sgd");
}

/* Initial values that another program does not have wait for one that has them. */
static void
test_initial_kept (Fixture *fixture,
                   gconstpointer data)
{
  fixture_choose (fixture, "Initial values", 1);
  g_assert_cmpstr (fixture_settings (fixture)->init, ==, "published");
  fixture_choose (fixture, "Program", 7);
  g_assert_cmpstr (fixture_settings (fixture)->program->id, ==, "dynamic");
  g_assert_cmpstr (fixture_settings (fixture)->init, ==, "seed");
  g_assert_null (converge_settings_error (converge_window_get_settings (fixture->window)));
  fixture_choose (fixture, "Program", 1);
  g_assert_cmpstr (fixture_settings (fixture)->init, ==, "published");
}

/* What was set is still what was set in the next window. */
static void
test_settings_stored (Fixture *fixture,
                      gconstpointer data)
{
  fixture_type (fixture, "Steps", "700");
  fixture_choose (fixture, "Optimizer", 3);
  fixture_type (fixture, "Learning rate", "0.01");
  gtk_window_close (GTK_WINDOW (fixture->window));
  while (fixture->window != NULL)
    g_main_context_iteration (NULL, TRUE);
  fixture_open_window (fixture);
  assert_entry (fixture, "Steps", "700");
  assert_entry (fixture, "Learning rate", "0.01");
  g_assert_true (is_marked (fixture, "Steps"));
  fixture_choose (fixture, "Program", 3);
  assert_entry (fixture, "Steps", "700");
  g_assert_cmpstr (fixture_settings (fixture)->optimizer->id, ==, "adam");
}

static GtkWidget *
rate_row (Fixture *fixture)
{
  return gtk_widget_get_next_sibling (fixture_find_row (fixture, "Learning rate"));
}

static gboolean
is_warned (Fixture *fixture)
{
  GtkWidget *entry = fixture_find_entry (fixture, "Learning rate");
  GtkWidget *scale = fixture_find (rate_row (fixture), GTK_TYPE_SCALE, NULL, NULL);

  g_assert_cmpint (gtk_widget_has_css_class (entry, "warning"), ==,
                   gtk_widget_has_css_class (scale, "warning"));
  return gtk_widget_has_css_class (entry, "warning");
}

static gboolean
has_mark (Fixture *fixture)
{
  GtkWidget *scale = fixture_find (rate_row (fixture), GTK_TYPE_SCALE, NULL, NULL);

  return gtk_widget_has_css_class (scale, "marks-after");
}

/* Before the run: above which rate it would diverge, and why. */
static void
test_stable_bound (Fixture *fixture,
                   gconstpointer data)
{
  int height;

  fixture_wait_to_show (fixture, "Stable below 3.56e−6");
  g_assert_true (has_mark (fixture));
  g_assert_false (is_warned (fixture));
  g_assert_nonnull (strstr (gtk_widget_get_tooltip_text (rate_row (fixture)),
                            "greatest curvature; with twice the points it halves."));
  fixture_wait_for_frames (fixture);
  height = gtk_widget_get_height (rate_row (fixture));

  fixture_type (fixture, "Learning rate", "4e-6");
  fixture_wait_to_show (fixture, "Above 3.56e−6 each step overshoots");
  g_assert_true (is_warned (fixture));
  fixture_type (fixture, "Learning rate", "3e-6");
  g_assert_false (is_warned (fixture));

  /* The bound moves with the data and with the momentum. */
  fixture_type (fixture, "Points", "4000");
  fixture_wait_to_show (fixture, "Above 1.78e−6");
  g_assert_true (is_warned (fixture));
  fixture_type (fixture, "Momentum", "0.9");
  fixture_wait_to_show (fixture, "Stable below 3.39e−6");

  /* Nobody knows one for other optimizers, and no row moves. */
  fixture_choose (fixture, "Optimizer", 3);
  g_assert_false (has_mark (fixture));
  g_assert_false (is_warned (fixture));
  fixture_wait_for_frames (fixture);
  g_assert_cmpint (gtk_widget_get_height (rate_row (fixture)), ==, height);
}

/* Whose rate it is that a run begins with. */
static void
test_default_rate (Fixture *fixture,
                   gconstpointer data)
{
  fixture_choose (fixture, "Optimizer", 3);
  assert_entry (fixture, "Learning rate", "0.05");
  fixture_wait_to_show (fixture, "Our default: 0.05; PyTorch's: 0.001");
  fixture_do (fixture, "win.defaults");
  fixture_choose (fixture, "Program", 5);
  g_assert_cmpstr (fixture_settings (fixture)->program->id, ==, "optim");
  fixture_wait_to_show (fixture, "The program's own: 0.001; PyTorch's: 0.01");
}

static void
assert_marked_choice (Fixture *fixture,
                      const char *title,
                      const char *tooltip)
{
  GtkWidget *mark = reset_button (fixture, title);

  g_assert_true (gtk_widget_get_visible (mark) == (tooltip != NULL));
  if (tooltip != NULL)
    g_assert_cmpstr (gtk_widget_get_tooltip_text (mark), ==, tooltip);
}

static void
go_back (Fixture *fixture,
         const char *title)
{
  fixture_click (reset_button (fixture, title));
  assert_marked_choice (fixture, title, NULL);
}

/* What is chosen is marked as what is typed is. */
static void
test_marked_choices (Fixture *fixture,
                     gconstpointer data)
{
  fixture_choose (fixture, "Optimizer", 3);
  assert_marked_choice (fixture, "Optimizer", "Default: SGD");
  go_back (fixture, "Optimizer");
  g_assert_cmpstr (fixture_settings (fixture)->optimizer->id, ==, "sgd");

  fixture_choose (fixture, "Precision", 1);
  assert_marked_choice (fixture, "Precision", "Default: float32");
  go_back (fixture, "Precision");
  g_assert_cmpint (fixture_settings (fixture)->dtype, ==, AG_DTYPE_FLOAT32);
  fixture_choose (fixture, "Numbers of", 0);
  assert_marked_choice (fixture, "Numbers of", "Default: PyTorch 2");
  go_back (fixture, "Numbers of");
  g_assert_cmpint (fixture_settings (fixture)->pytorch, ==, AG_PYTORCH_2);
  /* What the default is depends on the program. */
  fixture_choose (fixture, "Program", 5);
  g_assert_cmpstr (fixture_settings (fixture)->program->id, ==, "optim");
  fixture_choose (fixture, "Optimizer", 0);
  assert_marked_choice (fixture, "Optimizer", "Default: RMSprop");

  fixture_choose (fixture, "Target", 2);
  assert_marked_choice (fixture, "Target", "Default: sin(x)");
  go_back (fixture, "Target");
  g_assert_cmpstr (fixture_settings (fixture)->target, ==, "sin(x)");

  fixture_choose (fixture, "Initial values", 2);
  assert_marked_choice (fixture, "Initial values", "Default: From the seed");
  go_back (fixture, "Initial values");
  g_assert_cmpstr (fixture_settings (fixture)->init, ==, "seed");
}

/* No other device is there to be chosen, but one may have been when it was. */
static void
test_marked_device (Fixture *fixture,
                    gconstpointer data)
{
  ConvergeSettings *settings = converge_window_get_settings (fixture->window);

  assert_marked_choice (fixture, "Device", NULL);
  converge_settings_set_text (settings, "device", "cuda");
  assert_marked_choice (fixture, "Device", "Default: CPU");
  go_back (fixture, "Device");
  g_assert_cmpstr (fixture_settings (fixture)->device, ==, "cpu");
}

static GtkSwitch *
find_switch (Fixture *fixture,
             const char *title)
{
  return GTK_SWITCH (fixture_find (fixture_find_row (fixture, title), GTK_TYPE_SWITCH, NULL, NULL));
}

/* Pace and switches stay under the pointer when their marks come. */
static void
test_marked_in_place (Fixture *fixture,
                      gconstpointer data)
{
  g_assert_false (is_marked (fixture, "Pace"));
  fixture_set_pace (fixture, 10);
  g_assert_true (is_marked (fixture, "Pace"));
  g_assert_cmpstr (gtk_widget_get_tooltip_text (reset_button (fixture, "Pace")), ==,
                   "Default: 250 steps/s");
  fixture_click (reset_button (fixture, "Pace"));
  g_assert_false (is_marked (fixture, "Pace"));
  g_assert_cmpfloat (fixture_settings (fixture)->pace, ==, 250);

  g_assert_false (is_marked (fixture, "Nesterov momentum"));
  for (guint i = 0; i < 2; i++)
    {
      gtk_switch_set_active (find_switch (fixture, "Nesterov momentum"), TRUE);
      g_assert_true (is_marked (fixture, "Nesterov momentum"));
      g_assert_cmpstr (gtk_widget_get_tooltip_text (reset_button (fixture, "Nesterov momentum")), ==,
                       "Default: off");
      if (i == 0)
        fixture_click (reset_button (fixture, "Nesterov momentum"));
      else
        fixture_do (fixture, "win.defaults");
      g_assert_false (gtk_switch_get_active (find_switch (fixture, "Nesterov momentum")));
      g_assert_false (is_marked (fixture, "Nesterov momentum"));
    }
}

int
main (int argc,
      char **argv)
{
  gtk_test_init (&argc, &argv);
  fixture_add ("/runs/more-steps", test_more_steps);
  fixture_add ("/runs/other-settings", test_other_settings);
  fixture_add ("/runs/more-under-way", test_more_under_way);
  fixture_add ("/runs/stopped", test_stopped);
  fixture_add ("/runs/new-run", test_new_run);
  fixture_add ("/runs/final-loss", test_final_loss);
  fixture_add ("/runs/settings-kept", test_settings_kept);
  fixture_add ("/runs/optimizer-kept", test_optimizer_kept);
  fixture_add ("/runs/initial-kept", test_initial_kept);
  fixture_add ("/runs/settings-stored", test_settings_stored);
  fixture_add ("/runs/stable-bound", test_stable_bound);
  fixture_add ("/runs/marked-choices", test_marked_choices);
  fixture_add ("/runs/marked-device", test_marked_device);
  fixture_add ("/runs/marked-in-place", test_marked_in_place);
  fixture_add ("/runs/default-rate", test_default_rate);
  return g_test_run ();
}
