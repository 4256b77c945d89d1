/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * ConvergeContourPart:
 * @user_data: what was given with it
 * @from: a place, in columns and rows of the grid
 * @to: another one
 *
 * Takes a straight part of a contour.
 */
typedef void (*ConvergeContourPart) (gpointer user_data,
                                     const double from[2],
                                     const double to[2]);

void converge_contour_trace (guint n_columns,
                             guint n_rows,
                             const double *values,
                             double level,
                             ConvergeContourPart take,
                             gpointer user_data);

G_END_DECLS
