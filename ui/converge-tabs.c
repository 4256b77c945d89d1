/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "converge-tabs.h"

#include <string.h>

/* Plots in one place: one of them, chosen by its tab, or, where there is room for that,
 * several side by side, and where there is room for all of them no tabs. */

/* A plot narrower than this is hard to read beside another one. */
#define LEAST_WIDTH 560

#define GAP 6

/* Pixels of its neighbours that are seen beside the selected tab. */
#define MARGIN 12

/**
 * Page:
 * @widget: what is seen of the page
 * @view: (nullable): the plot view in it
 * @button: its tab
 * @id: its name
 * @is_alone: whether it takes the whole width when it is selected
 */
typedef struct
{
  GtkWidget *widget;
  ConvergePlotView *view;
  GtkWidget *button;
  char *id;
  gboolean is_alone;
} Page;

struct _ConvergeTabs
{
  GtkWidget parent_instance;

  GArray *pages;
  GtkWidget *strip;
  GtkWidget *buttons;
  guint selected;
  guint n_shown;
  int strip_width;
  guint seek;
};

G_DEFINE_FINAL_TYPE (ConvergeTabs, converge_tabs, GTK_TYPE_WIDGET)

static Page *
get_page (ConvergeTabs *self,
          guint index)
{
  return &g_array_index (self->pages, Page, index);
}

static void
converge_tabs_dispose (GObject *object)
{
  ConvergeTabs *self = CONVERGE_TABS (object);

  g_clear_handle_id (&self->seek, g_source_remove);
  for (guint i = 0; i < self->pages->len; i++)
    {
      gtk_widget_unparent (get_page (self, i)->widget);
      g_free (get_page (self, i)->id);
    }
  g_array_set_size (self->pages, 0);
  g_clear_pointer (&self->strip, gtk_widget_unparent);
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
  int least_strip, strip;

  *minimum = *natural = 0;
  for (guint i = 0; i < self->pages->len; i++)
    {
      int least, wanted;

      gtk_widget_measure (get_page (self, i)->widget, orientation, -1, &least, &wanted,
                          NULL, NULL);
      *minimum = MAX (*minimum, least);
      *natural = MAX (*natural, wanted);
    }
  gtk_widget_measure (self->strip, orientation, -1, &least_strip, &strip, NULL, NULL);
  if (orientation == GTK_ORIENTATION_VERTICAL)
    {
      *minimum += strip;
      *natural += strip;
    }
  *minimum_baseline = *natural_baseline = -1;
}

/* How many of the pages that share the width come before one. */
static guint
find_place (ConvergeTabs *self,
            guint index)
{
  guint place = 0;

  for (guint i = 0; i < index; i++)
    place += !get_page (self, i)->is_alone;
  return place;
}

/* The first of the pages that are seen: they are turned by as many as there is room for. */
static guint
first_shown (ConvergeTabs *self)
{
  return MIN (find_place (self, self->selected) / self->n_shown * self->n_shown,
              find_place (self, self->pages->len) - self->n_shown);
}

static gboolean
is_shown (ConvergeTabs *self,
          guint index)
{
  const guint place = find_place (self, index);

  if (get_page (self, self->selected)->is_alone || get_page (self, index)->is_alone)
    return index == self->selected;
  return place >= first_shown (self) && place < first_shown (self) + self->n_shown;
}

/* Scrolls the selected tab into sight if the line has no room for all. */
static void
bring_into_sight (ConvergeTabs *self)
{
  GtkAdjustment *adjustment
    = gtk_scrolled_window_get_hadjustment (GTK_SCROLLED_WINDOW (self->strip));
  const double moved = gtk_adjustment_get_value (adjustment);
  graphene_rect_t place;

  if (gtk_widget_compute_bounds (get_page (self, self->selected)->button, self->strip, &place))
    gtk_adjustment_clamp_page (adjustment, moved + place.origin.x - MARGIN,
                               moved + place.origin.x + place.size.width + MARGIN);
}

static gboolean
seek (gpointer user_data)
{
  ConvergeTabs *self = user_data;

  self->seek = 0;
  bring_into_sight (self);
  return G_SOURCE_REMOVE;
}

/* The tabs have a line of their own, with the selected one in sight if there are more than the
 * line has room for. Where a tab is, is known only when the line has been laid out. */
static int
allocate_strip (ConvergeTabs *self,
                int width)
{
  GtkAllocation place = { 0, 0, width, 0 };

  gtk_widget_set_child_visible (self->strip, self->n_shown < self->pages->len);
  if (self->n_shown == self->pages->len)
    return 0;
  gtk_widget_measure (self->strip, GTK_ORIENTATION_VERTICAL, -1, NULL, &place.height, NULL, NULL);
  gtk_widget_size_allocate (self->strip, &place, -1);
  if (width != self->strip_width && self->seek == 0)
    self->seek = g_idle_add (seek, self);
  self->strip_width = width;
  return place.height;
}

static void
converge_tabs_size_allocate (GtkWidget *widget,
                             int width,
                             int height,
                             int baseline)
{
  ConvergeTabs *self = CONVERGE_TABS (widget);
  const int n_places = (int) find_place (self, self->pages->len);
  int n_shown, top;

  if (self->pages->len == 0)
    return;
  n_shown = CLAMP ((width + GAP) / (LEAST_WIDTH + GAP), 1, n_places);
  if (get_page (self, self->selected)->is_alone)
    n_shown = 1;
  self->n_shown = (guint) n_shown;
  top = allocate_strip (self, width);
  for (guint i = 0; i < self->pages->len; i++)
    {
      GtkWidget *page = get_page (self, i)->widget;
      const int at = get_page (self, i)->is_alone
                       ? 0
                       : (int) find_place (self, i) - (int) first_shown (self);
      GtkAllocation place = { 0, top, width, height - top };

      place.x = at * (width + GAP) / n_shown;
      place.width = (at + 1) * (width + GAP) / n_shown - GAP - place.x;
      gtk_widget_set_child_visible (page, is_shown (self, i));
      if (gtk_widget_get_child_visible (page))
        gtk_widget_size_allocate (page, &place, -1);
    }
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
  self->n_shown = 1;
  self->buttons = g_object_new (GTK_TYPE_BOX, "accessible-role", GTK_ACCESSIBLE_ROLE_TAB_LIST, NULL);
  gtk_widget_add_css_class (self->buttons, "linked");
  gtk_widget_add_css_class (self->buttons, "plot-tabs");
  gtk_widget_set_halign (self->buttons, GTK_ALIGN_END);
  self->strip = gtk_scrolled_window_new ();
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (self->strip), GTK_POLICY_EXTERNAL,
                                  GTK_POLICY_NEVER);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (self->strip), self->buttons);
  gtk_widget_set_parent (self->strip, GTK_WIDGET (self));
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
  bring_into_sight (self);
  gtk_widget_queue_allocate (GTK_WIDGET (self));
}

/**
 * converge_tabs_add:
 * @self: the tabs
 * @widget: (transfer floating): what is to be seen
 * @view: (nullable): the view of a plot that it is, or has at its top
 * @id: its name
 * @title: its name on the screen
 *
 * Adds a page at the end; the first one is selected.
 */
void
converge_tabs_add (ConvergeTabs *self,
                   GtkWidget *widget,
                   ConvergePlotView *view,
                   const char *id,
                   const char *title)
{
  Page page = {
    .widget = widget,
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
  gtk_widget_insert_before (widget, GTK_WIDGET (self), self->strip);
  /* A tab that will be hidden once the size is known is not shown before. */
  gtk_widget_set_child_visible (widget, self->pages->len == 0);
  g_array_append_val (self->pages, page);
  g_signal_connect_swapped (page.button, "toggled", G_CALLBACK (button_toggled), self);
}

/**
 * converge_tabs_add_alone:
 * @self: tabs with something in them
 * @widget: (transfer floating): what is to be seen
 * @id: its name
 * @title: its name on the screen
 *
 * Adds a page at the end that takes the whole width when it is selected.
 */
void
converge_tabs_add_alone (ConvergeTabs *self,
                         GtkWidget *widget,
                         const char *id,
                         const char *title)
{
  converge_tabs_add (self, widget, NULL, id, title);
  get_page (self, self->pages->len - 1)->is_alone = TRUE;
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
                     ConvergePlotView *view)
{
  for (guint i = 0; i < self->pages->len; i++)
    if (get_page (self, i)->view == view)
      return is_shown (self, i);
  return FALSE;
}
