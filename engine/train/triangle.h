/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _AgTriangle AgTriangle;

AgTriangle *ag_triangle_new (guint n,
                             gsize most_rows,
                             GError **error);
void ag_triangle_free (AgTriangle *triangle);
void ag_triangle_clear (AgTriangle *triangle);
double *ag_triangle_column (AgTriangle *triangle,
                            guint column);
gsize ag_triangle_stride (const AgTriangle *triangle);
gboolean ag_triangle_add (AgTriangle *triangle,
                          gsize n_rows);

double ag_triangle_norm (const AgTriangle *triangle,
                         guint column,
                         guint first_row);
double ag_triangle_at (const AgTriangle *triangle,
                       guint row,
                       guint column);
gboolean ag_triangle_solve (const AgTriangle *triangle,
                            guint first,
                            guint n,
                            const double *damping,
                            double *solution,
                            guint *rank);
gboolean ag_triangle_invert (const AgTriangle *triangle,
                             double *inverse,
                             guint *rank);
gboolean ag_triangle_singular_values (const AgTriangle *triangle,
                                      double *values);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AgTriangle, ag_triangle_free)

G_END_DECLS
