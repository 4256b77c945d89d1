/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "surface/field.h"

#include <string.h>

#define N_NODES ((gsize) AG_FIELD_NODES * AG_FIELD_NODES)

/**
 * ag_field_new:
 * @plane: a plane with a range; copied
 * @is_searched: whether the coefficients at each node are kept
 *
 * Returns: (transfer full): a field of which nothing is known
 */
AgField *
ag_field_new (const AgPlane *plane,
              gboolean is_searched)
{
  AgField *field = g_new0 (AgField, 1);

  field->plane = ag_plane_copy (plane);
  field->stride = 2 * AG_FIELD_FIRST_STRIDE;
  field->values = g_new (double, N_NODES);
  if (is_searched)
    field->others = g_new (double, N_NODES * plane->n);
  return field;
}

/**
 * ag_field_copy:
 * @field: a field
 *
 * Returns: (transfer full): another one like it
 */
AgField *
ag_field_copy (const AgField *field)
{
  AgField *copy = g_new0 (AgField, 1);

  copy->plane = ag_plane_copy (field->plane);
  copy->stride = field->stride;
  copy->values = g_memdup2 (field->values, sizeof (double) * N_NODES);
  if (field->others != NULL)
    copy->others = g_memdup2 (field->others, sizeof (double) * N_NODES * field->plane->n);
  return copy;
}

/**
 * ag_field_free:
 * @field: (transfer full): a field
 */
void
ag_field_free (AgField *field)
{
  ag_plane_free (field->plane);
  g_free (field->values);
  g_free (field->others);
  g_free (field);
}

/**
 * ag_field_n_nodes:
 * @field: a field of which something is known
 *
 * Returns: how many nodes are known in each direction
 */
guint
ag_field_n_nodes (const AgField *field)
{
  return (AG_FIELD_NODES - 1) / field->stride + 1;
}

/**
 * ag_field_coordinate:
 * @field: a field
 * @direction: 0 or 1
 * @node: which of its nodes in that direction
 *
 * Returns: where the node is
 */
double
ag_field_coordinate (const AgField *field,
                     guint direction,
                     guint node)
{
  const double *range = field->plane->range[direction];

  return range[0] + (range[1] - range[0]) * node / (AG_FIELD_NODES - 1);
}

/* Between which of the known nodes a place is, and how far from the first. */
static guint
find_space (const AgField *field,
            guint direction,
            double x,
            double *rest)
{
  const double *range = field->plane->range[direction];
  const double place = CLAMP ((x - range[0]) / (range[1] - range[0]), 0, 1)
                       * (AG_FIELD_NODES - 1) / field->stride;
  const guint below = MIN ((guint) place, ag_field_n_nodes (field) - 2);

  *rest = place - below;
  return below;
}

/**
 * ag_field_coefficients:
 * @field: a field of which something is known
 * @x: a place
 * @y: and its other coordinate
 * @coefficients: (out caller-allocates): those of the surface there; of a profile that is searched,
 *   the others as at the next node
 */
void
ag_field_coefficients (const AgField *field,
                       double x,
                       double y,
                       double *coefficients)
{
  const AgPlane *plane = field->plane;
  double across, up;
  guint column, row;

  if (field->others == NULL)
    {
      ag_plane_at (plane, x, y, coefficients);
      return;
    }
  column = find_space (field, 0, x, &across);
  row = find_space (field, 1, y, &up);
  column = (column + (across > 0.5)) * field->stride;
  row = (row + (up > 0.5)) * field->stride;
  memcpy (coefficients, field->others + ((gsize) row * AG_FIELD_NODES + column) * plane->n,
          sizeof (double) * plane->n);
  coefficients[plane->parameters[0]] = x;
  coefficients[plane->parameters[1]] = y;
}

/**
 * ag_field_interpolate:
 * @field: a field of which something is known
 * @x: a place
 * @y: and its other coordinate
 *
 * Returns: what the nodes around the place say of the loss there
 */
double
ag_field_interpolate (const AgField *field,
                      double x,
                      double y)
{
  double across, up;
  const gsize column = (gsize) find_space (field, 0, x, &across) * field->stride;
  const gsize row = (gsize) find_space (field, 1, y, &up) * field->stride;
  const double *low = field->values + row * AG_FIELD_NODES + column;
  const double *high = low + (gsize) field->stride * AG_FIELD_NODES;

  return (1 - up) * ((1 - across) * low[0] + across * low[field->stride])
         + up * ((1 - across) * high[0] + across * high[field->stride]);
}
