/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "converge-runs.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define CONVERGE_TYPE_RUN_MEMORY (converge_run_memory_get_type ())
G_DECLARE_FINAL_TYPE (ConvergeRunMemory, converge_run_memory, CONVERGE, RUN_MEMORY, GtkWidget)

void converge_run_memory_set_runs (ConvergeRunMemory *self,
                                   ConvergeRuns *runs);
guint64 converge_run_memory_get_used (ConvergeRunMemory *self);
void converge_run_memory_set_bound (ConvergeRunMemory *self,
                                    guint64 bound);

G_END_DECLS
