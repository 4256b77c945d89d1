/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "picture/graph-picture.h"

G_BEGIN_DECLS

/**
 * AgGraphBox:
 * @node: the node of the picture that it stands for
 * @label: what it is called: its name, or its operation with its constants
 * @operation: (nullable): its operation too, if @label is a name
 * @is_closed: whether it stands for a custom Function with all that it recorded
 * @n_inside: how many operations it stands for, where it is all of a part of the step; 0 of
 *   others
 *
 * A node that is shown.
 */
typedef struct
{
  guint node;
  char *label;
  char *operation;
  gboolean is_closed;
  guint n_inside;
} AgGraphBox;

/**
 * AgGraphLink:
 * @from: the box whose value it is
 * @to: the box that uses it
 * @edge: the edge of the picture that ends at @to, −1 of one from or to what is closed
 *
 * A line between two boxes.
 */
typedef struct
{
  guint from;
  guint to;
  gint edge;
} AgGraphLink;

/**
 * AgGraphOutline:
 * @n_boxes: number of @boxes
 * @boxes: what is shown, each after all that it uses
 * @n_links: number of @links
 * @links: what uses what
 * @box_of: of each node of the picture, the box that shows its value, −1 if none does
 *
 * What of a picture is worth showing to people: constants are in the label of what uses them,
 * and a tensor in another shape is no box of its own.
 */
typedef struct
{
  guint n_boxes;
  AgGraphBox *boxes;
  guint n_links;
  AgGraphLink *links;
  gint *box_of;
} AgGraphOutline;

/* If more boxes than these were shown, the parts of the step that have most of them are a box
 * each. */
#define AG_GRAPH_MOST_BOXES 200

/* Stops as a set, by which what is shown is chosen. */
#define AG_STOP_BIT(stop) (1u << (stop))

guint ag_graph_outline_default_stops (const AgGraphPicture *picture);
AgGraphOutline *ag_graph_outline_new (const AgGraphPicture *picture,
                                      guint stops,
                                      gboolean is_open,
                                      guint opened);
void ag_graph_outline_free (AgGraphOutline *outline);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AgGraphOutline, ag_graph_outline_free)

G_END_DECLS
