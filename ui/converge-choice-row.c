/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "converge-choice-row.h"

/* A dropdown whose items have a line on what they are, and of which some may
 * be there only to say why they cannot be had. The line of what is chosen is below the
 * row's title, as wide as the row. There is room for the longest one, whatever is chosen, so
 * that a choice moves no other row. */

#define CONVERGE_TYPE_CHOICE (converge_choice_get_type ())
G_DECLARE_FINAL_TYPE (ConvergeChoice, converge_choice, CONVERGE, CHOICE, GObject)

struct _ConvergeChoice
{
  GObject parent_instance;

  char *title;
  char *description;
  gboolean is_available;
};

G_DEFINE_FINAL_TYPE (ConvergeChoice, converge_choice, G_TYPE_OBJECT)

static void
converge_choice_finalize (GObject *object)
{
  ConvergeChoice *self = CONVERGE_CHOICE (object);

  g_free (self->title);
  g_free (self->description);
  G_OBJECT_CLASS (converge_choice_parent_class)->finalize (object);
}

static void
converge_choice_class_init (ConvergeChoiceClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = converge_choice_finalize;
}

static void
converge_choice_init (ConvergeChoice *self)
{
}

static char *
get_title (ConvergeChoice *choice)
{
  return g_strdup (choice->title);
}

/* Titles may be longer than half a row. */
#define BUTTON_CHARS 18
#define BUTTON_LINES 2

struct _ConvergeChoiceRow
{
  AdwComboRow parent_instance;

  GListStore *choices;
  GtkStack *descriptions;
};

G_DEFINE_FINAL_TYPE (ConvergeChoiceRow, converge_choice_row, ADW_TYPE_COMBO_ROW)

static void
converge_choice_row_dispose (GObject *object)
{
  g_clear_object (&CONVERGE_CHOICE_ROW (object)->choices);
  G_OBJECT_CLASS (converge_choice_row_parent_class)->dispose (object);
}

static void
converge_choice_row_class_init (ConvergeChoiceRowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = converge_choice_row_dispose;
}

static GtkWidget *
make_label (const char *css_class)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 42);
  if (css_class != NULL)
    {
      gtk_widget_add_css_class (label, css_class);
      gtk_widget_add_css_class (label, "caption");
    }
  return label;
}

static void
set_up_item (ConvergeChoiceRow *self,
             GtkListItem *item)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *text = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);

  gtk_widget_set_hexpand (text, TRUE);
  gtk_box_append (GTK_BOX (text), make_label (NULL));
  gtk_box_append (GTK_BOX (text), make_label ("dim-label"));
  gtk_box_append (GTK_BOX (box), text);
  gtk_box_append (GTK_BOX (box), gtk_image_new_from_icon_name ("object-select-symbolic"));
  gtk_list_item_set_child (item, box);
}

static void
set_up_button (ConvergeChoiceRow *self,
               GtkListItem *item)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 1);
  gtk_label_set_justify (GTK_LABEL (label), GTK_JUSTIFY_RIGHT);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_natural_wrap_mode (GTK_LABEL (label), GTK_NATURAL_WRAP_WORD);
  gtk_label_set_max_width_chars (GTK_LABEL (label), BUTTON_CHARS);
  gtk_label_set_lines (GTK_LABEL (label), BUTTON_LINES);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_list_item_set_child (item, label);
}

static void
bind_button (ConvergeChoiceRow *self,
             GtkListItem *item)
{
  ConvergeChoice *choice = gtk_list_item_get_item (item);

  gtk_label_set_text (GTK_LABEL (gtk_list_item_get_child (item)), choice->title);
}

static void
mark_selected (ConvergeChoiceRow *self,
               GParamSpec *pspec,
               GtkListItem *item)
{
  GtkWidget *mark = gtk_widget_get_last_child (gtk_list_item_get_child (item));
  gboolean is_selected = adw_combo_row_get_selected_item (ADW_COMBO_ROW (self))
                         == gtk_list_item_get_item (item);

  gtk_widget_set_opacity (mark, is_selected ? 1 : 0);
}

static void
bind_item (ConvergeChoiceRow *self,
           GtkListItem *item)
{
  ConvergeChoice *choice = gtk_list_item_get_item (item);
  GtkWidget *box = gtk_list_item_get_child (item);
  GtkWidget *title = gtk_widget_get_first_child (gtk_widget_get_first_child (box));
  GtkWidget *description = gtk_widget_get_next_sibling (title);

  gtk_label_set_text (GTK_LABEL (title), choice->title);
  gtk_label_set_text (GTK_LABEL (description), choice->description);
  gtk_widget_set_visible (description, choice->description != NULL);
  /* Before GTK 4.12 nothing else names the item around the box. */
  gtk_accessible_update_property (GTK_ACCESSIBLE (gtk_widget_get_parent (box)),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, choice->title,
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  choice->description != NULL ? choice->description : "", -1);
  gtk_widget_set_sensitive (box, choice->is_available);
  gtk_list_item_set_activatable (item, choice->is_available);
  gtk_list_item_set_selectable (item, choice->is_available);
  mark_selected (self, NULL, item);
  g_signal_connect (self, "notify::selected-item", G_CALLBACK (mark_selected), item);
}

static void
unbind_item (ConvergeChoiceRow *self,
             GtkListItem *item)
{
  g_signal_handlers_disconnect_by_func (self, mark_selected, item);
}

/* The name of the row is what is chosen; what it is goes before what that means. */
static void
tell_choice (ConvergeChoiceRow *self,
             ConvergeChoice *choice)
{
  g_autofree char *text = NULL;

  if (choice == NULL)
    return;
  text = choice->description != NULL
           ? g_strdup_printf ("%s: %s", choice->title, choice->description)
           : g_strdup (choice->title);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text,
                                  -1);
}

static void
show_description (ConvergeChoiceRow *self)
{
  const guint selected = adw_combo_row_get_selected (ADW_COMBO_ROW (self));
  g_autofree char *name = g_strdup_printf ("%u", selected);
  GtkWidget *description = gtk_stack_get_child_by_name (self->descriptions, name);

  if (description != NULL)
    gtk_stack_set_visible_child (self->descriptions, description);
  tell_choice (self, adw_combo_row_get_selected_item (ADW_COMBO_ROW (self)));
}

static GtkWidget *
find_child (GtkWidget *widget,
            GType type)
{
  GtkWidget *found = G_TYPE_CHECK_INSTANCE_TYPE (widget, type) ? widget : NULL;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find_child (child, type);
  return found;
}

/* The arrow keys are to begin where the choice is, not at the top of the list. */
static void
list_shown (ConvergeChoiceRow *self,
            GtkWidget *popover)
{
  GtkWidget *item = gtk_widget_get_first_child (find_child (popover, GTK_TYPE_LIST_VIEW));

  for (guint i = adw_combo_row_get_selected (ADW_COMBO_ROW (self)); i > 0 && item != NULL; i--)
    item = gtk_widget_get_next_sibling (item);
  if (item != NULL)
    gtk_widget_grab_focus (item);
}

/* libadwaita has title and subtitle beside the button, where there is no room for a sentence. What
 * it has in the row stays together in a box, and the descriptions come below that. */
static void
add_descriptions (ConvergeChoiceRow *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *header = g_object_ref (gtk_list_box_row_get_child (GTK_LIST_BOX_ROW (self)));

  self->descriptions = GTK_STACK (gtk_stack_new ());
  gtk_widget_set_visible (GTK_WIDGET (self->descriptions), FALSE);
  gtk_widget_add_css_class (GTK_WIDGET (self->descriptions), "descriptions");
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (self), NULL);
  gtk_box_append (GTK_BOX (box), header);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->descriptions));
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (self), box);
  g_object_unref (header);
}

static void
converge_choice_row_init (ConvergeChoiceRow *self)
{
  g_autoptr (GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();
  g_autoptr (GtkListItemFactory) button = gtk_signal_list_item_factory_new ();
  g_autoptr (GtkExpression) title = gtk_cclosure_expression_new (G_TYPE_STRING, NULL, 0, NULL,
                                                                 G_CALLBACK (get_title), NULL,
                                                                 NULL);

  self->choices = g_list_store_new (CONVERGE_TYPE_CHOICE);
  g_signal_connect_object (factory, "setup", G_CALLBACK (set_up_item), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (factory, "bind", G_CALLBACK (bind_item), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (factory, "unbind", G_CALLBACK (unbind_item), self, G_CONNECT_SWAPPED);
  adw_combo_row_set_expression (ADW_COMBO_ROW (self), title);
  g_signal_connect_object (button, "setup", G_CALLBACK (set_up_button), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (button, "bind", G_CALLBACK (bind_button), self, G_CONNECT_SWAPPED);
  adw_combo_row_set_factory (ADW_COMBO_ROW (self), button);
  adw_combo_row_set_list_factory (ADW_COMBO_ROW (self), factory);
  adw_combo_row_set_model (ADW_COMBO_ROW (self), G_LIST_MODEL (self->choices));
  add_descriptions (self);
  gtk_widget_add_css_class (GTK_WIDGET (self), "choice");
  g_signal_connect (self, "notify::selected-item", G_CALLBACK (show_description), NULL);
  g_signal_connect_swapped (find_child (GTK_WIDGET (self), GTK_TYPE_POPOVER), "show",
                            G_CALLBACK (list_shown), self);
}

/**
 * converge_choice_row_add:
 * @self: the row
 * @title: what can be chosen
 * @description: (nullable): a line on it
 * @is_available: whether it can be chosen; if not, @description says why
 *
 * Adds an item at the end.
 */
void
converge_choice_row_add (ConvergeChoiceRow *self,
                         const char *title,
                         const char *description,
                         gboolean is_available)
{
  g_autoptr (ConvergeChoice) choice = g_object_new (CONVERGE_TYPE_CHOICE, NULL);
  GtkWidget *label = make_label ("dim-label");
  g_autofree char *name = g_strdup_printf ("%u", g_list_model_get_n_items (
                                                   G_LIST_MODEL (self->choices)));

  gtk_label_set_text (GTK_LABEL (label), description);
  gtk_label_set_yalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_stack_add_named (self->descriptions, label, name);
  if (description != NULL)
    gtk_widget_set_visible (GTK_WIDGET (self->descriptions), TRUE);
  choice->title = g_strdup (title);
  choice->description = g_strdup (description);
  choice->is_available = is_available;
  g_list_store_append (self->choices, choice);
}

/**
 * converge_choice_row_set:
 * @self: the row
 * @index: an item
 * @description: (nullable): a line on it
 * @is_available: whether it can be chosen; if not, @description says why
 *
 * Says something else of an item, about which more was found out.
 */
void
converge_choice_row_set (ConvergeChoiceRow *self,
                         guint index,
                         const char *description,
                         gboolean is_available)
{
  g_autoptr (ConvergeChoice) choice = g_list_model_get_item (G_LIST_MODEL (self->choices), index);
  g_autofree char *name = g_strdup_printf ("%u", index);
  GtkWidget *label = gtk_stack_get_child_by_name (self->descriptions, name);

  g_free (choice->description);
  choice->description = g_strdup (description);
  choice->is_available = is_available;
  gtk_label_set_text (GTK_LABEL (label), description);
  if (description != NULL)
    gtk_widget_set_visible (GTK_WIDGET (self->descriptions), TRUE);
  /* The list is bound anew, with the same item. */
  g_list_model_items_changed (G_LIST_MODEL (self->choices), index, 1, 1);
  show_description (self);
}
