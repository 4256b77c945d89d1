/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "plot/plot.h"
#include "surface/survey.h"
#include "train/transaction.h"

#include <cairo.h>

G_BEGIN_DECLS

gboolean converge_surface_picture_write (guint n_plots,
                                         ConvergePlot *const *plots,
                                         const AgRunSpec *spec,
                                         gboolean is_dark,
                                         AgTransaction *transaction,
                                         const char *path,
                                         GError **error);
cairo_surface_t *converge_surface_picture_paint (guint n_plots,
                                                 ConvergePlot *const *plots,
                                                 const AgRunSpec *spec);

G_END_DECLS
