/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "converge-explainer.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define CONVERGE_TYPE_STEP_VIEW (converge_step_view_get_type ())
G_DECLARE_FINAL_TYPE (ConvergeStepView, converge_step_view, CONVERGE, STEP_VIEW, GtkWidget)

GtkWidget *converge_step_view_new (void);
void converge_step_view_set_up (ConvergeStepView *self,
                                ConvergeRuns *runs,
                                ConvergeFollower *explainer);
void converge_step_view_update (ConvergeStepView *self);

G_END_DECLS
