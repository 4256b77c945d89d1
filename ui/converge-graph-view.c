/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "converge-graph-view.h"

#include "converge-follower.h"
#include "converge-graph-player.h"
#include "converge-graph-zoom.h"
#include "picture/graph-pictures.h"
#include "plot/graph-draw.h"
#include "plot/graph-lines.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>
#include <math.h>

/* Shows the step that is looked at as a graph of operations with their numbers. */

/**
 * ConvergeGraphView:
 * @scroller: what the graph is scrolled in
 * @area: the graph
 * @sentence: about the box that has the focus, or the part of the step that is played
 * @code: the line that recorded the box that has the focus, and the way to it
 * @play: plays the step
 * @functions: whether custom Functions are open
 * @whole: whether all parts of the step are shown
 * @fold: closes the parts of the step that were opened
 * @opened: these
 * @program: (nullable): what they are parts of
 * @runs: of which a step of the selected one is shown
 * @follower: who takes pictures of it
 * @player: how much of the step has happened
 * @drawing: (nullable): the picture that is shown
 * @lines: which line of the program each of its boxes is of
 * @zoom: how large it is
 * @focus: the box that has the focus, −1 if none has
 */
struct _ConvergeGraphView
{
  GtkWidget parent_instance;

  GtkScrolledWindow *scroller;
  GtkDrawingArea *area;
  GtkLabel *sentence;
  GtkButton *code;
  GtkButton *play;
  GtkToggleButton *functions;
  GtkToggleButton *whole;
  GtkButton *fold;
  ConvergeRuns *runs;
  ConvergeFollower *follower;
  ConvergeGraphPlayer *player;
  ConvergeGraphDrawing *drawing;
  ConvergeGraphLines *lines;
  guint opened;
  const AgProgramClass *program;
  ConvergeGraphZoom zoom;
  gint focus;
};

enum
{
  LINE,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ConvergeGraphView, converge_graph_view, GTK_TYPE_WIDGET)

static gpointer
make (const AgRunSpec *spec,
      AgData *data,
      AgMoments *moments,
      AgWork *work)
{
  return ag_graph_pictures_new (spec, data, moments);
}

/* The step that led to the moment; what is found is held until the next. */
static gpointer
find (gpointer maker,
      gint64 step,
      gint64 point,
      AgWork *work)
{
  return ag_graph_pictures_take (maker, MAX (step - 1, 0), point, work, NULL);
}

static const ConvergeFollowerKind picture_kind = {
  .make = make,
  .find = find,
  .free_maker = (GDestroyNotify) ag_graph_pictures_free,
  .free_found = (GDestroyNotify) ag_graph_picture_unref,
};

static void
draw (GtkDrawingArea *area,
      cairo_t *cr,
      int width,
      int height,
      gpointer data)
{
  ConvergeGraphView *self = data;
  AdwStyleManager *manager = adw_style_manager_get_default ();
  const double zoom = converge_graph_zoom_find (&self->zoom, self->drawing);
  ConvergePlotStyle style;

  if (self->drawing == NULL)
    return;
  converge_plot_style_init (&style, adw_style_manager_get_dark (manager),
                            adw_style_manager_get_high_contrast (manager));
  cairo_scale (cr, zoom, zoom);
  converge_graph_draw (self->drawing, cr, width / zoom, height / zoom, &style);
  if (self->focus >= 0)
    converge_graph_draw_focus (self->drawing, cr, &style, (guint) self->focus);
}

/* The line of the program that recorded the box with the focus, −1 if there is none. */
static gint
find_line (ConvergeGraphView *self)
{
  ConvergeRun *run = converge_runs_get_selected (self->runs);

  if (self->drawing == NULL || self->focus < 0 || run == NULL
      || self->drawing->outline->boxes[self->focus].n_inside > 0)
    return -1;
  return converge_graph_lines_find (self->lines, converge_run_spec (run), self->drawing,
                                    (guint) self->focus);
}

/* Shows the line, and tells of it those who show the whole program. */
static void
show_line (ConvergeGraphView *self,
           gboolean is_wanted)
{
  const gint line = find_line (self);

  gtk_widget_set_visible (GTK_WIDGET (self->code), line >= 0);
  if (line < 0)
    return;
  gtk_button_set_label (self->code, converge_graph_lines_get_text (self->lines, (guint) line));
  g_signal_emit (self, signals[LINE], 0,
                 (guint) converge_graph_drawing_node (self->drawing, (guint) self->focus)->stop,
                 (guint) line, is_wanted);
}

static void
show_sentence (ConvergeGraphView *self)
{
  const int stop = converge_graph_player_get_stop (self->player);
  g_autofree char *text = NULL;

  if (self->drawing == NULL)
    text = g_strdup (_ ("Once a step is taken, this is what it computed."));
  else if (stop >= 0)
    text = g_strdup (ag_stop_sentence ((AgStop) stop));
  else if (self->focus >= 0)
    text = converge_graph_drawing_describe_in_line (self->drawing, (guint) self->focus);
  else
    text = g_strdup (self->drawing->heading);
  gtk_label_set_text (self->sentence, text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->area), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  text, -1);
}

static guint
wanted_stops (ConvergeGraphView *self,
              const AgGraphPicture *picture)
{
  return gtk_toggle_button_get_active (self->whole) ? (1u << AG_N_STOPS) - 1
                                                    : ag_graph_outline_default_stops (picture);
}

static void
set_focus (ConvergeGraphView *self,
           gint box)
{
  if (self->focus == box)
    return;
  self->focus = box;
  show_sentence (self);
  show_line (self, FALSE);
  gtk_widget_queue_draw (GTK_WIDGET (self->area));
}

static void
show_picture (ConvergeGraphView *self)
{
  const AgGraphPicture *picture = converge_follower_get_found (self->follower);
  ConvergeRun *run = converge_runs_get_selected (self->runs);
  const AgRunSpec *spec = run != NULL ? converge_run_spec (run) : NULL;
  double width = 0, height = 0;

  if (!gtk_widget_get_mapped (GTK_WIDGET (self)) || picture == NULL || spec == NULL)
    return;
  if (self->drawing != NULL && self->program != spec->program)
    self->opened = 0;
  self->program = spec->program;
  if (self->drawing == NULL)
    {
      self->drawing = converge_graph_drawing_new (picture, spec, wanted_stops (self, picture),
                                                  gtk_toggle_button_get_active (self->functions),
                                                  self->opened);
    }
  else
    {
      width = self->drawing->width;
      height = self->drawing->height;
      converge_graph_drawing_update (self->drawing, picture, spec);
      converge_graph_drawing_set_shown (self->drawing, wanted_stops (self, picture),
                                        gtk_toggle_button_get_active (self->functions),
                                        self->opened);
    }
  gtk_widget_set_visible (GTK_WIDGET (self->functions), picture->n_functions > 0);
  gtk_widget_set_visible (GTK_WIDGET (self->fold), self->opened != 0);
  self->drawing->place = converge_graph_player_get_place (self->player);
  converge_graph_lines_forget (self->lines);
  if (self->drawing->width != width || self->drawing->height != height)
    {
      set_focus (self, -1);
      converge_graph_zoom_show (&self->zoom, self->drawing);
    }
  show_sentence (self);
  gtk_widget_queue_draw (GTK_WIDGET (self->area));
}

static void
shown_changed (ConvergeGraphView *self)
{
  if (self->drawing != NULL)
    show_picture (self);
}

static void
show_nothing (ConvergeGraphView *self)
{
  g_clear_pointer (&self->drawing, converge_graph_drawing_free);
  converge_graph_lines_forget (self->lines);
  self->focus = -1;
  gtk_widget_set_visible (GTK_WIDGET (self->functions), FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->code), FALSE);
  converge_graph_player_show_all (self->player);
  gtk_widget_queue_draw (GTK_WIDGET (self->area));
}

/**
 * converge_graph_view_update:
 * @self: the view
 *
 * Takes a picture of the step that is looked at, if it can be seen and is not that which is
 * shown.
 */
void
converge_graph_view_update (ConvergeGraphView *self)
{
  if (gtk_widget_get_mapped (GTK_WIDGET (self))
      && !converge_follower_follow (self->follower, self->runs))
    show_nothing (self);
}

/**
 * converge_graph_view_set_point:
 * @self: the view
 * @point: number of the data point at which vectors are looked at, −1 for none
 *
 * Shows what the step computes at that point.
 */
void
converge_graph_view_set_point (ConvergeGraphView *self,
                               gint64 point)
{
  converge_follower_set_detail (self->follower, point);
  converge_graph_view_update (self);
}

static gint
find_box (ConvergeGraphView *self,
          double x,
          double y)
{
  const double zoom = converge_graph_zoom_find (&self->zoom, self->drawing);

  return self->drawing != NULL ? converge_graph_drawing_find (self->drawing, x / zoom, y / zoom) : -1;
}

static gboolean
query_tooltip (ConvergeGraphView *self,
               int x,
               int y,
               gboolean is_by_key,
               GtkTooltip *tooltip)
{
  const gint box = is_by_key ? self->focus : find_box (self, x, y);
  g_autofree char *text = NULL;

  if (box < 0 || self->drawing == NULL)
    return FALSE;
  text = converge_graph_drawing_describe (self->drawing, (guint) box);
  gtk_tooltip_set_text (tooltip, text);
  return TRUE;
}

/* Opens a part of the step that is a box as a whole, or the program at the line of another box. */
static void
open_focus (ConvergeGraphView *self)
{
  const AgGraphBox *box;

  if (self->focus < 0)
    return;
  box = &self->drawing->outline->boxes[self->focus];
  if (box->n_inside == 0)
    {
      show_line (self, TRUE);
      return;
    }
  self->opened |= AG_STOP_BIT (self->drawing->picture->nodes[box->node].stop);
  show_picture (self);
}

static void
pressed (ConvergeGraphView *self,
         int n_presses,
         double x,
         double y)
{
  gtk_widget_grab_focus (GTK_WIDGET (self->area));
  set_focus (self, find_box (self, x, y));
  if (n_presses == 2)
    open_focus (self);
}

static void
fold_clicked (ConvergeGraphView *self)
{
  self->opened = 0;
  show_picture (self);
}

static void
code_clicked (ConvergeGraphView *self)
{
  show_line (self, TRUE);
}

static void
player_moved (ConvergeGraphView *self)
{
  const gboolean is_playing = converge_graph_player_is_playing (self->player);

  if (self->drawing != NULL)
    self->drawing->place = converge_graph_player_get_place (self->player);
  gtk_button_set_icon_name (self->play, is_playing ? "media-playback-pause-symbolic"
                                                   : "media-playback-start-symbolic");
  show_sentence (self);
  gtk_widget_queue_draw (GTK_WIDGET (self->area));
}

static void
play (GtkWidget *widget,
      const char *name,
      GVariant *parameter)
{
  ConvergeGraphView *self = CONVERGE_GRAPH_VIEW (widget);

  if (converge_graph_player_is_playing (self->player))
    converge_graph_player_pause (self->player);
  else if (self->drawing != NULL)
    converge_graph_player_play (self->player);
}

static void
walk (GtkWidget *widget,
      const char *name,
      GVariant *by)
{
  ConvergeGraphView *self = CONVERGE_GRAPH_VIEW (widget);

  if (self->drawing != NULL)
    converge_graph_player_walk (self->player, g_variant_get_int32 (by));
}

static void
zoom (GtkWidget *widget,
      const char *name,
      GVariant *direction)
{
  ConvergeGraphView *self = CONVERGE_GRAPH_VIEW (widget);

  converge_graph_zoom_change (&self->zoom, self->drawing, g_variant_get_int32 (direction));
}

/* Enter goes to the line of the box, space plays, and Escape shows the whole step again. */
static gboolean
other_key_pressed (ConvergeGraphView *self,
                   guint key)
{
  if (key == GDK_KEY_space || key == GDK_KEY_KP_Space)
    gtk_widget_activate_action (GTK_WIDGET (self), "graph.play", NULL);
  else if ((key == GDK_KEY_Return || key == GDK_KEY_KP_Enter) && self->focus >= 0)
    open_focus (self);
  else if (key == GDK_KEY_Escape && converge_graph_player_get_stop (self->player) >= 0)
    converge_graph_player_show_all (self->player);
  else
    return FALSE;
  return TRUE;
}

/* Arrows go from box to box, signs change the size. */
static gboolean
key_pressed (ConvergeGraphView *self,
             guint key,
             guint code,
             GdkModifierType state)
{
  static const struct
  {
    guint key;
    int right;
    int down;
  } arrows[] = {
    { GDK_KEY_Left, -1, 0 },
    { GDK_KEY_Right, 1, 0 },
    { GDK_KEY_Up, 0, -1 },
    { GDK_KEY_Down, 0, 1 },
  };
  const gboolean is_larger = key == GDK_KEY_plus || key == GDK_KEY_KP_Add;
  const gboolean is_smaller = key == GDK_KEY_minus || key == GDK_KEY_KP_Subtract;

  if ((state & (GDK_CONTROL_MASK | GDK_ALT_MASK)) != 0 || self->drawing == NULL)
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (arrows); i++)
    if (key == arrows[i].key)
      {
        set_focus (self, converge_graph_drawing_next (self->drawing, self->focus, arrows[i].right,
                                                      arrows[i].down));
        converge_graph_zoom_scroll_to (&self->zoom, self->drawing, self->focus);
        return TRUE;
      }
  if (!is_larger && !is_smaller && key != GDK_KEY_0 && key != GDK_KEY_KP_0)
    return other_key_pressed (self, key);
  gtk_widget_activate_action (GTK_WIDGET (self), "graph.zoom", "i",
                              is_larger ? 1 : is_smaller ? -1
                                                         : 0);
  return TRUE;
}

static gboolean
scrolled (ConvergeGraphView *self,
          double dx,
          double dy,
          GtkEventControllerScroll *controller)
{
  const GdkModifierType state
    = gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (controller));

  if ((state & GDK_CONTROL_MASK) == 0 || dy == 0)
    return FALSE;
  gtk_widget_activate_action (GTK_WIDGET (self), "graph.zoom", "i", dy < 0 ? 1 : -1);
  return TRUE;
}

static void
converge_graph_view_map (GtkWidget *widget)
{
  ConvergeGraphView *self = CONVERGE_GRAPH_VIEW (widget);

  GTK_WIDGET_CLASS (converge_graph_view_parent_class)->map (widget);
  if (self->runs == NULL)
    return;
  converge_graph_view_update (self);
  show_picture (self);
}

/* Nobody sees what would be played. */
static void
converge_graph_view_unmap (GtkWidget *widget)
{
  converge_graph_player_pause (CONVERGE_GRAPH_VIEW (widget)->player);
  GTK_WIDGET_CLASS (converge_graph_view_parent_class)->unmap (widget);
}

static void
converge_graph_view_dispose (GObject *object)
{
  ConvergeGraphView *self = CONVERGE_GRAPH_VIEW (object);
  GtkWidget *child;

  g_clear_object (&self->player);
  g_clear_pointer (&self->lines, converge_graph_lines_free);
  g_clear_pointer (&self->drawing, converge_graph_drawing_free);
  g_clear_object (&self->follower);
  g_clear_object (&self->runs);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  G_OBJECT_CLASS (converge_graph_view_parent_class)->dispose (object);
}

static void
converge_graph_view_class_init (ConvergeGraphViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = converge_graph_view_dispose;
  widget_class->map = converge_graph_view_map;
  widget_class->unmap = converge_graph_view_unmap;

  /**
   * ConvergeGraphView::line:
   * @self: the view
   * @stop: a part of the step, an #AgStop
   * @line: number of a line of what the step is compiled from, from 0
   * @is_wanted: whether somebody wants to see the program there
   *
   * The box with the focus was recorded by that line.
   */
  signals[LINE] = g_signal_new ("line", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                NULL, G_TYPE_NONE, 3, G_TYPE_UINT, G_TYPE_UINT, G_TYPE_BOOLEAN);

  gtk_widget_class_set_css_name (widget_class, "graphview");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/converge/Converge/converge-graph-view.ui");
  gtk_widget_class_bind_template_child (widget_class, ConvergeGraphView, scroller);
  gtk_widget_class_bind_template_child (widget_class, ConvergeGraphView, area);
  gtk_widget_class_bind_template_child (widget_class, ConvergeGraphView, sentence);
  gtk_widget_class_bind_template_child (widget_class, ConvergeGraphView, code);
  gtk_widget_class_bind_template_child (widget_class, ConvergeGraphView, play);
  gtk_widget_class_bind_template_child (widget_class, ConvergeGraphView, functions);
  gtk_widget_class_bind_template_child (widget_class, ConvergeGraphView, whole);
  gtk_widget_class_bind_template_child (widget_class, ConvergeGraphView, fold);
  gtk_widget_class_bind_template_callback (widget_class, query_tooltip);
  gtk_widget_class_bind_template_callback (widget_class, shown_changed);
  gtk_widget_class_bind_template_callback (widget_class, code_clicked);
  gtk_widget_class_bind_template_callback (widget_class, fold_clicked);
  gtk_widget_class_install_action (widget_class, "graph.zoom", "i", zoom);
  gtk_widget_class_install_action (widget_class, "graph.play", NULL, play);
  gtk_widget_class_install_action (widget_class, "graph.walk", "i", walk);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_F3, 0, "graph.walk", "i", 1);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_F3, GDK_SHIFT_MASK, "graph.walk", "i", -1);
}

static void
converge_graph_view_init (ConvergeGraphView *self)
{
  GtkGesture *click = gtk_gesture_click_new ();
  GtkEventController *keys = gtk_event_controller_key_new ();
  GtkEventController *scroll
    = gtk_event_controller_scroll_new (GTK_EVENT_CONTROLLER_SCROLL_VERTICAL
                                       | GTK_EVENT_CONTROLLER_SCROLL_DISCRETE);

  gtk_widget_init_template (GTK_WIDGET (self));
  self->focus = -1;
  self->zoom = (ConvergeGraphZoom){ self->scroller, self->area, CONVERGE_GRAPH_ZOOM_LEGIBLE };
  self->lines = converge_graph_lines_new ();
  self->player = converge_graph_player_new (GTK_WIDGET (self));
  g_signal_connect_object (self->player, "moved", G_CALLBACK (player_moved), self, G_CONNECT_SWAPPED);
  gtk_drawing_area_set_draw_func (self->area, draw, self, NULL);
  g_signal_connect_swapped (click, "pressed", G_CALLBACK (pressed), self);
  gtk_widget_add_controller (GTK_WIDGET (self->area), GTK_EVENT_CONTROLLER (click));
  gtk_event_controller_set_propagation_phase (scroll, GTK_PHASE_CAPTURE);
  g_signal_connect_swapped (scroll, "scroll", G_CALLBACK (scrolled), self);
  gtk_widget_add_controller (GTK_WIDGET (self), scroll);
  g_signal_connect_swapped (keys, "key-pressed", G_CALLBACK (key_pressed), self);
  gtk_widget_add_controller (GTK_WIDGET (self->area), keys);
  show_nothing (self);
}

/**
 * converge_graph_view_new:
 *
 * Returns: (transfer floating): a view of what a step computes
 */
GtkWidget *
converge_graph_view_new (void)
{
  return g_object_new (CONVERGE_TYPE_GRAPH_VIEW, NULL);
}

/**
 * converge_graph_view_set_up:
 * @self: the view, not set up so far
 * @runs: of which a step of the selected one is shown
 */
void
converge_graph_view_set_up (ConvergeGraphView *self,
                            ConvergeRuns *runs)
{
  g_return_if_fail (self->runs == NULL);

  self->runs = g_object_ref (runs);
  self->follower = converge_follower_new (&picture_kind);
  g_signal_connect_object (self->follower, "found", G_CALLBACK (show_picture), self,
                           G_CONNECT_SWAPPED);
}
