/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "converge-runs.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define CONVERGE_TYPE_RUN_LIST (converge_run_list_get_type ())
G_DECLARE_FINAL_TYPE (ConvergeRunList, converge_run_list, CONVERGE, RUN_LIST, GtkWidget)

void converge_run_list_set_runs (ConvergeRunList *self,
                                 ConvergeRuns *runs);
gboolean converge_run_list_undo (ConvergeRunList *self);
void converge_run_list_forget (ConvergeRunList *self);

G_END_DECLS
