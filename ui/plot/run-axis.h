/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "train/run-spec.h"

G_BEGIN_DECLS

double converge_run_axis_end (const AgRunSpec *spec,
                              gint64 n_steps);

G_END_DECLS
