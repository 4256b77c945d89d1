/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "train/history.h"

G_BEGIN_DECLS

/**
 * ConvergeLog:
 *
 * The lines of a run, as the tutorial prints them: a step and its loss each.
 */
typedef struct _ConvergeLog ConvergeLog;

ConvergeLog *converge_log_new (AgHistory *history,
                               gint64 every,
                               int fd);
void converge_log_free (ConvergeLog *log);
gboolean converge_log_collect (ConvergeLog *log,
                               gboolean is_final);
void converge_log_add (ConvergeLog *log,
                       const char *line);
gboolean converge_log_write (ConvergeLog *log);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ConvergeLog, converge_log_free)

G_END_DECLS
