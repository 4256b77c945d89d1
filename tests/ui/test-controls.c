/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "window-fixture.h"

#include "data/target.h"

#include <math.h>
#include <string.h>

#define NO_LIMIT 0

/* The controls: what is typed into them and chosen, and what they say of it. */

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
    { "Momentum", "2", "cannot be “2”", "0.5" },
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
  g_assert_cmpfloat (fixture_settings (fixture)->lr, ==, 1e-6);
  fixture_wait_for_step (fixture, fixture_snapshot (fixture)->step + 20);
  g_assert_cmpint (fixture_snapshot (fixture)->state, ==, AG_TRAINER_RUNNING);

  fixture_type (fixture, "Learning rate", "2e-6");
  g_assert_false (gtk_widget_has_css_class (entry, "pending"));
  g_assert_cmpfloat (fixture_settings (fixture)->lr, ==, 2e-6);

  /* Leaving the entry applies it too. */
  fixture_type_only (fixture, "Learning rate", "3e-6");
  gtk_widget_grab_focus (fixture_find_entry (fixture, "Steps"));
  g_assert_cmpfloat (fixture_settings (fixture)->lr, ==, 3e-6);

  /* And so does a press on Train, which works with what is to be seen. */
  fixture_do (fixture, "win.train");
  fixture_wait_for_state (fixture, AG_TRAINER_PAUSED);
  fixture_type_only (fixture, "Learning rate", "1e-7");
  fixture_do (fixture, "win.train");
  g_assert_cmpfloat (fixture_settings (fixture)->lr, ==, 1e-7);
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
  g_assert_cmpfloat (fixture_settings (fixture)->lr, ==, 1e-6);
}

/* Train is never grey without a reason: it shows what is wrong. */
static void
test_hidden_error (Fixture *fixture,
                   gconstpointer data)
{
  fixture_type (fixture, "Momentum", "2");
  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.toggle-controls", NULL);
  fixture_wait (fixture_are_controls_hidden, fixture);
  fixture_do (fixture, "win.train");
  fixture_wait (fixture_are_controls_shown, fixture);
  g_assert_true (fixture_has_focus (fixture, "Momentum"));
  g_assert_null (fixture_snapshot (fixture));
}

static gboolean
is_sentence_shown (Fixture *fixture)
{
  return gtk_widget_get_mapped (fixture_find (fixture_find_row (fixture, "Learning rate"),
                                              GTK_TYPE_POPOVER, NULL, NULL));
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
      fixture_wait (fixture_are_controls_hidden, fixture);
      g_assert_false (is_sentence_shown (fixture));
      gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.toggle-controls", NULL);
      gtk_entry_grab_focus_without_selecting (entry);
      fixture_wait (is_sentence_shown, fixture);
      g_assert_true (fixture_are_controls_shown (fixture));
    }
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
  g_assert_true (gtk_widget_is_ancestor (gtk_window_get_focus (GTK_WINDOW (window)),
                                         fixture_find_row (fixture, "Loss function")));
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
  g_assert_nonnull (strstr (fixture_find_error (fixture, "Seed"),
                            "Give a whole number from 0 to 4294967295."));
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
  g_assert_cmpstr (fixture_settings (fixture)->init, ==, "a=1,b=-0.5");
  fixture_type (fixture, "Values", "q=1");
  fixture_do (fixture, "win.train");
  g_assert_null (fixture_snapshot (fixture));
  fixture_choose (fixture, "Initial values", 1);
  g_assert_cmpstr (fixture_settings (fixture)->init, ==, "published");
  g_assert_null (converge_settings_error (converge_window_get_settings (fixture->window)));
}

/* What is chosen is told whole, whichever it is, and no other row moves when it is another. */
static void
test_choice_description (Fixture *fixture,
                         gconstpointer data)
{
  GtkWidget *row = fixture_find_row (fixture, "Program");
  const int height = gtk_widget_get_height (row);

  for (guint i = 0; i < ag_program_n_classes (); i++)
    {
      const char *description = ag_program_class_nth (i)->description;
      GtkWidget *label;

      fixture_choose (fixture, "Program", i);
      fixture_spin (300);
      label = gtk_stack_get_visible_child (
        GTK_STACK (fixture_find (row, GTK_TYPE_STACK, NULL, NULL)));
      g_assert_cmpstr (gtk_label_get_text (GTK_LABEL (label)), ==, description);
      g_assert_true (gtk_widget_get_mapped (label));
      g_assert_false (pango_layout_is_ellipsized (gtk_label_get_layout (GTK_LABEL (label))));
      g_assert_cmpint (gtk_widget_get_height (row), ==, height);
    }
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
  fixture_wait (fixture_is_closed, fixture);
  fixture_open_window (fixture);
  expect_wrong (fixture, NULL);
}

static const FixtureTest tests[] = {
  { "/controls/entries", test_entries },
  { "/controls/pending", test_pending },
  { "/controls/take-back", test_take_back },
  { "/controls/hidden-error", test_hidden_error },
  { "/controls/sliding-error", test_sliding_error },
  { "/controls/wheel", test_wheel },
  { "/controls/tab", test_tab },
  { "/controls/seed", test_seed },
  { "/controls/targets", test_targets },
  { "/controls/initial-values", test_initial_values },
  { "/controls/choice-description", test_choice_description },
  { "/controls/choice-keys", test_choice_keys },
  { "/controls/optimizers", test_optimizers },
  { "/controls/option-conflict", test_option_conflict },
};

int
main (int argc,
      char **argv)
{
  return fixture_run (argc, argv, G_N_ELEMENTS (tests), tests);
}
