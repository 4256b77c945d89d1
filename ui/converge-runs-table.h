/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "converge-runs.h"
#include "train/session-file.h"

#include <stdio.h>

G_BEGIN_DECLS

char *converge_runs_table_make (ConvergeRuns *runs,
                                char separator);
void converge_runs_table_write_losses (FILE *stream,
                                       guint n_runs,
                                       const AgSessionRun *runs);
GPtrArray *converge_runs_table_find_differing (ConvergeRuns *runs);
gboolean converge_runs_table_has_changes (ConvergeRuns *runs);
char *converge_runs_table_make_cell (const char *text,
                                     char separator);

G_END_DECLS
