/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "converge-tabs.h"

#include <string.h>

/* Views in one place: one of them, chosen by its tab. Where there is room for that all plots
 * are side by side, and only what is no plot still has to be chosen. */

/* A plot narrower than this is hard to read beside another one. */
#define LEAST_WIDTH 560

#define GAP 6

/**
 * Page:
 * @view: the view
 * @button: its tab
 * @id: its name
 */
typedef struct
{
  GtkWidget *view;
  GtkWidget *button;
  char *id;
} Page;

struct _ConvergeTabs
{
  GtkWidget parent_instance;

  GArray *pages;
  GtkWidget *buttons;
  guint selected;
  gboolean is_wide;
};

G_DEFINE_FINAL_TYPE (ConvergeTabs, converge_tabs, GTK_TYPE_WIDGET)

static Page *
get_page (ConvergeTabs *self,
          guint index)
{
  return &g_array_index (self->pages, Page, index);
}

static gboolean
is_plot (ConvergeTabs *self,
         guint index)
{
  return CONVERGE_IS_PLOT_VIEW (get_page (self, index)->view);
}

static guint
count_plots (ConvergeTabs *self)
{
  guint n = 0;

  for (guint i = 0; i < self->pages->len; i++)
    n += is_plot (self, i);
  return n;
}

static gboolean
can_be_seen (ConvergeTabs *self,
             guint index)
{
  return self->is_wide ? is_plot (self, index) : index == self->selected;
}

static void
converge_tabs_dispose (GObject *object)
{
  ConvergeTabs *self = CONVERGE_TABS (object);

  for (guint i = 0; i < self->pages->len; i++)
    {
      gtk_widget_unparent (get_page (self, i)->view);
      g_free (get_page (self, i)->id);
    }
  g_array_set_size (self->pages, 0);
  g_clear_pointer (&self->buttons, gtk_widget_unparent);
  G_OBJECT_CLASS (converge_tabs_parent_class)->dispose (object);
}

static void
converge_tabs_finalize (GObject *object)
{
  g_array_unref (CONVERGE_TABS (object)->pages);
  G_OBJECT_CLASS (converge_tabs_parent_class)->finalize (object);
}

static void
converge_tabs_measure (GtkWidget *widget,
                       GtkOrientation orientation,
                       int for_size,
                       int *minimum,
                       int *natural,
                       int *minimum_baseline,
                       int *natural_baseline)
{
  ConvergeTabs *self = CONVERGE_TABS (widget);

  *minimum = *natural = 0;
  for (guint i = 0; i < self->pages->len; i++)
    {
      int least, wanted;

      gtk_widget_measure (get_page (self, i)->view, orientation, -1, &least, &wanted,
                          NULL, NULL);
      *minimum = MAX (*minimum, least);
      *natural = MAX (*natural, wanted);
    }
  *minimum_baseline = *natural_baseline = -1;
}

/* The tabs lie over the upper right corner, where the views leave room for them. */
static void
allocate_buttons (ConvergeTabs *self,
                  int width)
{
  GtkAllocation place = { 0 };
  const gboolean are_needed = !self->is_wide || count_plots (self) < self->pages->len;
  guint last = self->pages->len;

  gtk_widget_set_child_visible (self->buttons, are_needed);
  gtk_widget_measure (self->buttons, GTK_ORIENTATION_HORIZONTAL, -1, NULL, &place.width, NULL, NULL);
  gtk_widget_measure (self->buttons, GTK_ORIENTATION_VERTICAL, -1, NULL, &place.height, NULL, NULL);
  place.x = MAX (0, width - place.width);
  if (are_needed)
    gtk_widget_size_allocate (self->buttons, &place, -1);
  /* Side by side, the last plot has them. */
  while (last > 0 && !is_plot (self, last - 1))
    last--;
  for (guint i = 0; i < self->pages->len; i++)
    if (is_plot (self, i))
      converge_plot_view_set_corner (CONVERGE_PLOT_VIEW (get_page (self, i)->view),
                                     are_needed && (!self->is_wide || i + 1 == last) ? place.width
                                                                                     : 0);
}

static void
converge_tabs_size_allocate (GtkWidget *widget,
                             int width,
                             int height,
                             int baseline)
{
  ConvergeTabs *self = CONVERGE_TABS (widget);
  const int n_plots = (int) count_plots (self);
  int n = 0;

  if (self->pages->len == 0)
    return;
  self->is_wide = is_plot (self, self->selected)
                  && width >= n_plots * LEAST_WIDTH + (n_plots - 1) * GAP;
  for (guint i = 0; i < self->pages->len; i++)
    {
      GtkWidget *view = get_page (self, i)->view;
      GtkAllocation place = { 0, 0, width, height };

      if (self->is_wide)
        {
          place.x = n * (width + GAP) / n_plots;
          place.width = (n + 1) * (width + GAP) / n_plots - GAP - place.x;
          n += is_plot (self, i);
        }
      gtk_widget_set_child_visible (view, can_be_seen (self, i));
      if (gtk_widget_get_child_visible (view))
        gtk_widget_size_allocate (view, &place, -1);
    }
  allocate_buttons (self, width);
}

static void
converge_tabs_class_init (ConvergeTabsClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = converge_tabs_dispose;
  G_OBJECT_CLASS (klass)->finalize = converge_tabs_finalize;
  widget_class->measure = converge_tabs_measure;
  widget_class->size_allocate = converge_tabs_size_allocate;
  gtk_widget_class_set_css_name (widget_class, "plottabs");
}

static void
converge_tabs_init (ConvergeTabs *self)
{
  self->pages = g_array_new (FALSE, FALSE, sizeof (Page));
  self->buttons = g_object_new (GTK_TYPE_BOX, "accessible-role", GTK_ACCESSIBLE_ROLE_TAB_LIST, NULL);
  gtk_widget_add_css_class (self->buttons, "linked");
  gtk_widget_add_css_class (self->buttons, "plot-tabs");
  gtk_widget_set_parent (self->buttons, GTK_WIDGET (self));
  gtk_widget_set_vexpand (GTK_WIDGET (self), TRUE);
}

/* A reader is to hear of tabs, of which one is selected, not of buttons. */
static void
tell_selected (GtkToggleButton *button)
{
  gtk_accessible_update_state (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_STATE_SELECTED,
                               gtk_toggle_button_get_active (button), -1);
}

static void
button_toggled (ConvergeTabs *self,
                GtkToggleButton *button)
{
  tell_selected (button);
  for (guint i = 0; i < self->pages->len; i++)
    if (get_page (self, i)->button == GTK_WIDGET (button) && gtk_toggle_button_get_active (button))
      self->selected = i;
  gtk_widget_queue_allocate (GTK_WIDGET (self));
}

/**
 * converge_tabs_add:
 * @self: the tabs
 * @view: (transfer floating): a view, of a plot or of something else
 * @id: its name
 * @title: its name on the screen
 *
 * Adds a view at the end; the first one is selected.
 */
void
converge_tabs_add (ConvergeTabs *self,
                   GtkWidget *view,
                   const char *id,
                   const char *title)
{
  Page page = {
    .view = view,
    .button = g_object_new (GTK_TYPE_TOGGLE_BUTTON, "label", title, "accessible-role",
                            GTK_ACCESSIBLE_ROLE_TAB, NULL),
    .id = g_strdup (id),
  };

  if (self->pages->len > 0)
    gtk_toggle_button_set_group (GTK_TOGGLE_BUTTON (page.button),
                                 GTK_TOGGLE_BUTTON (get_page (self, 0)->button));
  else
    gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (page.button), TRUE);
  tell_selected (GTK_TOGGLE_BUTTON (page.button));
  gtk_box_append (GTK_BOX (self->buttons), page.button);
  /* The tabs are above what they choose from. */
  gtk_widget_insert_before (view, GTK_WIDGET (self), self->buttons);
  g_array_append_val (self->pages, page);
  g_signal_connect_swapped (page.button, "toggled", G_CALLBACK (button_toggled), self);
}

/**
 * converge_tabs_get_selected:
 * @self: tabs with something in them
 *
 * Returns: (transfer none): name of the view that is seen where there is room for
 *   one only
 */
const char *
converge_tabs_get_selected (ConvergeTabs *self)
{
  g_return_val_if_fail (self->pages->len > 0, NULL);

  return get_page (self, self->selected)->id;
}

/**
 * converge_tabs_select:
 * @self: the tabs
 * @id: name of a view
 *
 * Returns: whether there is one of that name, which is selected now
 */
gboolean
converge_tabs_select (ConvergeTabs *self,
                      const char *id)
{
  for (guint i = 0; i < self->pages->len; i++)
    if (strcmp (get_page (self, i)->id, id) == 0)
      {
        gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (get_page (self, i)->button), TRUE);
        return TRUE;
      }
  return FALSE;
}

/**
 * converge_tabs_shows:
 * @self: the tabs
 * @view: a view
 *
 * Returns: whether it is one of theirs and can be seen now
 */
gboolean
converge_tabs_shows (ConvergeTabs *self,
                     GtkWidget *view)
{
  for (guint i = 0; i < self->pages->len; i++)
    if (get_page (self, i)->view == view)
      return can_be_seen (self, i);
  return FALSE;
}
