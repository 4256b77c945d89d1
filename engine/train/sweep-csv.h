/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "train/sweep.h"
#include "train/transaction.h"

G_BEGIN_DECLS

void ag_csv_print_sweep (FILE *stream,
                         AgSweep *sweep);
gboolean ag_csv_write_sweep (AgTransaction *transaction,
                             const char *path,
                             AgSweep *sweep,
                             GError **error);

G_END_DECLS
