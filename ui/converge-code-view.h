/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/stop.h"
#include "converge-explainer.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define CONVERGE_TYPE_CODE_VIEW (converge_code_view_get_type ())
G_DECLARE_FINAL_TYPE (ConvergeCodeView, converge_code_view, CONVERGE, CODE_VIEW, GtkWidget)

GtkWidget *converge_code_view_new (void);
void converge_code_view_set_up (ConvergeCodeView *self,
                                ConvergeRuns *runs,
                                ConvergeFollower *explainer);
void converge_code_view_set_spec (ConvergeCodeView *self,
                                  const AgRunSpec *spec);
void converge_code_view_update (ConvergeCodeView *self);
void converge_code_view_show_line (ConvergeCodeView *self,
                                   AgStop stop,
                                   guint line);
void converge_code_view_take_focus (ConvergeCodeView *self);

G_END_DECLS
