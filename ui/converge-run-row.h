/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "converge-run.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define CONVERGE_TYPE_RUN_ROW (converge_run_row_get_type ())
G_DECLARE_FINAL_TYPE (ConvergeRunRow, converge_run_row, CONVERGE, RUN_ROW, GtkWidget)

GtkWidget *converge_run_row_new (void);
ConvergeRun *converge_run_row_get_run (ConvergeRunRow *self);
void converge_run_row_set_run (ConvergeRunRow *self,
                               ConvergeRun *run);
void converge_run_row_set_difference (ConvergeRunRow *self,
                                      const char *difference);
void converge_run_row_update (ConvergeRunRow *self);

G_END_DECLS
