/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "converge-tabs.h"
#include "window-fixture.h"

#include <string.h>

/* These tests look at what a screen reader is told. */

typedef void (*Visit) (GtkWidget *widget,
                       gpointer user_data);

/* Goes to all that can be seen. The buttons of the window's frame are GTK's. */
static void
walk (GtkWidget *widget,
      Visit visit,
      gpointer user_data)
{
  if (GTK_IS_WINDOW_CONTROLS (widget) || !gtk_widget_get_visible (widget))
    return;
  visit (widget, user_data);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    walk (child, visit, user_data);
}

/* Returns "" for what was never said. */
static char *
get_property (GtkWidget *widget,
              GtkAccessibleProperty property)
{
  GtkAccessible *accessible = GTK_ACCESSIBLE (widget);
  char *value = NULL;

  /* The test's way of saying that a value is not the expected one is that value. */
  if (gtk_test_accessible_has_property (accessible, property))
    value = gtk_test_accessible_check_property (accessible, property, "\x01");
  return value != NULL ? value : g_strdup ("");
}

static void
assert_property (GtkWidget *widget,
                 GtkAccessibleProperty property,
                 const char *expected)
{
  g_autofree char *value = get_property (widget, property);

  g_assert_cmpstr (value, ==, expected);
}

static void
assert_begins (GtkWidget *widget,
               GtkAccessibleProperty property,
               const char *beginning)
{
  g_autofree char *value = get_property (widget, property);

  if (!g_str_has_prefix (value, beginning))
    g_error ("“%s” does not begin with “%s”", value, beginning);
}

static gboolean
is_control (GtkWidget *widget)
{
  switch ((int) gtk_accessible_get_accessible_role (GTK_ACCESSIBLE (widget)))
    {
    case GTK_ACCESSIBLE_ROLE_BUTTON:
    case GTK_ACCESSIBLE_ROLE_CHECKBOX:
    case GTK_ACCESSIBLE_ROLE_COMBO_BOX:
    case GTK_ACCESSIBLE_ROLE_LINK:
    case GTK_ACCESSIBLE_ROLE_MENU_ITEM:
    case GTK_ACCESSIBLE_ROLE_MENU_ITEM_CHECKBOX:
    case GTK_ACCESSIBLE_ROLE_MENU_ITEM_RADIO:
    case GTK_ACCESSIBLE_ROLE_PROGRESS_BAR:
    case GTK_ACCESSIBLE_ROLE_RADIO:
    case GTK_ACCESSIBLE_ROLE_SLIDER:
    case GTK_ACCESSIBLE_ROLE_SPIN_BUTTON:
    case GTK_ACCESSIBLE_ROLE_SWITCH:
    case GTK_ACCESSIBLE_ROLE_TAB:
    case GTK_ACCESSIBLE_ROLE_TEXT_BOX:
      return TRUE;
    default:
      return CONVERGE_IS_PLOT_VIEW (widget) || GTK_IS_PANED (widget);
    }
}

static void
check_name (GtkWidget *widget,
            gpointer user_data)
{
  GtkAccessible *accessible = GTK_ACCESSIBLE (widget);
  guint *n_controls = user_data;

  if (!is_control (widget))
    return;
  (*n_controls)++;
  if (gtk_test_accessible_has_property (accessible, GTK_ACCESSIBLE_PROPERTY_LABEL)
      || gtk_test_accessible_has_relation (accessible, GTK_ACCESSIBLE_RELATION_LABELLED_BY))
    return;
  g_test_message ("%s “%s” has no name", G_OBJECT_TYPE_NAME (widget),
                  gtk_widget_get_tooltip_text (widget));
  g_test_fail ();
}

typedef struct
{
  GtkWidget *control;
  const char *name;
} Named;

static void
check_other_name (GtkWidget *widget,
                  gpointer user_data)
{
  const Named *named = user_data;
  g_autofree char *problem = NULL;

  if (!GTK_IS_LABEL (widget) || strcmp (gtk_label_get_text (GTK_LABEL (widget)), named->name) != 0)
    return;
  problem = gtk_test_accessible_check_relation (
    GTK_ACCESSIBLE (named->control), GTK_ACCESSIBLE_RELATION_LABELLED_BY, widget, NULL);
  if (problem != NULL)
    return;
  g_test_message ("%s “%s” is named twice", G_OBJECT_TYPE_NAME (named->control), named->name);
  g_test_fail ();
}

/* GTK puts together what a control is called and what it is labelled by. */
static void
check_named_once (GtkWidget *widget,
                  gpointer user_data)
{
  GtkAccessible *accessible = GTK_ACCESSIBLE (widget);
  g_autofree char *name = NULL;

  if (!is_control (widget)
      || !gtk_test_accessible_has_property (accessible, GTK_ACCESSIBLE_PROPERTY_LABEL)
      || !gtk_test_accessible_has_relation (accessible, GTK_ACCESSIBLE_RELATION_LABELLED_BY))
    return;
  name = get_property (widget, GTK_ACCESSIBLE_PROPERTY_LABEL);
  walk (user_data, check_other_name, &(Named){ widget, name });
}

static void
check_window (GtkWidget *window,
              guint least)
{
  guint n_controls = 0;

  walk (window, check_name, &n_controls);
  g_assert_cmpuint (n_controls, >=, least);
  walk (window, check_named_once, window);
}

static void
train (Fixture *fixture)
{
  fixture_type (fixture, "Steps", "50");
  fixture_set_pace (fixture, 0);
  fixture_do (fixture, "win.train");
  fixture_wait_for_state (fixture, AG_TRAINER_DONE);
}

static void
expand (GtkWidget *widget,
        gpointer user_data)
{
  if (ADW_IS_EXPANDER_ROW (widget))
    adw_expander_row_set_expanded (ADW_EXPANDER_ROW (widget), TRUE);
}

/* Whatever can be typed in, moved or pressed has a name, and has it once. */
static void
test_names (Fixture *fixture,
            gconstpointer data)
{
  GtkWidget *window = GTK_WIDGET (fixture->window);

  walk (window, expand, NULL);
  check_window (window, 30);
  train (fixture);
  check_window (window, 30);
}

static gboolean
is_menu_button (GtkWidget *widget,
                const char *name)
{
  g_autofree char *label = get_property (widget, GTK_ACCESSIBLE_PROPERTY_LABEL);

  return strcmp (label, name) == 0;
}

static void
test_menus (Fixture *fixture,
            gconstpointer data)
{
  static const char *const names[] = { "Export", "Main Menu" };
  GtkWidget *plot = GTK_WIDGET (fixture_find_plot (fixture, "fit"));

  train (fixture);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      GtkWidget *button = fixture_find (GTK_WIDGET (fixture->window), GTK_TYPE_MENU_BUTTON,
                                        is_menu_button, names[i]);

      gtk_menu_button_popup (GTK_MENU_BUTTON (button));
      check_window (GTK_WIDGET (gtk_menu_button_get_popover (GTK_MENU_BUTTON (button))), 5);
      gtk_menu_button_popdown (GTK_MENU_BUTTON (button));
    }
  gtk_widget_activate_action (plot, "plot.menu", NULL);
  check_window (plot, 5);
}

static void
test_preferences (Fixture *fixture,
                  gconstpointer data)
{
  GtkWidget *preferences = NULL;
  GListModel *windows = gtk_window_get_toplevels ();

  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.preferences", NULL);
  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWidget) window = g_list_model_get_item (windows, i);

      if (gtk_window_get_transient_for (GTK_WINDOW (window)) == GTK_WINDOW (fixture->window))
        preferences = window;
    }
  g_assert_nonnull (preferences);
  check_window (preferences, 2 + converge_optional_series_n ());
  gtk_window_destroy (GTK_WINDOW (preferences));
}

static gboolean
has_label (GtkWidget *widget,
           const char *label)
{
  return g_strcmp0 (gtk_button_get_label (GTK_BUTTON (widget)), label) == 0;
}

static void
assert_selected (GtkWidget *tab,
                 gboolean is_selected)
{
  gtk_test_accessible_assert_role (tab, GTK_ACCESSIBLE_ROLE_TAB);
  gtk_test_accessible_assert_state (tab, GTK_ACCESSIBLE_STATE_SELECTED, is_selected);
}

/* They are tabs, of which one is selected. */
static void
test_tabs (Fixture *fixture,
           gconstpointer data)
{
  GtkWidget *tabs = fixture_find (GTK_WIDGET (fixture->window), CONVERGE_TYPE_TABS, NULL, NULL);
  GtkWidget *loss = fixture_find (tabs, GTK_TYPE_TOGGLE_BUTTON, has_label, "Loss");
  GtkWidget *parameters = fixture_find (tabs, GTK_TYPE_TOGGLE_BUTTON, has_label, "Parameters");

  gtk_test_accessible_assert_role (gtk_widget_get_parent (loss), GTK_ACCESSIBLE_ROLE_TAB_LIST);
  assert_selected (loss, TRUE);
  assert_selected (parameters, FALSE);
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (parameters), TRUE);
  assert_selected (loss, FALSE);
  assert_selected (parameters, TRUE);
}

static gboolean
begins_with (GtkWidget *widget,
             const char *beginning)
{
  return g_str_has_prefix (gtk_label_get_text (GTK_LABEL (widget)), beginning);
}

/* The texts below the fit say what they are. */
static void
test_texts (Fixture *fixture,
            gconstpointer data)
{
  GtkWidget *window = GTK_WIDGET (fixture->window);
  GtkWidget *formula = fixture_find (window, GTK_TYPE_LABEL, begins_with, "y = 1.5");
  GtkWidget *caption = fixture_find (window, GTK_TYPE_LABEL, begins_with, "Autograd · ");

  train (fixture);
  assert_property (formula, GTK_ACCESSIBLE_PROPERTY_LABEL, gtk_label_get_text (GTK_LABEL (formula)));
  assert_property (formula, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, "Formula of the fit");
  assert_property (caption, GTK_ACCESSIBLE_PROPERTY_LABEL, gtk_label_get_text (GTK_LABEL (caption)));
  assert_property (caption, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, "The run to be seen");
}

static gboolean
is_item_named (GtkWidget *widget,
               const char *name)
{
  g_autofree char *label = get_property (widget, GTK_ACCESSIBLE_PROPERTY_LABEL);

  return gtk_accessible_get_accessible_role (GTK_ACCESSIBLE (widget))
           == GTK_ACCESSIBLE_ROLE_LIST_ITEM
         && strcmp (label, name) == 0;
}

/* A list says what is chosen, and each of its items what it is. */
static void
test_choices (Fixture *fixture,
              gconstpointer data)
{
  GtkWidget *row = fixture_find_row (fixture, "Optimizer");
  GtkWidget *item;

  assert_begins (row, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, "SGD: Steps against");
  fixture_choose (fixture, "Optimizer", 3);
  assert_begins (row, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, "Adam: Steps along");
  item = fixture_find (row, GTK_TYPE_WIDGET, is_item_named, "AdamW");
  g_assert_nonnull (item);
  assert_begins (item, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, "Adam with a weight decay");
}

/* What the marks in an entry mean is told, too. */
static void
test_entries (Fixture *fixture,
              gconstpointer data)
{
  GtkWidget *entry = fixture_find_entry (fixture, "Learning rate");

  assert_property (entry, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, "");
  fixture_type_only (fixture, "Learning rate", "zero");
  assert_begins (entry, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, "Not applied yet");
  fixture_type (fixture, "Learning rate", "zero");
  assert_property (entry, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                   fixture_find_error (fixture, "Learning rate"));
  gtk_test_accessible_assert_state (entry, GTK_ACCESSIBLE_STATE_INVALID,
                                    GTK_ACCESSIBLE_INVALID_TRUE);
  fixture_type (fixture, "Learning rate", "1e-5");
  assert_property (entry, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, "");
}

static gboolean
is_alert (GtkWidget *widget,
          const char *name)
{
  return gtk_accessible_get_accessible_role (GTK_ACCESSIBLE (widget)) == GTK_ACCESSIBLE_ROLE_ALERT;
}

/* The message of a run that diverged is one that readers interrupt others for. */
static void
test_banner (Fixture *fixture,
             gconstpointer data)
{
  GtkWidget *banner;

  fixture_type (fixture, "Learning rate", "1");
  fixture_set_pace (fixture, 0);
  fixture_do (fixture, "win.train");
  fixture_wait_for_state (fixture, AG_TRAINER_DIVERGED);
  fixture_wait_to_show (fixture, "diverged at step");
  banner = fixture_find (GTK_WIDGET (fixture->window), GTK_TYPE_BOX, is_alert, NULL);
  g_assert_nonnull (banner);
  gtk_test_accessible_assert_relation (
    banner, GTK_ACCESSIBLE_RELATION_LABELLED_BY,
    fixture_find (banner, GTK_TYPE_LABEL, begins_with, "The run diverged"), NULL);
}

static const FixtureTest tests[] = {
  { "/accessible/names", test_names },
  { "/accessible/menus", test_menus },
  { "/accessible/preferences", test_preferences },
  { "/accessible/tabs", test_tabs },
  { "/accessible/texts", test_texts },
  { "/accessible/choices", test_choices },
  { "/accessible/entries", test_entries },
  { "/accessible/banner", test_banner },
};

int
main (int argc,
      char **argv)
{
  return fixture_run (argc, argv, G_N_ELEMENTS (tests), tests);
}
