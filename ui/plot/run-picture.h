/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "plot/run-plots.h"
#include "train/transaction.h"

#include <cairo.h>

G_BEGIN_DECLS

gboolean converge_run_picture_write (const ConvergeRunView *view,
                                     ConvergePlot *const plots[CONVERGE_N_RUN_PLOTS],
                                     AgTransaction *transaction,
                                     const char *path,
                                     GError **error);
cairo_surface_t *converge_run_picture_paint (const ConvergeRunView *view,
                                             ConvergePlot *const plots[CONVERGE_N_RUN_PLOTS]);

G_END_DECLS
