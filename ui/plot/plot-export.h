/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "plot/plot-page.h"
#include "train/transaction.h"

G_BEGIN_DECLS

cairo_surface_t *converge_plot_paint (const ConvergePlotPage *page,
                                      double width,
                                      double height,
                                      const ConvergePlotStyle *style);
gboolean converge_plot_export (const ConvergePlotPage *page,
                               AgTransaction *transaction,
                               const char *path,
                               double width,
                               double height,
                               const ConvergePlotStyle *style,
                               GError **error);

G_END_DECLS
