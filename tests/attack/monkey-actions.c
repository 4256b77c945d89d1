/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "monkey.h"

#include "converge-tabs.h"

#include <math.h>
#include <string.h>

static const char *const texts[] = {
  "",
  " ",
  "nan",
  "inf",
  "-inf",
  "1e400",
  "-0",
  "0",
  "1",
  "2",
  "-1",
  "1e-6",
  "0.5",
  "1e30",
  "1e-30",
  "0x10",
  "abc",
  "sin(x)",
  "sin(x)^2+cos(x)^2",
  "log(x)",
  "exp(x^9)",
  "1/x",
  "x^x",
  "((((",
  "π",
  "-π",
  "1e300",
  "-1e300",
  "1.797e308",
  "-1.797e308",
  "1.0000000000000002",
  "a=0.5,b=-1",
  "a=1",
  "a=nan",
  "seed",
  "published",
  "99999999999999999999",
  "18446744073709551615",
  "1e5",
  "3000",
  "12",
  "💥",
  "\xc2\xb2",
  "5e-324",
  "1.7976931348623157e308",
  "2^x",
  "relu(x)",
  "heaviside(x,0.5)",
  "a*exp(-b*x)+c",
  "α*x+β",
  "a*b*x^c",
  "a*log(b*x)",
  "1..3",
};

static const char *const samples[] = { "tide", "decay", "growth", "outliers", "kinetics", "nonsense" };

static const char *const rates[] = { "1e-6", "1e-3", "1e-2", "1", "1e10", "1e-30", "1e300" };
static const char *const fields[] = {
  "Learning rate",
  "Steps",
  "y =",
  "x from",
  "x to",
  "Points",
  "Seed",
  "Values",
};
static const char *const choices[] = {
  "Program",
  "Optimizer",
  "Target",
  "Initial values",
  "Precision",
};

static gint
draw (Monkey *monkey,
      gint n)
{
  return g_rand_int_range (monkey->random, 0, n);
}

#define DRAW(monkey, array) ((array)[draw (monkey, G_N_ELEMENTS (array))])

static GtkWidget *
window_of (Monkey *monkey)
{
  return GTK_WIDGET (monkey->fixture.window);
}

static void
activate (Monkey *monkey,
          const char *action)
{
  gtk_widget_activate_action (window_of (monkey), action, NULL);
}

static void
train (Monkey *monkey)
{
  activate (monkey, "win.train");
}

static void
step (Monkey *monkey)
{
  activate (monkey, "win.step");
}

static void
stop (Monkey *monkey)
{
  activate (monkey, "win.stop");
}

static void
restart (Monkey *monkey)
{
  for (guint i = 0; i < 5; i++)
    {
      train (monkey);
      stop (monkey);
      step (monkey);
    }
}

/* A window that was just opened may not have its place yet, where GTK 4.8 cannot put what pops
 * up, and people cannot press it. */
static gboolean
is_on_screen (GtkWidget *window)
{
  GdkSurface *surface = gtk_native_get_surface (GTK_NATIVE (window));

  return surface != NULL
         && gdk_display_get_monitor_at_surface (gtk_widget_get_display (window), surface) != NULL;
}

/* A widget that was scrolled out of sight or is covered by another cannot be pressed. */
static gboolean
is_within_reach (GtkWidget *widget)
{
  GtkWidget *native = GTK_WIDGET (gtk_widget_get_native (widget)), *picked;
  graphene_rect_t bounds;

  if (!gtk_widget_get_mapped (widget) || !gtk_widget_is_sensitive (widget)
      || !gtk_widget_compute_bounds (widget, native, &bounds))
    return FALSE;
  picked = gtk_widget_pick (native, bounds.origin.x + bounds.size.width / 2,
                            bounds.origin.y + bounds.size.height / 2, GTK_PICK_DEFAULT);
  return picked != NULL && (picked == widget || gtk_widget_is_ancestor (picked, widget));
}

static void
collect (GtkWidget *root,
         gboolean (*is_one) (GtkWidget *widget),
         GPtrArray *found)
{
  if (is_one (root) && is_within_reach (root))
    g_ptr_array_add (found, g_object_ref (root));
  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    collect (child, is_one, found);
}

/* Returns: (transfer full) (nullable): one of those that are to be seen, in whichever window */
static GtkWidget *
draw_widget (Monkey *monkey,
             gboolean (*is_one) (GtkWidget *widget))
{
  g_autoptr (GPtrArray) found = g_ptr_array_new_with_free_func (g_object_unref);
  GListModel *windows = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWidget) window = g_list_model_get_item (windows, i);

      if (is_on_screen (window))
        collect (window, is_one, found);
    }
  return found->len > 0 ? g_object_ref (found->pdata[draw (monkey, (gint) found->len)]) : NULL;
}

/* But for those that close the window and those that open a file dialog, in which GTK 4.8
 * leaks. */
static gboolean
is_button (GtkWidget *widget)
{
  const char *action = GTK_IS_ACTIONABLE (widget)
                         ? gtk_actionable_get_action_name (GTK_ACTIONABLE (widget))
                         : NULL;

  return (GTK_IS_BUTTON (widget) || GTK_IS_SWITCH (widget))
         && (action == NULL
             || (!g_str_has_prefix (action, "window.") && !g_str_has_prefix (action, "win.open-")
                 && !g_str_has_prefix (action, "win.export")));
}

static void
press_anything (Monkey *monkey)
{
  g_autoptr (GtkWidget) widget = draw_widget (monkey, is_button);

  if (GTK_IS_BUTTON (widget))
    fixture_click (widget);
  else if (widget != NULL)
    gtk_widget_activate (widget);
}

static gboolean
is_text (GtkWidget *widget)
{
  return GTK_IS_TEXT (widget);
}

static void
type_anywhere (Monkey *monkey)
{
  g_autoptr (GtkWidget) widget = draw_widget (monkey, is_text);

  if (widget == NULL)
    return;
  gtk_editable_set_text (GTK_EDITABLE (widget), DRAW (monkey, texts));
  if (draw (monkey, 3) > 0)
    g_signal_emit_by_name (widget, "activate");
}

static gboolean
is_range (GtkWidget *widget)
{
  return GTK_IS_SCALE (widget);
}

static void
slide (Monkey *monkey)
{
  g_autoptr (GtkWidget) widget = draw_widget (monkey, is_range);
  GtkAdjustment *adjustment;

  if (widget == NULL)
    return;
  adjustment = gtk_range_get_adjustment (GTK_RANGE (widget));
  gtk_range_set_value (GTK_RANGE (widget),
                       g_rand_double_range (monkey->random,
                                            gtk_adjustment_get_lower (adjustment) - 1e-9,
                                            gtk_adjustment_get_upper (adjustment)));
}

static gboolean
is_choice (GtkWidget *widget)
{
  return ADW_IS_COMBO_ROW (widget);
}

static void
choose_anything (Monkey *monkey)
{
  g_autoptr (GtkWidget) widget = draw_widget (monkey, is_choice);
  guint n = widget != NULL
              ? g_list_model_get_n_items (adw_combo_row_get_model (ADW_COMBO_ROW (widget)))
              : 0;

  if (n > 0)
    adw_combo_row_set_selected (ADW_COMBO_ROW (widget), (guint) draw (monkey, (gint) n));
}

static void
select_tab (Monkey *monkey)
{
  static const char *const tabs[] = {
    "loss",
    "parameters",
    "gradients",
    "updates",
    "sharpness",
    "step",
    "graph",
    "surface",
    "sweep",
    "map",
    "race",
    "code",
    "nonsense",
  };

  converge_tabs_select (CONVERGE_TABS (fixture_find (window_of (monkey), CONVERGE_TYPE_TABS, NULL,
                                                     NULL)),
                        DRAW (monkey, tabs));
}

/* File dialogs are left alone, see is_button(). */
static gboolean
opens_file_dialog (const char *action)
{
  return strstr (action, "open") != NULL || strstr (action, "export") != NULL
         || strstr (action, "save") != NULL;
}

/* Any of the actions that the window has, whether or not a button shows it now. */
static void
perform_anything (Monkey *monkey)
{
  GtkWidgetClass *class = GTK_WIDGET_GET_CLASS (window_of (monkey));
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  const GVariantType *type;
  const char *name, *property;
  GType owner;

  for (guint i = 0; gtk_widget_class_query_action (class, i, &owner, &name, &type, &property); i++)
    if (g_str_has_prefix (name, "win.") && type == NULL && !opens_file_dialog (name))
      g_ptr_array_add (names, (gpointer) name);
  activate (monkey, names->pdata[draw (monkey, (gint) names->len)]);
}

static void
move (Monkey *monkey)
{
  gtk_widget_activate_action (window_of (monkey), "win.move", "i", draw (monkey, 300) - 150);
}

static void
open_sample (Monkey *monkey)
{
  g_autofree char *name = g_strconcat ("sample:", DRAW (monkey, samples), NULL);

  gtk_widget_activate_action (window_of (monkey), "win.open-sample", "s", name);
}

static void
choose (Monkey *monkey)
{
  const char *title = DRAW (monkey, choices);
  AdwComboRow *row = ADW_COMBO_ROW (fixture_find_row (&monkey->fixture, title));
  guint n = g_list_model_get_n_items (adw_combo_row_get_model (row));

  fixture_choose (&monkey->fixture, title, (guint) draw (monkey, (gint) n));
}

static void
type_anything (Monkey *monkey)
{
  fixture_type (&monkey->fixture, DRAW (monkey, fields), DRAW (monkey, texts));
}

static void
type_rate (Monkey *monkey)
{
  fixture_type (&monkey->fixture, "Learning rate", DRAW (monkey, rates));
}

/* A whole number from @least to @most, each order of magnitude as likely. */
static void
type_count (Monkey *monkey,
            const char *title,
            double least,
            double most)
{
  char text[32];

  g_snprintf (text, sizeof text, "%.0f",
              floor (exp (g_rand_double_range (monkey->random, log (least), log (most)))));
  fixture_type (&monkey->fixture, title, text);
}

static void
type_points (Monkey *monkey)
{
  type_count (monkey, "Points", 2, monkey->most_points);
}

static void
type_steps (Monkey *monkey)
{
  type_count (monkey, "Steps", 1, 1e7);
}

static void
set_pace (Monkey *monkey)
{
  double pace = pow (10, g_rand_double_range (monkey->random, 0, 6));

  fixture_set_pace (&monkey->fixture, draw (monkey, 2) == 0 ? 0 : pace);
}

static void
toggle_controls (Monkey *monkey)
{
  activate (monkey, "win.toggle-controls");
}

static void
show_preferences (Monkey *monkey)
{
  activate (monkey, "win.preferences");
}

void
monkey_close_others (Monkey *monkey)
{
  g_autoptr (GPtrArray) others = g_ptr_array_new_with_free_func (g_object_unref);
  GListModel *windows = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWidget) window = g_list_model_get_item (windows, i);

      if (window != window_of (monkey))
        g_ptr_array_add (others, g_steal_pointer (&window));
    }
  for (guint i = 0; i < others->len; i++)
    gtk_window_close (g_ptr_array_index (others, i));
}

static void
take_stable_rate (Monkey *monkey)
{
  GtkWidget *button = fixture_find_button (&monkey->fixture, "win.stable-rate");

  if (!gtk_widget_get_mapped (button) || !gtk_widget_is_sensitive (button))
    return;
  fixture_click (button);
  monkey->n_rates++;
}

static void
resize (Monkey *monkey)
{
  gtk_window_set_default_size (GTK_WINDOW (window_of (monkey)), 1 + draw (monkey, 1600),
                               1 + draw (monkey, 1000));
}

static void export(Monkey *monkey)
{
  const char *const folders[] = {
    monkey->files,
    monkey->full != NULL ? monkey->full : "/nonexistent",
    "/dev/full/x",
    "/proc",
  };
  static const char *const suffixes[] = { "csv", "png", "svg", "pdf", "gif", "py", "ipynb", "" };
  g_autofree char *path = NULL;

  if (draw (monkey, 12) == 0)
    path = g_strdup ("/dev/full");
  else
    path = g_strdup_printf ("%s/monkey-%d.%s", DRAW (monkey, folders), draw (monkey, 3),
                            DRAW (monkey, suffixes));
  converge_window_export (monkey->fixture.window, (ConvergeExport) draw (monkey, CONVERGE_N_EXPORTS),
                          path);
  monkey->n_exports++;
}

static void
reopen (Monkey *monkey)
{
  gtk_window_close (GTK_WINDOW (window_of (monkey)));
  while (monkey->fixture.window != NULL)
    g_main_context_iteration (NULL, TRUE);
  fixture_open_window (&monkey->fixture);
  monkey->n_windows++;
}

static void
idle (Monkey *monkey)
{
  fixture_spin (1 + (guint) draw (monkey, 24));
}

static void
iterate (Monkey *monkey)
{
  for (gint i = 1 + draw (monkey, 49); i > 0 && g_main_context_pending (NULL); i--)
    g_main_context_iteration (NULL, FALSE);
}

static void
zoom (Monkey *monkey)
{
  guint kind = (guint) draw (monkey, CONVERGE_N_RUN_PLOTS);
  ConvergePlotView *view = fixture_find_plot (&monkey->fixture, converge_run_plot_nth (kind)->id);
  ConvergePlot *plot = converge_plot_view_get_plot (view);
  double across = g_rand_double (monkey->random), up = g_rand_double (monkey->random);

  if (draw (monkey, 3) == 0)
    converge_plot_pan (plot, 10 * across - 5, 10 * up - 5);
  else
    converge_plot_zoom (plot, pow (10, g_rand_double_range (monkey->random, -6, 6)), across, up);
  converge_plot_view_update (view);
}

static void
store_tab (Monkey *monkey)
{
  static const char *const tabs[] = { "loss", "parameters", "nonsense" };

  g_settings_set_string (monkey->fixture.store, "tab", DRAW (monkey, tabs));
}

static const MonkeyAction actions[] = {
  { "train", train, 8 },
  { "step", step, 4 },
  { "stop", stop, 4 },
  { "restart", restart, 4 },
  { "choose", choose, 4 },
  { "type anything", type_anything, 4 },
  { "type a rate", type_rate, 4 },
  { "type points", type_points, 4 },
  { "type steps", type_steps, 4 },
  { "set the pace", set_pace, 4 },
  { "toggle the controls", toggle_controls, 4 },
  { "show the preferences", show_preferences, 4 },
  { "close others", monkey_close_others, 4 },
  { "take the stable rate", take_stable_rate, 4 },
  { "resize", resize, 4 },
  { "export", export, 4 },
  { "reopen", reopen, 1 },
  { "idle", idle, 7 },
  { "iterate", iterate, 4 },
  { "zoom", zoom, 4 },
  { "store a tab", store_tab, 4 },
  { "select a tab", select_tab, 4 },
  { "press anything", press_anything, 12 },
  { "perform anything", perform_anything, 8 },
  { "move", move, 4 },
  { "type anywhere", type_anywhere, 8 },
  { "slide", slide, 4 },
  { "choose anything", choose_anything, 4 },
  { "open a sample", open_sample, 2 },
};

/* Draws what to do next. */
const MonkeyAction *
monkey_draw_action (Monkey *monkey)
{
  gint total = 0, place;

  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    total += (gint) actions[i].weight;
  place = draw (monkey, total);
  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    {
      place -= (gint) actions[i].weight;
      if (place < 0)
        return &actions[i];
    }
  g_assert_not_reached ();
}
