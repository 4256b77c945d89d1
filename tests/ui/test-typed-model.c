/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "window-fixture.h"

#include <string.h>

/* A model that somebody types: its entry, and the rows of its parameters. */

#define FORMULA 9
#define NO_LIMIT 0

static gboolean
is_there (Fixture *fixture,
          const char *title)
{
  for (guint i = 0; i < fixture_settings (fixture)->program->model->n_parameters; i++)
    if (strcmp (fixture_settings (fixture)->program->model->parameters[i], title) == 0)
      return gtk_widget_get_mapped (fixture_find_row (fixture, title));
  return FALSE;
}

static GtkWidget *
find_hold (Fixture *fixture,
           const char *title)
{
  return fixture_find (fixture_find_row (fixture, title), GTK_TYPE_TOGGLE_BUTTON, NULL, NULL);
}

/* The bytes of an entry's text that are underlined. */
static void
assert_marked (Fixture *fixture,
               const char *title,
               guint begin,
               guint end)
{
  GtkEntry *entry = GTK_ENTRY (fixture_find_entry (fixture, title));
  PangoAttrList *attributes = gtk_entry_get_attributes (entry);
  GSList *marks = attributes != NULL ? pango_attr_list_get_attributes (attributes) : NULL;

  if (begin == end)
    {
      g_assert_null (marks);
      return;
    }
  g_assert_cmpuint (g_slist_length (marks), ==, 1);
  g_assert_cmpuint (((PangoAttribute *) marks->data)->start_index, ==, begin);
  g_assert_cmpuint (((PangoAttribute *) marks->data)->end_index, ==, end);
  g_slist_free_full (marks, (GDestroyNotify) pango_attribute_destroy);
}

/* The rows are those of the formula at once, and the run is of it. */
static void
test_rows (Fixture *fixture,
           gconstpointer data)
{
  g_assert_false (gtk_widget_get_visible (fixture_find_row (fixture, "Model")));
  fixture_choose (fixture, "Program", FORMULA);
  g_assert_true (gtk_widget_get_visible (fixture_find_row (fixture, "Model")));
  g_assert_false (gtk_widget_get_visible (fixture_find_row (fixture, "Initial values")));
  g_assert_true (is_there (fixture, "d"));

  fixture_type (fixture, "Model", "amp*exp(-β*x) + c");
  g_assert_true (is_there (fixture, "amp") && is_there (fixture, "β") && is_there (fixture, "c"));
  fixture_type (fixture, "amp", "2");
  fixture_type (fixture, "c", "0.5");
  g_assert_cmpstr (fixture_settings (fixture)->init, ==, "amp=2,c=0.5");
  fixture_click (find_hold (fixture, "c"));
  g_assert_cmpstr (fixture_settings (fixture)->hold, ==, "c");
  fixture_type (fixture, "amp", "");
  g_assert_cmpstr (fixture_settings (fixture)->init, ==, "c=0.5");

  fixture_type (fixture, "Steps", "200");
  fixture_set_pace (fixture, NO_LIMIT);
  fixture_do (fixture, "win.train");
  fixture_wait_for_state (fixture, AG_TRAINER_DONE);
  g_assert_cmpfloat (fixture_snapshot (fixture)->coefficients[2], ==, 0.5);
  g_assert_true (fixture_shows (fixture, "exp(-"));

  fixture_choose (fixture, "Program", 2);
  g_assert_false (gtk_widget_get_visible (fixture_find_row (fixture, "Model")));
  g_assert_true (gtk_widget_get_visible (fixture_find_row (fixture, "Initial values")));
  fixture_choose (fixture, "Program", FORMULA);
  g_assert_cmpstr (fixture_settings (fixture)->init, ==, "c=0.5");
  g_assert_cmpstr (fixture_settings (fixture)->hold, ==, "c");
}

/* What is wrong is said and underlined, and no run is made of it. */
static void
test_wrong (Fixture *fixture,
            gconstpointer data)
{
  fixture_choose (fixture, "Program", FORMULA);
  fixture_type (fixture, "Model", "a*sinn(x)");
  g_assert_nonnull (strstr (fixture_find_error (fixture, "Model"), "Did you mean “sin”?"));
  assert_marked (fixture, "Model", 2, 6);
  fixture_do (fixture, "win.train");
  g_assert_null (fixture_snapshot (fixture));
  g_assert_true (fixture_has_focus (fixture, "Model"));

  fixture_type (fixture, "Model", "β*(x");
  assert_marked (fixture, "Model", 4, 5);
  fixture_type (fixture, "Model", "a*sin(x)");
  g_assert_cmpstr (fixture_find_error (fixture, "Model"), ==, "");
  assert_marked (fixture, "Model", 0, 0);

  fixture_type (fixture, "a", "one");
  g_assert_nonnull (strstr (fixture_find_error (fixture, "a"), "“one”, is not a number"));
  fixture_do (fixture, "win.train");
  g_assert_null (fixture_snapshot (fixture));
  g_assert_true (fixture_has_focus (fixture, "a"));
  fixture_type (fixture, "a", "1");
  g_assert_cmpstr (fixture_find_error (fixture, "a"), ==, "");

  fixture_type (fixture, "y =", "sin(x) x");
  assert_marked (fixture, "y =", 7, 8);
}

/* Only Huber's loss has a δ, and gradients by hand have one loss. */
static void
test_losses (Fixture *fixture,
             gconstpointer data)
{
  g_assert_false (gtk_widget_get_visible (fixture_find_row (fixture, "Delta")));
  fixture_choose (fixture, "Loss", AG_LOSS_HUBER);
  g_assert_true (gtk_widget_get_visible (fixture_find_row (fixture, "Delta")));
  fixture_type (fixture, "Delta", "0.25");
  g_assert_cmpfloat (fixture_settings (fixture)->delta, ==, 0.25);
  fixture_choose (fixture, "Program", 0);
  g_assert_false (gtk_widget_get_visible (fixture_find_row (fixture, "Loss")));
  g_assert_true (fixture_settings (fixture)->loss == fixture_settings (fixture)->program->loss);
}

/* The banner names the part of the formula, the row and the value. */
static void
test_failure (Fixture *fixture,
              gconstpointer data)
{
  fixture_choose (fixture, "Program", FORMULA);
  fixture_type (fixture, "Model", "a*exp(b*x)");
  fixture_type (fixture, "b", "100");
  fixture_type (fixture, "a", "1");
  fixture_do (fixture, "win.train");
  fixture_wait_for_state (fixture, AG_TRAINER_DIVERGED);
  fixture_wait_to_show (fixture, "“exp(b*x)” overflowed at x = 0.8");
  g_assert_true (fixture_shows (fixture, " with b = 100. Begin with other values"));
}

static gboolean
has_label (GtkWidget *widget,
           const char *text)
{
  return gtk_widget_get_mapped (widget)
         && strcmp (gtk_label_get_text (GTK_LABEL (widget)), text) == 0;
}

/* A unit is told beside its parameter's value. */
static void
test_units (Fixture *fixture,
            gconstpointer data)
{
  fixture_choose (fixture, "Program", FORMULA);
  fixture_type (fixture, "Model", "a*exp(-b*x)");
  fixture_type (fixture, "Units", "b=1/s");
  g_assert_cmpstr (fixture_settings (fixture)->units, ==, "b=1/s");
  g_assert_nonnull (fixture_find (fixture_find_row (fixture, "b"), GTK_TYPE_LABEL, has_label, "1/s"));
  fixture_type (fixture, "Units", "d=1/s");
  g_assert_nonnull (strstr (fixture_find_error (fixture, "Units"), "“d” cannot have a unit"));
}

static const FixtureTest tests[] = {
  { "/typed-model/rows", test_rows },
  { "/typed-model/units", test_units },
  { "/typed-model/wrong", test_wrong },
  { "/typed-model/losses", test_losses },
  { "/typed-model/failure", test_failure },
};

int
main (int argc,
      char **argv)
{
  return fixture_run (argc, argv, G_N_ELEMENTS (tests), tests);
}
