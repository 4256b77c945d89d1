/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * AgEigenProduct:
 * @user_data: what was given with it
 * @vector: a vector
 * @product: (out caller-allocates): the matrix times the vector
 * @error: return location for a #GError
 *
 * A symmetric matrix, of which nothing is known but what it makes of vectors.
 *
 * Returns: whether all went well
 */
typedef gboolean (*AgEigenProduct) (gpointer user_data,
                                    const double *vector,
                                    double *product,
                                    GError **error);

void ag_eigen_symmetric (guint n,
                         double *matrix,
                         double *values,
                         double *vectors);
gboolean ag_eigen_greatest (guint n,
                            AgEigenProduct multiply,
                            gpointer user_data,
                            double *value,
                            GError **error);

double ag_dot (guint n,
               const double *a,
               const double *b);

G_END_DECLS
