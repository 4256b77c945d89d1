/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot/graph-drawing.h"

#include "plot/plot-axis.h"

#include <glib/gi18n-lib.h>
#include <math.h>

static void
lay_out (ConvergeGraphDrawing *drawing)
{
  g_clear_pointer (&drawing->outline, ag_graph_outline_free);
  g_clear_pointer (&drawing->layout, ag_graph_layout_free);
  drawing->outline = ag_graph_outline_new (drawing->picture, drawing->stops, drawing->is_open, drawing->opened);
  drawing->layout = ag_graph_layout_new (drawing->outline);
  drawing->width = 2 * CONVERGE_GRAPH_MARGIN
                   + (drawing->layout->n_columns - 1) * CONVERGE_GRAPH_COLUMN
                   + CONVERGE_GRAPH_BOX_WIDTH;
  drawing->height = CONVERGE_GRAPH_TOP + CONVERGE_GRAPH_MARGIN
                    + ceil (drawing->layout->n_rows * CONVERGE_GRAPH_BOX_HEIGHT);
}

static char *
describe_step (const AgGraphPicture *picture,
               const AgRunSpec *spec)
{
  char loss[32];

  converge_axis_format (picture->loss, 6, loss, sizeof loss);
  /* Translators: a program, the number of a step, its loss: "Autograd, step 10: loss 8.9". */
  return g_strdup_printf (_ ("%s, step %lld: loss %s"), _ (spec->program->title),
                          (long long) picture->step, loss);
}

/**
 * converge_graph_drawing_new:
 * @picture: a picture; held
 * @spec: the run that it is of
 * @stops: which parts of the step are shown
 * @is_open: whether custom Functions are open
 * @opened: the parts of the step of which all is shown, however much it is
 *
 * Returns: (transfer full): the picture with a place for each box
 */
ConvergeGraphDrawing *
converge_graph_drawing_new (const AgGraphPicture *picture,
                            const AgRunSpec *spec,
                            guint stops,
                            gboolean is_open,
                            guint opened)
{
  ConvergeGraphDrawing *drawing = g_new0 (ConvergeGraphDrawing, 1);

  drawing->picture = ag_graph_picture_ref ((AgGraphPicture *) picture);
  drawing->heading = describe_step (picture, spec);
  drawing->stops = stops;
  drawing->is_open = is_open;
  drawing->opened = opened;
  drawing->place = CONVERGE_GRAPH_WHOLE;
  lay_out (drawing);
  return drawing;
}

/**
 * converge_graph_drawing_free:
 * @drawing: (transfer full): a drawing
 */
void
converge_graph_drawing_free (ConvergeGraphDrawing *drawing)
{
  g_clear_pointer (&drawing->outline, ag_graph_outline_free);
  g_clear_pointer (&drawing->layout, ag_graph_layout_free);
  ag_graph_picture_unref (drawing->picture);
  g_free (drawing->heading);
  g_free (drawing);
}

/**
 * converge_graph_drawing_update:
 * @drawing: a drawing
 * @picture: another picture; held
 * @spec: the run that it is of
 *
 * Shows that picture from now on. If it has the structure of the one before, all boxes stay
 * where they are.
 */
void
converge_graph_drawing_update (ConvergeGraphDrawing *drawing,
                               const AgGraphPicture *picture,
                               const AgRunSpec *spec)
{
  const gboolean is_same = ag_graph_picture_has_same_structure (drawing->picture, picture);
  const guint n_boxes = drawing->outline->n_boxes;

  ag_graph_picture_unref (drawing->picture);
  drawing->picture = ag_graph_picture_ref ((AgGraphPicture *) picture);
  g_free (drawing->heading);
  drawing->heading = describe_step (picture, spec);
  g_clear_pointer (&drawing->outline, ag_graph_outline_free);
  drawing->outline = ag_graph_outline_new (drawing->picture, drawing->stops, drawing->is_open, drawing->opened);
  if (!is_same || drawing->outline->n_boxes != n_boxes)
    lay_out (drawing);
}

/**
 * converge_graph_drawing_set_shown:
 * @drawing: a drawing
 * @stops: which parts of the step are shown
 * @is_open: whether custom Functions are open
 * @opened: the parts of the step of which all is shown, however much it is
 *
 * Shows other parts of the step.
 */
void
converge_graph_drawing_set_shown (ConvergeGraphDrawing *drawing,
                                  guint stops,
                                  gboolean is_open,
                                  guint opened)
{
  if (drawing->stops == stops && drawing->is_open == is_open && drawing->opened == opened)
    return;
  drawing->stops = stops;
  drawing->is_open = is_open;
  drawing->opened = opened;
  lay_out (drawing);
}

/**
 * converge_graph_drawing_place:
 * @drawing: a drawing
 * @point: a place in its layout
 * @x: (out): where the middle of it is
 * @y: (out): the same
 */
void
converge_graph_drawing_place (const ConvergeGraphDrawing *drawing,
                              AgGraphPoint point,
                              double *x,
                              double *y)
{
  *x = CONVERGE_GRAPH_MARGIN + CONVERGE_GRAPH_BOX_WIDTH / 2.0 + point.column * CONVERGE_GRAPH_COLUMN;
  *y = CONVERGE_GRAPH_TOP + (point.row + 0.5) * CONVERGE_GRAPH_BOX_HEIGHT;
}

/**
 * converge_graph_drawing_find:
 * @drawing: a drawing
 * @x: a place
 * @y: the same
 *
 * Returns: the box that is there, −1 if none is
 */
gint
converge_graph_drawing_find (const ConvergeGraphDrawing *drawing,
                             double x,
                             double y)
{
  for (guint i = 0; i < drawing->outline->n_boxes; i++)
    {
      double middle_x, middle_y;

      converge_graph_drawing_place (drawing, drawing->layout->boxes[i], &middle_x, &middle_y);
      if (ABS (x - middle_x) <= CONVERGE_GRAPH_BOX_WIDTH / 2.0
          && ABS (y - middle_y) <= CONVERGE_GRAPH_BOX_HEIGHT / 2.0)
        return (gint) i;
    }
  return -1;
}

/**
 * converge_graph_drawing_node:
 * @drawing: a drawing
 * @box: number of a box
 *
 * Returns: (transfer none): the node of the picture that is in the box
 */
const AgGraphNode *
converge_graph_drawing_node (const ConvergeGraphDrawing *drawing,
                             guint box)
{
  return &drawing->picture->nodes[drawing->outline->boxes[box].node];
}

/* How far a box is on the way through the columns that its part of the step has, from 0 to 1. */
static double
share_of_way (const ConvergeGraphDrawing *drawing,
              guint box)
{
  const AgStop stop = converge_graph_drawing_node (drawing, box)->stop;
  guint first = G_MAXUINT, last = 0;

  for (guint i = 0; i < drawing->outline->n_boxes; i++)
    if (converge_graph_drawing_node (drawing, i)->stop == stop && converge_graph_drawing_node (drawing, i)->op != AG_OP_input)
      {
        first = MIN (first, drawing->layout->boxes[i].column);
        last = MAX (last, drawing->layout->boxes[i].column);
      }
  return (drawing->layout->boxes[box].column - first + 1.0) / (last - first + 1.0);
}

/**
 * converge_graph_drawing_has_value:
 * @drawing: a drawing
 * @box: number of a box
 *
 * Returns: whether what is in the box has been computed by now
 */
gboolean
converge_graph_drawing_has_value (const ConvergeGraphDrawing *drawing,
                                  guint box)
{
  const AgGraphNode *node = converge_graph_drawing_node (drawing, box);

  return drawing->place >= AG_N_STOPS || node->op == AG_OP_input
         || node->stop + share_of_way (drawing, box) <= drawing->place;
}

/**
 * converge_graph_drawing_has_gradient:
 * @drawing: a drawing
 * @box: number of a box
 *
 * Returns: whether the derivative of the loss has come back to the box by now
 */
gboolean
converge_graph_drawing_has_gradient (const ConvergeGraphDrawing *drawing,
                                     guint box)
{
  const double n_columns = drawing->layout->n_columns;
  const double way = (n_columns - drawing->layout->boxes[box].column) / n_columns;

  return drawing->place >= AG_N_STOPS || AG_STOP_GRADIENT + way <= drawing->place;
}

/**
 * converge_graph_drawing_new_value:
 * @drawing: a drawing
 * @box: number of a box
 *
 * Returns: (nullable): of a parameter, what the update makes of it, if that has happened and has
 *   no box of its own
 */
const AgGraphValue *
converge_graph_drawing_new_value (const ConvergeGraphDrawing *drawing,
                                  guint box)
{
  const AgGraphNode *node = converge_graph_drawing_node (drawing, box);
  g_autofree char *name = g_strconcat ("new ", node->name, NULL);

  if (drawing->place <= AG_STOP_UPDATE || drawing->place > AG_N_STOPS || node->op != AG_OP_input
      || node->name == NULL || (drawing->stops & AG_STOP_BIT (AG_STOP_UPDATE)) != 0)
    return NULL;
  for (guint i = 0; i < drawing->picture->n_nodes; i++)
    if (g_strcmp0 (drawing->picture->nodes[i].name, name) == 0
        && drawing->picture->nodes[i].stop == AG_STOP_UPDATE)
      return &drawing->picture->nodes[i].value;
  return NULL;
}

/**
 * converge_graph_drawing_next:
 * @drawing: a drawing
 * @box: number of a box, −1 for none
 * @right: 1 to go to the right, −1 to the left
 * @down: 1 to go down, −1 up
 *
 * Returns: the box that is next to it in that direction; itself if there is none
 */
gint
converge_graph_drawing_next (const ConvergeGraphDrawing *drawing,
                             gint box,
                             int right,
                             int down)
{
  const AgGraphLayout *layout = drawing->layout;
  const AgGraphPoint from = box >= 0 ? layout->boxes[box] : (AgGraphPoint){ 0 };
  double nearest = INFINITY;
  gint found = box;

  for (guint i = 0; i < layout->n_boxes; i++)
    {
      const double columns = (double) layout->boxes[i].column - from.column;
      const double rows = layout->boxes[i].row - from.row;
      const double ahead = right != 0 ? columns * right : rows * down;
      const double aside = fabs (right != 0 ? rows : columns);

      if ((gint) i == box || (box >= 0 && ahead <= 0) || (down != 0 && columns != 0))
        continue;
      if (10 * ahead + aside < nearest)
        {
          nearest = 10 * ahead + aside;
          found = (gint) i;
        }
    }
  return found;
}

/* The points are as many as the target has elements. */
static gint64
count_points (const AgGraphPicture *picture)
{
  for (guint i = 0; i < picture->n_nodes; i++)
    if (g_strcmp0 (picture->nodes[i].name, "y") == 0)
      return picture->nodes[i].value.n_elements;
  return 0;
}

/**
 * converge_graph_drawing_has_point:
 * @drawing: a drawing
 * @value: a value of its picture
 *
 * Returns: whether a data point is looked at, and the value has an element for each
 */
gboolean
converge_graph_drawing_has_point (const ConvergeGraphDrawing *drawing,
                                  const AgGraphValue *value)
{
  return drawing->picture->probe >= 0 && value->n_elements > 1
         && value->n_elements == count_points (drawing->picture);
}

static void
append_value (GString *text,
              const ConvergeGraphDrawing *drawing,
              const char *heading,
              const AgGraphValue *value)
{
  char minimum[32], mean[32], maximum[32], at_probe[32];

  if (value->n_elements == 0)
    return;
  converge_axis_format (value->minimum, 6, minimum, sizeof minimum);
  converge_axis_format (value->mean, 6, mean, sizeof mean);
  converge_axis_format (value->maximum, 6, maximum, sizeof maximum);
  converge_axis_format (value->probe, 6, at_probe, sizeof at_probe);
  if (value->n_elements == 1)
    g_string_append_printf (text, "\n%s: %s", heading, mean);
  else if (converge_graph_drawing_has_point (drawing, value))
    g_string_append_printf (text, _ ("\n%s: from %s to %s, mean %s, at point %lld %s"), heading,
                            minimum, maximum, mean, (long long) drawing->picture->probe, at_probe);
  else
    g_string_append_printf (text, _ ("\n%s: from %s to %s, mean %s"), heading, minimum, maximum,
                            mean);
}

/**
 * converge_graph_drawing_describe:
 * @drawing: a drawing
 * @box: number of a box
 *
 * Returns: (transfer full): all that is known of it, in lines of text
 */
char *
converge_graph_drawing_describe (const ConvergeGraphDrawing *drawing,
                                 guint box)
{
  const AgGraphBox *shown = &drawing->outline->boxes[box];
  const AgGraphNode *node = &drawing->picture->nodes[shown->node];
  g_autofree char *shape = ag_layout_to_string (node->shape);
  GString *text = g_string_new (shown->label);

  if (shown->operation != NULL)
    g_string_append_printf (text, shown->n_inside > 0 ? ": %s" : " = %s", shown->operation);
  if (shown->n_inside > 0)
    {
      g_string_append_printf (text, "\n%s", _ ("Enter or a double click opens it."));
      return g_string_free (text, FALSE);
    }
  g_string_append_printf (text, "\n%s, %s %s", ag_stop_title (node->stop), ag_dtype_name (node->dtype),
                          shape);
  if (!node->is_taken)
    g_string_append_printf (text, "\n%s", _ ("This step does not have it."));
  append_value (text, drawing, _ ("Value"), &node->value);
  append_value (text, drawing, _ ("Gradient"), &node->gradient);
  return g_string_free (text, FALSE);
}

/**
 * converge_graph_drawing_describe_in_line:
 * @drawing: a drawing
 * @box: number of a box
 *
 * Returns: (transfer full): all that is known of it, in one line of text
 */
char *
converge_graph_drawing_describe_in_line (const ConvergeGraphDrawing *drawing,
                                         guint box)
{
  g_autofree char *text = converge_graph_drawing_describe (drawing, box);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  return g_strjoinv (" · ", lines);
}
