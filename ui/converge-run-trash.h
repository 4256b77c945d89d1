/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "converge-runs.h"

G_BEGIN_DECLS

/**
 * ConvergeRunTrash:
 *
 * Runs that were deleted from a list and can come back as they were.
 */
typedef struct _ConvergeRunTrash ConvergeRunTrash;

ConvergeRunTrash *converge_run_trash_new (void);
void converge_run_trash_free (ConvergeRunTrash *trash);
void converge_run_trash_delete (ConvergeRunTrash *trash,
                                ConvergeRuns *runs,
                                ConvergeRun *run);
gboolean converge_run_trash_undo (ConvergeRunTrash *trash,
                                  ConvergeRuns *runs);
void converge_run_trash_empty (ConvergeRunTrash *trash);
guint converge_run_trash_n (const ConvergeRunTrash *trash);
ConvergeRun *converge_run_trash_first (const ConvergeRunTrash *trash);

G_END_DECLS
