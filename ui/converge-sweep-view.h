/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "converge-plot-view.h"
#include "converge-sweep.h"

G_BEGIN_DECLS

#define CONVERGE_TYPE_SWEEP_VIEW (converge_sweep_view_get_type ())
G_DECLARE_FINAL_TYPE (ConvergeSweepView, converge_sweep_view, CONVERGE, SWEEP_VIEW, GtkWidget)

GtkWidget *converge_sweep_view_new (const char *title);
void converge_sweep_view_set_sweep (ConvergeSweepView *self,
                                    ConvergeSweep *sweep);
ConvergeSweep *converge_sweep_view_get_sweep (ConvergeSweepView *self);
ConvergePlotView *converge_sweep_view_get_plot_view (ConvergeSweepView *self);

G_END_DECLS
