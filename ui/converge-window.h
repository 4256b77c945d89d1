/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "converge-export.h"
#include "converge-runs.h"
#include "converge-settings.h"
#include "converge-what-if.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define CONVERGE_TYPE_WINDOW (converge_window_get_type ())
G_DECLARE_FINAL_TYPE (ConvergeWindow, converge_window, CONVERGE, WINDOW, AdwApplicationWindow)

GtkWidget *converge_window_new (AdwApplication *application,
                                GSettings *store);
ConvergeSettings *converge_window_get_settings (ConvergeWindow *self);
ConvergeRuns *converge_window_get_runs (ConvergeWindow *self);
void converge_window_open_runs (ConvergeWindow *self,
                                const char *path);
void converge_window_save_runs (ConvergeWindow *self,
                                const char *path);
void converge_window_tell (ConvergeWindow *self,
                           const char *text);
ConvergeRun *converge_window_get_run (ConvergeWindow *self);
ConvergeWhatIf *converge_window_get_what_if (ConvergeWindow *self);
gboolean converge_window_export (ConvergeWindow *self,
                                 ConvergeExport what,
                                 const char *path);
void converge_window_open_data (ConvergeWindow *self,
                                const char *path);
void converge_window_open_run (ConvergeWindow *self,
                               const char *path);

G_END_DECLS
