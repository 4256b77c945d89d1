/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "surface/plane.h"

G_BEGIN_DECLS

/* A field has so many nodes in each direction, so that there are 96 spaces between them; at
 * first only each sixteenth is known. */
#define AG_FIELD_NODES 97
#define AG_FIELD_FIRST_STRIDE 16

/**
 * AgField:
 * @plane: what it is over
 * @stride: how far it is from one node that is known to the next: 1 where all are; more than
 *   %AG_FIELD_FIRST_STRIDE where none is
 * @values: the loss at each node, row by row, the first where both coordinates are least
 * @others: (nullable): of a profile that has to be searched, the coefficients at each node
 *
 * The loss at the nodes of a grid over a plane.
 */
typedef struct
{
  AgPlane *plane;
  guint stride;
  double *values;
  double *others;
} AgField;

AgField *ag_field_new (const AgPlane *plane,
                       gboolean is_searched);
AgField *ag_field_copy (const AgField *field);
void ag_field_free (AgField *field);
double ag_field_coordinate (const AgField *field,
                            guint direction,
                            guint node);
guint ag_field_n_nodes (const AgField *field);
void ag_field_coefficients (const AgField *field,
                            double x,
                            double y,
                            double *coefficients);
double ag_field_interpolate (const AgField *field,
                             double x,
                             double y);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AgField, ag_field_free)

G_END_DECLS
