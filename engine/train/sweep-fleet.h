/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "train/sweep-run.h"

G_BEGIN_DECLS

gboolean ag_sweep_make_fleet (AgSweepWorker *worker,
                              GArray *numbers,
                              gboolean *is_made,
                              GError **error);

G_END_DECLS
