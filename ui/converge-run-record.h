/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "converge-run.h"
#include "train/session-file.h"

G_BEGIN_DECLS

/**
 * ConvergeRunRecord:
 *
 * What there is to be written of a run, as it is now: another thread can do that while the run
 * goes on.
 */
typedef struct _ConvergeRunRecord ConvergeRunRecord;

ConvergeRunRecord *converge_run_record_new (ConvergeRun *run);
void converge_run_record_free (ConvergeRunRecord *record);
AgSessionRun converge_run_record_describe (const ConvergeRunRecord *record);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ConvergeRunRecord, converge_run_record_free)

G_END_DECLS
