/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "plot/plot-palette.h"
#include "plot/plot.h"
#include "train/transaction.h"

G_BEGIN_DECLS

gboolean converge_plot_export (ConvergePlot *const *plots,
                               guint n_plots,
                               AgTransaction *transaction,
                               const char *path,
                               double width,
                               double height,
                               const ConvergePlotStyle *style,
                               GError **error);

G_END_DECLS
