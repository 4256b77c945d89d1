/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "converge-plot-view.h"

G_BEGIN_DECLS

#define CONVERGE_TYPE_TABS (converge_tabs_get_type ())
G_DECLARE_FINAL_TYPE (ConvergeTabs, converge_tabs, CONVERGE, TABS, GtkWidget)

void converge_tabs_add (ConvergeTabs *self,
                        GtkWidget *widget,
                        ConvergePlotView *view,
                        const char *id,
                        const char *title);
void converge_tabs_add_alone (ConvergeTabs *self,
                              GtkWidget *widget,
                              const char *id,
                              const char *title);
const char *converge_tabs_get_selected (ConvergeTabs *self);
gboolean converge_tabs_select (ConvergeTabs *self,
                               const char *id);
gboolean converge_tabs_shows (ConvergeTabs *self,
                              ConvergePlotView *view);

G_END_DECLS
