/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "converge-run-list-private.h"

enum
{
  DELETED,
  USE_SETTINGS,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ConvergeRunList, converge_run_list, GTK_TYPE_WIDGET)

static void
converge_run_list_dispose (GObject *object)
{
  ConvergeRunList *self = CONVERGE_RUN_LIST (object);
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))) != NULL)
    gtk_widget_unparent (child);
  g_clear_handle_id (&self->look, g_source_remove);
  if (self->trash != NULL)
    converge_run_trash_empty (self->trash);
  g_clear_object (&self->selection);
  g_clear_object (&self->runs);
  G_OBJECT_CLASS (converge_run_list_parent_class)->dispose (object);
}

static void
converge_run_list_finalize (GObject *object)
{
  converge_run_trash_free (CONVERGE_RUN_LIST (object)->trash);
  g_clear_pointer (&CONVERGE_RUN_LIST (object)->differing, g_ptr_array_unref);
  G_OBJECT_CLASS (converge_run_list_parent_class)->finalize (object);
}

static void
converge_run_list_size_allocate (GtkWidget *widget,
                                 int width,
                                 int height,
                                 int baseline)
{
  ConvergeRunList *self = CONVERGE_RUN_LIST (widget);

  GTK_WIDGET_CLASS (converge_run_list_parent_class)->size_allocate (widget, width, height, baseline);
  gtk_popover_present (GTK_POPOVER (self->menu));
  gtk_popover_present (GTK_POPOVER (self->rename));
}

/* The run that an action is for. */
static ConvergeRun *
get_chosen (ConvergeRunList *self)
{
  return gtk_single_selection_get_selected_item (self->selection);
}

static guint
get_position (ConvergeRunList *self)
{
  return gtk_single_selection_get_selected (self->selection);
}

static void
update_actions (ConvergeRunList *self)
{
  static const char *const of_one[]
    = { "runs.show", "runs.show-only", "runs.pin", "runs.rename",
        "runs.up", "runs.down", "runs.use-settings", "runs.delete" };
  ConvergeRun *run = get_chosen (self);

  for (guint i = 0; i < G_N_ELEMENTS (of_one); i++)
    gtk_widget_action_set_enabled (GTK_WIDGET (self), of_one[i], run != NULL);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "runs.undo", converge_run_trash_n (self->trash) > 0);
  if (self->was_shown != (run != NULL && converge_run_get_shown (run)))
    {
      self->was_shown = !self->was_shown;
      g_object_notify (G_OBJECT (self), "chosen-shown");
    }
  if (self->was_pinned != (run != NULL && converge_run_get_pinned (run)))
    {
      self->was_pinned = !self->was_pinned;
      g_object_notify (G_OBJECT (self), "chosen-pinned");
    }
}

enum
{
  PROP_0,
  PROP_CHOSEN_SHOWN,
  PROP_CHOSEN_PINNED,
};

static void
converge_run_list_get_property (GObject *object,
                                guint id,
                                GValue *value,
                                GParamSpec *pspec)
{
  ConvergeRunList *self = CONVERGE_RUN_LIST (object);
  ConvergeRun *run = self->selection != NULL ? get_chosen (self) : NULL;

  switch (id)
    {
    case PROP_CHOSEN_SHOWN:
      g_value_set_boolean (value, run != NULL && converge_run_get_shown (run));
      break;
    case PROP_CHOSEN_PINNED:
      g_value_set_boolean (value, run != NULL && converge_run_get_pinned (run));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
converge_run_list_set_property (GObject *object,
                                guint id,
                                const GValue *value,
                                GParamSpec *pspec)
{
  ConvergeRunList *self = CONVERGE_RUN_LIST (object);
  ConvergeRun *run = get_chosen (self);

  if (run == NULL)
    return;
  switch (id)
    {
    case PROP_CHOSEN_SHOWN:
      converge_run_set_shown (run, g_value_get_boolean (value));
      break;
    case PROP_CHOSEN_PINNED:
      converge_run_set_pinned (run, g_value_get_boolean (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
show_only (GtkWidget *widget,
           const char *name,
           GVariant *parameter)
{
  ConvergeRunList *self = CONVERGE_RUN_LIST (widget);
  ConvergeRun *run = get_chosen (self);

  for (guint i = 0; i < converge_runs_n (self->runs); i++)
    converge_run_set_shown (converge_runs_nth (self->runs, i),
                            converge_runs_nth (self->runs, i) == run);
}

static void
show_all (GtkWidget *widget,
          const char *name,
          GVariant *parameter)
{
  ConvergeRunList *self = CONVERGE_RUN_LIST (widget);

  for (guint i = 0; i < converge_runs_n (self->runs); i++)
    converge_run_set_shown (converge_runs_nth (self->runs, i), TRUE);
}

/* Keeps the row that is moved in sight and at hand. */
static void
move (ConvergeRunList *self,
      int by)
{
  const guint position = get_position (self);
  ConvergeRun *run = get_chosen (self);

  if (run == NULL || (by < 0 && position == 0))
    return;
  converge_runs_move (self->runs, run, position + (guint) by);
  gtk_widget_activate_action (GTK_WIDGET (self->view), "list.scroll-to-item", "u",
                              converge_runs_find (self->runs, run));
}

static void
move_up (GtkWidget *widget,
         const char *name,
         GVariant *parameter)
{
  move (CONVERGE_RUN_LIST (widget), -1);
}

static void
move_down (GtkWidget *widget,
           const char *name,
           GVariant *parameter)
{
  move (CONVERGE_RUN_LIST (widget), 1);
}

static void
use_settings (GtkWidget *widget,
              const char *name,
              GVariant *parameter)
{
  ConvergeRun *run = get_chosen (CONVERGE_RUN_LIST (widget));

  if (run != NULL)
    g_signal_emit (widget, signals[USE_SETTINGS], 0, run);
}

static void
tell_of_deleted (ConvergeRunList *self)
{
  update_actions (self);
  if (converge_run_trash_n (self->trash) > 0)
    g_signal_emit (self, signals[DELETED], 0, converge_run_trash_n (self->trash),
                   converge_run_get_name (converge_run_trash_first (self->trash)));
}

static void
delete_chosen (GtkWidget *widget,
               const char *name,
               GVariant *parameter)
{
  ConvergeRunList *self = CONVERGE_RUN_LIST (widget);
  ConvergeRun *run = get_chosen (self);

  if (run == NULL)
    return;
  converge_run_trash_delete (self->trash, self->runs, run);
  tell_of_deleted (self);
}

static void
delete_others (GtkWidget *widget,
               const char *name,
               GVariant *parameter)
{
  ConvergeRunList *self = CONVERGE_RUN_LIST (widget);

  for (guint i = converge_runs_n (self->runs); i-- > 0;)
    if (!converge_run_get_pinned (converge_runs_nth (self->runs, i)))
      converge_run_trash_delete (self->trash, self->runs, converge_runs_nth (self->runs, i));
  tell_of_deleted (self);
}

static void
undo (GtkWidget *widget,
      const char *name,
      GVariant *parameter)
{
  converge_run_list_undo (CONVERGE_RUN_LIST (widget));
}

/* The row of a run, if it is in sight. */
static GtkWidget *
find_row (ConvergeRunList *self,
          ConvergeRun *run)
{
  for (GtkWidget *item = gtk_widget_get_first_child (GTK_WIDGET (self->view)); item != NULL;
       item = gtk_widget_get_next_sibling (item))
    {
      GtkWidget *row = gtk_widget_get_first_child (item);

      if (CONVERGE_IS_RUN_ROW (row) && converge_run_row_get_run (CONVERGE_RUN_ROW (row)) == run
          && gtk_widget_get_mapped (item))
        return row;
    }
  return NULL;
}

static void
point_to (ConvergeRunList *self,
          GtkWidget *popover,
          GtkWidget *row)
{
  graphene_rect_t bounds;

  if (row != NULL && gtk_widget_compute_bounds (row, GTK_WIDGET (self), &bounds))
    gtk_popover_set_pointing_to (GTK_POPOVER (popover),
                                 &(GdkRectangle){ (int) bounds.origin.x + 40, (int) bounds.origin.y,
                                                  (int) bounds.size.width - 80,
                                                  (int) bounds.size.height });
  gtk_popover_popup (GTK_POPOVER (popover));
}

static void
rename_chosen (GtkWidget *widget,
               const char *name,
               GVariant *parameter)
{
  ConvergeRunList *self = CONVERGE_RUN_LIST (widget);
  ConvergeRun *run = get_chosen (self);

  if (run == NULL)
    return;
  gtk_editable_set_text (GTK_EDITABLE (self->entry), converge_run_get_name (run));
  point_to (self, self->rename, find_row (self, run));
  gtk_widget_grab_focus (GTK_WIDGET (self->entry));
}

static void
name_entered (ConvergeRunList *self)
{
  ConvergeRun *run = get_chosen (self);

  if (run != NULL)
    converge_run_set_name (run, gtk_editable_get_text (GTK_EDITABLE (self->entry)));
  gtk_popover_popdown (GTK_POPOVER (self->rename));
}

static void
open_menu (GtkWidget *widget,
           const char *name,
           GVariant *parameter)
{
  ConvergeRunList *self = CONVERGE_RUN_LIST (widget);
  ConvergeRun *run = get_chosen (self);

  if (run != NULL)
    point_to (self, self->menu, find_row (self, run));
}

static void
toggle_shown (GtkWidget *widget,
              const char *name,
              GVariant *parameter)
{
  gtk_widget_activate_action (widget, "runs.show", NULL);
}

static void
install_keys (GtkWidgetClass *widget_class)
{
  static const struct
  {
    guint key;
    GdkModifierType modifiers;
    const char *action;
  } keys[] = {
    { GDK_KEY_KP_Delete, 0, "runs.delete" },
    { GDK_KEY_Delete, 0, "runs.delete" },
    { GDK_KEY_z, GDK_CONTROL_MASK, "runs.undo" },
    { GDK_KEY_F2, 0, "runs.rename" },
    { GDK_KEY_h, 0, "runs.toggle-shown" },
    { GDK_KEY_p, 0, "runs.pin" },
    { GDK_KEY_Up, GDK_ALT_MASK, "runs.up" },
    { GDK_KEY_Down, GDK_ALT_MASK, "runs.down" },
    { GDK_KEY_F10, GDK_SHIFT_MASK, "runs.menu" },
    { GDK_KEY_Menu, 0, "runs.menu" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    gtk_widget_class_add_binding_action (widget_class, keys[i].key, keys[i].modifiers,
                                         keys[i].action, NULL);
}

static void
converge_run_list_class_init (ConvergeRunListClass *klass)
{
  static const struct
  {
    const char *name;
    GtkWidgetActionActivateFunc activate;
  } actions[] = {
    { "runs.show-only", show_only },
    { "runs.show-all", show_all },
    { "runs.rename", rename_chosen },
    { "runs.up", move_up },
    { "runs.down", move_down },
    { "runs.use-settings", use_settings },
    { "runs.delete", delete_chosen },
    { "runs.delete-others", delete_others },
    { "runs.undo", undo },
    { "runs.menu", open_menu },
    { "runs.toggle-shown", toggle_shown },
  };
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = converge_run_list_dispose;
  object_class->finalize = converge_run_list_finalize;
  object_class->get_property = converge_run_list_get_property;
  object_class->set_property = converge_run_list_set_property;
  widget_class->size_allocate = converge_run_list_size_allocate;
  g_object_class_install_property (object_class, PROP_CHOSEN_SHOWN,
                                   g_param_spec_boolean ("chosen-shown", NULL, NULL, FALSE,
                                                         G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS));
  g_object_class_install_property (object_class, PROP_CHOSEN_PINNED,
                                   g_param_spec_boolean ("chosen-pinned", NULL, NULL, FALSE,
                                                         G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS));
  g_type_ensure (CONVERGE_TYPE_RUN_MEMORY);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/converge/Converge/converge-run-list.ui");
  gtk_widget_class_bind_template_child (widget_class, ConvergeRunList, stack);
  gtk_widget_class_bind_template_child (widget_class, ConvergeRunList, view);
  gtk_widget_class_bind_template_child (widget_class, ConvergeRunList, memory);
  gtk_widget_class_bind_template_child (widget_class, ConvergeRunList, menu);
  gtk_widget_class_bind_template_child (widget_class, ConvergeRunList, rename);
  gtk_widget_class_bind_template_child (widget_class, ConvergeRunList, entry);
  gtk_widget_class_bind_template_callback (widget_class, name_entered);
  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    gtk_widget_class_install_action (widget_class, actions[i].name, NULL, actions[i].activate);
  gtk_widget_class_install_property_action (widget_class, "runs.show", "chosen-shown");
  gtk_widget_class_install_property_action (widget_class, "runs.pin", "chosen-pinned");
  install_keys (widget_class);

  /**
   * ConvergeRunList::deleted:
   * @self: a list
   * @n: how many runs an undo would bring back
   * @name: the name of the first of them
   *
   * Runs were deleted.
   */
  signals[DELETED] = g_signal_new ("deleted", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                   NULL, NULL, NULL, G_TYPE_NONE, 2, G_TYPE_UINT, G_TYPE_STRING);
  /**
   * ConvergeRunList::use-settings:
   * @self: a list
   * @run: a run
   *
   * Its settings are wanted for the next run.
   */
  signals[USE_SETTINGS] = g_signal_new ("use-settings", G_TYPE_FROM_CLASS (klass),
                                        G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                        CONVERGE_TYPE_RUN);
}

static void
converge_run_list_init (ConvergeRunList *self)
{
  self->trash = converge_run_trash_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  converge_run_list_add_rows (self);
}

static void
select_in_runs (ConvergeRunList *self)
{
  if (!self->is_following)
    converge_runs_set_selected (self->runs, get_chosen (self));
  update_actions (self);
}

static void
follow_runs (ConvergeRunList *self)
{
  self->is_following = TRUE;
  gtk_single_selection_set_selected (
    self->selection, converge_runs_find (self->runs, converge_runs_get_selected (self->runs)));
  self->is_following = FALSE;
  update_actions (self);
}

static void
rows_changed (ConvergeRunList *self)
{
  gtk_stack_set_visible_child_name (self->stack,
                                    converge_runs_n (self->runs) > 0 ? "list" : "empty");
  converge_run_list_update_rows (self);
  update_actions (self);
}

/**
 * converge_run_list_set_runs:
 * @self: a list of no runs so far
 * @runs: what it lists
 */
void
converge_run_list_set_runs (ConvergeRunList *self,
                            ConvergeRuns *runs)
{
  g_return_if_fail (self->runs == NULL);

  self->runs = g_object_ref (runs);
  converge_run_memory_set_runs (self->memory, runs);
  self->selection = gtk_single_selection_new (NULL);
  gtk_single_selection_set_autoselect (self->selection, FALSE);
  gtk_single_selection_set_can_unselect (self->selection, TRUE);
  gtk_single_selection_set_model (self->selection, G_LIST_MODEL (runs));
  g_signal_connect_object (self->selection, "notify::selected-item", G_CALLBACK (select_in_runs),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (runs, "notify::selected", G_CALLBACK (follow_runs), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (runs, "items-changed", G_CALLBACK (rows_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (runs, "changed", G_CALLBACK (update_actions), self, G_CONNECT_SWAPPED);
  gtk_list_view_set_model (self->view, GTK_SELECTION_MODEL (self->selection));
  rows_changed (self);
  follow_runs (self);
}

/**
 * converge_run_list_undo:
 * @self: a list
 *
 * Brings the runs back that were deleted since converge_run_list_forget(), each to where it
 * was; those that were taking steps go on.
 *
 * Returns: whether there were any
 */
gboolean
converge_run_list_undo (ConvergeRunList *self)
{
  const gboolean is_any = converge_run_trash_undo (self->trash, self->runs);

  update_actions (self);
  return is_any;
}

/**
 * converge_run_list_forget:
 * @self: a list
 *
 * Lets go of the runs that were deleted.
 */
void
converge_run_list_forget (ConvergeRunList *self)
{
  converge_run_trash_empty (self->trash);
  update_actions (self);
}
