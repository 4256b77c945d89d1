/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* This many points show the shape of data; more would hide each other in a plot. */
#define AG_OUTLINE_MAX_POINTS 1000

gsize ag_outline_find (gint64 n_points,
                       const double *x,
                       const double *y,
                       gint64 *outline);

G_END_DECLS
