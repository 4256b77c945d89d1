/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot/graph-draw.h"

#include "plot/plot-axis.h"
#include "plot/plot-pen.h"
#include "plot/plot-text.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#define CORNER 8
#define PADDING 8

/* Around the boxes of a fused loop or of a custom Function. */
#define HALO 9
#define HALO_LINE 16

#define CURVE_WIDTH 38
#define CURVE_HEIGHT 16
#define DOT 2.8

#define SMALL 0.8

/* Elements that are so much less than the greatest one of a value are drawn as none. */
#define ROUNDING 1e-6

/* How strong a line is, and how strong what this step has not. */
#define LINE 0.5
#define FAINT 0.35

/* Which colour of the palette each part of a step has. */
static const guint stop_colors[AG_N_STOPS] = {
  [AG_STOP_PREDICT] = 0,
  [AG_STOP_LOSS] = 1,
  [AG_STOP_GRADIENT] = 2,
  [AG_STOP_OPTIMIZER] = 3,
  [AG_STOP_UPDATE] = 5,
};

/**
 * Brush:
 * @cr: where it is drawn
 * @style: what it looks like
 * @drawing: what is drawn
 * @picture: its numbers
 * @outline: its boxes
 */
typedef struct
{
  cairo_t *cr;
  const ConvergePlotStyle *style;
  const ConvergeGraphDrawing *drawing;
  const AgGraphPicture *picture;
  const AgGraphOutline *outline;
} Brush;

static const AgGraphNode *
node_of (const Brush *brush,
         guint box)
{
  return &brush->picture->nodes[brush->outline->boxes[box].node];
}

static ConvergeColor
color_of (const Brush *brush,
          AgStop stop)
{
  return brush->style->series[stop_colors[stop]];
}

static void
add_box_path (const Brush *brush,
              guint box,
              double grow)
{
  const double corner = CORNER + grow;
  const double width = CONVERGE_GRAPH_BOX_WIDTH + 2 * grow;
  const double height = CONVERGE_GRAPH_BOX_HEIGHT + 2 * grow;
  double x, y;

  converge_graph_drawing_place (brush->drawing, brush->drawing->layout->boxes[box], &x, &y);
  x -= width / 2;
  y -= height / 2;
  cairo_new_sub_path (brush->cr);
  cairo_arc (brush->cr, x + width - corner, y + corner, corner, -(G_PI / 2), 0);
  cairo_arc (brush->cr, x + width - corner, y + height - corner, corner, 0, (G_PI / 2));
  cairo_arc (brush->cr, x + corner, y + height - corner, corner, (G_PI / 2), G_PI);
  cairo_arc (brush->cr, x + corner, y + corner, corner, G_PI, 3 * G_PI / 2);
  cairo_close_path (brush->cr);
}

/* From the right side of a box to the left side of another, level where it passes a column. */
static void
add_route_path (const Brush *brush,
                const AgGraphRoute *route)
{
  const double half = CONVERGE_GRAPH_BOX_WIDTH / 2.0;
  double x, y;

  converge_graph_drawing_place (brush->drawing, route->points[0], &x, &y);
  cairo_move_to (brush->cr, x + half, y);
  x += half;
  for (guint i = 1; i < route->n_points; i++)
    {
      double next_x, next_y, middle;

      converge_graph_drawing_place (brush->drawing, route->points[i], &next_x, &next_y);
      middle = (x + next_x - half) / 2;
      cairo_curve_to (brush->cr, middle, y, middle, next_y, next_x - half, next_y);
      if (i + 1 < route->n_points)
        cairo_line_to (brush->cr, next_x + half, next_y);
      x = next_x + half;
      y = next_y;
    }
}

static gboolean
is_in (const Brush *brush,
       guint box,
       gint loop,
       gint function)
{
  const AgGraphNode *node = node_of (brush, box);

  return (loop < 0 || node->loop == loop)
         && (function < 0 || (node->function == function && node->stop <= AG_STOP_LOSS));
}

/* Draws one shape around all boxes of a fused loop or a custom Function, and what joins them. */
static void
draw_halo (const Brush *brush,
           gint loop,
           gint function,
           ConvergeColor color,
           double opacity)
{
  guint n = 0;

  cairo_push_group (brush->cr);
  converge_plot_set_color (brush->cr, color, 1);
  cairo_set_line_width (brush->cr, HALO_LINE);
  for (guint i = 0; i < brush->outline->n_links; i++)
    if (is_in (brush, brush->outline->links[i].from, loop, function)
        && is_in (brush, brush->outline->links[i].to, loop, function))
      {
        add_route_path (brush, &brush->drawing->layout->routes[i]);
        cairo_stroke (brush->cr);
      }
  for (guint i = 0; i < brush->outline->n_boxes; i++)
    if (is_in (brush, i, loop, function))
      {
        add_box_path (brush, i, HALO);
        cairo_fill (brush->cr);
        n++;
      }
  cairo_pop_group_to_source (brush->cr);
  if (n > 1)
    cairo_paint_with_alpha (brush->cr, opacity);
}

static void
draw_halos (const Brush *brush)
{
  for (guint i = 0; i < brush->picture->n_loops; i++)
    draw_halo (brush, (gint) i, -1, brush->style->axis, 0.13);
  for (guint i = 0; brush->drawing->is_open && i < brush->picture->n_functions; i++)
    draw_halo (brush, -1, (gint) i, brush->style->series[3], 0.3);
}

static double
magnitude (const AgGraphValue *value)
{
  return value->n_elements == 0 ? 0 : fmax (fabs (value->minimum), fabs (value->maximum));
}

/* A line is the wider, the more of the gradient comes back along it. */
static double
width_of (const AgGraphNode *from)
{
  const double size = magnitude (&from->gradient);

  return isfinite (size) && size > 0 ? 1 + CLAMP (0.5 * log10 (1 + size), 0, 4) : 1;
}

static gboolean
is_nearly_zero (const Brush *brush,
                const AgGraphValue *value)
{
  return !converge_graph_drawing_has_point (brush->drawing, value)
         && fabs (value->mean) < ROUNDING * magnitude (value);
}

/* The mean of what is as often positive as negative is what rounding leaves of 0. Where a data
 * point is looked at, the value there is shown instead. */
static void
show_number (const Brush *brush,
             const AgGraphValue *value,
             gboolean has_sign)
{
  char text[32];

  if (converge_graph_drawing_has_point (brush->drawing, value))
    {
      converge_axis_format (value->probe, 3, text, sizeof text);
      converge_plot_show_text (brush->cr, text);
      return;
    }
  converge_axis_format (value->mean, 3, text, sizeof text);
  if (is_nearly_zero (brush, value))
    converge_plot_show_text (brush->cr, has_sign ? "0" : "≈ 0");
  else
    converge_plot_show_text (brush->cr, text);
}

/* The derivative stands where the line ends, unless it is 1 or differs from point to point. */
static void
draw_derivative (const Brush *brush,
                 const AgGraphLink *link,
                 const AgGraphRoute *route)
{
  const AgGraphEdge *edge = link->edge >= 0 ? &brush->picture->edges[link->edge] : NULL;
  char text[32];
  double x, y, width;

  if (edge == NULL || edge->derivative.n_elements == 0 || edge->derivative.minimum != edge->derivative.maximum
      || edge->derivative.mean == 1)
    return;
  converge_axis_format (edge->derivative.mean, 3, text, sizeof text);
  converge_graph_drawing_place (brush->drawing, route->points[route->n_points - 1], &x, &y);
  converge_plot_set_font (brush->cr, brush->style, SMALL);
  width = converge_plot_text_width (brush->cr, text);
  x -= CONVERGE_GRAPH_BOX_WIDTH / 2.0 + width + 6;
  y += route->points[route->n_points - 2].row > route->points[route->n_points - 1].row ? 13 : -4;
  converge_plot_set_color (brush->cr, brush->style->text, 0.75);
  cairo_move_to (brush->cr, x, y);
  converge_plot_show_text (brush->cr, text);
}

/* Whether what a line brings has been computed by now, in a step that has it. */
static gboolean
has_come (const Brush *brush,
          const AgGraphLink *link)
{
  return (link->edge < 0 || brush->picture->edges[link->edge].is_taken)
         && converge_graph_drawing_has_value (brush->drawing, link->to);
}

/* While the gradient is played, the lines on which it has come back have its colour. */
static gboolean
has_come_back (const Brush *brush,
               const AgGraphLink *link)
{
  return ceil (brush->drawing->place) == AG_STOP_GRADIENT + 1 && has_come (brush, link)
         && node_of (brush, link->from)->gradient.n_elements > 0
         && converge_graph_drawing_has_gradient (brush->drawing, link->from);
}

static void
draw_lines_back (const Brush *brush)
{
  converge_plot_set_color (brush->cr, color_of (brush, AG_STOP_GRADIENT), 1);
  for (guint i = 0; i < brush->outline->n_links; i++)
    {
      const AgGraphLink *link = &brush->outline->links[i];

      if (!has_come_back (brush, link))
        continue;
      add_route_path (brush, &brush->drawing->layout->routes[i]);
      cairo_set_line_width (brush->cr,
                            width_of (node_of (brush, link->from)) * brush->style->line_scale);
      cairo_stroke (brush->cr);
    }
}

/* Lines that run together are no darker for that. */
static void
draw_lines (const Brush *brush,
            gboolean is_taken)
{
  cairo_push_group (brush->cr);
  converge_plot_set_color (brush->cr, brush->style->text, 1);
  for (guint i = 0; i < brush->outline->n_links; i++)
    {
      const AgGraphLink *link = &brush->outline->links[i];

      if (has_come (brush, link) != is_taken)
        continue;
      add_route_path (brush, &brush->drawing->layout->routes[i]);
      cairo_set_line_width (brush->cr,
                            width_of (node_of (brush, link->from)) * brush->style->line_scale);
      cairo_stroke (brush->cr);
    }
  cairo_pop_group_to_source (brush->cr);
  cairo_paint_with_alpha (brush->cr, is_taken ? LINE : FAINT * LINE);
}

static void
draw_links (const Brush *brush)
{
  draw_lines (brush, FALSE);
  draw_lines (brush, TRUE);
  draw_lines_back (brush);
  for (guint i = 0; i < brush->outline->n_links; i++)
    if (has_come (brush, &brush->outline->links[i]))
      draw_derivative (brush, &brush->outline->links[i], &brush->drawing->layout->routes[i]);
}

/* The value over the points, as high as its range. */
static void
draw_curve (const Brush *brush,
            const AgGraphValue *value,
            double x,
            double y,
            ConvergeColor color)
{
  const double range = value->maximum - value->minimum;

  if (value->n_samples < 2 || !isfinite (range) || range <= 0)
    return;
  cairo_new_path (brush->cr);
  for (guint i = 0; i < value->n_samples; i++)
    cairo_line_to (brush->cr, x + CURVE_WIDTH * i / (value->n_samples - 1.0),
                   y + CURVE_HEIGHT * (1 - (value->samples[i] - value->minimum) / range));
  converge_plot_set_color (brush->cr, color, 1);
  cairo_set_line_width (brush->cr, 1.2);
  cairo_stroke (brush->cr);
  if (!converge_graph_drawing_has_point (brush->drawing, value))
    return;
  cairo_arc (brush->cr,
             x + CURVE_WIDTH * (double) brush->picture->probe / ((double) value->n_elements - 1),
             y + CURVE_HEIGHT * (1 - (value->probe - value->minimum) / range), DOT, 0, 2 * G_PI);
  cairo_fill (brush->cr);
}

static void
draw_value (const Brush *brush,
            const char *sign,
            const AgGraphValue *value,
            double x,
            double y,
            ConvergeColor color)
{
  if (value->n_elements == 0)
    return;
  converge_plot_set_font (brush->cr, brush->style, 0.9);
  converge_plot_set_color (brush->cr, color, 1);
  cairo_move_to (brush->cr, x, y);
  converge_plot_show_text (brush->cr, is_nearly_zero (brush, value) && sign[0] == '=' ? "≈" : sign);
  cairo_move_to (brush->cr, x + 16, y);
  show_number (brush, value, sign[0] == '=');
  draw_curve (brush, value, x + CONVERGE_GRAPH_BOX_WIDTH - 2 * PADDING - CURVE_WIDTH,
              y - CURVE_HEIGHT + 3, color);
}

/* Draws as much of a label as there is room for. */
static void
draw_label (const Brush *brush,
            const AgGraphBox *box,
            double x,
            double y)
{
  const double room = CONVERGE_GRAPH_BOX_WIDTH - 2 * PADDING;
  g_autofree char *whole = box->n_inside > 0 ? g_strdup_printf ("%s · %u", box->label, box->n_inside) : NULL;
  const char *label = whole != NULL ? whole : box->label;
  double width;

  converge_plot_set_title_font (brush->cr, brush->style);
  cairo_move_to (brush->cr, x, y);
  width = converge_plot_text_width (brush->cr, label);
  if (width > room)
    cairo_set_font_size (brush->cr, brush->style->font_size * room / width);
  converge_plot_show_text (brush->cr, label);
  if (box->operation == NULL || whole != NULL)
    return;
  converge_plot_set_font (brush->cr, brush->style, 0.9);
  if (width + 6 + converge_plot_text_width (brush->cr, box->operation) > room)
    return;
  cairo_move_to (brush->cr, x + width + 6, y);
  converge_plot_show_text (brush->cr, box->operation);
}

/* A box that stands for many looks like several, one behind the other. */
static void
draw_stack (const Brush *brush,
            guint index,
            ConvergeColor color)
{
  for (int i = 2; i > 0; i--)
    {
      cairo_save (brush->cr);
      cairo_translate (brush->cr, 4 * i, 4 * i);
      add_box_path (brush, index, 0);
      cairo_restore (brush->cr);
      converge_plot_set_color (brush->cr, brush->style->background, 1);
      cairo_fill_preserve (brush->cr);
      converge_plot_set_color (brush->cr, color, 0.6);
      cairo_set_line_width (brush->cr, 1);
      cairo_stroke (brush->cr);
    }
}

static void
draw_box (const Brush *brush,
          guint index)
{
  const AgGraphBox *box = &brush->outline->boxes[index];
  const AgGraphNode *node = node_of (brush, index);
  const ConvergeColor color = color_of (brush, node->stop);
  const gboolean has_value = converge_graph_drawing_has_value (brush->drawing, index);
  const double opacity = node->is_taken && has_value ? 1 : FAINT;
  double x, y;

  if (box->n_inside > 0)
    draw_stack (brush, index, color);
  add_box_path (brush, index, 0);
  converge_plot_set_color (brush->cr, brush->style->background, 1);
  cairo_fill_preserve (brush->cr);
  if (node->op == AG_OP_input)
    {
      converge_plot_set_color (brush->cr, color, 0.12);
      cairo_fill_preserve (brush->cr);
    }
  converge_plot_set_color (brush->cr, color, opacity);
  cairo_set_line_width (brush->cr, (node->op == AG_OP_input ? 1 : 1.6) * brush->style->line_scale);
  cairo_stroke (brush->cr);

  converge_graph_drawing_place (brush->drawing, brush->drawing->layout->boxes[index], &x, &y);
  x += PADDING - CONVERGE_GRAPH_BOX_WIDTH / 2.0;
  y -= CONVERGE_GRAPH_BOX_HEIGHT / 2.0;
  converge_plot_set_color (brush->cr, brush->style->text, opacity);
  draw_label (brush, box, x, y + 16);
  /* Only of predict and loss the last operation is what they come to. */
  if (box->n_inside > 0 && node->stop > AG_STOP_LOSS)
    return;
  if (converge_graph_drawing_new_value (brush->drawing, index) != NULL)
    draw_value (brush, "→", converge_graph_drawing_new_value (brush->drawing, index), x, y + 33,
                color_of (brush, AG_STOP_UPDATE));
  else if (has_value)
    draw_value (brush, "=", &node->value, x, y + 33, brush->style->text);
  if (converge_graph_drawing_has_gradient (brush->drawing, index))
    draw_value (brush, "∂", &node->gradient, x, y + 50, color_of (brush, AG_STOP_GRADIENT));
}

static double
draw_key (const Brush *brush,
          double x,
          double y,
          ConvergeColor color,
          double opacity,
          const char *text)
{
  const double size = opacity > 0 ? brush->style->font_size * 0.8 : -5;

  cairo_rectangle (brush->cr, x, y - size, MAX (size, 0), MAX (size, 0));
  converge_plot_set_color (brush->cr, color, opacity);
  cairo_fill (brush->cr);
  converge_plot_set_color (brush->cr, brush->style->text, 0.85);
  converge_plot_set_font (brush->cr, brush->style, 0.9);
  cairo_move_to (brush->cr, x + size + 5, y);
  converge_plot_show_text (brush->cr, text);
  return x + size + 5 + converge_plot_text_width (brush->cr, text) + 16;
}

/* Names the numbers in a box. */
static const char *
describe_values (const Brush *brush,
                 char *buffer,
                 gsize size)
{
  const AgGraphPicture *picture = brush->picture;

  for (guint i = 0; i < picture->n_nodes; i++)
    if (g_strcmp0 (picture->nodes[i].name, "x") == 0
        && converge_graph_drawing_has_point (brush->drawing, &picture->nodes[i].value))
      {
        char x[32];

        converge_axis_format (picture->nodes[i].value.probe, 4, x, sizeof x);
        g_snprintf (buffer, size, _ ("= value where x = %s, ∂ derivative of the loss"), x);
        return buffer;
      }
  return _ ("= value (mean), ∂ derivative of the loss");
}

static void
draw_legend (const Brush *brush)
{
  const double y = 42;
  double x = CONVERGE_GRAPH_MARGIN;
  char meaning[128];

  converge_plot_set_color (brush->cr, brush->style->text, 1);
  converge_plot_set_title_font (brush->cr, brush->style);
  cairo_move_to (brush->cr, x, 22);
  converge_plot_show_text (brush->cr, brush->drawing->heading);
  for (guint i = 0; i < AG_N_STOPS; i++)
    if ((brush->drawing->stops & AG_STOP_BIT (i)) != 0)
      x = draw_key (brush, x, y, color_of (brush, (AgStop) i), 1, ag_stop_title ((AgStop) i));
  x = draw_key (brush, x, y, brush->style->text, 0, describe_values (brush, meaning, sizeof meaning));
  draw_key (brush, x, y, brush->style->axis, 0.3, _ ("one pass over the data"));
}

static Brush
make_brush (const ConvergeGraphDrawing *drawing,
            cairo_t *cr,
            const ConvergePlotStyle *style)
{
  return (Brush){ cr, style, drawing, drawing->picture, drawing->outline };
}

/**
 * converge_graph_draw:
 * @drawing: a #ConvergeGraphDrawing
 * @cr: where
 * @width: how wide the surface is
 * @height: how high
 * @style: what it looks like
 *
 * Draws a graph: each operation with its value and the derivative of the loss by it, and
 * lines from what is used to what uses it. What is computed in one pass over the data has a
 * common shadow.
 */
void
converge_graph_draw (gconstpointer drawing,
                     cairo_t *cr,
                     double width,
                     double height,
                     const ConvergePlotStyle *style)
{
  const Brush brush = make_brush (drawing, cr, style);

  converge_plot_set_color (cr, style->background, 1);
  cairo_rectangle (cr, 0, 0, width, height);
  cairo_fill (cr);
  draw_halos (&brush);
  draw_links (&brush);
  for (guint i = 0; i < brush.outline->n_boxes; i++)
    draw_box (&brush, i);
  draw_legend (&brush);
}

/**
 * converge_graph_draw_focus:
 * @drawing: a drawing
 * @cr: where it was drawn
 * @style: what it looks like
 * @box: number of a box
 *
 * Marks a box, and what it uses and is used by.
 */
void
converge_graph_draw_focus (const ConvergeGraphDrawing *drawing,
                           cairo_t *cr,
                           const ConvergePlotStyle *style,
                           guint box)
{
  const Brush brush = make_brush (drawing, cr, style);

  converge_plot_set_color (cr, style->text, 1);
  cairo_set_line_width (cr, 2);
  for (guint i = 0; i < brush.outline->n_links; i++)
    if (brush.outline->links[i].from == box || brush.outline->links[i].to == box)
      {
        add_route_path (&brush, &drawing->layout->routes[i]);
        cairo_stroke (cr);
      }
  add_box_path (&brush, box, 2);
  cairo_stroke (cr);
}
