/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "train/run-spec.h"
#include "train/snapshot.h"

G_BEGIN_DECLS

/**
 * ConvergeProgress:
 *
 * The last line of a terminal, on which a run's progress is shown.
 */
typedef struct _ConvergeProgress ConvergeProgress;

ConvergeProgress *converge_progress_new (const AgRunSpec *spec,
                                         int fd);
void converge_progress_free (ConvergeProgress *progress);
void converge_progress_draw (ConvergeProgress *progress,
                             const AgSnapshot *snapshot);
void converge_progress_draw_share (ConvergeProgress *progress,
                                   const char *text,
                                   double share);
void converge_progress_draw_preparation (ConvergeProgress *progress,
                                         double share);
void converge_progress_erase (ConvergeProgress *progress);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ConvergeProgress, converge_progress_free)

G_END_DECLS
