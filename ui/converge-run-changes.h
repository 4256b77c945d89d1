/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "train/run-spec.h"

G_BEGIN_DECLS

/* How two runs differ: whether a plot can be of both, and whether one can become
 * the other under way. */

gboolean converge_run_has_same_data (const AgRunSpec *a,
                                     const AgRunSpec *b);
gboolean converge_run_has_same_start (const AgRunSpec *a,
                                      const AgRunSpec *b);

G_END_DECLS
