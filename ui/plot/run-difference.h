/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "train/run-spec.h"

G_BEGIN_DECLS

char *converge_run_text_difference (const AgRunSpec *spec,
                                    const AgRunSpec *other);

G_END_DECLS
