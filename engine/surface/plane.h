/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * AgPlaneKind:
 * @AG_PLANE_PROFILE: over two parameters, at each place with the others where they are best
 * @AG_PLANE_SLICE: over two parameters, the others as in a moment
 * @AG_PLANE_PATH: through a moment, along the two directions in which a run went most
 *
 * The plane that the loss is shown over.
 */
typedef enum
{
  AG_PLANE_PROFILE,
  AG_PLANE_SLICE,
  AG_PLANE_PATH,
  AG_N_PLANE_KINDS,
} AgPlaneKind;

/**
 * AgPlane:
 * @kind: what kind it is
 * @n: number of coefficients
 * @parameters: of a plane over two parameters, which
 * @share: of a plane along a path, how much of the path's variance is along each direction
 * @range: from where to where each direction is shown
 * @base: (array length=n): where both coordinates are 0
 * @axes: the directions, (n): of a path of length 1 and at right angles to each other; of a slice
 *   along the parameters; of a profile of a loss that is quadratic with what the others become
 *
 * A plane among the coefficients: those of the place (x, y) are base + x axes[0] + y axes[1]. Over
 * two parameters the coordinates are the values of these.
 */
typedef struct
{
  AgPlaneKind kind;
  guint n;
  guint parameters[2];
  double share[2];
  double range[2][2];
  double *base;
  double *axes[2];
} AgPlane;

const char *ag_plane_kind_id (AgPlaneKind kind);
gint ag_plane_kind_find (const char *id);

AgPlane *ag_plane_new (AgPlaneKind kind,
                       guint n,
                       const guint parameters[2],
                       const double *through);
AgPlane *ag_plane_new_along (guint n,
                             gsize n_points,
                             const double *points,
                             const double *through);
AgPlane *ag_plane_copy (const AgPlane *plane);
void ag_plane_free (AgPlane *plane);
gboolean ag_plane_equal (const AgPlane *a,
                         const AgPlane *b);
void ag_plane_find (const AgPlane *plane,
                    const double *coefficients,
                    double place[2]);
void ag_plane_at (const AgPlane *plane,
                  double x,
                  double y,
                  double *coefficients);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AgPlane, ag_plane_free)

G_END_DECLS
