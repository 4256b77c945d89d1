/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "converge-race-view-private.h"

#include "converge-tooltip.h"

#include <glib/gi18n-lib.h>

/* A race: its leader board, and below it a line that says who races by which rule, and how far
 * it is. */

/* The board is no oftener another than one can read. */
#define TELL_US 100000

/* The place of that rule in the list. */
#define BEST_RATES 1

G_DEFINE_FINAL_TYPE (ConvergeRaceView, converge_race_view, GTK_TYPE_WIDGET)

static void
converge_race_view_dispose (GObject *object)
{
  ConvergeRaceView *self = CONVERGE_RACE_VIEW (object);

  if (self->race != NULL)
    g_signal_handlers_disconnect_by_data (self->race, self);
  g_clear_pointer (&self->board, converge_race_board_free);
  g_clear_object (&self->race);
  g_clear_pointer (&self->box, gtk_widget_unparent);
  G_OBJECT_CLASS (converge_race_view_parent_class)->dispose (object);
}

static void
converge_race_view_finalize (GObject *object)
{
  g_ptr_array_unref (CONVERGE_RACE_VIEW (object)->checks);
  g_object_unref (CONVERGE_RACE_VIEW (object)->more);
  G_OBJECT_CLASS (converge_race_view_parent_class)->finalize (object);
}

static void
converge_race_view_class_init (ConvergeRaceViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = converge_race_view_dispose;
  G_OBJECT_CLASS (klass)->finalize = converge_race_view_finalize;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "raceview");
}

static gint64
find_step (ConvergeRace *race)
{
  gint64 step = 0;

  for (guint i = 0; i < converge_race_n_racers (race); i++)
    {
      const AgSnapshot *snapshot = converge_run_snapshot (converge_race_nth (race, i));

      if (snapshot != NULL)
        step = MAX (step, snapshot->step);
    }
  return step;
}

static char *
describe (ConvergeRaceView *self)
{
  const ConvergeRaceState state = converge_race_get_state (self->race);
  g_autofree char *leader = NULL;

  if (converge_race_get_error (self->race) != NULL)
    return g_strdup (converge_race_get_error (self->race));
  if (state == CONVERGE_RACE_IDLE)
    return g_strdup ("");
  if (state == CONVERGE_RACE_LOOKING)
    return g_strdup_printf (_ ("Looking for the best rate of each: %u of %u"),
                            converge_race_n_found (self->race), converge_race_n_racers (self->race));
  leader = converge_race_board_describe (self->board);
  if (state == CONVERGE_RACE_OVER)
    return leader != NULL ? g_steal_pointer (&leader) : g_strdup (_ ("Nobody has arrived."));
  return g_strdup_printf (_ ("Step %lld. %s"), (long long) find_step (self->race), leader != NULL ? leader : "");
}

static void
tell (ConvergeRaceView *self,
      const char *text)
{
  gtk_label_set_text (self->label, text);
  converge_tooltip_set (GTK_WIDGET (self->label), text);
}

static void
show_button (ConvergeRaceView *self,
             gboolean is_under_way)
{
  gtk_button_set_label (self->start, is_under_way ? _ ("Stop Race") : _ ("Start Race"));
  if (is_under_way)
    gtk_widget_remove_css_class (GTK_WIDGET (self->start), "suggested-action");
  else
    gtk_widget_add_css_class (GTK_WIDGET (self->start), "suggested-action");
}

static void
show_race (ConvergeRaceView *self)
{
  const ConvergeRaceState state = converge_race_get_state (self->race);
  const gboolean is_under_way = state == CONVERGE_RACE_LOOKING || state == CONVERGE_RACE_RUNNING;
  const gint64 now_us = g_get_monotonic_time ();
  g_autofree char *text = NULL;

  if (is_under_way && now_us - self->told_us < TELL_US)
    return;
  self->told_us = now_us;
  show_button (self, is_under_way);
  converge_race_board_update (self->board);
  gtk_stack_set_visible_child_name (self->stack, state == CONVERGE_RACE_RUNNING || state == CONVERGE_RACE_OVER
                                                   ? "board"
                                                   : "hint");
  text = describe (self);
  tell (self, text);
}

static void
start_clicked (ConvergeRaceView *self)
{
  const ConvergeRaceState state = converge_race_get_state (self->race);
  g_auto (GStrv) values = NULL;
  g_autoptr (GError) error = NULL;

  self->told_us = 0;
  if (state == CONVERGE_RACE_LOOKING || state == CONVERGE_RACE_RUNNING)
    {
      converge_race_stop (self->race);
      return;
    }
  values = converge_race_view_get_values (self);
  if (converge_race_start (self->race, converge_race_view_get_subject (self),
                           (const char *const *) values,
                           gtk_widget_get_sensitive (GTK_WIDGET (self->rates))
                             && gtk_drop_down_get_selected (self->rates) == BEST_RATES,
                           &error))
    return;
  show_race (self);
  tell (self, error->message);
}

/* The button in it is reached by keys. */
static void
name_list (GtkDropDown *list,
           const char *name)
{
  gtk_accessible_update_property (GTK_ACCESSIBLE (list), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (gtk_widget_get_first_child (GTK_WIDGET (list))),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

static GtkWidget *
make_more (ConvergeRaceView *self)
{
  GtkWidget *button = gtk_menu_button_new ();
  g_autoptr (GMenu) exports = g_menu_new ();

  self->more = g_menu_new ();
  g_menu_append (exports, _ ("_Copy Board"), "win.copy-race");
  g_menu_append (exports, _ ("_Export Board…"), "win.export-race");
  g_menu_append_section (self->more, NULL, G_MENU_MODEL (exports));
  gtk_menu_button_set_icon_name (GTK_MENU_BUTTON (button), "view-more-symbolic");
  gtk_menu_button_set_direction (GTK_MENU_BUTTON (button), GTK_ARROW_UP);
  gtk_menu_button_set_menu_model (GTK_MENU_BUTTON (button), G_MENU_MODEL (self->more));
  converge_tooltip_set (button, _ ("The Board and Its Plot"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("The Board and Its Plot"), -1);
  return button;
}

static GtkWidget *
make_line (ConvergeRaceView *self)
{
  const char *const rules[] = { _ ("All at one rate"), _ ("Each at its own best rate"), NULL };
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 9);

  self->button = GTK_MENU_BUTTON (gtk_menu_button_new ());
  gtk_menu_button_set_direction (self->button, GTK_ARROW_UP);
  converge_tooltip_set (GTK_WIDGET (self->button), _ ("Who races"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Who races"), -1);
  self->rates = GTK_DROP_DOWN (gtk_drop_down_new_from_strings (rules));
  /* A rate that suits one optimizer lets another stand still. */
  gtk_drop_down_set_selected (self->rates, BEST_RATES);
  converge_tooltip_set (GTK_WIDGET (self->rates), _ ("Which learning rates the racers have"));
  name_list (self->rates, _ ("Which learning rates the racers have"));
  self->start = GTK_BUTTON (gtk_button_new ());
  g_signal_connect_swapped (self->start, "clicked", G_CALLBACK (start_clicked), self);
  self->label = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_xalign (self->label, 0);
  gtk_label_set_ellipsize (self->label, PANGO_ELLIPSIZE_END);
  gtk_widget_set_hexpand (GTK_WIDGET (self->label), TRUE);
  gtk_widget_add_css_class (GTK_WIDGET (self->label), "caption");
  gtk_widget_add_css_class (line, "sweep-line");
  gtk_box_append (GTK_BOX (line), GTK_WIDGET (self->start));
  gtk_box_append (GTK_BOX (line), GTK_WIDGET (self->button));
  gtk_box_append (GTK_BOX (line), GTK_WIDGET (self->rates));
  gtk_box_append (GTK_BOX (line), GTK_WIDGET (self->label));
  gtk_box_append (GTK_BOX (line), make_more (self));
  return line;
}

static void
converge_race_view_init (ConvergeRaceView *self)
{
  GtkWidget *hint = gtk_label_new (_ ("All begin with the same values and take their steps together, at the "
                                      "pace that is set, so that one sees who leads. Each is a row of the "
                                      "list of runs."));

  self->checks = g_ptr_array_new ();
  self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));
  gtk_label_set_wrap (GTK_LABEL (hint), TRUE);
  gtk_label_set_justify (GTK_LABEL (hint), GTK_JUSTIFY_CENTER);
  gtk_label_set_width_chars (GTK_LABEL (hint), 45);
  gtk_label_set_max_width_chars (GTK_LABEL (hint), 60);
  gtk_widget_set_halign (hint, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (hint, "dim-label");
  self->scroller = GTK_SCROLLED_WINDOW (gtk_scrolled_window_new ());
  self->stack = GTK_STACK (gtk_stack_new ());
  gtk_stack_add_named (self->stack, hint, "hint");
  gtk_stack_add_named (self->stack, GTK_WIDGET (self->scroller), "board");
  gtk_widget_set_vexpand (GTK_WIDGET (self->stack), TRUE);
  gtk_widget_set_margin_top (GTK_WIDGET (self->stack), 28);
  gtk_box_append (GTK_BOX (self->box), GTK_WIDGET (self->stack));
  gtk_box_append (GTK_BOX (self->box), make_line (self));
  gtk_widget_add_css_class (GTK_WIDGET (self), "view");
}

/**
 * converge_race_view_new:
 *
 * Returns: (transfer floating): a view of no race
 */
GtkWidget *
converge_race_view_new (void)
{
  return g_object_new (CONVERGE_TYPE_RACE_VIEW, NULL);
}

/**
 * converge_race_view_set_race:
 * @self: a view of no race
 * @race: what it is to show
 */
void
converge_race_view_set_race (ConvergeRaceView *self,
                             ConvergeRace *race)
{
  g_return_if_fail (self->race == NULL);

  self->race = g_object_ref (race);
  self->board = converge_race_board_new (race);
  gtk_scrolled_window_set_child (self->scroller, converge_race_board_get_widget (self->board));
  gtk_menu_button_set_popover (self->button, converge_race_view_make_choices (self));
  g_signal_connect_object (race, "changed", G_CALLBACK (show_race), self, G_CONNECT_SWAPPED);
  show_race (self);
}

/**
 * converge_race_view_add_choices:
 * @self: a view
 * @title: what they are about
 * @choices: items of a menu; held
 *
 * Adds a section to the menu below the board. Its actions are those of the view's parents.
 */
void
converge_race_view_add_choices (ConvergeRaceView *self,
                                const char *title,
                                GMenuModel *choices)
{
  g_menu_prepend_section (self->more, title, choices);
}

/**
 * converge_race_view_make_table:
 * @self: a view
 * @separator: what is between two cells
 *
 * Returns: (transfer full): the board as a table, as converge_race_board_make_table() makes it
 */
char *
converge_race_view_make_table (ConvergeRaceView *self,
                               char separator)
{
  converge_race_board_update (self->board);
  return converge_race_board_make_table (self->board, separator);
}
