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
  drawing->outline = ag_graph_outline_new (drawing->picture, drawing->stops, drawing->is_open);
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
 *
 * Returns: (transfer full): the picture with a place for each box
 */
ConvergeGraphDrawing *
converge_graph_drawing_new (const AgGraphPicture *picture,
                            const AgRunSpec *spec,
                            guint stops,
                            gboolean is_open)
{
  ConvergeGraphDrawing *drawing = g_new0 (ConvergeGraphDrawing, 1);

  drawing->picture = ag_graph_picture_ref ((AgGraphPicture *) picture);
  drawing->heading = describe_step (picture, spec);
  drawing->stops = stops;
  drawing->is_open = is_open;
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
  drawing->outline = ag_graph_outline_new (drawing->picture, drawing->stops, drawing->is_open);
  if (!is_same || drawing->outline->n_boxes != n_boxes)
    lay_out (drawing);
}

/**
 * converge_graph_drawing_set_shown:
 * @drawing: a drawing
 * @stops: which parts of the step are shown
 * @is_open: whether custom Functions are open
 *
 * Shows other parts of the step.
 */
void
converge_graph_drawing_set_shown (ConvergeGraphDrawing *drawing,
                                  guint stops,
                                  gboolean is_open)
{
  if (drawing->stops == stops && drawing->is_open == is_open)
    return;
  drawing->stops = stops;
  drawing->is_open = is_open;
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

static void
append_value (GString *text,
              const char *heading,
              const AgGraphValue *value,
              gint64 probe)
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
  else
    g_string_append_printf (text, _ ("\n%s: from %s to %s, mean %s, at point %lld %s"), heading,
                            minimum, maximum, mean, (long long) probe, at_probe);
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
    g_string_append_printf (text, " = %s", shown->operation);
  g_string_append_printf (text, "\n%s, %s %s", ag_stop_title (node->stop), ag_dtype_name (node->dtype),
                          shape);
  if (!node->is_taken)
    g_string_append_printf (text, "\n%s", _ ("This step does not have it."));
  append_value (text, _ ("Value"), &node->value, drawing->picture->probe);
  append_value (text, _ ("Gradient"), &node->gradient, drawing->picture->probe);
  return g_string_free (text, FALSE);
}
