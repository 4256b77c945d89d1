/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "plot/plot.h"
#include "train/history.h"
#include "train/run.h"
#include "train/snapshot.h"

G_BEGIN_DECLS

#define CONVERGE_N_GHOSTS 6

ConvergePlot *converge_fit_plot_new (const AgRun *run);
void converge_fit_plot_set_initial (ConvergePlot *plot,
                                    const AgRun *run,
                                    const double *initial);
void converge_fit_plot_update (ConvergePlot *plot,
                               const AgRun *run,
                               const AgSnapshot *snapshot);
void converge_fit_plot_push_ghost (ConvergePlot *plot);

ConvergePlot *converge_loss_plot_new (const AgRun *run);
void converge_loss_plot_update (ConvergePlot *plot,
                                const AgHistory *history,
                                double pixel_width);

G_END_DECLS
