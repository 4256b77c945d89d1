/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "converge-time-scale.h"

#include <math.h>

/* The slider of the time line, with what is worth a look marked above its trough. Each kind of
 * mark has a shape of its own, so that nobody depends on the colours. */

/* In pixels: half the width of a mark, how far above the trough it ends, and how far from one
 * the pointer may be. */
#define RADIUS 3.5
#define DISTANCE 5
#define NEAR 6
#define ROOM 12

/* Lines of the log are told apart at that distance. */
#define LEAST_SPACING 4

struct _ConvergeTimeScale
{
  GtkScale parent_instance;

  AgMarks *marks;
};

G_DEFINE_FINAL_TYPE (ConvergeTimeScale, converge_time_scale, GTK_TYPE_SCALE)

/* Returns where the middle of the slider is at a step. */
static double
place_of (ConvergeTimeScale *self,
          gint64 step)
{
  GtkRange *range = GTK_RANGE (self);
  GtkAdjustment *adjustment = gtk_range_get_adjustment (range);
  const double lower = gtk_adjustment_get_lower (adjustment);
  const double length = gtk_adjustment_get_upper (adjustment) - lower;
  GdkRectangle trough;

  gtk_range_get_range_rect (range, &trough);
  return trough.x + ((double) step - lower) / fmax (length, 1) * trough.width;
}

static double
height_of_trough (ConvergeTimeScale *self)
{
  GdkRectangle trough;

  gtk_range_get_range_rect (GTK_RANGE (self), &trough);
  return trough.y + trough.height / 2.0;
}

static const char *
color_of (AgMarkKind kind)
{
  switch (kind)
    {
    case AG_MARK_RATE:
      return "accent_color";
    case AG_MARK_RISE:
      return "warning_color";
    case AG_MARK_NEAR:
      return "success_color";
    case AG_MARK_DIVERGED:
      return "error_color";
    case AG_MARK_LINE:
    default:
      return "window_fg_color";
    }
}

static void
set_color (ConvergeTimeScale *self,
           cairo_t *cr,
           AgMarkKind kind)
{
  GtkStyleContext *context = gtk_widget_get_style_context (GTK_WIDGET (self));
  GdkRGBA color;

  if (!gtk_style_context_lookup_color (context, color_of (kind), &color))
    gtk_style_context_get_color (context, &color);
  if (kind == AG_MARK_LINE)
    color.alpha *= 0.35f;
  gdk_cairo_set_source_rgba (cr, &color);
}

/* A diamond where the rate was changed, an arrow up where the loss rose, a disk where it is
 * near its least, and a cross where it was lost. */
static void
draw_mark (cairo_t *cr,
           AgMarkKind kind,
           double x,
           double y)
{
  switch (kind)
    {
    case AG_MARK_RATE:
      cairo_move_to (cr, x, y - RADIUS);
      cairo_line_to (cr, x + RADIUS, y);
      cairo_line_to (cr, x, y + RADIUS);
      cairo_line_to (cr, x - RADIUS, y);
      cairo_fill (cr);
      break;
    case AG_MARK_RISE:
      cairo_move_to (cr, x, y - RADIUS);
      cairo_line_to (cr, x + RADIUS, y + RADIUS);
      cairo_line_to (cr, x - RADIUS, y + RADIUS);
      cairo_fill (cr);
      break;
    case AG_MARK_NEAR:
      cairo_arc (cr, x, y, RADIUS, 0, 2 * G_PI);
      cairo_fill (cr);
      break;
    case AG_MARK_DIVERGED:
      cairo_move_to (cr, x - RADIUS, y - RADIUS);
      cairo_line_to (cr, x + RADIUS, y + RADIUS);
      cairo_move_to (cr, x + RADIUS, y - RADIUS);
      cairo_line_to (cr, x - RADIUS, y + RADIUS);
      cairo_set_line_width (cr, 2);
      cairo_stroke (cr);
      break;
    case AG_MARK_LINE:
    default:
      cairo_rectangle (cr, round (x), y, 1, RADIUS);
      cairo_fill (cr);
    }
}

static void
draw_lines (ConvergeTimeScale *self,
            cairo_t *cr,
            double y)
{
  const gint64 spacing = ag_marks_line_spacing (self->marks);
  const double end = gtk_range_get_fill_level (GTK_RANGE (self));

  if (place_of (self, spacing) - place_of (self, 0) < LEAST_SPACING)
    return;
  set_color (self, cr, AG_MARK_LINE);
  for (gint64 step = spacing - 1; (double) step < end; step += spacing)
    draw_mark (cr, AG_MARK_LINE, place_of (self, step), y);
}

/* From back to front: those that there are few of are seen in any case. */
static void
draw_marks (ConvergeTimeScale *self,
            cairo_t *cr)
{
  static const AgMarkKind kinds[] = { AG_MARK_RISE, AG_MARK_RATE, AG_MARK_NEAR, AG_MARK_DIVERGED };
  const double y = height_of_trough (self) - DISTANCE - RADIUS;

  draw_lines (self, cr, y);
  for (guint k = 0; k < G_N_ELEMENTS (kinds); k++)
    for (guint i = 0; i < ag_marks_n (self->marks); i++)
      {
        const AgMark mark = ag_marks_nth (self->marks, i);

        if (mark.kind != kinds[k])
          continue;
        set_color (self, cr, mark.kind);
        draw_mark (cr, mark.kind, place_of (self, mark.step), y);
      }
}

static void
converge_time_scale_snapshot (GtkWidget *widget,
                              GtkSnapshot *snapshot)
{
  ConvergeTimeScale *self = CONVERGE_TIME_SCALE (widget);
  const int width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget);
  cairo_t *cr;

  GTK_WIDGET_CLASS (converge_time_scale_parent_class)->snapshot (widget, snapshot);
  if (self->marks == NULL || width <= 0 || height <= 0)
    return;
  /* The marks are in the room that the style leaves above what GTK draws. */
  cr = gtk_snapshot_append_cairo (snapshot,
                                  &GRAPHENE_RECT_INIT (0, -ROOM, (float) width,
                                                       (float) height + ROOM));
  draw_marks (self, cr);
  cairo_destroy (cr);
}

static void
converge_time_scale_class_init (ConvergeTimeScaleClass *klass)
{
  GTK_WIDGET_CLASS (klass)->snapshot = converge_time_scale_snapshot;
}

static void
converge_time_scale_init (ConvergeTimeScale *self)
{
}

/**
 * converge_time_scale_set_marks:
 * @self: the slider
 * @marks: (nullable): what it marks; must live until others are set
 */
void
converge_time_scale_set_marks (ConvergeTimeScale *self,
                               AgMarks *marks)
{
  self->marks = marks;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/**
 * converge_time_scale_find_mark:
 * @self: the slider
 * @x: a place, in pixels from its left
 * @mark: (out): the mark that is nearest there
 *
 * Returns: whether there is one, the lines of the log aside
 */
gboolean
converge_time_scale_find_mark (ConvergeTimeScale *self,
                               double x,
                               AgMark *mark)
{
  double least = NEAR;

  for (guint i = 0; self->marks != NULL && i < ag_marks_n (self->marks); i++)
    {
      const AgMark other = ag_marks_nth (self->marks, i);
      const double distance = fabs (place_of (self, other.step) - x);

      if (distance >= least)
        continue;
      least = distance;
      *mark = other;
    }
  return least < NEAR;
}
