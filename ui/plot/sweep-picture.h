/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "plot/sweep-plot.h"
#include "train/transaction.h"

#include <cairo.h>

G_BEGIN_DECLS

gboolean converge_sweep_picture_write (AgSweep *sweep,
                                       const ConvergeSweepLook *look,
                                       AgTransaction *transaction,
                                       const char *path,
                                       GError **error);
cairo_surface_t *converge_sweep_picture_paint (AgSweep *sweep,
                                               const ConvergeSweepLook *look);

G_END_DECLS
