/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "converge-plot-view.h"
#include "converge-runs.h"
#include "converge-settings.h"
#include "plot/run-plot.h"
#include "surface/field.h"

G_BEGIN_DECLS

/**
 * ConvergeSurfaceSource:
 * @user_data: what was given with it
 * @view: (out): the run to be shown, as a plot can show it
 *
 * Returns: whether there is one, or what one would begin with
 */
typedef gboolean (*ConvergeSurfaceSource) (gpointer user_data,
                                           ConvergeRunView *view);

#define CONVERGE_TYPE_SURFACE_VIEW (converge_surface_view_get_type ())
G_DECLARE_FINAL_TYPE (ConvergeSurfaceView, converge_surface_view, CONVERGE, SURFACE_VIEW, GtkWidget)

GtkWidget *converge_surface_view_new (void);
void converge_surface_view_set_up (ConvergeSurfaceView *self,
                                   ConvergeSettings *settings,
                                   ConvergeRuns *runs,
                                   ConvergeSurfaceSource source,
                                   gpointer user_data);
void converge_surface_view_update (ConvergeSurfaceView *self);
guint converge_surface_view_get_plots (ConvergeSurfaceView *self,
                                       ConvergePlot **plots,
                                       const AgRunSpec **spec,
                                       const AgField **field,
                                       double *least);

G_END_DECLS
