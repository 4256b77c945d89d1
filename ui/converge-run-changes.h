/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "train/run.h"

G_BEGIN_DECLS

/* How two runs differ: whether a plot can be of both, and whether one can become
 * the other under way. */

gboolean converge_run_has_same_data (const AgRun *a,
                                     const AgRun *b);
gboolean converge_run_has_same_start (const AgRun *a,
                                      const AgRun *b);
gboolean converge_run_can_become (const AgRun *run,
                                  const AgRun *wanted);

G_END_DECLS
