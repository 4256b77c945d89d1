/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "converge-run.h"

G_BEGIN_DECLS

GArray *converge_run_colors_new (void);
guint converge_run_colors_next (GArray *colors);
void converge_run_colors_take (GArray *colors,
                               ConvergeRun *run);

G_END_DECLS
