/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "plot/run-plot.h"

G_BEGIN_DECLS

gboolean converge_run_others_has_same_points (const ConvergeRunView *view,
                                              const ConvergeRunView *other);
guint64 converge_run_others_key (const ConvergeRunView *other,
                                 guint n_numbers,
                                 const gint64 *numbers);
ConvergeSeries *converge_run_others_add (ConvergePlot *plot,
                                         const ConvergeRunView *view,
                                         const ConvergeRunView *other,
                                         guint part,
                                         guint64 key,
                                         gboolean *is_stale);
void converge_run_others_name (const ConvergeRunView *view,
                               ConvergeSeries *series,
                               const char *label);

G_END_DECLS
