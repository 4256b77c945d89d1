/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "converge-runs.h"
#include "converge-settings.h"
#include "plot/sweep-plot.h"

G_BEGIN_DECLS

#define CONVERGE_TYPE_SWEEP (converge_sweep_get_type ())
G_DECLARE_FINAL_TYPE (ConvergeSweep, converge_sweep, CONVERGE, SWEEP, GObject)

ConvergeSweep *converge_sweep_new (ConvergeSettings *settings,
                                   ConvergeRuns *runs,
                                   guint n_axes);
guint converge_sweep_n_axes (ConvergeSweep *self);
const char *converge_sweep_get_subject (ConvergeSweep *self,
                                        guint axis);
const char *converge_sweep_get_range (ConvergeSweep *self,
                                      guint axis);
void converge_sweep_set_subject (ConvergeSweep *self,
                                 guint axis,
                                 const char *id);
void converge_sweep_set_range (ConvergeSweep *self,
                               guint axis,
                               const char *range);
gboolean converge_sweep_get_has_all (ConvergeSweep *self);
void converge_sweep_set_has_all (ConvergeSweep *self,
                                 gboolean has_all);
const ConvergeSweepLook *converge_sweep_get_look (ConvergeSweep *self);
void converge_sweep_set_look (ConvergeSweep *self,
                              const ConvergeSweepLook *look);
void converge_sweep_set_active (ConvergeSweep *self,
                                gboolean is_active);
gboolean converge_sweep_poll (ConvergeSweep *self);
AgSweep *converge_sweep_get_results (ConvergeSweep *self);
const char *converge_sweep_get_error (ConvergeSweep *self);
void converge_sweep_take_over (ConvergeSweep *self,
                               guint run);

G_END_DECLS
