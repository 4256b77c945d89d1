/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "plot/loss-axis.h"

G_BEGIN_DECLS

void converge_what_if_series_add (ConvergePlot *plot);
ConvergeSeries *converge_what_if_series_label (ConvergePlot *plot,
                                               const ConvergeRunView *view);
void converge_what_if_series_set_losses (ConvergePlot *plot,
                                         const ConvergeRunView *view,
                                         const ConvergeLossAxis *axis,
                                         double pixel_width);
char *converge_what_if_series_describe (const ConvergeRunView *view);

G_END_DECLS
