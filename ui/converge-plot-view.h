/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "plot/plot.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define CONVERGE_TYPE_PLOT_VIEW (converge_plot_view_get_type ())
G_DECLARE_FINAL_TYPE (ConvergePlotView, converge_plot_view, CONVERGE, PLOT_VIEW, GtkWidget)

/**
 * ConvergePlotPrepare:
 * @plot: a plot that is about to be drawn
 * @width: how many pixels wide
 * @user_data: what was given to converge_plot_view_set_plot()
 *
 * Fills in what the plot shows at that width.
 */
typedef void (*ConvergePlotPrepare) (ConvergePlot *plot,
                                     double width,
                                     gpointer user_data);

GtkWidget *converge_plot_view_new (const char *title);
void converge_plot_view_set_plot (ConvergePlotView *self,
                                  ConvergePlot *plot,
                                  ConvergePlotPrepare prepare,
                                  gpointer user_data);
ConvergePlot *converge_plot_view_get_plot (ConvergePlotView *self);
void converge_plot_view_update (ConvergePlotView *self);
void converge_plot_view_describe (ConvergePlotView *self,
                                  const char *description);
void converge_plot_view_add_choices (ConvergePlotView *self,
                                     const char *title,
                                     GMenuModel *choices);

G_END_DECLS
