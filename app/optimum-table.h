/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "train/optimum.h"

G_BEGIN_DECLS

char *converge_optimum_table (const AgRunSpec *spec,
                              const AgOptimum *optimum);

G_END_DECLS
