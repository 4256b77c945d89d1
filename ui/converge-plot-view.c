/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "converge-plot-view-private.h"

#include <adwaita.h>
#include <math.h>

#define ZOOM_STEP 1.25

/* A hand that clicks moves no farther than that, in pixels. */
#define CLICK_LENGTH 4

#define MINIMUM_WIDTH 200
#define MINIMUM_HEIGHT 120

/* Labels of a plot are a little smaller than the window's text. */
#define FONT_SHARE 0.85

enum
{
  PROP_LOG_X = 1,
  PROP_LOG_Y,
  N_PROPERTIES
};

static GParamSpec *properties[N_PROPERTIES];

enum
{
  TOGGLED,
  CHOSEN,
  MOMENT,
  MOMENT_BACK,
  COPY,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ConvergePlotView, converge_plot_view, GTK_TYPE_WIDGET)

/* Size of the window's text, in pixels. */
static double
get_font_size (ConvergePlotView *self)
{
  PangoContext *context = gtk_widget_get_pango_context (GTK_WIDGET (self));
  const PangoFontDescription *font = pango_context_get_font_description (context);
  const double size = (double) pango_font_description_get_size (font) / PANGO_SCALE;

  return pango_font_description_get_size_is_absolute (font)
           ? size
           : size * pango_cairo_context_get_resolution (context) / 72;
}

/* Labels grow with the window's text, and lines with the labels. */
static void
restyle (ConvergePlotView *self)
{
  AdwStyleManager *manager = adw_style_manager_get_default ();
  double usual_size;

  converge_plot_style_init (&self->style, adw_style_manager_get_dark (manager),
                            adw_style_manager_get_high_contrast (manager));
  usual_size = self->style.font_size;
  self->style.font_size = fmax (usual_size, round (FONT_SHARE * get_font_size (self)));
  self->style.line_scale *= self->style.font_size / usual_size;
  self->style.lists_hidden = TRUE;
  converge_plot_view_forget_frame (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
converge_plot_view_snapshot (GtkWidget *widget,
                             GtkSnapshot *snapshot)
{
  converge_plot_view_draw (CONVERGE_PLOT_VIEW (widget), snapshot);
}

static void
converge_plot_view_measure (GtkWidget *widget,
                            GtkOrientation orientation,
                            int for_size,
                            int *minimum,
                            int *natural,
                            int *minimum_baseline,
                            int *natural_baseline)
{
  gboolean is_width = orientation == GTK_ORIENTATION_HORIZONTAL;

  *minimum = is_width ? MINIMUM_WIDTH : MINIMUM_HEIGHT;
  *natural = is_width ? 2 * MINIMUM_WIDTH : 2 * MINIMUM_HEIGHT;
  *minimum_baseline = *natural_baseline = -1;
}

static void
converge_plot_view_css_changed (GtkWidget *widget,
                                GtkCssStyleChange *change)
{
  GTK_WIDGET_CLASS (converge_plot_view_parent_class)->css_changed (widget, change);
  restyle (CONVERGE_PLOT_VIEW (widget));
}

static void
converge_plot_view_size_allocate (GtkWidget *widget,
                                  int width,
                                  int height,
                                  int baseline)
{
  if (CONVERGE_PLOT_VIEW (widget)->menu != NULL)
    gtk_popover_present (GTK_POPOVER (CONVERGE_PLOT_VIEW (widget)->menu));
}

static void
converge_plot_view_dispose (GObject *object)
{
  ConvergePlotView *self = CONVERGE_PLOT_VIEW (object);

  converge_plot_view_forget_frame (self);
  g_clear_pointer (&self->menu, gtk_widget_unparent);
  g_clear_object (&self->choices);
  G_OBJECT_CLASS (converge_plot_view_parent_class)->dispose (object);
}

/* A view into values that the scale does not have cannot stay. */
static void
apply_choice (ConvergeAxis *axis,
              const ScaleChoice *choice)
{
  if (!choice->is_made || axis->is_log == choice->is_log)
    return;
  axis->is_log = choice->is_log;
  if (axis->is_log && axis->has_view && axis->minimum <= 0)
    axis->has_view = FALSE;
}

static void
apply_choices (ConvergePlotView *self)
{
  if (self->plot == NULL)
    return;
  apply_choice (&self->plot->x, &self->x_choice);
  apply_choice (&self->plot->y, &self->y_choice);
  converge_plot_view_forget_frame (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
converge_plot_view_get_property (GObject *object,
                                 guint id,
                                 GValue *value,
                                 GParamSpec *pspec)
{
  ConvergePlotView *self = CONVERGE_PLOT_VIEW (object);

  switch (id)
    {
    case PROP_LOG_X:
      g_value_set_boolean (value, self->plot != NULL && self->plot->x.is_log);
      break;
    case PROP_LOG_Y:
      g_value_set_boolean (value, self->plot != NULL && self->plot->y.is_log);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
converge_plot_view_set_property (GObject *object,
                                 guint id,
                                 const GValue *value,
                                 GParamSpec *pspec)
{
  ConvergePlotView *self = CONVERGE_PLOT_VIEW (object);
  const ScaleChoice choice = { TRUE, g_value_get_boolean (value) };

  switch (id)
    {
    case PROP_LOG_X:
      self->x_choice = choice;
      break;
    case PROP_LOG_Y:
      self->y_choice = choice;
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
      return;
    }
  apply_choices (self);
  g_object_notify_by_pspec (object, pspec);
}

static void
install_scales (ConvergePlotViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  /**
   * ConvergePlotView:log-x:
   *
   * Whether the horizontal axis is logarithmic.
   */
  properties[PROP_LOG_X] = g_param_spec_boolean ("log-x", NULL, NULL, FALSE,
                                                 G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS
                                                   | G_PARAM_EXPLICIT_NOTIFY);
  /**
   * ConvergePlotView:log-y:
   *
   * Whether the vertical axis is logarithmic.
   */
  properties[PROP_LOG_Y] = g_param_spec_boolean ("log-y", NULL, NULL, FALSE,
                                                 G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS
                                                   | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (G_OBJECT_CLASS (klass), N_PROPERTIES, properties);
  gtk_widget_class_install_property_action (widget_class, "plot.log-x", "log-x");
  gtk_widget_class_install_property_action (widget_class, "plot.log-y", "log-y");
  converge_plot_view_install_menu (widget_class);
}

static void
converge_plot_view_class_init (ConvergePlotViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = converge_plot_view_dispose;
  G_OBJECT_CLASS (klass)->get_property = converge_plot_view_get_property;
  G_OBJECT_CLASS (klass)->set_property = converge_plot_view_set_property;
  install_scales (klass);
  widget_class->size_allocate = converge_plot_view_size_allocate;
  widget_class->snapshot = converge_plot_view_snapshot;
  widget_class->measure = converge_plot_view_measure;
  widget_class->css_changed = converge_plot_view_css_changed;
  gtk_widget_class_set_css_name (widget_class, "plotview");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);

  /**
   * ConvergePlotView::toggled:
   * @self: the view
   * @series: id of a series
   * @is_visible: whether it is to be seen
   *
   * A series was clicked on in the legend.
   */
  signals[TOGGLED] = g_signal_new ("toggled", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                   NULL, NULL, NULL, G_TYPE_NONE, 2, G_TYPE_STRING,
                                   G_TYPE_BOOLEAN);

  /**
   * ConvergePlotView::chosen:
   * @self: the view
   * @x: a value along the horizontal axis
   * @y: a value along the vertical axis
   *
   * A place among the data was clicked on.
   */
  signals[CHOSEN] = g_signal_new ("chosen", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 2, G_TYPE_DOUBLE, G_TYPE_DOUBLE);

  /**
   * ConvergePlotView::moment:
   * @self: the view of a plot over steps
   * @step: a step
   * @is_click: whether it was chosen by a click, which may become a double click
   *
   * A step was chosen.
   */
  signals[MOMENT] = g_signal_new ("moment", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 2, G_TYPE_DOUBLE, G_TYPE_BOOLEAN);

  /**
   * ConvergePlotView::moment-back:
   * @self: the view of a plot over steps
   *
   * The click that chose a step was the first half of a double click, and meant none.
   */
  signals[MOMENT_BACK] = g_signal_new ("moment-back", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                       0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  /**
   * ConvergePlotView::copy:
   * @self: the view
   *
   * A picture of the plot is wanted on the clipboard. What belongs on it beside the plot
   * is not known here.
   */
  signals[COPY] = g_signal_new ("copy", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                NULL, G_TYPE_NONE, 0);
}

static void
zoom_at (ConvergePlotView *self,
         double factor,
         double x,
         double y)
{
  converge_plot_zoom (self->plot, factor, CLAMP ((x - self->area.x) / self->area.width, 0, 1),
                      CLAMP (1 - (y - self->area.y) / self->area.height, 0, 1));
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static gboolean
scrolled (ConvergePlotView *self,
          double dx,
          double dy)
{
  if (self->plot == NULL || !self->has_pointer)
    return FALSE;
  zoom_at (self, pow (ZOOM_STEP, -dy), self->pointer_x, self->pointer_y);
  return TRUE;
}

static void
pointed (ConvergePlotView *self,
         double x,
         double y)
{
  self->has_pointer = TRUE;
  self->pointer_x = x;
  self->pointer_y = y;
  converge_plot_view_show_grip (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
left (ConvergePlotView *self)
{
  self->has_pointer = FALSE;
  converge_plot_view_show_grip (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
drag_begun (ConvergePlotView *self,
            double x,
            double y)
{
  self->drag_x = x;
  self->dragged_x = self->dragged_y = 0;
  self->is_moving_moment = converge_plot_view_takes_moment (self, x, y);
}

static void
move_moment (ConvergePlotView *self,
             double x,
             double y)
{
  if (hypot (self->dragged_x, self->dragged_y) <= CLICK_LENGTH && hypot (x, y) <= CLICK_LENGTH)
    return;
  self->dragged_x = x;
  self->dragged_y = y;
  g_signal_emit (self, signals[MOMENT], 0, converge_plot_view_find_step (self, self->drag_x + x),
                 FALSE);
}

static void
dragged (ConvergePlotView *self,
         double x,
         double y)
{
  if (self->plot == NULL)
    return;
  if (self->is_moving_moment)
    {
      move_moment (self, x, y);
      return;
    }
  converge_plot_pan (self->plot, (self->dragged_x - x) / self->area.width,
                     (y - self->dragged_y) / self->area.height);
  self->dragged_x = x;
  self->dragged_y = y;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
pressed (ConvergePlotView *self,
         int n_presses,
         double x,
         double y)
{
  gint row;

  gtk_widget_grab_focus (GTK_WIDGET (self));
  if (self->plot == NULL)
    return;
  row = converge_plot_legend_at (self->plot, &self->style, &self->area, x, y);
  if (row >= 0)
    {
      ConvergeSeries *series = g_ptr_array_index (self->plot->series, row);

      series->is_visible = !series->is_visible;
      g_signal_emit (self, signals[TOGGLED], 0, series->id, series->is_visible);
    }
  else if (n_presses == 2)
    {
      converge_plot_reset_view (self->plot);
      if (converge_plot_view_chooses_moment (self, x, y))
        g_signal_emit (self, signals[MOMENT_BACK], 0);
    }
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
choose (ConvergePlotView *self,
        double x,
        double y)
{
  double data_x, data_y;

  converge_plot_area_to_data (&self->area, x, y, &data_x, &data_y);
  g_signal_emit (self, signals[CHOSEN], 0, data_x, data_y);
}

/* A drag does not choose the place at which the button is let go, nor does a click on the
 * legend. */
static void
released (ConvergePlotView *self,
          int n_presses,
          double x,
          double y)
{
  const ConvergePlotArea *area = &self->area;

  if (self->plot == NULL || n_presses != 1 || hypot (self->dragged_x, self->dragged_y) > CLICK_LENGTH
      || x < area->x || x > area->x + area->width || y < area->y || y > area->y + area->height)
    return;
  choose (self, x, y);
  if (converge_plot_view_chooses_moment (self, x, y))
    g_signal_emit (self, signals[MOMENT], 0, converge_plot_view_find_step (self, x), TRUE);
}

static gboolean
key_pressed (ConvergePlotView *self,
             guint key,
             guint code,
             GdkModifierType state)
{
  gboolean is_choice;

  if (self->plot == NULL)
    return FALSE;
  if (converge_plot_view_field_key (self, key, state, &is_choice))
    {
      if (is_choice)
        choose (self, self->pointer_x, self->pointer_y);
      return TRUE;
    }
  switch (key)
    {
    case GDK_KEY_plus:
    case GDK_KEY_equal:
    case GDK_KEY_KP_Add:
      converge_plot_zoom (self->plot, ZOOM_STEP, 0.5, 0.5);
      break;
    case GDK_KEY_minus:
    case GDK_KEY_KP_Subtract:
      converge_plot_zoom (self->plot, 1 / ZOOM_STEP, 0.5, 0.5);
      break;
    case GDK_KEY_Left:
    case GDK_KEY_Right:
      converge_plot_pan (self->plot, key == GDK_KEY_Left ? -0.1 : 0.1, 0);
      break;
    case GDK_KEY_Up:
    case GDK_KEY_Down:
      converge_plot_pan (self->plot, 0, key == GDK_KEY_Up ? 0.1 : -0.1);
      break;
    default:
      return FALSE;
    }
  gtk_widget_queue_draw (GTK_WIDGET (self));
  return TRUE;
}

static void
converge_plot_view_init (ConvergePlotView *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  GtkEventController *controller;
  AdwStyleManager *manager = adw_style_manager_get_default ();

  converge_plot_view_add_menu (self);
  gtk_widget_set_focusable (widget, TRUE);
  gtk_widget_set_hexpand (widget, TRUE);
  gtk_widget_set_vexpand (widget, TRUE);
  gtk_widget_set_overflow (widget, GTK_OVERFLOW_HIDDEN);

  controller = gtk_event_controller_scroll_new (GTK_EVENT_CONTROLLER_SCROLL_VERTICAL);
  g_signal_connect_swapped (controller, "scroll", G_CALLBACK (scrolled), self);
  gtk_widget_add_controller (widget, controller);
  controller = gtk_event_controller_motion_new ();
  g_signal_connect_swapped (controller, "motion", G_CALLBACK (pointed), self);
  g_signal_connect_swapped (controller, "leave", G_CALLBACK (left), self);
  gtk_widget_add_controller (widget, controller);
  controller = GTK_EVENT_CONTROLLER (gtk_gesture_drag_new ());
  g_signal_connect_swapped (controller, "drag-begin", G_CALLBACK (drag_begun), self);
  g_signal_connect_swapped (controller, "drag-update", G_CALLBACK (dragged), self);
  gtk_widget_add_controller (widget, controller);
  controller = GTK_EVENT_CONTROLLER (gtk_gesture_click_new ());
  g_signal_connect_swapped (controller, "pressed", G_CALLBACK (pressed), self);
  g_signal_connect_swapped (controller, "released", G_CALLBACK (released), self);
  gtk_widget_add_controller (widget, controller);
  controller = gtk_event_controller_key_new ();
  g_signal_connect_swapped (controller, "key-pressed", G_CALLBACK (key_pressed), self);
  gtk_widget_add_controller (widget, controller);

  g_signal_connect_object (manager, "notify::dark", G_CALLBACK (restyle), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (manager, "notify::high-contrast", G_CALLBACK (restyle), self,
                           G_CONNECT_SWAPPED);
  restyle (self);
}

/**
 * converge_plot_view_new:
 * @title: what kind of plot it is for
 *
 * Returns: (transfer floating): a view of no plot
 */
GtkWidget *
converge_plot_view_new (const char *title)
{
  GtkWidget *self = g_object_new (CONVERGE_TYPE_PLOT_VIEW, NULL);

  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  return self;
}

/**
 * converge_plot_view_set_plot:
 * @self: a view
 * @plot: (nullable): what it shows; must live until another is set
 * @prepare: (nullable): called before the plot is drawn
 * @user_data: given to @prepare
 */
void
converge_plot_view_set_plot (ConvergePlotView *self,
                             ConvergePlot *plot,
                             ConvergePlotPrepare prepare,
                             gpointer user_data)
{
  self->plot = plot;
  self->prepare = prepare;
  self->prepare_data = user_data;
  converge_plot_view_forget_frame (self);
  apply_choices (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LOG_X]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LOG_Y]);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/**
 * converge_plot_view_get_plot:
 * @self: a view
 *
 * Returns: (transfer none) (nullable): what it shows
 */
ConvergePlot *
converge_plot_view_get_plot (ConvergePlotView *self)
{
  return self->plot;
}

/**
 * converge_plot_view_update:
 * @self: a view whose plot has changed
 *
 * Draws it again.
 */
void
converge_plot_view_update (ConvergePlotView *self)
{
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/**
 * converge_plot_view_describe:
 * @self: a view
 * @description: what is to be seen, in words
 *
 * Says what the plot shows to those who cannot see it.
 */
void
converge_plot_view_describe (ConvergePlotView *self,
                             const char *description)
{
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  description, -1);
}
