/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "converge-run-list-private.h"

#include "plot/run-difference.h"

#include <string.h>

/* The rows of the list of runs: what is different about each run, a menu, and how they are
 * dragged. */

static void
pressed_for_menu (GtkGestureClick *gesture,
                  int n_presses,
                  double x,
                  double y,
                  ConvergeRunRow *row)
{
  ConvergeRunList *self = CONVERGE_RUN_LIST (
    gtk_widget_get_ancestor (GTK_WIDGET (row), CONVERGE_TYPE_RUN_LIST));
  graphene_point_t place;

  converge_runs_set_selected (self->runs, converge_run_row_get_run (row));
  if (!gtk_widget_compute_point (GTK_WIDGET (row), GTK_WIDGET (self),
                                 &GRAPHENE_POINT_INIT ((float) x, (float) y), &place))
    return;
  gtk_popover_set_pointing_to (GTK_POPOVER (self->menu),
                               &(GdkRectangle){ (int) place.x, (int) place.y, 1, 1 });
  gtk_popover_popup (GTK_POPOVER (self->menu));
}

/* The content of a drag names the run instead of holding it: GTK 4.8 keeps that content until the
 * application ends, and a run would stay in memory with its data, its history and its thread. */
static GdkContentProvider *
begin_drag (GtkDragSource *source,
            double x,
            double y,
            ConvergeRunRow *row)
{
  g_autoptr (GdkPaintable) picture = gtk_widget_paintable_new (GTK_WIDGET (row));

  gtk_drag_source_set_icon (source, picture, (int) x, (int) y);
  return gdk_content_provider_new_typed (G_TYPE_POINTER, converge_run_row_get_run (row));
}

static gboolean
drop_run (GtkDropTarget *target,
          const GValue *value,
          double x,
          double y,
          ConvergeRunRow *row)
{
  ConvergeRunList *self = CONVERGE_RUN_LIST (
    gtk_widget_get_ancestor (GTK_WIDGET (row), CONVERGE_TYPE_RUN_LIST));
  ConvergeRun *run = g_value_get_pointer (value);

  /* It may come from another window, or be gone: it is compared with the runs that there are before
   * anything of it is read. */
  if (converge_runs_find (self->runs, run) == converge_runs_n (self->runs))
    return FALSE;
  converge_runs_move (self->runs, run,
                      converge_runs_find (self->runs, converge_run_row_get_run (row)));
  return TRUE;
}

static void
set_up_row (GtkSignalListItemFactory *factory,
            GtkListItem *item,
            ConvergeRunList *self)
{
  GtkWidget *row = converge_run_row_new ();
  GtkGesture *click = gtk_gesture_click_new ();
  GtkDragSource *source = gtk_drag_source_new ();
  GtkDropTarget *target = gtk_drop_target_new (G_TYPE_POINTER, GDK_ACTION_COPY);

  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (click), GDK_BUTTON_SECONDARY);
  g_signal_connect (click, "pressed", G_CALLBACK (pressed_for_menu), row);
  gtk_widget_add_controller (row, GTK_EVENT_CONTROLLER (click));
  g_signal_connect (source, "prepare", G_CALLBACK (begin_drag), row);
  gtk_widget_add_controller (row, GTK_EVENT_CONTROLLER (source));
  g_signal_connect (target, "drop", G_CALLBACK (drop_run), row);
  gtk_widget_add_controller (row, GTK_EVENT_CONTROLLER (target));
  gtk_list_item_set_child (item, row);
}

static void
show_difference (ConvergeRunList *self,
                 ConvergeRunRow *row)
{
  ConvergeRun *run = converge_run_row_get_run (row);
  const AgRunSpec *spec = converge_run_spec (run);
  g_autofree char *text = NULL;

  if (spec != NULL)
    text = converge_run_text_of_settings (spec, self->differing);
  /* A name that was made of the same says it once. */
  converge_run_row_set_difference (row,
                                   text != NULL && strcmp (text, converge_run_get_name (run)) != 0
                                     ? text
                                     : "");
}

static void
bind_row (GtkSignalListItemFactory *factory,
          GtkListItem *item,
          ConvergeRunList *self)
{
  ConvergeRunRow *row = CONVERGE_RUN_ROW (gtk_list_item_get_child (item));

  converge_run_row_set_run (row, gtk_list_item_get_item (item));
  if (self->look == 0)
    show_difference (self, row);
}

static void
unbind_row (GtkSignalListItemFactory *factory,
            GtkListItem *item,
            ConvergeRunList *self)
{
  converge_run_row_set_run (CONVERGE_RUN_ROW (gtk_list_item_get_child (item)), NULL);
}

/**
 * converge_run_list_add_rows:
 * @self: a list
 *
 * Lets it make its rows.
 */
void
converge_run_list_add_rows (ConvergeRunList *self)
{
  g_autoptr (GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();

  g_signal_connect (factory, "setup", G_CALLBACK (set_up_row), self);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_row), self);
  g_signal_connect (factory, "unbind", G_CALLBACK (unbind_row), self);
  gtk_list_view_set_factory (self->view, factory);
}

static void
find_differing (ConvergeRunList *self)
{
  const guint n = converge_runs_n (self->runs);
  g_autofree const AgRunSpec **specs = g_new (const AgRunSpec *, MAX (n, 1));
  guint n_specs = 0;

  for (guint i = 0; i < n; i++)
    if (converge_run_spec (converge_runs_nth (self->runs, i)) != NULL)
      specs[n_specs++] = converge_run_spec (converge_runs_nth (self->runs, i));
  g_clear_pointer (&self->differing, g_ptr_array_unref);
  self->differing = converge_run_differing_settings (n_specs, specs);
}

static gboolean
look (gpointer data)
{
  ConvergeRunList *self = data;

  self->look = 0;
  find_differing (self);
  for (GtkWidget *item = gtk_widget_get_first_child (GTK_WIDGET (self->view)); item != NULL;
       item = gtk_widget_get_next_sibling (item))
    {
      GtkWidget *row = gtk_widget_get_first_child (item);

      if (CONVERGE_IS_RUN_ROW (row) && converge_run_row_get_run (CONVERGE_RUN_ROW (row)) != NULL)
        show_difference (self, CONVERGE_RUN_ROW (row));
    }
  return G_SOURCE_REMOVE;
}

/**
 * converge_run_list_update_rows:
 * @self: a list whose runs have changed
 *
 * Says anew in each row what is different about its run, before the next frame: of hundreds that
 * come or go at a time, what differs is found out once.
 */
void
converge_run_list_update_rows (ConvergeRunList *self)
{
  if (self->look == 0)
    self->look = g_idle_add_full (G_PRIORITY_HIGH_IDLE, look, self, NULL);
}
