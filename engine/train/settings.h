/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "train/run.h"
#include "train/snapshot.h"

G_BEGIN_DECLS

gboolean ag_settings_write (const char *path,
                            const AgRun *run,
                            const AgSnapshot *snapshot,
                            GError **error);

G_END_DECLS
