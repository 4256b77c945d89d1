/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "converge-sweep-view-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Below the plot of a sweep one chooses what is swept and how it is shown. */

/* A net's weights are no starts that anybody would go through one by one. */
#define MAX_STARTS 8

static char *
title_of (ConvergeSweepView *self,
          const char *id)
{
  const AgSetting *setting = ag_setting_find (NULL, id);

  for (guint i = 0; setting == NULL && i < ag_optimizer_n_classes (); i++)
    {
      const AgOptimizerClass *klass = ag_optimizer_class_nth (i);
      const gint option = ag_optimizer_class_find_option (klass, id);

      if (option >= 0)
        setting = &klass->options[option];
    }
  if (setting != NULL)
    return g_strdup (_ (setting->title));
  return g_strdup_printf (_ ("%s at the start"), id + strlen (AG_SWEEP_INIT));
}

/* Fills a list with what can be chosen, unless it has that. */
static void
fill_choices (GtkDropDown *list,
              char *const *titles,
              guint selected)
{
  GListModel *model = gtk_drop_down_get_model (list);
  const guint n = g_strv_length ((GStrv) titles);
  gboolean is_same = model != NULL && g_list_model_get_n_items (model) == n;

  for (guint i = 0; is_same && i < n; i++)
    is_same = strcmp (gtk_string_list_get_string (GTK_STRING_LIST (model), i), titles[i]) == 0;
  if (!is_same)
    {
      g_autoptr (GtkStringList) strings = gtk_string_list_new ((const char *const *) titles);

      gtk_drop_down_set_model (list, G_LIST_MODEL (strings));
    }
  if (gtk_drop_down_get_selected (list) != selected)
    gtk_drop_down_set_selected (list, selected);
}

static void
fill_rows (ConvergeSweepView *self,
           const AgRunSpec *spec)
{
  g_autoptr (GPtrArray) titles = g_ptr_array_new_with_free_func (g_free);

  g_clear_pointer (&self->subjects, g_ptr_array_unref);
  self->subjects = ag_sweep_subjects (spec);
  while (spec->program->model->n_parameters > MAX_STARTS
         && g_str_has_prefix (g_ptr_array_index (self->subjects, self->subjects->len - 1),
                              AG_SWEEP_INIT))
    g_ptr_array_remove_index (self->subjects, self->subjects->len - 1);
  for (guint i = 0; i < self->subjects->len; i++)
    g_ptr_array_add (titles, title_of (self, g_ptr_array_index (self->subjects, i)));
  g_ptr_array_add (titles, NULL);
  for (guint i = 0; i < converge_sweep_n_axes (self->sweep); i++)
    {
      const char *range = converge_sweep_get_range (self->sweep, i);
      guint selected = 0;

      g_ptr_array_find_with_equal_func (self->subjects, converge_sweep_get_subject (self->sweep, i),
                                        g_str_equal, &selected);
      fill_choices (self->rows[i].subject, (char *const *) titles->pdata, selected);
      if (strcmp (gtk_editable_get_text (GTK_EDITABLE (self->rows[i].range)), range) != 0
          && !gtk_widget_has_focus (GTK_WIDGET (self->rows[i].range)))
        gtk_editable_set_text (GTK_EDITABLE (self->rows[i].range), range);
    }
}

/* Curves and the map of a linear model can show steps as well; a map can show what the parameters
 * end as. */
static void
fill_quantities (ConvergeSweepView *self,
                 const AgRunSpec *spec)
{
  const AgModelClass *model = spec->program->model;
  const ConvergeSweepLook *look = converge_sweep_get_look (self->sweep);
  g_autoptr (GPtrArray) titles = g_ptr_array_new_with_free_func (g_free);
  guint selected = look->quantity;

  g_ptr_array_add (titles, g_strdup (_ ("final loss")));
  g_ptr_array_add (titles, g_strdup (_ ("steps to 1 %")));
  for (guint i = 0; model->n_parameters <= MAX_STARTS && i < model->n_parameters; i++)
    g_ptr_array_add (titles, g_strdup_printf (_ ("%s at the end"), model->parameters[i]));
  g_ptr_array_add (titles, NULL);
  if (look->quantity == CONVERGE_SWEEP_PARAMETER)
    selected += look->parameter;
  fill_choices (self->quantity, (char *const *) titles->pdata,
                selected < titles->len - 1 ? selected : 0);
}

static void
fill_button (ConvergeSweepView *self)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < converge_sweep_n_axes (self->sweep); i++)
    {
      g_autofree char *title = title_of (self, converge_sweep_get_subject (self->sweep, i));

      g_string_append_printf (text, "%s%s", i > 0 ? " × " : "", title);
    }
  gtk_menu_button_set_label (self->button, text->str);
}

/**
 * converge_sweep_view_fill:
 * @self: a view of a sweep
 *
 * Shows what is chosen, and what can be where that was opened.
 */
void
converge_sweep_view_fill (ConvergeSweepView *self)
{
  AgSweep *results = converge_sweep_get_results (self->sweep);
  char *curves[] = { (char *) _ ("The one set up"), (char *) _ ("All that have it"), NULL };

  fill_button (self);
  if (self->quantity == NULL)
    return;
  self->is_filling = TRUE;
  if (results != NULL)
    {
      fill_rows (self, ag_sweep_spec (results, 0));
      fill_quantities (self, ag_sweep_spec (results, 0));
    }
  fill_choices (self->optimizers, curves, converge_sweep_get_has_all (self->sweep));
  self->is_filling = FALSE;
}

static void
subject_chosen (ConvergeSweepRow *row)
{
  const guint selected = gtk_drop_down_get_selected (row->subject);

  if (!row->view->is_filling && selected < row->view->subjects->len)
    converge_sweep_set_subject (row->view->sweep, row->axis,
                                g_ptr_array_index (row->view->subjects, selected));
}

static void
range_typed (ConvergeSweepRow *row)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (row->range));

  converge_sweep_set_range (row->view->sweep, row->axis, *text != '\0' ? text : NULL);
}

static void
optimizers_chosen (ConvergeSweepView *self)
{
  if (!self->is_filling)
    converge_sweep_set_has_all (self->sweep, gtk_drop_down_get_selected (self->optimizers) == 1);
}

static void
quantity_chosen (ConvergeSweepView *self)
{
  const guint selected = gtk_drop_down_get_selected (self->quantity);
  ConvergeSweepLook look = *converge_sweep_get_look (self->sweep);

  if (self->is_filling || selected == GTK_INVALID_LIST_POSITION)
    return;
  look.quantity = (ConvergeSweepQuantity) MIN (selected, CONVERGE_SWEEP_PARAMETER);
  look.parameter = selected - look.quantity;
  converge_sweep_set_look (self->sweep, &look);
}

static GtkWidget *
attach (GtkGrid *grid,
        int row,
        const char *title,
        GtkWidget *widget)
{
  GtkWidget *label = gtk_label_new (title);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_set_hexpand (widget, TRUE);
  gtk_accessible_update_relation (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_RELATION_LABELLED_BY,
                                  label, NULL, -1);
  gtk_grid_attach (grid, label, 0, row, 1, 1);
  gtk_grid_attach (grid, widget, 1, row, 1, 1);
  return widget;
}

static void
add_row (ConvergeSweepView *self,
         GtkGrid *grid,
         guint axis,
         const char *subject,
         const char *range)
{
  ConvergeSweepRow *row = &self->rows[axis];

  row->view = self;
  row->axis = axis;
  row->subject = GTK_DROP_DOWN (attach (grid, 2 * (int) axis, subject, gtk_drop_down_new (NULL, NULL)));
  row->range = GTK_ENTRY (attach (grid, 2 * (int) axis + 1, range, gtk_entry_new ()));
  gtk_widget_set_tooltip_text (GTK_WIDGET (row->range),
                               _ ("Two numbers with two dots between them: “1e-8..1e-4”. Behind "
                                  "them “:log” or “:linear” says how the values are spaced."));
  g_signal_connect_swapped (row->subject, "notify::selected", G_CALLBACK (subject_chosen), row);
  g_signal_connect_swapped (row->range, "activate", G_CALLBACK (range_typed), row);
}

static GtkWidget *
make_choices (ConvergeSweepView *self,
              guint n_axes)
{
  GtkWidget *popover = gtk_popover_new ();
  GtkGrid *grid = GTK_GRID (gtk_grid_new ());

  gtk_grid_set_row_spacing (grid, 6);
  gtk_grid_set_column_spacing (grid, 12);
  add_row (self, grid, 0, n_axes > 1 ? _ ("Across") : _ ("Setting"), _ ("from .. to"));
  if (n_axes > 1)
    add_row (self, grid, 1, _ ("Up"), _ ("from .. to"));
  self->optimizers = GTK_DROP_DOWN (attach (grid, 4, _ ("Optimizers"), gtk_drop_down_new (NULL, NULL)));
  gtk_widget_set_visible (GTK_WIDGET (self->optimizers), n_axes == 1);
  gtk_widget_set_visible (gtk_grid_get_child_at (grid, 0, 4), n_axes == 1);
  self->quantity = GTK_DROP_DOWN (attach (grid, 5, _ ("Shows"), gtk_drop_down_new (NULL, NULL)));
  g_signal_connect_swapped (self->optimizers, "notify::selected", G_CALLBACK (optimizers_chosen),
                            self);
  g_signal_connect_swapped (self->quantity, "notify::selected", G_CALLBACK (quantity_chosen), self);
  gtk_popover_set_child (GTK_POPOVER (popover), GTK_WIDGET (grid));
  return popover;
}

static void
popup_choices (GtkMenuButton *button,
               gpointer view)
{
  ConvergeSweepView *self = view;

  if (self->quantity != NULL)
    return;
  gtk_menu_button_set_popover (button, make_choices (self, converge_sweep_n_axes (self->sweep)));
  converge_sweep_view_fill (self);
}

/**
 * converge_sweep_view_add_choices:
 * @self: a view of a sweep
 *
 * Lets its button open what is chosen with: a popover, so that a narrow window has room for the
 * plot. Its lists would be a good part of a window's start, so it is made when it is first opened.
 */
void
converge_sweep_view_add_choices (ConvergeSweepView *self)
{
  gtk_menu_button_set_create_popup_func (self->button, popup_choices, self, NULL);
}
