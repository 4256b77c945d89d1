/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "converge-graph-zoom.h"

#include <math.h>

#define LEAST_ZOOM 0.3
#define LEGIBLE_ZOOM 0.75
#define GREATEST_ZOOM 3
#define ZOOM_STEP 1.25

static double
find_least (const ConvergeGraphZoom *zoom)
{
  return zoom->factor < 0 ? LEGIBLE_ZOOM : LEAST_ZOOM;
}

/**
 * converge_graph_zoom_find:
 * @zoom: a zoom
 * @drawing: (nullable): the graph
 *
 * Returns: how large the graph is drawn: as it was chosen, or so that it fits into the room there
 *   is
 */
double
converge_graph_zoom_find (const ConvergeGraphZoom *zoom,
                          const ConvergeGraphDrawing *drawing)
{
  const double width = gtk_widget_get_width (GTK_WIDGET (zoom->area));
  const double height = gtk_widget_get_height (GTK_WIDGET (zoom->area));

  if (zoom->factor > 0 || drawing == NULL || width <= 0 || height <= 0)
    return zoom->factor > 0 ? zoom->factor : 1;
  return CLAMP (MIN (width / drawing->width, height / drawing->height), find_least (zoom), 1);
}

/**
 * converge_graph_zoom_show:
 * @zoom: a zoom
 * @drawing: (nullable): the graph
 *
 * Makes room for the graph.
 */
void
converge_graph_zoom_show (const ConvergeGraphZoom *zoom,
                          const ConvergeGraphDrawing *drawing)
{
  const double factor = zoom->factor > 0 ? zoom->factor : find_least (zoom);

  if (drawing == NULL)
    return;
  gtk_drawing_area_set_content_width (zoom->area, (int) floor (drawing->width * factor));
  gtk_drawing_area_set_content_height (zoom->area, (int) floor (drawing->height * factor));
  gtk_widget_queue_draw (GTK_WIDGET (zoom->area));
}

/**
 * converge_graph_zoom_change:
 * @zoom: a zoom
 * @drawing: (nullable): the graph
 * @by: how many steps larger, or smaller if below 0; 0 for as a whole
 *
 * Draws the graph larger or smaller from now on.
 */
void
converge_graph_zoom_change (ConvergeGraphZoom *zoom,
                            const ConvergeGraphDrawing *drawing,
                            int by)
{
  zoom->factor = by == 0 ? CONVERGE_GRAPH_ZOOM_WHOLE
                         : CLAMP (converge_graph_zoom_find (zoom, drawing) * pow (ZOOM_STEP, by),
                                  LEAST_ZOOM, GREATEST_ZOOM);
  converge_graph_zoom_show (zoom, drawing);
}

/**
 * converge_graph_zoom_scroll_to:
 * @zoom: a zoom
 * @drawing: the graph
 * @box: number of a box, −1 for none
 *
 * Lets the box be seen.
 */
void
converge_graph_zoom_scroll_to (const ConvergeGraphZoom *zoom,
                               const ConvergeGraphDrawing *drawing,
                               gint box)
{
  const double factor = converge_graph_zoom_find (zoom, drawing);
  const double half_width = factor * CONVERGE_GRAPH_BOX_WIDTH;
  const double half_height = factor * CONVERGE_GRAPH_BOX_HEIGHT;
  double x, y;

  if (box < 0)
    return;
  converge_graph_drawing_place (drawing, drawing->layout->boxes[box], &x, &y);
  gtk_adjustment_clamp_page (gtk_scrolled_window_get_hadjustment (zoom->scroller),
                             factor * x - half_width, factor * x + half_width);
  gtk_adjustment_clamp_page (gtk_scrolled_window_get_vadjustment (zoom->scroller),
                             factor * y - half_height, factor * y + half_height);
}
