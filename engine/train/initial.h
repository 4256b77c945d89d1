/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "train/run.h"

G_BEGIN_DECLS

gboolean ag_run_start (const AgRun *run,
                       AgProgram *program,
                       double *coefficients,
                       GError **error);
gboolean ag_run_initial (const AgRun *run,
                         double *coefficients,
                         GError **error);

G_END_DECLS
