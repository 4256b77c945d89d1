/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "train/scale.h"

G_BEGIN_DECLS

char *converge_optimum_table (const AgRunSpec *spec,
                              const AgData *data,
                              const AgOptimum *optimum);

G_END_DECLS
