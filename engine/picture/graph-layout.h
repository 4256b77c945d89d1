/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "picture/graph-outline.h"

G_BEGIN_DECLS

/**
 * AgGraphPoint:
 * @column: how many columns from the left
 * @row: where it is in its column, from the top; a box is 1 high
 *
 * A place in a layout.
 */
typedef struct
{
  guint column;
  double row;
} AgGraphPoint;

/**
 * AgGraphRoute:
 * @n_points: number of @points, at least 2
 * @points: the places that the line goes through, one in each column from the left to the right
 *
 * The way of a link.
 */
typedef struct
{
  guint n_points;
  AgGraphPoint *points;
} AgGraphRoute;

/**
 * AgGraphLayout:
 * @n_boxes: number of @boxes
 * @boxes: the place of each of the outline's boxes
 * @n_routes: number of @routes
 * @routes: the way of each of the outline's links
 * @n_columns: how many columns there are
 * @n_rows: how high it is
 * @n_crossings: how often lines cross
 *
 * Where an outline's boxes are: what is used is left of what uses it.
 */
typedef struct
{
  guint n_boxes;
  AgGraphPoint *boxes;
  guint n_routes;
  AgGraphRoute *routes;
  guint n_columns;
  double n_rows;
  guint n_crossings;
} AgGraphLayout;

AgGraphLayout *ag_graph_layout_new (const AgGraphOutline *outline);
void ag_graph_layout_free (AgGraphLayout *layout);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AgGraphLayout, ag_graph_layout_free)

G_END_DECLS
