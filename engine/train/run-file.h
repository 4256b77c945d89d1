/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/json.h"
#include "train/optimum.h"
#include "train/rates.h"
#include "train/run-spec.h"
#include "train/snapshot.h"
#include "train/transaction.h"

G_BEGIN_DECLS

/* The member that tells a file's points from others. */
#define AG_RUN_FILE_DIGEST "data_digest"

char *ag_run_file_beside (const char *path);
gboolean ag_run_file_write (AgTransaction *transaction,
                            const char *path,
                            const AgRunSpec *spec,
                            const AgSnapshot *snapshot,
                            const AgRates *rates,
                            const AgOptimum *optimum,
                            GError **error);

void ag_run_file_add_settings (AgJson *object,
                               const AgRunSpec *spec);
const char *ag_run_file_state_name (AgTrainerState state);
gboolean ag_run_file_find_state (const char *name,
                                 AgTrainerState *state);
gboolean ag_run_file_apply_settings (const char *path,
                                     GHashTable *settings,
                                     AgRunSpec *spec,
                                     GError **error);

AgRates *ag_run_file_read_changes (const char *path,
                                   GError **error);
char *ag_run_file_compare_data (const char *path,
                                const AgRunSpec *spec);
gboolean ag_run_file_read (const char *path,
                           AgRunSpec *spec,
                           GError **error);

G_END_DECLS
