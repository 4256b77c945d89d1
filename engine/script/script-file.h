/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "train/rates.h"
#include "train/run-spec.h"
#include "train/transaction.h"

G_BEGIN_DECLS

gboolean ag_script_file_check_name (const char *path,
                                    GError **error);
gboolean ag_script_file_write (AgTransaction *transaction,
                               const char *path,
                               const AgRunSpec *spec,
                               const AgRates *rates,
                               gint64 log_every,
                               GError **error);

G_END_DECLS
