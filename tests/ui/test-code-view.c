/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "window-fixture.h"

#include "converge-code-pane.h"
#include "converge-code-view.h"
#include "converge-tabs.h"

#include <math.h>
#include <string.h>

/* The tab that shows a step as a program. */

static ConvergeCodeView *
open_tab (Fixture *fixture)
{
  GtkWidget *root = GTK_WIDGET (fixture->window);

  g_assert_true (converge_tabs_select (
    CONVERGE_TABS (fixture_find (root, CONVERGE_TYPE_TABS, NULL, NULL)), "code"));
  fixture_wait_for_frames (fixture);
  return CONVERGE_CODE_VIEW (fixture_find (root, CONVERGE_TYPE_CODE_VIEW, NULL, NULL));
}

static gboolean
is_nth (GtkWidget *widget,
        const char *name)
{
  GtkWidget *box = gtk_widget_get_parent (widget);
  const gboolean is_second = gtk_widget_get_prev_sibling (box) != NULL;

  return is_second == (name[0] == '1');
}

static ConvergeCodePane *
find_pane (ConvergeCodeView *view,
           const char *nth)
{
  return CONVERGE_CODE_PANE (
    fixture_find (GTK_WIDGET (view), CONVERGE_TYPE_CODE_PANE, is_nth, nth));
}

static GtkDropDown *
find_choice (ConvergeCodeView *view,
             const char *nth)
{
  return GTK_DROP_DOWN (fixture_find (GTK_WIDGET (view), GTK_TYPE_DROP_DOWN, is_nth, nth));
}

static char *
get_text (ConvergeCodePane *pane)
{
  GtkTextBuffer *buffer
    = gtk_text_view_get_buffer (converge_code_pane_get_text_view (pane));
  GtkTextIter start, end;

  gtk_text_buffer_get_bounds (buffer, &start, &end);
  return gtk_text_buffer_get_text (buffer, &start, &end, FALSE);
}

/* Which line has a text in it, from 0. */
static guint
find_line (ConvergeCodePane *pane,
           const char *text)
{
  g_autofree char *all = get_text (pane);
  const char *place = strstr (all, text);
  guint line = 0;

  if (place == NULL)
    g_error ("“%s” is missing in:\n%s", text, all);
  for (const char *c = all; c < place; c++)
    line += *c == '\n';
  return line;
}

/* Puts the cursor where a click would. */
static void
put_cursor (ConvergeCodePane *pane,
            const char *text)
{
  GtkTextView *view = converge_code_pane_get_text_view (pane);
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (view);
  GtkTextIter iter;

  gtk_widget_grab_focus (GTK_WIDGET (view));
  gtk_text_buffer_get_iter_at_line (buffer, &iter, (int) find_line (pane, text));
  gtk_text_buffer_place_cursor (buffer, &iter);
}

/* The run's program is there in both languages, before there is a run, and as it is set then. */
static void
test_run (Fixture *fixture,
          gconstpointer data)
{
  ConvergeCodeView *view = open_tab (fixture);

  fixture_choose (fixture, "Program", 2);
  find_line (find_pane (view, "0"), "ag_backward (loss, NULL);");
  find_line (find_pane (view, "1"), "loss.backward()");
  find_line (find_pane (view, "1"), "torch.optim.SGD(parameters, lr=1e-06)");

  fixture_type (fixture, "Learning rate", "2e-6");
  fixture_wait_for_frames (fixture);
  find_line (find_pane (view, "1"), "torch.optim.SGD(parameters, lr=2e-06)");

  fixture_choose (fixture, "Optimizer", 2);
  fixture_wait_for_frames (fixture);
  find_line (find_pane (view, "0"), "rmsprop_update (AgOptimizer *optimizer");
}

/* Whether the loss behind its line is that of the moment that is looked at. */
static gboolean
has_loss (Fixture *fixture)
{
  GtkWidget *view = fixture_find (GTK_WIDGET (fixture->window), CONVERGE_TYPE_CODE_VIEW, NULL, NULL);
  ConvergeCodePane *pane = find_pane (CONVERGE_CODE_VIEW (view), "1");
  const AgMoment *moment = converge_runs_get_moment (converge_window_get_runs (fixture->window));
  const char *value = converge_code_pane_get_value (pane, find_line (pane, "loss = "));

  return moment != NULL && moment->step == 37 && g_str_has_prefix (value, "L = ")
         && fabs (g_ascii_strtod (value + strlen ("L = "), NULL) - moment->loss)
              < 1e-3 * moment->loss;
}

/* Behind the lines there is what they came to in the step that is looked at. */
static void
test_values (Fixture *fixture,
             gconstpointer data)
{
  ConvergeCodeView *view = open_tab (fixture);
  ConvergeCodePane *c = find_pane (view, "0"), *pytorch = find_pane (view, "1");

  fixture_choose (fixture, "Program", 0);
  fixture_train (fixture, "100");
  converge_runs_set_step (converge_window_get_runs (fixture->window), 37);
  fixture_wait (has_loss, fixture);
  g_assert_true (g_str_has_prefix (
    converge_code_pane_get_value (pytorch, find_line (pytorch, "c.grad")), "∂L/∂c = "));
  g_assert_true (g_str_has_prefix (
    converge_code_pane_get_value (c, find_line (c, "model->tensors[2]")), "∂L/∂c = "));
  g_assert_cmpstr (converge_code_pane_get_value (c, find_line (c, "return ag_sum")), ==,
                   converge_code_pane_get_value (pytorch, find_line (pytorch, "loss = ")));
  g_assert_true (g_str_has_prefix (
    converge_code_pane_get_value (c, find_line (c, "ag_optimizer_descend")), "a = "));
  g_assert_cmpstr (converge_code_pane_get_value (pytorch, 0), ==, "");
}

/* Whoever goes to a line is told what it is, and sees the same part in the other program. */
static void
test_stops (Fixture *fixture,
            gconstpointer data)
{
  ConvergeCodeView *view = open_tab (fixture);
  ConvergeCodePane *c = find_pane (view, "0"), *pytorch = find_pane (view, "1");

  fixture_choose (fixture, "Program", 0);
  fixture_wait_for_frames (fixture);
  g_assert_true (fixture_shows (fixture, "Predict: what the model makes of the points."));
  put_cursor (c, "model->tensors[1]");
  g_assert_true (fixture_shows (fixture, "Gradient: how the loss changes with each parameter."));
  g_assert_cmpuint (converge_code_pane_get_stops (pytorch), ==, 1u << AG_STOP_GRADIENT);
  put_cursor (pytorch, "import torch");
  g_assert_true (fixture_shows (fixture, "This line is no part of a step."));
  put_cursor (pytorch, "optimizer.step()");
  g_assert_true (fixture_shows (fixture, "Optimizer: what is made of the gradient."));

  gtk_widget_activate_action (GTK_WIDGET (view), "code.walk", "i", 1);
  g_assert_true (fixture_shows (fixture, "Update: the new values of the parameters."));
  g_assert_cmpuint (converge_code_pane_get_stops (c), ==, 1u << AG_STOP_UPDATE);
  gtk_widget_activate_action (GTK_WIDGET (view), "code.walk", "i", 1);
  g_assert_true (fixture_shows (fixture, "Predict: what the model makes of the points."));
}

static gboolean
has_same_gradients (Fixture *fixture)
{
  GtkWidget *view = fixture_find (GTK_WIDGET (fixture->window), CONVERGE_TYPE_CODE_VIEW, NULL, NULL);
  ConvergeCodePane *by_hand = find_pane (CONVERGE_CODE_VIEW (view), "0");
  ConvergeCodePane *found = find_pane (CONVERGE_CODE_VIEW (view), "1");
  const char *all = converge_code_pane_get_value (found, find_line (found, "ag_backward (loss"));
  const char *c = converge_code_pane_get_value (by_hand, find_line (by_hand, "model->tensors[2]"));

  return c[0] != '\0' && strstr (all, c) != NULL;
}

/* Any program can stand beside the run's. One of the same parameters has the values that it would
 * come to in the same step: the gradient that was derived by hand is among those that autograd
 * finds. */
static void
test_other (Fixture *fixture,
            gconstpointer data)
{
  ConvergeCodeView *view = open_tab (fixture);
  ConvergeCodePane *pane = find_pane (view, "1");

  fixture_choose (fixture, "Program", 0);
  fixture_train (fixture, "20");
  gtk_drop_down_set_selected (find_choice (view, "1"), 2 + 2 * 2);
  fixture_wait_for_frames (fixture);
  fixture_wait (has_same_gradients, fixture);
  gtk_drop_down_set_selected (find_choice (view, "1"), 2 + 2 * 3 + 1);
  fixture_wait_for_frames (fixture);
  find_line (pane, "class LegendrePolynomial3(torch.autograd.Function)");

  gtk_drop_down_set_selected (find_choice (view, "1"), 2 + 2 * 7);
  fixture_wait_for_frames (fixture);
  g_assert_true (g_str_has_prefix (converge_code_pane_get_value (pane, 0), "without values: "));
}

static gboolean
has_label (GtkWidget *widget,
           const char *label)
{
  return g_strcmp0 (gtk_button_get_label (GTK_BUTTON (widget)), label) == 0;
}

/* Where there is no room for two programs there is one, and one alone can be had anywhere. */
static void
test_one (Fixture *fixture,
          gconstpointer data)
{
  ConvergeCodeView *view = open_tab (fixture);
  GtkToggleButton *both
    = GTK_TOGGLE_BUTTON (fixture_find (GTK_WIDGET (view), GTK_TYPE_TOGGLE_BUTTON, has_label, "Side by Side"));

  g_assert_true (gtk_widget_get_mapped (GTK_WIDGET (find_pane (view, "1"))));
  gtk_toggle_button_set_active (both, FALSE);
  fixture_wait_for_frames (fixture);
  g_assert_false (gtk_widget_get_mapped (GTK_WIDGET (find_pane (view, "1"))));
  g_assert_true (gtk_widget_get_mapped (GTK_WIDGET (find_pane (view, "0"))));
}

int
main (int argc,
      char **argv)
{
  static const FixtureTest tests[] = {
    { "/code-view/run", test_run },
    { "/code-view/values", test_values },
    { "/code-view/stops", test_stops },
    { "/code-view/other", test_other },
    { "/code-view/one", test_one },
  };

  return fixture_run (argc, argv, G_N_ELEMENTS (tests), tests);
}
