/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "converge-controls.h"
#include "converge-plot-view.h"
#include "converge-status-bar.h"
#include "converge-window.h"

G_BEGIN_DECLS

struct _ConvergeWindow
{
  AdwApplicationWindow parent_instance;

  GSettings *store;
  ConvergeSettings *settings;
  ConvergeSession *session;
  ConvergePlot *fit_plot;
  ConvergePlot *loss_plot;
  AgRun plotted;
  guint tick;
  gint64 ghost_us;
  double stable_rate;

  AdwToastOverlay *toasts;
  GtkButton *train;
  GtkMenuButton *export_menu;
  AdwFlap *flap;
  ConvergeControls *controls;
  GtkRevealer *banner;
  GtkLabel *banner_label;
  GtkButton *banner_button;
  GtkPaned *paned;
  ConvergePlotView *fit_view;
  ConvergePlotView *loss_view;
  GtkLabel *formula;
  ConvergeStatusBar *status;
};

void converge_window_install_actions (GtkWidgetClass *klass);
void converge_window_update_actions (ConvergeWindow *self);
void converge_window_prepare_plots (ConvergeWindow *self,
                                    const AgRun *run);

G_END_DECLS
